//! The outbox: rows are leased, delivered outside any transaction, and written down.

use domain::account::Notification;
use domain::id::ReservationId;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use crate::account::Errand;
use crate::{Error, Origin, Result};

/// Attempts before a row is given up: an hour of ever longer pauses, then one an hour for two days.
const MOST_ATTEMPTS: i16 = 60;

/// One letter to be sent, as it lies there: another version of this program may have written it.
pub struct OutboxRow {
    pub id: i64,
    pub attempts: i16,
    payload: Value,
    origin: Option<Value>,
}

impl OutboxRow {
    /// Which letter it is.
    ///
    /// # Errors
    /// `Corrupt` for one that this version does not know.
    pub fn letter(&self) -> Result<Letter> {
        Letter::deserialize(&self.payload).map_err(|error| Error::Corrupt(format!("letter: {error}")))
    }

    /// The request it comes from, where that can be read. The letter leaves without it, too.
    pub fn origin(&self) -> Option<Origin> {
        Origin::deserialize(self.origin.as_ref()?).ok()
    }
}

/// Which letter, about what.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Letter {
    /// About a booking.
    Booking { template: String, reservation_id: ReservationId, rev: i32 },
    /// About an account.
    Account(Errand),
}

/// Takes rows whose turn it is for a minute; another worker passes over them meanwhile.
pub async fn lease_outbox(db: &mut PgConnection, most: i64) -> sqlx::Result<Vec<OutboxRow>> {
    sqlx::query_as!(
        OutboxRow,
        r#"update outbox set available_at = clock_timestamp() + interval '1 minute', attempts = attempts + 1
           where id in (select id from outbox where done_at is null and dead_at is null and available_at <= clock_timestamp()
                        order by available_at limit $1 for update skip locked)
           returning id, attempts, payload, origin"#,
        most
    )
    .fetch_all(db)
    .await
}

/// Whether the letter about this revision is one that its reader did not choose: about something they did themselves, to the
/// address of their account. What the venue did, and what goes to somebody else, is told in any case.
pub async fn is_unwanted(
    db: &mut PgConnection,
    id: ReservationId,
    rev: i32,
    letter: Notification,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
             select from reservations r join accounts a on a.id = r.account_id and a.email = r.guest_email
             join reservation_events e on e.reservation_id = r.id and e.rev = $2
             where r.id = $1 and e.actor = 'guest' and $3 <> all (a.letters)) as "unwanted!""#,
        id.0,
        rev,
        letter.word()
    )
    .fetch_one(db)
    .await
}

/// Writes down that a row is delivered.
pub async fn complete_outbox(db: &mut PgConnection, id: i64) -> sqlx::Result<()> {
    sqlx::query!("update outbox set done_at = clock_timestamp(), last_error = null where id = $1", id)
        .execute(db)
        .await?;
    Ok(())
}

/// Writes down that a delivery failed: again after 2, 4, 8 .. seconds up to an hour, and given up after so many attempts.
pub async fn fail_outbox(db: &mut PgConnection, id: i64, error: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update outbox set last_error = $2, available_at = clock_timestamp() + least(interval '1 hour', interval '1 second' * power(2, least(attempts, 12))),
           dead_at = case when attempts >= $3 then clock_timestamp() end
         where id = $1",
        id,
        error,
        MOST_ATTEMPTS
    )
    .execute(db)
    .await?;
    Ok(())
}
