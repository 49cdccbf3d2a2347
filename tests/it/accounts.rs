//! Accounts: made, confirmed, moved, and got back into.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, TestApp, Visitor, eventually};

pub const NEW: &str = "another lamp 8";

pub async fn house() -> TestApp {
    TestApp::with(Room::of_two_tops(1)).await.0
}

pub async fn confirm(actor: &Actor, token: &str) -> Answer {
    confirm_with(actor, token, Actor::PASSWORD).await
}

async fn confirm_with(actor: &Actor, token: &str, password: &str) -> Answer {
    actor.post("/api/v1/accounts/confirm", &json!({"token": token, "password": password})).await
}

pub async fn forget(actor: &Actor) -> Answer {
    actor.post("/api/v1/password-resets", &json!({"email": actor.email})).await
}

pub async fn all_is_sent(app: &TestApp) {
    eventually("the outbox is empty", async || {
        (app.truth().number("select count(*) from outbox where done_at is null").await == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_account_is_made_confirmed_and_signed_in_to() {
    let app = house().await;
    let ana = app.actor();
    let made = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    assert_eq!(made.json(), json!({"email": ana.email}));
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let letter = app.letters_to(&ana, 1).await.remove(0);
    assert_eq!(letter.subject, "Confirm your address for Trestle");
    assert!(
        letter.link().starts_with(&format!("{}/account/confirm/", app.url)) && letter.html.contains(&letter.link())
    );
    // A stranger would be called by whatever somebody typed.
    assert!(!letter.text.contains(&ana.name) && !letter.html.contains(&ana.name), "{letter:?}");
    let _ = confirm(&ana, &letter.token()).await.is(204);
    let _ = confirm(&ana, &letter.token()).await.is(204);
    let signed_in = ana.sign_in().await.is(201);
    assert_eq!((signed_in.word("/token_type"), signed_in.number("/expires_in")), ("Bearer".to_owned(), 600));
    assert_eq!(signed_in.header("location"), format!("/api/v1/sessions/{}", signed_in.word("/session")));
    let _ = ana.sessions(&signed_in).await.is(200);
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_no_other_is_taken() {
    let app = house().await;
    let ana = app.actor();
    let post = |body: Value| {
        let ana = ana.clone();
        async move { ana.post("/api/v1/accounts", &body).await }
    };
    let _ = post(json!({"name": "", "email": "ana", "password": "short"})).await.complains_about(&[
        "/name",
        "/email",
        "/password",
    ]);
    let _ = post(json!({})).await.complains_about(&["/name", "/email", "/password"]);
    let _ = post(json!({"name": 1, "email": [], "password": null})).await.complains_about(&[
        "/name",
        "/email",
        "/password",
    ]);
    let mut greedy = ana.registration();
    for (field, value) in [
        ("id", json!("018f0000-0000-7000-8000-000000000001")),
        ("email_confirmed_at", json!("2026-11-21T10:00:00Z")),
        ("disabled_at", json!(null)),
        ("role", json!("owner")),
    ] {
        greedy[field] = value;
    }
    let _ = post(greedy).await.complains_about(&["/id", "/email_confirmed_at", "/disabled_at", "/role"]);
}

#[tokio::test]
async fn a_name_is_what_people_see_of_it() {
    let app = house().await;
    let (ana, rui) = (app.actor(), app.actor());
    for wrong in ["x".repeat(10_000), "\u{202e}\u{200b}".to_owned(), "7".to_owned()] {
        let mut registration = ana.registration();
        registration["name"] = wrong.into();
        let _ = ana.post("/api/v1/accounts", &registration).await.complains_about(&["/name"]);
    }
    let mut registration = rui.registration();
    registration["name"] = "R\u{200b}ui\u{202e} <b>Costa</b>\u{0}".into();
    let _ = rui.post("/api/v1/accounts", &registration).await.is(202);
    assert_eq!(app.truth().number("select count(*) from accounts where name = 'Rui Costa'").await, 1);
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_to_its_owner_only() {
    let app = house().await;
    let ana = app.member().await;
    let mut again = ana.registration();
    (again["name"], again["password"]) = ("Somebody Else".into(), NEW.into());
    let answer = app.actor().post("/api/v1/accounts", &again).await.is(202);
    assert_eq!(answer.json(), json!({"email": ana.email}));
    let letter = app.letters_to(&ana, 2).await.remove(1);
    assert_eq!(letter.subject, "You have an account with Trestle");
    assert!(letter.text.contains(&ana.name) && !letter.text.contains("Somebody Else"), "{}", letter.text);
    let _ = ana.sign_in_with(NEW).await.problem(401, "sign-in-failed");
    let _ = ana.sign_in().await.is(201);
}

#[tokio::test]
async fn until_it_is_confirmed_the_last_registration_counts() {
    let app = house().await;
    let ana = app.actor();
    let mut second = ana.registration();
    second["password"] = NEW.into();
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let _ = app.letters_to(&ana, 1).await;
    let _ = ana.post("/api/v1/accounts", &second).await.is(202);
    let letters = app.letters_to(&ana, 2).await;
    let _ = confirm(&ana, &letters[0].token()).await.problem(404, "not-found");
    // The first password is not that of the last registration: had a stranger made that, they would get nothing by this.
    let _ = confirm(&ana, &letters[1].token()).await.complains_about(&["/password"]);
    let _ = ana.sign_in_with(NEW).await.problem(401, "sign-in-failed");
    let _ = confirm_with(&ana, &letters[1].token(), NEW).await.is(204);
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = ana.sign_in_with(NEW).await.is(201);
}

#[tokio::test]
async fn a_link_confirms_its_own_address_in_time() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let (ana, member) = (app.actor(), app.member().await);
    let booked = member.book(&venue, "2037-11-21T20:00:00Z", 2).await.is(201).word("/manage_token");
    let access = member.sign_in().await.is(201).word("/access_token");
    let _ = forget(&member).await.is(202);
    let for_reset = app.letters_to(&member, 3).await.into_iter().find(|letter| letter.subject.contains("password"));
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let token = app.letters_to(&ana, 1).await[0].token();
    let parts: Vec<&str> = token.split('.').collect();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
    for wrong in [&token[..token.len() - 2], &unsigned, &booked, &access, &for_reset.unwrap().token(), "x", "a.b.c"] {
        let _ = confirm(&ana, wrong).await.problem(404, "not-found");
    }
    for wrong in ["", "with space", &"x".repeat(600)] {
        let _ = confirm(&ana, wrong).await.complains_about(&["/token"]);
    }
    app.clock.advance(chrono::TimeDelta::days(3));
    let _ = confirm(&ana, &token).await.problem(404, "not-found");
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
}

#[tokio::test]
async fn a_registration_can_be_repeated_under_its_key() {
    let app = house().await;
    let ana = app.actor();
    let register = |body: Value| ana.ask(Method::POST, "/api/v1/accounts").key("once").json(&body).send();
    let copies = join_all((0..6).map(|_| register(ana.registration()))).await;
    assert!(copies.iter().all(|copy| copy.status == 202 && copy.json() == copies[0].json()), "{copies:?}");
    all_is_sent(&app).await;
    assert_eq!(app.letters_to(&ana, 1).await.len(), 1);
    let mut other = ana.registration();
    other["password"] = NEW.into();
    let _ = register(other).await.problem(422, "key-reused");
    let _ = confirm(&ana, &app.letters_to(&ana, 1).await[0].token()).await.is(204);
    let _ = ana.sign_in().await.is(201);
    let _ = ana
        .ask(Method::POST, "/api/v1/accounts")
        .key("no key")
        .json(&ana.registration())
        .send()
        .await
        .complains_about(&["/Idempotency-Key"]);
}

#[tokio::test]
async fn an_account_moves_once_its_new_address_is_confirmed() {
    let app = house().await;
    let (ana, rui) = (app.member().await, app.member().await);
    let here = ana.sign_in().await.is(201);
    let ask = |email: &str, password: &str| {
        let body = json!({"email": email, "current_password": password});
        ana.as_signed_in(Method::PUT, "/api/v1/me/email", &here).json(&body).send()
    };
    let _ = ask("new@example.com", "not the lamp").await.complains_about(&["/current_password"]);
    let _ = ask("new", "").await.complains_about(&["/email", "/current_password"]);
    let _ = ask(&ana.email, Actor::PASSWORD).await.complains_about(&["/email"]);
    // Somebody else's: the same answer, and a letter to them.
    assert_eq!(ask(&rui.email, Actor::PASSWORD).await.is(202).json(), json!({"email": rui.email}));
    assert_eq!(app.letters_to(&rui, 2).await[1].subject, "You have an account with Trestle");
    // An address that somebody registered and never confirmed is free for whoever reads its mail.
    let mut moved = app.actor();
    let _ = moved.post("/api/v1/accounts", &moved.registration()).await.is(202);
    let _ = app.letters_to(&moved, 1).await;
    let _ = ask(&moved.email, Actor::PASSWORD).await.is(202);
    let token = app.letters_to(&moved, 2).await[1].token();
    let _ = ana.sign_in().await.is(201);
    let _ = confirm(&ana, &token).await.is(204);
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = moved.sign_in().await.is(201);
    moved.name.clone_from(&ana.name);
    assert_eq!(app.letters_to(&ana, 2).await[1].subject, "Your email address was changed");
    let names = "select count(*) from accounts where email_confirmed_at is not null";
    assert_eq!(app.truth().number(names).await, 2);
}

#[tokio::test]
async fn an_account_does_not_move_to_an_address_that_is_its_password() {
    let app = house().await;
    let ana = app.member().await;
    let here = ana.sign_in().await.is(201);
    let put = |path: &str, body: &Value| ana.as_signed_in(Method::PUT, path, &here).json(body).send();
    let choose = async |old: &str, new: &str| {
        put("/api/v1/me/password", &json!({"current_password": old, "new_password": new})).await.is(204)
    };
    let ask = async |email: &str, password: &str| {
        put("/api/v1/me/email", &json!({"email": email, "current_password": password})).await
    };
    let mut known = Actor::PASSWORD;
    for password in ["Lighthouse.77", "Lighthouse.77@example.COM "] {
        let _ = choose(known, password).await;
        known = password;
        let before = app.truth().counts().await;
        let refused = ask("lighthouse.77@example.com", password).await.complains_about(&["/email"]);
        assert!(refused.word("/errors/0/detail").contains("is your password"), "{refused:?}");
        let _ = ask("lighthouse.77@example.com", "not the lamp").await.complains_about(&["/current_password"]);
        assert_eq!(app.truth().counts().await, before);
    }
    let mut browser = Visitor::of(&ana);
    let signed_in = [("email", ana.email.as_str()), ("password", known)];
    let _ = browser.send("/sign-in", "name=\"password\"", &signed_in).await.is(303);
    let wanted = [("email", "lighthouse.77@example.com"), ("current_password", known)];
    let page = browser.send("/account", "name=\"current_password\"", &wanted).await.is(422);
    let words = "This address is your password. Choose another password first.";
    assert_eq!(page.to_put_right(), [("email".to_owned(), words.to_owned())]);
}

#[tokio::test]
async fn two_who_want_one_address_do_not_both_get_it() {
    let app = house().await;
    let (ana, rui) = (app.member().await, app.member().await);
    let (hers, his) = (ana.sign_in().await.is(201), rui.sign_in().await.is(201));
    let new = app.actor();
    let body = json!({"email": new.email, "current_password": Actor::PASSWORD});
    let _ = ana.as_signed_in(Method::PUT, "/api/v1/me/email", &hers).json(&body).send().await.is(202);
    let _ = rui.as_signed_in(Method::PUT, "/api/v1/me/email", &his).json(&body).send().await.is(202);
    let tokens: Vec<String> = app.letters_to(&new, 2).await.iter().map(tests::Letter::token).collect();
    let mut answers: Vec<u16> =
        join_all(tokens.iter().map(|token| confirm(&new, token))).await.iter().map(|answer| answer.status).collect();
    answers.sort_unstable();
    assert_eq!(answers, [204, 404]);
}
