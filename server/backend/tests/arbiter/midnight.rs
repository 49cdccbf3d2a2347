//! Around the rollover, where one claim is on two service dates. In Lisbon on summer time 04:00 is 03:00 UTC.

use sqlx::PgPool;

use crate::house::{House, at, date};
use crate::truth;

const TOKEN: &[u8] = b"a hash";

/// From half past two until five in the morning.
fn late(house: &House) -> crate::calls::Ask {
    house.ask_on("2027-05-05", "2027-05-06T01:30:00Z", 2).with(|ask| ask.turns = vec![150])
}

/// From half past four.
fn early(house: &House) -> crate::calls::Ask {
    house.ask_on("2027-05-06", "2027-05-06T03:30:00Z", 2)
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_lasts_past_the_rollover_is_taken_on_both_dates(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let booked = late(&house).book(&mut db).await.unwrap();
    assert_eq!(booked.dates(), ["2027-05-05", "2027-05-06"]);
    assert_eq!(early(&house).book(&mut db).await.unwrap().refused(), Some("no_table"));
    let after = house.ask_on("2027-05-06", "2027-05-06T04:00:00Z", 2).book(&mut db).await.unwrap();
    assert_eq!(after.dates(), ["2027-05-05", "2027-05-06"], "yesterday's readers see eight hours of today");
    let lunch = house.ask_on("2027-05-06", "2027-05-06T12:00:00Z", 2).book(&mut db).await.unwrap();
    assert_eq!(lunch.dates(), ["2027-05-06"]);
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn what_begins_tomorrow_stands_in_the_way_of_what_lasts_until_then(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    assert!(early(&house).book(&mut db).await.unwrap().is("done"));
    assert_eq!(late(&house).book(&mut db).await.unwrap().refused(), Some("no_table"));
    assert!(late(&house).with(|ask| ask.turns = vec![120]).book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn an_expired_hold_of_yesterday_is_swept_by_a_booking_of_today(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    late(&house).hold(&mut db, TOKEN, 0).await.unwrap();
    let booked = early(&house).book(&mut db).await.unwrap();
    assert!(booked.is("done"), "{booked:?}");
    assert_eq!(booked.changes()["freed"][0]["date"], "2027-05-05");
    assert_eq!(booked.dates(), ["2027-05-05", "2027-05-06"]);
    assert_eq!(
        truth::pace(&pool, house.venue, at("2027-05-06T01:30:00Z")).await,
        (0, 0, 0),
        "yesterday's pace came back"
    );
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_hold_that_cannot_be_swept_now_decides_nothing(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    late(&house).hold(&mut db, TOKEN, 0).await.unwrap();
    let mut yesterday = pool.begin().await.unwrap();
    sqlx::query("select arbiter.lock_days($1, array['2027-05-05'::date])")
        .bind(house.venue)
        .execute(&mut *yesterday)
        .await
        .unwrap();
    let undecided = early(&house).book(&mut db).await.unwrap();
    assert!(undecided.is("retry"), "somebody is at work on yesterday: {undecided:?}");
    yesterday.rollback().await.unwrap();
    assert!(early(&house).book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_move_across_the_rollover_gives_pace_back_where_it_took_it(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = late(&house).cap(2, 2);
    ask.book(&mut db).await.unwrap();
    assert!(
        early(&house).cap(2, 2).move_of(&mut db, ask.id, Some(1)).await.unwrap().is("done"),
        "its own table is no obstacle"
    );
    assert_eq!(truth::pace(&pool, house.venue, ask.start).await, (0, 0, 0));
    assert_eq!(truth::version(&pool, house.venue, date("2027-05-05")).await, 2);
    truth::check(&pool).await;
}
