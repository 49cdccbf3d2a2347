//! The interface as it is written down.

use serde_json::Value;
use tests::{Room, TestApp};

#[tokio::test]
async fn the_document_says_what_it_said() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    let document = app.actor().get("/api/v1/openapi.json").await.is(200);
    assert_eq!(document.header("content-type"), "application/json");
    assert_eq!(document.json(), serde_json::to_value(server::openapi::document()).unwrap());
    insta::assert_json_snapshot!("openapi", document.json());
}

#[tokio::test]
async fn everything_that_can_be_done_is_written_down() {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for (path, methods) in [
        ("/venues", "get"),
        ("/venues/{slug}", "get"),
        ("/venues/{slug}/availability", "get"),
        ("/venues/{slug}/holds", "post"),
        ("/holds/{token}", "get delete"),
        ("/holds/{token}/extend", "post"),
        ("/reservations", "post"),
        ("/reservations/{id}", "get patch"),
        ("/reservations/{id}/cancel", "post"),
        ("/reservations/{id}/late", "post"),
        ("/reservations/{id}.ics", "get"),
        ("/reservations/{id}/review", "post"),
        ("/reviews/{id}", "get patch delete"),
        ("/venues/{slug}/reviews", "get"),
        ("/accounts", "post"),
        ("/accounts/confirm", "post"),
        ("/sessions", "get post"),
        ("/sessions/refresh", "post"),
        ("/sessions/current", "delete"),
        ("/sessions/{id}", "delete"),
        ("/me", "get patch delete"),
        ("/me/reservations", "get"),
        ("/me/export", "get"),
        ("/me/favorites", "get"),
        ("/me/favorites/{slug}", "put delete"),
        ("/me/password", "put"),
        ("/me/email", "put"),
        ("/password-resets", "post"),
        ("/password-resets/{token}", "post"),
    ] {
        for method in methods.split(' ') {
            let operation = &document["paths"][format!("/api/v1{path}")][method];
            assert!(operation["summary"].as_str().is_some_and(|words| !words.is_empty()), "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{method} {path}");
            let problem = |response: &Value| response["content"]["application/problem+json"].is_object();
            assert!(
                responses.iter().all(|(status, response)| !status.starts_with(['4', '5']) || problem(response)),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn every_problem_can_be_read_about_at_its_address() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let problems = [
        guest.get("/api/v1/venues/nowhere").await,
        guest.get("/api/v1/reservations/x").await,
        guest.post("/api/v1/reservations", &serde_json::json!({})).await,
        guest.hold(&venue, &app.start(&venue, "20:00"), 9).await,
    ];
    for problem in problems {
        let page = guest.get(&problem.word("/type")).await.is(200);
        assert!(page.text().contains(&problem.word("/title")), "{problem:?}");
    }
    let _ = guest.get("/problems").await.is(200);
    let _ = guest.get("/problems/none").await.is(404);
    let docs = guest.get("/api/docs").await.is(200);
    assert!(docs.text().contains("/api/v1/reservations/{id}/cancel"));
}

#[tokio::test]
async fn what_a_manage_token_opens_its_owners_session_opens_too() {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let ways =
        operations.map(|operation| operation["security"].to_string()).filter(|ways| ways.contains("manage_token"));
    let ways: Vec<String> = ways.collect();
    assert!(ways.len() >= 9, "{ways:?}");
    assert!(ways.iter().all(|ways| ways.contains("bearer") && ways.contains("cookie")), "{ways:?}");
}
