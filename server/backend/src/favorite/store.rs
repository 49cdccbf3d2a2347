//! The SQL of favourites.

use chrono::{DateTime, Utc};
use domain::form::Slice;
use domain::id::{AccountId, VenueId};
use domain::text::Slug;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Result;

/// A venue that somebody keeps.
pub struct Kept {
    pub venue: VenueId,
    pub since: DateTime<Utc>,
}

/// The favourites of an account, the newest first, and one more than asked for where there are more.
pub async fn list(db: &mut PgConnection, owner: AccountId, asked: &Slice) -> sqlx::Result<Vec<Kept>> {
    let (at, id) = asked.after.map(|after| (after.at, after.id)).unzip();
    sqlx::query_as!(
        Kept,
        r#"select venue_id as "venue: VenueId", created_at as since from favorites
           where account_id = $1 and ($2::timestamptz is null or (created_at, venue_id) < ($2, $3))
           order by created_at desc, venue_id desc limit $4"#,
        owner.0,
        at,
        id,
        asked.one_more()
    )
    .fetch_all(db)
    .await
}

/// Those of these venues that an account keeps.
pub async fn among(db: &mut PgConnection, owner: AccountId, venues: &[Uuid]) -> sqlx::Result<Vec<VenueId>> {
    sqlx::query_scalar!(
        r#"select venue_id as "venue: VenueId" from favorites where account_id = $1 and venue_id = any($2)"#,
        owner.0,
        venues
    )
    .fetch_all(db)
    .await
}

/// Keeps a venue, unless it is kept already.
pub async fn insert(db: &mut PgConnection, owner: AccountId, venue: VenueId, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into favorites (account_id, venue_id, created_at) values ($1, $2, $3) on conflict do nothing",
        owner.0,
        venue.0,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Lets a venue go; false when there is no such venue at all.
pub async fn delete(db: &mut PgConnection, owner: AccountId, slug: &Slug) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"with venue as (select id from venues where slug = $2),
             gone as (delete from favorites f using venue where f.account_id = $1 and f.venue_id = venue.id)
           select exists (select from venue) as "known!""#,
        owner.0,
        slug.as_str()
    )
    .fetch_one(db)
    .await
}

/// Forgets what somebody kept.
pub async fn forget(db: &mut PgConnection, owner: AccountId) -> sqlx::Result<()> {
    sqlx::query!("delete from favorites where account_id = $1", owner.0).execute(db).await?;
    Ok(())
}

/// A favourite as its owner takes it with them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ExportedFavorite {
    /// The venue, by its name in addresses.
    pub venue: String,
    /// Its name.
    pub venue_name: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// All favourites of an account, the oldest first.
pub async fn export(db: &mut PgConnection, owner: AccountId) -> Result<Vec<ExportedFavorite>> {
    let rows = sqlx::query_as!(
        ExportedFavorite,
        "select v.slug as venue, v.name as venue_name, f.created_at as since from favorites f join venues v on v.id = f.venue_id
         where f.account_id = $1 order by f.created_at, f.venue_id",
        owner.0
    );
    Ok(rows.fetch_all(db).await?)
}
