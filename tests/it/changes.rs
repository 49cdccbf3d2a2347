//! Changing a booking: the new one in one step, or the old one stands.

use serde_json::json;
use tests::{Room, Setup, TestApp, eventually};

#[tokio::test]
async fn a_new_time_frees_the_old_one_and_takes_the_new_one() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let ana = app.actor();
    let (eight, ten) = (app.start(&venue, "20:00"), app.start(&venue, "22:00"));
    let booked = ana.book(&venue, &eight, 2).await.is(201);
    let moved = ana.change(&booked, &json!({"rev": 1, "start": ten})).await.is(200);
    assert_eq!((moved.number("/rev"), moved.word("/start")), (2, ten.clone()));
    let _ = app.actor().book(&venue, &eight, 2).await.is(201);
    let _ = app.actor().book(&venue, &ten, 2).await.refused("pacing");
    let _ = app.actor().book(&venue, &app.start(&venue, "22:15"), 2).await.refused("no_table");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_booking_may_move_into_its_own_time() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let start = app.start(&venue, "20:30");
    let _ = app.actor().book(&venue, &start, 2).await.refused("no_table");
    let moved = ana.change(&booked, &json!({"rev": 1, "start": start})).await.is(200);
    assert_eq!(moved.word("/local"), "20:30");
    let smaller = ana.change(&booked, &json!({"rev": 2, "party": 1})).await.is(200);
    assert_eq!(smaller.number("/party"), 1);
    app.truth().holds().await;
}

#[tokio::test]
async fn where_the_new_one_cannot_be_had_the_old_one_stands() {
    let (app, venue) = TestApp::with(Room::with([2, 2, 4]).paced(6, 6)).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let full = app.start(&venue, "22:00");
    for party in [2, 2, 2] {
        let _ = app.actor().book(&venue, &full, party).await.is(201);
    }
    let before = app.truth().counts().await;
    let taken = ana.change(&booked, &json!({"rev": 1, "start": full, "notes": "never mind"})).await.is(409);
    assert!(!taken.alternatives().is_empty(), "{taken:?}");
    let _ = ana.change(&booked, &json!({"rev": 1, "party": 5})).await.refused("party_size");
    let _ = ana
        .change(&booked, &json!({"rev": 1, "start": venue.start(app.day(&venue, 200), "20:00")}))
        .await
        .refused("too_far");
    assert_eq!(app.truth().counts().await, before);
    assert_eq!(ana.see(&booked).await.is(200).word("/start"), start);
    for alternative in taken.alternatives().into_iter().take(1) {
        let _ = ana.change(&booked, &json!({"rev": 1, "start": alternative})).await.is(200);
    }
    app.truth().holds().await;
}

#[tokio::test]
async fn an_area_can_be_asked_for_and_given_up() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).and_area("Terrace", "outdoor", [2])).await;
    let (ana, start, terrace) = (app.actor(), app.start(&venue, "20:00"), venue.areas[1].to_string());
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let outside = ana.change(&booked, &json!({"rev": 1, "area": terrace})).await.is(200);
    assert_eq!(outside.at("/area"), "Terrace");
    app.truth().holds().await;
    let anywhere = ana.change(&booked, &json!({"rev": 2, "area": ""})).await.is(200);
    assert!(anywhere.at("/area").is_null());
    let _ = ana.change(&booked, &json!({"rev": 3, "area": venue.tables[0]})).await.complains_about(&["/area"]);
    app.truth().holds().await;
}

#[tokio::test]
async fn notes_change_without_the_table() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let noted = ana.change(&booked, &json!({"rev": 1, "notes": "We bring a <i>dog</i>."})).await.is(200);
    assert_eq!((noted.number("/rev"), noted.word("/notes")), (2, "We bring a dog.".to_owned()));
    let emptied = ana.change(&booked, &json!({"rev": 2, "notes": ""})).await.is(200);
    assert_eq!(emptied.word("/notes"), "");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_stale_revision_changes_nothing_and_names_the_present_one() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = ana.change(&booked, &json!({"rev": 1, "notes": "first"})).await.is(200);
    let before = app.truth().counts().await;
    for change in [
        json!({"rev": 1, "notes": "second"}),
        json!({"rev": 1, "start": app.start(&venue, "21:00")}),
        json!({"rev": 7, "notes": "x"}),
    ] {
        let stale = ana.change(&booked, &change).await.problem(409, "stale-revision").refused("stale");
        assert_eq!(stale.number("/rev"), 2);
    }
    assert_eq!(ana.cancel(&booked).await.refused("stale").number("/rev"), 2);
    assert_eq!(app.truth().counts().await, before);
}

#[tokio::test]
async fn of_two_changes_at_once_one_wins() {
    let (app, venue) = TestApp::with(Room::of_two_tops(3)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let starts = ["17:00", "18:00", "21:00", "22:00"].map(|time| app.start(&venue, time));
    let changes = starts.each_ref().map(|start| json!({"rev": 1, "start": start}));
    let answers = futures::future::join_all(changes.iter().map(|change| ana.change(&booked, change))).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert!(
        answers.iter().filter(|answer| answer.status != 200).all(|answer| answer.at("/reason") == "stale"),
        "{answers:?}"
    );
    assert_eq!(ana.see(&booked).await.word("/start"), won[0].word("/start"));
    app.truth().holds().await;
}

#[tokio::test]
async fn what_has_begun_can_no_longer_be_changed() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, "2037-11-20T20:00:00Z", 2).await.is(201);
    app.clock.advance(chrono::TimeDelta::hours(10));
    let before = app.truth().counts().await;
    let _ = ana.change(&booked, &json!({"rev": 1, "notes": "late"})).await.problem(409, "too-late");
    let _ = ana.change(&booked, &json!({"rev": 1, "start": "2037-11-21T20:00:00Z"})).await.refused("too_late");
    let _ = ana.cancel(&booked).await.refused("too_late");
    assert_eq!(app.truth().counts().await, before);
    let late = ana.about(reqwest::Method::POST, &booked, "/late").json(&json!({"minutes": 15})).send().await.is(200);
    assert_eq!(late.at("/status"), "running_late");
}

#[tokio::test]
async fn a_party_that_outgrows_the_limit_asks_again() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(6)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 6).await.is(201);
    assert_eq!(booked.at("/status"), "booked");
    assert_eq!(ana.change(&booked, &json!({"rev": 1, "party": 8})).await.is(200).at("/status"), "requested");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_request_that_shrinks_below_the_limit_is_booked() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(6)).await;
    let ana = app.actor();
    let asked = ana.book(&venue, &app.start(&venue, "20:00"), 8).await.is(201);
    assert_eq!(asked.at("/status"), "requested");
    assert_eq!(ana.change(&asked, &json!({"rev": 1, "party": 6})).await.is(200).at("/status"), "booked");
    app.truth().holds().await;
}

#[tokio::test]
async fn within_the_notice_a_booking_may_shrink_where_it_is_and_move_nowhere_near() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::with([4]).bookable(30, 120)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, "2037-11-20T20:00:00Z", 4).await.is(201);
    app.clock.advance(chrono::TimeDelta::hours(9));
    assert_eq!(ana.change(&booked, &json!({"rev": 1, "party": 3})).await.is(200).number("/party"), 3);
    let _ = ana.change(&booked, &json!({"rev": 2, "start": "2037-11-20T20:30:00Z"})).await.refused("too_soon");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_venue_that_is_no_longer_published_keeps_its_guests() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = app.letters_to(&ana, 1).await;
    app.database.run("update venues set published = false, config_version = config_version + 1").await;
    eventually("the venue is gone", async || (ana.get("/api/v1/venues/room").await.status == 404).then_some(())).await;
    let _ = ana.book(&venue, &app.start(&venue, "21:00"), 2).await.is(404);
    assert_eq!(ana.see(&booked).await.is(200).at("/status"), "booked");
    let _ = ana.cancel(&booked).await.is(200);
    assert_eq!(app.letters_to(&ana, 2).await.len(), 2);
}

#[tokio::test]
async fn a_booking_moves_across_midnight_and_to_another_week() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).paced(2, 2)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let starts = [
        app.start(&venue, "23:45"),
        app.start(&venue, "01:30"),
        app.start(&venue, "03:45"),
        venue.start(app.day(&venue, 20), "04:00"),
    ];
    for (rev, start) in (1..).zip(&starts) {
        let moved = ana.change(&booked, &json!({"rev": rev, "start": start})).await.is(200);
        assert_eq!(moved.word("/start"), *start);
        app.truth().holds().await;
    }
    for start in &starts[..3] {
        let booked = app.actor().book(&venue, start, 2).await.is(201);
        let _ = ana.cancel(&booked).await.is(200);
    }
    app.truth().holds().await;
}

#[tokio::test]
async fn a_change_that_breaks_rules_hears_of_each() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let wrong = json!({"rev": 0, "start": "tomorrow", "party": 51, "area": "roof", "notes": "x".repeat(501)});
    let _ = ana.change(&booked, &wrong).await.complains_about(&["/rev", "/start", "/party", "/area", "/notes"]);
    let _ = ana.change(&booked, &json!({"notes": "no revision"})).await.complains_about(&["/rev"]);
    let _ =
        ana.change(&booked, &json!({"rev": 1, "guest": {"name": "Somebody Else"}})).await.complains_about(&["/guest"]);
    let _ = ana.change(&booked, &json!({"rev": 1, "start": "2020-01-01T20:00:00Z"})).await.complains_about(&["/start"]);
    assert_eq!(ana.see(&booked).await.number("/rev"), 1);
}
