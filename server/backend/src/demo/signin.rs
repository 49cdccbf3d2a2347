//! Accounts to try the demo with. Their passwords are new at every run and never come from the seed.

use domain::id::VenueId;
use domain::text::{Email, Slug};
use rand::Rng;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::draw::id;
use crate::account::hash;
use crate::audit::{Actor, begin_as};
use crate::{Error, Result};

/// How to sign in to the demo.
#[derive(Clone, Serialize)]
pub struct SignIns {
    /// Somebody who books.
    pub guest: SignIn,
    /// Somebody who runs a room.
    pub staff: StaffSignIn,
}

/// An account and its password.
#[derive(Clone, Serialize)]
pub struct SignIn {
    /// Its mail address.
    pub email: Email,
    /// Its password, which is written down nowhere else.
    pub password: String,
}

/// An account of staff.
#[derive(Clone, Serialize)]
pub struct StaffSignIn {
    /// The account.
    #[serde(flatten)]
    pub account: SignIn,
    /// The venue they own.
    pub venue: Slug,
}

/// Makes both accounts, or gives them new passwords.
pub async fn renew(pool: &PgPool, venue: VenueId, slug: &Slug) -> Result<SignIns> {
    let (guest, guest_hash) = sign_in("guest@example.com").await?;
    let (staff, staff_hash) = sign_in("host@example.com").await?;
    let mut tx = begin_as(pool, Actor::Operator).await?;
    account(&mut tx, &guest, "Robin Guest", &guest_hash).await?;
    let owner = account(&mut tx, &staff, "Marta Ribeira", &staff_hash).await?;
    sqlx::query!(
        "insert into staff_roles (id, account_id, venue_id, role, since) values ($1, $2, $3, 'owner', now())
         on conflict (account_id, venue_id) do update set role = excluded.role",
        id(&["staff", slug.as_str()]),
        owner,
        venue.0
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(SignIns { guest, staff: StaffSignIn { account: staff, venue: slug.clone() } })
}

async fn account(db: &mut PgConnection, sign_in: &SignIn, name: &str, hash: &str) -> Result<Uuid> {
    let email = sign_in.email.as_str();
    let account = sqlx::query_scalar!(
        "insert into accounts (id, email, name, password_hash, email_confirmed_at) values ($1, $2, $3, $4, now())
         on conflict (email) do update set password_hash = excluded.password_hash, email_confirmed_at = now(), disabled_at = null
         returning id",
        id(&["account", email]),
        email,
        name,
        hash
    );
    Ok(account.fetch_one(db).await?)
}

async fn sign_in(email: &str) -> Result<(SignIn, String)> {
    let email = email.parse().map_err(|complaint| Error::Broken(format!("the demo: {complaint}")))?;
    let password = password();
    let secret = password.clone();
    // A hash takes tens of milliseconds and 19 MiB, on purpose.
    let hashed = tokio::task::spawn_blocking(move || hash(&secret)).await;
    let hash = hashed.map_err(|error| Error::Broken(error.to_string()))??;
    Ok((SignIn { email, password }, hash))
}

/// Three made-up words, easy to read and to type: one of 10^18.
fn password() -> String {
    const ONSETS: &[u8; 20] = b"bcdfghjklmnprstvwxyz";
    const VOWELS: &[u8; 5] = b"aeiou";
    let mut rng = rand::rng();
    let mut one = |of: &[u8]| char::from(of[rng.random_range(0..of.len())]);
    let mut word = || (0..3).flat_map(|_| [one(ONSETS), one(VOWELS)]).collect::<String>();
    format!("{}-{}-{}", word(), word(), word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_new_each_time_and_could_be_chosen() {
        let (mine, other) = (password(), password());
        assert_eq!(mine.len(), 20);
        assert_ne!(mine, other);
        assert!(mine.parse::<domain::account::Password>().is_ok());
    }
}
