//! Holds, bookings, changes, cancellations and lateness, as they arrive.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{at, optional, parse_area, parse_rev, parse_start, rule};
use crate::field::FieldErrors;
use crate::floor::{self, Need};
use crate::id::AreaId;
use crate::party::PartySize;
use crate::reservation::{Guest, Occasion};
use crate::text::{Note, Slug};

/// What a hold asks for: `POST /venues/{slug}/holds`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldForm {
    /// When, RFC 3339 with offset.
    #[validate(custom(function = "rule::start"))]
    pub start: String,
    /// How many come, 1 to 50.
    #[validate(custom(function = "rule::party"))]
    pub party: i64,
    /// Only in this area.
    #[validate(custom(function = "rule::area"))]
    #[serde(default)]
    pub area: Option<String>,
    /// What they need of the table.
    #[validate(custom(function = "rule::needs"))]
    #[serde(default)]
    pub needs: Vec<String>,
}

/// A table asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// When.
    pub start: DateTime<Utc>,
    /// How many.
    pub party: PartySize,
    /// Where.
    pub area: Option<AreaId>,
    /// Their needs.
    pub needs: Vec<Need>,
}

impl TryFrom<HoldForm> for Wish {
    type Error = FieldErrors;

    fn try_from(form: HoldForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            start: at("/start", parse_start(&form.start))?,
            party: at("/party", form.party.try_into())?,
            area: at("/area", parse_area(form.area.as_deref()))?,
            needs: at("/needs", floor::needs(&form.needs))?,
        })
    }
}

/// Who books.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuestForm {
    /// Their name, 1 to 80 characters.
    #[validate(custom(function = "rule::name"))]
    #[serde(default)]
    pub name: String,
    /// Their email address.
    #[validate(custom(function = "rule::email"))]
    #[serde(default)]
    pub email: String,
    /// Their telephone number with country code, if they like.
    #[validate(custom(function = "rule::phone"))]
    #[serde(default)]
    pub phone: Option<String>,
}

/// What a booking asks for: `POST /reservations`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookingForm {
    /// The venue's slug.
    #[validate(custom(function = "rule::slug"))]
    pub venue: String,
    /// When, RFC 3339 with offset.
    #[validate(custom(function = "rule::start"))]
    pub start: String,
    /// How many come, 1 to 50.
    #[validate(custom(function = "rule::party"))]
    pub party: i64,
    /// Only in this area.
    #[validate(custom(function = "rule::area"))]
    #[serde(default)]
    pub area: Option<String>,
    /// The token of a hold on this very table time.
    #[validate(custom(function = "rule::token"))]
    #[serde(default)]
    pub hold: Option<String>,
    /// Who books.
    #[validate(nested)]
    pub guest: GuestForm,
    /// What the venue should know, at most 500 characters.
    #[validate(custom(function = "rule::notes"))]
    #[serde(default)]
    pub notes: String,
    /// What they need.
    #[validate(custom(function = "rule::needs"))]
    #[serde(default)]
    pub needs: Vec<String>,
    /// What they celebrate.
    #[validate(custom(function = "rule::occasion"))]
    #[serde(default)]
    pub occasion: Option<String>,
}

/// A booking asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Booking {
    /// The venue.
    pub venue: Slug,
    /// The table.
    pub wish: Wish,
    /// The hold it is on, if any.
    pub hold: Option<String>,
    /// Who comes.
    pub guest: Guest,
    /// What the venue should know.
    pub notes: Note,
    /// What they celebrate.
    pub occasion: Option<Occasion>,
}

impl TryFrom<BookingForm> for Booking {
    type Error = FieldErrors;

    fn try_from(form: BookingForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            venue: at("/venue", form.venue.parse())?,
            wish: Wish {
                start: at("/start", parse_start(&form.start))?,
                party: at("/party", form.party.try_into())?,
                area: at("/area", parse_area(form.area.as_deref()))?,
                needs: at("/needs", floor::needs(&form.needs))?,
            },
            hold: form.hold.filter(|token| !token.is_empty()),
            guest: Guest {
                name: at("/guest/name", form.guest.name.parse())?,
                email: at("/guest/email", form.guest.email.parse())?,
                phone: at("/guest/phone", optional(form.guest.phone.as_deref()).map(str::parse).transpose())?,
            },
            notes: at("/notes", form.notes.parse())?,
            occasion: at("/occasion", optional(form.occasion.as_deref()).map(str::parse).transpose())?,
        })
    }
}

/// What a change asks for: `PATCH /reservations/{id}`; what is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    /// The revision the guest saw.
    #[validate(custom(function = "rule::rev"))]
    pub rev: i64,
    /// The new start.
    #[validate(custom(function = "rule::start"))]
    #[serde(default)]
    pub start: Option<String>,
    /// The new party.
    #[validate(custom(function = "rule::party"))]
    #[serde(default)]
    pub party: Option<i64>,
    /// The new area; an empty text for any.
    #[validate(custom(function = "rule::area"))]
    #[serde(default)]
    pub area: Option<String>,
    /// The new notes.
    #[validate(custom(function = "rule::notes"))]
    #[serde(default)]
    pub notes: Option<String>,
}

/// A change asked for; `None` stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The revision the guest saw.
    pub rev: i32,
    /// The new start.
    pub start: Option<DateTime<Utc>>,
    /// The new party.
    pub party: Option<PartySize>,
    /// The new area, `Some(None)` for any.
    pub area: Option<Option<AreaId>>,
    /// The new notes.
    pub notes: Option<Note>,
}

impl Change {
    /// Whether the table itself may have to change.
    #[must_use]
    pub const fn moves(&self) -> bool {
        self.start.is_some() || self.party.is_some() || self.area.is_some()
    }
}

impl TryFrom<ChangeForm> for Change {
    type Error = FieldErrors;

    fn try_from(form: ChangeForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            rev: at("/rev", parse_rev(form.rev))?,
            start: at("/start", form.start.as_deref().map(parse_start).transpose())?,
            party: at("/party", form.party.map(TryInto::try_into).transpose())?,
            area: at("/area", form.area.as_deref().map(|area| parse_area(Some(area))).transpose())?,
            notes: at("/notes", form.notes.as_deref().map(str::parse).transpose())?,
        })
    }
}

/// What a cancellation says: `POST /reservations/{id}/cancel`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    /// The revision the guest saw.
    #[validate(custom(function = "rule::rev"))]
    pub rev: i64,
    /// Why, if they like to say.
    #[validate(custom(function = "rule::notes"))]
    #[serde(default)]
    pub reason: String,
}

impl TryFrom<CancelForm> for (i32, Note) {
    type Error = FieldErrors;

    fn try_from(form: CancelForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok((at("/rev", parse_rev(form.rev))?, at("/reason", form.reason.parse())?))
    }
}

/// How late a guest is: `POST /reservations/{id}/late`.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateForm {
    /// The revision the guest saw, if they want to be sure.
    #[validate(custom(function = "rule::rev"))]
    #[serde(default)]
    pub rev: Option<i64>,
    /// Minutes, 1 to 120.
    #[validate(range(min = 1, max = 120, message = "Give a number of minutes between 1 and 120."))]
    pub minutes: i16,
}

impl TryFrom<LateForm> for (Option<i32>, i16) {
    type Error = FieldErrors;

    fn try_from(form: LateForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok((at("/rev", form.rev.map(parse_rev).transpose())?, form.minutes))
    }
}
