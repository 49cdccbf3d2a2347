use std::path::PathBuf;

use axum::routing::{get, post};
use backend::{Backend, Clock, Delivery, GateSettings, LimitSettings, MailSettings, Settings};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method};
use leptos::config::LeptosOptions;
use serde_json::Value;
use sqlx::postgres::PgPoolOptions;
use tower::ServiceExt;

use super::*;
use crate::extract;

const URL: &str = "http://trestle.test";

/// A backend that nobody asks anything.
fn backend() -> Backend {
    let database = PgPoolOptions::new().connect_lazy("postgres://nobody@127.0.0.1:1/nothing").unwrap();
    let mail = MailSettings {
        from: "Trestle <bookings@trestle.test>".into(),
        delivery: Delivery::Directory(PathBuf::from("/nonexistent")),
    };
    let allowance = || "1000 per minute".parse().unwrap();
    let limits = LimitSettings {
        api: allowance(),
        search: allowance(),
        booking: allowance(),
        change: allowance(),
        sign_in: allowance(),
        register: allowance(),
        target: allowance(),
        letters: allowance(),
        patience: Duration::from_millis(50),
        penalty: Duration::ZERO,
        longest_penalty: Duration::ZERO,
    };
    let (secret, clock, gate) = ("s".repeat(32).into(), Clock::System, GateSettings::default());
    Backend::new(Settings {
        database,
        redis_url: None,
        secret,
        public_url: URL.into(),
        clock,
        hold_seconds: 300,
        gate,
        limits,
        mail,
    })
    .unwrap()
}

fn manners() -> Manners {
    let pages = Pages::new(backend(), URL, LeptosOptions::builder().output_name("trestle").build(), false);
    // Not served here; making them tells Leptos which runtime it is on.
    drop(pages.routes());
    let (body_deadline, deadline) = (Duration::from_millis(20), Duration::from_millis(100));
    let trusted_proxies = Vec::new();
    Manners {
        body_limit: 100,
        body_deadline,
        deadline,
        https: false,
        csrf: CsrfLayer::new().add_trusted_origin(URL).unwrap(),
        trusted_proxies,
        backend: backend(),
        cookies: Cookies::of(URL),
        pages,
    }
}

async fn ask(method: Method, path: &str, headers: &[(&'static str, &str)], body: Body) -> Response {
    let slow = async || tokio::time::sleep(Duration::from_mins(1)).await;
    let routes = Router::new()
        .route("/api/v1/echo", post(async |body: String| body))
        .route("/api/v1/forms", post(async |_: extract::Json<domain::form::LateForm>| ()))
        .route("/api/v1/panic", get(async || -> () { panic!("at the stove") }))
        .route("/api/v1/slow", get(slow))
        .route("/api/v1/long", get(async || ([(CONTENT_TYPE, "application/json")], "x".repeat(20_000))))
        .route(
            "/api/v1/named",
            get(async || ([(CONTENT_TYPE, "application/json"), (ETAG, "\"1\"")], "x".repeat(20_000))),
        )
        .route("/api/v1/holds/{token}", get(async || ([(CACHE_CONTROL, "public")], "a hold")))
        .route("/venues/{slug}", get(async || ([(CONTENT_TYPE, "text/html")], "a venue")));
    let routes = around(routes, manners());
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    routes.oneshot(request.body(body).unwrap()).await.unwrap()
}

async fn get_it(path: &str, headers: &[(&'static str, &str)]) -> Response {
    ask(Method::GET, path, headers, Body::empty()).await
}

async fn problem(response: Response) -> Value {
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap();
    assert_eq!(body["request_id"], id);
    body
}

fn id<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers[name].to_str().unwrap()
}

#[tokio::test]
async fn every_answer_carries_ids() {
    let answer = get_it("/api/v1/long", &[]).await;
    assert_eq!(id(answer.headers(), "x-request-id").len(), 32);
    assert_eq!(id(answer.headers(), "x-request-id"), id(answer.headers(), "x-correlation-id"));

    let answer =
        get_it("/api/v1/long", &[("x-request-id", "their-request"), ("x-correlation-id", "their-journey")]).await;
    assert_eq!(
        (id(answer.headers(), "x-request-id"), id(answer.headers(), "x-correlation-id")),
        ("their-request", "their-journey")
    );

    let forged = "x".repeat(65);
    for wrong in ["short", "two words", "a@b.example", "{\"a\":\"bbbbb\"}", &forged] {
        let answer = get_it("/api/v1/long", &[("x-request-id", wrong), ("x-correlation-id", wrong)]).await;
        assert_ne!(id(answer.headers(), "x-request-id"), wrong);
        assert_ne!(id(answer.headers(), "x-correlation-id"), wrong);
    }
}

#[tokio::test]
async fn a_body_too_large_is_refused_whether_announced_or_not() {
    let announced = ask(Method::POST, "/api/v1/echo", &[("content-length", "101")], Body::from("x".repeat(101))).await;
    assert_eq!(problem(announced).await["type"], "/problems/too-large");
    let parts = futures::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>("x".repeat(60))));
    let secret =
        ask(Method::POST, "/api/v1/forms", &[("content-type", "application/json")], Body::from_stream(parts)).await;
    assert_eq!(problem(secret).await["type"], "/problems/too-large");
    let fits = ask(Method::POST, "/api/v1/echo", &[("content-length", "100")], Body::from("x".repeat(100))).await;
    assert_eq!(fits.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_head_with_too_many_lines_is_refused_whatever_the_protocol() {
    let lines: Vec<(&'static str, &str)> = (0..100).map(|_| ("x-many", "x")).collect();
    assert_eq!(get_it("/api/v1/long", &lines).await.status(), StatusCode::OK);
    let lines: Vec<(&'static str, &str)> = (0..101).map(|_| ("x-many", "x")).collect();
    let refused = get_it("/api/v1/long", &lines).await;
    assert_eq!(refused.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(problem(refused).await["type"], "/problems/head-too-large");
}

#[tokio::test]
async fn a_body_that_takes_too_long_is_the_clients_fault() {
    let slow = Body::from_stream(futures::stream::pending::<Result<String, std::io::Error>>());
    let answer = ask(Method::POST, "/api/v1/forms", &[("content-type", "application/json")], slow).await;
    assert_eq!(problem(answer).await["type"], "/problems/too-slow");
}

#[tokio::test]
async fn a_panic_and_a_long_wait_are_problems() {
    let panic = get_it("/api/v1/panic", &[]).await;
    assert_eq!(panic.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!problem(panic).await.to_string().contains("stove"));
    let late = get_it("/api/v1/slow", &[]).await;
    assert_eq!((late.status(), id(late.headers(), RETRY_AFTER.as_str())), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert_eq!(problem(late).await["type"], "/problems/timed-out");
}

#[tokio::test]
async fn another_site_may_not_post() {
    let from =
        |headers: &'static [(&'static str, &'static str)]| ask(Method::POST, "/api/v1/echo", headers, Body::from("x"));
    for refused in [
        &[("sec-fetch-site", "cross-site")] as &[_],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://evil.example"), ("host", "trestle.test")],
        &[("origin", "null"), ("host", "trestle.test")],
    ] {
        let answer = from(refused).await;
        assert_eq!(problem(answer).await["type"], "/problems/cross-site", "{refused:?}");
    }
    for welcome in [
        &[] as &[_],
        &[("sec-fetch-site", "same-origin")],
        &[("origin", "http://trestle.test"), ("host", "trestle.test")],
        &[("origin", "http://trestle.test"), ("host", "10.0.0.7:3000")],
    ] {
        assert_eq!(from(welcome).await.status(), StatusCode::OK, "{welcome:?}");
    }
    let reading = get_it("/api/v1/long", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(reading.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let nowhere = get_it("/api/v1/nowhere", &[]).await;
    assert_eq!(problem(nowhere).await["type"], "/problems/not-found");
    let deleted = ask(Method::DELETE, "/api/v1/echo", &[], Body::empty()).await;
    assert_eq!((deleted.status(), id(deleted.headers(), ALLOW.as_str())), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert_eq!(problem(deleted).await["type"], "/problems/wrong-method");
}

#[tokio::test]
async fn each_reader_hears_of_trouble_in_their_own_way() {
    let page = get_it("/nowhere", &[("accept", "text/html,*/*")]).await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.headers()[CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("'nonce-"));
    let island = ask(Method::POST, "/ui/nothing", &[("accept", "application/json")], Body::empty()).await;
    assert_eq!(island.status(), StatusCode::NOT_FOUND);
    assert_ne!(
        island.headers().get(CONTENT_TYPE).map(http::HeaderValue::as_bytes),
        Some(&b"application/problem+json"[..])
    );
}

#[tokio::test]
async fn only_what_is_worth_it_is_compressed() {
    let long = get_it("/api/v1/long", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(id(long.headers(), CONTENT_ENCODING.as_str()), "br");
    for path in ["/venues/x", "/api/v1/named"] {
        let plain = get_it(path, &[("accept-encoding", "gzip, br")]).await;
        assert!(plain.headers().get(CONTENT_ENCODING).is_none(), "{path}");
    }
    let unwilling = get_it("/api/v1/long", &[("accept-encoding", "identity;q=0")]).await;
    assert_eq!(unwilling.status(), StatusCode::OK);
    let choosy = get_it("/api/v1/long", &[("accept-encoding", "br;q=0.5, gzip;q=0.8")]).await;
    assert_eq!(id(choosy.headers(), CONTENT_ENCODING.as_str()), "gzip");
}

#[test]
fn only_a_weight_of_zero_is_a_refusal() {
    for refused in ["identity;q=0", "*; q=0.0", " gzip ; q=0.000"] {
        assert!(is_refusal(refused), "{refused}");
    }
    for wanted in ["gzip", "gzip;q=0.8", "br;q=0.001", "br;q=1.0", "gzip;q=", ""] {
        assert!(!is_refusal(wanted), "{wanted}");
    }
}

#[tokio::test]
async fn answers_say_what_browsers_must_not_do() {
    let page = get_it("/venues/x", &[]).await;
    assert_eq!(id(page.headers(), "x-content-type-options"), "nosniff");
    assert_eq!(id(page.headers(), "x-frame-options"), "DENY");
    assert_eq!(id(page.headers(), CACHE_CONTROL.as_str()), "no-cache");
    let hold = get_it("/api/v1/holds/secret", &[]).await;
    assert_eq!(id(hold.headers(), CACHE_CONTROL.as_str()), "no-store");
    assert!(hold.headers().get("x-frame-options").is_none());
}

/// Every request carries it, and is moved a few times: what seldom happens has its space in a box.
#[tokio::test]
async fn what_a_request_carries_along_is_small() {
    let (manners, (size, seen)) = (Arc::new(manners()), tokio::sync::watch::channel(0));
    let measured = axum::middleware::from_fn(move |request: Request, next: Next| {
        let attended = attend(State(manners.clone()), request, next);
        size.send_replace(size_of_val(&attended));
        attended
    });
    let routes = Router::new().route("/", get(async || ())).layer(measured);
    assert_eq!(routes.oneshot(Request::new(Body::empty())).await.unwrap().status(), StatusCode::OK);
    let bytes = *seen.borrow();
    assert!((1..=3_000).contains(&bytes), "{bytes} bytes");
}
