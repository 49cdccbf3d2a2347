//! What is tried on accounts is counted by who tries, and by the mail address it aims at.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Room, Setup};

use crate::limits::{Client, limited, remaining, twins};

/// Servers that nobody else's counts reach, however often and whenever this runs.
fn alone(api: &str) -> Setup {
    limited(api).set("TRESTLE_SECRET", &format!("{:064x}", rand::random::<u128>()))
}

#[tokio::test]
async fn passwords_are_counted_by_client_and_by_the_address_they_aim_at() {
    let setup = alone("1000 per minute").set("TRESTLE_LIMITS__SIGN_IN", "5 per 15 minutes");
    let (app, _two, _) = twins(setup.set("TRESTLE_LIMITS__TARGET", "12 per 15 minutes")).await;
    // Registering aims at an address too.
    let (member, other) = (app.member().await, app.member().await);
    let say = |client: &Client, email: &str, password: &str| {
        client.ask(Method::POST, "/api/v1/sessions").json(&json!({"email": email, "password": password})).send()
    };
    let client = Client::of(&app);
    for _ in 0..5 {
        let _ = say(&client, &member.email, "not the lamp").await.problem(401, "sign-in-failed");
    }
    let refused = say(&client, &member.email, Actor::PASSWORD).await.problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("passwords") && remaining(&refused) == 0, "{refused:?}");
    assert!((1..=930).contains(&refused.header("retry-after").parse::<u32>().unwrap()), "{refused:?}");
    let _ = say(&client, &other.email, Actor::PASSWORD).await.is(429);
    // A flood from many addresses.
    for _ in 0..6 {
        let _ = say(&Client::of(&app), &member.email, "not the lamp").await.is(401);
    }
    let unseen = member.email.replace('@', "\u{200b}@\u{2060}");
    for email in [member.email.clone(), member.email.to_uppercase(), unseen] {
        let refused = say(&Client::of(&app), &email, Actor::PASSWORD).await.problem(429, "too-many-requests");
        assert!(refused.word("/detail").contains("this email address"), "{refused:?}");
    }
    let forgotten = Client::of(&app);
    let _ = forgotten
        .ask(Method::POST, "/api/v1/password-resets")
        .json(&json!({"email": member.email}))
        .send()
        .await
        .is(429);
    let let_in = say(&Client::of(&app), &other.email, Actor::PASSWORD).await.is(201);
    assert_eq!(remaining(&let_in), 4);
}

#[tokio::test]
async fn few_accounts_are_made_from_one_place() {
    let (app, _two, _) = twins(alone("1000 per minute").set("TRESTLE_LIMITS__REGISTER", "2 per hour")).await;
    let client = Client::of(&app);
    let register =
        |client: &Client| client.ask(Method::POST, "/api/v1/accounts").json(&app.actor().registration()).send();
    for _ in 0..2 {
        let _ = register(&client).await.is(202);
    }
    let refused = register(&client).await.problem(429, "too-many-requests");
    assert!(refused.word("/detail").contains("accounts"), "{refused:?}");
    let _ = register(&Client::of(&app)).await.is(202);
    assert_eq!(app.truth().number("select count(*) from accounts").await, 3);
}

#[tokio::test]
async fn who_is_signed_in_may_try_no_more_passwords_and_make_no_more_accounts() {
    let setup = alone("1000 per minute").set("TRESTLE_LIMITS__SIGN_IN", "5 per 15 minutes");
    let setup = setup.set("TRESTLE_LIMITS__REGISTER", "5 per hour").set("REDIS_URL", "");
    let (app, _) = setup.open(Room::of_two_tops(1)).await;
    let (one, other, target) = (app.member().await, app.member().await, app.member().await);
    let bearers = [one.sign_in().await.is(201), other.sign_in().await.is(201)];
    let bearers = bearers.map(|session| format!("Bearer {}", session.word("/access_token")));
    let form = [("name", "Ana"), ("email", target.email.as_str()), ("password", "not the lamp")];
    let known = json!({"email": target.email, "password": "not the lamp"});
    let wrong = json!({"token": "x.y.z", "password": "not the lamp"});
    // Each has its rule, and is tried by two accounts in turn from one place, as a program and as a page.
    for (path, body, page) in [
        ("/api/v1/accounts", app.actor().registration(), "/register"),
        ("/api/v1/sessions", known, "/sign-in"),
        ("/api/v1/password-resets", json!({"email": target.email}), "/forgot"),
        ("/api/v1/accounts/confirm", wrong, "/account/confirm/x.y.z"),
    ] {
        let client = Client::of(&app);
        let as_somebody =
            |path: &str, who: usize| client.ask(Method::POST, path).header("authorization", &bearers[who % 2]);
        for tried in 0..5 {
            let answer = as_somebody(path, tried).json(&body).send().await;
            assert!(answer.status < 429, "{answer:?}");
        }
        for who in 0..2 {
            let _ = as_somebody(path, who).json(&body).send().await.problem(429, "too-many-requests");
            let _ = as_somebody(page, who).header("accept", "text/html").form(&form).send().await.is(429);
        }
        let _ = client.ask(Method::POST, path).json(&body).send().await.is(429);
    }
    // The page counts by address, too.
    let client = Client::of(&app);
    for tried in 0..6 {
        let ask = client.ask(Method::POST, "/register").header("authorization", &bearers[tried % 2]);
        let answer = ask.header("accept", "text/html").form(&form).send().await;
        assert_eq!(answer.status == 429, tried == 5, "{answer:?}");
    }
    // What they say of their own account is counted by account.
    let body = json!({"current_password": "not the lamp", "new_password": "another lamp 8"});
    for tried in 0..6 {
        let ask = Client::of(&app).ask(Method::PUT, "/api/v1/me/password").header("authorization", &bearers[0]);
        let answer = ask.json(&body).send().await;
        assert_eq!(answer.status == 429, tried == 5, "{answer:?}");
    }
}

#[tokio::test]
async fn what_another_site_sends_uses_up_nobodys_passwords() {
    let setup = alone("1000 per minute").set("TRESTLE_LIMITS__TARGET", "1 per minute").set("REDIS_URL", "");
    let (app, _) = setup.set("TRESTLE_LIMITS__SIGN_IN", "1 per minute").open(Room::of_two_tops(1)).await;
    let (client, nobody) = (Client::of(&app), app.actor());
    let form = [("email", nobody.email.as_str()), ("password", "not the lamp")];
    let page = || client.ask(Method::POST, "/sign-in").header("accept", "text/html").form(&form);
    for left in [998, 996] {
        let forged = page().header("sec-fetch-site", "cross-site").send().await.is(403);
        assert_eq!(remaining(&forged), left);
    }
    let _ = page().send().await.is(422);
    let _ = page().header("sec-fetch-site", "same-origin").send().await.is(429);
}

#[tokio::test]
async fn nobody_uses_up_the_letters_of_another() {
    let setup = alone("1000 per minute").set("TRESTLE_LIMITS__LETTERS", "1 per hour").set("REDIS_URL", "");
    let (app, venue) = setup.open(Room::of_two_tops(1)).await;
    let (owner, target) = (app.staff(&venue, "owner").await, app.actor());
    let session = owner.sign_in().await.is(201);
    let path = format!("/api/v1/host/{}/staff", venue.slug);
    let body = json!({"email": target.email, "role": "host"});
    // Whoever is not signed in, and whoever is kept out for themselves.
    for _ in 0..3 {
        let _ = owner.ask(Method::POST, &path).json(&body).send().await.problem(401, "signed-out");
    }
    let _ = owner.as_signed_in(Method::POST, &path, &session).json(&body).send().await.is(200);
    let _ = owner.as_signed_in(Method::POST, &path, &session).json(&body).send().await.is(429);
}

#[tokio::test]
async fn what_cannot_be_read_is_counted_too() {
    let (app, _two, _) = twins(alone("5 per minute")).await;
    let client = Client::of(&app);
    let nonsense = || client.ask(Method::POST, "/api/v1/sessions").json(&json!({"email": 7})).send();
    for _ in 0..2 {
        let _ = nonsense().await.is(422);
    }
    let _ = nonsense().await.problem(429, "too-many-requests");
    // So is what nobody reads to its end.
    let client = Client::of(&app);
    let large = || client.ask(Method::POST, "/sign-in").body("application/x-www-form-urlencoded", "x".repeat(100_000));
    for _ in 0..2 {
        let _ = large().send().await.is(413);
    }
    let _ = large().send().await.is(429);
}

#[tokio::test]
async fn who_is_signed_in_is_counted_wherever_they_ask_from() {
    let (app, _two, venue) = twins(alone("4 per minute")).await;
    let member = app.member().await;
    let here = Client::of(&app);
    let body = json!({"email": member.email, "password": Actor::PASSWORD});
    let signed_in = here.ask(Method::POST, "/api/v1/sessions").json(&body).send().await.is(201);
    let bearer = format!("Bearer {}", signed_in.word("/access_token"));
    let list = |client: &Client| client.ask(Method::GET, "/api/v1/sessions").header("authorization", &bearer).send();
    for left in (0..4).rev() {
        assert_eq!(remaining(&list(&Client::of(&app)).await.is(200)), left);
    }
    let _ = list(&here).await.problem(429, "too-many-requests");
    // The place itself has room for others, and a token that is none is counted where it comes from.
    assert_eq!(remaining(&here.look(&venue).await.is(200)), 1);
    let forged = here.ask(Method::GET, "/api/v1/sessions").header("authorization", "Bearer x.y.z");
    assert_eq!(remaining(&forged.send().await.is(401)), 0);
}

#[tokio::test]
async fn nobody_is_written_to_without_end_however_many_have_it_done() {
    let setup = alone("1000 per minute").set("REDIS_URL", "").set("TRESTLE_LIMITS__LETTERS", "3 per hour");
    let (app, venue) = setup.open(Room::of_two_tops(1)).await;
    let (owner, member, target) = (app.staff(&venue, "owner").await, app.member().await, app.actor());
    let (owners, members) = (owner.sign_in().await.is(201), member.sign_in().await.is(201));
    let staff = format!("/api/v1/host/{}/staff", venue.slug);
    let appoint = |email: &str, role: &str| {
        owner.as_signed_in(Method::POST, &staff, &owners).json(&json!({"email": email, "role": role})).send()
    };
    let move_to = |email: &str| {
        let body = json!({"email": email, "current_password": Actor::PASSWORD});
        member.as_signed_in(Method::PUT, "/api/v1/me/email", &members).json(&body).send()
    };
    let _ = appoint(&target.email, "host").await.is(200);
    let _ = appoint(&target.email, "manager").await.is(200);
    let _ = move_to(&target.email).await.is(202);
    for email in [target.email.clone(), target.email.replace('@', "\u{200b}@")] {
        for answer in [appoint(&email, "owner").await, move_to(&email).await] {
            let refused = answer.problem(429, "too-many-requests");
            assert!(refused.word("/detail").contains("sent to this email address"), "{refused:?}");
            assert_eq!((refused.header("ratelimit-limit"), remaining(&refused)), ("3", 0));
        }
        let page = member.as_signed_in(Method::POST, "/account", &members).header("accept", "text/html");
        let form = [("do", "email"), ("email", email.as_str()), ("current_password", Actor::PASSWORD)];
        let _ = page.form(&form).send().await.is(429);
    }
    let sent = "select count(*) from outbox where payload ->> 'to' = $1";
    let sent: i64 = sqlx::query_scalar(sent).bind(&target.email).fetch_one(app.database.pool()).await.unwrap();
    assert_eq!(sent, 3);
    // They can still make an account, and anybody else is still written to.
    let _ = target.post("/api/v1/accounts", &target.registration()).await.is(202);
    let _ = appoint(&app.actor().email, "host").await.is(200);
}

#[tokio::test]
async fn who_is_to_work_at_a_venue_is_changed_as_seldom_as_anything() {
    let setup = alone("1000 per minute").set("REDIS_URL", "").set("TRESTLE_LIMITS__CHANGE", "2 per minute");
    let (app, venue) = setup.open(Room::of_two_tops(1)).await;
    let owner = app.staff(&venue, "owner").await;
    let session = owner.sign_in().await.is(201);
    let staff = format!("/api/v1/host/{}/staff", venue.slug);
    let appoint = |email: &str| {
        owner.as_signed_in(Method::POST, &staff, &session).json(&json!({"email": email, "role": "host"})).send()
    };
    let host = appoint("host@example.com").await.is(200);
    let _ = appoint("mate@example.com").await.is(200);
    let dismissal = owner.as_signed_in(Method::DELETE, &format!("{staff}/{}", host.word("/id")), &session);
    for refused in [dismissal.send().await, appoint("third@example.com").await] {
        let refused = refused.problem(429, "too-many-requests");
        assert!(refused.word("/detail").contains("changes"), "{refused:?}");
    }
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 2);
}
