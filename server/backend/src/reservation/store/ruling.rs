//! What the arbiter answers.

use chrono::NaiveDate;
use domain::availability::{Claim, Reason};
use domain::id::{ReservationId, TableId, VenueId};
use domain::party::PartySize;
use domain::reservation::{Refusal, Status};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::At;
use crate::days::Changes;
use crate::db::Attempt;

/// A decision, and what it moved.
pub struct Ruling<A = Answer> {
    pub outcome: Outcome<A>,
    pub changes: Option<Changes>,
}

/// A decision.
pub enum Outcome<A = Answer> {
    /// It is done.
    Done(A),
    /// It was done before, by this very request.
    Replayed(A),
    /// The key belongs to another request.
    KeyReused,
    /// It cannot be done; nothing was changed.
    Refused(Refusal),
    /// There is no such thing.
    NotFound,
    /// The account is closed.
    SignedOut,
}

/// A booking as a change left it.
#[derive(Deserialize)]
pub struct Answer {
    pub id: ReservationId,
    pub reference: String,
    pub rev: i32,
    pub status: String,
    pub start: At,
    pub end: At,
    pub at: At,
}

/// A hold as a change left it.
#[derive(Deserialize)]
pub struct Held {
    pub venue: VenueId,
    pub start: At,
    pub party: PartySize,
    pub expires_at: At,
    #[serde(default)]
    pub created_at: Option<At>,
    pub tables: Vec<TableId>,
}

impl<A> Ruling<A> {
    /// A refusal that the database put into an error.
    pub const fn refused(refusal: Refusal) -> Self {
        Self { outcome: Outcome::Refused(refusal), changes: None }
    }
}

/// The arbiter's ruling as it comes.
pub struct RulingRow {
    pub outcome: String,
    pub reason: Option<String>,
    pub answer: Option<Value>,
    pub changes: Option<Value>,
}

impl RulingRow {
    /// The ruling, or that the call must begin again.
    pub fn ruling<A: DeserializeOwned>(self) -> sqlx::Result<Attempt<Ruling<A>>> {
        let answer = self.answer.unwrap_or_default();
        let outcome = match self.outcome.as_str() {
            "retry" => return Ok(Attempt::Again),
            "done" => Outcome::Done(read(answer)?),
            "replayed" => Outcome::Replayed(read(answer)?),
            "key_reused" => Outcome::KeyReused,
            "not_found" => Outcome::NotFound,
            "signed_out" => Outcome::SignedOut,
            "refused" => Outcome::Refused(refusal(self.reason.as_deref().unwrap_or_default(), &answer)?),
            other => return Err(unknown(other)),
        };
        let changes = self.changes.map(changes).transpose()?;
        Ok(Attempt::Decided(Ruling { outcome, changes }))
    }
}

/// What a write moved, as the arbiter tells it.
pub fn changes(told: Value) -> sqlx::Result<Changes> {
    Ok(read::<ChangesRow>(told)?.changes())
}

fn refusal(reason: &str, answer: &Value) -> sqlx::Result<Refusal> {
    Ok(match reason {
        "overlapping_booking" => Refusal::OverlappingBooking,
        "hold_expired" => Refusal::HoldExpired,
        "hold_mismatch" => Refusal::HoldMismatch,
        "stale" => Refusal::Stale(answer["rev"].as_i64().and_then(|rev| i32::try_from(rev).ok()).unwrap_or(0)),
        "too_late" => Refusal::TooLate,
        "wrong_status" => {
            let status: Status =
                answer["status"].as_str().unwrap_or_default().parse().map_err(|_| unknown("status"))?;
            Refusal::NotNow(status)
        }
        other => Refusal::Unavailable(other.parse::<Reason>().map_err(|_| unknown(other))?),
    })
}

#[derive(Deserialize)]
struct ChangesRow {
    days: Vec<DayRow>,
    taken: Vec<ClaimRow>,
    freed: Vec<ClaimRow>,
}

#[derive(Deserialize)]
struct DayRow {
    date: NaiveDate,
    version: i64,
}

#[derive(Deserialize)]
struct ClaimRow {
    table: TableId,
    date: NaiveDate,
    from: At,
    to: At,
    covers: u16,
    online: u16,
    expires_at: Option<At>,
}

impl ChangesRow {
    fn changes(self) -> Changes {
        let claims = |rows: Vec<ClaimRow>| {
            rows.into_iter()
                .map(|row| Claim {
                    table: row.table,
                    date: row.date,
                    from: row.from,
                    to: row.to,
                    covers: row.covers,
                    online: row.online,
                    expires_at: row.expires_at,
                })
                .collect()
        };
        Changes {
            days: self.days.into_iter().map(|day| (day.date, day.version)).collect(),
            taken: claims(self.taken),
            freed: claims(self.freed),
        }
    }
}

fn read<T: DeserializeOwned>(value: Value) -> sqlx::Result<T> {
    serde_json::from_value(value).map_err(|error| sqlx::Error::Decode(Box::new(error)))
}

fn unknown(what: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("the arbiter answered {what}").into())
}
