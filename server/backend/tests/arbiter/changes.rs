//! What happens to a booking after it is made.

use serde_json::json;
use sqlx::PgPool;

use crate::calls::{cancel, late, notes};
use crate::house::{House, at, date, id};
use crate::truth;

const EARLY: &str = "2027-05-01T00:00:00Z";

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_cancelled_booking_frees_its_table_and_pace_at_once(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 4).only(&[house.set(&[0, 1])]).cap(4, 4);
    let booked = ask.book(&mut db).await.unwrap();
    let gone = cancel(&mut db, ask.id, Some(1), "guest", at(EARLY), None).await.unwrap();
    assert_eq!((gone.answer()["status"].as_str(), gone.answer()["rev"].as_i64()), (Some("cancelled_guest"), Some(2)));
    assert_eq!(gone.changes()["freed"].as_array().unwrap().len(), booked.changes()["taken"].as_array().unwrap().len());
    assert_eq!(
        cancel(&mut db, ask.id, Some(2), "guest", at(EARLY), None).await.unwrap().refused(),
        Some("wrong_status")
    );
    assert!(ask.clone().with(|ask| ask.id = id()).book(&mut db).await.unwrap().is("done"));
    let templates: Vec<String> =
        sqlx::query_scalar("select payload ->> 'template' from outbox order by id").fetch_all(&pool).await.unwrap();
    assert_eq!(templates, ["booked", "cancelled", "booked"]);
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn guests_cancel_until_the_start_and_staff_after_it(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2);
    ask.book(&mut db).await.unwrap();
    assert_eq!(cancel(&mut db, ask.id, Some(1), "guest", ask.start, None).await.unwrap().refused(), Some("too_late"));
    let gone = cancel(&mut db, ask.id, Some(1), "staff", ask.start, None).await.unwrap();
    assert_eq!(gone.answer()["status"], "cancelled_venue");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_stale_revision_is_refused_with_the_present_one(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2);
    ask.book(&mut db).await.unwrap();
    notes(&mut db, ask.id, Some(1), "a quiet corner").await.unwrap();
    let stale = [
        cancel(&mut db, ask.id, Some(1), "guest", at(EARLY), None).await.unwrap(),
        late(&mut db, ask.id, Some(1), 10, None).await.unwrap(),
        notes(&mut db, ask.id, Some(1), "again").await.unwrap(),
        house.ask("20:00", 2).move_of(&mut db, ask.id, Some(1)).await.unwrap(),
    ];
    for ruling in stale {
        assert_eq!((ruling.refused(), ruling.answer()), (Some("stale"), &json!({"rev": 2, "status": "booked"})));
        assert!(ruling.changes.is_none());
    }
    assert!(cancel(&mut db, uuid::Uuid::nil(), None, "guest", at(EARLY), None).await.unwrap().is("not_found"));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn the_retry_of_a_change_answers_what_the_first_answered(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2);
    ask.book(&mut db).await.unwrap();
    let elsewhere = house.ask("20:00", 2).key("m");
    let moved = elsewhere.move_of(&mut db, ask.id, Some(1)).await.unwrap();
    let again = elsewhere.move_of(&mut db, ask.id, Some(1)).await.unwrap();
    assert!(moved.is("done") && again.is("replayed") && again.answer == moved.answer, "{again:?}");
    let gone = cancel(&mut db, ask.id, Some(2), "guest", at(EARLY), Some("c")).await.unwrap();
    let again = cancel(&mut db, ask.id, Some(2), "guest", at(EARLY), Some("c")).await.unwrap();
    assert!(gone.is("done") && again.is("replayed") && again.answer == gone.answer, "{again:?}");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_move_takes_the_new_table_and_leaves_the_old_one(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).guest("ada");
    let booked = ask.book(&mut db).await.unwrap();
    let moved = house.ask_on("2027-05-07", "2027-05-07T19:00:00Z", 3).move_of(&mut db, ask.id, Some(1)).await.unwrap();
    assert_eq!(moved.answer()["start"], "2027-05-07T19:00:00+00:00");
    assert_eq!(moved.changes()["freed"], booked.changes()["taken"]);
    assert_eq!(moved.dates(), ["2027-05-05", "2027-05-07"]);
    assert!(house.ask("18:00", 2).book(&mut db).await.unwrap().is("done"), "the old table is free");
    assert!(
        house.ask_on("2027-05-07", "2027-05-07T19:00:00Z", 2).book(&mut db).await.unwrap().is("refused"),
        "the new one is not"
    );
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn where_the_new_booking_cannot_be_had_the_old_one_stands(pool: PgPool) {
    let house = House::open(&pool, 2).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 2).guest("ada");
    ask.book(&mut db).await.unwrap();
    house.ask("21:00", 2).guest("ada").book(&mut db).await.unwrap();
    house.ask("18:00", 2).book(&mut db).await.unwrap();
    house
        .ask_on("2027-05-06", "2027-05-06T18:00:00Z", 8)
        .only(&[house.set(&[0, 1])])
        .cap(10, 10)
        .book(&mut db)
        .await
        .unwrap();
    let before = truth::rows(&pool).await;
    let wishes = [
        (house.ask_on("2027-05-06", "2027-05-06T19:00:00Z", 2), "no_table"),
        (house.ask_on("2027-05-06", "2027-05-06T18:00:00Z", 3).cap(10, 10), "pacing"),
        (house.ask("20:00", 2), "overlapping_booking"),
    ];
    for (wish, reason) in wishes {
        let refused = wish.move_of(&mut db, ask.id, Some(1)).await.unwrap();
        assert_eq!(refused.refused(), Some(reason));
        assert!(refused.changes.is_none());
    }
    assert_eq!(truth::rows(&pool).await, before);
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_move_may_use_its_own_table_and_its_own_pace(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 4).cap(4, 4).guest("ada");
    ask.book(&mut db).await.unwrap();
    let longer = house.ask("18:00", 4).cap(4, 4).with(|ask| ask.turns = vec![120]);
    assert!(longer.move_of(&mut db, ask.id, Some(1)).await.unwrap().is("done"));
    assert!(
        house.ask("18:30", 4).cap(4, 4).move_of(&mut db, ask.id, Some(2)).await.unwrap().is("done"),
        "half an hour later, at the same table"
    );
    assert_eq!(
        house.ask("18:30", 5).cap(4, 4).move_of(&mut db, ask.id, Some(3)).await.unwrap().refused(),
        Some("pacing")
    );
    assert!(
        house.ask("18:30", 3).cap(2, 2).move_of(&mut db, ask.id, Some(3)).await.unwrap().is("done"),
        "shrinking is never refused"
    );
    assert_eq!(truth::pace(&pool, house.venue, at("2027-05-05T18:30:00Z")).await, (3, 3, 1));
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn notes_change_nothing_but_themselves(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 4);
    ask.book(&mut db).await.unwrap();
    let noted = notes(&mut db, ask.id, Some(1), "a quiet corner").await.unwrap();
    assert_eq!(noted.answer()["rev"], 2);
    assert_eq!((&noted.changes()["taken"], &noted.changes()["freed"]), (&json!([]), &json!([])));
    let mails: i64 = sqlx::query_scalar("select count(*) from outbox").fetch_one(&pool).await.unwrap();
    assert_eq!(mails, 1, "nobody is written to about their own note");
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn saying_twice_to_be_late_is_saying_it_once(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let mut db = pool.acquire().await.unwrap();
    let ask = house.ask("18:00", 4);
    ask.book(&mut db).await.unwrap();
    let first = late(&mut db, ask.id, None, 15, None).await.unwrap();
    assert_eq!((&first.answer()["status"], &first.answer()["late_minutes"]), (&json!("running_late"), &json!(15)));
    let again = late(&mut db, ask.id, None, 15, None).await.unwrap();
    assert!(again.is("replayed") && again.answer == first.answer, "{again:?}");
    assert_eq!(late(&mut db, ask.id, None, 30, None).await.unwrap().answer()["rev"], 3);
    let moved = house.ask("20:00", 4).move_of(&mut db, ask.id, Some(3)).await.unwrap();
    assert_eq!((&moved.answer()["status"], &moved.answer()["late_minutes"]), (&json!("booked"), &json!(null)));
    cancel(&mut db, ask.id, None, "guest", at(EARLY), None).await.unwrap();
    assert_eq!(late(&mut db, ask.id, None, 15, None).await.unwrap().refused(), Some("wrong_status"));
    assert_eq!(truth::version(&pool, house.venue, date("2027-05-05")).await, 5);
    truth::check(&pool).await;
}
