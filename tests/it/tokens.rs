//! A link opens its own booking, for its own purpose, and nothing else.

use reqwest::Method;
use serde_json::json;
use tests::{Room, TestApp};

#[tokio::test]
async fn a_token_of_another_booking_opens_nothing() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, rui, start) = (app.actor(), app.actor(), app.start(&venue, "20:00"));
    let hers = ana.book(&venue, &start, 2).await.is(201);
    let his = rui.book(&venue, &start, 2).await.is(201);
    let before = app.truth().counts().await;
    let (path, token) = (format!("/api/v1/reservations/{}", hers.word("/id")), his.word("/manage_token"));
    let ask = |method: Method, rest: &str| rui.ask(method, &format!("{path}{rest}")).token(&token);
    let _ = ask(Method::GET, "").send().await.problem(404, "not-found");
    let _ = ask(Method::GET, ".ics").send().await.problem(404, "not-found");
    let _ = ask(Method::PATCH, "").json(&json!({"rev": 1, "notes": "mine now"})).send().await.problem(404, "not-found");
    let _ = ask(Method::POST, "/cancel").json(&json!({"rev": 1})).send().await.problem(404, "not-found");
    let _ = ask(Method::POST, "/late").json(&json!({"minutes": 5})).send().await.problem(404, "not-found");
    // Who may not come in is not told what else is wrong.
    let _ = ask(Method::POST, "/cancel").json(&json!({"rev": "x"})).send().await.problem(404, "not-found");
    assert_eq!(app.truth().counts().await, before);
}

#[tokio::test]
async fn a_token_that_was_tampered_with_opens_nothing() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let held = app.actor().hold(&venue, &start, 2).await.is(201).word("/token");
    let token = booked.word("/manage_token");
    let parts: Vec<&str> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    let other_signature = format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len()));
    let path = booked.header("location");
    for wrong in
        [&token[1..], &token[..token.len() - 1], &unsigned, &other_signature, &held, "x", "..", &"x".repeat(4000)]
    {
        let _ = ana.ask(Method::GET, path).token(wrong).send().await.problem(404, "not-found");
    }
    let _ = ana.ask(Method::GET, path).token("").send().await.problem(404, "not-found");
    let _ = ana.get(path).await.problem(401, "unauthenticated");
    let _ = ana
        .ask(Method::POST, &format!("{path}/cancel"))
        .json(&json!({"rev": 1}))
        .send()
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_manage_token_is_no_hold_and_a_hold_no_manage_token() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let manage = ana.book(&venue, &start, 2).await.is(201).word("/manage_token");
    for (method, rest) in [(Method::GET, ""), (Method::POST, "/extend"), (Method::DELETE, "")] {
        let _ = ana.ask(method, &format!("/api/v1/holds/{manage}{rest}")).send().await.problem(404, "not-found");
    }
    let _ = app.actor().book_held(&venue, &start, 2, &manage).await.refused("hold_expired");
    let _ = app.actor().book_held(&venue, &start, 2, "no such thing").await.complains_about(&["/hold"]);
    let _ = app.actor().book_held(&venue, &start, 2, &"x".repeat(600)).await.complains_about(&["/hold"]);
    assert_eq!(app.truth().standing().await, 1);
}

#[tokio::test]
async fn a_revoked_link_opens_nothing() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = ana.see(&booked).await.is(200);
    app.database.run("update reservations set manage_hash = '\\x00'").await;
    let _ = ana.see(&booked).await.problem(404, "not-found");
}

#[tokio::test]
async fn tokens_are_not_kept_where_they_could_be_read() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let held = app.actor().hold(&venue, &start, 2).await.is(201);
    for table in ["reservations", "table_claims", "idempotency_keys", "outbox", "reservation_events"] {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let kept: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(app.database.pool()).await.unwrap();
        for token in [booked.word("/manage_token"), held.word("/token")] {
            let signature = token.rsplit('.').next().unwrap();
            assert!(!kept.contains(signature), "{table} keeps a token");
        }
    }
}

#[tokio::test]
async fn nothing_about_a_guest_may_be_kept_by_a_cache() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201);
    let booked = ana.book_held(&venue, &start, 2, &held.word("/token")).await.is(201);
    let seen = ana.see(&booked).await;
    let calendar = ana.about(Method::GET, &booked, ".ics").send().await;
    let gone = ana.get(held.header("location")).await;
    for answer in [&held, &booked, &seen, &calendar, &gone] {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
    }
}
