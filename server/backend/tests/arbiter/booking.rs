//! One guest, one call.

use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use crate::calls::cancel;
use crate::house::{House, at};
use crate::truth;

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_free_table_is_booked(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let ask = house.ask("18:00", 2).with(|ask| ask.buffer = 15);
    let ruling = ask.book(&mut pool.acquire().await.unwrap()).await.unwrap();
    assert!(ruling.is("done"), "{ruling:?}");
    let answer = ruling.answer();
    assert_eq!(answer["id"], json!(ask.id));
    assert_eq!(answer["rev"], 1);
    assert_eq!(answer["end"], "2027-05-05T19:30:00+00:00");
    assert_eq!(ruling.tables(), [house.tables[0]]);
    assert_eq!(ruling.changes()["days"], json!([{"date": "2027-05-05", "version": 1}]));
    assert_eq!(
        ruling.changes()["taken"],
        json!([{"table": house.tables[0], "date": "2027-05-05", "from": "2027-05-05T18:00:00+00:00", "to": "2027-05-05T19:45:00+00:00",
                "covers": 2, "online": 2, "expires_at": null}])
    );
    let mail: serde_json::Value = sqlx::query_scalar("select payload from outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(mail, json!({"template": "booked", "reservation_id": ask.id, "rev": 1}));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_taken_table_is_refused_and_nothing_is_written(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    assert!(house.ask("18:00", 2).book(&mut db).await.unwrap().is("done"));
    let before = truth::rows(&pool).await;
    for clock in ["16:45", "18:00", "19:15"] {
        let ruling = house.ask(clock, 2).key(clock).book(&mut db).await.unwrap();
        assert_eq!(ruling.refused(), Some("no_table"), "{clock}");
        assert!(ruling.changes.is_none());
    }
    assert_eq!(truth::rows(&pool).await, before);
    for clock in ["16:30", "19:30"] {
        assert!(house.ask(clock, 2).book(&mut db).await.unwrap().is("done"), "{clock}");
    }
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_combination_takes_all_of_its_tables(pool: PgPool) {
    let house = House::open(&pool, 3).await;
    let mut db = pool.acquire().await.unwrap();
    let combo = house.ask("18:00", 8).only(&[house.set(&[0, 1])]).book(&mut db).await.unwrap();
    assert_eq!(combo.tables(), house.set(&[0, 1]));
    assert_eq!(truth::pace(&pool, house.venue, house.ask("18:00", 8).start).await, (8, 8, 0), "covers count once");
    assert_eq!(house.ask("18:00", 2).only(&[house.set(&[1])]).book(&mut db).await.unwrap().refused(), Some("no_table"));
    let options = [house.set(&[1, 2]), house.set(&[0, 2]), house.set(&[2])];
    assert_eq!(
        house.ask("18:00", 2).only(&options).book(&mut db).await.unwrap().tables(),
        house.set(&[2]),
        "half a combination is none"
    );
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn each_option_has_its_own_end(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    for table in [0, 1] {
        assert!(house.ask("19:30", 2).only(&[house.set(&[table])]).book(&mut db).await.unwrap().is("done"));
    }
    let ruling = house.ask("18:00", 2).with(|ask| ask.turns = vec![105, 90]).book(&mut db).await.unwrap();
    assert_eq!(ruling.tables(), house.set(&[1]));
    assert_eq!(ruling.answer()["end"], "2027-05-05T19:30:00+00:00");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn pacing_is_refused_with_what_is_left(pool: PgPool) {
    let house = House::open(&pool, 9).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = |party| house.ask("18:00", party).cap(10, 6);
    assert!(ask(4).book(&mut db).await.unwrap().is("done"));
    let online = ask(4).book(&mut db).await.unwrap();
    assert_eq!((online.refused(), online.answer()), (Some("pacing"), &json!({"left_total": 6, "left_online": 2})));
    assert!(ask(4).staff().book(&mut db).await.unwrap().is("done"), "the rest is for the telephone");
    assert!(ask(2).book(&mut db).await.unwrap().is("done"));
    assert_eq!(ask(1).staff().book(&mut db).await.unwrap().refused(), Some("pacing"));
    assert!(
        house.ask("18:15", 6).cap(10, 6).book(&mut db).await.unwrap().is("done"),
        "the next quarter hour counts anew"
    );
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn staff_may_go_above_the_cap_and_the_excess_shrinks_with_every_cancellation(pool: PgPool) {
    let house = House::open(&pool, 9).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = |party| house.ask("18:00", party).cap(10, 10);
    let first = ask(8);
    assert!(first.book(&mut db).await.unwrap().is("done"));
    assert!(ask(6).staff().with(|ask| ask.force = true).book(&mut db).await.unwrap().is("done"));
    assert_eq!(truth::pace(&pool, house.venue, first.start).await, (14, 8, 4));
    cancel(&mut db, first.id, Some(1), "guest", at("2027-05-01T00:00:00Z"), None).await.unwrap();
    assert_eq!(truth::pace(&pool, house.venue, first.start).await, (6, 0, 0));
    assert_eq!(
        ask(5).book(&mut db).await.unwrap().refused(),
        Some("pacing"),
        "what was forced once is no standing permission"
    );
    assert!(ask(4).book(&mut db).await.unwrap().is("done"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_cap_lowered_below_what_is_sold_sells_nothing_more_and_breaks_nothing(pool: PgPool) {
    let house = House::open(&pool, 9).await;
    let mut db = pool.acquire().await.unwrap();
    let first = house.ask("18:00", 8).cap(10, 10);
    assert!(first.book(&mut db).await.unwrap().is("done"));
    assert_eq!(house.ask("18:00", 1).cap(4, 2).book(&mut db).await.unwrap().refused(), Some("pacing"));
    assert!(
        house.ask("18:00", 1).cap(4, 2).staff().with(|ask| ask.force = true).book(&mut db).await.unwrap().is("done")
    );
    assert_eq!(truth::pace(&pool, house.venue, first.start).await, (9, 8, 5));
    assert!(
        house.ask("18:00", 3).cap(12, 2).staff().book(&mut db).await.unwrap().is("done"),
        "raised again, to the new cap and no further"
    );
    assert_eq!(house.ask("18:00", 1).cap(12, 12).staff().book(&mut db).await.unwrap().refused(), Some("pacing"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn the_same_request_twice_is_one_booking(pool: PgPool) {
    let house = House::open(&pool, 5).await;
    let mut db = pool.acquire().await.unwrap();
    let first = house.ask("18:00", 2).key("k").guest("ada").book(&mut db).await.unwrap();
    let again = house.ask("18:00", 2).key("k").guest("ada").book(&mut db).await.unwrap();
    assert!(again.is("replayed") && again.changes.is_none(), "{again:?}");
    assert_eq!(again.answer, first.answer);
    let other = house.ask("18:15", 2).key("k").with(|ask| ask.body = b"other".to_vec()).book(&mut db).await.unwrap();
    assert!(other.is("key_reused") && other.answer.is_none(), "{other:?}");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_refusal_does_not_use_up_its_key(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let first = house.ask("18:00", 2);
    first.book(&mut db).await.unwrap();
    let second = house.ask("18:00", 2).key("k");
    assert_eq!(second.book(&mut db).await.unwrap().refused(), Some("no_table"));
    cancel(&mut db, first.id, None, "guest", at("2027-05-01T00:00:00Z"), None).await.unwrap();
    assert!(second.book(&mut db).await.unwrap().is("done"));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn one_guest_has_one_dinner_in_two_hours_anywhere(pool: PgPool) {
    let (house, other) = (House::open(&pool, 5).await, House::open(&pool, 5).await);
    let mut db = pool.acquire().await.unwrap();
    assert!(house.ask("18:00", 2).guest("ada").book(&mut db).await.unwrap().is("done"));
    for (place, clock) in [(&house, "18:00"), (&other, "16:15"), (&other, "19:45")] {
        assert_eq!(
            place.ask(clock, 2).guest("ada").book(&mut db).await.unwrap().refused(),
            Some("overlapping_booking"),
            "{clock}"
        );
    }
    assert!(
        other.ask("20:00", 2).guest("ada").book(&mut db).await.unwrap().is("done"),
        "two hours later is another dinner"
    );
    assert!(house.ask("18:00", 2).guest("bob").book(&mut db).await.unwrap().is("done"));
    assert!(house.ask("18:00", 2).staff().book(&mut db).await.unwrap().is("done"), "staff book for whom they like");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_table_of_another_venue_cannot_be_named(pool: PgPool) {
    let (house, other) = (House::open(&pool, 1).await, House::open(&pool, 1).await);
    let mut db = pool.acquire().await.unwrap();
    let error = house.ask("18:00", 2).only(&[other.set(&[0])]).book(&mut db).await.unwrap_err();
    assert_eq!(error.as_database_error().and_then(|error| error.constraint()), Some("table_claims_of_one_venue"));
    let nowhere = house.ask("18:00", 2).with(|ask| ask.venue = Uuid::nil()).book(&mut db).await.unwrap();
    assert!(nowhere.is("not_found"));
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_table_taken_behind_the_arbiters_back_is_passed_over(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    // A writer that gives the claim a date of its own is not seen by the read; the constraint sees it.
    sqlx::query("insert into table_claims (venue_id, table_id, service_date, kind, during) values ($1, $2, '2027-01-01', 'block', '[2027-05-05T18:00Z, 2027-05-05T19:00Z)')")
        .bind(house.venue)
        .bind(house.tables[0])
        .execute(&mut *db)
        .await
        .unwrap();
    let pair = house.set(&[0, 1]);
    let ruling = house.ask("18:00", 2).only(&[pair, house.set(&[0]), house.set(&[1])]).book(&mut db).await.unwrap();
    assert_eq!(ruling.tables(), house.set(&[1]));
    truth::check(&pool).await;
}
