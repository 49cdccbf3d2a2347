//! Cities, cuisines, and what a search found.

use backend::{Backend, Found};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::availability::Start;
use domain::form::{Search, SearchForm, Sort, dinner, parse_date, parse_time};
use domain::party::PartySize;

use super::{art, dear, favorite, query, review, sitting, wider};
use crate::api::{Card, Choice, City, Link, Places, Results, SearchAsk};
use crate::error::UiError;
use crate::format;

/// How long before dinner one stops looking for tonight.
const LEAD: TimeDelta = TimeDelta::minutes(75);

/// Where there are venues, and what they cook.
pub fn places(places: &backend::Places, languages: &str, now: DateTime<Utc>) -> Places {
    let cities = places.cities.iter().map(|city| City {
        name: city.name.clone(),
        venues: format::count(city.venues, "restaurant", "restaurants"),
        href: format!("/search{}", query(&[("city", &city.name)])),
    });
    let cuisines = places
        .cuisines
        .iter()
        .map(|found| Choice { value: found.cuisine.word().to_owned(), label: found.cuisine.label().to_owned() });
    let mut cuisines: Vec<Choice> = cuisines.collect();
    cuisines.sort_by(|a, b| a.label.cmp(&b.label));
    Places {
        cities: cities.collect(),
        cuisines,
        title: format::capital(&cities_in_words(places.cities.len())),
        home: home_city(places, languages, now),
    }
}

fn cities_in_words(cities: usize) -> String {
    if cities == 1 { "one city".to_owned() } else { format!("{} cities", format::number(cities)) }
}

/// What a search found, with what was not said filled in.
pub async fn results(backend: &Backend, ask: SearchAsk) -> Result<Results, UiError> {
    let places = backend.places().await?;
    let now = backend.now();
    let ask = settle(ask, &places, now);
    let search = understand(&ask)?;
    let page = backend.search(&search).await?;
    let party: PartySize =
        ask.party.parse().map_err(|complaint| domain::field::FieldErrors::one("/party", &complaint))?;
    let date = parse_date(&ask.date).unwrap_or_default();
    let time = parse_time(&ask.time).unwrap_or_else(|_| dinner());
    let today = zone_of(&ask.city, &places).service_date(now, format::ROLLOVER);
    let kept = favorite::kept(backend, page.items.iter().map(|found| &found.card.slug)).await?;
    let cards: Vec<Card> = page.items.iter().map(|found| card(found, &ask, date, kept.of(&found.card.slug))).collect();
    let is_last = page.next_cursor.is_none();
    let none_free = cards.iter().all(|card| card.times.is_empty()) && speaks_for_all(&search, is_last);
    let next = page.next_cursor.map(|cursor| SearchAsk { cursor, ..ask.clone() }.href()).unwrap_or_default();
    Ok(Results {
        title: title(&ask, page.items.len(), next.is_empty()),
        place: ask.city.clone(),
        when: format::when(date, time, today),
        lead: format!("{}, around {}, for {}", format::day(date), ask.time, format::number(party.get().into())),
        first_day: today.to_string(),
        sign: page.items.first().map_or("€", |found| format::one_sign(&found.card.currency)).to_owned(),
        instead: if none_free { wider::searches(backend, &ask, date).await? } else { Vec::new() },
        none_free,
        cards,
        next,
        ask,
    })
}

/// Whether what is free on this page is all that is free: the only page, or the first where free times come first.
fn speaks_for_all(search: &Search, is_last: bool) -> bool {
    search.cursor.is_none() && (is_last || search.sort == Sort::Best)
}

impl SearchAsk {
    /// The address of this search.
    pub(crate) fn href(&self) -> String {
        let pairs = [
            ("q", self.q.as_str()),
            ("city", &self.city),
            ("cuisine", &self.cuisine),
            ("price", &self.price),
            ("date", &self.date),
            ("time", &self.time),
            ("party", &self.party),
            ("sort", &self.sort),
            ("cursor", &self.cursor),
        ];
        format!("/search{}", query(&pairs))
    }
}

/// Fills in what was not said: words that are a city's name mean that city, the party is two, the day is tonight while it still can be.
fn settle(mut ask: SearchAsk, places: &backend::Places, now: DateTime<Utc>) -> SearchAsk {
    let words = ask.q.trim().to_lowercase();
    if let Some(city) = places.cities.iter().find(|city| city.name.to_lowercase() == words) {
        ask.city.clone_from(&city.name);
        ask.q.clear();
    }
    if ask.party.trim().is_empty() {
        "2".clone_into(&mut ask.party);
    }
    let local = zone_of(&ask.city, places).show(now);
    let (date, time) = next_dinner(local.0.naive_local());
    if ask.time.trim().is_empty() {
        let time = if ask.date.is_empty() || ask.date == date.to_string() { time } else { dinner() };
        ask.time = time.format("%H:%M").to_string();
    }
    if ask.date.trim().is_empty() {
        ask.date = date.to_string();
    }
    ask
}

/// Tonight at half past seven; later, the next half hour that can still be had; late at night, tomorrow.
fn next_dinner(local: chrono::NaiveDateTime) -> (NaiveDate, NaiveTime) {
    let soon = local + LEAD;
    let latest = dinner() + TimeDelta::minutes(150);
    if soon.date() == local.date() && soon.time() <= dinner() {
        (local.date(), dinner())
    } else if soon.date() == local.date() && soon.time() <= latest {
        let past = soon.time().signed_duration_since(dinner()).num_minutes();
        (local.date(), dinner() + TimeDelta::minutes((past + 29) / 30 * 30))
    } else {
        (local.date() + Days::new(1), dinner())
    }
}

/// The clock of a city, or of the city with most venues.
fn zone_of(city: &str, places: &backend::Places) -> domain::time::Zone {
    let found = places.cities.iter().find(|place| place.name == city).or(places.cities.first());
    found.and_then(|place| place.timezone.parse().ok()).unwrap_or(domain::time::Zone::UTC)
}

pub(super) fn understand(ask: &SearchAsk) -> Result<Search, UiError> {
    let said = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let form = SearchForm {
        q: said(&ask.q),
        city: said(&ask.city),
        cuisine: said(&ask.cuisine),
        price: said(&ask.price),
        date: said(&ask.date),
        time: said(&ask.time),
        party: said(&ask.party),
        sort: said(&ask.sort),
        cursor: said(&ask.cursor),
        limit: Some(PAGE.to_string()),
        ..SearchForm::default()
    };
    Ok(form.try_into()?)
}

/// Venues on one page: full rows in two, three and four columns.
const PAGE: u8 = 12;

fn title(ask: &SearchAsk, found: usize, is_all: bool) -> String {
    let place = if ask.city.is_empty() { String::new() } else { format!(" in {}", ask.city) };
    if is_all && ask.cursor.is_empty() {
        format!("{}{place}", format::capital(&format::count(found, "restaurant", "restaurants")))
    } else {
        format!("Restaurants{place}")
    }
}

pub(super) fn card(found: &Found, ask: &SearchAsk, date: NaiveDate, kept: Option<bool>) -> Card {
    let card = &found.card;
    let date = date.to_string();
    let page = |time: &str| {
        format!("/venues/{}{}", card.slug, query(&[("date", &date), ("party", &ask.party), ("time", time)]))
    };
    let times = few(found.starts.as_deref().unwrap_or_default(), &ask.time).into_iter().map(|start| {
        let sitting = sitting(start);
        (Link { href: format!("{}#book", page(&sitting.clock)), text: sitting.clock.clone() }, sitting)
    });
    Card {
        href: page(""),
        slug: card.slug.to_string(),
        name: card.name.clone(),
        kept,
        cuisine: card.cuisines.first().map(|cuisine| cuisine.label().to_owned()).unwrap_or_default(),
        price: dear(card),
        place: if ask.city.is_empty() {
            format!("{}, {}", card.neighbourhood, card.city)
        } else {
            card.neighbourhood.clone()
        },
        art: art(card),
        rating: card.rating.map(review::rated),
        times: times.collect(),
        about: found.reason.map(|reason| reason.label().to_owned()).unwrap_or_default(),
    }
}

/// As many times as fit into one row: those nearest to the one that is wanted.
fn few<'s>(starts: &'s [Start], clock: &str) -> Vec<&'s Start> {
    let minute = |clock: &str| format::minute_of_evening(clock, format::ROLLOVER).unwrap_or(0);
    let mut few: Vec<&Start> = starts.iter().collect();
    few.sort_by_key(|start| minute(&start.local).abs_diff(minute(clock)));
    few.truncate(4);
    few.sort_by_key(|start| start.start);
    few
}

/// The city to greet a visitor with: one of their country, or else one where dinner is still ahead today, or else the largest.
fn home_city(places: &backend::Places, languages: &str, now: DateTime<Utc>) -> String {
    let countries = languages
        .split([',', ';'])
        .filter_map(|tag| tag.trim().rsplit_once('-'))
        .map(|(_, country)| country.to_uppercase());
    let mut countries = countries;
    let at_home = countries.find_map(|country| places.cities.iter().find(|city| city.country == country));
    let dinner_ahead = || {
        places.cities.iter().find(|city| {
            let clock = zone_of(&city.name, places).show(now).0.time();
            clock <= dinner() - LEAD && clock >= NaiveTime::MIN + TimeDelta::hours(8)
        })
    };
    at_home.or_else(dinner_ahead).or(places.cities.first()).map(|city| city.name.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> backend::Places {
        let city = |name: &str, country: &str, timezone: &str| backend::City {
            name: name.to_owned(),
            country: country.to_owned(),
            timezone: timezone.to_owned(),
            venues: 4,
        };
        backend::Places {
            cities: vec![
                city("Lisbon", "PT", "Europe/Lisbon"),
                city("Tokyo", "JP", "Asia/Tokyo"),
                city("New York", "US", "America/New_York"),
            ],
            cuisines: Vec::new(),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn tonight_is_tonight_while_it_can_be() {
        let dinner_at = |text: &str| {
            let (date, time) = next_dinner(text.parse().unwrap());
            format!("{date} {}", time.format("%H:%M"))
        };
        assert_eq!(dinner_at("2026-11-21T09:00:00"), "2026-11-21 19:30");
        assert_eq!(dinner_at("2026-11-21T18:20:00"), "2026-11-21 20:00");
        assert_eq!(dinner_at("2026-11-21T20:45:00"), "2026-11-21 22:00");
        assert_eq!(dinner_at("2026-11-21T21:00:00"), "2026-11-22 19:30");
        assert_eq!(dinner_at("2026-11-21T23:30:00"), "2026-11-22 19:30");
    }

    #[test]
    fn a_citys_name_is_that_city() {
        let ask = settle(
            SearchAsk { q: " new york ".to_owned(), ..SearchAsk::default() },
            &all(),
            at("2026-11-21T15:00:00Z"),
        );
        assert_eq!((ask.city.as_str(), ask.q.as_str(), ask.party.as_str()), ("New York", "", "2"));
        assert_eq!((ask.date.as_str(), ask.time.as_str()), ("2026-11-21", "19:30"));
        let ask =
            settle(SearchAsk { q: "sushi".to_owned(), ..SearchAsk::default() }, &all(), at("2026-11-21T15:00:00Z"));
        assert_eq!((ask.city.as_str(), ask.q.as_str()), ("", "sushi"));
    }

    #[test]
    fn a_later_page_does_not_speak_for_the_first() {
        let first = Search::default();
        assert!(speaks_for_all(&first, false) && speaks_for_all(&first, true));
        let later = Search { cursor: Some("taberna-do-rio".parse().unwrap()), ..Search::default() };
        assert!(!speaks_for_all(&later, true));
        let by_name = Search { sort: Sort::Name, ..Search::default() };
        assert!(!speaks_for_all(&by_name, false) && speaks_for_all(&by_name, true));
    }

    #[test]
    fn visitors_are_greeted_at_home() {
        let morning = at("2026-11-21T10:00:00Z");
        assert_eq!(home_city(&all(), "ja-JP,ja;q=0.9", morning), "Tokyo");
        assert_eq!(home_city(&all(), "de", morning), "Lisbon");
        assert_eq!(home_city(&all(), "", at("2026-11-21T21:00:00Z")), "New York");
        assert_eq!(home_city(&backend::Places { cities: Vec::new(), cuisines: Vec::new() }, "", morning), "");
    }

    #[test]
    fn a_search_has_an_address() {
        let ask = SearchAsk { city: "New York".to_owned(), party: "2".to_owned(), ..SearchAsk::default() };
        assert_eq!(ask.href(), "/search?city=New+York&party=2");
    }
}
