//! The demo: venues around the world, a month of bookings around today, and what guests say of those that are over.
//!
//! Nothing of it is real: the venues are invented, their telephone numbers ring nowhere, and every guest lives at example.com. What
//! stands in `guide` is the same every time; who comes is drawn from a seed, and placed by the engine that guests book with, so that
//! no rule is broken. The same seed and the same date give the same demo; how far each booking has come follows the clock.

mod appetite;
mod critics;
mod draw;
mod guide;
mod ledger;
mod month;
mod opening;
mod people;
mod sheet;
mod signin;
mod story;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::id::VenueId;
use sqlx::PgPool;

pub use signin::{SignIn, SignIns, StaffSignIn};

use crate::review;
use crate::venue::{self, Catalogue};
use crate::{Error, Result, db};
use guide::City;
use month::Scene;
use people::{Crowd, Diary};

/// Opens the venues and fills the month around `now`; answers how to sign in.
///
/// A second time, venues change only where the guide did, days that have a demo keep it, days that have none get one around whatever
/// people booked there, and both accounts get new passwords.
///
/// # Errors
/// The database is away, or somebody's venue has the name of one of ours.
pub async fn fill(pool: &PgPool, now: DateTime<Utc>, seed: u64) -> Result<SignIns> {
    let cities = guide::cities()?;
    populate(pool, &cities, now, seed).await?;
    let home = cities
        .first()
        .and_then(|city| city.venues.first())
        .ok_or_else(|| Error::Broken("the demo: no venue".to_owned()))?;
    signin::renew(pool, opening::venue_id(home), &home.slug).await
}

async fn populate(pool: &PgPool, cities: &[City], now: DateTime<Utc>, seed: u64) -> Result<()> {
    let (people, phrases) = (guide::people()?, critics::phrases()?);
    opening::open(pool, cities, now).await?;
    let venues = load(pool, cities, now).await?;
    let mut diary = ledger::diary(&mut *pool.acquire().await?, now).await?;
    let (mut taken, mut booked) = (HashSet::new(), 0);
    for city in cities {
        let crowd = Crowd::of(city, &people, seed, &mut taken)?;
        for listing in &city.venues {
            let venue = venues
                .get(opening::venue_id(listing))
                .ok_or_else(|| Error::Corrupt(format!("no venue {}", listing.slug)))?;
            let scene = Scene { venue, listing, crowd: &crowd, notes: &people.notes, seed, now };
            booked += book(pool, &scene, &mut diary).await?;
            let mut db = pool.acquire().await?;
            critics::write(&mut db, venue.id.0, listing, &phrases, (seed, now)).await?;
        }
    }
    if booked > 0 {
        // So many rows at once change what the planner must know; of the columns, those that are searched.
        let searched = "analyze reservations (venue_id, service_date, status, start_at, guest_key),
            table_claims (venue_id, table_id, service_date, during, released_at, reservation_id), pace_buckets, venue_days";
        sqlx::query(searched).execute(pool).await?;
    }
    match review::store::miscounted(&mut *pool.acquire().await?).await?.as_slice() {
        [] => Ok(()),
        wrong => Err(Error::Corrupt(format!("the stars of {} venues do not add up", wrong.len()))),
    }
}

async fn load(pool: &PgPool, cities: &[City], now: DateTime<Utc>) -> Result<Catalogue> {
    let ids: Vec<VenueId> = cities.iter().flat_map(|city| &city.venues).map(opening::venue_id).collect();
    let venues = venue::store::load(&mut *pool.acquire().await?, &ids, now.date_naive() - Days::new(16)).await?;
    Ok(Catalogue::new(venues))
}

/// Books the month of one venue, in one transaction; answers how many bookings are new.
async fn book(pool: &PgPool, scene: &Scene<'_>, diary: &mut Diary) -> Result<usize> {
    let dates = month::dates(&scene.venue.floor.house, scene.now);
    let around = |date: &NaiveDate| [date.pred_opt(), Some(*date), date.succ_opt()];
    let mut locked: Vec<_> = dates.iter().flat_map(around).flatten().collect();
    locked.sort_unstable();
    locked.dedup();
    let mut tx = db::begin(pool, "begin").await?;
    let standing = ledger::stand(&mut tx, scene.venue.id, &locked).await?;
    let placed = scene.fill(standing, diary);
    if !placed.is_empty() {
        ledger::write(&mut tx, scene.venue.id, &placed, scene.now).await?;
    }
    tx.commit().await?;
    Ok(placed.len())
}
