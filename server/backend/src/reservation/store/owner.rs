//! Whose bookings they are.

use domain::id::AccountId;
use sqlx::PgConnection;

/// Gives an account the bookings that name its confirmed address and belong to nobody. The transaction has locked the account.
pub async fn attach(db: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!("select from arbiter.attach_bookings($1)", account.0).fetch_one(db).await?;
    Ok(())
}
