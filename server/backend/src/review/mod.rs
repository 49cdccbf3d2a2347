//! Reviews: written by those who were there, answered by the venue, read by everybody.

mod list;
pub(crate) mod store;

use domain::form::{Opinion, ReviewChange};
use domain::id::{ReservationId, ReviewId, VenueId};
use domain::policy::AnswerReviews;
use domain::review::{CHANGED_WITHIN, Refusal, Review, may_write};
use domain::text::Reply;

pub use list::Latest;

use crate::db::{self, Attempt, decide};
use crate::error::stored;
use crate::key::fingerprint;
use crate::venue::RatedRow;
use crate::{Backend, Error, Key, Permit, Proof, Result, mint};
use store::Outcome;

impl Backend {
    /// Writes about the visit that the caller booked. The same request with the same key gets the same answer.
    ///
    /// # Errors
    /// `ReviewRefused` when there was no visit, when it is not over or was long ago, and when there is a review of it already, or was
    /// one that could not be changed any more; `KeyReused` when the key belongs to another request.
    pub async fn write_review(&self, proof: &Proof, opinion: &Opinion, key: Option<&Key>) -> Result<Review> {
        let fresh_key = Key::new();
        let entry = store::NewReview {
            scope: &format!("review:{}", proof.id()),
            key: key.unwrap_or(&fresh_key).as_str(),
            request_hash: &fingerprint(opinion),
            id: ReviewId(mint::id()),
            visit: proof.id(),
            opinion,
            now: self.now(),
        };
        let outcome = decide(async || {
            let mut tx = self.begin_as(proof.actor()).await?;
            match store::write(&mut tx, &entry).await {
                // Somebody wrote about it under another key.
                Err(error) if db::constraint(&error) == Some("reviews_one_per_visit") => {
                    Ok(Attempt::Decided(Outcome::Refused(Refusal::Written)))
                }
                Err(error) => Err(error),
                Ok(outcome) => {
                    tx.commit().await?;
                    Ok(Attempt::Decided(outcome))
                }
            }
        });
        let written = outcome.await?.done()?;
        self.rated(written.venue_id, written.rated)?;
        Ok(Review {
            id: written.id,
            rev: 1,
            reservation: proof.id(),
            venue: stored("slug", &written.slug)?,
            stars: opinion.stars,
            body: opinion.body.clone(),
            written_at: written.at,
            changeable_until: written.at + CHANGED_WITHIN,
            answer: None,
        })
    }

    /// Changes what a review of the caller's says; what the venue answered stays.
    ///
    /// # Errors
    /// `NotFound` for a review of another visit; `ReviewRefused` when it was changed since the caller saw it, or the visit was first
    /// written about more than 14 days ago; `KeyReused`.
    pub async fn change_review(
        &self,
        proof: &Proof,
        review: ReviewId,
        change: &ReviewChange,
        key: Option<&Key>,
    ) -> Result<Review> {
        let fresh_key = Key::new();
        let entry = store::Changed {
            scope: &format!("change-review:{review}"),
            key: key.unwrap_or(&fresh_key).as_str(),
            request_hash: &fingerprint(change),
            id: review,
            visit: proof.id(),
            change,
            now: self.now(),
        };
        let outcome = decide(async || {
            let mut tx = self.begin_as(proof.actor()).await?;
            let outcome = store::change(&mut tx, &entry).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(outcome))
        });
        let (row, rated) = outcome.await?.done()?;
        self.rated(row.venue_id, rated)?;
        row.try_into()
    }

    /// Takes a review of the caller's away; once more changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a review of another visit.
    pub async fn delete_review(&self, proof: &Proof, review: ReviewId) -> Result<()> {
        let now = self.now();
        let deleted = decide(async || {
            let mut tx = self.begin_as(proof.actor()).await?;
            let deleted = store::delete(&mut tx, review, proof.id(), now).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(deleted))
        });
        let (venue, rated) = deleted.await?.ok_or(Error::NotFound)?;
        self.rated(venue, rated)
    }

    /// Puts the venue's answer to a review of it in the place of the one before; `None` takes it away. Once more changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a review of another venue.
    pub async fn answer_review(
        &self,
        permit: &Permit<AnswerReviews>,
        review: ReviewId,
        answer: Option<&Reply>,
    ) -> Result<()> {
        let venue = permit.venue();
        let (now, answer) = (self.now(), answer.map(Reply::as_str));
        let answered = decide(async || {
            let mut tx = self.begin_as(permit.actor()).await?;
            let answered = store::answer(&mut tx, venue, review, answer, now).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(answered))
        });
        let rated = answered.await?.ok_or(Error::NotFound)?;
        self.rated(venue, rated)
    }

    /// A review of the caller's.
    ///
    /// # Errors
    /// `NotFound` when it is of another visit, or deleted.
    pub async fn review(&self, proof: &Proof, review: ReviewId) -> Result<Review> {
        self.review_of_visit(proof).await?.filter(|found| found.id == review).ok_or(Error::NotFound)
    }

    /// What the caller wrote about their visit, if they did.
    ///
    /// # Errors
    /// The database is away.
    pub async fn review_of_visit(&self, proof: &Proof) -> Result<Option<Review>> {
        let visit = proof.id();
        let row = db::read(async || Ok(store::find(&mut *self.0.database.acquire().await?, visit).await?));
        row.await?.map(Review::try_from).transpose()
    }

    /// Why the visit that the caller booked, of which there is no review, cannot be written about now; nothing when it can.
    ///
    /// # Errors
    /// The database is away.
    pub async fn why_no_review(&self, proof: &Proof) -> Result<Option<Refusal>> {
        let booking = self.reservation(proof).await?;
        let visit = proof.id();
        let deleted =
            db::read(async || Ok(store::deleted(&mut *self.0.database.acquire().await?, visit).await?)).await?;
        Ok(may_write(booking.status, booking.end.utc(), deleted, self.now()).err())
    }

    /// The booking of the visit that a review is about, also when it is deleted.
    ///
    /// # Errors
    /// `NotFound` when there is no such review.
    pub async fn booking_of_review(&self, review: ReviewId) -> Result<ReservationId> {
        let found =
            db::read(async || Ok(store::booking_of(&mut *self.0.database.acquire().await?, review).await?)).await?;
        found.ok_or(Error::NotFound)
    }

    /// Moves memory on after a commit, where that changed a rating.
    fn rated(&self, venue: VenueId, rated: Option<RatedRow>) -> Result<()> {
        if let Some(rated) = rated {
            self.0.days.rated(venue, rated.try_into()?);
        }
        Ok(())
    }
}
