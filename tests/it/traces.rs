//! Requests are named, and what they leave behind carries their name along.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Room, TestApp};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Where each letter says that it comes from, in their order.
async fn origins(app: &TestApp) -> Vec<Value> {
    let rows = sqlx::query_scalar("select coalesce(origin, 'null'::jsonb) from outbox order by id");
    rows.fetch_all(app.database.pool()).await.unwrap()
}

#[tokio::test]
async fn every_letter_about_a_booking_knows_the_request_it_comes_from() {
    let (app, venue) = TestApp::with(Room::with([4])).await;
    let guest = app.actor();
    let booking = guest.booking(&venue, &app.start(&venue, "20:00"), 2);
    let traced = |ask: tests::Ask, n: u32| {
        ask.header("x-correlation-id", &format!("journey-{n}"))
            .header("traceparent", PARENT)
            .header("tracestate", "rojo=1, congo=2")
    };
    let booked = traced(guest.ask(Method::POST, "/api/v1/reservations"), 1).json(&booking).send().await.is(201);
    let change = json!({"rev": 1, "start": app.start(&venue, "21:00")});
    let _ = traced(guest.about(Method::PATCH, &booked, ""), 2).json(&change).send().await.is(200);
    let _ = traced(guest.about(Method::PATCH, &booked, ""), 3)
        .json(&json!({"rev": 2, "notes": "A window"}))
        .send()
        .await
        .is(200);
    let _ = traced(guest.about(Method::POST, &booked, "/late"), 4).json(&json!({"minutes": 10})).send().await.is(200);
    let _ = traced(guest.about(Method::POST, &booked, "/cancel"), 5).json(&json!({"rev": 4})).send().await.is(200);
    let origins = origins(&app).await;
    assert!(origins.len() >= 4, "{origins:?}");
    for origin in &origins {
        let trace = origin["traceparent"].as_str().unwrap();
        assert!(trace.starts_with(&format!("00-{TRACE}-")) && trace.ends_with("-01") && trace != PARENT, "{origin}");
        assert_eq!(origin["tracestate"], "rojo=1,congo=2");
        assert!(origin["correlation"].as_str().unwrap().starts_with("journey-"), "{origin}");
    }
    assert_eq!(origins[0]["correlation"], "journey-1");
    assert_eq!(origins.last().unwrap()["correlation"], "journey-5");
    let parts: std::collections::HashSet<&str> =
        origins.iter().filter_map(|origin| origin["traceparent"].as_str()).collect();
    assert_eq!(parts.len(), origins.len(), "each request is a part of its own");
}

#[tokio::test]
async fn without_a_trace_one_begins_and_the_next_request_does_not_inherit_it() {
    let (app, venue) = TestApp::with(Room::with([2; 4])).await;
    let start = app.start(&venue, "20:00");
    let first = app.actor().book(&venue, &start, 2).await.is(201);
    let second = app.actor().book(&venue, &start, 2).await.is(201);
    let origins = origins(&app).await;
    for (origin, answer) in origins.iter().zip([&first, &second]) {
        let id = answer.header("x-request-id");
        assert_eq!(origin["correlation"], id);
        assert!(origin["traceparent"].as_str().unwrap().starts_with(&format!("00-{id}-")), "{origin}");
        assert!(origin["tracestate"].is_null(), "{origin}");
    }
    // The connection is the same; what was written outside of any request comes from none.
    app.database.run("insert into outbox (topic, payload, done_at) values ('mail', '{}', now())").await;
    assert_eq!(self::origins(&app).await.last(), Some(&Value::Null));
}

#[tokio::test]
async fn letters_about_accounts_and_those_of_pages_know_it_too() {
    let (app, venue) = TestApp::with(Room::with([2; 4])).await;
    let guest = app.actor();
    let named = |path: &str, n: u32| guest.ask(Method::POST, path).header("x-correlation-id", &format!("journey-{n}"));
    let _ = named("/api/v1/accounts", 1).json(&guest.registration()).send().await.is(202);
    let _ = named("/api/v1/password-resets", 2).json(&json!({"email": guest.email})).send().await.is(202);
    let form = [("name", "Rui"), ("email", "rui@example.com"), ("password", Actor::PASSWORD)];
    let _ = named("/register", 3).header("accept", "text/html").form(&form).send().await;
    let start = app.start(&venue, "20:00");
    let hold = guest.hold(&venue, &start, 2).await.is(201).word("/token");
    let booking = [
        ("do", "book"),
        ("name", "Rui Reis"),
        ("email", "rui@example.com"),
        ("venue", "room"),
        ("start", &start),
        ("party", "2"),
    ];
    let booked = named(&format!("/book/{hold}"), 4).header("accept", "text/html").form(&booking).send().await;
    assert!([302, 303].contains(&booked.status), "{booked:?}");
    let hold = guest.hold(&venue, &start, 2).await.is(201).word("/token");
    let ask = json!({"ask": {"hold": hold, "venue": "room", "start": start, "party": "2", "name": "Eva", "email": "eva@example.com"}});
    let _ = named("/ui/book_table", 5).json(&ask).send().await.is(200);
    let correlations: Vec<Value> =
        origins(&app).await.into_iter().map(|origin| origin["correlation"].clone()).collect();
    assert_eq!(correlations, ["journey-1", "journey-2", "journey-3", "journey-4", "journey-5"]);
}
