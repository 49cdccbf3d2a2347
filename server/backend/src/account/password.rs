//! Changing a password, and getting a new one by mail.

use domain::account::Password;
use domain::field::Complaint;
use domain::form::NewPassword;
use domain::text::Email;

use super::letter::Errand;
use super::register::about;
use super::store::{self, Owner, Registered};
use super::{SignedIn, store::Reset};
use crate::audit::Actor;
use crate::db::{self, Attempt, decide};
use crate::notify::Notice;
use crate::token::{self, Purpose};
use crate::{Backend, Error, Key, Result, mint};

impl Backend {
    /// Changes the password of somebody who knows the present one; they stay signed in here, and nowhere else.
    ///
    /// # Errors
    /// `Invalid` for a wrong password or a new one that is their name or address; `Unauthenticated` when the account is no more.
    pub async fn change_password(&self, caller: &SignedIn, wanted: &NewPassword) -> Result<()> {
        let owner = self.authenticated(caller, &wanted.current, "/current_password").await?;
        wanted.new.suits(&owner.name, &owner.email).map_err(|complaint| about("/new_password", &complaint))?;
        let new_hash = self.0.hashing.hash(wanted.new.expose()).await?;
        let ended = decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            let ended = store::change_password(&mut tx, &owner, &new_hash, caller.session()).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(ended))
        });
        // Another request changed it between our look and our write.
        let ended = ended.await?.ok_or_else(|| wrong_password("/current_password"))?;
        self.0.watch.add(&ended);
        self.0.outbox.notify_one();
        Ok(())
    }

    /// Sends a link for a new password to this address, if it has an account; nobody is told whether.
    ///
    /// # Errors
    /// `KeyReused`; the database is away.
    pub async fn request_reset(&self, email: &Email, key: Option<&Key>) -> Result<()> {
        let fresh_key = Key::new();
        let key = key.unwrap_or(&fresh_key).as_str();
        let request_hash = self.fingerprint_sealed("reset", &email.as_str());
        let errand = Errand { token: Some(mint::id()), ..Errand::new(Notice::ResetPassword, email.clone()) };
        let sent = decide(async || {
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let sent = store::send_once(&mut tx, "reset", key, &request_hash, &errand).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(sent))
        });
        if sent.await? == Registered::KeyReused {
            return Err(Error::KeyReused);
        }
        self.0.outbox.notify_one();
        Ok(())
    }

    /// Sets a new password for whoever has the mailed token, and ends every session.
    ///
    /// # Errors
    /// `NotFound` for a token that is foreign, expired or used; `Invalid` for a password that is their name or address.
    pub async fn reset_password(&self, token: &str, password: &Password) -> Result<()> {
        let id = self.0.tokens.read(Purpose::Reset, token)?;
        let (hash, now) = (token::hash(token), self.now());
        let owner =
            db::read(async || store::owner_of_reset(&mut *self.0.database.acquire().await?, id, &hash, now).await);
        let owner = owner.await?.ok_or(Error::NotFound)?;
        password.suits(&owner.name, &owner.email).map_err(|complaint| about("/password", &complaint))?;
        let password_hash = self.0.hashing.hash(password.expose()).await?;
        let reset = Reset { token: id, owner: &owner, password_hash: &password_hash, now };
        let ended = decide(async || {
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let ended = store::reset_password(&mut tx, &reset).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(ended))
        });
        // Another request with the same token was first.
        let ended = ended.await?.ok_or(Error::NotFound)?;
        self.0.watch.add(&ended);
        self.0.outbox.notify_one();
        Ok(())
    }

    /// The account of somebody who is signed in and says their password once more, in this field.
    pub(super) async fn authenticated(&self, caller: &SignedIn, password: &str, field: &str) -> Result<Owner> {
        let id = caller.account();
        let owner = db::read(async || store::find_owner(&mut *self.0.database.acquire().await?, id).await).await?;
        let owner = owner.ok_or(Error::Unauthenticated)?;
        if self.0.hashing.verify(password, Some(&owner.password_hash)).await? {
            Ok(owner)
        } else {
            Err(wrong_password(field))
        }
    }
}

pub(super) fn wrong_password(field: &str) -> Error {
    about(field, &Complaint::new("This is not your password."))
}
