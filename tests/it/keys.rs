//! The same request twice is one request.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Room, Setup, TestApp};

#[tokio::test]
async fn a_repeated_booking_gets_the_answer_of_the_first() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let ana = app.actor();
    let booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    let first = ana.book_as(&booking, "key-1").await.is(201);
    let before = app.truth().counts().await;
    let again = ana.book_as(&booking, "key-1").await.is(201);
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    let mut other = booking.clone();
    other["notes"] = "changed my mind".into();
    let _ = ana.book_as(&other, "key-1").await.problem(422, "key-reused");
    assert_eq!(app.truth().counts().await, before);
    app.truth().holds().await;
}

#[tokio::test]
async fn the_answer_stays_though_the_world_moves_on() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booking = ana.booking(&venue, "2037-11-20T20:00:00Z", 2);
    let first = ana.book_as(&booking, "key-1").await.is(201);
    let _ = ana.cancel(&first).await.is(200);
    let other = app.actor().book(&venue, "2037-11-20T20:00:00Z", 2).await.is(201);
    let again = ana.book_as(&booking, "key-1").await.is(201);
    assert_eq!(again.word("/id"), first.word("/id"));
    app.clock.advance(chrono::TimeDelta::hours(11));
    assert_eq!(ana.book_as(&booking, "key-1").await.is(201).word("/id"), first.word("/id"));
    let _ = ana.book_as(&booking, "key-2").await.complains_about(&["/start"]);
    assert_eq!(app.truth().number("select count(*) from reservations").await, 2);
    let _ = app.actor().see(&other).await.is(200);
}

#[tokio::test]
async fn a_refusal_is_not_kept_so_that_a_second_try_may_succeed() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let in_the_way = app.actor().book(&venue, &start, 2).await.is(201);
    let booking = ana.booking(&venue, &start, 2);
    let _ = ana.book_as(&booking, "key-1").await.refused("no_table");
    let _ = app.actor().cancel(&in_the_way).await.is(200);
    let _ = ana.book_as(&booking, "key-1").await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn copies_that_arrive_together_book_once() {
    let (app, venue) = TestApp::with(Room::of_two_tops(50)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booking = ana.booking(&venue, &start, 2);
    let answers = join_all((0..40).map(|_| ana.book_as(&booking, "key-1"))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.json() == answers[0].json()), "{answers:?}");
    assert_eq!(app.truth().number("select count(*) from reservations").await, 1);
    app.truth().holds().await;
}

#[tokio::test]
async fn one_key_for_two_bookings_at_once_makes_one_of_them() {
    let (app, venue) = TestApp::with(Room::of_two_tops(50)).await;
    let guests: Vec<_> = (0..10).map(|_| app.actor()).collect();
    let days = [7, 8];
    let bookings: Vec<Value> = guests
        .iter()
        .zip(days.iter().cycle())
        .map(|(guest, ahead)| guest.booking(&venue, &venue.start(app.day(&venue, *ahead), "20:00"), 2))
        .collect();
    let answers =
        join_all(guests.iter().zip(&bookings).map(|(guest, booking)| guest.book_as(booking, "everybody's"))).await;
    let (won, lost): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 201);
    assert_eq!(won.len(), 1, "{answers:?}");
    assert!(lost.iter().all(|answer| answer.status == 422 && answer.at("/type") == "/problems/key-reused"), "{lost:?}");
    app.truth().holds().await;
}

#[tokio::test]
async fn changes_cancellations_and_late_notices_can_be_repeated() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let steps = [
        (Method::PATCH, "", json!({"rev": 1, "start": app.start(&venue, "21:00")})),
        (Method::PATCH, "", json!({"rev": 2, "notes": "By the window."})),
        (Method::POST, "/late", json!({"rev": 3, "minutes": 10})),
        (Method::POST, "/cancel", json!({"rev": 4, "reason": "Ill."})),
    ];
    for (number, (method, rest, body)) in steps.iter().enumerate() {
        let key = format!("step-{number}");
        let send = || ana.about(method.clone(), &booked, rest).key(&key).json(body).send();
        let first = send().await.is(200);
        let before = app.truth().counts().await;
        assert_eq!(send().await.is(200).json(), first.json());
        let copies = join_all((0..5).map(|_| send())).await;
        assert!(copies.iter().all(|copy| copy.status == 200), "{copies:?}");
        let mut other = body.clone();
        other["rev"] = 17.into();
        let _ = ana.about(method.clone(), &booked, rest).key(&key).json(&other).send().await.problem(422, "key-reused");
        assert_eq!(app.truth().counts().await, before);
    }
    app.truth().holds().await;
}

#[tokio::test]
async fn a_key_has_a_form() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let ana = app.actor();
    let booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    for wrong in ["", "with space", &"k".repeat(256)] {
        let _ = ana.book_as(&booking, wrong).await.complains_about(&["/Idempotency-Key"]);
    }
    assert_eq!(app.truth().standing().await, 0);
    let _ = ana.book_as(&booking, &"k".repeat(255)).await.is(201);
}

#[tokio::test]
async fn the_same_key_of_another_client_is_another_key() {
    let (app, venue) = Setup::new().set("TRESTLE_TRUSTED_PROXIES", "127.0.0.0/8").open(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let hold = async |address: &str| {
        let ask = ana.ask(Method::POST, &format!("/api/v1/venues/{}/holds", venue.slug)).key("1");
        let ask = ask.header("x-forwarded-for", address).json(&json!({"start": start, "party": 2}));
        ask.send().await.is(201).word("/token")
    };
    let (first, second) = (hold("203.0.113.7").await, hold("203.0.113.8").await);
    assert_ne!(first, second);
    assert_eq!(hold("203.0.113.7").await, first);
    assert_eq!(app.truth().claims().await, 2);
}

#[tokio::test]
async fn every_post_that_creates_takes_a_key() {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let mut without = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let creates = ["201", "202"].iter().any(|status| methods["post"]["responses"][status].is_object());
        let parameters = methods["post"]["parameters"].as_array().cloned().unwrap_or_default();
        if creates && !parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key") {
            without.push(path.trim_start_matches("/api/v1").to_owned());
        }
    }
    // Signing in twice is two sessions: an answer that holds secrets is kept nowhere.
    assert_eq!(without, ["/sessions"]);
}

#[tokio::test]
async fn a_reset_asked_for_twice_under_one_key_is_one_letter() {
    let app = TestApp::with(Room::of_two_tops(1)).await.0;
    let (ana, rui) = (app.member().await, app.member().await);
    let ask = async |email: &str| {
        ana.ask(Method::POST, "/api/v1/password-resets").key("key-1").json(&json!({"email": email})).send().await
    };
    let _ = ask(&ana.email).await.is(202);
    let _ = ask(&ana.email).await.is(202);
    let _ = ask(&rui.email).await.problem(422, "key-reused");
    let resets = "select count(*) from outbox where payload ->> 'template' = 'reset_password'";
    assert_eq!(app.truth().number(resets).await, 1);
}
