//! What a log may say of an error: which it was and where, and nothing that somebody wrote.

use std::error::Error as StdError;
use std::fmt;

use crate::Error;

/// An error as the log tells it. What kinds of errors may say is decided here, one by one; of any other it is said that there was one.
#[derive(Clone, Copy)]
pub struct Fault<'e>(&'e (dyn StdError + 'static));

impl<'e> Fault<'e> {
    /// How this error is told.
    #[must_use]
    pub const fn of(error: &'e (dyn StdError + 'static)) -> Self {
        Self(error)
    }
}

/// An error for the log: `tracing::warn!(error = told(&error), ..)`. The log tells it as a [`Fault`].
#[must_use]
pub fn told<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    error
}

impl fmt::Display for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(error) = self.0.downcast_ref::<Error>() {
            tell(f, error)
        } else if let Some(error) = self.0.downcast_ref::<sqlx::Error>() {
            tell_sql(f, error)
        } else if let Some(error) = self.0.downcast_ref::<redis::RedisError>() {
            write!(f, "redis: {}", error.category())
        } else if let Some(error) = self.0.downcast_ref::<std::io::Error>() {
            write!(f, "i/o: {}", error.kind())
        } else {
            f.write_str("an error of a kind that is not told")
        }
    }
}

impl fmt::Debug for Fault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn tell(f: &mut fmt::Formatter<'_>, error: &Error) -> fmt::Result {
    match error {
        Error::Database(error) => tell_sql(f, error),
        Error::Unavailable { service, .. } => write!(f, "{service} is away or busy"),
        // Sentences of ours, into which others may have put what they choked on.
        Error::Corrupt(words) => write!(f, "stored data is corrupt: {}", Unquoted(words)),
        Error::Broken(words) => write!(f, "{}", Unquoted(words)),
        Error::Invalid(errors) => {
            f.write_str("invalid:")?;
            errors.0.iter().try_for_each(|error| write!(f, " {}", Unquoted(&error.pointer)))
        }
        Error::Refused { refusal, .. } => write!(f, "refused: {}", refusal.code()),
        Error::ReviewRefused(refusal) => write!(f, "refused: {}", refusal.code()),
        Error::NotFound
        | Error::Forbidden
        | Error::Unauthenticated
        | Error::SignInFailed
        | Error::Throttled { .. }
        | Error::KeyReused => write!(f, "{error}"),
    }
}

fn tell_sql(f: &mut fmt::Formatter<'_>, error: &sqlx::Error) -> fmt::Result {
    match error {
        sqlx::Error::Database(error) => tell_postgres(f, error.as_ref()),
        sqlx::Error::Io(error) => write!(f, "postgres: i/o: {}", error.kind()),
        sqlx::Error::Tls(_) => f.write_str("postgres: tls"),
        sqlx::Error::Protocol(_) => f.write_str("postgres: protocol"),
        sqlx::Error::RowNotFound => f.write_str("postgres: no row"),
        // Columns are named in our own statements.
        sqlx::Error::ColumnNotFound(column) => write!(f, "postgres: no column {column}"),
        sqlx::Error::ColumnDecode { index, .. } => write!(f, "postgres: column {index} cannot be decoded"),
        sqlx::Error::PoolTimedOut => f.write_str("postgres: no connection in time"),
        sqlx::Error::PoolClosed => f.write_str("postgres: closed"),
        sqlx::Error::WorkerCrashed => f.write_str("postgres: worker crashed"),
        sqlx::Error::Migrate(_) => f.write_str("postgres: migration"),
        sqlx::Error::Encode(_) | sqlx::Error::Decode(_) => f.write_str("postgres: a value cannot be read or written"),
        _ => f.write_str("postgres: another kind of error"),
    }
}

/// The code (PostgreSQL manual, appendix A), and what of the error is about the schema. Its own words are kept out where they may quote
/// a value: wherever they do not speak of our statements, or of the state of the server.
fn tell_postgres(f: &mut fmt::Formatter<'_>, error: &dyn sqlx::error::DatabaseError) -> fmt::Result {
    let code = error.code().unwrap_or_default();
    write!(f, "postgres: {code}")?;
    if let Some(table) = error.table() {
        write!(f, " table {table}")?;
    }
    if let Some(constraint) = error.constraint() {
        write!(f, " constraint {constraint}")?;
    }
    if ["08", "25", "40", "42", "53", "55", "57", "58"].iter().any(|class| code.starts_with(class)) {
        write!(f, ": {}", error.message())?;
    }
    Ok(())
}

/// Words without what stands in quotes.
struct Unquoted<'w>(&'w str);

impl fmt::Display for Unquoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, quote, after)) = split_at_quote(rest) {
            write!(f, "{before}[..]")?;
            // What is not closed is quoted to the end.
            rest = after.rfind(quote).map_or("", |end| &after[end + quote.len_utf8()..]);
        }
        f.write_str(rest)
    }
}

fn split_at_quote(text: &str) -> Option<(&str, char, &str)> {
    let at = text.find(['"', '`'])?;
    let quote = if text[at..].starts_with('"') { '"' } else { '`' };
    Some((&text[..at], quote, &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use domain::field::{Complaint, FieldErrors};

    use super::*;

    fn said(error: &(dyn StdError + 'static)) -> String {
        Fault::of(error).to_string()
    }

    #[test]
    fn an_error_says_what_it_was_and_nothing_that_somebody_wrote() {
        let wrong_type: serde_json::Error = serde_json::from_str::<u8>("\"Quirina \\\" Zweistein\"").unwrap_err();
        for error in [
            Error::Corrupt(wrong_type.to_string()),
            Error::Broken(format!("the sender `Quirina` is none: {wrong_type}")),
            Error::Invalid(FieldErrors::one("/guest/name", &Complaint::new("Quirina is no name."))),
            Error::Database(sqlx::Error::Protocol("Quirina".to_owned())),
            Error::Database(sqlx::Error::Decode("Quirina Zweistein".into())),
            Error::Database(sqlx::Error::Io(std::io::Error::other("Quirina"))),
        ] {
            let said = said(&error);
            assert!(!said.contains("Quirina") && !said.contains("Zweistein"), "{said}");
            assert!(said.len() > 8, "{said}");
        }
        assert_eq!(
            said(&Error::Corrupt("venue: \"x\" at line 3".to_owned())),
            "stored data is corrupt: venue: [..] at line 3"
        );
        assert_eq!(said(&Error::away("postgres")), "postgres is away or busy");
    }

    #[test]
    fn of_errors_that_nobody_thought_of_it_is_said_that_there_was_one() {
        let error = "Quirina".parse::<u8>().unwrap_err();
        assert_eq!(said(&error), "an error of a kind that is not told");
    }
}
