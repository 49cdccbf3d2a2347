//! Answers kept ready: most people who look at an evening ask for the same thing.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use domain::availability::Day;
use domain::form::DayWish;
use domain::id::VenueId;
use moka::future::Cache;

use super::{Availability, ask, availability};
use crate::venue::Venue;

/// Bytes of answers held at most.
const CAPACITY: u64 = 24 * 1024 * 1024;

/// About what a start takes, in memory and as it is written.
const BYTES_OF_START: usize = 512;

/// The starts of a day for one wish, and how they are written down.
#[derive(Debug)]
pub struct Kept {
    availability: Availability,
    /// What it was worked out from.
    day: Option<Arc<Day>>,
    /// From when,
    since: DateTime<Utc>,
    /// and until when it is the answer, unless the day changes.
    until: DateTime<Utc>,
    json: OnceLock<Json>,
}

/// An answer as it is sent.
#[derive(Debug)]
pub struct Json {
    /// The JSON text.
    pub text: Arc<[u8]>,
    /// Names this very text: an entity tag without its quotes.
    pub tag: String,
}

impl Deref for Kept {
    type Target = Availability;

    fn deref(&self) -> &Availability {
        &self.availability
    }
}

impl Kept {
    /// An answer that nobody else will ask for.
    pub(crate) const fn once(availability: Availability, now: DateTime<Utc>) -> Self {
        Self { availability, day: None, since: now, until: now, json: OnceLock::new() }
    }

    /// How it is written down: worked out once, however many ask.
    ///
    /// # Panics
    /// Never: dates, numbers and words can be written.
    pub fn json(&self) -> &Json {
        self.json.get_or_init(|| {
            let text = serde_json::to_vec(&self.availability).expect("dates, numbers and words can be written");
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            Json { tag: format!("{}-{:016x}", self.availability.version, hasher.finish()), text: text.into() }
        })
    }

    fn answers(&self, day: &Arc<Day>, now: DateTime<Utc>) -> bool {
        self.day.as_ref().is_some_and(|known| Arc::ptr_eq(known, day)) && self.since <= now && now < self.until
    }
}

/// The answers kept.
pub struct Answers(Cache<(VenueId, DayWish), Arc<Kept>>);

impl Answers {
    pub fn new() -> Self {
        let weigh = |_: &(VenueId, DayWish), kept: &Arc<Kept>| {
            u32::try_from((kept.starts.len() + 4) * BYTES_OF_START).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().weigher(weigh).max_capacity(CAPACITY).build())
    }

    /// The answer for this day as it is now.
    pub async fn give(&self, venue: &Venue, day: Arc<Day>, wish: &DayWish, now: DateTime<Utc>) -> Arc<Kept> {
        let key = (venue.id, wish.clone());
        if let Some(kept) = self.0.get(&key).await.filter(|kept| kept.answers(&day, now)) {
            return kept;
        }
        let kept = Arc::new(Kept {
            availability: availability(venue, &day, wish, now),
            since: now,
            until: day.same_until(&ask(wish.party, wish.area, &wish.needs, now)),
            day: Some(day),
            json: OnceLock::new(),
        });
        // In a box, so that the many who find one kept do not carry the space for keeping.
        Box::pin(self.0.insert(key, kept.clone())).await;
        kept
    }
}
