//! Everything we hold about somebody, to take with them.

use chrono::{DateTime, Utc};
use domain::reservation::Reservation;
use domain::review::Review;
use domain::staff::Work;
use serde::Serialize;

use super::store::export::{
    self, ExportedAccount, ExportedAct, ExportedInvitation, ExportedLetter, ExportedLink, ExportedSession,
};
use super::{SignedIn, store};
use crate::db::{self, Attempt, decide};
use crate::favorite::store::{self as favorites, ExportedFavorite};
use crate::reservation::read;
use crate::reservation::store::attach;
use crate::review::store as reviews;
use crate::{Backend, Error, Result};

/// Entries of the audit at most.
const MOST_ACTS: i64 = 1000;

/// Everything we hold about somebody, secrets apart, of which there are only fingerprints.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Export {
    /// When it was put together.
    pub exported_at: DateTime<Utc>,
    /// Who they are.
    pub account: ExportedAccount,
    /// Where they are and were signed in.
    pub sessions: Vec<ExportedSession>,
    /// The links that were emailed to confirm an address or to choose a password.
    pub links: Vec<ExportedLink>,
    /// The letters of the last days, without their words.
    pub letters: Vec<ExportedLetter>,
    /// What they booked.
    pub reservations: Vec<ExportedReservation>,
    /// What they said about their visits.
    pub reviews: Vec<Review>,
    /// Where they work.
    pub work: Vec<Work>,
    /// Where they are asked to work.
    pub invitations: Vec<ExportedInvitation>,
    /// The venues they keep.
    pub favorites: Vec<ExportedFavorite>,
    /// What the audit says they did, the latest first; 1,000 entries at most.
    #[schema(max_items = 1000)]
    pub acts: Vec<ExportedAct>,
}

/// A booking as its guest takes it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedReservation {
    /// The booking.
    #[serde(flatten)]
    pub reservation: Reservation,
    /// What they said when they cancelled.
    pub cancel_reason: Option<String>,
}

impl Backend {
    /// Everything we hold about the caller, as it is at one moment; bookings that name their address are theirs first.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub async fn export(&self, caller: &SignedIn) -> Result<Export> {
        let (owner, exported_at) = (caller.account(), self.now());
        decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            if store::lock(&mut tx, owner).await?.is_some() {
                attach(&mut tx, owner).await?;
            }
            tx.commit().await?;
            Ok(Attempt::Decided(()))
        })
        .await?;
        let (rows, export) = db::read(async || {
            let mut tx = db::begin(&self.0.database, db::AS_OF_NOW).await?;
            let export = Export {
                exported_at,
                account: export::account(&mut tx, owner).await?.ok_or(Error::Unauthenticated)?,
                sessions: export::sessions(&mut tx, owner).await?,
                links: export::links(&mut tx, owner).await?,
                letters: export::letters(&mut tx, owner).await?,
                reservations: Vec::new(),
                reviews: reviews::export(&mut tx, owner).await?,
                work: store::staff::work_of(&mut tx, owner).await?,
                invitations: export::invitations(&mut tx, owner).await?,
                favorites: favorites::export(&mut tx, owner).await?,
                acts: export::acts(&mut tx, owner, MOST_ACTS).await?,
            };
            Ok((read::all_of(&mut tx, owner).await?, export))
        })
        .await?;
        let catalogue = self.0.days.catalogue().await?;
        let reservations = rows.into_iter().filter_map(|mut row| {
            let (venue, cancel_reason) = (catalogue.get(row.venue_id)?, row.cancel_reason.take());
            Some(row.reservation(venue).map(|reservation| ExportedReservation { reservation, cancel_reason }))
        });
        Ok(Export { reservations: reservations.collect::<Result<_>>()?, ..export })
    }
}
