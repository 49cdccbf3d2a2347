//! Forgetting somebody: venues keep when how many came, and nobody keeps who.

use domain::reservation::Refusal;

use super::SignedIn;
use super::password::wrong_password;
use super::store::{self, Erasure};
use crate::db::{Attempt, decide};
use crate::{Backend, Error, Result, favorite};

impl Backend {
    /// Erases somebody who says their password once more: their bookings to come are cancelled, everything that names them goes, and
    /// they are signed out everywhere. Their address is free to be registered anew.
    ///
    /// # Errors
    /// `Invalid` for a wrong password; `Refused` for the only owner of a venue; `Unauthenticated` when the account is no more.
    pub async fn erase(&self, caller: &SignedIn, password: &str) -> Result<()> {
        let owner = self.authenticated(caller, password, "/password").await?;
        let now = self.now();
        let erased = decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            let Attempt::Decided(erased) = store::erase(&mut tx, &owner, now).await? else {
                return Ok(Attempt::Again);
            };
            if let Erasure::Done(..) = erased {
                // Each slice forgets what it knows of them.
                favorite::store::forget(&mut tx, owner.id).await?;
                tx.commit().await?;
            }
            Ok(Attempt::Decided(erased))
        });
        let (ended, moved) = match erased.await? {
            Erasure::Done(ended, moved) => (ended, moved),
            Erasure::LastOwner => return Err(Error::refused(Refusal::LastOwner)),
            Erasure::Gone => return Err(Error::Unauthenticated),
            // Another request changed it between our look and our write.
            Erasure::Stale => return Err(wrong_password("/password")),
        };
        self.0.watch.add(&ended);
        // Also where the answer was lost that named it.
        self.0.watch.add(&[caller.session().0]);
        for (venue, changes) in &moved {
            self.moved(*venue, changes).await;
        }
        Ok(())
    }
}
