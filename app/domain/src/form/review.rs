//! Reviews and lists of them, as they arrive.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{at, parse_rev, rule};
use crate::field::FieldErrors;
use crate::review::{Part, Stars};
use crate::text::{Reply, ReviewText};

/// Stars for each part of a visit, 1 to 5.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StarsForm {
    /// The food.
    #[validate(custom(function = "rule::food"))]
    pub food: i64,
    /// The service.
    #[validate(custom(function = "rule::service"))]
    pub service: i64,
    /// The ambience.
    #[validate(custom(function = "rule::ambience"))]
    pub ambience: i64,
    /// The visit as a whole.
    #[validate(custom(function = "rule::overall"))]
    pub overall: i64,
}

impl TryFrom<StarsForm> for Stars {
    type Error = FieldErrors;

    fn try_from(form: StarsForm) -> Result<Self, FieldErrors> {
        Ok(Self {
            food: at("/stars/food", Part::Food.mark(form.food))?,
            service: at("/stars/service", Part::Service.mark(form.service))?,
            ambience: at("/stars/ambience", Part::Ambience.mark(form.ambience))?,
            overall: at("/stars/overall", Part::Overall.mark(form.overall))?,
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

/// What a venue answers to a review: `PUT /host/{slug}/reviews/{id}/answer`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    /// Its words, 1 to 1000 characters.
    #[validate(custom(function = "rule::reply"))]
    pub body: String,
}

impl TryFrom<AnswerForm> for Reply {
    type Error = FieldErrors;

    fn try_from(form: AnswerForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        at("/body", form.body.parse())
    }
}
