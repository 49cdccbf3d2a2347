//! The arbiter's functions and the reads around them, typed. Each write is one call and one transaction.

mod entry;
mod outbox;
mod owner;
mod ruling;

use chrono::{DateTime, Utc};
use domain::availability::Claim;
use domain::id::{ReservationId, TableId, VenueId};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

pub use entry::{Booking, Cancellation, Move, NewHold, NewNotes, Options, Request};
pub use outbox::{Letter, OutboxRow, complete_outbox, fail_outbox, is_unwanted, lease_outbox};
pub use owner::attach;
pub use ruling::{Answer, Held, Outcome, Ruling, changes};

use crate::Origin;
use crate::db::{Attempt, BATCH, in_batches};
use ruling::RulingRow;

/// What one call came to.
type Ruled<A = Answer> = sqlx::Result<Attempt<Ruling<A>>>;

/// Where a write comes from, for the letters it leaves.
fn origin() -> Option<Json<Origin>> {
    Origin::present().map(Json)
}

/// Books the first free option of the list, or what the hold has.
pub async fn book(db: &mut PgConnection, entry: &Booking<'_>) -> Ruled {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from book($1, arbiter.asked_by($2, $30, $31), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, true, false,
             $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, 'guest')"#,
        entry.scope,
        entry.key,
        entry.request_hash,
        entry.id,
        entry.reference,
        entry.venue.0,
        entry.date,
        entry.start,
        i16::from(entry.party.get()),
        &entry.options.numbers,
        &entry.options.tables,
        &entry.options.ends,
        &entry.options.free_again,
        entry.options.cap_total,
        entry.options.cap_online,
        entry.hold_hash.as_deref(),
        entry.status.word(),
        entry.area.map(|area| area.0),
        entry.guest.name.as_str(),
        entry.guest.email.as_str(),
        entry.guest.phone.as_ref().map(domain::text::Phone::as_str),
        entry.guest.email.as_str(),
        entry.notes.as_str(),
        entry.needs,
        entry.occasion.map(domain::reservation::Occasion::word),
        entry.source,
        Json(entry.terms) as _,
        entry.manage_hash,
        entry.account.map(|account| account.0),
        origin() as _,
        entry.actor().to_string(),
    )
    .fetch_one(db)
    .await?;
    row.ruling()
}

/// Keeps the first free option of the list for so many seconds.
pub async fn hold(db: &mut PgConnection, entry: &NewHold<'_>) -> Ruled<Held> {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from hold($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, true, $14, $15)"#,
        entry.scope,
        entry.key,
        entry.request_hash,
        entry.venue.0,
        entry.date,
        entry.start,
        i16::from(entry.party.get()),
        &entry.options.numbers,
        &entry.options.tables,
        &entry.options.ends,
        &entry.options.free_again,
        entry.options.cap_total,
        entry.options.cap_online,
        entry.token_hash,
        entry.seconds,
    )
    .fetch_one(db)
    .await?;
    row.ruling()
}

/// Gives a hold so many seconds more.
pub async fn extend_hold(db: &mut PgConnection, token_hash: &[u8], seconds: i32) -> Ruled<Held> {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from extend_hold($1, $2)"#,
        token_hash,
        seconds
    );
    row.fetch_one(db).await?.ruling()
}

/// Lets a hold go.
pub async fn release_hold(db: &mut PgConnection, token_hash: &[u8]) -> Ruled<Held> {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from release_hold($1)"#,
        token_hash
    );
    row.fetch_one(db).await?.ruling()
}

/// Moves a booking, or leaves it as it is.
pub async fn move_reservation(
    db: &mut PgConnection,
    request: Request<'_>,
    id: ReservationId,
    entry: &Move<'_>,
) -> Ruled {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes
           from move_reservation($1, arbiter.asked_by($2, $19, $20), $3, $4, $5, 'guest', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, true, false)"#,
        request.scope,
        request.key,
        request.fingerprint,
        id.0,
        entry.rev,
        entry.as_of,
        entry.date,
        entry.start,
        i16::from(entry.party.get()),
        entry.area.map(|area| area.0),
        entry.notes,
        entry.status.map(domain::reservation::Status::word),
        &entry.options.numbers,
        &entry.options.tables,
        &entry.options.ends,
        &entry.options.free_again,
        entry.options.cap_total,
        entry.options.cap_online,
        origin() as _,
        request.actor.to_string(),
    )
    .fetch_one(db)
    .await?;
    row.ruling()
}

/// Changes what the guest wrote for the staff.
pub async fn change_notes(
    db: &mut PgConnection,
    request: Request<'_>,
    id: ReservationId,
    entry: &NewNotes<'_>,
) -> Ruled {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from change_notes($1, arbiter.asked_by($2, $8, $9), $3, $4, $5, 'guest', $6, $7)"#,
        request.scope,
        request.key,
        request.fingerprint,
        id.0,
        entry.rev,
        entry.as_of,
        entry.notes,
        origin() as _,
        request.actor.to_string(),
    );
    row.fetch_one(db).await?.ruling()
}

/// Cancels a booking.
pub async fn cancel(db: &mut PgConnection, request: Request<'_>, id: ReservationId, entry: &Cancellation<'_>) -> Ruled {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from cancel_reservation($1, arbiter.asked_by($2, $8, $9), $3, $4, $5, 'guest', $6, $7)"#,
        request.scope,
        request.key,
        request.fingerprint,
        id.0,
        entry.rev,
        entry.as_of,
        entry.reason,
        origin() as _,
        request.actor.to_string(),
    );
    row.fetch_one(db).await?.ruling()
}

/// Notes that the party is late.
pub async fn report_late(
    db: &mut PgConnection,
    request: Request<'_>,
    id: ReservationId,
    rev: Option<i32>,
    minutes: i16,
) -> Ruled {
    let row = sqlx::query_as!(
        RulingRow,
        r#"select outcome as "outcome!", reason, answer, changes from report_late($1, arbiter.asked_by($2, $7, $8), $3, $4, $5, 'guest', $6)"#,
        request.scope,
        request.key,
        request.fingerprint,
        id.0,
        rev,
        minutes,
        origin() as _,
        request.actor.to_string(),
    );
    row.fetch_one(db).await?.ruling()
}

/// The answer to an earlier request with this key and body.
pub async fn answered(
    db: &mut PgConnection,
    scope: &str,
    key: &str,
    request_hash: &[u8],
) -> crate::Result<Option<Answer>> {
    let row = sqlx::query_scalar!(
        "select answer from idempotency_keys where scope = $1 and key = $2 and request_hash = $3",
        scope,
        key,
        request_hash
    );
    let answer = row.fetch_optional(db).await?;
    answer.map(serde_json::from_value).transpose().map_err(|error| crate::Error::Corrupt(error.to_string()))
}

/// The live hold with this token.
pub async fn find_hold(db: &mut PgConnection, token_hash: &[u8]) -> crate::Result<Option<Held>> {
    let row = sqlx::query!(
        r#"select venue_id as "venue: VenueId", min(lower(during)) as "start!", sum(covers) as "party!", min(expires_at) as "expires_at!",
             min(created_at) as "created_at!", array_agg(table_id order by table_id) as "tables!: Vec<TableId>"
           from table_claims
           where hold_token_hash = $1 and kind = 'hold' and released_at is null and expires_at > clock_timestamp() group by venue_id"#,
        token_hash
    );
    let Some(row) = row.fetch_optional(db).await? else { return Ok(None) };
    Ok(Some(Held {
        venue: row.venue,
        start: row.start,
        party: row
            .party
            .try_into()
            .map_err(|complaint: domain::field::Complaint| crate::Error::Corrupt(complaint.to_string()))?,
        expires_at: row.expires_at,
        created_at: Some(row.created_at),
        tables: row.tables,
    }))
}

/// The tables a booking has.
pub async fn claims_of(db: &mut PgConnection, id: ReservationId) -> crate::Result<Vec<Claim>> {
    let rows = sqlx::query!(
        r#"select table_id as "table: TableId", service_date, lower(during) as "from!", upper(during) as "to!", covers, online_covers
           from table_claims where reservation_id = $1 and released_at is null"#,
        id.0
    );
    let rows = rows.fetch_all(db).await?;
    let count = |number: i16| u16::try_from(number).map_err(|error| crate::Error::Corrupt(error.to_string()));
    rows.into_iter()
        .map(|row| {
            Ok(Claim {
                table: row.table,
                date: row.service_date,
                from: row.from,
                to: row.to,
                covers: count(row.covers)?,
                online: count(row.online_covers)?,
                expires_at: None,
            })
        })
        .collect()
}

/// Throws away what nobody needs any more: holds on days that nobody books, answers of yesterday, letters that are out.
/// Trouble with one of them does not keep the others.
pub async fn clean(pool: &PgPool) -> sqlx::Result<()> {
    let swept = sweep(pool).await;
    let keys = in_batches(|| {
        sqlx::query!(
            "delete from idempotency_keys where (scope, key) in
               (select scope, key from idempotency_keys where created_at < clock_timestamp() - interval '24 hours' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    let keys = keys.await;
    let letters = in_batches(|| {
        sqlx::query!(
            "delete from outbox where id in (select id from outbox where done_at < clock_timestamp() - interval '7 days' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    let letters = letters.await;
    let holds = in_batches(|| {
        sqlx::query!(
            "delete from table_claims where id in
               (select id from table_claims where kind = 'hold' and released_at < clock_timestamp() - interval '1 day' limit $1)",
            BATCH
        )
        .execute(pool)
    });
    swept.and(keys).and(letters).and(holds.await)
}

async fn sweep(pool: &PgPool) -> sqlx::Result<()> {
    let days = sqlx::query!(
        r#"select distinct venue_id, service_date from table_claims
           where kind = 'hold' and released_at is null and expires_at < clock_timestamp() - interval '1 minute'"#
    );
    let mut outcome = Ok(());
    for day in days.fetch_all(pool).await? {
        // One call, one transaction: it takes the day's lock.
        let swept =
            sqlx::query!(r#"select outcome as "outcome!" from sweep_holds($1, $2)"#, day.venue_id, day.service_date);
        outcome = outcome.and(swept.fetch_one(pool).await.map(drop));
    }
    outcome
}

/// An instant as the arbiter writes it into its answers.
type At = DateTime<Utc>;
