//! What whoever sits at the machine does about accounts.

use domain::text::Email;
use sqlx::PgPool;

use super::store;
use crate::Result;
use crate::audit::{Actor, begin_as};
use crate::db::{Attempt, decide};

/// A change that only the operator makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorChange {
    /// Keep somebody out; their sessions end at once.
    Disable,
    /// Let them in again.
    Enable,
    /// Have them run the platform.
    MakeAdmin,
    /// Have them run it no more.
    UnmakeAdmin,
}

/// Carries the change out; false when no account has this address. Once more changes nothing.
///
/// # Errors
/// The database is away.
pub async fn change_account(pool: &PgPool, change: OperatorChange, email: &Email) -> Result<bool> {
    decide(async || {
        let mut tx = begin_as(pool, Actor::Operator).await?;
        let found = store::operate(&mut tx, change, email).await?;
        tx.commit().await?;
        Ok(Attempt::Decided(found))
    })
    .await
}
