//! Sessions: begun, gone on with, and over at once.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Room, Setup, TestApp, Truth, within};

const SESSIONS: &str = "/api/v1/sessions";
const CURRENT: &str = "/api/v1/sessions/current";

/// Every process looks each half second and never answers from memory older than one; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(2);

async fn house() -> TestApp {
    TestApp::with(Room::of_two_tops(1)).await.0
}

async fn house_at_ten() -> TestApp {
    Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await.0
}

/// The cookies that an answer gives, as a browser sends them back.
fn cookies(answer: &Answer) -> String {
    let given = answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
    given.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

async fn sign_in_by_browser(actor: &Actor) -> Answer {
    actor.post(SESSIONS, &json!({"email": actor.email, "password": Actor::PASSWORD, "cookies": true})).await.is(201)
}

#[tokio::test]
async fn each_sign_in_is_a_session_of_its_own() {
    let app = house().await;
    let (ana, rui) = (app.member().await, app.member().await);
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let credentials = json!({"email": ana.email, "password": Actor::PASSWORD});
    let first = ana.ask(Method::POST, SESSIONS).header("user-agent", firefox).json(&credentials).send().await.is(201);
    let second = ana.sign_in().await.is(201);
    let his = rui.sign_in().await.is(201);
    assert_ne!(first.word("/session"), second.word("/session"));
    let list = ana.sessions(&second).await.is(200);
    assert_eq!(list.at("/next_cursor"), serde_json::Value::Null);
    assert_eq!(list.at("/items").as_array().unwrap().len(), 2);
    assert_eq!((list.word("/items/0/id"), list.at("/items/0/current")), (second.word("/session"), true.into()));
    assert_eq!((list.word("/items/1/id"), list.at("/items/1/current")), (first.word("/session"), false.into()));
    assert_eq!(
        (list.word("/items/0/device"), list.word("/items/1/device")),
        ("A program".to_owned(), "Firefox on Linux".to_owned())
    );
    assert_eq!(list.header("cache-control"), "no-store");

    let end = |id: &str| ana.as_signed_in(Method::DELETE, &format!("{SESSIONS}/{id}"), &second).send();
    for foreign in [his.word("/session"), uuid(7), "x".to_owned()] {
        let _ = end(&foreign).await.problem(404, "not-found");
    }
    let _ = rui.sessions(&his).await.is(200);
    let _ = end(&first.word("/session")).await.is(204);
    let _ = end(&first.word("/session")).await.is(204);
    let _ = ana.sessions(&first).await.problem(401, "signed-out");
    let _ = ana.refresh(&first.word("/refresh_token")).await.problem(401, "signed-out");
    assert_eq!(ana.sessions(&second).await.is(200).at("/items").as_array().unwrap().len(), 1);
}

fn uuid(number: u128) -> String {
    format!("018f0000-0000-7000-8000-{number:012}")
}

#[tokio::test]
async fn signing_out_ends_access_at_once_here_and_soon_elsewhere() {
    let app = house().await;
    // Redis has no part in it.
    let other = Setup::new().on(&app.database).set("REDIS_URL", "").start().await;
    let ana = app.member().await;
    let elsewhere = ana.going_to(&other.url);
    let signed_in = ana.sign_in().await.is(201);
    let _ = elsewhere.sessions(&signed_in).await.is(200);
    let _ = ana.as_signed_in(Method::DELETE, CURRENT, &signed_in).send().await.is(204);
    let _ = ana.sessions(&signed_in).await.problem(401, "signed-out");
    within(SOON, "the other process knows", async || {
        (elsewhere.sessions(&signed_in).await.status == 401).then_some(())
    })
    .await;
    let _ = elsewhere.refresh(&signed_in.word("/refresh_token")).await.problem(401, "signed-out");
    let _ = ana.as_signed_in(Method::DELETE, CURRENT, &signed_in).send().await.problem(401, "signed-out");
    // And one that starts only now.
    let late = Setup::new().on(&app.database).start().await;
    let _ = ana.going_to(&late.url).sessions(&signed_in).await.problem(401, "signed-out");
}

#[tokio::test]
async fn disabling_an_account_ends_all_it_could_do() {
    let app = house().await;
    let ana = app.member().await;
    let signed_in = ana.sign_in().await.is(201);
    let _ = ana.sessions(&signed_in).await.is(200);
    app.database.run("update accounts set disabled_at = now()").await;
    within(SOON, "access ends", async || (ana.sessions(&signed_in).await.status == 401).then_some(())).await;
    let _ = ana.refresh(&signed_in.word("/refresh_token")).await.problem(401, "signed-out");
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    app.database.run("update accounts set disabled_at = null").await;
    let _ = ana.sessions(&signed_in).await.problem(401, "signed-out");
    let _ = ana.sign_in().await.is(201);
}

#[tokio::test]
async fn sessions_of_a_disabled_account_end_as_the_change_is_committed() {
    let app = house().await;
    let ana = app.member().await;
    let signed_in = ana.sign_in().await.is(201);
    let mut operator = app.database.pool().begin().await.unwrap();
    sqlx::query("update accounts set disabled_at = clock_timestamp()").execute(&mut *operator).await.unwrap();
    let thinks: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *operator).await.unwrap();
    operator.commit().await.unwrap();
    // Whoever looks for what ended lately would not find an end that lay far back by the time it could be seen.
    let ended: DateTime<Utc> =
        sqlx::query_scalar("select ended_at from sessions").fetch_one(app.database.pool()).await.unwrap();
    assert!(thinks < ended, "it ended {ended}, before {thinks}");
    within(SOON, "access ends", async || (ana.sessions(&signed_in).await.status == 401).then_some(())).await;
}

#[tokio::test]
async fn only_an_access_token_of_ours_shows_who_calls() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    let signed_in = ana.sign_in().await.is(201);
    let access = signed_in.word("/access_token");
    let parts: Vec<&str> = access.split('.').collect();
    let hold = ana.hold(&venue, "2037-11-21T20:00:00Z", 2).await.is(201).word("/token");
    let manage = ana.book(&venue, "2037-11-21T22:30:00Z", 2).await.is(201).word("/manage_token");
    let confirm = app.letters_to(&ana, 1).await[0].token();
    let unsigned = |header: &str| format!("{header}.{}.", parts[1]);
    let wrong = [
        String::new(),
        "x".to_owned(),
        "a.b.c".to_owned(),
        access[..access.len() - 2].to_owned(),
        format!("{}.{}.{}", parts[0], parts[1], "A".repeat(parts[2].len())),
        // {"alg":"none"}, {"alg":"none","typ":"at+jwt"}, {"alg":"None","typ":"at+jwt"}
        unsigned("eyJhbGciOiJub25lIn0"),
        unsigned("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0"),
        unsigned("eyJhbGciOiJOb25lIiwidHlwIjoiYXQrand0In0"),
        signed_in.word("/refresh_token"),
        hold,
        manage,
        confirm,
        format!("{access} {access}"),
        "x".repeat(6000),
    ];
    for token in wrong {
        let ask = ana.ask(Method::GET, SESSIONS).header("authorization", &format!("Bearer {token}"));
        let refused = ask.send().await.problem(401, "signed-out");
        assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"trestle\"");
    }
    for header in [access.clone(), format!("Basic {access}"), "Bearer".to_owned()] {
        let ask = ana.ask(Method::GET, SESSIONS).header("authorization", &header);
        let _ = ask.send().await.problem(401, "signed-out");
    }
    let twice =
        ana.as_signed_in(Method::GET, SESSIONS, &signed_in).header("authorization", &format!("Bearer {access}"));
    let _ = twice.send().await.problem(401, "signed-out");
    let _ = ana.get(SESSIONS).await.problem(401, "signed-out");
    // The access token opens nothing else.
    let _ = confirm_with(&ana, &access).await.problem(404, "not-found");
    let _ = ana.get(&format!("/api/v1/holds/{access}")).await.problem(404, "not-found");
    let _ = ana.refresh(&access).await.problem(401, "signed-out");

    let _ = ana.sessions(&signed_in).await.is(200);
    app.clock.advance(chrono::TimeDelta::seconds(599));
    let _ = ana.sessions(&signed_in).await.is(200);
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let _ = ana.sessions(&signed_in).await.problem(401, "signed-out");
}

async fn confirm_with(actor: &Actor, token: &str) -> Answer {
    actor.post("/api/v1/accounts/confirm", &json!({"token": token, "password": Actor::PASSWORD})).await
}

#[tokio::test]
async fn a_refresh_token_is_good_once() {
    let app = house_at_ten().await;
    let ana = app.member().await;
    let first = ana.sign_in().await.is(201);
    let bystander = ana.sign_in().await.is(201);
    let second = ana.refresh(&first.word("/refresh_token")).await.is(200);
    assert_eq!(first.word("/session"), second.word("/session"));
    assert_ne!(first.word("/refresh_token"), second.word("/refresh_token"));
    // The answer may have been lost: for a moment it can be had again.
    let again = ana.refresh(&first.word("/refresh_token")).await.is(200);
    assert_eq!(again.word("/refresh_token"), second.word("/refresh_token"));
    let third = ana.refresh(&second.word("/refresh_token")).await.is(200);
    // Its successor was used: two parties have it, and neither keeps the session.
    let _ = ana.refresh(&first.word("/refresh_token")).await.problem(401, "signed-out");
    for token in [&first, &second, &third] {
        let _ = ana.refresh(&token.word("/refresh_token")).await.problem(401, "signed-out");
        let _ = ana.sessions(token).await.problem(401, "signed-out");
    }
    let _ = ana.sessions(&bystander).await.is(200);
    for wrong in ["x", &"A".repeat(43)] {
        let _ = ana.refresh(wrong).await.problem(401, "signed-out");
    }
    for wrong in ["", "with space", &"x".repeat(600)] {
        let _ = ana.refresh(wrong).await.complains_about(&["/refresh_token"]);
    }
    let _ = ana.refresh(&bystander.word("/refresh_token")).await.is(200);
}

#[tokio::test]
async fn a_refresh_token_that_comes_late_again_ends_its_family() {
    let app = house_at_ten().await;
    let ana = app.member().await;
    let first = ana.sign_in().await.is(201);
    let second = ana.refresh(&first.word("/refresh_token")).await.is(200);
    // A page of ours waits for 45 seconds before it asks again.
    app.clock.advance(chrono::TimeDelta::seconds(46));
    let again = ana.refresh(&first.word("/refresh_token")).await.is(200);
    assert_eq!(again.word("/refresh_token"), second.word("/refresh_token"));
    app.clock.advance(chrono::TimeDelta::seconds(14));
    let _ = ana.sessions(&second).await.is(200);
    let _ = ana.refresh(&first.word("/refresh_token")).await.problem(401, "signed-out");
    let _ = ana.sessions(&second).await.problem(401, "signed-out");
    let _ = ana.refresh(&second.word("/refresh_token")).await.problem(401, "signed-out");
}

#[tokio::test]
async fn copies_of_a_refresh_that_race_get_one_successor() {
    let app = house().await;
    let other = Setup::new().on(&app.database).start().await;
    let ana = app.member().await;
    let elsewhere = ana.going_to(&other.url);
    let first = ana.sign_in().await.is(201).word("/refresh_token");
    let answers = join_all((0..20).map(|n| if n % 2 == 0 { &ana } else { &elsewhere }.refresh(&first))).await;
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert!(answers.iter().all(|answer| answer.at("/refresh_token") == answers[0].at("/refresh_token")), "{answers:?}");
    assert_eq!(app.truth().number("select count(*) from refresh_tokens").await, 2);
    assert_eq!(app.truth().number("select count(*) from refresh_tokens where used_at is null").await, 1);
    let _ = ana.sessions(&answers[0]).await.is(200);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_some_day_in_any_case() {
    let app = house_at_ten().await;
    let ana = app.member().await;
    let (idle, mut used) = (ana.sign_in().await.is(201), ana.sign_in().await.is(201));
    for _ in 0..6 {
        app.clock.advance(chrono::TimeDelta::days(29));
        used = ana.refresh(&used.word("/refresh_token")).await.is(200);
    }
    assert_eq!(ana.sessions(&used).await.is(200).at("/items").as_array().unwrap().len(), 1);
    let _ = ana.refresh(&idle.word("/refresh_token")).await.problem(401, "signed-out");
    app.clock.advance(chrono::TimeDelta::days(6));
    let _ = ana.refresh(&used.word("/refresh_token")).await.problem(401, "signed-out");
}

#[tokio::test]
async fn one_session_too_many_ends_the_one_not_used_for_longest() {
    let app = house().await;
    let ana = app.member().await;
    let oldest = ana.sign_in().await.is(201);
    app.database
        .run(
            "insert into sessions (id, account_id, device, created_at, last_used_at)
             select gen_random_uuid(), id, 'A program', now(), now() from accounts, generate_series(1, 49)",
        )
        .await;
    let _ = ana.sessions(&oldest).await.is(200);
    let newest = ana.sign_in().await.is(201);
    let _ = ana.sessions(&oldest).await.problem(401, "signed-out");
    assert_eq!(ana.sessions(&newest).await.is(200).at("/items").as_array().unwrap().len(), 50);
}

#[tokio::test]
async fn a_browser_carries_its_session_in_cookies_no_script_reads() {
    for (url, prefix, secure) in [("https://trestle.example", "__Host-", true), ("http://127.0.0.1:3000", "", false)] {
        let app = Setup::new().set("TRESTLE_PUBLIC_URL", url).start().await;
        let ana = app.member().await;
        let signed_in = sign_in_by_browser(&ana).await;
        assert_eq!((signed_in.at("/access_token"), signed_in.at("/refresh_token")), (json!(null), json!(null)));
        let given: Vec<_> =
            signed_in.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(given.len(), 2);
        for cookie in &given {
            assert!(cookie.starts_with(&format!("{prefix}trestle-")), "{cookie}");
            assert!(cookie.contains("; Path=/; ") && cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            assert!(!cookie.contains("Domain") && cookie.contains("; Secure") == secure, "{cookie}");
        }
        let carried = cookies(&signed_in);
        let with = |method: Method, path: &str, cookie: &str| ana.ask(method, path).header("cookie", cookie);
        let list = with(Method::GET, SESSIONS, &carried).send().await.is(200);
        assert_eq!(list.header("cache-control"), "no-store");
        // What a program says counts before what a browser carries.
        let both = with(Method::GET, SESSIONS, &carried).header("authorization", "Bearer x");
        let _ = both.send().await.problem(401, "signed-out");

        let refresh = with(Method::POST, "/api/v1/sessions/refresh", &carried).json(&json!({})).send().await.is(200);
        assert_eq!(refresh.at("/refresh_token"), json!(null));
        let renewed = cookies(&refresh);
        assert_ne!(renewed, carried);
        let out = with(Method::DELETE, CURRENT, &renewed).send().await.is(204);
        let taken: Vec<_> = out.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert!(taken.len() == 2 && taken.iter().all(|cookie| cookie.contains("Max-Age=0")), "{taken:?}");
        let _ = with(Method::GET, SESSIONS, &renewed).send().await.problem(401, "signed-out");
        let _ = ana.post("/api/v1/sessions/refresh", &json!({})).await.problem(401, "signed-out");
    }
}

#[tokio::test]
async fn a_browser_can_sign_out_after_its_access_token_has_expired() {
    let app = house_at_ten().await;
    let ana = app.member().await;
    let carried = cookies(&sign_in_by_browser(&ana).await);
    app.clock.advance(chrono::TimeDelta::hours(1));
    let ask = |method: Method, path: &str| ana.ask(method, path).header("cookie", &carried);
    let _ = ask(Method::GET, SESSIONS).send().await.problem(401, "signed-out");
    let _ = ask(Method::DELETE, CURRENT).send().await.is(204);
    let _ = ask(Method::POST, "/api/v1/sessions/refresh").json(&json!({})).send().await.problem(401, "signed-out");
    let _ = ana.delete(CURRENT).await.problem(401, "signed-out");
}

#[tokio::test]
async fn what_a_browser_had_before_ends_and_does_not_become_the_session() {
    let app = house().await;
    let (ana, thief) = (app.member().await, app.member().await);
    let elsewhere = thief.sign_in().await.is(201);
    let planted = cookies(&sign_in_by_browser(&thief).await);
    let credentials = json!({"email": ana.email, "password": Actor::PASSWORD, "cookies": true});
    let signed_in = ana.ask(Method::POST, SESSIONS).header("cookie", &planted).json(&credentials).send().await.is(201);
    let hers = cookies(&signed_in);
    assert!(planted.split("; ").all(|cookie| !hers.contains(cookie)), "{hers}");
    let _ = ana.ask(Method::GET, SESSIONS).header("cookie", &hers).send().await.is(200);
    let ask = |method: Method, path: &str| thief.ask(method, path).header("cookie", &planted);
    let _ = ask(Method::GET, SESSIONS).send().await.problem(401, "signed-out");
    let _ = ask(Method::POST, "/api/v1/sessions/refresh").json(&json!({})).send().await.problem(401, "signed-out");
    assert_eq!(thief.sessions(&elsewhere).await.is(200).at("/items").as_array().unwrap().len(), 1);
    // By page too; and what was never a session is in nobody's way.
    for (hers, email) in [(hers.as_str(), &thief.email), ("trestle-refresh=x", &ana.email)] {
        let form = [("email", email.as_str()), ("password", Actor::PASSWORD)];
        let ask = ana.ask(Method::POST, "/sign-in").header("accept", "text/html").header("cookie", hers);
        assert_eq!(ask.form(&form).send().await.onward(), "/account");
        assert_eq!(ana.ask(Method::GET, SESSIONS).header("cookie", hers).send().await.status, 401);
    }
}

#[tokio::test]
async fn knowing_who_calls_takes_nothing_from_the_database() {
    const CALLS: i64 = 200;
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, day) = (app.member().await, app.day(&venue, 7));
    let signed_in = ana.sign_in().await.is(201);
    let database = app.close().await;
    let read = async || {
        let truth = Truth::of(&database);
        [truth.rows_read("sessions").await, truth.rows_read("accounts").await, truth.rows_read("refresh_tokens").await]
    };
    let before = read().await;
    let app = Setup::new().on(&database).start().await;
    let ana = ana.going_to(&app.url);
    let path = format!("/api/v1/venues/{}/availability?date={day}&party=2", venue.slug);
    for _ in 0..CALLS / 2 {
        let _ = ana.as_signed_in(Method::GET, &path, &signed_in).send().await.is(200);
        let page = ana.as_signed_in(Method::GET, "/accessibility", &signed_in).send().await.is(200);
        assert!(page.text().contains("href=\"/account\""), "{page:?}");
    }
    let _ = app.close().await;
    // A few are of the looks at what ended, which are as many however many call.
    for (before, after) in before.into_iter().zip(read().await) {
        assert!(after - before < CALLS / 4, "{} rows were read", after - before);
    }
}

#[tokio::test]
async fn another_site_cannot_use_what_a_browser_carries() {
    let app = house().await;
    let ana = app.member().await;
    let carried = cookies(&sign_in_by_browser(&ana).await);
    for (method, path, body) in [
        (Method::DELETE, CURRENT, json!({})),
        (Method::POST, "/api/v1/sessions/refresh", json!({})),
        (
            Method::PUT,
            "/api/v1/me/password",
            json!({"current_password": Actor::PASSWORD, "new_password": "another lamp 8"}),
        ),
        (Method::POST, SESSIONS, json!({"email": ana.email, "password": Actor::PASSWORD, "cookies": true})),
    ] {
        let ask = ana.ask(method, path).header("cookie", &carried).json(&body);
        let _ = ask
            .header("origin", "https://evil.example")
            .header("sec-fetch-site", "cross-site")
            .send()
            .await
            .problem(403, "cross-site");
    }
    let _ = ana.ask(Method::GET, SESSIONS).header("cookie", &carried).send().await.is(200);
}

#[tokio::test]
async fn signing_in_takes_what_it_knows_and_nothing_else() {
    let app = house().await;
    let ana = app.member().await;
    let post = |body: serde_json::Value| {
        let ana = ana.clone();
        async move { ana.post(SESSIONS, &body).await }
    };
    let _ = post(json!({})).await.complains_about(&["/email", "/password"]);
    let _ = post(json!({"email": "ana", "password": ""})).await.complains_about(&["/email", "/password"]);
    let _ = post(json!({"email": ana.email, "password": "x".repeat(10_000)})).await.complains_about(&["/password"]);
    let greedy = json!({"email": ana.email, "password": Actor::PASSWORD, "account": "x", "session": "y", "sid": 1});
    let _ = post(greedy).await.complains_about(&["/account", "/session", "/sid"]);
    assert_eq!(app.truth().number("select count(*) from sessions").await, 0);
    let upper = json!({"email": format!(" {} ", ana.email.to_uppercase()), "password": Actor::PASSWORD});
    let _ = post(upper).await.is(201);
}
