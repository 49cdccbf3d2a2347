//! A client that does anything, and remembers what it was told.

use std::collections::HashMap;

use chrono::TimeDelta;
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use sqlx::PgPool;
use uuid::Uuid;

use crate::calls::{Ask, Ruling, cancel, extend, late, release};
use crate::house::{House, at};

/// The database's own word for what a caller does over: a conflict that it solved by undoing one side.
pub fn begins_again(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "40001")
}

/// Whether the connection is gone, and with it perhaps an answer.
pub fn is_cut(error: &sqlx::Error) -> bool {
    error.as_database_error().is_none_or(|error| error.code().is_some_and(|code| code.starts_with("57P")))
}

/// What one client believes, by what it was told.
#[derive(Default)]
pub struct Told(pub HashMap<Uuid, Belief>);

#[derive(Clone, Debug, PartialEq)]
pub struct Belief {
    pub status: String,
    pub rev: i64,
    pub start: String,
}

impl Told {
    fn hear(&mut self, ruling: &Ruling) {
        let answer = ruling.answer();
        if let Some(id) = answer["id"].as_str() {
            let text = |name: &str| answer[name].as_str().unwrap().to_owned();
            self.0.insert(
                id.parse().unwrap(),
                Belief { status: text("status"), rev: answer["rev"].as_i64().unwrap(), start: text("start") },
            );
        }
    }
}

/// A client that books, holds, moves, cancels and is late at random, around a rollover, and asks again with the same key
/// whenever it got no answer.
pub struct Client {
    pub pool: PgPool,
    pub house: House,
    pub dice: StdRng,
    pub name: String,
    pub calls: usize,
    pub told: Told,
}

impl Client {
    fn ask(&mut self) -> Ask {
        let slot = self.dice.random_range(0..40);
        let start = at("2027-05-05T23:00:00Z") + TimeDelta::minutes(15 * slot);
        let day = if start < at("2027-05-06T03:00:00Z") { "2027-05-05" } else { "2027-05-06" };
        let mut options: Vec<Vec<Uuid>> = self.house.tables.iter().map(|table| vec![*table]).collect();
        options.extend(self.house.tables.windows(2).map(<[Uuid]>::to_vec));
        let turn = [60, 90, 120][self.dice.random_range(0..3)];
        let party = self.dice.random_range(1..6);
        let first = self.dice.random_range(0..options.len());
        options.rotate_left(first);
        self.house
            .ask_on(day, &start.to_rfc3339(), party)
            .only(&options)
            .cap(12, 10)
            .with(|ask| (ask.turns, ask.buffer) = (vec![turn], 15))
    }

    /// One call, again until it is decided.
    async fn decided<F>(&self, mut call: impl FnMut(sqlx::pool::PoolConnection<sqlx::Postgres>) -> F) -> Ruling
    where
        F: Future<Output = sqlx::Result<Ruling>>,
    {
        loop {
            let Ok(connection) = self.pool.acquire().await else { continue };
            match call(connection).await {
                Ok(ruling) if ruling.is("retry") => {}
                Ok(ruling) => return ruling,
                Err(error) if begins_again(&error) || is_cut(&error) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    pub async fn act(&mut self) {
        self.calls += 1;
        let key = format!("{}-{}", self.name, self.calls);
        let early = at("2027-05-01T00:00:00Z");
        let live = self.told.0.iter().filter(|(_, belief)| !belief.status.starts_with("cancelled"));
        let mine: Vec<(Uuid, i32)> = live.map(|(id, belief)| (*id, i32::try_from(belief.rev).unwrap())).collect();
        let pick = mine.choose(&mut self.dice).copied();
        let ask = self.ask().key(&key);
        let ruling = match (self.dice.random_range(0..10), pick) {
            (0..3, Some((id, rev))) => {
                self.decided(async |mut db| cancel(&mut db, id, Some(rev), "guest", early, Some(&key)).await).await
            }
            (3..5, Some((id, rev))) => self.decided(async |mut db| ask.move_of(&mut db, id, Some(rev)).await).await,
            (5, Some((id, rev))) => {
                self.decided(async |mut db| late(&mut db, id, Some(rev), 15, Some(&key)).await).await
            }
            (6..8, _) => self.hold(&ask, &key).await,
            _ => self.decided(async |mut db| ask.clone().guest(&key).book(&mut db).await).await,
        };
        assert!(["done", "replayed", "refused"].contains(&ruling.outcome.as_str()), "{ruling:?}");
        assert!(
            !["stale", "wrong_status", "hold_mismatch"].contains(&ruling.refused().unwrap_or_default()),
            "nobody else changes what is mine: {ruling:?}"
        );
        if !ruling.is("refused") {
            self.told.hear(&ruling);
        }
    }

    /// Holds a table, and books it, lets it go, or forgets about it.
    async fn hold(&mut self, ask: &Ask, key: &str) -> Ruling {
        let hash = key.as_bytes();
        let seconds = if self.dice.random_bool(0.3) { 0 } else { 60 };
        let held = self.decided(async |mut db| ask.hold(&mut db, hash, seconds).await).await;
        if held.is("refused") {
            return held;
        }
        match self.dice.random_range(0..4) {
            0 => {
                let ruling = self.decided(async |mut db| release(&mut db, hash).await).await;
                // Asked again after a lost answer, it is gone already.
                if ruling.is("not_found") { held } else { ruling }
            }
            1 => self.decided(async |mut db| extend(&mut db, hash, 60).await).await,
            _ => {
                self.decided(async |mut db| ask.clone().held(hash).key(&format!("{key}-held")).book(&mut db).await)
                    .await
            }
        }
    }
}
