//! A guest's home: bookings that belong to an account, its profile, and leaving for good.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Ask, Form, Room, Setup, TestApp, Venue, Visitor, eventually, read};

const ME: &str = "/api/v1/me";

async fn house() -> (TestApp, Venue) {
    TestApp::with(Room::of_two_tops(4)).await
}

/// Somebody with an account, who is signed in.
async fn member(app: &TestApp) -> (Actor, Answer) {
    let actor = app.member().await;
    let session = actor.sign_in().await.is(201);
    (actor, session)
}

/// Books while signed in.
async fn book(actor: &Actor, session: &Answer, booking: &Value) -> Answer {
    actor.as_signed_in(Method::POST, "/api/v1/reservations", session).json(booking).send().await
}

/// What somebody has on one side of now.
async fn diary(actor: &Actor, session: &Answer, when: &str) -> Vec<Value> {
    let path = format!("{ME}/reservations?when={when}");
    let list = actor.as_signed_in(Method::GET, &path, session).send().await.is(200);
    assert_eq!((list.at("/next_cursor"), list.header("cache-control")), (Value::Null, "no-store"));
    list.at("/items").as_array().unwrap().clone()
}

async fn patch(actor: &Actor, session: &Answer, change: &Value) -> Answer {
    actor.as_signed_in(Method::PATCH, ME, session).json(change).send().await
}

async fn erase(actor: &Actor, session: &Answer, password: &str) -> Answer {
    actor.as_signed_in(Method::DELETE, ME, session).json(&json!({"password": password})).send().await
}

async fn all_is_sent(app: &TestApp) {
    eventually("the outbox is empty", async || {
        (app.truth().number("select count(*) from outbox where done_at is null").await == 0).then_some(())
    })
    .await;
}

#[track_caller]
fn onward(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_booking_made_while_signed_in_belongs_to_its_account() {
    let (app, venue) = house().await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let booked = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    let listed = diary(&ana, &hers, "upcoming").await;
    assert_eq!(listed.len(), 1);
    // As it is shown to its guest, and nothing that opens it.
    let mut made = booked.json();
    made.as_object_mut().unwrap().remove("manage_token");
    assert_eq!(listed[0], made);
    assert!(diary(&ana, &hers, "past").await.is_empty() && diary(&rui, &his, "upcoming").await.is_empty());
    // Who believes to be signed in and is not hears of it, instead of losing the booking from sight.
    let stale = ana.ask(Method::POST, "/api/v1/reservations").header("authorization", "Bearer x");
    let _ = stale.json(&ana.booking(&venue, &app.start(&venue, "12:00"), 2)).send().await.problem(401, "signed-out");
    let _ = ana.get(&format!("{ME}/reservations")).await.problem(401, "signed-out");
    assert_eq!(app.truth().standing().await, 1);
}

#[tokio::test]
async fn earlier_bookings_come_along_once_their_address_is_confirmed() {
    let (app, venue) = house().await;
    let ana = app.actor();
    let _ = ana.book(&venue, &app.start(&venue, "12:00"), 2).await.is(201);
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let owned = "select count(*) from reservations where account_id is not null";
    let letters = app.letters_to(&ana, 2).await;
    let link = letters.iter().find(|letter| letter.subject.starts_with("Confirm")).unwrap();
    // Whoever registers somebody's address gets nothing by it.
    let _ = ana.sign_in().await.problem(401, "sign-in-failed");
    assert_eq!(app.truth().number(owned).await, 0);
    let confirm = json!({"token": link.token(), "password": Actor::PASSWORD});
    let _ = ana.post("/api/v1/accounts/confirm", &confirm).await.is(204);
    assert_eq!(app.truth().number(owned).await, 1);
    // What is booked without signing in comes along with the next sign-in.
    let _ = ana.book(&venue, &app.start(&venue, "15:00"), 2).await.is(201);
    assert_eq!(app.truth().number(owned).await, 1);
    let session = ana.sign_in().await.is(201);
    assert_eq!(diary(&ana, &session, "upcoming").await.len(), 2);
}

#[tokio::test]
async fn a_reset_and_a_change_of_address_confirm_it_too() {
    let (app, venue) = house().await;
    let (ana, rui) = (app.actor(), app.actor());
    let _ = ana.book(&venue, &app.start(&venue, "12:00"), 2).await.is(201);
    let _ = rui.book(&venue, &app.start(&venue, "12:00"), 2).await.is(201);
    let _ = ana.post("/api/v1/accounts", &ana.registration()).await.is(202);
    let _ = ana.post("/api/v1/password-resets", &json!({"email": ana.email})).await.is(202);
    let letters = app.letters_to(&ana, 3).await;
    let reset = letters.iter().find(|letter| letter.subject.starts_with("A new password")).unwrap().token();
    let path = format!("/api/v1/password-resets/{reset}");
    let _ = ana.post(&path, &json!({"password": Actor::PASSWORD})).await.is(204);
    let owned = "select count(*) from reservations where account_id is not null";
    assert_eq!(app.truth().number(owned).await, 1);

    let session = ana.sign_in().await.is(201);
    let wanted = json!({"email": rui.email, "current_password": Actor::PASSWORD});
    let ask = ana.as_signed_in(Method::PUT, "/api/v1/me/email", &session).json(&wanted);
    let _ = ask.send().await.is(202);
    let letters = app.letters_to(&rui, 2).await;
    assert_eq!(app.truth().number(owned).await, 1);
    let link = letters.iter().find(|letter| letter.subject.starts_with("Confirm")).unwrap();
    let confirm = json!({"token": link.token(), "password": Actor::PASSWORD});
    let _ = ana.post("/api/v1/accounts/confirm", &confirm).await.is(204);
    assert_eq!(diary(&ana, &session, "upcoming").await.len(), 2);
}

#[tokio::test]
async fn a_booking_for_somebody_else_stays_with_whoever_made_it() {
    let (app, venue) = house().await;
    let ((ana, hers), rui) = (member(&app).await, app.member().await);
    let mut booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["guest"]["email"] = rui.email.clone().into();
    let booked = book(&ana, &hers, &booking).await.is(201);
    let his = rui.sign_in().await.is(201);
    assert!(diary(&rui, &his, "upcoming").await.is_empty());
    assert_eq!(diary(&ana, &hers, "upcoming").await.len(), 1);
    // She wants no letters of her own; he did not say so.
    let _ = patch(&ana, &hers, &json!({"notifications": []})).await.is(200);
    let change = json!({"rev": 1, "start": app.start(&venue, "21:00")});
    let _ = ana.as_signed_in(Method::PATCH, booked.header("location"), &hers).json(&change).send().await.is(200);
    let subjects: Vec<String> = app.letters_to(&rui, 3).await.into_iter().map(|letter| letter.subject).collect();
    assert!(subjects[1].starts_with("Your table at") && subjects[2].starts_with("Your changed table"), "{subjects:?}");
    all_is_sent(&app).await;
    assert_eq!(app.letters_to(&ana, 1).await.len(), 1);
}

#[tokio::test]
async fn an_owner_does_everything_that_the_link_allows_and_nobody_else_does() {
    let (app, venue) = house().await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let booked = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    let path = booked.header("location");
    let before = app.truth().counts().await;
    let asks = |who: &dyn Fn(Method, &str) -> Ask| {
        [
            who(Method::GET, path),
            who(Method::GET, &format!("{path}.ics")),
            who(Method::PATCH, path).json(&json!({"rev": 1, "notes": "mine now"})),
            who(Method::POST, &format!("{path}/late")).json(&json!({"minutes": 5})),
            who(Method::POST, &format!("{path}/cancel")).json(&json!({"rev": 1})),
        ]
    };
    for ask in asks(&|method, path| rui.as_signed_in(method, path, &his)) {
        let _ = ask.send().await.problem(404, "not-found");
    }
    for ask in asks(&|method, path| rui.ask(method, path)) {
        let _ = ask.send().await.problem(401, "unauthenticated");
    }
    for ask in asks(&|method, path| rui.ask(method, path).header("authorization", "Bearer x")) {
        let _ = ask.send().await.problem(401, "signed-out");
    }
    // What the header says counts before what the session says.
    let foreign = ana.as_signed_in(Method::GET, path, &hers).token("x");
    let _ = foreign.send().await.problem(404, "not-found");
    assert_eq!(app.truth().counts().await, before);

    let own = |method, rest: &str| ana.as_signed_in(method, &format!("{path}{rest}"), &hers);
    assert_eq!(own(Method::GET, "").send().await.is(200).json(), ana.see(&booked).await.is(200).json());
    let change = json!({"rev": 1, "start": app.start(&venue, "21:00"), "notes": "A pram."});
    let moved = own(Method::PATCH, "").json(&change).send().await.is(200);
    assert_eq!((moved.number("/rev"), moved.word("/notes")), (2, "A pram.".to_owned()));
    let entry = own(Method::GET, ".ics").send().await.is(200);
    assert!(entry.text().contains("SEQUENCE:1") && entry.header("content-type").starts_with("text/calendar"));
    let _ = own(Method::POST, "/late").json(&json!({"minutes": 10})).send().await.is(200);
    let _ = own(Method::POST, "/cancel").json(&json!({"rev": 3})).send().await.is(200);
    assert!(diary(&ana, &hers, "upcoming").await.is_empty());
    assert_eq!(diary(&ana, &hers, "past").await[0]["status"], "cancelled_guest");
    app.truth().holds().await;
}

#[tokio::test]
async fn both_sides_of_now_are_listed_page_by_page() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    let mut made = Vec::new();
    for time in ["14:00", "18:00", "22:00"] {
        made.push(ana.book(&venue, &venue.start(app.day(&venue, 1), time), 2).await.is(201).word("/id"));
    }
    let session = ana.sign_in().await.is(201);
    let pages = async |session: &Answer, when: &str| {
        let (mut ids, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("{ME}/reservations?when={when}&limit=2&cursor={cursor}");
            let page = ana.as_signed_in(Method::GET, &path, session).send().await.is(200);
            let items = page.at("/items").as_array().unwrap().clone();
            assert!(items.len() <= 2);
            ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            match page.at("/next_cursor") {
                Value::String(next) => cursor = next,
                _ => return ids,
            }
        }
    };
    assert_eq!(pages(&session, "upcoming").await, made);
    assert!(pages(&session, "past").await.is_empty());
    for (wrong, fields) in [
        ("when=someday&cursor=x&limit=0", &["/when", "/cursor", "/limit"][..]),
        ("when=past&cursor=2037-11-20.x&limit=101", &["/cursor", "/limit"]),
    ] {
        let ask = ana.as_signed_in(Method::GET, &format!("{ME}/reservations?{wrong}"), &session);
        let _ = ask.send().await.complains_about(fields);
    }
    let unknown = ana.as_signed_in(Method::GET, &format!("{ME}/reservations?account=1"), &session);
    let _ = unknown.send().await.complains_about(&["/account"]);
    // The evening goes on: the first is over, the second under way.
    app.clock.advance(chrono::TimeDelta::hours(33));
    let session = ana.sign_in().await.is(201);
    assert_eq!(pages(&session, "upcoming").await, made[1..]);
    assert_eq!(pages(&session, "past").await, made[..1]);
    app.clock.advance(chrono::TimeDelta::days(1));
    let session = ana.sign_in().await.is(201);
    made.reverse();
    assert_eq!(pages(&session, "past").await, made);
}

#[tokio::test]
async fn a_profile_keeps_what_is_said_and_leaves_the_rest() {
    let (app, _) = house().await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let fresh = json!({"name": ana.name, "email": ana.email, "phone": null, "needs": [], "notes": "",
        "notifications": ["changed", "late", "cancelled"]});
    let show = || ana.as_signed_in(Method::GET, ME, &hers).send();
    assert_eq!(show().await.is(200).json(), fresh);
    let all = json!({"name": "In\u{200b}ês\u{202e} Duarte", "phone": "+351 912-345.678", "needs": ["pram", "step_free", "pram"],
        "notes": "No nuts\u{2066}, <b>please</b>.", "notifications": ["late", "late"]});
    let changed = patch(&ana, &hers, &all).await.is(200);
    let expected = json!({"name": "Inês Duarte", "email": ana.email, "phone": "+351912345678", "needs": ["step_free", "pram"],
        "notes": "No nuts, please.", "notifications": ["late"]});
    assert_eq!((changed.json(), show().await.json()), (expected.clone(), expected.clone()));
    assert_eq!(patch(&ana, &hers, &json!({})).await.is(200).json(), expected);
    let less = patch(&ana, &hers, &json!({"phone": "", "needs": []})).await.is(200);
    assert_eq!(
        (less.at("/phone"), less.at("/needs"), less.word("/name")),
        (Value::Null, json!([]), "Inês Duarte".to_owned())
    );
    // Words from right to left are words.
    assert_eq!(patch(&ana, &hers, &json!({"name": "אסתר"})).await.is(200).word("/name"), "אסתר");
    assert_eq!(rui.as_signed_in(Method::GET, ME, &his).send().await.is(200).word("/name"), rui.name);
    let _ = rui.ask(Method::PATCH, ME).json(&json!({"name": "Nobody"})).send().await.problem(401, "signed-out");
}

#[tokio::test]
async fn every_wrong_field_of_a_profile_is_named_at_once_and_no_other_is_taken() {
    let (app, _) = house().await;
    let (ana, session) = member(&app).await;
    let before = app.truth().counts().await;
    let wrong = json!({"name": "x".repeat(10_000), "phone": "912", "needs": ["a throne"], "notes": "x".repeat(10_000),
        "notifications": ["everything"]});
    let fields = ["/name", "/phone", "/needs", "/notes", "/notifications"];
    let _ = patch(&ana, &session, &wrong).await.complains_about(&fields);
    let wrong = json!({"name": 1, "phone": [], "needs": "quiet", "notes": {}, "notifications": true});
    let _ = patch(&ana, &session, &wrong).await.complains_about(&fields);
    for invisible in ["\u{200b}\u{202e}", "", "7"] {
        let _ = patch(&ana, &session, &json!({"name": invisible})).await.complains_about(&["/name"]);
    }
    let greedy = json!({"id": "018f0000-0000-7000-8000-000000000001", "email": "other@example.com", "password_hash": "x",
        "disabled_at": null, "erased_at": null, "email_confirmed_at": "2026-11-21T10:00:00Z", "role": "owner"});
    let greed = ["/id", "/email", "/password_hash", "/disabled_at", "/erased_at", "/email_confirmed_at", "/role"];
    let _ = patch(&ana, &session, &greedy).await.complains_about(&greed);
    assert_eq!(app.truth().counts().await, before);
}

#[tokio::test]
async fn letters_that_a_guest_does_without_do_not_come() {
    let (app, venue) = house().await;
    let (ana, session) = member(&app).await;
    let start = |time: &str| app.start(&venue, time);
    let cancel = async |booked: &Answer, rev: i64| {
        let path = format!("{}/cancel", booked.header("location"));
        ana.as_signed_in(Method::POST, &path, &session).json(&json!({"rev": rev})).send().await.is(200)
    };
    let _ = patch(&ana, &session, &json!({"notifications": ["cancelled"]})).await.is(200);
    let booked = book(&ana, &session, &ana.booking(&venue, &start("20:00"), 2)).await.is(201);
    let change = json!({"rev": 1, "start": start("21:00")});
    let _ = ana.as_signed_in(Method::PATCH, booked.header("location"), &session).json(&change).send().await.is(200);
    let late = format!("{}/late", booked.header("location"));
    let _ = ana.as_signed_in(Method::POST, &late, &session).json(&json!({"minutes": 5})).send().await.is(200);
    // Else it may be cancelled before the others are looked at, and then they would not come in any case.
    all_is_sent(&app).await;
    let _ = cancel(&booked, 3).await;
    all_is_sent(&app).await;
    let subjects = |letters: Vec<tests::Letter>| -> Vec<String> {
        letters.into_iter().map(|letter| letter.subject.split(" at").next().unwrap().to_owned()).collect()
    };
    let came = subjects(app.letters_to(&ana, 3).await);
    assert_eq!(came, ["Confirm your address for Trestle", "Your table", "Cancelled: your table"]);
    let _ = patch(&ana, &session, &json!({"notifications": []})).await.is(200);
    let booked = book(&ana, &session, &ana.booking(&venue, &start("12:00"), 2)).await.is(201);
    all_is_sent(&app).await;
    let _ = cancel(&booked, 1).await;
    all_is_sent(&app).await;
    assert_eq!(subjects(app.letters_to(&ana, 4).await), [&came[..], &["Your table".to_owned()]].concat());
}

#[tokio::test]
async fn the_booking_form_knows_its_guest_without_javascript() {
    let (app, venue) = house().await;
    let (ana, session) = member(&app).await;
    let known = json!({"name": "Inês Duarte", "phone": "+351912345678", "needs": ["pram", "step_free"], "notes": "No <nuts> & \"more\"."});
    let _ = patch(&ana, &session, &known).await.is(200);
    let mut browser = Visitor::signed_in(&ana).await;
    let path = format!("/venues/room?date={}&party=2", app.day(&venue, 7));
    let start = app.start(&venue, "20:00");
    let form = onward(&browser.send(&path, "name=\"start\"", &[("start", &start)]).await);
    let page = browser.open(&form).await.is(200);
    let details = Form::with(&page, "name=\"email\"");
    assert_eq!((details.says("name"), details.says("email")), ("Inês Duarte", ana.email.as_str()));
    assert_eq!((details.says("phone"), details.says("needs")), ("+351912345678", "pram"));
    assert!(read(&page.text()).contains("No & \"more\".</textarea>"), "{}", page.text());
    // The table was not chosen for what she always needs: she is told, and led to one that is.
    assert!(page.text().contains("This table was not chosen for it."), "{}", page.text());
    let back = onward(&browser.fill(&page, &form, "value=\"release\"", &[]).await);
    assert!(back.contains("needs=step_free"), "{back}");
    let form = onward(
        &browser
            .send(back.split('#').next().unwrap(), "name=\"start\"", &[("start", &start), ("needs", "step_free")])
            .await,
    );
    let page = browser.open(&form).await.is(200);
    assert!(!page.text().contains("This table was not chosen for it."), "{}", page.text());
    let booked = onward(&browser.fill(&page, &form, "name=\"email\"", &[("do", "book")]).await);
    assert!(booked.starts_with("/bookings/"));
    assert_eq!(diary(&ana, &session, "upcoming").await.len(), 1);
    // Nobody's form is empty.
    let rui = app.actor();
    let form = onward(&Visitor::of(&rui).send(&path, "name=\"start\"", &[("start", &start)]).await);
    assert_eq!(Form::with(&rui.open(&form).await.is(200), "name=\"email\"").says("email"), "");
}

#[tokio::test]
async fn the_page_of_an_account_shows_both_sides_and_leads_on() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ((ana, hers), rui) = (member(&app).await, app.member().await);
    let mut browser = Visitor::signed_in(&ana).await;
    let empty = browser.open("/account").await.is(200);
    assert!(empty.text().contains("No upcoming bookings.") && empty.text().contains("Restaurants you have been to"));
    // 21 November 2037 is a Saturday.
    let booked = book(&ana, &hers, &ana.booking(&venue, "2037-11-21T20:00:00Z", 2)).await.is(201);
    let own = format!("/account/bookings/{}", booked.word("/id"));
    let page = browser.open("/account").await.is(200);
    assert!(page.text().contains(&own) && page.text().contains("Saturday 21 November 2037, 20:00"), "{}", page.text());
    assert!(!page.text().contains(&booked.word("/manage_token")));
    let private = onward(&browser.open(&own).await);
    assert!(browser.open(&private).await.is(200).text().contains(&booked.word("/reference")));
    assert_eq!(onward(&Visitor::of(&ana).open(&own).await), format!("/sign-in?next={}", own.replace('/', "%2F")));
    let mut other = Visitor::signed_in(&rui).await;
    let _ = other.open(&own).await.is(404);
    let _ = other.open("/account/bookings/x").await.is(404);

    app.clock.advance(chrono::TimeDelta::days(3));
    let mut browser = Visitor::signed_in(&ana).await;
    let page = browser.open("/account").await.is(200);
    let again = "/venues/room?date=2037-11-28&amp;party=2&amp;time=20%3A00#book";
    assert!(page.text().contains(again), "{}", page.text());
    let venue_page = browser.open("/venues/room?date=2037-11-28&party=2&time=20:00").await.is(200);
    assert!(venue_page.text().contains("2037-11-28T20:00:00+00:00"));
}

#[tokio::test]
async fn a_long_past_is_turned_over_page_by_page() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    for day in 1..=8 {
        let _ = ana.book(&venue, &venue.start(app.day(&venue, day), "20:00"), 2).await.is(201);
    }
    app.clock.advance(chrono::TimeDelta::days(20));
    let mut browser = Visitor::signed_in(&ana).await;
    let page = browser.open("/account").await.is(200).text();
    let lines = |page: &str| page.matches("/account/bookings/").count();
    assert_eq!(lines(&page), 6);
    let next =
        read(page.split("href=\"").find(|rest| rest.starts_with("/account?past=")).unwrap().split('"').next().unwrap());
    let page = browser.open(next.split('#').next().unwrap()).await.is(200).text();
    assert_eq!(lines(&page), 2);
    assert!(page.contains("First page") && !page.contains("Earlier ones"), "{page}");
    let _ = browser.open("/account?past=x").await.is(422);
}

#[tokio::test]
async fn a_profile_is_changed_by_a_plain_form_with_every_complaint_at_once() {
    let (app, _) = house().await;
    let ana = app.member().await;
    let mut browser = Visitor::signed_in(&ana).await;
    let with = "value=\"profile\"";
    let wrong = [("name", ""), ("phone", "912"), ("notes", &"x".repeat(501)), ("needs", "a throne")];
    let page = browser.send("/account", with, &wrong).await.is(422).text();
    for id in ["name-wrong", "phone-wrong", "notes-wrong", "needs-wrong"] {
        let said = page.split(&format!("id=\"{id}\"")).nth(1).unwrap().split('<').next().unwrap();
        assert!(said.len() > 5, "{id}: {said}");
    }
    assert!(page.contains("value=\"912\""));
    let right = [
        ("name", "Inês Duarte"),
        ("phone", "+351912345678"),
        ("notes", "Window, please."),
        ("needs", "quiet"),
        ("notifications", "late"),
    ];
    let saved = onward(&browser.send("/account", with, &right).await);
    let page = browser.open(&saved).await.is(200);
    assert!(page.text().contains("Your details are saved.") && page.text().contains("Hello, Inês."));
    let form = Form::with(&page, with);
    assert_eq!(
        (form.says("phone"), form.says("needs"), form.says("notifications")),
        ("+351912345678", "quiet", "late")
    );
}

#[tokio::test]
async fn everything_we_hold_can_be_taken_along() {
    let (app, venue) = house().await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let _ = patch(&ana, &hers, &json!({"phone": "+351912345678", "notes": "No nuts."})).await.is(200);
    let mut booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["notes"] = "A surprise.".into();
    let booked = book(&ana, &hers, &booking).await.is(201);
    let cancel = json!({"rev": 1, "reason": "We are ill."});
    let path = format!("{}/cancel", booked.header("location"));
    let _ = ana.as_signed_in(Method::POST, &path, &hers).json(&cancel).send().await.is(200);
    let _ = ana.as_signed_in(Method::PUT, &format!("{ME}/favorites/room"), &hers).send().await.is(204);
    let _ = book(&rui, &his, &rui.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    all_is_sent(&app).await;

    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"trestle.json\"");
    assert_eq!((file.header("content-type"), file.header("cache-control")), ("application/json", "no-store"));
    assert_eq!(
        (file.word("/account/email"), file.word("/account/phone")),
        (ana.email.clone(), "+351912345678".to_owned())
    );
    assert_eq!(
        (file.word("/account/notes"), file.word("/sessions/0/device")),
        ("No nuts.".to_owned(), "A program".to_owned())
    );
    assert_eq!((file.word("/links/0/purpose"), file.word("/links/0/email")), ("confirm".to_owned(), ana.email.clone()));
    assert_eq!(file.at("/reservations").as_array().unwrap().len(), 1);
    assert_eq!(
        (file.word("/reservations/0/notes"), file.word("/reservations/0/cancel_reason")),
        ("A surprise.".to_owned(), "We are ill.".to_owned())
    );
    assert_eq!(file.word("/favorites/0/venue"), "room");
    let letters: Vec<_> =
        file.at("/letters").as_array().unwrap().iter().map(|letter| letter["letter"].clone()).collect();
    assert_eq!(letters, ["confirm_address", "booked", "cancelled"]);
    assert!(file.at("/letters/1/sent_at").is_string() && file.at("/letters/1/reservation") == booked.at("/id"));
    for secret in [Actor::PASSWORD, "$argon2", &hers.word("/refresh_token"), &booked.word("/manage_token"), &rui.email]
    {
        assert!(!file.text().contains(secret), "{secret}");
    }
    // The same from the page, also when the access token has run out.
    let mut browser = Visitor::signed_in(&ana).await;
    browser.jar = browser.jar.clone().later();
    let page = browser.open("/account/export.json").await.is(200);
    assert_eq!((page.at("/reservations"), page.header("cache-control")), (file.at("/reservations"), "no-store"));
    assert_eq!(page.header("content-disposition"), file.header("content-disposition"));
    let _ = ana.get(&format!("{ME}/export")).await.problem(401, "signed-out");
    assert_eq!(onward(&Visitor::of(&ana).open("/account/export.json").await), "/sign-in?next=%2Faccount");
}

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
    let done = onward(&browser.send("/account/erase", with, &[("password", Actor::PASSWORD)]).await);
    assert!(browser.jar.is_empty());
    assert!(browser.open(&done).await.is(200).text().contains("Your account is erased"));
    assert_eq!(app.truth().standing().await, 0);
    assert_eq!(onward(&browser.open("/account/erase").await), "/sign-in?next=%2Faccount%2Ferase");
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
    assert_eq!(tests::Truth::of(&database).deadlocks().await, 0);
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
