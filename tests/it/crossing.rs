//! What pages of other sites may do here: look, and nothing else.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Ask, Room, Setup, TestApp, Venue};

const PUBLIC: &str = "https://trestle.example";

/// What a browser says of where a request comes from, and whether that may change something here. A missing header is an empty text.
const SAID: [(&str, &str, &str, bool); 18] = [
    ("a program", "", "", true),
    ("our own page", PUBLIC, "same-origin", true),
    ("our own page, in a browser that tells only its origin", PUBLIC, "", true),
    ("our own page, in a browser that keeps its origin to itself", "", "same-origin", true),
    ("the address bar", "", "none", true),
    ("another site", "https://elsewhere.example", "cross-site", false),
    ("another site, in a browser that tells only its origin", "https://elsewhere.example", "", false),
    ("another site, in a browser that keeps its origin to itself", "", "cross-site", false),
    ("a sister of ours", "https://blog.trestle.example", "same-site", false),
    ("a sister, in a browser that tells only its origin", "https://blog.trestle.example", "", false),
    ("a frame in a sandbox", "null", "cross-site", false),
    ("a frame in a sandbox, in a browser that tells only its origin", "null", "", false),
    ("another port of ours", "https://trestle.example:8443", "same-site", false),
    ("another port, in a browser that tells only its origin", "https://trestle.example:8443", "", false),
    ("ourselves without the lock", "http://trestle.example", "", false),
    ("ourselves without the lock, in a newer browser", "http://trestle.example", "cross-site", false),
    ("a host that begins as ours does", "https://trestle.example.evil.example", "", false),
    ("a site that is nobody knows where", "nonsense", "sideways", false),
];

/// Every way to change something: a form, a call of an island, the interface for programs with cookies and with a token.
fn doors<'a>(guest: &'a Actor, venue: &Venue, cookies: &'a str, bearer: &'a str) -> Vec<(&'static str, Ask)> {
    let with_cookies = |method: Method, path: &str| guest.ask(method, path).header("cookie", cookies);
    let with_token = |method: Method, path: &str| guest.ask(method, path).header("authorization", bearer);
    let page = format!("/venues/{}", venue.slug);
    let (booking, hold) = ("/api/v1/reservations", format!("/api/v1/venues/{}/holds", venue.slug));
    vec![
        ("a form", with_cookies(Method::POST, &page).header("accept", "text/html").form(&[("party", "2")])),
        (
            "a form to sign in",
            guest.ask(Method::POST, "/sign-in").header("accept", "text/html").form(&[("email", "x")]),
        ),
        (
            "a form of an account",
            with_cookies(Method::POST, "/account").header("accept", "text/html").form(&[("do", "x")]),
        ),
        ("an island", with_cookies(Method::POST, "/ui/hold_table").json(&json!({"ask": {}}))),
        ("a post with cookies", with_cookies(Method::POST, booking).json(&json!({}))),
        ("a plain text with cookies", with_cookies(Method::POST, &hold).body("text/plain", "{}")),
        ("a put with cookies", with_cookies(Method::PUT, "/api/v1/me/password").json(&json!({}))),
        ("a patch with cookies", with_cookies(Method::PATCH, "/api/v1/reservations/x").json(&json!({}))),
        ("a delete with cookies", with_cookies(Method::DELETE, "/api/v1/sessions/x")),
        ("a put with a token", with_token(Method::PUT, "/api/v1/me/password").json(&json!({}))),
        ("a delete with a token", with_token(Method::DELETE, "/api/v1/sessions/x")),
    ]
}

fn coming_from(ask: Ask, origin: &str, site: &str) -> Ask {
    let said = [("host", "trestle.example"), ("origin", origin), ("sec-fetch-site", site)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty());
    said.fold(ask, |ask, (name, value)| ask.header(name, value))
}

async fn house() -> (TestApp, Venue, String, String) {
    let (app, venue) = Setup::new().set("TRESTLE_PUBLIC_URL", PUBLIC).open(Room::of_two_tops(4)).await;
    let member = app.member().await;
    let sign_in = json!({"email": member.email, "password": Actor::PASSWORD, "cookies": true});
    let signed_in = member.post("/api/v1/sessions", &sign_in).await.is(201);
    let cookies =
        signed_in.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookies = cookies.collect::<Vec<_>>().join("; ");
    assert!(cookies.contains("__Host-trestle-access=") && cookies.contains("__Host-trestle-refresh="), "{cookies}");
    let bearer = format!("Bearer {}", member.sign_in().await.is(201).word("/access_token"));
    (app, venue, cookies, bearer)
}

#[tokio::test]
async fn only_our_own_pages_and_programs_change_anything() {
    let (app, venue, cookies, bearer) = house().await;
    let guest = app.actor();
    for (who, origin, site, is_welcome) in SAID {
        let before = app.truth().counts().await;
        for (door, ask) in doors(&guest, &venue, &cookies, &bearer) {
            let answer = coming_from(ask, origin, site).send().await;
            assert_eq!(answer.status != 403, is_welcome, "{who} by {door}: {answer:?}");
        }
        // Nothing of this was a whole request; refused or not, it changes nothing.
        assert_eq!(app.truth().counts().await, before, "{who}");
    }
}

#[tokio::test]
async fn each_reader_is_told_in_their_own_way() {
    let (app, _, cookies, _) = house().await;
    let from_elsewhere = |path: &str| {
        app.actor().ask(Method::POST, path).header("cookie", &cookies).header("sec-fetch-site", "cross-site")
    };
    let _ = from_elsewhere("/api/v1/reservations").send().await.problem(403, "cross-site");
    let page = from_elsewhere("/venues/room").header("accept", "text/html").send().await.is(403);
    assert!(page.text().contains("This door is closed."), "{page:?}");
    assert_eq!(from_elsewhere("/ui/hold_table").send().await.is(403).json(), "Forbidden");
}

#[tokio::test]
async fn looking_is_free_and_nothing_is_lent_to_other_sites() {
    let (app, venue, cookies, _) = house().await;
    for path in ["/", "/search", "/account", "/api/v1/venues", "/api/v1/me", &format!("/venues/{}", venue.slug)] {
        let ask =
            app.actor().ask(Method::GET, path).header("cookie", &cookies).header("origin", "https://elsewhere.example");
        let answer = ask.header("sec-fetch-site", "cross-site").send().await.is(200);
        // What is not lent, scripts of other sites cannot read.
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{answer:?}");
    }
    let asked = app.actor().ask(Method::OPTIONS, "/api/v1/reservations").header("origin", "https://elsewhere.example");
    let answer = asked.header("access-control-request-method", "POST").send().await.is(405);
    assert!(!answer.headers.contains_key("access-control-allow-origin"), "{answer:?}");
}
