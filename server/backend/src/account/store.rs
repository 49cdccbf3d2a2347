//! The SQL of accounts. Each write is one transaction, which the use case begins.

mod erase;
pub mod export;
mod link;
mod profile;
pub mod session;
pub mod staff;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use domain::id::{AccountId, SessionId};
use domain::text::{Email, PersonName};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::letter::Errand;
use super::operator::OperatorChange;
use crate::Result;
use crate::db::{BATCH, in_batches};
use crate::error::stored;
use crate::notify::Notice;
use crate::reservation::store::attach;

pub use erase::{Erasure, erase};
use link::send_link;
pub use link::{NewAddress, add_reset, confirm, find_link, owner_of_reset, request_address, send};
pub use profile::{change_profile, find_profile};
pub use session::{ended_since, is_over};
pub use staff::{accept_invitations, lock_invited, standing};

/// An account to be made.
pub struct NewAccount<'a> {
    pub key: &'a str,
    pub request_hash: &'a [u8],
    pub id: Uuid,
    pub name: &'a PersonName,
    pub email: &'a Email,
    pub password_hash: &'a str,
    pub token_id: Uuid,
    pub token_hash: &'a [u8],
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What became of a registration, or of another request that is answered alike whoever asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    Done,
    KeyReused,
}

/// Makes an account and its letter; of an address that is confirmed already only its owner hears.
pub async fn register(db: &mut PgConnection, entry: &NewAccount<'_>) -> sqlx::Result<Registered> {
    if let Some(known) = known(db, "register", entry.key, entry.request_hash).await? {
        return Ok(known);
    }
    let account = sqlx::query_scalar!(
        "insert into accounts as a (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)
         on conflict (email) do update set name = excluded.name, password_hash = excluded.password_hash, created_at = excluded.created_at
         where a.email_confirmed_at is null and a.disabled_at is null
         returning id",
        entry.id,
        entry.email.as_str(),
        entry.name.as_str(),
        entry.password_hash,
        entry.now
    );
    match account.fetch_optional(&mut *db).await? {
        Some(account) => {
            let link = NewAddress {
                account: AccountId(account),
                email: entry.email,
                token_id: entry.token_id,
                token_hash: entry.token_hash,
                now: entry.now,
                expires_at: entry.expires_at,
            };
            send_link(db, &link).await?;
        }
        None => send(db, &Errand::new(Notice::AlreadyRegistered, entry.email.clone())).await?,
    }
    remember(db, "register", entry.key, entry.request_hash).await
}

/// Sends a letter, once for each key.
pub async fn send_once(
    db: &mut PgConnection,
    scope: &str,
    key: &str,
    request_hash: &[u8],
    errand: &Errand,
) -> sqlx::Result<Registered> {
    if let Some(known) = known(db, scope, key, request_hash).await? {
        return Ok(known);
    }
    send(db, errand).await?;
    remember(db, scope, key, request_hash).await
}

/// What became of a request with this key before.
async fn known(db: &mut PgConnection, scope: &str, key: &str, hash: &[u8]) -> sqlx::Result<Option<Registered>> {
    let known = sqlx::query_scalar!("select outcome from arbiter.known_answer($1, $2, $3)", scope, key, hash);
    Ok(known.fetch_one(db).await?.map(|outcome| match &*outcome {
        "key_reused" => Registered::KeyReused,
        _ => Registered::Done,
    }))
}

async fn remember(db: &mut PgConnection, scope: &str, key: &str, hash: &[u8]) -> sqlx::Result<Registered> {
    sqlx::query!("select from arbiter.remember_answer($1, $2, $3, '{}')", scope, key, hash).fetch_one(db).await?;
    Ok(Registered::Done)
}

/// An account that is not disabled.
pub struct Owner {
    pub id: AccountId,
    pub email: Email,
    pub name: PersonName,
    pub password_hash: String,
}

struct OwnerRow {
    id: AccountId,
    email: String,
    name: String,
    password_hash: String,
}

impl TryFrom<OwnerRow> for Owner {
    type Error = crate::Error;

    fn try_from(row: OwnerRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            email: stored("address", &row.email)?,
            name: stored("name", &row.name)?,
            password_hash: row.password_hash,
        })
    }
}

/// An account by its id.
pub async fn find_owner(db: &mut PgConnection, id: AccountId) -> Result<Option<Owner>> {
    let row = sqlx::query_as!(
        OwnerRow,
        r#"select id as "id: AccountId", email, name, password_hash from accounts where id = $1 and disabled_at is null"#,
        id.0
    );
    row.fetch_optional(db).await?.map(Owner::try_from).transpose()
}

/// Locks an account, which comes before its links, its sessions and its bookings, and after venues; its password's hash, unless it is
/// disabled.
pub async fn lock(db: &mut PgConnection, id: AccountId) -> sqlx::Result<Option<String>> {
    let account = sqlx::query_scalar!(
        "select password_hash from accounts where id = $1 and disabled_at is null for no key update",
        id.0
    );
    account.fetch_optional(db).await
}

/// Changes a password and ends the other sessions; `None` when it is no longer the one that was looked at.
pub async fn change_password(
    db: &mut PgConnection,
    owner: &Owner,
    new_hash: &str,
    stays: SessionId,
) -> sqlx::Result<Option<Vec<Uuid>>> {
    let changed = sqlx::query!(
        "update accounts set password_hash = $3 where id = $1 and password_hash = $2 and disabled_at is null",
        owner.id.0,
        owner.password_hash,
        new_hash
    );
    if changed.execute(&mut *db).await?.rows_affected() == 0 {
        return is_done(db, owner.id, new_hash).await;
    }
    seal_off(db, owner, Some(stays)).await.map(Some)
}

/// A password to be set by a mailed token.
pub struct Reset<'a> {
    pub token: Uuid,
    pub owner: &'a Owner,
    pub password_hash: &'a str,
    pub now: DateTime<Utc>,
}

/// Uses a token up and sets the password; `None` when the token was used meanwhile. Who reads mail there has confirmed the address.
pub async fn reset_password(db: &mut PgConnection, reset: &Reset<'_>) -> sqlx::Result<Option<Vec<Uuid>>> {
    let venues = lock_invited(db, reset.owner.email.as_str()).await?;
    lock(db, reset.owner.id).await?;
    let used = sqlx::query!(
        "update mailed_tokens t set used_at = $2 from accounts a
         where t.id = $1 and a.id = t.account_id and a.email = t.email and a.disabled_at is null and t.used_at is null",
        reset.token,
        reset.now
    );
    if used.execute(&mut *db).await?.rows_affected() == 0 {
        return is_done(db, reset.owner.id, reset.password_hash).await;
    }
    sqlx::query!(
        "update accounts set password_hash = $2, email_confirmed_at = coalesce(email_confirmed_at, $3) where id = $1",
        reset.owner.id.0,
        reset.password_hash,
        reset.now
    )
    .execute(&mut *db)
    .await?;
    attach(db, reset.owner.id).await?;
    accept_invitations(db, reset.owner.id, &venues).await?;
    seal_off(db, reset.owner, None).await.map(Some)
}

/// Whether a password is set already: a hash is salted, so that this very call set it, with all that follows, and its answer got lost.
async fn is_done(db: &mut PgConnection, account: AccountId, new_hash: &str) -> sqlx::Result<Option<Vec<Uuid>>> {
    let is_set = sqlx::query_scalar!(
        r#"select exists (select from accounts where id = $1 and password_hash = $2 and disabled_at is null) as "set!""#,
        account.0,
        new_hash
    );
    Ok(is_set.fetch_one(db).await?.then(Vec::new))
}

/// After a new password: ends every session but one, and tells the owner. Links that are on their way are good no more, or somebody
/// who was shut out could still move the account to an address of theirs.
async fn seal_off(db: &mut PgConnection, owner: &Owner, stays: Option<SessionId>) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query!("delete from mailed_tokens where account_id = $1 and used_at is null", owner.id.0)
        .execute(&mut *db)
        .await?;
    send(db, &Errand::new(Notice::PasswordChanged, owner.email.clone())).await?;
    session::end_all(db, owner.id, stays).await
}

/// Carries out what the operator wants; false when no account has this address.
pub async fn operate(db: &mut PgConnection, change: OperatorChange, email: &Email) -> sqlx::Result<bool> {
    let (disabled, admin) = match change {
        OperatorChange::Disable => (Some(true), None),
        OperatorChange::Enable => (Some(false), None),
        OperatorChange::MakeAdmin => (None, Some(true)),
        OperatorChange::UnmakeAdmin => (None, Some(false)),
    };
    let found = sqlx::query!(
        "update accounts set
           disabled_at = case $2::boolean when true then coalesce(disabled_at, now()) when false then null else disabled_at end,
           admin_since = case $3::boolean when true then coalesce(admin_since, now()) when false then null else admin_since end
         where email = $1",
        email.as_str(),
        disabled,
        admin
    );
    Ok(found.execute(db).await?.rows_affected() == 1)
}

/// The name of whoever has confirmed this address.
pub async fn name_of(db: &mut PgConnection, email: &str) -> Result<Option<PersonName>> {
    let name =
        sqlx::query_scalar!("select name from accounts where email = $1 and email_confirmed_at is not null", email);
    name.fetch_optional(db).await?.map(|name| stored("name", &name)).transpose()
}

/// Throws away what nobody needs any more: old sessions, used tokens, links, and accounts that nobody confirmed. Of these it locks each
/// as it looks at it, and leaves one that is locked: it may be on its way to being confirmed.
pub async fn clean(pool: &PgPool) -> sqlx::Result<()> {
    let sessions = session::clean(pool).await;
    let links = in_batches(|| {
        sqlx::query!(
            "delete from mailed_tokens where id in
               (select id from mailed_tokens where expires_at < clock_timestamp() - interval '7 days' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    let links = links.await;
    let accounts = in_batches(|| {
        sqlx::query!(
            "delete from accounts where id in
               (select id from accounts where email_confirmed_at is null and erased_at is null and created_at < clock_timestamp() - interval '7 days'
                limit $1 for update skip locked)",
            BATCH
        )
        .execute(pool)
    });
    sessions.and(links).and(accounts.await)
}
