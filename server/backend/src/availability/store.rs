//! Venue-days out of the database, many at a time and all as of one instant.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::availability::{Claim, Day, Pace, Plan, TICKS};
use domain::id::{TableId, VenueId};
use domain::time::TICK;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::{Error, Result, db};

/// The part of a venue's time that one day looks at.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    venue: VenueId,
    date: NaiveDate,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Window {
    /// The window of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            venue: plan.floor.house.venue,
            date: plan.date,
            from: plan.origin,
            to: plan.origin + TICK * i32::from(TICKS),
        }
    }
}

/// What is booked in one window.
#[derive(Debug, Default)]
pub struct Rows {
    version: i64,
    claims: Vec<Claim>,
    pace: Vec<(DateTime<Utc>, Pace)>,
}

impl Rows {
    /// The day they make.
    pub fn day(self, plan: Arc<Plan>) -> Day {
        Day::new(plan, self.version, &self.claims, &self.pace)
    }
}

/// Loads windows, in their order, as of one instant.
pub async fn load(database: &PgPool, windows: &[Window]) -> Result<Vec<Rows>> {
    let venues: Vec<Uuid> = windows.iter().map(|window| window.venue.0).collect();
    let dates: Vec<NaiveDate> = windows.iter().map(|window| window.date).collect();
    let from: Vec<DateTime<Utc>> = windows.iter().map(|window| window.from).collect();
    let to: Vec<DateTime<Utc>> = windows.iter().map(|window| window.to).collect();
    let mut tx = db::begin(database, db::AS_OF_NOW).await?;
    let versions = sqlx::query!(
        r#"select w.n as "n!", d.version from unnest($1::uuid[], $2::date[]) with ordinality as w (venue_id, date, n)
           join venue_days d on d.venue_id = w.venue_id and d.service_date = w.date"#,
        &venues,
        &dates
    )
    .fetch_all(&mut *tx)
    .await?;
    // A claim that touches the window belongs to its date or a neighbour's.
    let claims = sqlx::query!(
        r#"select w.n as "n!", c.table_id as "table_id: TableId", c.service_date, lower(c.during) as "from!", upper(c.during) as "to!", c.covers,
             c.online_covers, c.expires_at
           from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::timestamptz[]) with ordinality as w (venue_id, date, starts, ends, n)
           join table_claims c on c.venue_id = w.venue_id and c.service_date between w.date - 1 and w.date + 1 and c.released_at is null
             and c.during && tstzrange(w.starts, w.ends)"#,
        &venues,
        &dates,
        &from,
        &to
    )
    .fetch_all(&mut *tx)
    .await?;
    let pace = sqlx::query!(
        r#"select w.n as "n!", b.start_at, b.total, b.online from unnest($1::uuid[], $2::date[]) with ordinality as w (venue_id, date, n)
           join pace_buckets b on b.venue_id = w.venue_id and b.service_date = w.date"#,
        &venues,
        &dates
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;

    let mut rows: Vec<Rows> = windows.iter().map(|_| Rows::default()).collect();
    for row in versions {
        place(&mut rows, row.n)?.version = row.version;
    }
    for row in claims {
        place(&mut rows, row.n)?.claims.push(Claim {
            table: row.table_id,
            date: row.service_date,
            from: row.from,
            to: row.to,
            covers: count(row.covers)?,
            online: count(row.online_covers)?,
            expires_at: row.expires_at,
        });
    }
    for row in pace {
        let pace = Pace { total: count(row.total)?, online: count(row.online)? };
        place(&mut rows, row.n)?.pace.push((row.start_at, pace));
    }
    Ok(rows)
}

/// The database's time and the days that changed since then; none when asked for the first time.
pub async fn changed_since(
    db: &mut PgConnection,
    since: Option<DateTime<Utc>>,
) -> sqlx::Result<(DateTime<Utc>, Vec<(VenueId, NaiveDate, i64)>)> {
    let rows = sqlx::query!(
        r#"select now.at as "now!", d.venue_id as "venue_id?: VenueId", d.service_date as "service_date?", d.version as "version?"
           from (select clock_timestamp() as at) now left join venue_days d on d.updated_at >= $1"#,
        since
    )
    .fetch_all(db)
    .await?;
    let now = rows.first().map(|row| row.now).ok_or(sqlx::Error::RowNotFound)?;
    let days: HashMap<(VenueId, NaiveDate), i64> =
        rows.into_iter().filter_map(|row| Some(((row.venue_id?, row.service_date?), row.version?))).collect();
    Ok((now, days.into_iter().map(|((venue, date), version)| (venue, date, version)).collect()))
}

fn place(rows: &mut [Rows], n: i64) -> Result<&mut Rows> {
    usize::try_from(n - 1)
        .ok()
        .and_then(|index| rows.get_mut(index))
        .ok_or_else(|| Error::Corrupt("a row of no window".to_owned()))
}

fn count(number: i16) -> Result<u16> {
    u16::try_from(number).map_err(|error| Error::Corrupt(error.to_string()))
}
