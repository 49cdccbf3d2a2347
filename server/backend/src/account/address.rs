//! Changing the address of an account.

use domain::account::is_address;
use domain::field::Complaint;
use domain::form::Credentials;

use super::password::wrong_password;
use super::register::about;
use super::store::{self, NewAddress};
use super::{CONFIRM_WITHIN, SignedIn};
use crate::db::{Attempt, decide};
use crate::token::{self, Purpose};
use crate::{Backend, Result, mint};

impl Backend {
    /// Sends a link to the new address; the account moves there once it is followed.
    ///
    /// The answer is the same when somebody else has that address: they get a letter that says so.
    ///
    /// # Errors
    /// `Invalid` for a wrong password, the address they have, or one that is their password; `Unauthenticated` when the account is no
    /// more.
    pub async fn change_address(&self, caller: &SignedIn, wanted: &Credentials) -> Result<()> {
        let owner = self.authenticated(caller, &wanted.password, "/current_password").await?;
        if owner.email == wanted.email {
            return Err(about("/email", &Complaint::new("This is your email address already.")));
        }
        if is_address(&wanted.password, &wanted.email) {
            let complaint = Complaint::new("This address is your password. Choose another password first.");
            return Err(about("/email", &complaint));
        }
        let (token_id, now) = (mint::id(), self.now());
        let entry = NewAddress {
            account: owner.id,
            email: &wanted.email,
            token_id,
            token_hash: &token::hash(&self.0.tokens.sign(Purpose::Confirm, token_id)),
            now,
            expires_at: now + CONFIRM_WITHIN,
        };
        let requested = decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            let requested = store::request_address(&mut tx, &entry, &owner.password_hash).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(requested))
        });
        // Another request changed it between our look and our write.
        if !requested.await? {
            return Err(wrong_password("/current_password"));
        }
        self.0.outbox.notify_one();
        Ok(())
    }
}
