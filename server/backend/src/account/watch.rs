//! Which sessions ended lately: what keeps an access token from living on until it expires.
//!
//! Memory is never older than [`STALE_AFTER`]: a caller that finds it older looks first, and one background job looks every half
//! second so that callers seldom must. What this very process ends, it knows at once.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{ACCESS_LASTS, store};
use crate::days::STALE_AFTER;
use crate::{Error, Result, db};

/// How far back a look goes, so that it also sees a transaction that took its time between its clock reading and its commit.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// How long an end is remembered: until the last token of the session has expired for sure.
const KEEP: Duration = Duration::from_secs(ACCESS_LASTS.as_secs() + 60);

/// Ends remembered at most, about five megabytes; beyond them the database is asked about each caller.
const MOST: usize = 100_000;

/// How long one look may take, once it has a connection.
const LOOK_WITHIN: Duration = Duration::from_secs(3);

#[derive(Default)]
struct Ended {
    /// Since when each is known.
    known: HashMap<Uuid, Instant>,
    /// When one was last left out for want of room.
    left_out: Option<Instant>,
}

impl Ended {
    fn add(&mut self, sessions: &[Uuid], now: Instant) {
        for session in sessions {
            if self.known.len() < MOST {
                self.known.entry(*session).or_insert(now);
            } else if !self.known.contains_key(session) {
                self.left_out = Some(now);
            }
        }
    }

    fn forget_old(&mut self) {
        self.known.retain(|_, since| since.elapsed() < KEEP);
        self.left_out = self.left_out.filter(|since| since.elapsed() < KEEP);
    }

    /// `None` when memory cannot tell.
    fn says(&self, session: Uuid) -> Option<bool> {
        if self.known.contains_key(&session) { Some(true) } else { self.left_out.is_none().then_some(false) }
    }
}

#[derive(Default)]
struct Seen {
    /// The database's clock at the last look.
    database: Option<DateTime<Utc>>,
    /// When a look last failed.
    failed: Option<Instant>,
}

/// The sessions that ended within the life of an access token.
pub struct Watch {
    database: PgPool,
    ended: RwLock<Ended>,
    seen: Mutex<Seen>,
    /// When the last look began.
    looked: RwLock<Option<Instant>>,
}

impl Watch {
    pub fn new(database: PgPool) -> Self {
        Self { database, ended: RwLock::default(), seen: Mutex::default(), looked: RwLock::new(None) }
    }

    /// Whether the session of a token that has not expired is over.
    ///
    /// # Errors
    /// The database is away and memory is too old.
    pub async fn is_over(&self, session: Uuid) -> Result<bool> {
        self.look(STALE_AFTER).await?;
        let said = self.ended.read().unwrap_or_else(PoisonError::into_inner).says(session);
        match said {
            Some(over) => Ok(over),
            None => db::read(async || store::is_over(&mut *self.database.acquire().await?, session).await).await,
        }
    }

    /// These ended just now.
    pub fn add(&self, sessions: &[Uuid]) {
        self.ended.write().unwrap_or_else(PoisonError::into_inner).add(sessions, Instant::now());
    }

    /// Looks for what others ended, unless somebody has within `unless_within`.
    ///
    /// # Errors
    /// The database is away.
    pub async fn look(&self, unless_within: Duration) -> Result<()> {
        let looked = || *self.looked.read().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = || looked().is_some_and(|at| at.elapsed() < unless_within);
        if is_fresh() {
            return Ok(());
        }
        let asked = Instant::now();
        let mut seen = self.seen.lock().await;
        if is_fresh() {
            return Ok(());
        }
        // Whoever waited while somebody else looked in vain need not look in vain again.
        if seen.failed.is_some_and(|failed| failed > asked) {
            return Err(Error::database_away());
        }
        let began = Instant::now();
        let since = seen.database.map(|at| at - OVERLAP);
        let found = db::read(async || self.look_at_database(since).await).await;
        seen.failed = found.is_err().then(Instant::now);
        let (now, sessions) = found?;
        {
            let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
            ended.forget_old();
            ended.add(&sessions, began);
            if sessions.len() >= MOST {
                ended.left_out = Some(began);
            }
        }
        seen.database = Some(now);
        *self.looked.write().unwrap_or_else(PoisonError::into_inner) = Some(began);
        Ok(())
    }

    /// A connection whose other end is gone without a word would keep everybody waiting: it is given up.
    async fn look_at_database(&self, since: Option<DateTime<Utc>>) -> Result<(DateTime<Utc>, Vec<Uuid>)> {
        let mut db = self.database.acquire().await?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        if let Ok(found) = tokio::time::timeout(LOOK_WITHIN, store::ended_since(&mut db, since, most)).await {
            return found;
        }
        db.close_on_drop();
        Err(Error::away("an answer of postgres"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_memory_is_left_to_the_database() {
        let (mut ended, now) = (Ended::default(), Instant::now());
        let sessions: Vec<Uuid> = (0..MOST as u128).map(Uuid::from_u128).collect();
        ended.add(&sessions, now);
        ended.add(&sessions, now);
        assert_eq!((ended.says(sessions[7]), ended.says(Uuid::max())), (Some(true), Some(false)));
        ended.add(&[Uuid::max()], now);
        assert_eq!((ended.says(sessions[7]), ended.says(Uuid::max())), (Some(true), None));
        assert_eq!(ended.known.len(), MOST);
    }
    #[tokio::test]
    async fn a_fresh_memory_answers_without_the_database_and_an_old_one_never() {
        let pool = sqlx::postgres::PgPoolOptions::new().acquire_timeout(Duration::from_millis(20));
        let watch = Watch::new(pool.connect_lazy("postgres://nobody@127.0.0.1:1/nowhere").unwrap());
        let (over, live) = (Uuid::from_u128(1), Uuid::from_u128(2));
        watch.add(&[over]);
        assert!(watch.is_over(live).await.is_err());
        *watch.looked.write().unwrap() = Some(Instant::now());
        assert!(watch.is_over(over).await.unwrap());
        assert!(!watch.is_over(live).await.unwrap());
        *watch.looked.write().unwrap() = Instant::now().checked_sub(STALE_AFTER);
        assert!(watch.is_over(live).await.is_err());
    }
}
