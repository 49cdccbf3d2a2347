//! Venues: what guests read about them, and the rules that decide what can be booked.

mod row;
pub(crate) mod store;

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
    /// What guests read.
    pub profile: Arc<Profile>,
    /// Its floor and rules, made ready for counting.
    pub floor: Arc<Floor>,
    /// Everything a search looks at, in lower case.
    pub words: String,
}

/// All published venues.
#[derive(Debug, Default)]
pub struct Catalogue {
    by_id: HashMap<VenueId, Arc<Venue>>,
    by_slug: HashMap<Slug, VenueId>,
}

impl Catalogue {
    /// A catalogue of these.
    pub fn new(venues: impl IntoIterator<Item = Arc<Venue>>) -> Self {
        let by_id: HashMap<_, _> = venues.into_iter().map(|venue| (venue.id, venue)).collect();
        let by_slug = by_id.values().map(|venue| (venue.profile.card.slug.clone(), venue.id)).collect();
        Self { by_id, by_slug }
    }

    /// The venue with this id.
    pub fn get(&self, id: VenueId) -> Option<&Arc<Venue>> {
        self.by_id.get(&id)
    }

    /// The venue of this name.
    pub fn find(&self, slug: &Slug) -> Option<&Arc<Venue>> {
        self.by_id.get(self.by_slug.get(slug)?)
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Venue>> {
        self.by_id.values()
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
