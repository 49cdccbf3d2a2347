//! Keeping a table for a few minutes.

use reqwest::Method;
use serde_json::json;
use tests::{Room, TestApp, eventually};

/// Makes every hold run out now, as if its minutes had passed.
async fn let_time_pass(app: &TestApp) {
    app.database
        .run("update table_claims set expires_at = clock_timestamp() - interval '1 second', created_at = created_at - interval '20 minutes' where kind = 'hold'")
        .await;
    app.database.run("update venue_days set version = version + 1, updated_at = clock_timestamp()").await;
}

#[tokio::test]
async fn a_held_table_is_kept_from_others_until_it_is_released() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, rui, start) = (app.actor(), app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201);
    assert_eq!(held.header("location"), format!("/api/v1/holds/{}", held.word("/token")));
    insta::assert_json_snapshot!(held.tidy().as_object().unwrap().keys().collect::<Vec<_>>(), @r#"
    [
      "area",
      "date",
      "expires_at",
      "extendable_until",
      "local",
      "party",
      "policy",
      "request",
      "start",
      "token",
      "venue"
    ]
    "#);

    let day = rui.look(&venue, app.day(&venue, 7), 2).await.is(200).json();
    let seen = day["starts"].as_array().unwrap().iter().find(|seen| seen["local"] == "20:00").unwrap().clone();
    assert_eq!((&seen["state"], &seen["reason"]), (&json!("full"), &json!("held")));
    assert!(!rui.book(&venue, &start, 2).await.refused("no_table").alternatives().is_empty());
    let _ = rui.hold(&venue, &start, 2).await.refused("no_table");

    let path = held.header("location").to_owned();
    let _ = ana.get(&path).await.is(200);
    let _ = ana.delete(&path).await.is(204);
    let _ = ana.delete(&path).await.is(204);
    let _ = ana.get(&path).await.refused("hold_expired");
    let _ = rui.book(&venue, &start, 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_becomes_the_booking_of_its_very_table() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201).word("/token");
    let booked = ana.book_held(&venue, &start, 2, &held).await.is(201);
    assert_eq!(booked.at("/status"), "booked");
    assert_eq!(app.truth().claims().await, 1);
    let _ = app.actor().book_held(&venue, &start, 2, &held).await.refused("hold_expired");
    let _ = ana.ask(Method::POST, &format!("/api/v1/holds/{held}/extend")).send().await.refused("hold_expired");
    // Letting go of what was booked lets nothing go.
    let _ = ana.delete(&format!("/api/v1/holds/{held}")).await.is(204);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let _ = app.actor().book(&venue, &start, 2).await.refused("no_table");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_is_for_its_venue_start_party_and_area_alone() {
    let (app, [venue, other]) = tests::Setup::new()
        .open_all([
            Room::with([2, 4]).and_area("Terrace", "outdoor", [2]),
            Room::with([2]).called("other", "The Other Room"),
        ])
        .await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201).word("/token");
    let _ = ana.book_held(&venue, &start, 3, &held).await.refused("hold_mismatch");
    let _ = ana.book_held(&venue, &app.start(&venue, "20:15"), 2, &held).await.refused("hold_mismatch");
    let _ = ana.book_held(&other, &start, 2, &held).await.refused("hold_mismatch");
    let mut booking = ana.booking(&venue, &start, 2);
    (booking["hold"], booking["area"]) = (held.as_str().into(), venue.areas[1].to_string().into());
    let _ = ana.post("/api/v1/reservations", &booking).await.refused("hold_mismatch");
    assert_eq!(app.truth().standing().await, 0);
    let _ = ana.book_held(&venue, &start, 2, &held).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_in_an_area_is_booked_in_that_area() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).and_area("Terrace", "outdoor", [2])).await;
    let (ana, start, terrace) = (app.actor(), app.start(&venue, "20:00"), venue.areas[1].to_string());
    let held =
        ana.post("/api/v1/venues/room/holds", &json!({"start": start, "party": 2, "area": terrace})).await.is(201);
    assert_eq!(held.at("/area"), terrace);
    let mut booking = ana.booking(&venue, &start, 2);
    (booking["hold"], booking["area"]) = (held.at("/token"), terrace.into());
    assert_eq!(ana.post("/api/v1/reservations", &booking).await.is(201).at("/area"), "Terrace");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_can_be_extended_to_a_quarter_of_an_hour() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let held = ana.hold(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let instant =
        |answer: &tests::Answer, field: &str| answer.word(field).parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let (made, limit) = (tests::now(), instant(&held, "/extendable_until"));
    assert!((instant(&held, "/expires_at") - made).num_seconds().abs_diff(300) < 30);
    let extend = format!("/api/v1/holds/{}/extend", held.word("/token"));
    let once = ana.ask(Method::POST, &extend).send().await.is(200);
    assert_eq!((instant(&once, "/expires_at") - instant(&held, "/expires_at")).num_seconds(), 300);
    let twice = ana.ask(Method::POST, &extend).send().await.is(200);
    assert!((instant(&twice, "/expires_at") - limit).num_seconds().abs() < 1);
    let _ = ana.ask(Method::POST, &extend).send().await.refused("hold_at_limit");
    assert_eq!(
        ana.get(&format!("/api/v1/holds/{}", held.word("/token"))).await.is(200).word("/expires_at"),
        twice.word("/expires_at")
    );
}

#[tokio::test]
async fn an_expired_hold_is_over_for_its_guest_and_free_for_others() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let (ana, rui, start) = (app.actor(), app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201).word("/token");
    let_time_pass(&app).await;
    let path = format!("/api/v1/holds/{held}");
    let _ = ana.get(&path).await.refused("hold_expired");
    let _ = ana.ask(Method::POST, &format!("{path}/extend")).send().await.refused("hold_expired");
    let _ = ana.book_held(&venue, &start, 2, &held).await.refused("hold_expired");
    eventually("the table is offered again", async || {
        rui.open_starts(&venue, app.day(&venue, 7), 2).await.contains(&start).then_some(())
    })
    .await;
    let _ = rui.book(&venue, &start, 2).await.is(201);
    let _ = ana.book_held(&venue, &start, 2, &held).await.refused("hold_expired");
    app.truth().holds().await;
}

#[tokio::test]
async fn whoever_books_first_after_a_hold_ran_out_needs_no_second_try() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let (ana, rui, start) = (app.actor(), app.actor(), app.start(&venue, "20:00"));
    let _ = ana.hold(&venue, &start, 2).await.is(201);
    let_time_pass(&app).await;
    let _ = rui.book(&venue, &start, 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_hold_takes_the_pace_of_its_start_and_gives_it_back() {
    let (app, venue) = TestApp::with(Room::of_two_tops(3).paced(4, 4)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let held = ana.hold(&venue, &start, 2).await.is(201).word("/token");
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let refused = app.actor().book(&venue, &start, 2).await.refused("pacing").problem(409, "kitchen-full");
    assert!(!refused.alternatives().is_empty());
    let _ = ana.delete(&format!("/api/v1/holds/{held}")).await.is(204);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_repeated_hold_is_one_hold() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let path = "/api/v1/venues/room/holds";
    let wish = json!({"start": start, "party": 2});
    let first = ana.ask(Method::POST, path).key("hold-1").json(&wish).send().await.is(201);
    let again = ana.ask(Method::POST, path).key("hold-1").json(&wish).send().await.is(201);
    assert_eq!(first.json(), again.json());
    let _ = ana
        .ask(Method::POST, path)
        .key("hold-1")
        .json(&json!({"start": start, "party": 1}))
        .send()
        .await
        .problem(422, "key-reused");
    let other = ana.ask(Method::POST, path).key("hold-2").json(&wish).send().await.is(201);
    assert_ne!(first.word("/token"), other.word("/token"));
    assert_eq!(app.truth().claims().await, 2);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_repeated_hold_is_the_one_there_is_and_a_new_one_when_it_is_over() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let path = "/api/v1/venues/room/holds";
    let wish = json!({"start": start, "party": 2});
    let ask = || ana.ask(Method::POST, path).key("hold-1").json(&wish).send();
    let first = ask().await.is(201);
    let held = format!("/api/v1/holds/{}", first.word("/token"));
    let longer = ana.post(&format!("{held}/extend"), &json!({})).await.is(200);
    assert_eq!(ask().await.is(201).json(), longer.json());
    let _ = ana.delete(&held).await.is(204);
    let again = ask().await.is(201);
    assert_ne!(again.word("/token"), first.word("/token"));
    let _ = ana.get(&format!("/api/v1/holds/{}", again.word("/token"))).await.is(200);
    assert_eq!(app.truth().claims().await, 1);
    app.truth().holds().await;
}
