//! What can be booked: a pure function of rules, claims and the clock, over bitmasks.
//!
//! A service date is cut into [`TICKS`] quarter hours from its rollover, 32 hours in all: a day of 25 hours, when the clock is put
//! back, and the longest turn from its last start. A table's day is one `u128`: bit `t` is set when tick `t` is taken. A start is
//! possible where the free ticks of all tables of an option run on for turn and buffer; runs of `n` are found in `log2(n)` shifts.
//!
//! [`Floor`] is made once per version of a venue's rules, [`Plan`] once per floor and date, [`Day`] once per change of bookings.

mod day;
mod mask;
mod offer;
mod openings;
mod plan;
mod seat;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use day::{Claim, Day, Pace};
pub use offer::{Offer, SeatingOption};
pub use openings::Openings;
pub use plan::{Plan, Sitting};
pub use seat::Floor;

use crate::floor::{Need, words};
use crate::id::AreaId;
use crate::party::PartySize;
use crate::time::LocalInstant;

/// Quarter hours in one day's view.
pub const TICKS: u8 = 128;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anyone, online: online tables, online pacing, notice and horizon.
    Guest,
    /// Staff at the venue: every table, the full pace, no notice.
    Staff,
}

/// One question to a day.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// How many come.
    pub party: PartySize,
    /// Only in this area.
    pub area: Option<AreaId>,
    /// What they need.
    pub needs: Cow<'a, [Need]>,
    /// Who asks.
    pub audience: Audience,
    /// When.
    pub now: DateTime<Utc>,
}

impl Ask<'_> {
    /// A guest's question about any table for so many.
    #[must_use]
    pub const fn guest(party: PartySize, now: DateTime<Utc>) -> Self {
        Ask { party, area: None, needs: Cow::Borrowed(&[]), audience: Audience::Guest, now }
    }
}

words! {
    /// Why a start cannot be had.
    Reason("There is no such reason.") {
        /// The venue is closed, or does not seat at that time.
        Closed = "closed" / "The venue does not seat guests at that time.",
        /// The start is past, or nearer than the venue's notice.
        TooSoon = "too_soon" / "It is too late to book this time online.",
        /// The start lies beyond the horizon.
        TooFar = "too_far" / "This date is not open for booking yet.",
        /// No table is made for so many.
        PartySize = "party_size" / "No table here seats a party of this size.",
        /// No table meets the needs.
        Needs = "needs" / "No table here meets these needs.",
        /// Every table that fits is taken.
        NoTable = "no_table" / "Every table that fits is taken at that time.",
        /// The kitchen has as many covers as it takes at once.
        Pacing = "pacing" / "The kitchen is full at that time.",
        /// What is left is on hold while somebody decides.
        Held = "held" / "The last table is on hold for another guest; it may come back in a few minutes.",
        /// Only staff give out the tables that fit.
        Access = "access" / "These tables are given out by telephone only.",
        /// After the last seating.
        PastLastSeating = "past_last_seating" / "This is after the last seating.",
    }

    /// Whether a start can be had.
    StartState("There is no such state.") {
        /// Booked at once.
        Open = "open" / "open",
        /// The venue is asked first.
        Request = "request" / "on request",
        /// It cannot; the reason says why.
        Full = "full" / "full",
    }
}

/// One start of a day and whether it can be had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Start {
    /// When, with the venue's offset.
    pub start: LocalInstant,
    /// The service date: times after midnight belong to the evening before.
    pub date: NaiveDate,
    /// The clock's face at the venue: `19:30`.
    pub local: String,
    /// What the venue calls the service it belongs to; empty on a day with hours of its own.
    pub service: String,
    /// Whether it can be had.
    pub state: StartState,
    /// Why not.
    pub reason: Option<Reason>,
    /// Where it can be had.
    pub areas: Vec<AreaId>,
}
