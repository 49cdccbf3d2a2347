//! Bad luck with what the house stands on: PostgreSQL goes away, Redis goes away, and both come back.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Database, Proxy, Room, Setup, TestApp, Venue, eventually, free_port, redis_url};

/// A server with a wire to its database that can be cut.
async fn wired(setup: Setup) -> (TestApp, Venue, Proxy) {
    let database = Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    let setup = setup.set("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1").on(&database).reaching_database_at(proxy.addr());
    let (app, venue) = setup.open(Room::of_two_tops(4)).await;
    (app, venue, proxy)
}

/// Insists on a clean "not right now".
#[track_caller]
fn not_right_now(answer: Answer) -> Answer {
    let answer = answer.is(503);
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=60).contains(&seconds)), "{answer:?}");
    if answer.header("content-type") == "application/problem+json" {
        assert!(answer.number("/retry_after") > 0, "{answer:?}");
    }
    assert!(!answer.text().to_lowercase().contains("postgres") && !answer.text().contains("sqlx"), "{answer:?}");
    answer
}

async fn is_ready_again(guest: &Actor) {
    eventually("the server is ready again", async || (guest.get("/readyz").await.status == 200).then_some(())).await;
}

#[tokio::test]
async fn without_its_database_the_house_says_when_to_come_back_and_recovers_by_itself() {
    let (app, venue, proxy) = wired(Setup::new()).await;
    let (ana, start) = (app.actor(), app.start(&venue, "20:00"));
    let booked = ana.book(&venue, &start, 2).await.is(201);
    let _ = ana.get("/readyz").await.is(200);
    proxy.cut();

    let rui = app.actor();
    let booking = rui.booking(&venue, &start, 2);
    let _ = not_right_now(rui.book_as(&booking, "while-it-was-away").await).problem(503, "unavailable");
    let _ = not_right_now(ana.see(&booked).await);
    let _ = not_right_now(ana.cancel(&booked).await);
    let _ = not_right_now(ana.change(&booked, &json!({"rev": 1, "notes": "hello"})).await);
    let _ = not_right_now(ana.about(Method::GET, &booked, ".ics").send().await);
    let _ = not_right_now(rui.hold(&venue, &start, 2).await);
    // What is in memory may be shown for a second, and then it is too old.
    let stale = eventually("memory is too old", async || {
        Some(rui.look(&venue, app.day(&venue, 7), 2).await).filter(|answer| answer.status != 200)
    })
    .await;
    let _ = not_right_now(stale);
    let _ = not_right_now(rui.get("/api/v1/venues").await);
    assert_eq!(rui.get("/readyz").await.is(503).at("/database"), false);
    let _ = rui.get("/livez").await.is(200);
    let _ = not_right_now(rui.refresh(&"x".repeat(43)).await);
    // Nonsense is still nonsense.
    let _ = rui.post("/api/v1/reservations", &json!({})).await.is(422);
    let _ = rui.refresh("x").await.problem(401, "signed-out");

    proxy.mend();
    is_ready_again(&rui).await;
    let mended = Instant::now();
    let came = rui.book_as(&booking, "while-it-was-away").await.is(201);
    assert_eq!(rui.book_as(&booking, "while-it-was-away").await.is(201).word("/id"), came.word("/id"));
    assert_eq!(ana.see(&booked).await.is(200).number("/rev"), 1);
    let _ = ana.cancel(&booked).await.is(200);
    assert!(mended.elapsed() < Duration::from_secs(10));
    assert_eq!(app.letters_to(&rui, 1).await.len(), 1);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_database_that_keeps_silent_holds_nobody_for_long() {
    let (app, venue, proxy) = wired(Setup::new().set("TRESTLE_HTTP__REQUEST_SECONDS", "2")).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let _ = guest.look(&venue, app.day(&venue, 7), 2).await.is(200);
    proxy.silence();
    let guests: Vec<Actor> = (0..3).map(|_| app.actor()).collect();
    let bookings: Vec<_> = guests.iter().map(|guest| guest.booking(&venue, &start, 2)).collect();
    let began = Instant::now();
    let answers = futures::future::join_all(
        guests.iter().zip(&bookings).map(|(guest, booking)| guest.book_as(booking, &guest.email)),
    )
    .await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    for answer in answers {
        let _ = not_right_now(answer);
    }
    let _ = guest.get("/readyz").await.is(503);
    proxy.mend();
    is_ready_again(&guest).await;
    // Whether the silent ones had been booked or not: the same request again finds out, and books once.
    for (guest, booking) in guests.iter().zip(&bookings) {
        let sent = async || Some(guest.book_as(booking, &guest.email).await).filter(|answer| answer.status != 503);
        let _ = eventually("the booking goes through", sent).await.is(201);
    }
    assert_eq!(app.truth().standing().await, 3);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_house_that_opens_before_its_database_waits_for_it() {
    let database = Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    proxy.cut();
    let setup =
        Setup::new().set("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1").on(&database).reaching_database_at(proxy.addr());
    let (app, venue) = setup.open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let _ = guest.get("/readyz").await.is(503);
    let _ = not_right_now(guest.get("/api/v1/venues").await);
    let _ = guest.get("/livez").await.is(200);
    proxy.mend();
    is_ready_again(&guest).await;
    let _ = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
}

#[tokio::test]
async fn a_booking_goes_through_though_every_connection_was_just_killed() {
    let (app, venue) = TestApp::with(Room::of_two_tops(8)).await;
    let start = app.start(&venue, "20:00");
    for _ in 0..5 {
        let guest = app.actor();
        let held = guest.hold(&venue, &start, 1).await.is(201).word("/token");
        app.database.kill_connections().await;
        let _ = guest.book_held(&venue, &start, 1, &held).await.is(201);
    }
    app.truth().holds().await;
}

#[tokio::test]
async fn letters_wait_for_a_mail_folder_that_can_be_written() {
    let folder = std::env::temp_dir().join(format!("trestle-no-folder-{}", std::process::id()));
    std::fs::write(&folder, "a file where the folder should be").unwrap();
    let (app, venue) = Setup::new().set("TRESTLE_MAIL__DIR", folder.to_str().unwrap()).open(Room::of_two_tops(1)).await;
    let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    eventually("the first attempt failed", async || {
        (app.truth().number("select count(*) from outbox where last_error is not null and done_at is null").await == 1)
            .then_some(())
    })
    .await;
    std::fs::remove_file(&folder).unwrap();
    app.database.run("update outbox set available_at = clock_timestamp()").await;
    eventually("the letter is out", async || {
        (app.truth().number("select count(*) from outbox where done_at is not null").await == 1).then_some(())
    })
    .await;
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The whole way of one guest.
async fn everything_works(app: &TestApp, venue: &Venue) {
    let (ana, start) = (app.actor(), app.start(venue, "20:00"));
    let _ = ana.get("/api/v1/venues?q=room").await.is(200);
    assert!(ana.open_starts(venue, app.day(venue, 7), 2).await.contains(&start));
    let held = ana.hold(venue, &start, 2).await.is(201).word("/token");
    let booked = ana.book_held(venue, &start, 2, &held).await.is(201);
    // A letter still waiting when it is cancelled is never sent: each is awaited in its turn.
    let _ = app.letters_to(&ana, 1).await;
    let _ = ana.change(&booked, &json!({"rev": 1, "start": app.start(venue, "21:00")})).await.is(200);
    let _ = app.letters_to(&ana, 2).await;
    let _ = ana.about(Method::POST, &booked, "/cancel").json(&json!({"rev": 2})).send().await.is(200);
    let _ = app.letters_to(&ana, 3).await;
    app.truth().holds().await;
}

#[tokio::test]
async fn without_redis_everything_works() {
    let nowhere = format!("redis://127.0.0.1:{}", free_port());
    let (app, venue) = Setup::new().set("REDIS_URL", &nowhere).open(Room::of_two_tops(1)).await;
    everything_works(&app, &venue).await;
    let ready = app.actor().get("/readyz").await.is(200);
    assert_eq!((ready.at("/redis"), ready.at("/status")), (json!(false), json!("degraded")));
    let (app, venue) = Setup::new().set("REDIS_URL", "").open(Room::of_two_tops(1)).await;
    everything_works(&app, &venue).await;
    let ready = app.actor().get("/readyz").await.is(200);
    assert_eq!((ready.at("/redis"), ready.at("/status")), (json!(null), json!("ready")));
}

#[tokio::test]
async fn redis_may_come_and_go() {
    let url = redis_url();
    let proxy = Proxy::to(&url.parse().unwrap()).await;
    let secret = url.rsplit_once('@').map_or("redis://".to_owned(), |(secret, _)| format!("{secret}@"));
    let through = format!("{secret}{}", proxy.addr());
    let (app, venue) = Setup::new().set("REDIS_URL", &through).open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    assert_eq!(guest.get("/readyz").await.is(200).at("/redis"), true);
    proxy.cut();
    everything_works(&app, &venue).await;
    assert_eq!(guest.get("/readyz").await.is(200).at("/redis"), false);
    proxy.silence();
    let began = Instant::now();
    everything_works(&app, &venue).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(guest.get("/readyz").await.is(200).at("/redis"), false);
    proxy.mend();
    eventually("redis is back", async || (guest.get("/readyz").await.is(200).at("/redis") == true).then_some(())).await;
    everything_works(&app, &venue).await;
}
