//! The SQL of everything we hold about somebody.

use chrono::{DateTime, Utc};
use domain::account::Account;
use domain::id::{AccountId, ReservationId, SessionId};
use serde::Serialize;
use sqlx::PgConnection;

use super::find_profile;
use crate::Result;

/// An account as its owner takes it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedAccount {
    /// What it says of them.
    #[serde(flatten)]
    pub account: Account,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its address was confirmed.
    pub email_confirmed_at: Option<DateTime<Utc>>,
    /// Since when they run the platform, for whoever does.
    pub admin_since: Option<DateTime<Utc>>,
}

/// Who they are.
pub async fn account(db: &mut PgConnection, id: AccountId) -> Result<Option<ExportedAccount>> {
    let Some(account) = find_profile(&mut *db, id).await? else { return Ok(None) };
    let row = sqlx::query!("select created_at, email_confirmed_at, admin_since from accounts where id = $1", id.0);
    let row = row.fetch_one(db).await?;
    Ok(Some(ExportedAccount {
        account,
        created_at: row.created_at,
        email_confirmed_at: row.email_confirmed_at,
        admin_since: row.admin_since,
    }))
}

/// A session as its owner takes it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedSession {
    /// Names it.
    pub id: SessionId,
    /// What they sat at, as far as it said so.
    pub device: String,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Where they are and were signed in.
pub async fn sessions(db: &mut PgConnection, owner: AccountId) -> Result<Vec<ExportedSession>> {
    let rows = sqlx::query_as!(
        ExportedSession,
        r#"select id as "id: SessionId", device, created_at, last_used_at, ended_at from sessions
           where account_id = $1 order by created_at, id"#,
        owner.0
    );
    Ok(rows.fetch_all(db).await?)
}

/// An emailed link as its owner takes it with them; the link itself is nowhere but in the letter.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedLink {
    /// What it is for: `confirm` or `reset`.
    pub purpose: String,
    /// The address it went to.
    pub email: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ran out, or does.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

/// The links that were mailed to them.
pub async fn links(db: &mut PgConnection, owner: AccountId) -> Result<Vec<ExportedLink>> {
    let rows = sqlx::query_as!(
        ExportedLink,
        "select purpose, email, created_at, expires_at, used_at from mailed_tokens where account_id = $1 order by created_at, id",
        owner.0
    );
    Ok(rows.fetch_all(db).await?)
}

/// A letter as its reader takes it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedLetter {
    /// Which letter.
    pub letter: String,
    /// The booking it is about.
    pub reservation: Option<ReservationId>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// The letters about their bookings and their account that are not yet thrown away.
pub async fn letters(db: &mut PgConnection, owner: AccountId) -> Result<Vec<ExportedLetter>> {
    let rows = sqlx::query_as!(
        ExportedLetter,
        r#"select o.payload ->> 'template' as "letter!", (o.payload ->> 'reservation_id')::uuid as "reservation: ReservationId", o.created_at as "created_at!",
             o.done_at as sent_at
           from (
             select t.id, t.payload, t.created_at, t.done_at from outbox t join accounts a on t.payload ->> 'to' = a.email where a.id = $1
             union all
             select t.id, t.payload, t.created_at, t.done_at from outbox t join reservations r on t.payload ->> 'reservation_id' = r.id::text
             where r.account_id = $1) o
           order by o.id"#,
        owner.0
    );
    Ok(rows.fetch_all(db).await?)
}

/// What a venue asks somebody to be there, as they take it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedInvitation {
    /// The venue, by its name in addresses.
    pub venue: String,
    /// Its name.
    pub venue_name: String,
    /// What they are to be: `host`, `manager` or `owner`.
    pub role: String,
    /// Since when they are asked.
    pub since: DateTime<Utc>,
}

/// What their address is asked to be; an address that is not confirmed may be somebody else's.
pub async fn invitations(db: &mut PgConnection, owner: AccountId) -> Result<Vec<ExportedInvitation>> {
    let rows = sqlx::query_as!(
        ExportedInvitation,
        "select v.slug as venue, v.name as venue_name, i.role, i.since
         from accounts a join staff_invitations i on i.email = a.email join venues v on v.id = i.venue_id
         where a.id = $1 and a.email_confirmed_at is not null order by i.since, i.id",
        owner.0
    );
    Ok(rows.fetch_all(db).await?)
}

/// What the audit says somebody did, as they take it with them.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExportedAct {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done: `made`, `changed`, `cancelled`.
    pub action: String,
    /// What it was done to: `reservation`, `review`, `session`, `account`, `favorite`, `staff` or `invitation`.
    pub subject: String,
}

/// The latest of what they did, so much at most.
pub async fn acts(db: &mut PgConnection, owner: AccountId, most: i64) -> Result<Vec<ExportedAct>> {
    let rows = sqlx::query_as!(
        ExportedAct,
        "select at, action, subject from audit.entries where account_id = $1 order by at desc, id desc limit $2",
        owner.0,
        most
    );
    Ok(rows.fetch_all(db).await?)
}
