//! Venues: what guests read about them, and the rules that decide what can be booked.

mod profile;
mod row;
pub(crate) mod store;

pub(crate) use profile::policy;

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
    /// What guests read.
    pub profile: Arc<Profile>,
    /// Its floor and rules, made ready for counting.
    pub floor: Arc<Floor>,
    /// Everything a search looks at, in lower case.
    pub words: String,
}

/// A venue as it was read, or the version of its rules that could not be understood.
#[derive(Clone, Debug)]
pub enum Entry {
    /// In order.
    Good(Arc<Venue>),
    /// Left out until its rules change, so that one corrupt venue does not take the others down with it.
    Corrupt(i64),
}

/// All venues. Those that are not published have guests with bookings, too, but are not to be found.
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
}

impl Catalogue {
    /// A catalogue of these.
    pub fn new(entries: impl IntoIterator<Item = (VenueId, Entry)>) -> Self {
        let by_id: HashMap<VenueId, Entry> = entries.into_iter().collect();
        let published = by_id.values().filter_map(Entry::good).filter(|venue| venue.published);
        let by_slug = published.map(|venue| (venue.profile.card.slug.clone(), venue.clone())).collect();
        Self { by_id, by_slug }
    }

    /// The venue with this id, published or not.
    pub fn get(&self, id: VenueId) -> Option<&Arc<Venue>> {
        self.by_id.get(&id)?.good()
    }

    /// The published venue of this name.
    pub fn find(&self, slug: &Slug) -> Option<&Arc<Venue>> {
        self.by_slug.get(slug)
    }

    /// All published ones, in no order.
    pub fn published(&self) -> impl Iterator<Item = &Arc<Venue>> {
        self.by_slug.values()
    }

    /// Everything that was read.
    pub fn entries(&self) -> impl Iterator<Item = (VenueId, Entry)> {
        self.by_id.iter().map(|(id, entry)| (*id, entry.clone()))
    }

    /// The version that was read of a venue.
    pub fn version(&self, id: VenueId) -> Option<i64> {
        self.by_id.get(&id).map(|entry| match entry {
            Entry::Good(venue) => venue.version,
            Entry::Corrupt(version) => *version,
        })
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
