//! What an account says of its owner, and what that is good for.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Form, Visitor, read};

use super::{ME, all_is_sent, book, diary, house, member, patch};

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
    let form = browser.send(&path, "name=\"start\"", &[("start", &start)]).await.onward();
    let page = browser.open(&form).await.is(200);
    let details = Form::with(&page, "name=\"email\"");
    assert_eq!((details.says("name"), details.says("email")), ("Inês Duarte", ana.email.as_str()));
    assert_eq!((details.says("phone"), details.says("needs")), ("+351912345678", "pram"));
    assert!(read(&page.text()).contains("No & \"more\".</textarea>"), "{}", page.text());
    // The table was not chosen for what she always needs: she is told, and led to one that is.
    assert!(page.text().contains("This table was not chosen for it."), "{}", page.text());
    let back = browser.fill(&page, &form, "value=\"release\"", &[]).await.onward();
    assert!(back.contains("needs=step_free"), "{back}");
    let form = browser
        .send(back.split('#').next().unwrap(), "name=\"start\"", &[("start", &start), ("needs", "step_free")])
        .await
        .onward();
    let page = browser.open(&form).await.is(200);
    assert!(!page.text().contains("This table was not chosen for it."), "{}", page.text());
    let booked = browser.fill(&page, &form, "name=\"email\"", &[("do", "book")]).await.onward();
    assert!(booked.starts_with("/bookings/"));
    assert_eq!(diary(&ana, &session, "upcoming").await.len(), 1);
    // Nobody's form is empty.
    let rui = app.actor();
    let form = Visitor::of(&rui).send(&path, "name=\"start\"", &[("start", &start)]).await.onward();
    assert_eq!(Form::with(&rui.open(&form).await.is(200), "name=\"email\"").says("email"), "");
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
    let saved = browser.send("/account", with, &right).await.onward();
    let page = browser.open(&saved).await.is(200);
    assert!(page.text().contains("Your details are saved.") && page.text().contains("Hello, Inês."));
    let form = Form::with(&page, with);
    assert_eq!(
        (form.says("phone"), form.says("needs"), form.says("notifications")),
        ("+351912345678", "quiet", "late")
    );
}
