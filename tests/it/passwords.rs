//! Passwords: which are good, how one becomes another, and what saying one costs.

use std::time::Duration;

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Proxy, Room, Setup, TestApp, eventually};

use crate::accounts::{NEW, all_is_sent, confirm, forget, house};

async fn reset(actor: &Actor, token: &str, password: &str) -> Answer {
    actor.post(&format!("/api/v1/password-resets/{token}"), &json!({"password": password})).await
}

#[tokio::test]
async fn a_password_is_long_enough_and_hard_to_guess() {
    let app = house().await;
    let ana = app.actor();
    let mailbox = ana.email.split('@').next().unwrap().to_owned();
    let name = ana.name.to_uppercase();
    for wrong in ["1234567", "password", "Password1", "baseball", &name, &ana.email, &mailbox, &"x".repeat(129)] {
        let mut registration = ana.registration();
        registration["password"] = wrong.into();
        let _ = ana.post("/api/v1/accounts", &registration).await.complains_about(&["/password"]);
    }
    let mut registration = ana.registration();
    registration["password"] = "ж".repeat(128).into();
    let _ = ana.post("/api/v1/accounts", &registration).await.is(202);
    assert_eq!(
        app.truth()
            .number("select count(*) from accounts where password_hash like '$argon2id$v=19$m=19456,t=2,p=1$%'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = house().await;
    let ana = app.member().await;
    let (here, there) = (ana.sign_in().await.is(201), ana.sign_in().await.is(201));
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        ana.as_signed_in(Method::PUT, "/api/v1/me/password", &here).json(&body).send()
    };
    let _ = change("not the lamp", NEW).await.complains_about(&["/current_password"]);
    let _ = change("", "short").await.complains_about(&["/current_password", "/new_password"]);
    let _ = change(Actor::PASSWORD, &ana.email).await.complains_about(&["/new_password"]);
    let _ = ana.sessions(&there).await.is(200);
    let _ = change(Actor::PASSWORD, NEW).await.is(204);
    let _ = ana.sessions(&there).await.problem(401, "signed-out");
    let _ = ana.refresh(&there.word("/refresh_token")).await.problem(401, "signed-out");
    let _ = ana.sessions(&here).await.is(200);
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = ana.sign_in_with(NEW).await.is(201);
    assert_eq!(app.letters_to(&ana, 2).await[1].subject, "Your password was changed");
    let nobody =
        ana.ask(Method::PUT, "/api/v1/me/password").json(&json!({"current_password": NEW, "new_password": NEW}));
    let _ = nobody.send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn a_new_password_takes_the_links_that_are_on_their_way() {
    let app = house().await;
    let (ana, thief) = (app.member().await, app.actor());
    let stolen = ana.sign_in().await.is(201);
    let body = json!({"email": thief.email, "current_password": Actor::PASSWORD});
    let _ = ana.as_signed_in(Method::PUT, "/api/v1/me/email", &stolen).json(&body).send().await.is(202);
    let to_thief = app.letters_to(&thief, 1).await[0].token();
    let _ = forget(&ana).await.is(202);
    let _ = reset(&ana, &app.letters_to(&ana, 2).await[1].token(), NEW).await.is(204);
    let _ = confirm(&thief, &to_thief).await.problem(404, "not-found");
    let _ = ana.sign_in_with(NEW).await.is(201);
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_once() {
    let app = house().await;
    let (ana, nobody) = (app.member().await, app.actor());
    let before = ana.sign_in().await.is(201);
    let (known, unknown) = (forget(&ana).await.is(202), forget(&nobody).await.is(202));
    assert_eq!(known.body, unknown.body);
    let letter = app.letters_to(&ana, 2).await.remove(1);
    assert_eq!(letter.subject, "A new password for Trestle");
    assert!(letter.link().starts_with(&format!("{}/account/reset/", app.url)));
    let token = letter.token();
    let _ = reset(&ana, &token, "password").await.complains_about(&["/password"]);
    let _ = reset(&ana, &token, &ana.email).await.complains_about(&["/password"]);
    let _ = confirm(&ana, &token).await.problem(404, "not-found");
    let copies = join_all((0..4).map(|_| reset(&ana, &token, NEW))).await;
    let mut statuses: Vec<u16> = copies.iter().map(|copy| copy.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 404, 404, 404]);
    let _ = reset(&ana, &token, "a third lamp 9").await.problem(404, "not-found");
    let _ = ana.sessions(&before).await.problem(401, "signed-out");
    let _ = ana.refresh(&before.word("/refresh_token")).await.problem(401, "signed-out");
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = ana.sign_in_with(NEW).await.is(201);
    assert_eq!(app.letters_to(&ana, 3).await[2].subject, "Your password was changed");
    all_is_sent(&app).await;
    assert!(app.letters().iter().all(|letter| letter.to != nobody.email));
}

#[tokio::test]
async fn a_reset_is_good_for_an_hour_and_one_address() {
    let (app, _) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    let _ = forget(&ana).await.is(202);
    let token = app.letters_to(&ana, 2).await[1].token();
    for wrong in [&token[..token.len() - 2], "x", "a.b.c"] {
        let _ = reset(&ana, wrong, NEW).await.problem(404, "not-found");
    }
    app.database.run("update accounts set email = 'moved@example.com'").await;
    let _ = reset(&ana, &token, NEW).await.problem(404, "not-found");
    app.database.run("update accounts set email = (select email from mailed_tokens where purpose = 'reset')").await;
    app.clock.advance(chrono::TimeDelta::hours(1));
    let _ = reset(&ana, &token, NEW).await.problem(404, "not-found");
    let _ = ana.sign_in().await.is(201);
}

#[tokio::test]
async fn who_resets_a_password_has_confirmed_the_address() {
    let app = house().await;
    let ana = app.actor();
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let _ = app.letters_to(&ana, 1).await;
    let _ = forget(&ana).await.is(202);
    let token = app.letters_to(&ana, 2).await[1].token();
    let _ = reset(&ana, &token, NEW).await.is(204);
    let _ = ana.sign_in_with(NEW).await.is(201);
}

#[tokio::test]
async fn saying_no_costs_as_much_whoever_asks() {
    let app = house().await;
    let (ana, unconfirmed, nobody) = (app.member().await, app.actor(), app.actor());
    let _ = unconfirmed.post("/api/v1/accounts", &unconfirmed.registration()).await.is(202);
    let tries = [
        (&ana, "not the lamp"),
        (&unconfirmed, Actor::PASSWORD),
        (&unconfirmed, "not the lamp"),
        (&nobody, "not the lamp"),
    ];
    let mut said = Vec::new();
    for (actor, password) in tries {
        let before = app.backend.hashes();
        let mut answer = actor.sign_in_with(password).await.problem(401, "sign-in-failed").json();
        assert_eq!(app.backend.hashes() - before, 1);
        answer["request_id"] = Value::Null;
        said.push(answer);
    }
    assert!(said.iter().all(|words| *words == said[0]), "{said:?}");
    let before = app.backend.hashes();
    let _ = forget(&ana).await.is(202);
    let _ = forget(&nobody).await.is(202);
    let (known, unknown) = (ana.registration(), nobody.registration());
    assert_eq!(app.backend.hashes(), before);
    for registration in [known, unknown] {
        let before = app.backend.hashes();
        let _ = nobody.post("/api/v1/accounts", &registration).await.is(202);
        assert_eq!(app.backend.hashes() - before, 1);
    }
}

#[tokio::test]
async fn who_signs_in_in_a_crowd_waits_or_is_told_when_to_come_back() {
    let app = house().await;
    let ana = app.member().await;
    let places = 33 * std::thread::available_parallelism().unwrap().get();
    let answers = join_all((0..2 * places).map(|_| ana.sign_in_with("not the lamp"))).await;
    let (told, turned_away): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
    assert!(told.len() >= places && !turned_away.is_empty(), "{} of {}", told.len(), answers.len());
    for answer in turned_away {
        let _ = answer.clone().problem(503, "unavailable");
        assert_eq!(answer.header("retry-after"), "2");
    }
    let _ = ana.sign_in().await.is(201);
}

#[tokio::test]
async fn neither_password_nor_token_is_kept_where_it_could_be_read() {
    let app = house().await;
    let ana = app.member().await;
    let signed_in = ana.sign_in().await.is(201);
    let renewed = ana.refresh(&signed_in.word("/refresh_token")).await.is(200);
    let _ = forget(&ana).await.is(202);
    let letters = app.letters_to(&ana, 2).await;
    let mut secrets = vec![Actor::PASSWORD.to_owned()];
    for answer in [&signed_in, &renewed] {
        secrets.push(answer.word("/refresh_token"));
        secrets.push(answer.word("/access_token").rsplit('.').next().unwrap().to_owned());
    }
    secrets.extend(letters.iter().map(|letter| letter.token().rsplit('.').next().unwrap().to_owned()));
    for table in ["accounts", "sessions", "refresh_tokens", "mailed_tokens", "idempotency_keys", "outbox"] {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let kept: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(app.database.pool()).await.unwrap();
        assert!(!kept.is_empty(), "{table}");
        assert!(secrets.iter().all(|secret| !kept.contains(secret.as_str())), "{table} keeps a secret");
    }
}

/// Lets this write go through and its answer get lost: the wire to the database is slow, and cut between the two.
async fn losing_the_answer(app: &TestApp, wire: &Proxy, letters: i64, ask: impl Future<Output = Answer>) -> Answer {
    let lose = async {
        eventually("it is written", async || {
            let told = "select count(*) from outbox where payload ->> 'template' = 'password_changed'";
            (app.truth().number(told).await == letters).then_some(())
        })
        .await;
        wire.cut();
        tokio::time::sleep(Duration::from_millis(10)).await;
        wire.mend();
    };
    wire.delay(Duration::from_millis(200));
    let answer = tokio::join!(ask, lose).0;
    // A letter that was on its way meanwhile would be tried again in a minute.
    app.database.run("update outbox set available_at = clock_timestamp() where done_at is null").await;
    answer
}

#[tokio::test]
async fn a_new_password_is_told_once_also_where_the_database_did_not_come_to_say_so() {
    let database = Database::fresh().await;
    let wire = Proxy::to(&database.url()).await;
    let app = Setup::new().on(&database).reaching_database_at(wire.addr()).start().await;
    let ana = app.member().await;
    let here = ana.sign_in().await.is(201);
    let change = json!({"current_password": Actor::PASSWORD, "new_password": NEW});
    let change = ana.as_signed_in(Method::PUT, "/api/v1/me/password", &here).json(&change).send();
    let _ = losing_the_answer(&app, &wire, 1, change).await.is(204);
    let _ = ana.sign_in_with(NEW).await.is(201);
    let _ = forget(&ana).await.is(202);
    let letters = app.letters_to(&ana, 3).await;
    let link = letters.iter().find(|letter| letter.subject == "A new password for Trestle").unwrap();
    let _ = losing_the_answer(&app, &wire, 2, reset(&ana, &link.token(), Actor::PASSWORD)).await.is(204);
    let _ = ana.sign_in().await.is(201);
    let _ = app.letters_to(&ana, 4).await;
    all_is_sent(&app).await;
    let told = "select count(*) from outbox where payload ->> 'template' = 'password_changed'";
    assert_eq!(app.truth().number(told).await, 2);
}
