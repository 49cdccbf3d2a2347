//! What to look for instead, when a search finds no free time.

use backend::Backend;
use chrono::{Days, NaiveDate};

use super::search::understand;
use crate::api::{Link, SearchAsk};
use crate::error::UiError;
use crate::format;

/// Wider searches that do find something, at most three.
pub async fn searches(backend: &Backend, ask: &SearchAsk, date: NaiveDate) -> Result<Vec<Link>, UiError> {
    let first = SearchAsk { cursor: String::new(), ..ask.clone() };
    let mut links = Vec::new();
    for (text, ask) in wishes(&first, date) {
        // A day or two later may be past the last year there is.
        let Ok(search) = understand(&ask) else { continue };
        let found = backend.search(&search).await?;
        if found.items.iter().any(|found| found.starts.as_ref().is_some_and(|starts| !starts.is_empty())) {
            links.push(Link { href: ask.href(), text });
        }
        if links.len() == 3 {
            break;
        }
    }
    Ok(links)
}

/// The search with one wish less, or a day or an hour aside.
fn wishes(ask: &SearchAsk, date: NaiveDate) -> Vec<(String, SearchAsk)> {
    let place = if ask.city.is_empty() { "anywhere".to_owned() } else { format!("in {}", ask.city) };
    let mut wishes = Vec::new();
    if !ask.cuisine.is_empty() {
        wishes.push((format!("Any cuisine {place}"), SearchAsk { cuisine: String::new(), ..ask.clone() }));
    }
    if !ask.price.is_empty() {
        wishes.push((format!("Any price {place}"), SearchAsk { price: String::new(), ..ask.clone() }));
    }
    for (ahead, name) in [(1, "The day after"), (2, "Two days later")] {
        let date = date + Days::new(ahead);
        wishes.push((format!("{name}, {}", format::day(date)), SearchAsk { date: date.to_string(), ..ask.clone() }));
    }
    for (time, name) in [("12:30", "At lunch, 12:30"), ("22:00", "Late, 22:00")] {
        wishes.push((name.to_owned(), SearchAsk { time: time.to_owned(), ..ask.clone() }));
    }
    if !ask.q.is_empty() {
        let ask = SearchAsk { q: String::new(), cuisine: String::new(), price: String::new(), ..ask.clone() };
        wishes.push((format!("Every restaurant {place}"), ask));
    }
    if !ask.city.is_empty() {
        wishes.push(("Every city".to_owned(), SearchAsk { city: String::new(), ..ask.clone() }));
    }
    wishes
}
