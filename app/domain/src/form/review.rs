//! Reviews and lists of them, as they arrive.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{LIMIT, at, number, optional, parse_rev, rule};
use crate::field::{Complaint, FieldErrors};
use crate::id::ReviewId;
use crate::review::Stars;
use crate::text::ReviewText;

/// Stars for each part of a visit, 1 to 5.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StarsForm {
    /// The food.
    #[validate(custom(function = "rule::mark"))]
    pub food: i64,
    /// The service.
    #[validate(custom(function = "rule::mark"))]
    pub service: i64,
    /// The ambience.
    #[validate(custom(function = "rule::mark"))]
    pub ambience: i64,
    /// The visit as a whole.
    #[validate(custom(function = "rule::mark"))]
    pub overall: i64,
}

impl TryFrom<StarsForm> for Stars {
    type Error = FieldErrors;

    fn try_from(form: StarsForm) -> Result<Self, FieldErrors> {
        Ok(Self {
            food: at("/stars/food", form.food.try_into())?,
            service: at("/stars/service", form.service.try_into())?,
            ambience: at("/stars/ambience", form.ambience.try_into())?,
            overall: at("/stars/overall", form.overall.try_into())?,
        })
    }
}

/// What a review says: `POST /reservations/{id}/review`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewForm {
    /// The stars.
    #[validate(nested)]
    pub stars: StarsForm,
    /// The words, at most 2000 characters, possibly none.
    #[validate(custom(function = "rule::review"))]
    #[serde(default)]
    pub body: String,
}

/// What a guest thinks of a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opinion {
    /// The stars.
    pub stars: Stars,
    /// The words.
    pub body: ReviewText,
}

impl TryFrom<ReviewForm> for Opinion {
    type Error = FieldErrors;

    fn try_from(form: ReviewForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { stars: form.stars.try_into()?, body: at("/body", form.body.parse())? })
    }
}

/// What a review says from now on: `PATCH /reviews/{id}`; what is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewChangeForm {
    /// The revision the guest saw.
    #[validate(custom(function = "rule::rev"))]
    pub rev: i64,
    /// The new stars, all four.
    #[validate(nested)]
    #[serde(default)]
    pub stars: Option<StarsForm>,
    /// The new words.
    #[validate(custom(function = "rule::review"))]
    #[serde(default)]
    pub body: Option<String>,
}

/// A change of a review asked for; `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReviewChange {
    /// The revision the guest saw.
    pub rev: i32,
    /// The new stars.
    pub stars: Option<Stars>,
    /// The new words.
    pub body: Option<ReviewText>,
}

impl TryFrom<ReviewChangeForm> for ReviewChange {
    type Error = FieldErrors;

    fn try_from(form: ReviewChangeForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            rev: at("/rev", parse_rev(form.rev))?,
            stars: form.stars.map(TryInto::try_into).transpose()?,
            body: at("/body", form.body.as_deref().map(str::parse).transpose())?,
        })
    }
}

/// Which reviews to list: the query of `GET /venues/{slug}/reviews`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ReviewsForm {
    /// Where the page before ended.
    #[validate(custom(function = "rule::review_cursor"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

/// A part of a venue's reviews, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewsWish {
    /// After which the part begins.
    pub cursor: Option<ReviewCursor>,
    /// How many.
    pub limit: u8,
}

impl TryFrom<ReviewsForm> for ReviewsWish {
    type Error = FieldErrors;

    fn try_from(form: ReviewsForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        let limit = optional(form.limit.as_deref()).map(|limit| number(limit, 1..=100, LIMIT)).transpose();
        Ok(Self {
            cursor: at("/cursor", optional(form.cursor.as_deref()).map(str::parse).transpose())?,
            limit: at("/limit", limit)?.unwrap_or(24),
        })
    }
}

/// Where a part of a list of reviews ended. It holds the place also when that review is gone.
///
/// Written as the microsecond it was written at, a dot, and its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReviewCursor {
    /// When the last review was written.
    pub written_at: DateTime<Utc>,
    /// The last review.
    pub id: ReviewId,
}

impl std::fmt::Display for ReviewCursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.written_at.timestamp_micros(), self.id)
    }
}

impl std::str::FromStr for ReviewCursor {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let read = || {
            let (micros, id) = text.split_once('.')?;
            // PostgreSQL has no years beyond these.
            let micros = micros.parse().ok().filter(|micros| (0..MOST_MICROS).contains(micros))?;
            Some(Self { written_at: DateTime::from_timestamp_micros(micros)?, id: id.parse().ok()? })
        };
        read().ok_or_else(|| Complaint::new("This is no place in the list. Please begin it again."))
    }
}

/// The year 5138, in microseconds.
const MOST_MICROS: i64 = 100_000_000_000_000_000;
