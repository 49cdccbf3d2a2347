//! Who somebody is to us.

use domain::account::Account;
use domain::form::ProfileChange;

use super::{SignedIn, store};
use crate::db::{self, Attempt, decide};
use crate::{Backend, Error, Result};

impl Backend {
    /// What the caller's account says of them.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub async fn me(&self, caller: &SignedIn) -> Result<Account> {
        let id = caller.account();
        let account = db::read(async || store::find_profile(&mut *self.0.database.acquire().await?, id).await).await?;
        account.ok_or(Error::Unauthenticated)
    }

    /// Changes what the caller's account says of them; what is left out stays.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub async fn change_profile(&self, caller: &SignedIn, change: &ProfileChange) -> Result<Account> {
        let id = caller.account();
        decide(async || {
            store::change_profile(&mut *self.0.database.acquire().await?, id, change).await?;
            Ok(Attempt::Decided(()))
        })
        .await?;
        self.me(caller).await
    }
}
