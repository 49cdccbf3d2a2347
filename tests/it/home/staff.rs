//! Leaving for good, where somebody works.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Ask, Room, TestApp, Visitor};

use super::{ME, erase, house};

fn leave(actor: &Actor, session: &Answer) -> Ask {
    actor.as_signed_in(Method::DELETE, ME, session).json(&json!({"password": Actor::PASSWORD}))
}

#[tokio::test]
async fn the_only_owner_of_a_venue_stays() {
    let (app, venue) = house().await;
    let (ada, heir) = (app.staff(&venue, "owner").await, app.member().await);
    let session = ada.sign_in().await.is(201);
    let mut browser = Visitor::signed_in(&ada).await;
    let before = app.truth().counts().await;
    let refused = erase(&ada, &session, Actor::PASSWORD).await.refused("last_owner").problem(409, "last-owner");
    let with = "name=\"password\"";
    let page = browser.send("/account/erase", with, &[("password", Actor::PASSWORD)]).await.is(409);
    assert!(page.text().contains(&refused.word("/detail")) && page.text().contains(with), "{}", page.text());
    assert_eq!(app.truth().counts().await, before);

    let staff = format!("/api/v1/host/{}/staff", venue.slug);
    let appoint = json!({"email": heir.email, "role": "owner"});
    let _ = ada.as_signed_in(Method::POST, &staff, &session).json(&appoint).send().await.is(200);
    assert!(browser.send("/account/erase", with, &[("password", Actor::PASSWORD)]).await.onward().contains("erased"));
    let session = heir.sign_in().await.is(201);
    let left = heir.as_signed_in(Method::GET, &staff, &session).send().await.is(200);
    assert_eq!(left.at("/items/0/email"), Value::from(heir.email.clone()));
    assert_eq!(left.at("/items/1"), Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_owners_who_leave_at_once_one_stays() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ada, bea) = (app.staff(&venue, "owner").await, app.staff(&venue, "owner").await);
    let (hers, theirs) = (ada.sign_in().await.is(201), bea.sign_in().await.is(201));
    let both = [leave(&ada, &hers), leave(&bea, &theirs)];
    let [first, second] = app.database.line_up("select from accounts for update", both).await;
    let _ = first.is(204);
    let _ = second.refused("last_owner");
    assert_eq!(app.truth().number("select count(*) from staff_roles where role = 'owner'").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_appointed_who_is_being_erased() {
    let (app, venue) = house().await;
    let (ada, ana) = (app.staff(&venue, "owner").await, app.member().await);
    let (hers, session) = (ada.sign_in().await.is(201), ana.sign_in().await.is(201));
    let appoint = ada.as_signed_in(Method::POST, &format!("/api/v1/host/{}/staff", venue.slug), &hers);
    let appoint = appoint.json(&json!({"email": ana.email, "role": "host"}));
    let lock = format!("select from accounts where email = '{}' for update", ana.email);
    let [erased, appointed] = app.database.line_up(&lock, [leave(&ana, &session), appoint]).await;
    let _ = erased.is(204);
    // Whoever registers the address anew is asked, and what is left of the account is nobody.
    let _ = appointed.is(200);
    assert_eq!(app.truth().number("select count(*) from staff_roles where role = 'host'").await, 0);
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 1);
}

#[tokio::test]
async fn what_an_address_was_asked_to_be_goes_with_it() {
    let (app, venue) = house().await;
    let ana = app.staff(&venue, "host").await;
    let session = ana.sign_in().await.is(201);
    sqlx::query("insert into staff_invitations (id, venue_id, email, role, since) values (gen_random_uuid(), $1, $2, 'manager', now())")
        .bind(venue.id)
        .bind(&ana.email)
        .execute(app.database.pool())
        .await
        .unwrap();
    let _ = erase(&ana, &session, Actor::PASSWORD).await.is(204);
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 0);
    assert_eq!(app.truth().number("select count(*) from staff_roles").await, 0);
}
