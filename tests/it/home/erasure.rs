//! Leaving for good.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Ask, Room, TestApp, Truth, Visitor, eventually};

use super::{ME, all_is_sent, book, diary, erase, house, member, patch};

/// Every row of every table as text.
async fn everything(app: &TestApp) -> String {
    let mut all = String::new();
    for table in app.database.tables().await {
        let sql = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let rows: String = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(app.database.pool()).await.unwrap();
        all.push_str(&rows);
    }
    all
}

#[tokio::test]
async fn erasure_leaves_numbers_and_no_names() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let profile =
        json!({"name": "Inês Ávila-Duarte", "phone": "+351912345678", "needs": ["quiet"], "notes": "Deaf in one ear."});
    let _ = patch(&ana, &hers, &profile).await.is(200);
    let _ = ana.as_signed_in(Method::PUT, &format!("{ME}/favorites/room"), &hers).send().await.is(204);
    let mut booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["guest"]["name"] = "Inês Ávila-Duarte".into();
    booking["guest"]["phone"] = "+351912345678".into();
    (booking["notes"], booking["occasion"]) = ("Deaf in one ear.".into(), "birthday".into());
    let keyed = |key: &str| ana.as_signed_in(Method::POST, "/api/v1/reservations", &hers).key(key).json(&booking);
    let coming = keyed("once").send().await.is(201);
    // One that was before, and one booked without signing in.
    let old = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "12:00"), 2)).await.is(201);
    app.database.run("update reservations set status = 'finished' where notes = ''").await;
    app.database.run("update table_claims c set released_at = now() from reservations r where r.id = c.reservation_id and r.status = 'finished'").await;
    app.database.run("update pace_buckets b set total = 0, online = 0 where not exists (select from table_claims c where c.released_at is null and lower(c.during) = b.start_at)").await;
    let spare = ana.sign_in().await.is(201);
    let _ = ana.book(&venue, &app.start(&venue, "16:00"), 2).await.is(201);
    let _ = ana.post("/api/v1/password-resets", &json!({"email": ana.email})).await.is(202);
    all_is_sent(&app).await;

    let _ = erase(&ana, &hers, "not the lamp").await.complains_about(&["/password"]);
    let _ = ana.as_signed_in(Method::DELETE, ME, &hers).json(&json!({})).send().await.complains_about(&["/password"]);
    let greedy = json!({"password": Actor::PASSWORD, "account": "other"});
    let _ = ana.as_signed_in(Method::DELETE, ME, &hers).json(&greedy).send().await.complains_about(&["/account"]);
    assert!(everything(&app).await.contains("Deaf in one ear."));
    assert!(!rui.open_starts(&venue, app.day(&venue, 7), 2).await.contains(&app.start(&venue, "20:00")));
    let answer = erase(&ana, &hers, Actor::PASSWORD).await.is(204);
    assert!(answer.headers.get_all("set-cookie").iter().all(|cookie| cookie.to_str().unwrap().contains("Max-Age=0")));

    let left = everything(&app).await;
    let name = format!("\"{}\"", ana.name);
    for personal in [ana.email.as_str(), "Ávila", &name, "912345678", "Deaf in one ear.", "birthday"] {
        assert!(!left.contains(personal), "{personal} is left");
    }
    // The table is free at once, and venues keep their numbers.
    assert!(rui.open_starts(&venue, app.day(&venue, 7), 2).await.contains(&app.start(&venue, "20:00")));
    assert_eq!(
        app.truth().number("select count(*) from reservations where erased_at is not null and party = 2").await,
        3
    );
    assert_eq!(app.truth().number("select count(*) from reservations where status = 'cancelled_guest'").await, 2);
    assert_eq!(app.truth().number("select count(*) from favorites").await, 0);
    // Nothing that was given out opens anything.
    for booked in [&coming, &old] {
        let _ = ana.see(booked).await.problem(404, "not-found");
    }
    for session in [&hers, &spare] {
        let _ = ana.sessions(session).await.problem(401, "signed-out");
        let _ = ana.refresh(&session.word("/refresh_token")).await.problem(401, "signed-out");
    }
    let _ = erase(&ana, &hers, Actor::PASSWORD).await.problem(401, "signed-out");
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    let _ = ana.book_as(&booking, "once").await.problem(422, "key-reused");
    let _ = rui.sessions(&his).await.is(200);
    all_is_sent(&app).await;
    app.truth().holds().await;

    // The address is free, and nothing of before comes back.
    let before = app.letters_to(&ana, 0).await.len();
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let link = app.letters_to(&ana, before + 1).await.pop().unwrap();
    assert!(!link.text.contains("Ávila"));
    let confirm = json!({"token": link.token(), "password": Actor::PASSWORD});
    let _ = ana.post("/api/v1/accounts/confirm", &confirm).await.is(204);
    let again = ana.sign_in().await.is(201);
    assert!(diary(&ana, &again, "upcoming").await.is_empty() && diary(&ana, &again, "past").await.is_empty());
}

#[tokio::test]
async fn an_account_is_erased_by_a_plain_form_that_says_what_goes() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let _ = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    let mut browser = Visitor::signed_in(&ana).await;
    assert!(browser.open("/account").await.is(200).text().contains("href=\"/account/erase\""));
    let page = browser.open("/account/erase").await.is(200);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text().contains("These bookings are cancelled too") && page.text().contains("The Room"));
    let with = "name=\"password\"";
    let wrong = browser.send("/account/erase", with, &[("password", "not the lamp")]).await.is(422);
    assert!(wrong.text().contains("This is not your password.") && !wrong.text().contains("not the lamp"));
    let done = browser.send("/account/erase", with, &[("password", Actor::PASSWORD)]).await.onward();
    assert!(browser.jar.is_empty());
    assert!(browser.open(&done).await.is(200).text().contains("Your account is erased"));
    assert_eq!(app.truth().standing().await, 0);
    assert_eq!(browser.open("/account/erase").await.onward(), "/sign-in?next=%2Faccount%2Ferase");
    app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_booked_for_somebody_who_is_being_erased() {
    let (app, venue) = TestApp::with(Room::of_two_tops(6)).await;
    for _ in 0..4 {
        let (ana, hers) = member(&app).await;
        let there = ana.sign_in().await.is(201);
        let times = ["08:00", "11:00", "14:00", "17:00", "20:00", "23:00"];
        let _ = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "05:00"), 2)).await.is(201);
        let booking = futures::future::join_all(times.map(|time| {
            let (ana, there, wish) = (&ana, &there, ana.booking(&venue, &app.start(&venue, time), 2));
            async move { book(ana, there, &wish).await }
        }));
        let (booked, erased) = tokio::join!(booking, erase(&ana, &hers, Actor::PASSWORD));
        let _ = erased.is(204);
        for answer in booked {
            assert!([201, 401].contains(&answer.status), "{answer:?}");
        }
        assert_eq!(app.truth().standing().await, 0);
        let left = everything(&app).await;
        assert!(!left.contains(&ana.email), "{} is left", ana.email);
    }
    app.truth().holds().await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_of_an_account_get_through_though_connections_are_killed() {
    let (app, venue) = TestApp::with(Room::of_two_tops(6)).await;
    let over = AtomicBool::new(false);
    let killing = async {
        while !over.load(Ordering::Relaxed) {
            app.database.kill_connections().await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    };
    let members = [member(&app).await, member(&app).await, member(&app).await];
    let living = async {
        for (actor, session) in &members {
            let insist = async |ask: &dyn Fn() -> Ask| {
                let sent = async || Some(ask().send().await).filter(|answer| answer.status != 503);
                eventually("an answer", sent).await
            };
            let keep = || actor.as_signed_in(Method::PUT, &format!("{ME}/favorites/room"), session);
            let _ = insist(&keep).await.is(204);
            let change = || actor.as_signed_in(Method::PATCH, ME, session).json(&json!({"notes": "No nuts."}));
            let _ = insist(&change).await.is(200);
            let wish = actor.booking(&venue, &app.start(&venue, "20:00"), 2);
            let book =
                || actor.as_signed_in(Method::POST, "/api/v1/reservations", session).key(&actor.email).json(&wish);
            let _ = insist(&book).await.is(201);
            let export = || actor.as_signed_in(Method::GET, &format!("{ME}/export"), session);
            assert_eq!(insist(&export).await.is(200).at("/reservations").as_array().unwrap().len(), 1);
            let erase = || actor.as_signed_in(Method::DELETE, ME, session).json(&json!({"password": Actor::PASSWORD}));
            let erased = insist(&erase).await;
            // An answer of 503 may stand for an erasure that was done.
            assert!([204, 401].contains(&erased.status), "{erased:?}");
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(killing, living);
    assert_eq!(app.truth().number("select count(*) from accounts where erased_at is null").await, 0);
    assert_eq!(
        app.truth()
            .number("select count(*) from reservations where status = 'cancelled_guest' and erased_at is not null")
            .await,
        3
    );
    assert_eq!(app.truth().number("select count(*) from favorites").await, 0);
    app.truth().holds().await;
}

#[tokio::test]
async fn what_is_left_of_an_erased_account_is_not_swept_away_nor_confirmed_again() {
    let (app, _) = house().await;
    let (ana, session) = member(&app).await;
    let id: String = sqlx::query_scalar("select id::text from accounts").fetch_one(app.database.pool()).await.unwrap();
    let _ = ana.post("/api/v1/password-resets", &json!({"email": ana.email})).await.is(202);
    let letters = app.letters_to(&ana, 2).await;
    let _ = erase(&ana, &session, Actor::PASSWORD).await.is(204);
    let confirm = json!({"token": letters[0].token(), "password": Actor::PASSWORD});
    let _ = ana.post("/api/v1/accounts/confirm", &confirm).await.problem(404, "not-found");
    let reset = format!("/api/v1/password-resets/{}", letters[1].token());
    let _ = ana.post(&reset, &json!({"password": Actor::PASSWORD})).await.problem(404, "not-found");
    // Nor does anybody become it by its new name.
    let mut thief = app.actor();
    thief.email = format!("{id}@erased.invalid");
    let _ = thief.post("/api/v1/accounts", &thief.registration()).await.is(202);
    let _ = thief.sign_in().await.problem(401, "sign-in-failed");
    let _ = thief.sign_in_with(" ").await.problem(401, "sign-in-failed");
    assert_eq!(
        app.truth().number("select count(*) from accounts where erased_at is not null and name = 'Erased'").await,
        1
    );
}

#[tokio::test]
async fn what_was_asked_about_a_review_is_no_hash_to_guess_at() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let visit = app.finished_visit(&venue, &ana).await;
    let first = ana.review(&visit, &ana.opinion(2, "Cold soup.")).await.is(201);
    let change = json!({"rev": 1, "body": "Lukewarm soup."});
    let _ = ana.about_review(Method::PATCH, &visit, &first).key("change").json(&change).send().await.is(200);
    let _ = ana.about_review(Method::DELETE, &visit, &first).send().await.is(204);
    let _ = ana.review(&visit, &ana.opinion(4, "Good soup.")).await.is(201);
    let guessable = "select count(*) from idempotency_keys where scope like '%review:%' and request_hash <> ''";
    assert_eq!(app.truth().number(guessable).await, 3);
    let _ = ana.sign_in().await.is(201);
    let _ = erase(&ana, &hers, Actor::PASSWORD).await.is(204);
    assert_eq!(app.truth().number(guessable).await, 0);
    // The keys are used up all the same.
    assert_eq!(app.truth().number("select count(*) from idempotency_keys where scope like '%review:%'").await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_said_by_somebody_who_was_just_erased() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let visit = app.finished_visit(&venue, &ana).await;
    let _ = ana.sign_in().await.is(201);
    let erase = ana.as_signed_in(Method::DELETE, ME, &hers).json(&json!({"password": Actor::PASSWORD}));
    let review = ana.about(Method::POST, &visit, "/review").json(&ana.opinion(5, "Best soup in town."));
    let [erased, reviewed] = app.database.line_up("select from reservations for update", [erase, review]).await;
    let _ = erased.is(204);
    let _ = reviewed.problem(404, "not-found");
    assert!(!everything(&app).await.contains("Best soup"));
}
