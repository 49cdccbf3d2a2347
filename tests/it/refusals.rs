//! Starts that cannot be had: each says why, and what can be had instead can be had.

use tests::{Actor, Answer, Room, Service, Setup, TestApp, Venue};

/// Insists that the first alternative of a refusal can be booked, and that each is offered.
async fn keeps_its_word(app: &TestApp, venue: &Venue, party: i64, refused: &Answer) {
    let guest: Actor = app.actor();
    for alternative in refused.alternatives() {
        let held = guest.hold(venue, &alternative, party).await.is(201);
        let _ = guest.delete(held.header("location")).await.is(204);
    }
    if let Some(first) = refused.alternatives().first() {
        let booked = guest.book(venue, first, party).await.is(201);
        let _ = guest.cancel(&booked).await.is(200);
    }
}

async fn tavern() -> (TestApp, Venue) {
    Setup::at("2037-11-20T10:00:00Z")
        .open(
            Room::with([2, 4, 6])
                .by_telephone(&[2])
                .serving([
                    Service::daily("Lunch", "12:00", "14:00", "16:00"),
                    Service::daily("Dinner", "19:00", "23:30", "01:30").on(0b111_1011),
                ])
                .bookable(30, 120)
                .closed_on("2037-11-23".parse().unwrap(), "A day off."),
        )
        .await
}

#[tokio::test]
async fn each_start_that_cannot_be_had_says_why() {
    let (app, venue) = tavern().await;
    for (start, party, reason, alternatives) in [
        ("2037-11-20T11:45:00Z", 2, "closed", true),
        ("2037-11-20T17:00:00Z", 2, "closed", true),
        ("2037-11-23T20:00:00Z", 2, "closed", true),
        ("2037-11-25T20:00:00Z", 2, "past_last_seating", true),
        ("2037-11-20T23:45:00Z", 2, "past_last_seating", true),
        ("2037-12-21T20:00:00Z", 2, "too_far", false),
        ("2037-11-21T20:00:00Z", 5, "access", false),
        ("2037-11-21T20:00:00Z", 7, "party_size", false),
    ] {
        let guest = app.actor();
        let before = app.truth().counts().await;
        let refused = guest.book(&venue, start, party).await.refused(reason).problem(409, "not-on-offer");
        assert_eq!(!refused.alternatives().is_empty(), alternatives, "{refused:?}");
        let _ = guest.hold(&venue, start, party).await.refused(reason);
        assert_eq!(app.truth().counts().await, before);
        keeps_its_word(&app, &venue, party, &refused).await;
    }
    let _ = app.actor().book(&venue, "2037-12-20T20:00:00Z", 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_start_within_the_notice_is_too_soon_and_one_gone_by_is_wrong() {
    let (app, venue) = tavern().await;
    app.clock.advance(chrono::TimeDelta::minutes(30));
    let too_soon = app.actor().book(&venue, "2037-11-20T12:15:00Z", 2).await.refused("too_soon");
    assert_eq!(too_soon.alternatives()[0], "2037-11-20T12:30:00Z");
    keeps_its_word(&app, &venue, 2, &too_soon).await;
    let _ = app.actor().book(&venue, "2037-11-20T12:30:00Z", 2).await.is(201);
    app.clock.advance(chrono::TimeDelta::hours(3));
    let _ = app.actor().book(&venue, "2037-11-20T13:30:00Z", 2).await.complains_about(&["/start"]);
    let _ = app.actor().hold(&venue, "2037-11-20T13:30:00Z", 2).await.complains_about(&["/start"]);
}

#[tokio::test]
async fn the_horizon_moves_with_the_service_date() {
    let (app, venue) = tavern().await;
    let _ = app.actor().book(&venue, "2037-12-20T23:30:00Z", 2).await.is(201);
    let start = "2037-12-21T19:00:00Z";
    let _ = app.actor().book(&venue, start, 2).await.refused("too_far");
    // 03:59 is still last evening.
    app.clock.advance(chrono::TimeDelta::minutes(17 * 60 + 59));
    let _ = app.actor().book(&venue, start, 2).await.refused("too_far");
    app.clock.advance(chrono::TimeDelta::minutes(1));
    let _ = app.actor().book(&venue, start, 2).await.is(201);
}

#[tokio::test]
async fn a_full_evening_offers_other_evenings() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z")
        .open(Room::of_two_tops(1).serving([Service::daily("Dinner", "20:00", "20:00", "22:00").seated_at(&["20:00"])]))
        .await;
    let _ = app.actor().book(&venue, "2037-11-21T20:00:00Z", 2).await.is(201);
    let refused = app.actor().book(&venue, "2037-11-21T20:00:00Z", 2).await.refused("no_table");
    assert_eq!(refused.alternatives(), ["2037-11-22T20:00:00Z", "2037-11-23T20:00:00Z"]);
    keeps_its_word(&app, &venue, 2, &refused).await;
}

#[tokio::test]
async fn a_full_kitchen_offers_the_nearest_quarters() {
    let (app, venue) = TestApp::with(Room::of_two_tops(8).paced(6, 4)).await;
    let start = app.start(&venue, "20:00");
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let refused = app.actor().book(&venue, &start, 1).await.refused("pacing");
    let times = ["19:30", "19:45", "20:15", "20:30"].map(|time| app.start(&venue, time));
    assert_eq!(refused.alternatives(), times);
    keeps_its_word(&app, &venue, 1, &refused).await;
    app.truth().holds().await;
}

#[tokio::test]
async fn fixed_seatings_are_the_only_starts() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z")
        .open(
            Room::of_two_tops(1)
                .serving([Service::daily("Menu", "18:00", "21:00", "23:30").seated_at(&["18:00", "21:00"])])
                .turning(1, 50, 150, 0),
        )
        .await;
    let guest = app.actor();
    assert_eq!(
        guest.open_starts(&venue, "2037-11-21".parse().unwrap(), 2).await,
        ["2037-11-21T18:00:00Z", "2037-11-21T21:00:00Z"]
    );
    let refused = guest.book(&venue, "2037-11-21T19:00:00Z", 2).await.refused("closed");
    keeps_its_word(&app, &venue, 2, &refused).await;
}

#[tokio::test]
async fn a_buffer_keeps_the_table_empty_after_a_party() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).turning(1, 50, 90, 30)).await;
    let booked = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    assert_eq!(booked.word("/end"), app.start(&venue, "21:30"));
    let _ = app.actor().book(&venue, &app.start(&venue, "21:45"), 2).await.refused("no_table");
    let _ = app.actor().book(&venue, &app.start(&venue, "18:15"), 2).await.refused("no_table");
    let _ = app.actor().book(&venue, &app.start(&venue, "22:00"), 2).await.is(201);
    let _ = app.actor().book(&venue, &app.start(&venue, "18:00"), 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_made_in_time_is_booked_though_the_notice_has_begun() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), "2037-11-20T11:00:00Z");
    let held = guest.hold(&venue, start, 2).await.is(201).word("/token");
    app.clock.advance(chrono::TimeDelta::minutes(3));
    let _ = app.actor().book(&venue, start, 2).await.refused("too_soon");
    let _ = guest.book_held(&venue, start, 2, &held).await.is(201);
    app.truth().holds().await;
}
