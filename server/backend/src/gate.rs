//! The queue in front of each venue-day, so that one hot evening does not take every database connection.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::NaiveDate;
use domain::id::VenueId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result};

/// How many may work on one venue-day.
#[derive(Clone, Copy, Debug)]
pub struct GateSettings {
    /// Requests of one venue-day that hold a database connection at a time.
    pub at_once: usize,
    /// Requests that may wait behind them, in order; further ones are sent away.
    pub queue: usize,
    /// How long one waits at most.
    pub patience: Duration,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { at_once: 2, queue: 1024, patience: Duration::from_secs(10) }
    }
}

struct Lane {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// All lanes that are in use.
pub struct Gate {
    settings: GateSettings,
    lanes: Mutex<HashMap<(VenueId, NaiveDate), Arc<Lane>>>,
}

/// The right to work on one venue-day until it is dropped.
pub struct Turn<'g> {
    gate: &'g Gate,
    day: (VenueId, NaiveDate),
    permit: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub fn new(settings: GateSettings) -> Self {
        Self { settings, lanes: Mutex::default() }
    }

    /// Waits for a turn, first come first served.
    ///
    /// # Errors
    /// `Unavailable` when the queue is full or the wait too long.
    pub async fn enter(&self, venue: VenueId, date: NaiveDate) -> Result<Turn<'_>> {
        let busy = || Error::Unavailable { service: "gate", retry_after: Duration::from_secs(2) };
        // The turn's drop cleans up, also when the request is given up while it waits; declared before the lane, so that it goes last.
        let mut turn = Turn { gate: self, day: (venue, date), permit: None };
        let lane = self.lane((venue, date));
        let _waiting = Waiting::join(&lane.waiting, self.settings.queue + self.settings.at_once).ok_or_else(busy)?;
        let permit = tokio::time::timeout(self.settings.patience, lane.turns.clone().acquire_owned()).await;
        turn.permit = Some(permit.map_err(|_| busy())?.map_err(|_| busy())?);
        Ok(turn)
    }

    /// Waits for a turn on each of two days, the earlier first, so that two who want both never wait for each other.
    ///
    /// # Errors
    /// `Unavailable` when a queue is full or the wait too long.
    pub async fn enter_both(&self, venue: VenueId, one: NaiveDate, other: NaiveDate) -> Result<[Option<Turn<'_>>; 2]> {
        let earlier = self.enter(venue, one.min(other)).await?;
        let later = if one == other { None } else { Some(self.enter(venue, one.max(other)).await?) };
        Ok([Some(earlier), later])
    }

    fn lane(&self, day: (VenueId, NaiveDate)) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes
            .entry(day)
            .or_insert_with(|| {
                Arc::new(Lane { turns: Arc::new(Semaphore::new(self.settings.at_once)), waiting: AtomicUsize::new(0) })
            })
            .clone()
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.permit = None;
        let mut lanes = self.gate.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.get(&self.day).is_some_and(|lane| {
            Arc::strong_count(lane) == 1 && lane.turns.available_permits() == self.gate.settings.at_once
        }) {
            lanes.remove(&self.day);
        }
    }
}

struct Waiting<'l>(&'l AtomicUsize);

impl<'l> Waiting<'l> {
    fn join(waiting: &'l AtomicUsize, most: usize) -> Option<Self> {
        let joined = Self(waiting);
        (waiting.fetch_add(1, Ordering::Relaxed) < most).then_some(joined)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day() -> (VenueId, NaiveDate) {
        (VenueId(uuid::Uuid::from_u128(1)), NaiveDate::MIN)
    }

    #[tokio::test]
    async fn two_work_one_waits_the_next_is_sent_away() {
        let gate = Gate::new(GateSettings { at_once: 2, queue: 0, patience: Duration::from_millis(20) });
        let (venue, date) = day();
        let first = gate.enter(venue, date).await.unwrap();
        let _second = gate.enter(venue, date).await.unwrap();
        assert!(matches!(gate.enter(venue, date).await, Err(Error::Unavailable { .. })));
        drop(first);
        assert!(gate.enter(venue, date).await.is_ok());
    }

    #[tokio::test]
    async fn an_idle_lane_is_forgotten() {
        let gate = Gate::new(GateSettings::default());
        let (venue, date) = day();
        drop(gate.enter(venue, date).await.unwrap());
        assert!(gate.lanes.lock().unwrap().is_empty());
    }
}
