//! Turns what the backend knows into what pages show.

mod booking;
mod day;
mod diary;
mod favorite;
mod hours;
mod json_ld;
mod review;
mod search;
mod venue;
mod wider;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::availability::{Reason, Start, StartState};
use domain::floor::{Area, Need};
use domain::form::parse_time;
use domain::id::AreaId;
use domain::time::Zone;
use domain::venue::{Card, Cuisine, Profile};

pub use booking::{book_path, booking, done, hold, time};
pub use day::{change_day, day, nearest};
pub use diary::{Visit, visits};
pub use favorite::favorites;
pub use review::{Desk, desk, reviews};
pub use search::{places, results};
pub use venue::venue;

use crate::api::{Art, Choice, Dear, Sitting, State};
use crate::format;

/// When a day begins at a venue.
fn rollover(profile: &Profile) -> NaiveTime {
    parse_time(&profile.day_rollover).unwrap_or(format::ROLLOVER)
}

/// The service date it is now at a venue.
fn today(profile: &Profile, now: DateTime<Utc>) -> NaiveDate {
    zone(&profile.card).service_date(now, rollover(profile))
}

/// One start, as a button says it.
pub fn sitting(start: &Start) -> Sitting {
    let date = start.date;
    let (state, note) = match (start.state, start.reason) {
        (StartState::Open, _) if date != start.start.date() => (State::Open, "after midnight"),
        (StartState::Open, _) => (State::Open, ""),
        (StartState::Request, _) => (State::Request, "on request"),
        (StartState::Full, Some(Reason::Held)) => (State::Held, "being held"),
        (StartState::Full, reason) => (State::Full, reason.map_or("taken", briefly)),
    };
    Sitting {
        start: start.start.0.to_rfc3339(),
        date: date.to_string(),
        day: format::day(date),
        clock: start.local.clone(),
        state,
        note: note.to_owned(),
    }
}

/// As [`sitting`], saying where when only one area of several has it.
fn sitting_in(start: &Start, areas: &[Area]) -> Sitting {
    let mut sitting = sitting(start);
    if let [only] = start.areas.as_slice()
        && areas.len() > 1
        && sitting.note.is_empty()
    {
        sitting.note = area_name(areas, Some(*only));
    }
    sitting
}

/// A reason in two words, below the time it is about.
const fn briefly(reason: Reason) -> &'static str {
    match reason {
        Reason::Closed => "closed",
        Reason::TooSoon | Reason::PastLastSeating => "too late",
        Reason::TooFar => "not yet",
        Reason::PartySize => "too many",
        Reason::Needs => "not suited",
        Reason::NoTable => "taken",
        Reason::Pacing => "kitchen full",
        Reason::Held => "being held",
        Reason::Access => "by phone",
    }
}

fn art(card: &Card) -> Art {
    let cuisine = card.cuisines.first().copied().unwrap_or(Cuisine::Bistro);
    Art { seed: card.art_seed.cast_unsigned(), cuisine: cuisine.word().to_owned() }
}

fn dear(card: &Card) -> Dear {
    let (on, off) = format::dear(card.price, &card.currency);
    Dear { label: format!("Price {} of 4", card.price), on, off }
}

fn cuisines(card: &Card) -> String {
    card.cuisines.iter().map(|cuisine| cuisine.label()).collect::<Vec<_>>().join(", ")
}

/// A venue's clock; the zone of a venue in memory has been read before.
fn zone(card: &Card) -> Zone {
    card.timezone.parse().unwrap_or(Zone::UTC)
}

fn area_name(areas: &[Area], id: Option<AreaId>) -> String {
    areas.iter().find(|area| Some(area.id) == id).map(|area| area.name.clone()).unwrap_or_default()
}

/// The areas to choose from, none when there is nothing to choose.
fn area_choices(areas: &[Area]) -> Vec<Choice> {
    if areas.len() < 2 {
        return Vec::new();
    }
    areas.iter().map(|area| Choice { value: area.id.to_string(), label: area.name.clone() }).collect()
}

/// The needs that decide which table it can be; the others are met by people.
pub const NEEDS_OF_TABLES: [Need; 2] = [Need::StepFree, Need::WheelchairSpace];

/// A query string of what is not empty, with its question mark.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

#[cfg(test)]
mod tests {
    use domain::availability::{Reason, Start, StartState};
    use domain::time::LocalInstant;
    use domain::venue::{Card, Cuisine, Weekday};

    use super::*;

    /// A tavern in Lisbon without hours.
    pub fn profile() -> Profile {
        let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        Profile {
            card: Card {
                slug: "taberna-do-rio".parse().unwrap(),
                name: "Taberna do Rio".to_owned(),
                tagline: "Fish from the morning boat".to_owned(),
                cuisines: vec![Cuisine::Seafood, Cuisine::Portuguese],
                price: 2,
                neighbourhood: "Cais do Sodré".to_owned(),
                city: "Lisbon".to_owned(),
                country: "PT".to_owned(),
                currency: "EUR".to_owned(),
                timezone: "Europe/Lisbon".to_owned(),
                lat: 38.7066,
                lon: -9.1459,
                art_seed: -7,
                rating: None,
            },
            description: String::new(),
            street: "Rua da Ribeira Nova 44".to_owned(),
            phone: None,
            email: None,
            website: None,
            accessibility: Vec::new(),
            areas: Vec::new(),
            hours: days.map(|day| Weekday { day: day.to_owned(), services: Vec::new() }).into(),
            special_days: Vec::new(),
            menu: Vec::new(),
            policies: Vec::new(),
            day_rollover: "04:00".to_owned(),
            horizon_days: 90,
            min_notice_minutes: 60,
            largest_instant_party: 8,
        }
    }

    /// A start at this instant.
    pub fn start(at: &str, state: StartState, reason: Option<Reason>) -> Start {
        let at = LocalInstant(at.parse().unwrap());
        let date = Zone::UTC.service_date(at.utc(), format::ROLLOVER);
        Start { start: at, date, local: at.clock(), service: String::new(), state, reason, areas: Vec::new() }
    }

    #[test]
    fn a_time_says_why_it_is_gone() {
        let shown = sitting(&start("2026-11-22T19:00:00+00:00", StartState::Full, Some(Reason::Pacing)));
        assert_eq!((shown.state, shown.note.as_str(), shown.clock.as_str()), (State::Full, "kitchen full", "19:00"));
        let shown = sitting(&start("2026-11-22T19:00:00+00:00", StartState::Full, Some(Reason::Held)));
        assert_eq!(shown.state, State::Held);
        let shown = sitting(&start("2026-11-22T19:00:00+00:00", StartState::Request, None));
        assert_eq!((shown.state, shown.note.as_str()), (State::Request, "on request"));
    }

    #[test]
    fn after_midnight_belongs_to_the_evening_before() {
        let shown = sitting(&start("2026-11-22T00:30:00+00:00", StartState::Open, None));
        assert_eq!((shown.date.as_str(), shown.note.as_str()), ("2026-11-21", "after midnight"));
        assert_eq!(shown.day, "Saturday 21 November");
    }

    #[test]
    fn queries_say_only_what_is_wished() {
        assert_eq!(query(&[("city", "New York"), ("q", ""), ("party", "2")]), "?city=New+York&party=2");
        assert_eq!(query(&[("q", "")]), "");
    }
}
