//! The SQL of sessions and their refresh tokens.

use chrono::{DateTime, Utc};
use domain::id::{AccountId, SessionId};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::Result;
use crate::db::{BATCH, in_batches};

/// What signing in needs to know of an account.
pub struct Login {
    pub id: AccountId,
    pub password_hash: String,
}

/// The account of an address, whatever its state: who may not sign in is told after the hash, like everybody.
pub async fn find_login(db: &mut PgConnection, email: &str) -> Result<Option<Login>> {
    let row =
        sqlx::query_as!(Login, r#"select id as "id: AccountId", password_hash from accounts where email = $1"#, email);
    Ok(row.fetch_optional(db).await?)
}

/// A session to be begun.
pub struct NewSession<'a> {
    pub id: Uuid,
    pub login: &'a Login,
    pub email: &'a str,
    pub device: &'a str,
    pub refresh_hash: &'a [u8],
    pub now: DateTime<Utc>,
    pub most: i64,
}

/// Begins a session where the account may sign in and the password is still the one that was checked, gives it what waits for its
/// address, and says which older sessions ended for want of room; one call, and the whole transaction.
pub async fn begin(db: &mut PgConnection, entry: &NewSession<'_>) -> sqlx::Result<Option<Vec<Uuid>>> {
    let row = sqlx::query!(
        r#"select begun as "begun!", crowded_out as "crowded_out!" from begin_session($1, $2, $3, $4, $5, $6, $7, $8)"#,
        entry.id,
        entry.login.id.0,
        entry.email,
        entry.login.password_hash,
        entry.device,
        entry.refresh_hash,
        entry.now,
        entry.most
    );
    let row = row.fetch_one(db).await?;
    Ok(row.begun.then_some(row.crowded_out))
}

/// A refresh token that we gave out, and its session.
pub struct Held {
    pub session: SessionId,
    pub account: AccountId,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub is_over: bool,
    pub used_at: Option<DateTime<Utc>>,
    pub next_is_used: bool,
}

/// What became of a refresh token.
pub enum Renewal {
    Renewed(AccountId, SessionId),
    Refused,
    /// It was used before, and its session was ended for that.
    Stolen(SessionId),
}

/// Finds a refresh token and locks it with its session, so that copies of it come one after the other.
pub async fn find_refresh(db: &mut PgConnection, hash: &[u8], next_hash: &[u8]) -> sqlx::Result<Option<Held>> {
    sqlx::query_as!(
        Held,
        r#"select s.id as "session: SessionId", s.account_id as "account: AccountId", s.created_at, s.last_used_at,
             (s.ended_at is not null or a.disabled_at is not null) as "is_over!", t.used_at,
             exists (select from refresh_tokens n where n.hash = $2 and n.used_at is not null) as "next_is_used!"
           from refresh_tokens t join sessions s on s.id = t.session_id join accounts a on a.id = s.account_id
           where t.hash = $1 for update of t, s"#,
        hash,
        next_hash
    )
    .fetch_optional(db)
    .await
}

/// Puts the next refresh token into the place of this one.
pub async fn rotate(
    db: &mut PgConnection,
    session: SessionId,
    hash: &[u8],
    next_hash: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with used as (update refresh_tokens set used_at = $4 where hash = $2),
           next as (insert into refresh_tokens (hash, session_id, issued_at) values ($3, $1, $4))
         update sessions set last_used_at = $4 where id = $1",
        session.0,
        hash,
        next_hash,
        now
    )
    .execute(db)
    .await?;
    Ok(())
}

/// One session of a list.
pub struct SessionRow {
    pub id: SessionId,
    pub device: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
}

/// Where an account is signed in, what was used last first.
pub async fn list(
    db: &mut PgConnection,
    account: AccountId,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<SessionRow>> {
    let rows = sqlx::query_as!(
        SessionRow,
        r#"select id as "id: SessionId", device, created_at, last_used_at from sessions
           where account_id = $1 and ended_at is null and last_used_at > $2 order by last_used_at desc, id desc limit $3"#,
        account.0,
        since,
        most
    );
    Ok(rows.fetch_all(db).await?)
}

/// Ends a session; false when the account has none of this id.
pub async fn end(db: &mut PgConnection, session: SessionId, account: AccountId) -> sqlx::Result<bool> {
    let ended = sqlx::query!(
        "update sessions set ended_at = coalesce(ended_at, clock_timestamp()) where id = $1 and account_id = $2",
        session.0,
        account.0
    );
    Ok(ended.execute(db).await?.rows_affected() == 1)
}

/// Ends the session that a refresh token is of, and says which.
pub async fn end_by_refresh(db: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "update sessions s set ended_at = coalesce(s.ended_at, clock_timestamp()) from refresh_tokens t
         where t.hash = $1 and s.id = t.session_id returning s.id",
        hash
    )
    .fetch_optional(db)
    .await
}

/// Ends every session of an account but one, and says which.
pub async fn end_all(db: &mut PgConnection, account: AccountId, stays: Option<SessionId>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "update sessions set ended_at = clock_timestamp() where account_id = $1 and ended_at is null and id is distinct from $2 returning id",
        account.0,
        stays.map(|session| session.0)
    )
    .fetch_all(db)
    .await
}

/// The database's clock, and the sessions that ended since then; without it, in the last quarter of an hour.
pub async fn ended_since(
    db: &mut PgConnection,
    since: Option<DateTime<Utc>>,
    most: i64,
) -> Result<(DateTime<Utc>, Vec<Uuid>)> {
    let row = sqlx::query!(
        r#"select clock_timestamp() as "now!", array(
             select id from sessions where ended_at > coalesce($1, clock_timestamp() - interval '15 minutes') limit $2) as "ended!""#,
        since,
        most
    );
    let row = row.fetch_one(db).await?;
    Ok((row.now, row.ended))
}

/// Whether a session is over, or was never there.
pub async fn is_over(db: &mut PgConnection, session: Uuid) -> Result<bool> {
    let live = sqlx::query_scalar!(
        r#"select exists (select from sessions where id = $1 and ended_at is null) as "live!""#,
        session
    );
    Ok(!live.fetch_one(db).await?)
}

/// Throws away sessions that are long over, and used tokens that nobody will bring again.
pub async fn clean(pool: &PgPool) -> sqlx::Result<()> {
    let tokens = in_batches(|| {
        sqlx::query!(
            "delete from refresh_tokens where hash in
               (select hash from refresh_tokens where used_at < clock_timestamp() - interval '30 days' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    let tokens = tokens.await;
    let sessions = in_batches(|| {
        sqlx::query!(
            "delete from sessions where id in
               (select id from sessions where least(ended_at, last_used_at) < clock_timestamp() - interval '60 days' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    tokens.and(sessions.await)
}
