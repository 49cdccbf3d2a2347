//! Accounts and sessions: who somebody is, and how they say so.

mod address;
mod device;
mod erase;
mod export;
mod hashing;
mod letter;
mod me;
mod operator;
mod password;
mod permit;
mod register;
mod session;
pub(crate) mod store;
mod watch;

use std::time::Duration;

use chrono::TimeDelta;
use domain::id::{AccountId, SessionId};

use crate::audit::Actor;

pub use device::device;
pub use export::Export;
pub use hashing::{Hashing, hash};
pub(crate) use letter::{Errand, post_letter};
pub use operator::{OperatorChange, change_account};
pub(crate) use permit::not_theirs;
pub use permit::{HousePermit, Permit};
pub use watch::Watch;

/// How long an access token is good.
const ACCESS_LASTS: Duration = Duration::from_mins(10);

/// How long a link that confirms an address is good.
const CONFIRM_WITHIN: TimeDelta = TimeDelta::days(3);

/// How long a link that resets a password is good.
const RESET_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Says who calls; only `Backend` makes one, from an access token that is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    account: AccountId,
    session: SessionId,
}

impl SignedIn {
    /// Whose call it is.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Who they are to the audit, about their own affairs.
    pub(crate) const fn actor(&self) -> Actor {
        Actor::Guest(self.account)
    }

    /// Where they are signed in.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }
}

/// What a client carries of a session. It does not print.
pub struct SessionTokens {
    /// The session.
    pub session: SessionId,
    /// Shows who calls.
    pub access: String,
    /// How long it does.
    pub access_lasts: Duration,
    /// Gets the next pair, once.
    pub refresh: String,
    /// How long it does, unless it is used.
    pub refresh_lasts: Duration,
}
