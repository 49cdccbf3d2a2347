//! People who work at a venue.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::StaffId;
use crate::policy::Role;
use crate::text::{Email, Slug};

/// Somebody who works at a venue, or is asked to. Whether the address has an account is told to nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Member {
    /// Names this place at the venue.
    pub id: StaffId,
    /// Who has it.
    pub email: Email,
    /// What they are there.
    pub role: Role,
    /// Since when they are that.
    pub since: DateTime<Utc>,
}

/// A venue where somebody works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Work {
    /// The venue, by its name in addresses.
    pub venue: Slug,
    /// Its name.
    pub venue_name: String,
    /// What they are there.
    pub role: Role,
}
