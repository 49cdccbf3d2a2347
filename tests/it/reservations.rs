//! Booking a table, from the first look to the empty chair.

use reqwest::Method;
use serde_json::json;
use tests::{Room, Setup, TestApp};

#[tokio::test]
async fn a_guest_finds_holds_books_changes_and_cancels_a_table() {
    let (app, venue) = TestApp::with(Room::with([2, 4])).await;
    let ana = app.actor();
    let day = app.day(&venue, 7);
    let found = ana.get(&format!("/api/v1/venues?q=room&date={day}&time=20:00&party=2")).await.is(200);
    let slug = found.word("/items/0/slug");
    let _ = ana.get(&format!("/api/v1/venues/{slug}")).await.is(200);
    let start = found.word("/items/0/starts/2/start");
    assert!(ana.open_starts(&venue, day, 2).await.contains(&start));
    let held = ana.hold(&venue, &start, 2).await.is(201).word("/token");
    let _ = ana.ask(Method::POST, &format!("/api/v1/holds/{held}/extend")).send().await.is(200);

    let booked = ana.book_held(&venue, &start, 2, &held).await.is(201);
    let id = booked.word("/id");
    assert_eq!(booked.header("location"), format!("/api/v1/reservations/{id}"));
    let mut seen = ana.see(&booked).await.is(200).json();
    let mut made = booked.json();
    made.as_object_mut().unwrap().remove("manage_token");
    for times in [&mut seen, &mut made] {
        times.as_object_mut().unwrap().retain(|name, _| !name.ends_with("_at"));
    }
    assert_eq!(seen, made);

    let later = app.start(&venue, "21:00");
    let moved = ana
        .change(&booked, &json!({"rev": 1, "start": later, "party": 4, "notes": "By the window, please."}))
        .await
        .is(200);
    assert_eq!((moved.number("/rev"), moved.number("/party"), moved.word("/local")), (2, 4, "21:00".to_owned()));
    assert_eq!(moved.word("/notes"), "By the window, please.");
    let late = ana.about(Method::POST, &booked, "/late").json(&json!({"minutes": 20})).send().await.is(200);
    assert_eq!((late.at("/status"), late.number("/late_minutes")), (json!("running_late"), 20));
    let calendar = ana.about(Method::GET, &booked, ".ics").send().await.is(200);
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    let cancelled = ana
        .about(Method::POST, &booked, "/cancel")
        .json(&json!({"rev": 3, "reason": "We are ill."}))
        .send()
        .await
        .is(200);
    assert_eq!((cancelled.at("/status"), cancelled.number("/rev")), (json!("cancelled_guest"), 4));
    assert_eq!(app.truth().claims().await, 0);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_booking_tells_everything_its_guest_said() {
    let (app, venue) =
        Setup::at("2037-11-20T10:00:00Z").open(Room::with([4]).on_terms(2880, "Two days ahead, please.")).await;
    let mut booking = app.actor().booking(&venue, "2037-11-21T20:00:00Z", 3);
    booking["guest"] = json!({"name": "  Inês   d'Ávila ", "email": "Ines@Example.COM", "phone": "+351 912-345-678"});
    booking["notes"] = "A <b>birthday</b>.\nNo nuts.".into();
    booking["needs"] = json!(["high_chair", "step_free", "high_chair"]);
    booking["occasion"] = "birthday".into();
    let booked = app.actor().post("/api/v1/reservations", &booking).await.is(201);
    insta::assert_json_snapshot!(booked.tidy(), @r#"
    {
      "area": null,
      "changed_at": "[instant]",
      "created_at": "[instant]",
      "date": "2037-11-21",
      "end": "2037-11-21T21:45:00Z",
      "guest": {
        "email": "ines@example.com",
        "name": "Inês d'Ávila",
        "phone": "+351912345678"
      },
      "id": "[id]",
      "late_minutes": null,
      "local": "20:00",
      "manage_token": "[manage_token]",
      "needs": [
        "step_free",
        "high_chair"
      ],
      "notes": "A birthday.\nNo nuts.",
      "occasion": "birthday",
      "party": 3,
      "policy": {
        "free_cancel_minutes": 2880,
        "text": "Two days ahead, please."
      },
      "reference": "[reference]",
      "rev": 1,
      "start": "2037-11-21T20:00:00Z",
      "status": "booked",
      "venue": "room",
      "venue_name": "The Room"
    }
    "#);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_taken_table_is_a_conflict_with_times_that_can_be_had() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let start = "2037-11-21T20:00:00Z";
    let _ = app.actor().book(&venue, start, 2).await.is(201);
    let refused = app.actor().book(&venue, start, 2).await.problem(409, "table-taken");
    insta::assert_json_snapshot!(
        {
            let mut body = refused.tidy();
            body["alternatives"].as_array_mut().unwrap().iter_mut().for_each(|start| start["areas"] = start["areas"].as_array().unwrap().len().into());
            body
        },
        @r#"
    {
      "alternatives": [
        {
          "areas": 1,
          "date": "2037-11-21",
          "local": "18:15",
          "reason": null,
          "service": "All day",
          "start": "2037-11-21T18:15:00Z",
          "state": "open"
        },
        {
          "areas": 1,
          "date": "2037-11-21",
          "local": "18:30",
          "reason": null,
          "service": "All day",
          "start": "2037-11-21T18:30:00Z",
          "state": "open"
        },
        {
          "areas": 1,
          "date": "2037-11-21",
          "local": "21:30",
          "reason": null,
          "service": "All day",
          "start": "2037-11-21T21:30:00Z",
          "state": "open"
        },
        {
          "areas": 1,
          "date": "2037-11-21",
          "local": "21:45",
          "reason": null,
          "service": "All day",
          "start": "2037-11-21T21:45:00Z",
          "state": "open"
        }
      ],
      "detail": "Every table that fits is taken at that time.",
      "reason": "no_table",
      "request_id": "[request_id]",
      "status": 409,
      "title": "This table is taken",
      "type": "/problems/table-taken"
    }
    "#
    );
    let alternative = refused.alternatives().remove(0);
    let _ = app.actor().book(&venue, &alternative, 2).await.is(201);
    let refused = app.actor().book(&venue, start, 2).await.refused("no_table");
    assert!(!refused.alternatives().contains(&alternative), "{refused:?}");
    app.truth().holds().await;
}

#[tokio::test]
async fn cancelling_frees_the_table_at_once() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let (ana, rui, start) = (app.actor(), app.actor(), app.start(&venue, "20:00"));
    for _ in 0..5 {
        let booked = ana.book(&venue, &start, 2).await.is(201);
        let _ = rui.book(&venue, &start, 2).await.is(409);
        let _ = ana.cancel(&booked).await.is(200);
        let booked = rui.book(&venue, &start, 2).await.is(201);
        let _ = rui.cancel(&booked).await.is(200);
    }
    assert!(ana.open_starts(&venue, app.day(&venue, 7), 2).await.contains(&start));
    app.truth().holds().await;
}

#[tokio::test]
async fn a_cancelled_booking_stays_cancelled() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let _ = ana.cancel(&booked).await.is(200);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let before = app.truth().counts().await;
    let rev = json!({"rev": 2});
    let _ = ana.about(Method::POST, &booked, "/cancel").json(&rev).send().await.refused("not_now");
    let _ = ana.change(&booked, &json!({"rev": 2, "start": app.start(&venue, "22:00")})).await.refused("not_now");
    let _ = ana.change(&booked, &json!({"rev": 2, "notes": "Hello?"})).await.refused("not_now");
    let _ = ana.about(Method::POST, &booked, "/late").json(&json!({"minutes": 5})).send().await.refused("not_now");
    assert_eq!(app.truth().counts().await, before);
    assert_eq!(ana.see(&booked).await.is(200).at("/status"), "cancelled_guest");
}

#[tokio::test]
async fn who_is_late_may_say_so_again() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let late = async |body: serde_json::Value| ana.about(Method::POST, &booked, "/late").json(&body).send().await;
    assert_eq!(late(json!({"minutes": 10})).await.is(200).number("/rev"), 2);
    assert_eq!(late(json!({"minutes": 10})).await.is(200).number("/rev"), 2);
    assert_eq!(late(json!({"minutes": 25, "rev": 2})).await.is(200).number("/late_minutes"), 25);
    let stale = late(json!({"minutes": 30, "rev": 2})).await.refused("stale").problem(409, "stale-revision");
    assert_eq!(stale.number("/rev"), 3);
    let _ = late(json!({"minutes": 0})).await.complains_about(&["/minutes"]);
    let _ = late(json!({"minutes": 121})).await.complains_about(&["/minutes"]);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_large_party_asks_and_its_table_is_kept_meanwhile() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(6)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let day = ana.look(&venue, app.day(&venue, 7), 7).await.is(200).json();
    assert!(day["starts"].as_array().unwrap().iter().all(|start| start["state"] == "request"));
    let held = ana.hold(&venue, &start, 7).await.is(201);
    assert_eq!(held.at("/request"), true);
    let asked = ana.book_held(&venue, &start, 7, &held.word("/token")).await.is(201);
    assert_eq!(asked.at("/status"), "requested");
    let _ = app.actor().book(&venue, &start, 2).await.refused("no_table");
    let _ = ana.cancel(&asked).await.is(200);
    let booked = app.actor().book(&venue, &start, 6).await.is(201);
    assert_eq!(booked.at("/status"), "booked");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_service_decides_which_parties_ask() {
    let lunch = tests::Service::daily("Lunch", "12:00", "14:00", "16:00").by_request();
    let dinner = tests::Service::daily("Dinner", "19:00", "22:00", "00:00").instant_up_to(4);
    let (app, venue) = TestApp::with(Room::with([6, 6]).serving([lunch, dinner])).await;
    for (time, party, status) in [("12:00", 2, "requested"), ("19:00", 4, "booked"), ("19:00", 5, "requested")] {
        let booked = app.actor().book(&venue, &app.start(&venue, time), party).await.is(201);
        assert_eq!(booked.at("/status"), status, "{party} at {time}");
    }
    app.truth().holds().await;
}

#[tokio::test]
async fn joined_tables_seat_a_party_and_each_is_taken() {
    let (app, venue) = TestApp::with(Room::of_two_tops(3).joining(&[0, 1], 3, 4).joining(&[1, 2], 3, 4)).await;
    let start = app.start(&venue, "20:00");
    let four = app.actor().book(&venue, &start, 4).await.is(201);
    assert_eq!(app.truth().claims().await, 2);
    let _ = app.actor().book(&venue, &start, 4).await.refused("no_table");
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let _ = app.actor().book(&venue, &start, 2).await.refused("no_table");
    app.truth().holds().await;
    let _ = app.actor().cancel(&four).await.is(200);
    assert_eq!(app.truth().claims().await, 1);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    app.truth().holds().await;
}

#[tokio::test]
async fn one_guest_dines_at_one_place_at_a_time() {
    let (app, [here, there]) =
        Setup::new().open_all([Room::of_two_tops(4), Room::of_two_tops(4).called("there", "Over There")]).await;
    let ana = app.actor();
    let booked = ana.book(&here, &app.start(&here, "20:00"), 2).await.is(201);
    for time in ["18:15", "20:00", "21:45"] {
        let refused = ana.book(&there, &app.start(&there, time), 2).await.refused("overlapping_booking");
        assert!(refused.at("/alternatives").is_null() || refused.alternatives().is_empty());
    }
    let _ = ana.book(&there, &app.start(&there, "18:00"), 2).await.is(201);
    let _ = ana.book(&there, &app.start(&there, "22:00"), 2).await.is(201);
    let _ = ana
        .change(&booked, &json!({"rev": 1, "start": app.start(&here, "20:15")}))
        .await
        .refused("overlapping_booking");
    let _ = ana.cancel(&booked).await.is(200);
    let _ = ana.book(&there, &app.start(&there, "20:00"), 2).await.is(201);
    app.truth().holds().await;
}
