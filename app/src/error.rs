//! What went wrong, as pages and islands say it.

use domain::field::FieldErrors;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::api::Sitting;

/// Why a page or a server function has no better answer; its words are for the person who reads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UiError {
    /// The rules or another guest were in the way; nothing was changed.
    #[error("{sentence}")]
    Refused {
        /// The reason as a word: `no_table`, `hold_expired`, `stale`.
        code: String,
        /// The reason as a sentence.
        sentence: String,
        /// What can be had instead, nearest first. It stays on the server, which draws it.
        #[serde(skip)]
        instead: Vec<Sitting>,
    },
    /// It is not there, or not for this visitor.
    #[error("There is nothing here. The address may have a typo, or the link may have expired.")]
    NotFound,
    /// The visitor may not do this.
    #[error("You are not allowed to do this.")]
    Forbidden,
    /// The visitor must sign in first.
    #[error("Please sign in first.")]
    Unauthenticated,
    /// Too many requests.
    #[error("That was a lot at once. You can go on in {}.", how_long(*retry_after))]
    Throttled {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// The input breaks rules.
    #[error("{0}")]
    Invalid(FieldErrors),
    /// The form was sent before with other words in it.
    #[error("This form was sent already, with something else in it. Please load the page again.")]
    KeyReused,
    /// Something we depend on is away.
    #[error("We cannot reach our reservation book for the moment. Please try again in {}.", how_long(*retry_after))]
    Unavailable {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// A fault of ours, logged where it happened.
    #[error("Something went wrong on our side, and nothing was changed. Please try again.")]
    Broken,
    /// The browser could not reach the server.
    #[error("The connection dropped. Please try again.")]
    Unreachable,
    /// The server did not answer in time.
    #[error("That took too long. Please try again.")]
    TimedOut,
    /// The answer was not what was asked for.
    #[error("We got an answer that makes no sense. Please load the page again.")]
    Garbled,
}

impl UiError {
    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Refused { .. } => 409,
            Self::NotFound => 404,
            Self::Forbidden => 403,
            Self::Unauthenticated => 401,
            Self::Throttled { .. } => 429,
            Self::Invalid(_) | Self::KeyReused => 422,
            Self::Unavailable { .. } => 503,
            Self::Broken | Self::Garbled => 500,
            Self::Unreachable => 502,
            Self::TimedOut => 504,
        }
    }

    /// How many seconds to wait before trying again, where the server said so.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::Throttled { retry_after } | Self::Unavailable { retry_after } => Some(*retry_after),
            _ => None,
        }
    }

    /// Whether the same request may well succeed a moment later.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Broken | Self::Unreachable | Self::TimedOut)
    }

    /// Whether this is a refusal for this reason.
    #[must_use]
    pub fn is(&self, reason: &str) -> bool {
        matches!(self, Self::Refused { code, .. } if code == reason)
    }

    /// The complaints about fields, none for other errors.
    #[must_use]
    pub fn fields(&self) -> FieldErrors {
        match self {
            Self::Invalid(errors) => errors.clone(),
            _ => FieldErrors::default(),
        }
    }

    /// What can be had instead, where something can.
    #[must_use]
    pub fn instead(&self) -> &[Sitting] {
        match self {
            Self::Refused { instead, .. } => instead,
            _ => &[],
        }
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let error = match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            // On the server these say that the browser's words could not be read; in the browser, that the server's could not.
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_)
                if cfg!(feature = "ssr") =>
            {
                Self::Invalid(FieldErrors::one("", &domain::field::Complaint::new("We could not read this request.")))
            }
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Serialization(_) => Self::Garbled,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => Self::Broken,
        };
        #[cfg(feature = "ssr")]
        crate::ssr::tell_status(&error);
        error
    }
}

#[cfg(feature = "ssr")]
impl From<backend::Error> for UiError {
    fn from(error: backend::Error) -> Self {
        use backend::Error;
        use domain::field::Complaint;
        match error {
            Error::Refused { refusal, alternatives } => Self::Refused {
                code: refusal.code().to_owned(),
                sentence: refusal.to_string(),
                instead: alternatives.iter().map(crate::show::sitting).collect(),
            },
            Error::ReviewRefused(refusal) => {
                Self::Refused { code: refusal.code().to_owned(), sentence: refusal.to_string(), instead: Vec::new() }
            }
            Error::NotFound => Self::NotFound,
            Error::Forbidden => Self::Forbidden,
            Error::Unauthenticated => Self::Unauthenticated,
            Error::Throttled { retry_after } => Self::Throttled { retry_after: seconds(retry_after) },
            Error::Invalid(errors) => Self::Invalid(errors),
            failed @ Error::SignInFailed => {
                Self::Invalid(FieldErrors::one("/password", &Complaint::new(failed.to_string())))
            }
            Error::KeyReused => Self::KeyReused,
            Error::Unavailable { retry_after, .. } => Self::Unavailable { retry_after: seconds(retry_after) },
            Error::Corrupt(_) | Error::Database(_) | Error::Broken(_) => {
                tracing::error!(error = backend::told(&error), "a page has no answer");
                Self::Broken
            }
        }
    }
}

#[cfg(feature = "ssr")]
impl From<FieldErrors> for UiError {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

/// How long to wait, rounded up, in the unit that says it best: "40 seconds", "12 minutes", "3 hours".
#[must_use]
pub fn how_long(seconds: u32) -> String {
    let (number, unit) = match seconds {
        0..=90 => (seconds, "second"),
        91..=5_400 => (seconds.div_ceil(60), "minute"),
        _ => (seconds.div_ceil(3_600), "hour"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// Whole seconds, rounded up, at least one.
#[cfg(feature = "ssr")]
fn seconds(wait: std::time::Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use std::time::Duration;

    use domain::reservation::Refusal;

    use super::*;

    #[test]
    fn each_failure_has_its_status() {
        let refused = |refusal| UiError::from(backend::Error::refused(refusal));
        assert_eq!(refused(Refusal::HoldExpired).status(), 409);
        assert_eq!(UiError::from(backend::Error::NotFound).status(), 404);
        assert_eq!(UiError::from(backend::Error::invalid("/party", "no")).status(), 422);
        assert_eq!(UiError::from(backend::Error::KeyReused).status(), 422);
        assert_eq!(UiError::from(backend::Error::database_away()).status(), 503);
        assert_eq!(UiError::from(backend::Error::Broken("secret".to_owned())).status(), 500);
    }

    #[test]
    fn a_fault_of_ours_says_nothing_about_itself() {
        let error = UiError::from(backend::Error::Corrupt("guest_email of 42".to_owned()));
        assert_eq!(error, UiError::Broken);
        assert!(!error.to_string().contains("42"));
    }

    #[test]
    fn a_refusal_keeps_its_word_and_its_sentence() {
        let error = UiError::from(backend::Error::refused(Refusal::HoldExpired));
        assert!(error.is("hold_expired") && !error.is("stale"));
        assert_eq!(error.to_string(), "Your hold on this table has run out. Please choose a time again.");
    }

    #[test]
    fn waits_are_whole_seconds_and_never_none() {
        assert_eq!(seconds(Duration::ZERO), 1);
        assert_eq!(seconds(Duration::from_millis(1_001)), 2);
        let error = UiError::from(backend::Error::Throttled { retry_after: Duration::from_secs(24) });
        assert_eq!(error.retry_after(), Some(24));
    }

    #[test]
    fn a_wait_is_said_in_the_unit_that_says_it_best() {
        let said = [1, 90, 91, 3_652, 5_400, 5_401].map(how_long);
        assert_eq!(said, ["1 second", "90 seconds", "2 minutes", "61 minutes", "90 minutes", "2 hours"]);
    }

    #[test]
    fn undecodable_arguments_are_the_callers_fault() {
        let error = UiError::from_server_fn_error(ServerFnErrorErr::Deserialization("expected a map".to_owned()));
        assert_eq!(error.status(), 422);
        assert!(!error.to_string().contains("map"));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert!(UiError::Unreachable.may_pass() && UiError::TimedOut.may_pass());
        assert!(!UiError::NotFound.may_pass() && !UiError::Throttled { retry_after: 1 }.may_pass());
    }

    #[test]
    fn errors_survive_the_wire() {
        let error = UiError::Unavailable { retry_after: 3 };
        assert_eq!(UiError::de(error.ser()), error);
        assert_eq!(UiError::de(b"<html>".to_vec().into()).status(), 422);
    }
}
