//! Holding, booking, changing and cancelling: the use cases around the arbiter in the database.

mod booking;
mod calendar;
mod diary;
mod hold;
mod letter;
mod manage;
pub(crate) mod read;
pub(crate) mod store;

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{AccountId, AreaId, ReservationId};
use domain::party::PartySize;
use domain::reservation::Reservation;
use domain::text::Slug;
use domain::time::LocalInstant;
use domain::venue::Policy;
use serde::{Deserialize, Serialize};

use crate::audit::Actor;

pub(crate) use letter::post_letter;

/// Where a booking came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Our pages.
    Web,
    /// The REST interface.
    Api,
}

impl Source {
    const fn word(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Api => "api",
        }
    }
}

/// A table kept for a few minutes while somebody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Hold {
    /// Names the hold; book with it, extend it, or let it go.
    pub token: String,
    /// The venue.
    pub venue: Slug,
    /// The start it keeps.
    pub start: LocalInstant,
    /// The service date: times after midnight belong to the evening before.
    pub date: NaiveDate,
    /// The clock's face at the venue: `19:30`.
    pub local: String,
    /// The party it is for.
    pub party: PartySize,
    /// Where the kept table stands.
    pub area: Option<AreaId>,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
    /// How far it can be extended.
    pub extendable_until: DateTime<Utc>,
    /// Whether booking it will ask the venue first.
    pub request: bool,
    /// The terms it will be booked on.
    pub policy: Policy,
}

/// A booking just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Booked {
    /// The booking.
    #[serde(flatten)]
    pub reservation: Reservation,
    /// Opens it, for whoever has it.
    pub manage_token: String,
    /// Whether this is the answer to an earlier request with the same key.
    #[serde(skip)]
    pub replayed: bool,
}

/// Says that the caller may see and change one booking; only `Backend::admit` and `Backend::admit_owner` make one.
#[derive(Debug)]
pub struct Proof {
    id: ReservationId,
    token: String,
    /// Who is signed in and whose booking it is; nobody where only the link proved it.
    owner: Option<AccountId>,
}

impl Proof {
    /// The booking it is for.
    #[must_use]
    pub const fn id(&self) -> ReservationId {
        self.id
    }

    /// Who they are to the audit.
    pub(crate) fn actor(&self) -> Actor {
        self.owner.map_or(Actor::Nobody, Actor::Guest)
    }

    /// The token that proves it.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::reservation::Status;

    /// A booking for two in Lisbon.
    pub fn booking() -> Reservation {
        serde_json::from_value(serde_json::json!({
            "id": "018f0000-0000-7000-8000-000000000001", "reference": "K7M4QX", "status": Status::Booked, "rev": 1,
            "venue": "taberna-do-rio", "venue_name": "Taberna do Rio",
            "start": "2026-11-21T19:30:00+00:00", "end": "2026-11-21T21:00:00+00:00", "local": "19:30", "date": "2026-11-21", "party": 2, "area": null,
            "guest": {"name": "Inês Duarte", "email": "ines@example.com", "phone": null}, "notes": "", "needs": [], "occasion": null,
            "policy": {"free_cancel_minutes": 1440, "text": ""}, "late_minutes": null,
            "created_at": "2026-11-20T10:00:00Z", "changed_at": "2026-11-20T10:00:00Z"
        }))
        .unwrap()
    }
}
