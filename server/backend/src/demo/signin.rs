//! Accounts to try the demo with. Their passwords are new at every run and never come from the seed.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::id::VenueId;
use domain::text::{Email, Slug};
use rand::Rng;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::draw::id;
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
    let mut tx = pool.begin().await?;
    account(&mut tx, &guest, "Robin Guest", &guest_hash).await?;
    let owner = account(&mut tx, &staff, "Marta Ribeira", &staff_hash).await?;
    sqlx::query!(
        "insert into staff_roles (account_id, venue_id, role) values ($1, $2, 'owner')
         on conflict (account_id, venue_id) do update set role = excluded.role",
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
        "insert into accounts (id, email, name, password_hash) values ($1, $2, $3, $4)
         on conflict (email) do update set password_hash = excluded.password_hash, disabled_at = null
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

/// Argon2id with the parameters of OWASP's password storage cheat sheet.
fn hash(password: &str) -> Result<String> {
    let broken = |error: &dyn std::fmt::Display| Error::Broken(format!("argon2: {error}"));
    let params = Params::new(19_456, 2, 1, None).map_err(|error| broken(&error))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon.hash_password(password.as_bytes()).map_err(|error| broken(&error))?.to_string())
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
    use argon2::PasswordVerifier;

    #[test]
    fn a_password_opens_its_own_hash_only() {
        let (mine, other) = (password(), password());
        assert_eq!(mine.len(), 20);
        assert_ne!(mine, other);
        let hash = hash(&mine).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(Argon2::default().verify_password(mine.as_bytes(), hash.as_str()).is_ok());
        assert!(Argon2::default().verify_password(other.as_bytes(), hash.as_str()).is_err());
    }
}
