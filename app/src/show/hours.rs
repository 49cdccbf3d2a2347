//! A venue's hours in words.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::venue::{Profile, ServiceHours};

use crate::api::HoursRow;
use crate::format;

/// The week, with today marked.
pub fn week(profile: &Profile, today: NaiveDate) -> Vec<HoursRow> {
    let today = today.weekday().num_days_from_monday() as usize;
    let row = |(number, day): (usize, &domain::venue::Weekday)| HoursRow {
        day: day.day.clone(),
        spans: day.services.iter().map(span).collect(),
        note: String::new(),
        today: number == today,
    };
    profile.hours.iter().enumerate().map(row).collect()
}

/// The next days that differ from their weekday.
pub fn special(profile: &Profile, today: NaiveDate) -> Vec<HoursRow> {
    let coming = profile.special_days.iter().filter(|special| special.date >= today);
    let row = |special: &domain::venue::Special| HoursRow {
        day: format::day(special.date),
        spans: special.hours.iter().map(span).collect(),
        note: special.note.clone(),
        today: special.date == today,
    };
    coming.take(6).map(row).collect()
}

/// The services of a date, special days considered.
pub fn services(profile: &Profile, date: NaiveDate) -> Vec<ServiceHours> {
    if let Some(special) = profile.special_days.iter().find(|special| special.date == date) {
        return special.hours.iter().cloned().collect();
    }
    let day = profile.hours.get(date.weekday().num_days_from_monday() as usize);
    day.map(|day| day.services.clone()).unwrap_or_default()
}

/// "Open until 00:30", "Opens at 18:30", "Closed today": what a passer-by wants to know.
pub fn now(profile: &Profile, now: DateTime<Utc>) -> String {
    let zone = super::zone(&profile.card);
    let services = services(profile, super::today(profile, now));
    let rollover = super::rollover(profile);
    let minutes = |clock: &str| format::minute_of_evening(clock, rollover).unwrap_or(0);
    let minute = minutes(&zone.show(now).clock());
    let spans = services.iter().map(|service| {
        let (opens, ends) = (minutes(&service.first_seating), minutes(&service.ends));
        // A room that closes at the rollover or after it closes at the end of this evening's clock.
        (opens, if ends <= opens { ends + 24 * 60 } else { ends }, service)
    });
    let mut next: Option<(u32, &str)> = None;
    for (opens, ends, service) in spans {
        if (opens..ends).contains(&minute) {
            return if ends - opens >= 24 * 60 {
                "Open around the clock".to_owned()
            } else {
                format!("Open until {}", service.ends)
            };
        }
        if opens > minute && next.is_none_or(|(first, _)| opens < first) {
            next = Some((opens, &service.first_seating));
        }
    }
    match next {
        Some((_, clock)) => format!("Opens at {clock}"),
        None if services.is_empty() => "Closed today".to_owned(),
        None => "Closed for tonight".to_owned(),
    }
}

fn span(service: &ServiceHours) -> String {
    if service.first_seating == service.ends {
        return "around the clock".to_owned();
    }
    if service.seatings.is_empty() {
        return format!("{} to {}", service.first_seating, service.ends);
    }
    format!("seated at {}", format::list(&service.seatings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(first: &str, ends: &str) -> ServiceHours {
        ServiceHours {
            name: "Dinner".to_owned(),
            first_seating: first.to_owned(),
            last_seating: first.to_owned(),
            ends: ends.to_owned(),
            seatings: Vec::new(),
        }
    }

    fn venue(services: Vec<ServiceHours>) -> Profile {
        let mut profile = super::super::tests::profile();
        for day in &mut profile.hours {
            day.services.clone_from(&services);
        }
        profile
    }

    fn at(clock: &str) -> DateTime<Utc> {
        format!("2026-11-21T{clock}:00Z").parse().unwrap()
    }

    #[test]
    fn a_passer_by_learns_when_it_is_open() {
        let tavern = venue(vec![hours("12:30", "15:00"), hours("18:30", "00:30")]);
        assert_eq!(now(&tavern, at("11:00")), "Opens at 12:30");
        assert_eq!(now(&tavern, at("13:00")), "Open until 15:00");
        assert_eq!(now(&tavern, at("16:00")), "Opens at 18:30");
        assert_eq!(now(&tavern, at("23:59")), "Open until 00:30");
        assert_eq!(now(&tavern, at("01:00")), "Closed for tonight");
        assert_eq!(now(&venue(Vec::new()), at("13:00")), "Closed today");
    }

    #[test]
    fn some_houses_never_close() {
        let diner = venue(vec![hours("04:00", "04:00")]);
        assert_eq!(now(&diner, at("03:00")), "Open around the clock");
        let mut late = venue(vec![hours("06:00", "06:00")]);
        late.day_rollover = "06:00".to_owned();
        assert_eq!(now(&late, at("05:00")), "Open around the clock");
        assert_eq!(week(&diner, at("13:00").date_naive())[0].spans, ["around the clock"]);
    }

    #[test]
    fn today_is_marked_and_special_days_win() {
        let mut profile = venue(vec![hours("18:30", "23:00")]);
        let saturday = at("13:00").date_naive();
        profile.special_days = vec![domain::venue::Special { date: saturday, hours: None, note: "Harvest".to_owned() }];
        assert_eq!(week(&profile, saturday).iter().position(|row| row.today), Some(5));
        assert!(services(&profile, saturday).is_empty());
        assert_eq!(now(&profile, at("19:00")), "Closed today");
        assert_eq!(special(&profile, saturday)[0].note, "Harvest");
    }
}
