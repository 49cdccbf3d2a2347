//! A venue's book, as its staff read it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::floor::Need;
use crate::id::ReservationId;
use crate::party::PartySize;
use crate::reservation::{Occasion, Status};
use crate::text::{Email, Note, PersonName, Phone, Reference};
use crate::time::LocalInstant;

/// One booking in the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Entry {
    /// Its id.
    pub id: ReservationId,
    /// What the guest says on the phone.
    pub reference: Reference,
    /// Where it is in its life.
    pub status: Status,
    /// Rises with every change.
    pub rev: i32,
    /// When they come, with the venue's offset.
    pub start: LocalInstant,
    /// When the table is given up.
    pub end: LocalInstant,
    /// The clock's face at the start: `19:30`.
    pub local: String,
    /// The service date.
    pub date: NaiveDate,
    /// How many come.
    pub party: PartySize,
    /// The tables they have, by their labels.
    pub tables: Vec<String>,
    /// Who comes.
    pub name: PersonName,
    /// Where they are written to; bookings by telephone may have none.
    pub email: Option<Email>,
    /// Where they are called.
    pub phone: Option<Phone>,
    /// What they told the venue.
    pub notes: Note,
    /// What they need.
    pub needs: Vec<Need>,
    /// What they celebrate.
    pub occasion: Option<Occasion>,
    /// How late they said to be.
    pub late_minutes: Option<i16>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}
