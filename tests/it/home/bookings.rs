//! Bookings that belong to an account.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Ask, Room, Setup, Visitor, read};

use super::{ME, all_is_sent, book, diary, house, member, patch};

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
    let private = browser.open(&own).await.onward();
    assert!(browser.open(&private).await.is(200).text().contains(&booked.word("/reference")));
    assert_eq!(Visitor::of(&ana).open(&own).await.onward(), format!("/sign-in?next={}", own.replace('/', "%2F")));
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
