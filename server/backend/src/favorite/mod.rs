//! The venues that somebody wants to find again.

pub(crate) mod store;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use domain::form::{Place, Slice};
use domain::id::VenueId;
use domain::text::Slug;

use crate::db::{self, Attempt, constraint, decide};
use crate::venue::Venue;
use crate::{Backend, Error, Found, Page, Result, SignedIn};

/// What is said of one venue too many.
const ENOUGH: &str = "You keep 500 venues already, and that is as many as we can. Let another one go first.";

impl Backend {
    /// The caller's favourites, the newest first, each with its open times of this evening for two.
    ///
    /// # Errors
    /// The database is away.
    pub async fn favorites(&self, caller: &SignedIn, asked: &Slice) -> Result<Page<Found>> {
        let owner = caller.account();
        let kept =
            db::read(async || Ok(store::list(&mut *self.0.database.acquire().await?, owner, asked).await?)).await?;
        let (kept, next_cursor) = asked.cut(kept, |last| Place { at: last.since, id: last.venue.0 });
        let catalogue = self.0.days.catalogue().await?;
        // A venue that is not published for now is not to be found, but comes back.
        let venues = kept.iter().filter_map(|kept| catalogue.get(kept.venue)).filter(|venue| venue.published);
        let items = self.tonight(&venues.collect::<Vec<_>>()).await?;
        Ok(Page { items, next_cursor })
    }

    /// Each of these with its open times of this evening, as its own clock has it.
    async fn tonight(&self, venues: &[&Arc<Venue>]) -> Result<Vec<Found>> {
        let now = self.now();
        let mut evenings: BTreeMap<NaiveDate, Vec<&Arc<Venue>>> = BTreeMap::new();
        for &venue in venues {
            let house = &venue.floor.house;
            evenings.entry(house.zone.service_date(now, house.rollover)).or_default().push(venue);
        }
        let mut found: HashMap<VenueId, Found> = HashMap::new();
        // The world has three dates at most at one time.
        for (date, there) in evenings {
            let looked = self.evening(&there, date).await?;
            found.extend(there.iter().map(|venue| venue.id).zip(looked));
        }
        Ok(venues.iter().filter_map(|venue| found.remove(&venue.id)).collect())
    }

    /// Keeps a venue; once more changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a venue that is not there; `Invalid` for one too many; `Unauthenticated` when the account is no more.
    pub async fn keep_favorite(&self, caller: &SignedIn, slug: &Slug) -> Result<()> {
        let venue = self.find_venue(slug).await?.id;
        let (owner, now) = (caller.account(), self.now());
        decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            if let Err(error) = store::insert(&mut tx, owner, venue, now).await {
                return match constraint(&error) {
                    Some("favorites_at_most_500") => Ok(Attempt::Decided(Err(Error::invalid("/slug", ENOUGH)))),
                    Some("favorites_of_an_open_account") => Ok(Attempt::Decided(Err(Error::Unauthenticated))),
                    _ => Err(error),
                };
            }
            tx.commit().await?;
            Ok(Attempt::Decided(Ok(())))
        })
        .await?
    }

    /// Lets a venue go; once more changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a venue that was never there.
    pub async fn drop_favorite(&self, caller: &SignedIn, slug: &Slug) -> Result<()> {
        let owner = caller.account();
        let known = decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            let known = store::delete(&mut tx, owner, slug).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(known))
        });
        if known.await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Which of these venues the caller keeps, in one statement.
    ///
    /// # Errors
    /// The database is away.
    pub async fn favorites_among(&self, caller: &SignedIn, slugs: &[&Slug]) -> Result<HashSet<Slug>> {
        if slugs.is_empty() {
            return Ok(HashSet::new());
        }
        let catalogue = self.0.days.catalogue().await?;
        let venues: Vec<(VenueId, &Slug)> =
            slugs.iter().filter_map(|slug| Some((catalogue.find(slug)?.id, *slug))).collect();
        let ids: Vec<_> = venues.iter().map(|(id, _)| id.0).collect();
        let owner = caller.account();
        let kept = db::read(async || Ok(store::among(&mut *self.0.database.acquire().await?, owner, &ids).await?));
        let kept: HashSet<VenueId> = kept.await?.into_iter().collect();
        Ok(venues.into_iter().filter(|(id, _)| kept.contains(id)).map(|(_, slug)| slug.clone()).collect())
    }
}
