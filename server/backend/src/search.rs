//! Finding a venue, and an open table near the wanted time, in memory.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::availability::{Ask, Day, Reason, Start, StartState};
use domain::form::{Cursor, Search, Sort, When, dinner};
use domain::party::PartySize;
use domain::review::Average;
use domain::rules::House;
use domain::venue::{Card, Cuisine};
use serde::{Deserialize, Serialize};

use crate::venue::Venue;
use crate::{Backend, Error, Result};

/// Open times shown with each venue found.
const TIMES: usize = 5;

/// How far from the wanted time an open time still answers the search, in minutes.
const NEAR_MINUTES: i64 = 150;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to ask with for the next page, if there is one.
    pub next_cursor: Option<String>,
}

/// One venue found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Found {
    /// The venue.
    #[serde(flatten)]
    pub card: Card,
    /// Its open times nearest to the wanted one, in order of time; `null` when no date and party were asked for.
    pub starts: Option<Vec<Start>>,
    /// Why there are none.
    pub reason: Option<Reason>,
    /// How far it is from the given place.
    pub distance_km: Option<f64>,
}

/// Where there are venues, and what they cook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Cities, those with most venues first.
    pub cities: Vec<City>,
    /// Cuisines, by name.
    pub cuisines: Vec<CuisineCount>,
}

/// One city.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct City {
    /// Its name.
    pub name: String,
    /// ISO 3166 code of its country.
    pub country: String,
    /// IANA time zone.
    pub timezone: String,
    /// How many venues are there.
    pub venues: usize,
}

/// One cuisine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CuisineCount {
    /// Which.
    pub cuisine: Cuisine,
    /// How many venues cook it.
    pub venues: usize,
}

impl Backend {
    /// Venues that match, with their nearest open times when a date and a party are given.
    ///
    /// # Errors
    /// The database is away and memory too old.
    pub async fn search(&self, search: &Search) -> Result<Page<Found>> {
        let catalogue = self.0.days.catalogue().await?;
        let venues: Vec<&Arc<Venue>> = catalogue.published().filter(|venue| matches(venue, search)).collect();
        let mut found = self.look_at(&venues, search, DateTime::<Utc>::MIN_UTC).await?;
        found.sort_by(|a, b| order(a, b, search.sort));
        if let Some(cursor) = &search.cursor {
            let last = catalogue.find(&cursor.slug);
            let last =
                last.ok_or_else(|| Error::invalid("/cursor", "This list has changed. Please begin it again."))?;
            let last = Found { starts: cursor.full.then(Vec::new), ..Found::bare(last, search) };
            found.retain(|found| order(&last, found, search.sort).is_lt());
        }
        let more = found.len() > search.limit;
        found.truncate(search.limit);
        let cursor = |last: &Found| Cursor { slug: last.card.slug.clone(), full: last.is_full() }.to_string();
        let next_cursor = found.last().filter(|_| more).map(cursor);
        Ok(Page { items: found, next_cursor })
    }

    /// These venues with the open times nearest to the one that is searched for, or to `earliest` where that is later.
    async fn look_at(&self, venues: &[&Arc<Venue>], search: &Search, earliest: DateTime<Utc>) -> Result<Vec<Found>> {
        let days = match search.when {
            Some(when) => self
                .0
                .days
                .many(&venues.iter().map(|venue| &***venue).collect::<Vec<_>>(), when.date)
                .await?
                .into_iter()
                .map(Some)
                .collect(),
            None => vec![None; venues.len()],
        };
        let now = self.now();
        Ok(venues
            .iter()
            .zip(days)
            .map(|(venue, day)| {
                let (starts, reason) = match day.zip(search.when) {
                    Some((day, when)) => {
                        let wanted = wanted(&venue.floor.house, when).max(earliest);
                        let (starts, reason) = nearest(&day, wanted, &Ask::guest(when.party, now));
                        (Some(starts), reason)
                    }
                    None => (None, None),
                };
                Found { starts, reason, ..Found::bare(venue, search) }
            })
            .collect())
    }

    /// These venues with the open times for two that are left of this evening, in their order: those nearest to dinner, and once that
    /// is past, the next ones.
    pub(crate) async fn evening(&self, venues: &[&Arc<Venue>], date: NaiveDate) -> Result<Vec<Found>> {
        let party = PartySize::try_from(2).map_err(|complaint| Error::Broken(complaint.to_string()))?;
        let when = Some(When { date, time: dinner(), party });
        self.look_at(venues, &Search { when, ..Search::default() }, self.now()).await
    }

    /// Where there are venues, and what they cook.
    ///
    /// # Errors
    /// The database is away and memory too old.
    pub async fn places(&self) -> Result<Places> {
        let catalogue = self.0.days.catalogue().await?;
        let mut cities: BTreeMap<&str, City> = BTreeMap::new();
        let mut cuisines: BTreeMap<Cuisine, usize> = BTreeMap::new();
        for venue in catalogue.published() {
            let card = &venue.profile.card;
            cities
                .entry(&card.city)
                .or_insert_with(|| City {
                    name: card.city.clone(),
                    country: card.country.clone(),
                    timezone: card.timezone.clone(),
                    venues: 0,
                })
                .venues += 1;
            for cuisine in &card.cuisines {
                *cuisines.entry(*cuisine).or_default() += 1;
            }
        }
        let mut cities: Vec<City> = cities.into_values().collect();
        cities.sort_by_key(|city| std::cmp::Reverse(city.venues));
        Ok(Places {
            cities,
            cuisines: cuisines.into_iter().map(|(cuisine, venues)| CuisineCount { cuisine, venues }).collect(),
        })
    }
}

fn matches(venue: &Venue, search: &Search) -> bool {
    let card = &venue.profile.card;
    search.city.as_ref().is_none_or(|city| card.city.to_lowercase() == city.to_lowercase())
        && search.cuisine.is_none_or(|cuisine| card.cuisines.contains(&cuisine))
        && search.price.is_none_or(|price| card.price <= price)
        && search.words.iter().all(|word| venue.words.contains(word.as_str()))
}

/// The instant that somebody has in mind.
fn wanted(house: &House, when: When) -> DateTime<Utc> {
    let wall = when.date.and_time(when.time);
    house.zone.resolve_forward(if when.time < house.rollover { wall + Days::new(1) } else { wall })
}

/// The open times nearest to an instant, in order, and where there are none, why.
fn nearest(day: &Day, wanted: DateTime<Utc>, ask: &Ask<'_>) -> (Vec<Start>, Option<Reason>) {
    let starts = day.starts(ask);
    let mut near: Vec<&Start> =
        starts.iter().filter(|start| (start.start.utc() - wanted).num_minutes().abs() <= NEAR_MINUTES).collect();
    near.sort_by_key(|start| (start.start.utc() - wanted).abs());
    // Nothing is near that could be had: the nearest start says why, and where there is none, the day itself.
    let reason = near.first().map_or_else(|| day.offer(wanted, ask).err(), |start| start.reason);
    near.retain(|start| start.state != StartState::Full);
    near.truncate(TIMES);
    near.sort_by_key(|start| start.start);
    let open: Vec<Start> = near.into_iter().cloned().collect();
    let reason = if open.is_empty() { reason.or(Some(Reason::NoTable)) } else { None };
    (open, reason)
}

impl Found {
    /// A venue whose times nobody looked at.
    fn bare(venue: &Venue, search: &Search) -> Self {
        let card = venue.profile.card.clone();
        let distance_km = search.near.map(|near| distance_km(near, (card.lat, card.lon)));
        Self { card, starts: None, reason: None, distance_km }
    }

    const fn is_full(&self) -> bool {
        matches!(&self.starts, Some(starts) if starts.is_empty())
    }
}

/// Which of two comes first; of equals the one whose name does.
fn order(a: &Found, b: &Found, sort: Sort) -> Ordering {
    let first = match sort {
        Sort::Name => Ordering::Equal,
        Sort::Best => a.is_full().cmp(&b.is_full()),
        Sort::Price => a.card.price.cmp(&b.card.price),
        Sort::Rating => liked(&b.card).cmp(&liked(&a.card)),
        Sort::Distance => a.distance_km.unwrap_or(f64::MAX).total_cmp(&b.distance_km.unwrap_or(f64::MAX)),
    };
    first.then_with(|| (&a.card.name, &a.card.slug).cmp(&(&b.card.name, &b.card.slug)))
}

/// How much guests liked it, and how many said so; less than anything where nobody did.
fn liked(card: &Card) -> Option<(Average, u32)> {
    card.rating.map(|rating| (rating.overall, rating.count))
}

/// Great-circle distance by the haversine formula, on a sphere of 6371 km.
fn distance_km((lat, lon): (f64, f64), (to_lat, to_lon): (f64, f64)) -> f64 {
    let (lat, lon, to_lat, to_lon) = (lat.to_radians(), lon.to_radians(), to_lat.to_radians(), to_lon.to_radians());
    let half = ((to_lat - lat) / 2.0).sin().powi(2) + lat.cos() * to_lat.cos() * ((to_lon - lon) / 2.0).sin().powi(2);
    let km = 2.0 * 6371.0 * half.sqrt().min(1.0).asin();
    (km * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lisbon_is_274_km_from_porto() {
        assert!((distance_km((38.7223, -9.1393), (41.1579, -8.6291)) - 274.0).abs() < 2.0);
        assert!(distance_km((10.0, 10.0), (10.0, 10.0)) < 0.1);
    }
}
