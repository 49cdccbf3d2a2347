//! Who somebody is to us.

use domain::account::Account;
use domain::form::ProfileChange;
use domain::staff::Work;

use super::{SignedIn, store};
use crate::db::{self, Attempt, decide};
use crate::{Backend, Error, Page, Result};

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

    /// Where the caller works.
    ///
    /// # Errors
    /// The database is away.
    pub async fn work(&self, caller: &SignedIn) -> Result<Page<Work>> {
        let account = caller.account();
        let work = async || store::staff::work_of(&mut *self.0.database.acquire().await?, account).await;
        Ok(Page { items: db::read(work).await?, next_cursor: None })
    }

    /// Changes what the caller's account says of them; what is left out stays.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub async fn change_profile(&self, caller: &SignedIn, change: &ProfileChange) -> Result<Account> {
        let id = caller.account();
        decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            store::change_profile(&mut tx, id, change).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(()))
        })
        .await?;
        self.me(caller).await
    }
}
