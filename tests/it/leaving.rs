//! Guests who hang up in the middle of something.

use std::time::Duration;

use reqwest::Method;
use tests::{Database, Proxy, Room, Setup, within};

/// How long a trip to the database takes, each way.
const WAY: Duration = Duration::from_millis(60);

/// Connections of servers that are within a transaction while nobody uses them; PostgreSQL ends those after 15 seconds.
const LEFT_OPEN: &str =
    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'trestle'
    and state like 'idle in transaction%'";

#[tokio::test]
async fn whoever_leaves_while_something_begins_leaves_nothing_open() {
    let database = Database::fresh().await;
    let wire = Proxy::to(&database.url()).await;
    let setup = Setup::new().set("TRESTLE_DATABASE__MAX_CONNECTIONS", "4");
    let (app, venue) = setup.on(&database).reaching_database_at(wire.addr()).open(Room::of_two_tops(8)).await;
    let ana = app.member().await;
    let here = ana.sign_in().await.is(201);
    let unknown = "x".repeat(43);
    wire.delay(WAY);
    // At some of these moments a transaction has been asked for and not begun.
    for moment in 1..=12 {
        let patience = WAY * moment / 2;
        let (heart, look) = (format!("/api/v1/me/favorites/{}", venue.slug), app.day(&venue, 20 + i64::from(moment)));
        let keep = ana.as_signed_in(Method::PUT, &heart, &here).send();
        let (renew, looks) = (ana.refresh(&unknown), ana.look(&venue, look, 2));
        let left = tokio::join!(
            tokio::time::timeout(patience, keep),
            tokio::time::timeout(patience, renew),
            tokio::time::timeout(patience, looks),
        );
        assert!(moment > 2 || left.0.is_err(), "the wire is not slow");
    }
    wire.mend();
    let start = app.start(&venue, "20:00");
    for booked in 1..=8 {
        let _ = app.actor().book(&venue, &start, 2).await.is(201);
        assert_eq!(app.truth().standing().await, booked, "a booking was acknowledged and is not there");
    }
    let is_over = async || (app.truth().number(LEFT_OPEN).await == 0).then_some(());
    within(Duration::from_secs(10), "nothing is left open", is_over).await;
    app.truth().holds().await;
}
