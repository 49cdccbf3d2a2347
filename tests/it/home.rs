//! A guest's home: bookings that belong to an account, its profile, taking everything along, and leaving for good.

mod bookings;
mod erasure;
mod export;
mod profile;
mod staff;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, TestApp, Venue, eventually};

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
