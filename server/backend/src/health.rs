//! How the parts are.

use std::time::Duration;

use domain::policy::SeeOperations;
use serde::Serialize;

use crate::account::HousePermit;
use crate::{Backend, Result, db};

/// Which outside parts answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// PostgreSQL.
    pub database: bool,
    /// Redis, where it is configured.
    pub redis: Option<bool>,
}

/// How the parts are, for whoever runs the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Operations {
    /// Whether Redis answers, where it is used; the server does without.
    pub redis: Option<bool>,
    /// Open connections to PostgreSQL.
    pub connections: u32,
    /// Of these, how many wait for work.
    pub idle_connections: usize,
    /// Letters on their way.
    pub letters_waiting: i64,
    /// Letters that were given up.
    pub letters_dead: i64,
    /// How many entries of the audit are sealed.
    pub audit_sealed: i64,
    /// How many wait for their seal.
    pub audit_unsealed: i64,
}

impl Backend {
    /// Asks the outside parts whether they are there, for at most two seconds.
    pub async fn health(&self) -> Health {
        let within = Duration::from_secs(2);
        let database = tokio::time::timeout(within, sqlx::query_scalar!("select 1 as one").fetch_one(&self.0.database));
        let redis = tokio::time::timeout(within, self.0.fanout.ping());
        let (database, redis) = tokio::join!(database, redis);
        Health { database: matches!(database, Ok(Ok(_))), redis: redis.unwrap_or(Some(false)) }
    }

    /// How the parts are and what lies in front of them.
    ///
    /// # Errors
    /// The database is away.
    pub async fn operations(&self, _: &HousePermit<SeeOperations>) -> Result<Operations> {
        let redis = tokio::time::timeout(Duration::from_secs(2), self.0.fanout.ping()).await.unwrap_or(Some(false));
        let found = db::read(async || {
            let found = sqlx::query!(
                r#"select count(*) filter (where dead_at is null) as "waiting!", count(*) filter (where dead_at is not null) as "dead!",
                     coalesce((select max(seq) from audit.entries), 0) as "sealed!",
                     (select count(*) from audit.entries where seq is null) as "unsealed!"
                   from outbox where done_at is null"#
            );
            Ok(found.fetch_one(&mut *self.0.database.acquire().await?).await?)
        });
        let found = found.await?;
        Ok(Operations {
            redis,
            connections: self.0.database.size(),
            idle_connections: self.0.database.num_idle(),
            letters_waiting: found.waiting,
            letters_dead: found.dead,
            audit_sealed: found.sealed,
            audit_unsealed: found.unsealed,
        })
    }
}
