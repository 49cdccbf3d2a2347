//! Taking everything along.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Visitor};

use super::{ME, all_is_sent, book, house, member, onward, patch};

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
