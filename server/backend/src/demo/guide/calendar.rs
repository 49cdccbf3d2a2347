//! Days of the week and days that come again, as the guide spells them.

use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Days of the week: `daily`, `tue-sun`, `mon,wed-fri`. Bit 0 is Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week(pub u8);

impl FromStr for Week {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "daily" {
            return Ok(Self(0b111_1111));
        }
        let mut days = 0;
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (mut day, last) = (weekday(first)?, weekday(last)?);
            days |= bit(day);
            while day != last {
                day = day.succ();
                days |= bit(day);
            }
        }
        Ok(Self(days))
    }
}

/// A date that comes again: `12-25`, or `second tue`, or `last mon`.
///
/// Dates hang on the calendar and never on today, so that a day once sold is not closed by the next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recurrence {
    /// Every year on this month and day.
    Yearly(u32, u32),
    /// Every month on its first, second, third .. such day.
    Nth(u8, Weekday),
    /// Every month on its last such day.
    Last(Weekday),
}

impl Recurrence {
    /// Its dates from `first` on, for so many days.
    pub fn dates(self, first: NaiveDate, days: u64) -> impl Iterator<Item = NaiveDate> {
        (0..days)
            .filter_map(move |ahead| first.checked_add_days(Days::new(ahead)))
            .filter(move |date| self.is_on(*date))
    }

    fn is_on(self, date: NaiveDate) -> bool {
        match self {
            Self::Yearly(month, day) => (date.month(), date.day()) == (month, day),
            Self::Nth(nth, weekday) => date.weekday() == weekday && date.day0() / 7 + 1 == u32::from(nth),
            Self::Last(weekday) => date.weekday() == weekday && (date + Days::new(7)).month() != date.month(),
        }
    }
}

impl FromStr for Recurrence {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((nth, day)) = text.split_once(' ') {
            let day = weekday(day)?;
            return match nth {
                "first" => Ok(Self::Nth(1, day)),
                "second" => Ok(Self::Nth(2, day)),
                "third" => Ok(Self::Nth(3, day)),
                "last" => Ok(Self::Last(day)),
                _ => Err(format!("`{nth}` is not first, second, third or last")),
            };
        }
        // 2024 was a leap year and has every date there is.
        match text.split_once('-').map(|(month, day)| (month.parse(), day.parse())) {
            Some((Ok(month), Ok(day))) if NaiveDate::from_ymd_opt(2024, month, day).is_some() => {
                Ok(Self::Yearly(month, day))
            }
            _ => Err(format!("`{text}` is no day such as 12-25 or second tue")),
        }
    }
}

fn weekday(text: &str) -> Result<Weekday, String> {
    match text {
        "mon" => Ok(Weekday::Mon),
        "tue" => Ok(Weekday::Tue),
        "wed" => Ok(Weekday::Wed),
        "thu" => Ok(Weekday::Thu),
        "fri" => Ok(Weekday::Fri),
        "sat" => Ok(Weekday::Sat),
        "sun" => Ok(Weekday::Sun),
        _ => Err(format!("`{text}` is no day of the week such as tue")),
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_read() {
        assert_eq!("daily".parse(), Ok(Week(127)));
        assert_eq!("tue-sun".parse(), Ok(Week(126)));
        assert_eq!("wed-mon".parse(), Ok(Week(0b111_1101)));
        assert_eq!("mon,thu-fri".parse(), Ok(Week(0b001_1001)));
        assert!("tuesday".parse::<Week>().is_err());
    }

    #[test]
    fn days_come_again() {
        let from = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let dates = |text: &str| {
            let recurrence: Recurrence = text.parse().unwrap();
            recurrence.dates(from, 61).map(|date| date.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(dates("second tue"), ["2026-11-10", "2026-12-08"]);
        assert_eq!(dates("first sun"), ["2026-11-01", "2026-12-06"]);
        assert_eq!(dates("last mon"), ["2026-11-30", "2026-12-28"]);
        assert_eq!(dates("12-25"), ["2026-12-25"]);
        for wrong in ["13-01", "02-30", "fifth mon", "second", ""] {
            assert!(wrong.parse::<Recurrence>().is_err(), "{wrong}");
        }
    }
}
