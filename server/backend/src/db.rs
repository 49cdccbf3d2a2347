//! Manners toward PostgreSQL: what may be tried again, and when to give up.
//!
//! Each attempt lies in a box: to wait for a connection takes four kilobytes, which every request that might need one would carry along.

use std::time::Duration;

use sqlx::postgres::PgQueryResult;
use sqlx::{PgPool, Postgres, SqlSafeStr, Transaction};

use crate::error::{Error, LOST, Result, TOOK_TOO_LONG, is_away};

/// Attempts of one write before the caller hears of trouble.
const ATTEMPTS: u32 = 4;

/// Dead connections that one call may come upon: a whole pool of them, after PostgreSQL was restarted. Each is found out at once.
const DEAD: u32 = 32;

/// What became of one attempt at a write.
pub enum Attempt<T> {
    /// It is decided.
    Decided(T),
    /// The database asks to begin again; nothing was decided.
    Again,
}

/// Runs a write until it is decided: again after a serialization failure (40001), a deadlock (40P01) or the function's own
/// "retry", and after a lost connection, since every write carries an idempotency key and so cannot happen twice.
pub async fn decide<T, F>(mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = std::result::Result<Attempt<T>, sqlx::Error>>,
{
    let (mut tried, mut dead) = (0, 0);
    while tried < ATTEMPTS && dead < DEAD {
        match Box::pin(attempt()).await {
            Ok(Attempt::Decided(outcome)) => return Ok(outcome),
            Err(error) if lost_its_answer(&error) => {
                tracing::debug!(error = crate::told(&error), "a write begins again on another connection");
                dead += 1;
                tokio::time::sleep(Duration::from_millis(2)).await;
                continue;
            }
            Ok(Attempt::Again) => tracing::debug!(tried, "a write begins again"),
            Err(error) if begins_again(&error) => {
                tracing::debug!(tried, error = crate::told(&error), "a write begins again");
            }
            Err(error) => return Err(error.into()),
        }
        tried += 1;
        tokio::time::sleep(Duration::from_millis(5 << tried)).await;
    }
    Err(Error::database_away())
}

/// The beginning of a transaction that reads everything as of one instant.
pub const AS_OF_NOW: &str = "begin isolation level repeatable read read only";

/// Begins a transaction, also for whoever leaves meanwhile: it is rolled back then.
///
/// A guest may hang up at any moment, and sqlx forgets a transaction whose beginning nobody waited for: its connection would go back to
/// the others within it (<https://github.com/transact-rs/sqlx/issues/4393>).
pub async fn begin(pool: &PgPool, how: impl SqlSafeStr) -> sqlx::Result<Transaction<'static, Postgres>> {
    let (connection, how) = (pool.acquire().await?, how.into_sql_str());
    let begun = tokio::spawn(Transaction::begin(connection, Some(how)));
    begun.await.map_err(|_panic| sqlx::Error::WorkerCrashed)?
}

/// Runs a read, and again after a lost connection.
pub async fn read<T, F>(mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    for _ in 1..DEAD {
        match Box::pin(attempt()).await {
            Err(Error::Unavailable { service: LOST, .. }) => tokio::time::sleep(Duration::from_millis(2)).await,
            outcome => return outcome,
        }
    }
    Box::pin(attempt()).await
}

fn begins_again(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| matches!(&*code, "40001" | "40P01"))
}

fn code(error: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code)
}

/// The connection broke in the middle. Neither a pool that has none to give is such a case nor a statement that took too long:
/// waiting again would double the wait.
fn lost_its_answer(error: &sqlx::Error) -> bool {
    let waited = matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed)
        || code(error) == Some(TOOK_TOO_LONG.into());
    is_away(error) && !waited
}

/// The name of the constraint that a write ran into.
pub fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error().and_then(|error| error.constraint())
}

/// Rows thrown away at a time, so that no statement takes long.
pub const BATCH: i64 = 2000;

/// Deletes until there is less than a batch.
pub async fn in_batches<F>(delete: impl Fn() -> F) -> sqlx::Result<()>
where
    F: Future<Output = sqlx::Result<PgQueryResult>>,
{
    while delete().await?.rows_affected() == BATCH.unsigned_abs() {}
    Ok(())
}
