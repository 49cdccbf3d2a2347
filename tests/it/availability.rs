//! Looking at a day.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Room, Service, Setup, TestApp, eventually};

#[tokio::test]
async fn a_day_names_every_start_and_whether_it_can_be_had() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z")
        .open(
            Room::of_two_tops(1)
                .serving([Service::daily("Dinner", "18:30", "21:00", "23:30")])
                .every(30)
                .on_terms(1440, "Be on time."),
        )
        .await;
    let guest = app.actor();
    let _ = guest.book(&venue, "2037-11-21T20:00:00Z", 2).await.is(201);
    let mut day = guest.look(&venue, "2037-11-21".parse().unwrap(), 2).await.is(200).tidy();
    day["starts"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .for_each(|start| start["areas"] = start["areas"].as_array().unwrap().len().into());
    insta::assert_json_snapshot!(day, @r#"
    {
      "date": "2037-11-21",
      "note": null,
      "party": 2,
      "policies": [
        {
          "free_cancel_minutes": 1440,
          "service": "Dinner",
          "text": "Be on time."
        }
      ],
      "starts": [
        {
          "areas": 1,
          "date": "2037-11-21",
          "local": "18:30",
          "reason": null,
          "service": "Dinner",
          "start": "2037-11-21T18:30:00Z",
          "state": "open"
        },
        {
          "areas": 0,
          "date": "2037-11-21",
          "local": "19:00",
          "reason": "no_table",
          "service": "Dinner",
          "start": "2037-11-21T19:00:00Z",
          "state": "full"
        },
        {
          "areas": 0,
          "date": "2037-11-21",
          "local": "19:30",
          "reason": "no_table",
          "service": "Dinner",
          "start": "2037-11-21T19:30:00Z",
          "state": "full"
        },
        {
          "areas": 0,
          "date": "2037-11-21",
          "local": "20:00",
          "reason": "no_table",
          "service": "Dinner",
          "start": "2037-11-21T20:00:00Z",
          "state": "full"
        },
        {
          "areas": 0,
          "date": "2037-11-21",
          "local": "20:30",
          "reason": "no_table",
          "service": "Dinner",
          "start": "2037-11-21T20:30:00Z",
          "state": "full"
        },
        {
          "areas": 0,
          "date": "2037-11-21",
          "local": "21:00",
          "reason": "no_table",
          "service": "Dinner",
          "start": "2037-11-21T21:00:00Z",
          "state": "full"
        }
      ],
      "timezone": "Europe/Lisbon",
      "venue": "room",
      "version": 1
    }
    "#);
}

#[tokio::test]
async fn an_answer_is_not_sent_twice_until_something_changes() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let guest = app.actor();
    let path = format!("/api/v1/venues/room/availability?date={}&party=2", app.day(&venue, 7));
    let first = guest.get(&path).await.is(200);
    let tag = first.header("etag").to_owned();
    let again = guest.ask(Method::GET, &path).header("if-none-match", &tag).send().await.is(304);
    assert_eq!((again.header("etag"), again.body.len()), (tag.as_str(), 0));
    let _ = guest.ask(Method::GET, &path).header("if-none-match", &format!("\"other\", W/{tag}")).send().await.is(304);
    let _ = guest.ask(Method::GET, &path).header("if-none-match", "\"other\"").send().await.is(200);

    let _ = guest.book(&venue, &app.start(&venue, "19:00"), 2).await.is(201);
    let changed = guest.ask(Method::GET, &path).header("if-none-match", &tag).send().await.is(200);
    assert_ne!(changed.header("etag"), tag);
    assert!(changed.number("/version") > first.number("/version"));
}

#[tokio::test]
async fn the_same_version_at_a_later_hour_is_another_answer() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let day = "2037-11-20".parse().unwrap();
    let before = guest.look(&venue, day, 2).await.is(200);
    app.clock.advance(chrono::TimeDelta::hours(2));
    let after = guest.look(&venue, day, 2).await.is(200);
    assert_eq!(before.number("/version"), after.number("/version"));
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[tokio::test]
async fn an_area_and_needs_narrow_the_choice() {
    let room = Room::of_two_tops(1).and_area("Terrace", "outdoor", [2, 2]).up_a_step(&[1, 2]);
    let (app, venue) = TestApp::with(room).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let state = async |query: &str| {
        let path = format!("/api/v1/venues/room/availability?date={}&party=2{query}", app.day(&venue, 7));
        let day = guest.get(&path).await.is(200).json();
        let found = day["starts"].as_array().unwrap().iter().find(|found| found["local"] == "20:00").unwrap().clone();
        (found["state"].clone(), found["reason"].clone(), found["areas"].clone())
    };
    let open = |areas: &[usize]| {
        (json!("open"), Value::Null, areas.iter().map(|area| venue.areas[*area].to_string()).collect::<Value>())
    };
    let full = |reason: &str| (json!("full"), json!(reason), json!([]));
    let terrace = format!("&area={}", venue.areas[1]);

    assert_eq!(state("").await, open(&[0, 1]));
    assert_eq!(state(&terrace).await, open(&[1]));
    assert_eq!(state("&needs=step_free").await, open(&[0]));
    assert_eq!(state("&needs=step_free,high_chair").await, open(&[0]));
    assert_eq!(state("&needs=wheelchair_space").await, full("needs"));

    let mut booking = guest.booking(&venue, &start, 2);
    booking["needs"] = json!(["step_free"]);
    let _ = guest.post("/api/v1/reservations", &booking).await.is(201);
    assert_eq!(state("&needs=step_free").await, full("no_table"));
    assert_eq!(state("").await, open(&[1]));

    let mut booking = app.actor().booking(&venue, &start, 2);
    booking["area"] = venue.areas[1].to_string().into();
    let booked = app.actor().post("/api/v1/reservations", &booking).await.is(201);
    assert_eq!(booked.at("/area"), "Terrace");
    let path = format!("/api/v1/venues/room/availability?date={}&party=2&area={}", app.day(&venue, 7), venue.tables[0]);
    let _ = guest.get(&path).await.complains_about(&["/area"]);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_closed_day_has_no_starts_and_a_special_one_its_own() {
    let (holiday, eve) = ("2037-12-25".parse().unwrap(), "2037-12-24".parse().unwrap());
    let room = Room::of_two_tops(1).closed_on(holiday, "Merry Christmas.").otherwise_on(
        eve,
        ["12:00", "13:00", "15:00"],
        "Lunch only.",
    );
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(room).await;
    let guest = app.actor();
    let closed = guest.look(&venue, holiday, 2).await.is(200);
    assert_eq!((closed.at("/starts"), closed.at("/note")), (json!([]), json!("Merry Christmas.")));
    let lunch = guest.look(&venue, eve, 2).await.is(200);
    assert_eq!(lunch.at("/note"), "Lunch only.");
    let open = guest.open_starts(&venue, eve, 2).await;
    assert_eq!(open, ["12:00", "12:15", "12:30", "12:45", "13:00"].map(|time| venue.start(eve, time)));
    let _ = guest.book(&venue, &venue.start(holiday, "20:00"), 2).await.refused("closed");
    let _ = guest.book(&venue, &venue.start(eve, "20:00"), 2).await.refused("past_last_seating");
    let _ = guest.book(&venue, &open[4], 2).await.is(201);
}

#[tokio::test]
async fn new_rules_are_seen_within_a_second() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let guest = app.actor();
    assert!(guest.open_starts(&venue, app.day(&venue, 7), 4).await.is_empty());
    app.database.run("update tables set max_party = 4; ").await;
    app.database.run("update venues set config_version = config_version + 1").await;
    let changed = tokio::time::Instant::now();
    eventually("the larger table is offered", async || {
        (!guest.open_starts(&venue, app.day(&venue, 7), 4).await.is_empty()).then_some(())
    })
    .await;
    assert!(changed.elapsed().as_millis() < 1500, "{:?}", changed.elapsed());
}

#[tokio::test]
async fn questions_that_break_rules_hear_of_each() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let path = "/api/v1/venues/room/availability";
    let _ = guest.get(path).await.complains_about(&["/date", "/party"]);
    let _ = guest
        .get(&format!("{path}?date=2037-02-30&party=51&area=x&needs=fire"))
        .await
        .complains_about(&["/date", "/party", "/area", "/needs"]);
    let _ = guest.get(&format!("{path}?date=2300-01-01&party=2")).await.complains_about(&["/date"]);
    let _ = guest.get(&format!("{path}?date={}&party=two", app.day(&venue, 7))).await.complains_about(&["/party"]);
    let _ = guest.get("/api/v1/venues/nowhere/availability?date=2037-11-21&party=2").await.problem(404, "not-found");
    let _ = guest.get("/api/v1/venues/No%20Where/availability?date=2037-11-21&party=2").await.problem(404, "not-found");
}
