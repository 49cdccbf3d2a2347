//! What every answer carries, and what browsers of other sites may not do.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::json;
use tests::{Answer, Room, Setup, TestApp};

/// Answers of every kind: data, pages, files, problems, nothing.
async fn all_kinds(app: &TestApp) -> Vec<Answer> {
    let guest = app.actor();
    let mut answers = Vec::new();
    for path in [
        "/",
        "/api/v1/venues",
        "/api/v1/openapi.json",
        "/api/docs",
        "/problems/table-taken",
        "/api/v1/nothing",
        "/nothing",
        "/livez",
        "/robots.txt",
    ] {
        answers.push(guest.ask(Method::GET, path).header("accept", "text/html,application/json").send().await);
    }
    answers.push(guest.ask(Method::HEAD, "/api/v1/venues").send().await);
    answers.push(guest.post("/api/v1/reservations", &json!({})).await);
    answers.push(guest.ask(Method::PUT, "/api/v1/venues").send().await);
    answers.push(
        guest.ask(Method::POST, "/api/v1/reservations").header("origin", "https://elsewhere.example").send().await,
    );
    answers.push(
        guest.ask(Method::POST, "/api/v1/reservations").body("application/json", vec![b' '; 1 << 20]).send().await,
    );
    answers
}

#[tokio::test]
async fn every_answer_has_a_name_of_its_own() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    let answers = all_kinds(&app).await;
    let ids: HashSet<&str> = answers.iter().map(|answer| answer.header("x-request-id")).collect();
    assert_eq!(ids.len(), answers.len(), "{answers:?}");
    assert!(ids.iter().all(|id| id.len() >= 16), "{ids:?}");
    assert!(answers.iter().all(|answer| !answer.header("x-correlation-id").is_empty()), "{answers:?}");
}

#[tokio::test]
async fn a_correlation_id_comes_back_when_it_is_well_formed() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    let with = async |id: &str| {
        app.actor().ask(Method::GET, "/api/v1/venues").header("x-correlation-id", id).send().await.is(200)
    };
    for id in ["6b1f0f4e-2b0e-4f0e-9c8e-0a3c1b2d4e5f", "checkout_17.b", &"x".repeat(64)] {
        let answer = with(id).await;
        assert_eq!(answer.header("x-correlation-id"), id);
        assert_ne!(answer.header("x-request-id"), id);
    }
    for wrong in ["short", "two words", "ana@example.com", "<script>alert(1)</script>", &"x".repeat(65)] {
        let answer = with(wrong).await;
        assert!(
            answer.header("x-correlation-id") != wrong && answer.header("x-correlation-id").len() >= 16,
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn only_a_site_behind_https_insists_on_it() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    assert_eq!(app.actor().get("/livez").await.header("strict-transport-security"), "");
    let app = Setup::new().set("TRESTLE_PUBLIC_URL", "https://trestle.example").on(&app.database).start().await;
    assert!(app.actor().get("/livez").await.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing_here() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4)).await;
    let guest = app.actor();
    let start = app.start(&venue, "20:00");
    let booked = guest.book(&venue, &start, 2).await.is(201);
    let body = app.actor().booking(&venue, &start, 2);
    let before = app.truth().counts().await;
    for (name, value) in [
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let ask = |method: Method, path: &str| guest.ask(method, path).header(name, value);
        let _ = ask(Method::POST, "/api/v1/reservations").json(&body).send().await.problem(403, "cross-site");
        let _ = guest
            .about(Method::PATCH, &booked, "")
            .header(name, value)
            .json(&json!({"rev": 1, "notes": "x"}))
            .send()
            .await
            .problem(403, "cross-site");
        let _ = guest
            .about(Method::POST, &booked, "/cancel")
            .header(name, value)
            .json(&json!({"rev": 1}))
            .send()
            .await
            .problem(403, "cross-site");
        let _ = ask(Method::POST, "/venues/room").form(&[("start", &start)]).send().await.is(403);
        let _ = ask(Method::POST, "/ui/hold_table").json(&json!({})).send().await.is(403);
        // Looking is allowed.
        let _ = ask(Method::GET, "/api/v1/venues").send().await.is(200);
    }
    assert_eq!(app.truth().counts().await, before);
    // Our own pages, and programs, which name no origin.
    let ours = guest.another();
    let body = ours.booking(&venue, &start, 2);
    let _ = ours
        .ask(Method::POST, "/api/v1/reservations")
        .header("origin", &app.url)
        .header("sec-fetch-site", "same-origin")
        .json(&body)
        .send()
        .await
        .is(201);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
}

#[tokio::test]
async fn large_answers_are_packed_for_those_who_can_unpack_them() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    let plain = app.actor().get("/api/v1/openapi.json").await.is(200);
    for packing in ["br", "gzip"] {
        let packed = app
            .actor()
            .ask(Method::GET, "/api/v1/openapi.json")
            .header("accept-encoding", packing)
            .send()
            .await
            .is(200);
        assert_eq!(packed.header("content-encoding"), packing);
        assert!(packed.body.len() * 3 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
    }
}
