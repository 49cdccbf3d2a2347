//! The arbiter's functions as plain calls.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// What a call came to.
#[derive(Debug, Clone, FromRow)]
pub struct Ruling {
    pub outcome: String,
    pub reason: Option<String>,
    pub answer: Option<Value>,
    pub changes: Option<Value>,
}

impl Ruling {
    pub fn is(&self, outcome: &str) -> bool {
        self.outcome == outcome
    }

    pub fn refused(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.is("refused"))
    }

    pub fn answer(&self) -> &Value {
        self.answer.as_ref().unwrap()
    }

    pub fn changes(&self) -> &Value {
        self.changes.as_ref().unwrap()
    }

    /// The tables of the answer.
    pub fn tables(&self) -> Vec<Uuid> {
        serde_json::from_value(self.answer()["tables"].clone()).unwrap()
    }

    /// The dates that changed.
    pub fn dates(&self) -> Vec<String> {
        self.changes()["days"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap().to_owned()).collect()
    }
}

/// What is asked of the arbiter.
#[derive(Clone, Debug)]
pub struct Ask {
    pub id: Uuid,
    pub venue: Uuid,
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub party: i16,
    pub options: Vec<Vec<Uuid>>,
    /// Minutes at the table, one for all options or one for each.
    pub turns: Vec<i64>,
    pub buffer: i64,
    pub cap_total: i16,
    pub cap_online: i16,
    pub online: bool,
    pub force: bool,
    pub hold: Option<Vec<u8>>,
    pub guest: Option<String>,
    pub key: Option<String>,
    pub body: Vec<u8>,
}

/// The arrays an option list travels as.
struct Arrays(Vec<i16>, Vec<Uuid>, Vec<DateTime<Utc>>, Vec<DateTime<Utc>>);

impl Ask {
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub fn only(self, options: &[Vec<Uuid>]) -> Self {
        self.with(|ask| ask.options = options.to_vec())
    }

    pub fn key(self, key: &str) -> Self {
        self.with(|ask| ask.key = Some(key.to_owned()))
    }

    pub fn guest(self, guest: &str) -> Self {
        self.with(|ask| ask.guest = Some(guest.to_owned()))
    }

    pub fn cap(self, total: i16, online: i16) -> Self {
        self.with(|ask| (ask.cap_total, ask.cap_online) = (total, online))
    }

    pub fn staff(self) -> Self {
        self.with(|ask| ask.online = false)
    }

    pub fn held(self, hash: &[u8]) -> Self {
        self.with(|ask| ask.hold = Some(hash.to_vec()))
    }

    fn arrays(&self) -> Arrays {
        let rows = || {
            self.options
                .iter()
                .enumerate()
                .flat_map(|(number, tables)| tables.iter().map(move |table| (number, *table)))
        };
        let end = |number: usize| self.start + TimeDelta::minutes(*self.turns.get(number).unwrap_or(&self.turns[0]));
        Arrays(
            rows().map(|(number, _)| i16::try_from(number).unwrap()).collect(),
            rows().map(|(_, table)| table).collect(),
            rows().map(|(number, _)| end(number)).collect(),
            rows().map(|(number, _)| end(number) + TimeDelta::minutes(self.buffer)).collect(),
        )
    }

    pub async fn book(&self, db: &mut PgConnection) -> sqlx::Result<Ruling> {
        let Arrays(numbers, tables, ends, free) = self.arrays();
        sqlx::query_as(
            "select outcome, reason, answer, changes from book('test', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
               'booked', null, 'Ada', 'ada@example.com', null, $18, '', '{}', null, 'web', '{}', '\\x00', null, case when $15 then 'guest' else 'staff' end)",
        )
        .bind(&self.key)
        .bind(&self.body)
        .bind(self.id)
        .bind(self.id.simple().to_string())
        .bind(self.venue)
        .bind(self.date)
        .bind(self.start)
        .bind(self.party)
        .bind(numbers)
        .bind(tables)
        .bind(ends)
        .bind(free)
        .bind(self.cap_total)
        .bind(self.cap_online)
        .bind(self.online)
        .bind(self.force)
        .bind(&self.hold)
        .bind(&self.guest)
        .fetch_one(db)
        .await
    }

    pub async fn hold(&self, db: &mut PgConnection, hash: &[u8], seconds: i32) -> sqlx::Result<Ruling> {
        let Arrays(numbers, tables, ends, free) = self.arrays();
        sqlx::query_as("select outcome, reason, answer, changes from hold('hold', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
            .bind(&self.key)
            .bind(&self.body)
            .bind(self.venue)
            .bind(self.date)
            .bind(self.start)
            .bind(self.party)
            .bind(numbers)
            .bind(tables)
            .bind(ends)
            .bind(free)
            .bind(self.cap_total)
            .bind(self.cap_online)
            .bind(self.online)
            .bind(hash)
            .bind(seconds)
            .fetch_one(db)
            .await
    }

    /// Moves a booking to what is asked; by its guest, long before either start.
    pub async fn move_of(&self, db: &mut PgConnection, id: Uuid, rev: Option<i32>) -> sqlx::Result<Ruling> {
        let Arrays(numbers, tables, ends, free) = self.arrays();
        sqlx::query_as(
            "select outcome, reason, answer, changes from move_reservation('move', $1, $2, $3, $4, case when $14 then 'guest' else 'staff' end,
               '2026-01-01T00:00:00Z', $5, $6, $7, null, null, null, $8, $9, $10, $11, $12, $13, $14, $15)",
        )
        .bind(&self.key)
        .bind(&self.body)
        .bind(id)
        .bind(rev)
        .bind(self.date)
        .bind(self.start)
        .bind(self.party)
        .bind(numbers)
        .bind(tables)
        .bind(ends)
        .bind(free)
        .bind(self.cap_total)
        .bind(self.cap_online)
        .bind(self.online)
        .bind(self.force)
        .fetch_one(db)
        .await
    }
}

pub async fn extend(db: &mut PgConnection, hash: &[u8], seconds: i32) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from extend_hold($1, $2)")
        .bind(hash)
        .bind(seconds)
        .fetch_one(db)
        .await
}

pub async fn release(db: &mut PgConnection, hash: &[u8]) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from release_hold($1)").bind(hash).fetch_one(db).await
}

pub async fn sweep(db: &mut PgConnection, venue: Uuid, date: NaiveDate) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from sweep_holds($1, $2)")
        .bind(venue)
        .bind(date)
        .fetch_one(db)
        .await
}

pub async fn cancel(
    db: &mut PgConnection,
    id: Uuid,
    rev: Option<i32>,
    actor: &str,
    as_of: DateTime<Utc>,
    key: Option<&str>,
) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from cancel_reservation('cancel', $1, 'body', $2, $3, $4, $5, 'plans changed')")
        .bind(key)
        .bind(id)
        .bind(rev)
        .bind(actor)
        .bind(as_of)
        .fetch_one(db)
        .await
}

pub async fn late(
    db: &mut PgConnection,
    id: Uuid,
    rev: Option<i32>,
    minutes: i16,
    key: Option<&str>,
) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from report_late('late', $1, 'body', $2, $3, 'guest', $4)")
        .bind(key)
        .bind(id)
        .bind(rev)
        .bind(minutes)
        .fetch_one(db)
        .await
}

pub async fn notes(db: &mut PgConnection, id: Uuid, rev: Option<i32>, notes: &str) -> sqlx::Result<Ruling> {
    sqlx::query_as("select outcome, reason, answer, changes from change_notes('notes', null, 'body', $1, $2, 'guest', '2026-01-01T00:00:00Z', $3)")
        .bind(id)
        .bind(rev)
        .bind(notes)
        .fetch_one(db)
        .await
}
