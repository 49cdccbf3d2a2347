//! Who changed what: written by the database with every change, sealed in a chain soon after, and checked on demand.

mod check;
mod store;

use std::fmt;

use chrono::{DateTime, Utc};
use domain::form::Slice;
use domain::id::AccountId;
use domain::policy::SeeAudit;
use serde::Serialize;
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use uuid::Uuid;

pub use check::{Checked, Head, check};

use crate::account::Permit;
use crate::{Backend, Page, Result, db};

/// Entries sealed at a time: what keeps the database busy for a millisecond or two.
const BATCH: i32 = 32;

/// Who is at work, as the audit writes it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody about their own affairs.
    Guest(AccountId),
    /// Somebody at the venue where they work.
    Staff(AccountId),
    /// Somebody who runs the platform.
    Admin(AccountId),
    /// Somebody who is not signed in: they have a mailed link, or want an account.
    Nobody,
    /// Whoever sits at the machine.
    Operator,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest(account) => write!(f, "guest {account}"),
            Self::Staff(account) => write!(f, "staff {account}"),
            Self::Admin(account) => write!(f, "admin {account}"),
            Self::Nobody => f.write_str("nobody"),
            Self::Operator => f.write_str("operator"),
        }
    }
}

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// What who did it is: `guest`, `staff`, `admin`, `nobody` (with an emailed link), `operator` or `system`.
    pub actor: String,
    /// Their name, where they work here or run the platform.
    pub name: Option<String>,
    /// What was changed: `reservation`, `review`, or `staff`, also somebody who is only asked to work there.
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
    /// What was done to it: `made`, `changed`, `cancelled`.
    pub action: String,
    /// What else there is to say: ids, names of fields, words of fixed vocabularies.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
    /// Its place among the sealed entries; none yet in the first seconds.
    pub seq: Option<i64>,
}

impl Backend {
    /// What was changed at a venue, the latest first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn audit(&self, permit: &Permit<SeeAudit>, slice: &Slice) -> Result<Page<AuditEntry>> {
        let rows =
            db::read(async || store::of_venue(&mut *self.0.database.acquire().await?, permit.venue(), slice).await);
        let (rows, next_cursor) = slice.cut(rows.await?, |(place, _)| *place);
        Ok(Page { items: rows.into_iter().map(|(_, entry)| entry).collect(), next_cursor })
    }

    /// Begins a transaction whose changes are this person's.
    pub(crate) async fn begin_as(&self, actor: Actor) -> sqlx::Result<Transaction<'static, Postgres>> {
        begin_as(&self.0.database, actor).await
    }

    /// Seals some of what is not sealed yet; whether there may be more.
    pub(crate) async fn seal_audit(&self) -> Result<bool> {
        Ok(store::seal(&mut *self.0.database.acquire().await?, BATCH).await? == BATCH)
    }
}

/// Begins a transaction whose changes are this person's, in one trip to the database.
pub(crate) async fn begin_as(pool: &PgPool, actor: Actor) -> sqlx::Result<Transaction<'static, Postgres>> {
    // An actor is a fixed word and a UUID.
    db::begin(pool, AssertSqlSafe(format!("begin; set local trestle.actor = '{actor}'"))).await
}
