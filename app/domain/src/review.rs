//! What guests say about a visit, and what the reviews of a venue come to.

mod tally;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::field::Complaint;
use crate::id::{ReservationId, ReviewId};
#[cfg(feature = "native")]
use crate::reservation::Status;
use crate::text::{Reply, ReviewText, Slug};
pub use tally::{Average, Rating, Tally};

/// How long after a visit it can be written about.
pub const WRITTEN_WITHIN: TimeDelta = TimeDelta::days(90);

/// How long after it was written a review can be changed.
pub const CHANGED_WITHIN: TimeDelta = TimeDelta::days(14);

/// How good something was: one to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
#[serde(try_from = "i64", into = "i64")]
pub struct Mark(u8);

impl Mark {
    /// Every mark, the worst first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// The number of stars.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The mark in a word: `very good`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self.0 {
            1 => "poor",
            2 => "fair",
            3 => "good",
            4 => "very good",
            _ => "excellent",
        }
    }
}

impl TryFrom<i64> for Mark {
    type Error = Complaint;

    fn try_from(stars: i64) -> Result<Self, Complaint> {
        match u8::try_from(stars) {
            Ok(stars @ 1..=5) => Ok(Self(stars)),
            _ => Err(Complaint::new("Give one to five stars.")),
        }
    }
}

impl From<Mark> for i64 {
    fn from(mark: Mark) -> Self {
        mark.0.into()
    }
}

impl std::str::FromStr for Mark {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        text.trim().parse::<i64>().unwrap_or(0).try_into()
    }
}

/// What of a visit is given stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The visit as a whole.
    Overall,
    /// What was eaten and drunk.
    Food,
    /// Those who brought it.
    Service,
    /// The room, and how it felt to be in it.
    Ambience,
}

impl Part {
    /// Every part, as one is asked about them.
    pub const ALL: [Self; 4] = [Self::Overall, Self::Food, Self::Service, Self::Ambience];

    /// The name of its field.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Food => "food",
            Self::Service => "service",
            Self::Ambience => "ambience",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overall => "The visit as a whole",
            Self::Food => "Food",
            Self::Service => "Service",
            Self::Ambience => "Ambience",
        }
    }

    /// Its mark.
    ///
    /// # Errors
    /// A sentence that says which part has none.
    pub fn mark(self, stars: i64) -> Result<Mark, Complaint> {
        let words = match self {
            Self::Overall => "Give the visit as a whole one to five stars.",
            Self::Food => "Give the food one to five stars.",
            Self::Service => "Give the service one to five stars.",
            Self::Ambience => "Give the ambience one to five stars.",
        };
        Mark::try_from(stars).map_err(|_| Complaint::new(words))
    }
}

/// The marks of one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Stars {
    /// What was eaten and drunk.
    pub food: Mark,
    /// Those who brought it.
    pub service: Mark,
    /// The room, and how it felt to be in it.
    pub ambience: Mark,
    /// The visit as a whole.
    pub overall: Mark,
}

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
    /// When it was written.
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
    /// The time for changes is over.
    #[error("A review can be changed for 14 days after it was written. It can still be deleted.")]
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
            Self::Settled => "review_settled",
            Self::Stale(_) => "stale",
        }
    }
}

/// Whether a visit that was to end then can be written about now.
///
/// # Errors
/// Why it cannot.
#[cfg(feature = "native")]
pub fn may_write(status: Status, end: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    match status {
        Status::Finished if now > end + WRITTEN_WITHIN => Err(Refusal::LongAgo),
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
    fn marks_are_one_to_five() {
        assert_eq!(Mark::ALL.map(Mark::get), [1, 2, 3, 4, 5]);
        for wrong in [i64::MIN, -1, 0, 6, 256, i64::MAX] {
            assert!(Mark::try_from(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "five", "4.5", "0", "6"] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
        assert_eq!(" 4 ".parse::<Mark>().map(Mark::label), Ok("very good"));
    }

    #[test]
    fn a_part_without_stars_is_named_in_the_complaint() {
        let complaints: Vec<String> =
            Part::ALL.iter().filter_map(|part| part.mark(0).err()).map(|wrong| wrong.to_string()).collect();
        assert_eq!(
            complaints,
            [
                "Give the visit as a whole one to five stars.",
                "Give the food one to five stars.",
                "Give the service one to five stars.",
                "Give the ambience one to five stars."
            ]
        );
        assert!(Part::ALL.iter().all(|part| part.mark(5) == Ok(Mark(5))));
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
            assert_eq!(may_write(*status, end, end), expected, "{status:?}");
        }
        assert_eq!(may_write(Status::Finished, end, at("2027-02-19T22:00:00Z")), Ok(()));
        assert_eq!(may_write(Status::Finished, end, at("2027-02-19T22:00:01Z")), Err(Refusal::LongAgo));
    }

    #[test]
    fn a_review_is_changed_for_14_days_by_who_saw_it_last() {
        let written = at("2026-11-22T10:00:00Z");
        assert_eq!(may_change(written, 3, 3, at("2026-12-06T10:00:00Z")), Ok(()));
        assert_eq!(may_change(written, 3, 2, at("2026-12-06T10:00:00Z")), Err(Refusal::Stale(3)));
        assert_eq!(may_change(written, 3, 3, at("2026-12-06T10:00:01Z")), Err(Refusal::Settled));
    }
}
