//! Dates, times, prices and policies in words, made on the server so that both sides show the same text.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use domain::time::{LocalInstant, Zone};

/// When an evening ends and the next day begins, where no venue says: times before it belong to the night before.
pub const ROLLOVER: NaiveTime = match NaiveTime::from_hms_opt(4, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// "Sunday 22 November".
pub fn day(date: NaiveDate) -> String {
    date.format("%A %-d %B").to_string()
}

/// "Sunday 22 November 2026".
pub fn day_and_year(date: NaiveDate) -> String {
    date.format("%A %-d %B %Y").to_string()
}

/// "Sunday".
pub fn weekday(date: NaiveDate) -> String {
    date.format("%A").to_string()
}

/// `Sun`, `22` and `Nov`.
pub fn short_day(date: NaiveDate) -> (String, String, String) {
    (date.format("%a").to_string(), date.format("%-d").to_string(), date.format("%b").to_string())
}

/// "Saturday 21 November, 19:30".
pub fn day_and_clock(at: LocalInstant) -> String {
    format!("{}, {}", day(at.date()), at.clock())
}

/// "tonight", "today", "tomorrow" or "on Sunday 22 November".
pub fn when(date: NaiveDate, time: NaiveTime, today: NaiveDate) -> String {
    if date == today {
        if time.hour() >= 17 || time < ROLLOVER { "tonight" } else { "today" }.to_owned()
    } else if Some(date) == today.checked_add_days(Days::new(1)) {
        "tomorrow".to_owned()
    } else {
        format!("on {}", day(date))
    }
}

/// Minutes since the rollover, so that times after midnight come after the evening's.
pub fn minute_of_evening(clock: &str, rollover: NaiveTime) -> Option<u32> {
    let time = NaiveTime::parse_from_str(clock, "%H:%M").ok()?;
    u32::try_from((time - rollover).num_minutes().rem_euclid(24 * 60)).ok()
}

/// "two", "twelve", "13".
pub fn number(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// "1 restaurant", "4 restaurants".
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

/// The same words with a capital at the front.
pub fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// The same words with a small letter at the front, to stand inside a sentence.
pub fn decapital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_lowercase().chain(rest).collect()).unwrap_or_default()
}

/// "a, b and c".
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// "45 minutes", "2 hours", "3 days", rounded down to what people say.
pub fn duration(minutes: u32) -> String {
    match minutes {
        ..=119 if minutes != 60 => count(minutes as usize, "minute", "minutes"),
        ..=2879 => {
            let hours = count((minutes / 60) as usize, "hour", "hours");
            if minutes.is_multiple_of(60) {
                hours
            } else {
                format!("{hours} {}", count((minutes % 60) as usize, "minute", "minutes"))
            }
        }
        _ => count((minutes / 1440) as usize, "day", "days"),
    }
}

/// The sign of a currency, or its code and a space.
fn sign(currency: &str) -> &str {
    match currency {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" | "CNY" => "¥",
        "MXN" => "MX$",
        "AUD" => "A$",
        "CAD" => "CA$",
        "BRL" => "R$",
        "INR" => "₹",
        "KRW" => "₩",
        "THB" => "฿",
        "PEN" => "S/",
        "CHF" => "CHF ",
        "DKK" | "NOK" | "SEK" => "kr ",
        other => other,
    }
}

/// How many digits a currency has after the point (ISO 4217).
const fn digits(currency: &str) -> u32 {
    match currency.as_bytes() {
        b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" => 0,
        _ => 2,
    }
}

/// "€9", "£12.50", "¥1,200".
pub fn price(minor: i32, currency: &str) -> String {
    let unit = 10_u32.pow(digits(currency));
    let amount = minor.unsigned_abs();
    let (whole, rest) = (amount / unit, amount % unit);
    let sign = sign(currency);
    let space = if sign == currency { " " } else { "" };
    let minus = if minor < 0 { "-" } else { "" };
    let cents = if rest == 0 { String::new() } else { format!(".{rest:02}") };
    format!("{minus}{sign}{space}{}{cents}", thousands(whole))
}

fn thousands(whole: u32) -> String {
    let digits = whole.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Four signs of the currency: those that count, and the rest.
pub fn dear(price: u8, currency: &str) -> (String, String) {
    let on = usize::from(price.clamp(1, 4));
    (one_sign(currency).repeat(on), one_sign(currency).repeat(4 - on))
}

/// One letter that stands for a currency.
pub fn one_sign(currency: &str) -> &'static str {
    match currency {
        "EUR" => "€",
        "GBP" => "£",
        "JPY" | "CNY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        "THB" => "฿",
        _ => "$",
    }
}

/// When cancelling stops being free.
pub fn free_until(start: LocalInstant, minutes: u32, zone: Zone) -> LocalInstant {
    zone.show(start.utc() - TimeDelta::minutes(minutes.into()))
}

/// "Free until Saturday 21 November, 19:30", or that this time is over.
pub fn cancelling(start: LocalInstant, minutes: u32, zone: Zone, now: DateTime<Utc>) -> String {
    let until = free_until(start, minutes, zone);
    if minutes == 0 {
        "Free until you sit down".to_owned()
    } else if until.utc() > now {
        format!("Free until {}", day_and_clock(until))
    } else {
        format!("It was free until {}; please still tell them", day_and_clock(until))
    }
}

/// The terms in general: "Free until 24 hours before".
pub fn cancelling_rule(minutes: u32) -> String {
    if minutes == 0 { "Free until you sit down".to_owned() } else { format!("Free until {} before", hours(minutes)) }
}

/// As [`duration`], but up to two days in hours, as terms are usually put.
fn hours(minutes: u32) -> String {
    if minutes == 1440 { "24 hours".to_owned() } else { duration(minutes) }
}

/// "Inês" of "Inês Duarte".
pub fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// Text as it must be written inside a title or a textarea, whose content Leptos 0.8 does not escape itself.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> LocalInstant {
        LocalInstant(text.parse().unwrap())
    }

    fn lisbon() -> Zone {
        "Europe/Lisbon".parse().unwrap()
    }

    #[test]
    fn dates_read_like_speech() {
        assert_eq!(day(date("2026-11-22")), "Sunday 22 November");
        assert_eq!(day_and_year(date("2027-01-03")), "Sunday 3 January 2027");
        assert_eq!(short_day(date("2026-12-01")), ("Tue".to_owned(), "1".to_owned(), "Dec".to_owned()));
        assert_eq!(day_and_clock(at("2026-11-21T19:30:00+00:00")), "Saturday 21 November, 19:30");
    }

    #[test]
    fn near_days_have_names() {
        let today = date("2026-11-21");
        let half_past_seven = NaiveTime::from_hms_opt(19, 30, 0).unwrap();
        assert_eq!(when(today, half_past_seven, today), "tonight");
        assert_eq!(when(today, NaiveTime::from_hms_opt(12, 0, 0).unwrap(), today), "today");
        assert_eq!(when(today, NaiveTime::from_hms_opt(0, 30, 0).unwrap(), today), "tonight");
        assert_eq!(when(date("2026-11-22"), half_past_seven, today), "tomorrow");
        assert_eq!(when(date("2026-11-24"), half_past_seven, today), "on Tuesday 24 November");
    }

    #[test]
    fn after_midnight_is_still_the_evening_before() {
        assert!(minute_of_evening("00:30", ROLLOVER) > minute_of_evening("23:45", ROLLOVER));
        assert_eq!(minute_of_evening("04:00", ROLLOVER), Some(0));
        assert_eq!(minute_of_evening("soon", ROLLOVER), None);
    }

    #[test]
    fn numbers_are_words_up_to_twelve() {
        assert_eq!(number(2), "two");
        assert_eq!(number(12), "twelve");
        assert_eq!(number(13), "13");
        assert_eq!(count(1, "restaurant", "restaurants"), "1 restaurant");
        assert_eq!(count(4, "restaurant", "restaurants"), "4 restaurants");
        assert_eq!(capital("eight cities"), "Eight cities");
        assert_eq!(capital("über"), "Über");
        assert_eq!(decapital("Free until then"), "free until then");
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }

    #[test]
    fn durations_are_what_people_say() {
        assert_eq!(duration(15), "15 minutes");
        assert_eq!(duration(60), "1 hour");
        assert_eq!(duration(90), "90 minutes");
        assert_eq!(duration(120), "2 hours");
        assert_eq!(duration(135), "2 hours 15 minutes");
        assert_eq!(duration(2880), "2 days");
        assert_eq!(cancelling_rule(1440), "Free until 24 hours before");
        assert_eq!(cancelling_rule(0), "Free until you sit down");
    }

    #[test]
    fn prices_follow_their_currency() {
        assert_eq!(price(900, "EUR"), "€9");
        assert_eq!(price(1250, "GBP"), "£12.50");
        assert_eq!(price(1200, "JPY"), "¥1,200");
        assert_eq!(price(1_234_567, "USD"), "$12,345.67");
        assert_eq!(price(18_000, "MXN"), "MX$180");
        assert_eq!(price(2_800, "AUD"), "A$28");
        assert_eq!(price(45_000, "INR"), "₹450");
        assert_eq!(price(1_250, "XAF"), "XAF 12.50");
        assert_eq!(price(12_050, "SEK"), "kr 120.50");
        assert_eq!(price(-250, "EUR"), "-€2.50");
    }

    #[test]
    fn dearness_is_four_signs() {
        assert_eq!(dear(2, "EUR"), ("€€".to_owned(), "€€".to_owned()));
        assert_eq!(dear(4, "JPY"), ("¥¥¥¥".to_owned(), String::new()));
        assert_eq!(dear(9, "MXN").0, "$$$$");
    }

    #[test]
    fn cancelling_names_the_hour_it_ends() {
        let start = at("2026-11-22T19:30:00+00:00");
        let now = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            cancelling(start, 1440, lisbon(), now("2026-11-21T12:00:00Z")),
            "Free until Saturday 21 November, 19:30"
        );
        assert!(
            cancelling(start, 1440, lisbon(), now("2026-11-22T12:00:00Z")).starts_with("It was free until Saturday")
        );
        assert_eq!(cancelling(start, 0, lisbon(), now("2026-11-22T12:00:00Z")), "Free until you sit down");
    }

    #[test]
    fn free_cancelling_keeps_its_hours_when_clocks_change() {
        // Lisbon's clock goes forward in the night to 28 March 2027: 24 hours before 19:30 is 18:30.
        let until = free_until(at("2027-03-28T19:30:00+01:00"), 1440, lisbon());
        assert_eq!(until.clock(), "18:30");
        assert_eq!(until.date(), date("2027-03-27"));
    }

    #[test]
    fn first_names_are_the_first_word() {
        assert_eq!(first_name("Inês Duarte"), "Inês");
        assert_eq!(first_name(""), "");
    }
}
