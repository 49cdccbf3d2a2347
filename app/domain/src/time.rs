//! Wall clocks and instants: midnight, both clock changes, every zone.
//!
//! Rules are written in the venue's wall clock; instants are UTC. Only this module turns one into the other.

#[cfg(feature = "native")]
mod zone;

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, Timelike, Utc};
use serde::{Deserialize, Serialize};
#[cfg(feature = "native")]
pub use zone::Zone;

/// The grain of all times, in minutes; every start, turn and buffer is a multiple.
pub const TICK_MINUTES: i64 = 15;

/// One tick as a duration.
pub const TICK: Duration = Duration::minutes(TICK_MINUTES);

/// An instant as the venue's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct LocalInstant(pub DateTime<FixedOffset>);

impl LocalInstant {
    /// The instant itself.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0.to_utc()
    }

    /// The clock's face: `19:30`.
    #[must_use]
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.0.hour(), self.0.minute())
    }

    /// The calendar date on the wall.
    #[must_use]
    pub fn date(self) -> NaiveDate {
        self.0.date_naive()
    }
}
