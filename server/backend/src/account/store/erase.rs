//! The SQL of forgetting somebody.

use chrono::{DateTime, Utc};
use domain::id::VenueId;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::Owner;
use crate::days::Changes;
use crate::db::Attempt;
use crate::reservation::store::changes;

/// What became of an account that was to be erased.
pub enum Erasure {
    /// Nothing is left of its owner, by this call or an earlier one: the sessions that ended, and what the cancelled bookings moved.
    Done(Vec<Uuid>, Vec<(VenueId, Changes)>),
    /// There is no such account any more.
    Gone,
    /// Its password is no longer the one that was checked.
    Stale,
    /// A venue would be left without an owner.
    LastOwner,
}

#[derive(Debug, Deserialize)]
struct Moved {
    venue: VenueId,
    changes: Value,
}

/// Cancels what is to come, and takes everything away that names the owner.
pub async fn erase(db: &mut PgConnection, owner: &Owner, now: DateTime<Utc>) -> sqlx::Result<Attempt<Erasure>> {
    let row = sqlx::query!(
        r#"select outcome as "outcome!", moved as "moved!: Json<Vec<Moved>>", ended as "ended!" from erase_account($1, $2, $3)"#,
        owner.id.0,
        owner.password_hash,
        now
    );
    let row = row.fetch_one(db).await?;
    Ok(Attempt::Decided(match row.outcome.as_str() {
        "done" => {
            let moved = row.moved.0.into_iter().map(|moved| Ok((moved.venue, changes(moved.changes)?)));
            Erasure::Done(row.ended, moved.collect::<sqlx::Result<_>>()?)
        }
        "gone" => Erasure::Gone,
        "stale" => Erasure::Stale,
        "last_owner" => Erasure::LastOwner,
        "retry" => return Ok(Attempt::Again),
        other => return Err(sqlx::Error::Decode(format!("erasing answered {other}").into())),
    }))
}
