//! Trestle's use cases over PostgreSQL and Redis.
//!
//! Reads are answered from memory that is at most [`days::STALE_AFTER`] old; every write is one call of one SQL function in one
//! transaction, and only the database decides who gets a table.

mod account;
mod audit;
mod availability;
mod clock;
mod days;
mod db;
pub mod demo;
mod error;
mod fanout;
mod fault;
mod favorite;
mod gate;
mod health;
mod host;
mod jobs;
mod key;
mod limit;
mod mint;
mod notify;
mod origin;
mod outbox;
mod reservation;
mod review;
mod search;
mod token;
mod venue;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::PgPool;

pub use account::{Export, HousePermit, OperatorChange, Permit, SessionTokens, SignedIn, change_account, device};
pub use audit::{AuditEntry, Checked, Head, check};
pub use availability::{Availability, Kept, ServicePolicy};
pub use clock::Clock;
pub use days::STALE_AFTER;
pub use error::{Error, Result};
pub use fault::{Fault, told};
pub use gate::GateSettings;
pub use health::{Health, Operations};
pub use key::Key;
pub use limit::{Allowance, Charge, LimitSettings, NoAllowance, Payer, Rule, Verdict};
pub use notify::{Delivery, MailSettings};
pub use origin::{Origin, Tag, Trace, state as trace_state};
pub use reservation::{Booked, Hold, Proof, Source};
pub use search::{City, CuisineCount, Found, Page, Places};

/// The database's schema, in the order it grew.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// What a backend is made of.
#[derive(Debug)]
pub struct Settings {
    /// Connections to PostgreSQL.
    pub database: PgPool,
    /// Redis, which tells other processes at once what changed and counts what clients ask for; each process does without.
    pub redis_url: Option<SecretString>,
    /// Signs manage links and holds; at least 32 characters.
    pub secret: SecretString,
    /// Where guests reach the site, without a slash at the end; links in mails begin with it.
    pub public_url: String,
    /// The time.
    pub clock: Clock,
    /// How long a hold lasts before it is extended.
    pub hold_seconds: u32,
    /// How many may work on one venue-day at once.
    pub gate: GateSettings,
    /// How much each client may ask for.
    pub limits: LimitSettings,
    /// How mail leaves.
    pub mail: MailSettings,
}

/// Every use case. Cheap to clone.
#[derive(Clone)]
pub struct Backend(Arc<Inner>);

struct Inner {
    database: PgPool,
    clock: Clock,
    tokens: token::Tokens,
    hold_seconds: u32,
    days: days::Days,
    answers: availability::Answers,
    latest: review::Latest,
    gate: gate::Gate,
    limiter: limit::Limiter,
    fanout: fanout::Fanout,
    hashing: account::Hashing,
    watch: account::Watch,
    post: notify::Post,
    /// Wakes the worker that sends mail.
    outbox: tokio::sync::Notify,
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backend").finish_non_exhaustive()
    }
}

impl Backend {
    /// A backend over these parts. Nothing is connected yet; PostgreSQL and Redis may come up later.
    ///
    /// # Errors
    /// A setting that cannot work: a secret that is too short, an address that is none.
    pub fn new(settings: Settings) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            tokens: token::Tokens::new(&settings.secret)?,
            hold_seconds: settings.hold_seconds,
            days: days::Days::new(settings.database.clone()),
            answers: availability::Answers::new(),
            latest: review::Latest::new(),
            gate: gate::Gate::new(settings.gate),
            limiter: limit::Limiter::new(settings.limits, &settings.secret, settings.redis_url.as_ref())?,
            fanout: fanout::Fanout::new(settings.redis_url.as_ref())?,
            hashing: account::Hashing::new()?,
            watch: account::Watch::new(settings.database.clone()),
            post: notify::Post::new(settings.mail, settings.public_url)?,
            outbox: tokio::sync::Notify::new(),
            database: settings.database,
            clock: settings.clock,
        })))
    }

    /// The time, as this backend knows it.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// How long a hold lasts before it is extended.
    #[must_use]
    pub fn hold_for(&self) -> Duration {
        Duration::from_secs(self.0.hold_seconds.into())
    }
}
