//! The door: opening, closing, and guests who stand in it.

use std::time::{Duration, Instant};

use sqlx::{Postgres, Transaction};
use tests::{PATIENCE, Room, Setup, TestApp, Truth, Venue, Wire, eventually};

/// Keeps everybody else from a day's table plan until it is dropped.
async fn keep_the_day(app: &TestApp, venue: &Venue) -> Transaction<'static, Postgres> {
    let mut tx = app.database.pool().begin().await.unwrap();
    let lock = sqlx::query("select arbiter.lock_days($1, array[$2])").bind(venue.id).bind(app.day(venue, 7));
    lock.execute(&mut *tx).await.unwrap();
    tx
}

async fn somebody_waits(app: &TestApp) {
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                   and database = (select oid from pg_database where datname = current_database())";
    eventually("somebody waits for the day", async || (app.truth().number(waiting).await > 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_closing_time_running_requests_finish_and_no_new_ones_are_taken() {
    let (app, venue) = Setup::new().set("TRESTLE_HTTP__NOTICE_SECONDS", "1").open(Room::of_two_tops(2)).await;
    let (guest, late, addr) = (app.actor(), app.actor(), app.addr);
    let start = app.start(&venue, "20:00");
    let day = keep_the_day(&app, &venue).await;
    let running = tokio::spawn({
        let (guest, venue, start) = (guest.clone(), venue.clone(), start.clone());
        async move { guest.book(&venue, &start, 2).await }
    });
    somebody_waits(&app).await;

    let (closing, database) = app.begin_to_close();
    // First the sign on the door, while everything still works.
    let sign = eventually("the sign is turned", async || {
        Some(late.get("/readyz").await).filter(|answer| answer.status == 503)
    })
    .await;
    assert_eq!(sign.at("/status"), "closing");
    let _ = late.get("/livez").await.is(200);
    let _ = late.get("/api/v1/venues/room").await.is(200);
    // Then the door.
    eventually("the door is closed", async || Wire::try_to(addr).await.is_err().then_some(())).await;
    assert!(!running.is_finished());
    day.rollback().await.unwrap();
    let booked = running.await.unwrap().is(201);
    closing.closed().await;
    let truth = Truth::of(&database);
    truth.holds().await;
    assert_eq!(truth.standing().await, 1);
    let reference: String =
        sqlx::query_scalar("select reference from reservations").fetch_one(database.pool()).await.unwrap();
    assert_eq!(reference, booked.word("/reference"));
    let left =
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'trestle'";
    eventually("its connections are closed", async || (truth.number(left).await == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_takes_too_long_at_closing_time_is_left_behind() {
    let (app, venue) = Setup::new().set("TRESTLE_HTTP__DRAIN_SECONDS", "1").open(Room::of_two_tops(2)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let day = keep_the_day(&app, &venue).await;
    let booking = guest.booking(&venue, &start, 2);
    let ask = guest.ask(reqwest::Method::POST, "/api/v1/reservations").json(&booking);
    let running = tokio::spawn(ask.try_send());
    somebody_waits(&app).await;
    // A client that only listens is no reason to stay.
    let mut idle = Wire::to(app.addr).await;
    let _ = idle.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.answer().await.is(200);
    let began = Instant::now();
    let (closing, database) = app.begin_to_close();
    closing.closed().await;
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert!(running.await.unwrap().is_err(), "nobody answered");
    drop(day);
    Truth::of(&database).holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_take_their_time_are_cut_off_and_others_are_served() {
    let setup = Setup::new().set("TRESTLE_HTTP__HEADER_SECONDS", "1").set("TRESTLE_HTTP__BODY_SECONDS", "1");
    let (app, _) = setup.open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let soon = Duration::from_secs(10);

    let mut silent = Wire::to(app.addr).await;
    let mut half = Wire::to(app.addr).await;
    half.send("GET /livez HTTP/1.1\r\nhost: x\r\nx-slo").await;
    let mut idle = Wire::to(app.addr).await;
    let _ = idle.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.answer().await.is(200);
    let mut slow_body = Wire::to(app.addr).await;
    slow_body.send("POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{").await;
    let addr = app.addr;
    let dripping = tokio::spawn(async move {
        let mut wire = Wire::to(addr).await;
        let began = Instant::now();
        while !wire.send("x").await.is_hung_up(Duration::from_millis(50)).await {
            assert!(began.elapsed() < PATIENCE, "a client may drip for ever");
        }
    });
    let _ = guest.get("/livez").await.is(200);
    assert!(silent.is_hung_up(soon).await, "a client that says nothing");
    assert!(half.is_hung_up(soon).await, "a client that says half of it");
    assert!(idle.is_hung_up(soon).await, "a client that has nothing more to say");
    let _ = slow_body.answer().await.problem(408, "too-slow");
    dripping.await.unwrap();
    // Another guest: the first one's connection has been idle for so long that it may be cut off just now.
    let _ = app.actor().get("/livez").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_and_never_listens_is_cut_off() {
    let (app, _) = Setup::new().set("TRESTLE_HTTP__WRITE_SECONDS", "1").open(Room::of_two_tops(1)).await;
    let mut wire = Wire::to(app.addr).await;
    assert!(wire.talks_until_hung_up_on("GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n", PATIENCE).await);
    let _ = app.actor().get("/livez").await.is(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_house_lets_the_next_one_in_when_one_leaves() {
    let (app, _) = Setup::new().set("TRESTLE_HTTP__MAX_CONNECTIONS", "3").open(Room::of_two_tops(1)).await;
    let ask = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut inside = Vec::new();
    for _ in 0..3 {
        let mut wire = Wire::to(app.addr).await;
        let _ = wire.send(ask).await.answer().await.is(200);
        inside.push(wire);
    }
    let mut outside = Wire::to(app.addr).await;
    outside.send(ask).await;
    assert!(outside.try_answer(Duration::from_millis(400)).await.is_none(), "a fourth was let in");
    let _ = inside[0].send(ask).await.answer().await.is(200);
    drop(inside.pop());
    let _ = outside.answer().await.is(200);
}

/// What comes of these bytes.
async fn said(app: &TestApp, bytes: impl AsRef<[u8]>) -> u16 {
    let mut wire = Wire::to(app.addr).await;
    wire.send(bytes).await.try_answer(PATIENCE).await.map_or(0, |answer| answer.status)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_gets_its_status_and_what_just_fits_does_not() {
    let setup = Setup::new().set("TRESTLE_HTTP__HEADER_LIMIT_KB", "16").set("TRESTLE_HTTP__BODY_LIMIT_KB", "2");
    let (app, _) = setup.open(Room::of_two_tops(1)).await;
    let get = |path: &str, head: &str| format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\n");
    let lines = |many: usize| "x: y\r\n".repeat(many);
    let post = |bytes: usize| {
        let head =
            "POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nconnection: close\r\n";
        format!("{head}content-length: {bytes}\r\n\r\n{}", " ".repeat(bytes))
    };
    for (what, bytes, status) in [
        ("a line that fits", get("/livez", &format!("x: {}\r\n", "y".repeat(12_000))), 200),
        ("a line too long", get("/livez", &format!("x: {}\r\n", "y".repeat(20_000))), 431),
        ("lines that fit", get("/livez", &lines(98)), 200),
        ("a line too many", get("/livez", &lines(99)), 431),
        ("lines that are together too long", get("/livez", &lines(90).replace('y', &"y".repeat(300))), 431),
        ("an address that fits", get(&format!("/{}", "x".repeat(12_000)), ""), 404),
        ("an address too long", get(&format!("/{}", "x".repeat(20_000)), ""), 431),
        ("an address that no server takes", get(&format!("/{}", "x".repeat(70_000)), ""), 431),
        ("a body that fits", post(2048), 400),
        ("a body too large", post(2049), 413),
        ("a body much too large", post(200_000), 413),
    ] {
        let answer = said(&app, bytes).await;
        assert_eq!(answer, status, "{what}");
        let _ = app.actor().get("/livez").await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_client_does_not_keep_the_others_out() {
    let setup = Setup::new().set("TRESTLE_HTTP__CONNECTIONS_PER_CLIENT", "3");
    let (app, _) = setup.clone().open(Room::of_two_tops(1)).await;
    let ask = "GET /livez HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut inside = Vec::new();
    for _ in 0..3 {
        let mut wire = Wire::to(app.addr).await;
        let _ = wire.send(ask).await.answer().await.is(200);
        inside.push(wire);
    }
    let refused = Wire::to(app.addr).await.answer().await.is(503);
    assert_eq!((refused.header("connection"), refused.header("retry-after")), ("close", "5"));
    let _ = inside[0].send(ask).await.answer().await.is(200);
    drop(inside.pop());
    eventually("there is room for another", async || {
        let mut wire = Wire::to(app.addr).await;
        wire.send(ask).await.try_answer(PATIENCE).await.filter(|answer| answer.status == 200)
    })
    .await;
    // A proxy comes for many.
    let proxied = setup.set("TRESTLE_TRUSTED_PROXIES", "127.0.0.1").on(&app.database).start().await;
    let mut many = Vec::new();
    for _ in 0..9 {
        let mut wire = Wire::to(proxied.addr).await;
        let _ = wire.send(ask).await.answer().await.is(200);
        many.push(wire);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_take_their_time_tie_up_nobody() {
    let setup = Setup::new().set("TRESTLE_HTTP__HEADER_SECONDS", "1").set("TRESTLE_HTTP__BODY_SECONDS", "1");
    let (app, _) = setup.open(Room::of_two_tops(1)).await;
    let mut slow = Vec::new();
    for n in 0..200 {
        let mut wire = Wire::to(app.addr).await;
        let begun = [
            "",
            "GET /livez HTTP/1.1\r\nhost: x\r\nx-",
            "POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
        ];
        wire.send(begun[n % 3]).await;
        slow.push(wire);
    }
    let began = Instant::now();
    for _ in 0..20 {
        let _ = app.actor().get("/api/v1/venues/room").await.is(200);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "others waited {:?}", began.elapsed());
    for mut wire in slow {
        assert!(wire.is_hung_up(PATIENCE).await, "a slow client is left");
    }
}
