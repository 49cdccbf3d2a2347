//! The heads of answers: every page, every operation, and everything that can go wrong with them.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Database, Proxy, Room, Setup, TestApp, Venue, Visitor, Wire, eventually};

const PUBLIC: &str = "https://trestle.example";

/// Insists on everything that the head of an answer has to say.
#[track_caller]
fn is_complete(answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{answer:?}");
    assert!(["same-origin", "no-referrer"].contains(&answer.header("referrer-policy")), "{answer:?}");
    assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{answer:?}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{answer:?}");
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}: {answer:?}"
    );
    assert!(
        !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'),
        "{policy}"
    );
    assert!(!answer.header("cache-control").is_empty(), "{answer:?}");
    assert!(answer.header("x-request-id").len() >= 16 && !answer.header("x-correlation-id").is_empty(), "{answer:?}");
    for boast in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(boast), "", "{answer:?}");
    }
    let kind = answer.header("content-type");
    assert!(answer.body.is_empty() || !kind.is_empty(), "{answer:?}");
    assert!(!kind.starts_with("text/") || kind.ends_with("; charset=utf-8"), "{answer:?}");
    if kind.starts_with("text/html") {
        assert!(policy.contains("base-uri 'none'") && policy.contains("form-action"), "{policy}: {answer:?}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{answer:?}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{answer:?}");
        for power in ["camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"] {
            assert!(answer.header("permissions-policy").contains(power), "{answer:?}");
        }
    }
}

/// Insists on a page whose scripts all have its own nonce, and which has no styles in it; gives the nonce.
#[track_caller]
fn nonce_of(page: &Answer) -> String {
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    let policy = page.header("content-security-policy");
    let nonce =
        policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_else(|| panic!("{policy}"));
    assert!(
        nonce.len() >= 16 && policy.contains("style-src 'self';") && policy.contains("script-src 'self' 'nonce-"),
        "{policy}"
    );
    let html = page.text();
    for script in html.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(
            tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src=") || tag.contains("ld+json"),
            "<script{tag}>: {page:?}"
        );
    }
    assert!(!html.contains(" style=\"") && !html.contains("<style"), "{page:?}");
    assert!(!html.contains(" onclick=") && !html.contains(" onload=") && !html.contains("javascript:"), "{page:?}");
    nonce.to_owned()
}

async fn house() -> (TestApp, Venue) {
    let setup = Setup::new().set("TRESTLE_PUBLIC_URL", PUBLIC).set("LEPTOS_SITE_ROOT", "../style/assets");
    setup.open(Room::of_two_tops(4)).await
}

#[tokio::test]
async fn every_page_says_what_browsers_must_not_do() {
    let (app, venue) = house().await;
    let guest = app.actor();
    let start = app.start(&venue, "20:00");
    let booked = guest.book(&venue, &start, 2).await.is(201);
    let hold = app.actor().hold(&venue, &start, 2).await.is(201).word("/token");
    let pages = server::pages();
    assert!(pages.len() >= 14, "{pages:?}");
    let mut nonces = HashSet::new();
    let mut asked = 0;
    for pattern in &pages {
        for (slug, token) in [("room", hold.as_str()), ("room", &booked.word("/manage_token")), ("nowhere", "nothing")]
        {
            let path = pattern.replace("{slug}", slug).replace("{token}", token);
            let page = guest.open(&path).await;
            assert!(page.status < 500, "{page:?}");
            is_complete(&page);
            if page.status != 303 && page.status != 302 {
                nonces.insert(nonce_of(&page));
                asked += 1;
            }
            let posted =
                guest.ask(Method::POST, &path).header("accept", "text/html").form(&[("do", "nothing")]).send().await;
            assert!(posted.status < 500, "{posted:?}");
            is_complete(&posted);
        }
    }
    assert!(asked >= 30 && nonces.len() == asked, "{} of {asked}", nonces.len());
}

#[tokio::test]
async fn every_operation_and_every_call_says_it_too() {
    let (app, venue) = house().await;
    let member = app.member().await;
    let signed_in = member.sign_in().await.is(201);
    let start = app.start(&venue, "20:00");
    let booked = member.book(&venue, &start, 2).await.is(201);
    let hold = member.hold(&venue, &start, 2).await.is(201).word("/token");
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let mut statuses = HashSet::new();
    for (pattern, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let id = booked.word("/id");
            for (slug, token, id) in [("room", hold.as_str(), id.as_str()), ("nowhere", "nothing", "nothing")] {
                let path = pattern.replace("{slug}", slug).replace("{token}", token).replace("{id}", id);
                let method: Method = method.to_uppercase().parse().unwrap();
                let bare = member.ask(method.clone(), &path).send().await;
                let told = member.as_signed_in(method.clone(), &path, &signed_in).token(&booked.word("/manage_token"));
                let told = told.json(&json!({})).send().await;
                for answer in [bare, told] {
                    is_complete(&answer);
                    statuses.insert(answer.status);
                    let is_about_somebody = method != Method::GET
                        || ["/holds", "/reservations", "/v1/reviews/", "/sessions", "/me"]
                            .iter()
                            .any(|part| pattern.contains(part));
                    if is_about_somebody {
                        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
                    }
                }
            }
        }
    }
    assert!([200, 204, 401, 404, 415, 422].iter().all(|status| statuses.contains(status)), "{statuses:?}");
    for path in server::calls() {
        for body in [json!({}), json!({"ask": {}}), Value::Null] {
            let answer = member.ask(Method::POST, path).json(&body).send().await;
            assert!(answer.status < 500, "{answer:?}");
            is_complete(&answer);
        }
    }
    for path in [
        "/api/docs",
        "/api/docs.css",
        "/problems",
        "/problems/table-taken",
        "/api/v1/openapi.json",
        "/livez",
        "/readyz",
        "/health",
        "/robots.txt",
        "/favicon.svg",
        "/fonts/OFL.txt",
    ] {
        is_complete(&member.get(path).await.is(200));
    }
}

#[tokio::test]
async fn what_somebody_wrote_is_kept_nowhere_until_it_is_published() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4)).await;
    let ana = app.member().await;
    let visit = app.finished_visit(&venue, &ana).await;
    let review = ana.review(&visit, &ana.opinion(4, "Good fish.")).await.is(201).word("/id");
    let browser = Visitor::signed_in(&ana).await;
    let own = ana.ask(Method::GET, &format!("/api/v1/reviews/{review}")).header("cookie", &browser.jar.header());
    let own = own.send().await.is(200);
    assert_eq!((own.header("cache-control"), own.header("x-robots-tag")), ("no-store", "noindex"));
    let list = ana.get("/api/v1/venues/room/reviews").await.is(200);
    assert_eq!((list.header("cache-control"), list.header("x-robots-tag")), ("no-cache", ""));
}

/// Asks for a page, an operation and a call in a way that goes wrong; insists on the status and a complete head of each.
async fn goes_wrong(app: &TestApp, status: u16, method: Method, paths: &[&str], body: Option<(&str, Vec<u8>)>) {
    for path in paths {
        // A call of an island that wanted HTML would be a form, and sent back to its page.
        for accept in ["application/json", "text/html"].into_iter().take(if path.starts_with("/ui/") { 1 } else { 2 }) {
            let ask = app.actor().ask(method.clone(), path).header("accept", accept);
            let ask = match &body {
                Some((kind, bytes)) => ask.body(kind, bytes.clone()),
                None => ask,
            };
            let answer = ask.send().await.is(status);
            is_complete(&answer);
        }
    }
}

#[tokio::test]
async fn whatever_goes_wrong_the_head_is_complete() {
    let (app, _) = house().await;
    let form = "application/x-www-form-urlencoded";
    goes_wrong(
        &app,
        404,
        Method::GET,
        &["/nowhere", "/venues/nowhere", "/api/v1/nowhere", "/api/v1/venues/nowhere", "/problems/none"],
        None,
    )
    .await;
    goes_wrong(&app, 405, Method::PUT, &["/search", "/venues/room", "/api/v1/venues"], None).await;
    let large = vec![b'x'; 1 << 20];
    goes_wrong(&app, 413, Method::POST, &["/venues/room", "/sign-in"], Some((form, large.clone()))).await;
    goes_wrong(&app, 413, Method::POST, &["/api/v1/reservations", "/ui/hold_table"], Some(("application/json", large)))
        .await;
    goes_wrong(&app, 415, Method::POST, &["/api/v1/reservations"], Some(("text/plain", b"{}".to_vec()))).await;
    goes_wrong(&app, 422, Method::POST, &["/register", "/forgot"], Some((form, b"email=x".to_vec()))).await;
    goes_wrong(
        &app,
        422,
        Method::POST,
        &["/api/v1/reservations", "/ui/hold_table"],
        Some(("application/json", b"{\"ask\":7}".to_vec())),
    )
    .await;
    for path in ["/venues/room", "/ui/hold_table", "/api/v1/reservations"] {
        let refused =
            app.actor().ask(Method::POST, path).header("accept", "text/html").header("sec-fetch-site", "cross-site");
        is_complete(&refused.send().await.is(403));
    }
    // Redirects and answers without a body, too.
    let member = app.member().await;
    let signed_in = member.sign_in().await.is(201);
    is_complete(
        &member.as_signed_in(Method::GET, "/sign-in", &signed_in).header("accept", "text/html").send().await.is(303),
    );
    is_complete(&member.as_signed_in(Method::DELETE, "/api/v1/sessions/current", &signed_in).send().await.is(204));
    is_complete(&app.actor().ask(Method::HEAD, "/").send().await.is(200));
}

#[tokio::test]
async fn of_too_many_requests_too() {
    let setup =
        Setup::new().set("TRESTLE_PUBLIC_URL", PUBLIC).set("REDIS_URL", "").set("TRESTLE_LIMITS__API", "1 per minute");
    let (app, _) = setup.open(Room::of_two_tops(1)).await;
    let _ = app.actor().get("/api/v1/venues/room").await.is(200);
    goes_wrong(&app, 429, Method::GET, &["/", "/venues/room", "/api/v1/venues"], None).await;
    goes_wrong(&app, 429, Method::POST, &["/ui/load_places"], Some(("application/json", b"{}".to_vec()))).await;
}

#[tokio::test]
async fn of_a_house_without_its_database_and_of_a_slow_client_too() {
    let database = Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    proxy.cut();
    let setup = Setup::new().set("TRESTLE_PUBLIC_URL", PUBLIC).set("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1");
    let setup = setup.set("TRESTLE_HTTP__BODY_SECONDS", "1").on(&database).reaching_database_at(proxy.addr());
    let app = setup.start().await;
    let call = Some(("application/json", b"{}".to_vec()));
    goes_wrong(&app, 503, Method::GET, &["/search", "/venues/room", "/api/v1/venues"], None).await;
    goes_wrong(&app, 503, Method::POST, &["/ui/load_places"], call).await;
    is_complete(&app.actor().get("/readyz").await.is(503));
    let mut slow = Wire::to(app.addr).await;
    slow.send(
        "POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    )
    .await;
    is_complete(&slow.answer().await.is(408));
    proxy.mend();
    eventually("it is ready again", async || (app.actor().get("/readyz").await.status == 200).then_some(())).await;
}
