//! What is in memory: every venue, and the venue-days that somebody asked about.
//!
//! Memory is never older than [`STALE_AFTER`]: a reader that finds it older looks for changes first, and one background job
//! looks every half second so that readers seldom must. One look is two statements, however many days are held.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::availability::{Claim, Day, Plan};
use domain::id::VenueId;
use moka::future::Cache;
use moka::ops::compute::Op;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Mutex;

use crate::availability::store::{self, Window};
use crate::venue::{Catalogue, Rated, Venue};
use crate::{Error, Result, db};

/// How old memory may be when it answers.
pub const STALE_AFTER: Duration = Duration::from_secs(1);

/// How far back a look goes, so that it also sees a transaction that took its time between its clock reading and its commit.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// Venue-days held at most; about four kilobytes each.
const CAPACITY: u64 = 8192;

/// How long one look may take, once it has a connection.
const LOOK_WITHIN: Duration = Duration::from_secs(3);

/// The database's clock, and the days that changed.
type Looked = (DateTime<Utc>, Vec<(VenueId, NaiveDate, i64)>);

/// One venue-day.
pub type DayKey = (VenueId, NaiveDate);

/// What a write moved, as the database reported it.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The dates that see the change, with their new versions.
    pub days: Vec<(NaiveDate, i64)>,
    /// Claims made.
    pub taken: Vec<Claim>,
    /// Claims let go.
    pub freed: Vec<Claim>,
}

struct Seen {
    /// When the last look began.
    at: Option<Instant>,
    /// The database's clock at that look.
    database: Option<DateTime<Utc>>,
    /// When a look last failed.
    failed: Option<Instant>,
}

/// Venues and venue-days in memory.
pub struct Days {
    database: PgPool,
    catalogue: RwLock<Arc<Catalogue>>,
    held: Cache<DayKey, Arc<Day>>,
    seen: Mutex<Seen>,
    /// A copy of `seen.at` that readers look at without waiting.
    looked: RwLock<Option<Instant>>,
}

impl Days {
    pub fn new(database: PgPool) -> Self {
        Self {
            database,
            catalogue: RwLock::default(),
            held: Cache::builder().max_capacity(CAPACITY).time_to_idle(Duration::from_hours(1)).build(),
            seen: Mutex::new(Seen { at: None, database: None, failed: None }),
            looked: RwLock::new(None),
        }
    }

    /// Every venue.
    ///
    /// # Errors
    /// The database is away and memory is too old.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>> {
        self.ensure_fresh().await?;
        Ok(self.held_catalogue())
    }

    fn held_catalogue(&self) -> Arc<Catalogue> {
        self.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One day of a venue.
    ///
    /// # Errors
    /// The database is away and memory is too old.
    pub async fn day(&self, venue: &Venue, date: NaiveDate) -> Result<Arc<Day>> {
        self.ensure_fresh().await?;
        match self.held.get(&(venue.id, date)).await {
            Some(day) if Arc::ptr_eq(&day.plan.floor, &venue.floor) => Ok(day),
            // In a box, so that the many who find it held do not carry the space for looking.
            _ => Box::pin(self.fetch(venue, date)).await,
        }
    }

    async fn fetch(&self, venue: &Venue, date: NaiveDate) -> Result<Arc<Day>> {
        let load = async {
            let plan = Plan::new(&venue.floor, date);
            let loaded = self.load(&[Window::of(&plan)]).await?;
            loaded.into_iter().next().map(|rows| Arc::new(rows.day(plan))).ok_or(Error::NotFound)
        };
        let key = (venue.id, date);
        let day = self.held.try_get_with(key, load).await.map_err(unshare)?;
        if Arc::ptr_eq(&day.plan.floor, &venue.floor) {
            return Ok(day);
        }
        // The rules changed since the day was laid out.
        self.held.invalidate(&key).await;
        Ok(self.many(&[venue], date).await?.remove(0))
    }

    /// One date of many venues, in their order; those not in memory are loaded together.
    ///
    /// # Errors
    /// The database is away and memory is too old.
    pub async fn many(&self, venues: &[&Venue], date: NaiveDate) -> Result<Vec<Arc<Day>>> {
        self.ensure_fresh().await?;
        let mut days: Vec<Option<Arc<Day>>> = Vec::with_capacity(venues.len());
        for venue in venues {
            let held = self.held.get(&(venue.id, date)).await;
            days.push(held.filter(|day| Arc::ptr_eq(&day.plan.floor, &venue.floor)));
        }
        let missing: Vec<(usize, Arc<Plan>)> = days
            .iter()
            .enumerate()
            .filter(|(_, day)| day.is_none())
            .map(|(index, _)| (index, Plan::new(&venues[index].floor, date)))
            .collect();
        if !missing.is_empty() {
            let windows: Vec<Window> = missing.iter().map(|(_, plan)| Window::of(plan)).collect();
            let loaded = self.load(&windows).await?;
            for ((index, plan), rows) in missing.into_iter().zip(loaded) {
                let day = Arc::new(rows.day(plan));
                self.held.insert((venues[index].id, date), day.clone()).await;
                days[index] = Some(day);
            }
        }
        Ok(days.into_iter().flatten().collect())
    }

    async fn load(&self, windows: &[Window]) -> Result<Vec<store::Rows>> {
        db::read(async || store::load(&self.database, windows).await).await
    }

    /// Moves memory on by what a write of ours changed, after its commit.
    pub async fn changed(&self, venue: VenueId, changes: &Changes) {
        for (date, version) in &changes.days {
            self.move_on((venue, *date), *version, |day| {
                let freed = day.without(&changes.freed, *version);
                if changes.taken.is_empty() { freed } else { freed.with(&changes.taken, *version) }
            })
            .await;
        }
    }

    /// Forgets a day that somebody else moved past the version held here.
    pub async fn outdated(&self, key: DayKey, version: i64) {
        self.held
            .entry(key)
            .and_compute_with(|held| {
                let old = held.is_some_and(|held| held.value().version < version);
                std::future::ready(if old { Op::Remove } else { Op::Nop })
            })
            .await;
    }

    async fn move_on(&self, key: DayKey, version: i64, step: impl FnOnce(&Day) -> Day) {
        self.held
            .entry(key)
            .and_compute_with(|held| {
                std::future::ready(match held.map(moka::Entry::into_value) {
                    Some(day) if day.version + 1 == version => Op::Put(Arc::new(step(&day))),
                    Some(day) if day.version < version => Op::Remove,
                    _ => Op::Nop,
                })
            })
            .await;
    }

    async fn ensure_fresh(&self) -> Result<()> {
        let looked = *self.looked.read().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = looked.is_some_and(|at| at.elapsed() < STALE_AFTER);
        if is_fresh { Ok(()) } else { Box::pin(self.look(STALE_AFTER)).await }
    }

    /// Looks for changes of others, unless somebody has within `unless_within`.
    ///
    /// # Errors
    /// The database is away.
    pub async fn look(&self, unless_within: Duration) -> Result<()> {
        let asked = Instant::now();
        let mut seen = self.seen.lock().await;
        if seen.at.is_some_and(|at| at.elapsed() < unless_within) {
            return Ok(());
        }
        // Whoever waited while somebody else looked in vain need not look in vain again.
        if seen.failed.is_some_and(|failed| failed > asked) {
            return Err(Error::database_away());
        }
        let began = Instant::now();
        let since = seen.database.map(|at| at - OVERLAP);
        let looked = db::read(async || self.look_at_database(since).await).await;
        seen.failed = looked.is_err().then(Instant::now);
        let (now, changed) = looked?;
        for (venue, date, version) in changed {
            self.outdated((venue, date), version).await;
        }
        *seen = Seen { at: Some(began), database: Some(now), failed: None };
        *self.looked.write().unwrap_or_else(PoisonError::into_inner) = Some(began);
        Ok(())
    }

    /// A connection whose other end is gone without a word would keep everybody waiting: it is given up.
    async fn look_at_database(&self, since: Option<DateTime<Utc>>) -> Result<Looked> {
        let mut db = self.database.acquire().await?;
        if let Ok(looked) = tokio::time::timeout(LOOK_WITHIN, self.look_through(&mut db, since)).await {
            return looked;
        }
        db.close_on_drop();
        Err(Error::away("an answer of postgres"))
    }

    /// Brings the catalogue up to date, and says which days changed.
    async fn look_through(&self, db: &mut PgConnection, since: Option<DateTime<Utc>>) -> Result<Looked> {
        let seen = crate::venue::store::look(db).await?;
        let held = self.held_catalogue();
        let new: Vec<VenueId> =
            seen.iter().filter(|(id, seen)| held.version(**id) != Some(seen.version)).map(|(id, _)| *id).collect();
        let (now, changed) = store::changed_since(db, since).await?;
        let read = if new.is_empty() {
            Vec::new()
        } else {
            crate::venue::store::load(db, &new, (now - TimeDelta::days(2)).date_naive()).await?
        };
        self.renew(|catalogue| catalogue.after(&seen, read));
        Ok((now, changed))
    }

    /// Moves the rating of a venue on by what a write of ours changed, after its commit.
    pub fn rated(&self, venue: VenueId, rated: Rated) {
        self.renew(|catalogue| catalogue.rated(venue, rated));
    }

    /// Puts another catalogue in the place of the one that is held, one at a time.
    fn renew(&self, step: impl FnOnce(&Catalogue) -> Option<Catalogue>) {
        let mut held = self.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = step(&held) {
            *held = Arc::new(next);
        }
    }
}

/// Loads are shared between readers, and so is their failure.
fn unshare(error: Arc<Error>) -> Error {
    match Arc::try_unwrap(error) {
        Ok(error) => error,
        Err(shared) => match &*shared {
            Error::NotFound => Error::NotFound,
            Error::Corrupt(what) => Error::Corrupt(what.clone()),
            _ => Error::database_away(),
        },
    }
}
