//! Taking everything along.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Setup, Truth, Visitor};

use super::{ME, all_is_sent, book, house, member, patch};

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
    assert_eq!(Visitor::of(&ana).open("/account/export.json").await.onward(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn what_was_booked_without_signing_in_comes_along() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    all_is_sent(&app).await;
    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.at("/reservations/0/id"), booked.at("/id"));
    assert_eq!(file.at("/letters/1/reservation"), booked.at("/id"));
}

#[tokio::test]
async fn letters_of_others_are_not_read_through() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let _ = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    all_is_sent(&app).await;
    let database = app.close().await;
    database
        .run(
            "insert into outbox (topic, payload, done_at)
             select 'mail', case n % 2 when 0 then jsonb_build_object('template', 'booked', 'reservation_id', gen_random_uuid(), 'rev', 1)
               else jsonb_build_object('template', 'reset_password', 'to', 'guest-' || n || '@example.com') end, now()
             from generate_series(1, 20000) n",
        )
        .await;
    let _ = database.run("analyze outbox, reservations, accounts").await;
    let before = Truth::of(&database).rows_read("outbox").await;
    let app = Setup::new().on(&database).start().await;
    let ana = ana.going_to(&app.url);
    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.at("/letters").as_array().unwrap().len(), 2);
    let _ = app.close().await;
    let read = Truth::of(&database).rows_read("outbox").await - before;
    assert!(read < 1000, "{read} letters were read");
}
