//! The month in the database: what stands there is read, what was placed is written, a handful of statements per venue.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::availability::{Claim, Pace};
use domain::id::{TableId, VenueId};
use serde_json::{Value, json};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use super::month::{Placed, Standing, claims_of};
use super::people::Diary;
use crate::{Error, Result};

/// Bookings written by one set of statements, so that none of them takes a second.
const AT_ONCE: usize = 1000;

/// Who is engaged when, and the references that are given out.
pub async fn diary(db: &mut PgConnection, now: DateTime<Utc>) -> Result<Diary> {
    let references = sqlx::query_scalar!("select reference from reservations").fetch_all(&mut *db).await?;
    let engagements = sqlx::query!(
        r#"select guest_key as "guest_key!", start_at from reservations
           where guest_key is not null and start_at > $1
             and status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')"#,
        now - TimeDelta::days(16)
    );
    let engagements = engagements.fetch_all(db).await?.into_iter().map(|row| (row.guest_key, row.start_at));
    Ok(Diary::new(engagements, references.into_iter().collect::<HashSet<_>>()))
}

/// Locks the days from `first` to `last` as every booking does, and reads what stands in them.
///
/// Holds count as taken until they are swept, whether or not they have expired.
pub async fn stand(db: &mut PgConnection, venue: VenueId, dates: &[NaiveDate]) -> Result<Standing> {
    sqlx::query!("select arbiter.lock_days($1, $2) is null as locked", venue.0, dates).fetch_one(&mut *db).await?;
    let filled = sqlx::query_scalar!(
        "select distinct service_date from reservations where venue_id = $1 and service_date = any($2) and source = 'demo'",
        venue.0,
        dates
    );
    let filled = filled.fetch_all(&mut *db).await?.into_iter().collect();
    let claims = sqlx::query!(
        r#"select table_id as "table: TableId", service_date, lower(during) as "from!", upper(during) as "to!"
           from table_claims where venue_id = $1 and service_date = any($2) and released_at is null"#,
        venue.0,
        dates
    );
    let claims = claims.fetch_all(&mut *db).await?.into_iter().map(|row| Claim {
        table: row.table,
        date: row.service_date,
        from: row.from,
        to: row.to,
        covers: 0,
        online: 0,
        expires_at: None,
    });
    let claims = claims.collect();
    let rows = sqlx::query!(
        "select service_date, start_at, total, online from pace_buckets where venue_id = $1 and service_date = any($2)",
        venue.0,
        dates
    );
    let mut pace: HashMap<NaiveDate, Vec<(DateTime<Utc>, Pace)>> = HashMap::new();
    for row in rows.fetch_all(&mut *db).await? {
        let bucket = Pace { total: count(row.total)?, online: count(row.online)? };
        pace.entry(row.service_date).or_default().push((row.start_at, bucket));
    }
    Ok(Standing { claims, pace, filled })
}

fn count(number: i16) -> Result<u16> {
    u16::try_from(number).map_err(|error| Error::Corrupt(error.to_string()))
}

/// What is written of some bookings, one list per table.
#[derive(Default)]
struct Pages {
    reservations: Vec<Value>,
    events: Vec<Value>,
    claims: Vec<Value>,
    pace: BTreeMap<(NaiveDate, DateTime<Utc>), Value>,
}

/// Writes bookings as they stand at this instant; the caller holds the locks of their days.
///
/// A booking that is there already was moved to another day by people, and stays where they put it.
pub async fn write(db: &mut PgConnection, venue: VenueId, placed: &[Placed], now: DateTime<Utc>) -> Result<()> {
    let ids: Vec<Uuid> = placed.iter().map(|booking| booking.id).collect();
    let known = sqlx::query_scalar!("select id from reservations where id = any($1)", &ids).fetch_all(&mut *db).await?;
    let new: Vec<&Placed> = placed.iter().filter(|booking| !known.contains(&booking.id)).collect();
    for bookings in new.chunks(AT_ONCE) {
        let mut pages = Pages::default();
        for booking in bookings {
            pages.add(venue, booking, now);
        }
        insert(db, &pages).await?;
    }
    let mut days: Vec<NaiveDate> =
        placed.iter().flat_map(|b| [b.date.pred_opt(), Some(b.date), b.date.succ_opt()]).flatten().collect();
    days.sort_unstable();
    days.dedup();
    sqlx::query!("select arbiter.bump_days($1, $2)", venue.0, &days).fetch_one(db).await?;
    Ok(())
}

impl Pages {
    fn add(&mut self, venue: VenueId, booking: &Placed, now: DateTime<Utc>) {
        let Some(present) = booking.story.until(now) else { return };
        let over = present.status.is_over();
        let created = present.chapters.first().map_or(now, |chapter| chapter.at);
        for (rev, chapter) in (1..).zip(&present.chapters) {
            self.events.push(json!({
                "reservation_id": booking.id, "rev": rev, "kind": chapter.kind, "actor": chapter.actor, "at": chapter.at,
                "detail": chapter.detail,
            }));
        }
        for claim in claims_of(booking) {
            self.claims.push(json!({
                "venue_id": venue, "table_id": claim.table, "service_date": claim.date, "reservation_id": booking.id,
                "starts": claim.from, "ends": claim.to, "buffer_minutes": (booking.seats.free_again - booking.seats.end).num_minutes(),
                "covers": claim.covers, "online_covers": claim.online,
                "released_at": over.then_some(present.updated_at), "created_at": created,
            }));
            if !over && claim.covers > 0 {
                self.take_pace(venue, booking, &claim);
            }
        }
        self.reservations.push(json!({
            "id": booking.id, "reference": booking.reference, "venue_id": venue, "service_date": booking.date,
            "status": present.status, "rev": present.chapters.len(), "party": booking.party.get(),
            "start_at": booking.start, "end_at": booking.seats.end, "area_id": booking.area,
            "guest_name": booking.guest.name, "guest_email": booking.guest.email, "guest_phone": booking.guest.phone,
            "guest_key": booking.online.then_some(&booking.guest.email), "notes": booking.notes, "needs": booking.needs,
            "occasion": booking.occasion, "policy": booking.terms, "manage_hash": hex(&booking.manage_hash),
            "late_minutes": present.late_minutes, "cancel_reason": present.cancel_reason,
            "created_at": created, "updated_at": present.updated_at,
        }));
    }

    fn take_pace(&mut self, venue: VenueId, booking: &Placed, claim: &Claim) {
        let bucket = self.pace.entry((booking.date, booking.start)).or_insert_with(|| {
            json!({
                "venue_id": venue, "service_date": booking.date, "start_at": booking.start, "total": 0, "online": 0,
                "cap_total": booking.pacing.total, "cap_online": booking.pacing.online,
            })
        });
        for (field, more) in [("total", claim.covers), ("online", claim.online)] {
            bucket[field] = Value::from(bucket[field].as_u64().unwrap_or(0) + u64::from(more));
        }
    }
}

/// A `bytea` as PostgreSQL reads it.
fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::from("\\x"), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn insert(db: &mut PgConnection, pages: &Pages) -> Result<()> {
    sqlx::query!(
        "insert into reservations (id, reference, venue_id, service_date, status, rev, party, start_at, end_at, area_id, guest_name, guest_email,
           guest_phone, guest_key, notes, needs, occasion, source, policy, manage_hash, late_minutes, cancel_reason, created_at, updated_at)
         select id, reference, venue_id, service_date, status, rev, party, start_at, end_at, area_id, guest_name, guest_email,
           guest_phone, guest_key, notes, needs, occasion, 'demo', policy, manage_hash, late_minutes, cancel_reason, created_at, updated_at
         from jsonb_populate_recordset(null::reservations, $1)",
        Json(&pages.reservations) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into reservation_events (reservation_id, rev, kind, actor, at, detail)
         select reservation_id, rev, kind, actor, at, detail from jsonb_populate_recordset(null::reservation_events, $1)",
        Json(&pages.events) as _
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into table_claims
           (venue_id, table_id, service_date, kind, reservation_id, during, buffer_minutes, covers, online_covers, released_at, created_at)
         select venue_id, table_id, service_date, 'reservation', reservation_id, tstzrange(starts, ends), buffer_minutes, covers, online_covers,
           released_at, created_at
         from jsonb_to_recordset($1) as claim (venue_id uuid, table_id uuid, service_date date, reservation_id uuid, starts timestamptz,
           ends timestamptz, buffer_minutes smallint, covers smallint, online_covers smallint, released_at timestamptz, created_at timestamptz)",
        Json(&pages.claims) as _
    )
    .execute(&mut *db)
    .await?;
    let pace: Vec<&Value> = pages.pace.values().collect();
    sqlx::query!(
        "insert into pace_buckets as b (venue_id, service_date, start_at, total, online, cap_total, cap_online)
         select venue_id, service_date, start_at, total, online, cap_total, cap_online
         from jsonb_populate_recordset(null::pace_buckets, $1)
         on conflict (venue_id, service_date, start_at) do update set
           total = b.total + excluded.total, online = b.online + excluded.online,
           forced = greatest(0, b.total + excluded.total - excluded.cap_total),
           cap_total = excluded.cap_total, cap_online = greatest(excluded.cap_online, b.online + excluded.online)",
        Json(&pace) as _
    )
    .execute(db)
    .await?;
    Ok(())
}
