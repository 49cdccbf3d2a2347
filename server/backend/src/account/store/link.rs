//! The SQL of the links that are mailed, and of the outbox they leave by.

use chrono::{DateTime, Utc};
use domain::id::AccountId;
use domain::text::Email;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Owner, OwnerRow, accept_invitations, lock, lock_invited};
use crate::account::letter::Errand;
use crate::error::stored;
use crate::notify::Notice;
use crate::reservation::store::attach;
use crate::{Origin, Result};

/// An address to be confirmed.
pub struct NewAddress<'a> {
    pub account: AccountId,
    pub email: &'a Email,
    pub token_id: Uuid,
    pub token_hash: &'a [u8],
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Asks the new address; where it is somebody else's, they hear of it. False when the account's password is no longer the one that was
/// checked.
pub async fn request_address(db: &mut PgConnection, entry: &NewAddress<'_>, password_hash: &str) -> sqlx::Result<bool> {
    if lock(db, entry.account).await?.as_deref() != Some(password_hash) {
        return Ok(false);
    }
    let taken = sqlx::query_scalar!(
        r#"select exists (select from accounts where email = $1 and email_confirmed_at is not null) as "taken!""#,
        entry.email.as_str()
    );
    if taken.fetch_one(&mut *db).await? {
        send(db, &Errand::new(Notice::AlreadyRegistered, entry.email.clone())).await?;
    } else {
        send_link(db, entry).await?;
    }
    Ok(true)
}

/// Mails a link to an address; links sent before are good no more.
pub(super) async fn send_link(db: &mut PgConnection, entry: &NewAddress<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from mailed_tokens where account_id = $1 and purpose = 'confirm' and used_at is null and id <> $2",
        entry.account.0,
        entry.token_id
    )
    .execute(&mut *db)
    .await?;
    let made = sqlx::query!(
        "insert into mailed_tokens (id, account_id, purpose, email, hash, created_at, expires_at)
         values ($1, $2, 'confirm', $3, $4, $5, $6) on conflict (id) do nothing",
        entry.token_id,
        entry.account.0,
        entry.email.as_str(),
        entry.token_hash,
        entry.now,
        entry.expires_at
    );
    // It is there already when this is done again, because the answer got lost.
    if made.execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(());
    }
    let errand = Errand { token: Some(entry.token_id), ..Errand::new(Notice::ConfirmAddress, entry.email.clone()) };
    send(db, &errand).await
}

/// Puts a letter into the outbox.
pub async fn send(db: &mut PgConnection, errand: &Errand) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into outbox (topic, payload, origin) values ('mail', $1, $2)",
        Json(errand) as _,
        Origin::present().map(Json) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A link that confirms an address, and the hash of the password of whoever may.
pub struct Link<'h> {
    pub id: Uuid,
    pub hash: &'h [u8],
    pub email: Email,
    pub password_hash: String,
}

/// The link of this id and hash, while it is good.
pub async fn find_link<'h>(
    db: &mut PgConnection,
    id: Uuid,
    hash: &'h [u8],
    now: DateTime<Utc>,
) -> Result<Option<Link<'h>>> {
    let known = sqlx::query!(
        "select t.email, a.password_hash from mailed_tokens t join accounts a on a.id = t.account_id
         where t.id = $1 and t.purpose = 'confirm' and t.hash = $2 and t.expires_at > $3 and a.disabled_at is null",
        id,
        hash,
        now
    );
    let known = known.fetch_optional(db).await?;
    let link = known.map(|known| {
        Ok(Link { id, hash, email: stored("address", &known.email)?, password_hash: known.password_hash })
    });
    link.transpose()
}

/// Confirms the address of a link, moves the account there when it was another, and gives it the bookings of that address and the roles
/// it was asked to have; false when its password is no longer the one that was checked.
pub async fn confirm(db: &mut PgConnection, link: &Link<'_>, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let venues = lock_invited(db, link.email.as_str()).await?;
    let account = sqlx::query!(
        r#"select id as "id: AccountId", email from accounts
           where id = (select account_id from mailed_tokens where id = $1) and disabled_at is null and password_hash = $2 for update"#,
        link.id,
        link.password_hash
    );
    let Some(account) = account.fetch_optional(&mut *db).await? else { return Ok(false) };
    let used_at = sqlx::query_scalar!(
        "select used_at from mailed_tokens where id = $1 and purpose = 'confirm' and hash = $2 and expires_at > $3",
        link.id,
        link.hash,
        now
    );
    let Some(used_at) = used_at.fetch_optional(&mut *db).await? else { return Ok(false) };
    let email = link.email.as_str();
    if used_at.is_some() {
        return Ok(email == account.email);
    }
    if email != account.email {
        // Whoever registered it and never confirmed it has no claim to it.
        sqlx::query!("delete from accounts where email = $1 and email_confirmed_at is null", email)
            .execute(&mut *db)
            .await?;
        // A link that went to the old address is good no more.
        sqlx::query!("delete from mailed_tokens where account_id = $1 and purpose = 'reset'", account.id.0)
            .execute(&mut *db)
            .await?;
        sqlx::query!(
            "insert into outbox (topic, payload, origin) values ('mail', jsonb_build_object('template', $1::text, 'to', $2::text), $3)",
            Notice::AddressChanged.word(),
            account.email,
            Origin::present().map(Json) as _
        )
        .execute(&mut *db)
        .await?;
    }
    sqlx::query!("update accounts set email = $2, email_confirmed_at = $3 where id = $1", account.id.0, email, now)
        .execute(&mut *db)
        .await?;
    sqlx::query!("update mailed_tokens set used_at = $2 where id = $1", link.id, now).execute(&mut *db).await?;
    attach(db, account.id).await?;
    accept_invitations(db, account.id, &venues).await?;
    Ok(true)
}

/// Makes the token of a letter that is about to leave; false when nobody has an account with this address.
pub async fn add_reset(
    db: &mut PgConnection,
    id: Uuid,
    hash: &[u8],
    email: &str,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into mailed_tokens (id, account_id, purpose, email, hash, created_at, expires_at)
         select $1, a.id, 'reset', a.email, $2, $4, $5 from accounts a where a.email = $3 and a.disabled_at is null for key share
         on conflict (id) do update set expires_at = excluded.expires_at where mailed_tokens.used_at is null",
        id,
        hash,
        email,
        now,
        expires_at
    );
    Ok(made.execute(db).await?.rows_affected() == 1)
}

/// Whose password a mailed token resets.
pub async fn owner_of_reset(db: &mut PgConnection, id: Uuid, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Owner>> {
    let row = sqlx::query_as!(
        OwnerRow,
        r#"select a.id as "id: AccountId", a.email, a.name, a.password_hash
           from mailed_tokens t join accounts a on a.id = t.account_id and a.email = t.email
           where t.id = $1 and t.purpose = 'reset' and t.hash = $2 and t.expires_at > $3 and t.used_at is null and a.disabled_at is null"#,
        id,
        hash,
        now
    );
    row.fetch_optional(db).await?.map(Owner::try_from).transpose()
}
