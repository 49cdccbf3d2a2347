//! Everything that keeps a use case from its answer.

use std::time::Duration;

use domain::availability::{Reason, Start};
use domain::field::{Complaint, FieldErrors};
use domain::reservation::Refusal;

/// The service whose connection was lost in the middle, as opposed to: none could be had in time.
pub(crate) const LOST: &str = "postgres";

/// `query_canceled`: the statement took longer than the server allows.
pub(crate) const TOOK_TOO_LONG: &str = "57014";

/// The answer, or what kept it.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no answer. Adapters turn each into theirs in one `match` without a wildcard.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules or another guest were in the way; nothing was changed.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// What could be had instead, nearest first in time.
        alternatives: Vec<Start>,
    },
    /// The rules about reviews were in the way; nothing was changed.
    #[error("{0}")]
    ReviewRefused(domain::review::Refusal),
    /// It is not there, or not for this caller.
    #[error("There is nothing here.")]
    NotFound,
    /// The caller may not do this.
    #[error("You are not allowed to do this.")]
    Forbidden,
    /// The caller must sign in first.
    #[error("Please sign in first.")]
    Unauthenticated,
    /// Name and password do not go together, or not yet; it says no more, or it would tell who has an account.
    #[error("This email address and this password do not match, or the address is not confirmed yet.")]
    SignInFailed,
    /// Too many requests.
    #[error("That was a lot at once. Please wait a moment.")]
    Throttled {
        /// When to come back.
        retry_after: Duration,
    },
    /// The input breaks rules.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The idempotency key was used for another request.
    #[error("This idempotency key was used for another request.")]
    KeyReused,
    /// Something we depend on is away.
    #[error("We cannot do this right now. Please try again in a moment.")]
    Unavailable {
        /// What is away, for the logs.
        service: &'static str,
        /// When to come back.
        retry_after: Duration,
    },
    /// Stored data broke a rule of the domain: a bug of ours.
    #[error("stored data is corrupt: {0}")]
    Corrupt(String),
    /// The database answered something unexpected: a bug of ours.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// A setting or an answer of an outside part makes no sense.
    #[error("{0}")]
    Broken(String),
}

impl Error {
    /// A start that cannot be had, without alternatives.
    #[must_use]
    pub const fn unavailable(reason: Reason) -> Self {
        Self::refused(Refusal::Unavailable(reason))
    }

    /// A refusal without alternatives.
    #[must_use]
    pub const fn refused(refusal: Refusal) -> Self {
        Self::Refused { refusal, alternatives: Vec::new() }
    }

    /// One complaint about one field.
    #[must_use]
    pub fn invalid(pointer: &str, words: &'static str) -> Self {
        Self::Invalid(FieldErrors::one(pointer, &Complaint::new(words)))
    }

    /// The database is away or busy.
    #[must_use]
    pub const fn database_away() -> Self {
        Self::away(LOST)
    }

    pub(crate) const fn away(service: &'static str) -> Self {
        Self::Unavailable { service, retry_after: Duration::from_secs(3) }
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if !is_away(&error) {
            return Self::Database(error);
        }
        tracing::warn!(error = crate::told(&error), "the database is away");
        match error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::away("connections"),
            _ => Self::database_away(),
        }
    }
}

/// Whether the error says that PostgreSQL cannot be reached, as opposed to: it answered no.
pub(crate) fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        // Classes 08 (connection), 53 (out of resources) and 57P (shut down by an operator), PostgreSQL manual, appendix A.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code.starts_with("08")
                || code.starts_with("53")
                || code.starts_with("57P")
                // Read only, idle in a transaction, and longer than a statement may take, the wait for a lock included.
                || matches!(&*code, "25006" | "25P03" | TOOK_TOO_LONG)
        }),
        _ => false,
    }
}

/// Turns stored text back into a domain value.
pub(crate) fn stored<T: std::str::FromStr<Err = Complaint>>(what: &'static str, text: &str) -> Result<T> {
    text.parse().map_err(|complaint| Error::Corrupt(format!("{what}: {complaint}")))
}
