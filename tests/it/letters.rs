//! What guests find in their mail.

use std::collections::HashSet;

use reqwest::Method;
use serde_json::json;
use tests::{Room, Setup, TestApp, eventually};

#[tokio::test]
async fn each_step_of_a_booking_is_told_once_with_a_link_that_works() {
    let (app, venue) = TestApp::with(Room::with([4]).on_terms(1440, "Free until the day before.")).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = app.letters_to(&ana, 1).await;
    let _ = ana.change(&booked, &json!({"rev": 1, "start": app.start(&venue, "21:00")})).await.is(200);
    let _ = app.letters_to(&ana, 2).await;
    let _ = ana.about(Method::POST, &booked, "/late").json(&json!({"minutes": 10})).send().await.is(200);
    let _ = app.letters_to(&ana, 3).await;
    let _ = ana.about(Method::POST, &booked, "/cancel").json(&json!({"rev": 3})).send().await.is(200);
    let letters = app.letters_to(&ana, 4).await;

    let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.split(" The Room").next().unwrap()).collect();
    assert_eq!(
        subjects,
        ["Your table at", "Your changed table at", "They know you are late at", "Cancelled: your table at"]
    );
    for letter in &letters[..3] {
        assert!(letter.text.contains(&ana.name) && letter.html.contains(&ana.name), "{letter:?}");
        assert!(letter.text.contains(&booked.word("/reference")) && letter.html.contains(&letter.link()), "{letter:?}");
        assert_eq!(letter.token(), booked.word("/manage_token"));
        assert!(letter.link().starts_with(&app.url));
    }
    assert!(!letters[3].text.contains("/bookings/"), "{}", letters[3].text);
    assert!(letters[0].text.contains("Free until the day before."));
    let sequences: Vec<&str> = letters.iter().map(|letter| letter.entry.property("SEQUENCE")).collect();
    assert_eq!(sequences, ["0", "1", "2", "3"]);
    assert_eq!(letters[3].entry.property("STATUS"), "CANCELLED");
    let ids: HashSet<&str> = letters.iter().map(|letter| letter.message_id.as_str()).collect();
    assert_eq!(ids.len(), 4);

    let seen = ana.ask(Method::GET, booked.header("location")).token(&letters[0].token()).send().await.is(200);
    assert_eq!(seen.at("/status"), "cancelled_guest");
    eventually("the outbox is empty", async || {
        (app.truth().number("select count(*) from outbox where done_at is null").await == 0).then_some(())
    })
    .await;
    assert_eq!(app.letters().len(), 4);
}

#[tokio::test]
async fn a_request_is_told_as_a_request() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(4)).await;
    let ana = app.actor();
    let _ = ana.book(&venue, &app.start(&venue, "20:00"), 6).await.is(201);
    let letters = app.letters_to(&ana, 1).await;
    assert!(letters[0].subject.starts_with("We have asked for your table"), "{letters:?}");
    assert_eq!(letters[0].entry.property("STATUS"), "TENTATIVE");
}

#[tokio::test]
async fn a_letter_says_the_hour_of_the_venue() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1).in_zone("Asia/Tokyo")).await;
    let ana = app.actor();
    let _ = ana.book(&venue, "2037-11-21T10:00:00Z", 2).await.is(201);
    let letter = app.letters_to(&ana, 1).await.remove(0);
    assert_eq!(letter.subject, "Your table at The Room, 21 November at 19:00");
    insta::assert_snapshot!(
        letter.text.replace(&ana.name, "[name]").replace(&letter.link(), "[link]").replace("\r\n", "\n").lines().map(|line| {
            if line.trim().starts_with("Reference") { "  Reference [reference]" } else { line }
        }).collect::<Vec<_>>().join("\n"),
        @r#"
    Dear [name],

    your table is booked. We look forward to seeing you.

      The Room
      Rua Nova 1, Alfama, Lisbon
      Saturday, 21 November 2037, 19:00
      2 guests
      Reference [reference]


    Change or cancel here:
    [link]

    Questions? Call The Room at +351210000000.

    -- 
    Trestle
    "#
    );
}

#[tokio::test]
async fn nothing_a_guest_writes_becomes_a_header_or_markup() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let mut booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["guest"]["name"] =
        "Ana\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script> \"O'Neill\" &amp; Söhne".into();
    booking["notes"] = "1 < 2 & \"three\" <img src=x onerror=alert(1)>".into();
    let _ = ana.post("/api/v1/reservations", &booking).await.is(201);
    let letters = app.letters_to(&ana, 1).await;
    let letter = &letters[0];
    assert!(!letter.html.contains("<script") && !letter.html.contains("<img"), "{}", letter.html);
    assert!(letter.html.contains("1 &lt; 2 &amp;"), "{}", letter.html);
    assert_eq!(app.letters().len(), 1);
}

#[tokio::test]
async fn who_repeats_a_request_gets_one_letter() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    let answers = futures::future::join_all((0..8).map(|_| ana.book_as(&booking, "once"))).await;
    assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
    let _ = app.letters_to(&ana, 1).await;
    eventually("the outbox is empty", async || {
        (app.truth().number("select count(*) from outbox where done_at is null").await == 0).then_some(())
    })
    .await;
    assert_eq!(app.truth().number("select count(*) from outbox").await, 1);
    assert_eq!(app.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_that_this_version_does_not_know_keeps_no_other_back() {
    let (app, _) = TestApp::with(Room::of_two_tops(1)).await;
    // Taken up together: what a version wrote that knew more, once with its last attempt before it, and a good one of which only the
    // request it comes from cannot be read.
    app.database
        .run(
            "insert into outbox (topic, payload, attempts, origin) values
               ('mail', '{\"template\": \"moon_is_full\", \"to\": \"ana@example.com\"}', 0, null),
               ('mail', '{\"template\": \"password_changed\", \"to\": \"ana@example.com\"}', 0,
                 jsonb_build_object('correlation', 'two words', 'traceparent', repeat('x', 55))),
               ('mail', '{\"template\": \"moon_is_full\", \"to\": \"ana@example.com\"}', 59, null),
               ('mail', '{\"template\": \"booked\"}', 0, null)",
        )
        .await;
    let unknown =
        "select count(*) from outbox where done_at is null and last_error like 'stored data is corrupt: letter%'";
    eventually("each has had its turn", async || {
        let is_out = !app.letters().is_empty();
        (is_out && app.truth().number(unknown).await == 3).then_some(())
    })
    .await;
    let subjects: Vec<String> = app.letters().into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["Your password was changed"]);
    assert_eq!(app.truth().number("select count(*) from outbox where dead_at is not null").await, 1);
    assert_eq!(app.truth().number("select count(*) from outbox where dead_at is not null and attempts = 60").await, 1);
}
