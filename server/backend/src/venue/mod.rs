//! Venues: what guests read about them, and the rules that decide what can be booked.

mod profile;
mod rating;
mod row;
pub(crate) mod store;

pub(crate) use profile::policy;
pub(crate) use rating::{Rated, RatedRow};

use std::collections::HashMap;
use std::sync::Arc;

use domain::availability::Floor;
use domain::id::VenueId;
use domain::text::Slug;
use domain::venue::Profile;

use crate::{Backend, Error, Result};

/// One venue in memory.
#[derive(Debug)]
pub struct Venue {
    /// Its id.
    pub id: VenueId,
    /// The version of its rules.
    pub version: i64,
    /// Whether it is to be found.
    pub published: bool,
    /// What guests thought of it; stands in the profile, too.
    pub rated: Rated,
    /// What guests read.
    pub profile: Arc<Profile>,
    /// Its floor and rules, made ready for counting.
    pub floor: Arc<Floor>,
    /// Everything a search looks at, in lower case.
    pub words: String,
}

impl Venue {
    /// The same venue after a change of its rating; days that are laid out on its floor stay as they are.
    fn rated(&self, rated: Rated) -> Self {
        let mut profile = Profile::clone(&self.profile);
        profile.card.rating = rated.rating;
        let (floor, words) = (self.floor.clone(), self.words.clone());
        Self {
            id: self.id,
            version: self.version,
            published: self.published,
            rated,
            profile: Arc::new(profile),
            floor,
            words,
        }
    }
}

/// What a look at the database says of a venue.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The version of its rules.
    pub version: i64,
    /// What guests thought of it.
    pub rated: Rated,
}

/// A venue as it was read, or the version of its rules that could not be understood.
#[derive(Clone, Debug)]
pub enum Entry {
    /// In order.
    Good(Arc<Venue>),
    /// Left out until its rules change, so that one corrupt venue does not take the others down with it.
    Corrupt(i64),
}

/// All venues. Those that are not published have guests with bookings and people who work there, too, but guests do not find them.
#[derive(Debug, Default)]
pub struct Catalogue {
    by_id: HashMap<VenueId, Entry>,
    by_slug: HashMap<Slug, Arc<Venue>>,
}

impl Entry {
    const fn good(&self) -> Option<&Arc<Venue>> {
        match self {
            Self::Good(venue) => Some(venue),
            Self::Corrupt(_) => None,
        }
    }

    fn version(&self) -> i64 {
        match self {
            Self::Good(venue) => venue.version,
            Self::Corrupt(version) => *version,
        }
    }

    fn rated(&self) -> Rated {
        self.good().map(|venue| venue.rated).unwrap_or_default()
    }

    /// The same, with this rating where it is newer.
    fn with_rating(self, rated: Rated) -> Self {
        match self {
            Self::Good(venue) if venue.rated.version < rated.version => Self::Good(Arc::new(venue.rated(rated))),
            same => same,
        }
    }
}

impl Catalogue {
    /// A catalogue of these.
    pub fn new(entries: impl IntoIterator<Item = (VenueId, Entry)>) -> Self {
        let by_id: HashMap<VenueId, Entry> = entries.into_iter().collect();
        let good = by_id.values().filter_map(Entry::good);
        let by_slug = good.map(|venue| (venue.profile.card.slug.clone(), venue.clone())).collect();
        Self { by_id, by_slug }
    }

    /// The venue with this id, published or not.
    pub fn get(&self, id: VenueId) -> Option<&Arc<Venue>> {
        self.by_id.get(&id)?.good()
    }

    /// The venue of this name, published or not.
    pub fn named(&self, slug: &Slug) -> Option<&Arc<Venue>> {
        self.by_slug.get(slug)
    }

    /// The published venue of this name.
    pub fn find(&self, slug: &Slug) -> Option<&Arc<Venue>> {
        self.named(slug).filter(|venue| venue.published)
    }

    /// All published ones, in no order.
    pub fn published(&self) -> impl Iterator<Item = &Arc<Venue>> {
        self.by_slug.values().filter(|venue| venue.published)
    }

    /// The version that was read of a venue.
    pub fn version(&self, id: VenueId) -> Option<i64> {
        self.by_id.get(&id).map(Entry::version)
    }

    /// The catalogue after a look: with the venues that were read anew, without those that are gone, and with newer ratings.
    /// `None` when it is the same.
    pub fn after(&self, seen: &HashMap<VenueId, Seen>, read: Vec<(VenueId, Entry)>) -> Option<Self> {
        let is_same = |(id, entry): (&VenueId, &Entry)| {
            let is_rated = |seen: &Seen| entry.good().is_none() || seen.rated.version <= entry.rated().version;
            seen.get(id).is_some_and(is_rated)
        };
        if read.is_empty() && self.by_id.iter().all(is_same) {
            return None;
        }
        let mut by_id = self.by_id.clone();
        for (id, entry) in read {
            // What a write of ours has told since the look began is not forgotten.
            let held = by_id.get(&id).map(Entry::rated).unwrap_or_default();
            by_id.insert(id, entry.with_rating(held));
        }
        let kept = by_id.into_iter().filter_map(|(id, entry)| Some((id, entry.with_rating(seen.get(&id)?.rated))));
        Some(Self::new(kept))
    }

    /// The catalogue after a review, `None` when it knows a newer rating already.
    pub fn rated(&self, id: VenueId, rated: Rated) -> Option<Self> {
        let held = self.get(id).filter(|venue| venue.rated.version < rated.version)?;
        let mut by_id = self.by_id.clone();
        by_id.insert(id, Entry::Good(held.clone()).with_rating(rated));
        Some(Self::new(by_id))
    }
}

impl Backend {
    /// What guests read about a venue.
    ///
    /// # Errors
    /// `NotFound`, or the database is away and memory too old.
    pub async fn venue(&self, slug: &Slug) -> Result<Arc<Profile>> {
        Ok(self.find_venue(slug).await?.profile.clone())
    }

    pub(crate) async fn find_venue(&self, slug: &Slug) -> Result<Arc<Venue>> {
        self.0.days.catalogue().await?.find(slug).cloned().ok_or(Error::NotFound)
    }
}
