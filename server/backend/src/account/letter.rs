//! Letters about accounts.

use chrono::{DateTime, Utc};
use domain::text::Email;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{RESET_WITHIN, store};
use crate::notify::{Notice, NoticeLetter};
use crate::token::{self, Purpose};
use crate::{Backend, Error, Result, db};

/// A letter to be sent, as it lies in the outbox. Of a token there is only the id: the link is made when it is sent.
#[derive(Deserialize, Serialize)]
pub struct Errand {
    /// Which letter.
    pub template: Notice,
    /// The address it goes to.
    pub to: Email,
    /// The token its link carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Uuid>,
    /// What else it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
}

impl Errand {
    /// A letter without a link.
    pub const fn new(template: Notice, to: Email) -> Self {
        Self { template, to, token: None, about: None }
    }
}

/// Writes and sends a letter about an account.
///
/// # Errors
/// What kept it from being sent; the row stays for a later attempt.
pub async fn post_letter(backend: &Backend, row: i64, errand: &Errand) -> Result<()> {
    let to = errand.to.as_str();
    let link = match (errand.template, errand.token) {
        (Notice::ConfirmAddress, Some(token)) => Some(backend.0.tokens.sign(Purpose::Confirm, token)),
        (Notice::ResetPassword, Some(token)) => match backend.reset_link(token, to, backend.now()).await? {
            Some(link) => Some(link),
            // Nobody has an account with this address; whoever asked was told the same as everybody.
            None => return Ok(()),
        },
        _ => None,
    };
    let name = db::read(async || store::name_of(&mut *backend.0.database.acquire().await?, to).await).await?;
    let letter =
        NoticeLetter { notice: errand.template, to: &errand.to, name, link, about: errand.about.as_deref(), id: row };
    backend.0.post.send_notice(&letter).await.map_err(|complaint| Error::Broken(complaint.to_string()))
}

impl Backend {
    /// The token that resets the password of this address's account, if there is one; made here, so that asking for it takes as
    /// long whether there is.
    async fn reset_link(&self, id: Uuid, email: &str, now: DateTime<Utc>) -> Result<Option<String>> {
        let token = self.0.tokens.sign(Purpose::Reset, id);
        let mut db = self.0.database.acquire().await?;
        let made = store::add_reset(&mut db, id, &token::hash(&token), email, now, now + RESET_WITHIN).await?;
        Ok(made.then_some(token))
    }
}
