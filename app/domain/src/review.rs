//! What guests say about a visit, and what the reviews of a venue come to.

mod stars;
mod tally;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{ReservationId, ReviewId};
#[cfg(feature = "native")]
use crate::reservation::Status;
use crate::text::{Reply, ReviewText, Slug};
pub use stars::{Mark, Part, Stars};
pub use tally::{Average, Rating, Tally};

/// How long after a visit it can be written about.
pub const WRITTEN_WITHIN: TimeDelta = TimeDelta::days(90);

/// How long after a visit was first written about its review can be changed, or be written anew once it was deleted.
pub const CHANGED_WITHIN: TimeDelta = TimeDelta::days(14);

/// What a venue answered to a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct VenueAnswer {
    /// Its words.
    pub body: Reply,
    /// When it gave them.
    pub at: DateTime<Utc>,
}

/// A review as its author sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// Rises with every change; name it to change the review.
    pub rev: i32,
    /// The booking of the visit.
    pub reservation: ReservationId,
    /// The venue.
    pub venue: Slug,
    /// The marks.
    pub stars: Stars,
    /// The words, possibly none.
    pub body: ReviewText,
    /// When the visit was first written about.
    pub written_at: DateTime<Utc>,
    /// Until when it can be changed.
    pub changeable_until: DateTime<Utc>,
    /// What the venue answered.
    pub answer: Option<VenueAnswer>,
}

/// A review as everybody reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct PublishedReview {
    /// Its id.
    pub id: ReviewId,
    /// First name and initial of its author: `Inês D.`; `A guest` for somebody who is known here no more.
    pub author: String,
    /// The month of the visit: `2026-11`.
    pub visited: String,
    /// The marks.
    pub stars: Stars,
    /// The words, possibly none.
    pub body: ReviewText,
    /// What the venue answered.
    pub answer: Option<VenueAnswer>,
}

/// Why a review was not taken; nothing was changed.
#[cfg(feature = "native")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The guests are not through, or have not come yet.
    #[error("A visit can be written about once it is over.")]
    NotOver,
    /// The booking came to nothing.
    #[error("Nobody was seated on this booking, so there is no visit to write about.")]
    NoVisit,
    /// It was long ago.
    #[error("A visit can be written about for 90 days, and this one was longer ago.")]
    LongAgo,
    /// There is a review of it.
    #[error("You have written about this visit already.")]
    Written,
    /// There was one, and the time for changes is over.
    #[error("You deleted your review of this visit, and the 14 days in which you could write another are over.")]
    Deleted,
    /// The time for changes is over.
    #[error("A review can be changed for 14 days after the visit was first written about. It can still be deleted.")]
    Settled,
    /// Somebody changed the review in the meantime; this is its present revision.
    #[error("This review was changed in the meantime. Please look at it again.")]
    Stale(i32),
}

#[cfg(feature = "native")]
impl Refusal {
    /// The reason as a word that programs can rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOver => "visit_not_over",
            Self::NoVisit => "no_visit",
            Self::LongAgo => "visit_long_ago",
            Self::Written => "already_reviewed",
            Self::Deleted => "review_deleted",
            Self::Settled => "review_settled",
            Self::Stale(_) => "stale",
        }
    }
}

/// Whether a visit that was to end then can be written about now; where what was written about it is deleted, since when there was
/// something.
///
/// # Errors
/// Why it cannot.
#[cfg(feature = "native")]
pub fn may_write(
    status: Status,
    end: DateTime<Utc>,
    deleted: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    match status {
        Status::Finished if now > end + WRITTEN_WITHIN => Err(Refusal::LongAgo),
        Status::Finished if deleted.is_some_and(|first| now > first + CHANGED_WITHIN) => Err(Refusal::Deleted),
        Status::Finished => Ok(()),
        over if over.is_over() => Err(Refusal::NoVisit),
        _ => Err(Refusal::NotOver),
    }
}

/// Whether a review of that time and revision can be changed now by somebody who saw this revision.
///
/// # Errors
/// Why it cannot.
#[cfg(feature = "native")]
pub fn may_change(written_at: DateTime<Utc>, rev: i32, seen: i32, now: DateTime<Utc>) -> Result<(), Refusal> {
    if now > written_at + CHANGED_WITHIN {
        Err(Refusal::Settled)
    } else if rev != seen {
        Err(Refusal::Stale(rev))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn only_a_visit_that_took_place_is_written_about_and_only_for_90_days() {
        let end = at("2026-11-21T22:00:00Z");
        for status in Status::ALL {
            let expected = match status {
                Status::Finished => Ok(()),
                Status::Declined
                | Status::Expired
                | Status::CancelledGuest
                | Status::CancelledVenue
                | Status::NoShow => Err(Refusal::NoVisit),
                _ => Err(Refusal::NotOver),
            };
            assert_eq!(may_write(*status, end, None, end), expected, "{status:?}");
        }
        assert_eq!(may_write(Status::Finished, end, None, at("2027-02-19T22:00:00Z")), Ok(()));
        assert_eq!(may_write(Status::Finished, end, None, at("2027-02-19T22:00:01Z")), Err(Refusal::LongAgo));
    }

    #[test]
    fn what_was_deleted_is_written_anew_for_as_long_as_it_could_have_been_changed() {
        let (end, first) = (at("2026-11-21T22:00:00Z"), Some(at("2026-11-22T10:00:00Z")));
        assert_eq!(may_write(Status::Finished, end, first, at("2026-12-06T10:00:00Z")), Ok(()));
        assert_eq!(may_write(Status::Finished, end, first, at("2026-12-06T10:00:01Z")), Err(Refusal::Deleted));
        assert_eq!(may_write(Status::Finished, end, first, at("2027-02-19T22:00:01Z")), Err(Refusal::LongAgo));
    }

    #[test]
    fn a_review_is_changed_for_14_days_by_who_saw_it_last() {
        let written = at("2026-11-22T10:00:00Z");
        assert_eq!(may_change(written, 3, 3, at("2026-12-06T10:00:00Z")), Ok(()));
        assert_eq!(may_change(written, 3, 2, at("2026-12-06T10:00:00Z")), Err(Refusal::Stale(3)));
        assert_eq!(may_change(written, 3, 3, at("2026-12-06T10:00:01Z")), Err(Refusal::Settled));
    }
}
