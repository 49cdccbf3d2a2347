//! Who somebody is to us.

use domain::account::Account;

use super::{SignedIn, store};
use crate::{Backend, Error, Result, db};

impl Backend {
    /// What the caller's account says of them.
    ///
    /// # Errors
    /// `Unauthenticated` when the account is no more.
    pub async fn me(&self, caller: &SignedIn) -> Result<Account> {
        let id = caller.account();
        let owner = db::read(async || store::find_owner(&mut *self.0.database.acquire().await?, id).await).await?;
        let owner = owner.ok_or(Error::Unauthenticated)?;
        Ok(Account { name: owner.name, email: owner.email })
    }
}
