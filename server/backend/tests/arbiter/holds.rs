//! A table kept for a few minutes.

use serde_json::json;
use sqlx::PgPool;

use crate::calls::{extend, release, sweep};
use crate::house::{House, date, id};
use crate::truth;

const TOKEN: &[u8] = b"a hash";

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_held_table_is_taken_and_takes_pace(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).cap(4, 4);
    let held = ask.hold(&mut db, TOKEN, 300).await.unwrap();
    assert_eq!(held.tables(), house.set(&[0]));
    assert_eq!(house.ask("18:00", 2).only(&[house.set(&[0])]).book(&mut db).await.unwrap().refused(), Some("no_table"));
    assert_eq!(house.ask("18:00", 4).cap(4, 4).book(&mut db).await.unwrap().refused(), Some("pacing"));
    assert!(house.ask("18:00", 2).cap(4, 4).book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn booking_with_a_hold_keeps_its_table_its_end_and_its_pace(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).cap(2, 2).with(|ask| ask.buffer = 30);
    let held = ask.hold(&mut db, TOKEN, 300).await.unwrap();
    let booked = ask.clone().held(TOKEN).with(|ask| ask.options.clear()).book(&mut db).await.unwrap();
    assert!(booked.is("done"), "{booked:?}");
    assert_eq!(booked.tables(), house.set(&[0]));
    assert_eq!(booked.answer()["end"], "2027-05-05T19:30:00+00:00");
    assert_eq!(booked.changes()["freed"], held.changes()["taken"]);
    assert_eq!(booked.changes()["taken"][0]["expires_at"], json!(null));
    assert_eq!(truth::pace(&pool, house.venue, ask.start).await, (2, 2, 0));
    let second = ask.with(|ask| ask.id = id()).held(TOKEN).book(&mut db).await.unwrap();
    assert_eq!(second.refused(), Some("hold_expired"), "a hold is used once");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_hold_is_for_its_venue_start_and_party_only(pool: PgPool) {
    let (house, other) = (House::open(&pool, 1).await, House::open(&pool, 1).await);
    let mut db = pool.acquire().await.unwrap();
    house.ask("18:00", 2).hold(&mut db, TOKEN, 300).await.unwrap();
    for wrong in [house.ask("18:15", 2), house.ask("18:00", 3), other.ask("18:00", 2)] {
        assert_eq!(wrong.held(TOKEN).book(&mut db).await.unwrap().refused(), Some("hold_mismatch"));
    }
    assert_eq!(house.ask("18:00", 2).held(b"unknown").book(&mut db).await.unwrap().refused(), Some("hold_expired"));
    assert!(house.ask("18:00", 2).held(TOKEN).book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn an_expired_hold_is_swept_by_whoever_comes_next(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).cap(2, 2);
    let held = ask.hold(&mut db, TOKEN, 0).await.unwrap();
    assert_eq!(ask.clone().held(TOKEN).book(&mut db).await.unwrap().refused(), Some("hold_expired"));
    let version = truth::version(&pool, house.venue, ask.date).await;
    assert_eq!(version, 2, "the refusal swept the hold, and that is a change");
    ask.hold(&mut db, b"second", 0).await.unwrap();
    let booked = ask.book(&mut db).await.unwrap();
    assert!(booked.is("done"), "{booked:?}");
    assert_eq!(booked.changes()["freed"][0]["table"], held.changes()["taken"][0]["table"]);
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_hold_that_runs_out_while_a_booking_waits_is_out(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    // The booking's transaction, and with it now(), is older than the hold.
    let mut waiting = pool.begin().await.unwrap();
    sqlx::query("select now()").execute(&mut *waiting).await.unwrap();
    let ask = house.ask("18:00", 2).cap(2, 2);
    ask.hold(&mut pool.acquire().await.unwrap(), TOKEN, 0).await.unwrap();
    assert!(ask.book(&mut waiting).await.unwrap().is("done"));
    waiting.commit().await.unwrap();
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_hold_is_extended_to_a_quarter_of_an_hour_at_most(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    house.ask("18:00", 2).hold(&mut db, TOKEN, 300).await.unwrap();
    let left = |ruling: &crate::calls::Ruling| {
        let instant = |name: &str| crate::house::at(ruling.answer()[name].as_str().unwrap());
        (instant("expires_at") - instant("created_at")).num_seconds()
    };
    assert!((599..=600).contains(&left(&extend(&mut db, TOKEN, 300).await.unwrap())));
    assert_eq!(left(&extend(&mut db, TOKEN, 3000).await.unwrap()), 900);
    let full = extend(&mut db, TOKEN, 300).await.unwrap();
    assert!(full.is("done") && full.changes.is_none(), "{full:?}");
    house.ask("20:00", 2).hold(&mut db, b"over", 0).await.unwrap();
    assert_eq!(extend(&mut db, b"over", 300).await.unwrap().refused(), Some("hold_expired"));
    assert_eq!(extend(&mut db, b"unknown", 300).await.unwrap().refused(), Some("hold_expired"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_released_hold_is_free_at_once(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).cap(2, 2);
    let held = ask.hold(&mut db, TOKEN, 300).await.unwrap();
    assert_eq!(release(&mut db, TOKEN).await.unwrap().changes()["freed"], held.changes()["taken"]);
    assert!(release(&mut db, TOKEN).await.unwrap().is("not_found"));
    assert!(ask.book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_hold_asked_for_twice_is_one_hold(pool: PgPool) {
    let house = House::open(&pool, 3).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).key("k");
    let first = ask.hold(&mut db, TOKEN, 300).await.unwrap();
    let again = ask.hold(&mut db, TOKEN, 300).await.unwrap();
    assert!(again.is("replayed"));
    assert_eq!(again.answer, first.answer);
    let other = ask.with(|ask| ask.body = b"other".to_vec()).hold(&mut db, b"other", 300).await.unwrap();
    assert!(other.is("key_reused"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_day_on_which_nobody_books_is_swept_by_the_broom(pool: PgPool) {
    let house = House::open(&pool, 3).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 4).only(&[house.set(&[0, 1])]);
    ask.hold(&mut db, TOKEN, 0).await.unwrap();
    let swept = sweep(&mut db, house.venue, ask.date).await.unwrap();
    assert_eq!(swept.changes()["freed"].as_array().map(Vec::len), Some(2));
    ask.hold(&mut db, b"live", 300).await.unwrap();
    assert!(sweep(&mut db, house.venue, ask.date).await.unwrap().changes.is_none());
    assert!(sweep(&mut db, house.venue, date("2027-05-06")).await.unwrap().changes.is_none());
    truth::check(&pool).await;
}
