//! Rows of reviews, and how they become what the domain knows.

use chrono::{DateTime, Utc};
use domain::id::{ReservationId, ReviewId, VenueId};
use domain::review::{CHANGED_WITHIN, Mark, PublishedReview, Review, Stars, VenueAnswer};

use crate::error::stored;
use crate::{Error, Result};

/// Who wrote what is not known any more.
const NOBODY: &str = "A guest";

/// A review with what only its author sees.
pub struct ReviewRow {
    pub id: ReviewId,
    pub rev: i32,
    pub reservation_id: ReservationId,
    pub venue_id: VenueId,
    pub slug: String,
    pub food: i16,
    pub service: i16,
    pub ambience: i16,
    pub overall: i16,
    pub body: String,
    pub written_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
}

impl TryFrom<ReviewRow> for Review {
    type Error = Error;

    fn try_from(row: ReviewRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            rev: row.rev,
            reservation: row.reservation_id,
            venue: stored("slug", &row.slug)?,
            stars: stars([row.food, row.service, row.ambience, row.overall])?,
            body: stored("review", &row.body)?,
            written_at: row.written_at,
            changeable_until: row.written_at + CHANGED_WITHIN,
            answer: answer(row.answer, row.answered_at)?,
        })
    }
}

/// A review as it stands in a list.
pub struct PublishedRow {
    pub id: ReviewId,
    pub author: Option<String>,
    pub visited: String,
    pub food: i16,
    pub service: i16,
    pub ambience: i16,
    pub overall: i16,
    pub body: String,
    pub written_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
}

impl TryFrom<PublishedRow> for PublishedReview {
    type Error = Error;

    fn try_from(row: PublishedRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            author: row.author.unwrap_or_else(|| NOBODY.to_owned()),
            visited: row.visited,
            stars: stars([row.food, row.service, row.ambience, row.overall])?,
            body: stored("review", &row.body)?,
            answer: answer(row.answer, row.answered_at)?,
        })
    }
}

fn stars([food, service, ambience, overall]: [i16; 4]) -> Result<Stars> {
    let mark = |stars: i16| Mark::try_from(i64::from(stars)).map_err(|wrong| Error::Corrupt(wrong.to_string()));
    Ok(Stars { food: mark(food)?, service: mark(service)?, ambience: mark(ambience)?, overall: mark(overall)? })
}

fn answer(body: Option<String>, at: Option<DateTime<Utc>>) -> Result<Option<VenueAnswer>> {
    body.zip(at).map(|(body, at)| Ok(VenueAnswer { body: stored("answer", &body)?, at })).transpose()
}
