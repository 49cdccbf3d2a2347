//! The reviews of a venue as everybody reads them.

use std::sync::Arc;

use domain::form::{Place, Slice};
use domain::id::VenueId;
use domain::review::PublishedReview;
use domain::text::Slug;
use moka::future::Cache;

use super::store;
use crate::{Backend, Error, Page, Result, db};

/// Reviews that stand on a venue's own page.
const SHOWN: usize = 3;

/// Venues whose newest reviews are held at most.
const CAPACITY: u64 = 4096;

/// The newest reviews of venues. Each is held for as long as no review of its venue changes, so that a venue's page asks the
/// database for nothing.
pub struct Latest(Cache<(VenueId, i64), Arc<[PublishedReview]>>);

impl Latest {
    pub fn new() -> Self {
        Self(Cache::new(CAPACITY))
    }
}

impl Backend {
    /// The newest reviews of a venue, a few of them.
    ///
    /// # Errors
    /// `NotFound`, or the database is away.
    pub async fn latest_reviews(&self, slug: &Slug) -> Result<Arc<[PublishedReview]>> {
        let venue = self.find_venue(slug).await?;
        if venue.rated.rating.is_none() {
            return Ok(Arc::default());
        }
        let load = async {
            let wish = Slice { after: None, limit: SHOWN };
            Ok::<_, Error>(self.page_of_reviews(venue.id, &wish).await?.items.into())
        };
        // Loads are shared between readers, and so is their failure.
        let shared = self.0.latest.0.try_get_with((venue.id, venue.rated.version), load).await;
        shared.map_err(|error: Arc<Error>| Arc::try_unwrap(error).unwrap_or_else(|_| Error::database_away()))
    }

    /// A part of a venue's reviews, the newest first.
    ///
    /// # Errors
    /// `NotFound`, or the database is away.
    pub async fn reviews(&self, slug: &Slug, wish: &Slice) -> Result<Page<PublishedReview>> {
        let venue = self.find_venue(slug).await?;
        self.page_of_reviews(venue.id, wish).await
    }

    async fn page_of_reviews(&self, venue: VenueId, wish: &Slice) -> Result<Page<PublishedReview>> {
        let list = async || Ok(store::list(&mut *self.0.database.acquire().await?, venue, wish).await?);
        let (rows, next_cursor) =
            wish.cut(db::read(list).await?, |last: &store::PublishedRow| Place { at: last.written_at, id: last.id.0 });
        let items = rows.into_iter().map(PublishedReview::try_from).collect::<Result<_>>()?;
        Ok(Page { items, next_cursor })
    }
}
