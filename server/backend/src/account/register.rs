//! Making an account, and confirming the address it was made with.

use domain::field::Complaint;
use domain::form::Registration;
use domain::text::Email;
use serde::Serialize;

use super::CONFIRM_WITHIN;
use super::store::{self, NewAccount, Registered};
use crate::audit::Actor;
use crate::db::{self, Attempt, decide};
use crate::token::{self, Purpose};
use crate::{Backend, Error, Key, Result, mint};

impl Backend {
    /// Makes an account, of use once its address is confirmed, and sends the link for that.
    ///
    /// The answer is the same when the address has an account: then its owner gets a letter that says so. While nobody has
    /// confirmed it, the last registration counts, and only its link.
    ///
    /// # Errors
    /// `KeyReused`; `Unavailable` when too many passwords are being hashed.
    pub async fn register(&self, registration: &Registration, key: Option<&Key>) -> Result<()> {
        let fresh_key = Key::new();
        let password_hash = self.0.hashing.hash(registration.password.expose()).await?;
        let token_id = mint::id();
        let now = self.now();
        let words = (registration.name.as_str(), registration.email.as_str(), registration.password.expose());
        let entry = NewAccount {
            key: key.unwrap_or(&fresh_key).as_str(),
            request_hash: &self.fingerprint_sealed("register", &words),
            id: mint::id(),
            name: &registration.name,
            email: &registration.email,
            password_hash: &password_hash,
            token_id,
            token_hash: &token::hash(&self.0.tokens.sign(Purpose::Confirm, token_id)),
            now,
            expires_at: now + CONFIRM_WITHIN,
        };
        let registered = decide(async || {
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let registered = store::register(&mut tx, &entry).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(registered))
        });
        match registered.await? {
            Registered::Done => {
                self.0.outbox.notify_one();
                Ok(())
            }
            Registered::KeyReused => Err(Error::KeyReused),
        }
    }

    /// What a request says, for its key. Sealed: a plain hash would let whoever reads it try passwords or addresses fast.
    pub(super) fn fingerprint_sealed(&self, verb: &str, words: &impl Serialize) -> Vec<u8> {
        let words = serde_json::to_vec(words).expect("texts can be written as JSON");
        token::hash(&self.0.tokens.seal(verb, &words))
    }

    /// Confirms the address that the link of this token was mailed to; once more changes nothing.
    ///
    /// It takes the password too: whoever registers the address of somebody else hopes that they follow the link, and would then
    /// share their account. Answers the address.
    ///
    /// # Errors
    /// `NotFound` for a token that is foreign, expired, or of an address that is no longer meant; `Invalid` for a wrong password.
    pub async fn confirm_address(&self, token: &str, password: &str) -> Result<Email> {
        let id = self.0.tokens.read(Purpose::Confirm, token)?;
        let (hash, now) = (token::hash(token), self.now());
        let link = db::read(async || store::find_link(&mut *self.0.database.acquire().await?, id, &hash, now).await);
        let link = link.await?.ok_or(Error::NotFound)?;
        if !self.0.hashing.verify(password, Some(&link.password_hash)).await? {
            return Err(about("/password", &Complaint::new("This is not the password of this account.")));
        }
        let confirmed = decide(async || {
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let confirmed = match store::confirm(&mut tx, &link, now).await {
                // Somebody else has confirmed it as theirs.
                Err(error) if db::constraint(&error) == Some("accounts_email_is_taken") => {
                    return Ok(Attempt::Decided(false));
                }
                confirmed => confirmed?,
            };
            tx.commit().await?;
            Ok(Attempt::Decided(confirmed))
        });
        if !confirmed.await? {
            return Err(Error::NotFound);
        }
        self.0.outbox.notify_one();
        Ok(link.email)
    }
}

/// A complaint about one field.
pub(super) fn about(pointer: &str, complaint: &Complaint) -> Error {
    domain::field::FieldErrors::one(pointer, complaint).into()
}
