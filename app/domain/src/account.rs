//! People who sign in, and where they are signed in.

#[cfg(feature = "native")]
mod password;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::SessionId;
use crate::text::{Email, PersonName};
#[cfg(feature = "native")]
pub use password::Password;

/// Somebody with an account, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Account {
    /// Their name.
    pub name: PersonName,
    /// Where their mail goes, and what they sign in with.
    pub email: Email,
}

/// One place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Session {
    /// Names it; end it by this.
    pub id: SessionId,
    /// What they sit at, as far as it says so: `Firefox on Linux`.
    pub device: String,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}
