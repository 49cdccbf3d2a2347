//! The program itself, as it is started by people and machines.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Database, Process, Room, Venue, eventually};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::Command;

pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_trestle-under-test"))
}

/// A room in a week, at eight.
async fn room(database: &Database) -> (Venue, String) {
    let venue = Room::of_two_tops(4).build(database.pool()).await;
    let start = venue.start(venue.date(tests::now()) + chrono::Days::new(7), "20:00");
    (venue, start)
}

#[tokio::test]
async fn settings_that_are_wrong_are_told_all_at_once() {
    let folder = std::env::temp_dir();
    let ended = Command::new(program())
        .env_clear()
        .envs([
            ("TRESTLE_ADDR", "here"),
            ("TRESTLE_LOG__FORMAT", "xml"),
            ("TRESTLE_HOLD_MINUTES", "99"),
            ("TRESTLE_SECRET", "swordfish"),
        ])
        .current_dir(&folder)
        .output()
        .await
        .unwrap();
    assert_eq!(ended.status.code(), Some(78));
    let said = String::from_utf8(ended.stderr).unwrap();
    for name in ["TRESTLE_ADDR", "TRESTLE_LOG__FORMAT", "TRESTLE_HOLD_MINUTES", "TRESTLE_SECRET", "DATABASE_URL"] {
        assert_eq!(said.matches(name).count(), 1, "{name} in {said}");
    }
    assert!(!said.contains("swordfish"), "{said}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_said_so() {
    let database = Database::fresh().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let mut process = Process::start(program(), &database, &[("TRESTLE_ADDR", &addr)]);
    assert_eq!(process.ended().await.code(), Some(1));
    assert!(process.said().join("\n").contains(&addr), "{:?}", process.said());
}

#[tokio::test]
async fn it_prints_the_document_it_serves() {
    let printed = Command::new(program()).arg("openapi").env_clear().output().await.unwrap();
    assert!(printed.status.success());
    let document: Value = serde_json::from_slice(&printed.stdout).unwrap();
    assert_eq!(document, serde_json::to_value(server::openapi::document()).unwrap());
}

#[tokio::test]
async fn it_brings_the_schema_up_to_date_once_and_for_all() {
    let database = Database::fresh().await;
    let before = database.tables().await;
    database.empty().await;
    for _ in 0..2 {
        let migrated = Command::new(program())
            .arg("migrate")
            .env_clear()
            .env("DATABASE_URL", database.url().as_str())
            .output()
            .await
            .unwrap();
        assert!(migrated.status.success(), "{migrated:?}");
    }
    assert_eq!(database.tables().await, before);
}

#[tokio::test]
async fn told_to_end_it_finishes_what_it_has_in_hand_and_ends_well() {
    let database = Database::fresh().await;
    let (venue, start) = room(&database).await;
    let mut process = Process::serve(program(), &database, &[("TRESTLE_HTTP__NOTICE_SECONDS", "1")]).await;
    let guest = Actor::at(&process.url);
    let _ = guest.book(&venue, &start, 2).await.is(201);

    let mut day = database.pool().begin().await.unwrap();
    let lock = sqlx::query("select arbiter.lock_days($1, array[$2])")
        .bind(venue.id)
        .bind(venue.date(tests::now()) + chrono::Days::new(7));
    lock.execute(&mut *day).await.unwrap();
    let late = guest.another();
    let running = tokio::spawn(async move { late.book(&venue, &start, 2).await });
    eventually("the booking waits", async || {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'advisory'",
        )
        .fetch_one(database.pool())
        .await
        .unwrap();
        (waiting > 0).then_some(())
    })
    .await;
    process.signal("TERM").await;
    eventually("the sign is turned", async || (guest.get("/readyz").await.status == 503).then_some(())).await;
    day.rollback().await.unwrap();
    let _ = running.await.unwrap().is(201);
    let began = Instant::now();
    assert!(process.ended().await.success());
    assert!(began.elapsed() < Duration::from_secs(20));
    tests::Truth::of(&database).holds().await;
    assert_eq!(tests::Truth::of(&database).standing().await, 2);
}

#[tokio::test]
async fn told_twice_it_ends_at_once() {
    let database = Database::fresh().await;
    let mut process = Process::serve(program(), &database, &[("TRESTLE_HTTP__NOTICE_SECONDS", "300")]).await;
    let guest = Actor::at(&process.url);
    process.signal("INT").await;
    eventually("the sign is turned", async || (guest.get("/readyz").await.status == 503).then_some(())).await;
    process.signal("TERM").await;
    let _ = process.ended().await;
}

/// A mail server that takes nothing, and says to whom.
async fn rude_mail_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (reader, mut writer) = stream.into_split();
                let mut lines = BufReader::new(reader).lines();
                let _ = writer.write_all(b"220 rude.example\r\n").await;
                while let Ok(Some(line)) = lines.next_line().await {
                    let answer = if line.starts_with("RCPT") {
                        format!("550 5.1.1 {} is nobody here\r\n", &line[8..])
                    } else {
                        "250 ok\r\n".to_owned()
                    };
                    let _ = writer.write_all(answer.as_bytes()).await;
                }
            });
        }
    });
    format!("smtp://{addr}")
}

#[tokio::test]
async fn its_logs_are_json_name_every_request_and_know_nobody() {
    const NAME: &str = "Quirina Zweistein-Marques";
    const MAIL: &str = "quirina.zweistein@secret-mail.example";
    const PHONE: &str = "+351912340987";
    const NOTES: &str = "allergic to moonlight";
    let database = Database::fresh().await;
    let (venue, start) = room(&database).await;
    let smtp = rude_mail_server().await;
    let settings = [
        ("TRESTLE_LOG__FILTER", "trace"),
        ("TRESTLE_MAIL__SMTP_URL", &smtp),
        ("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1"),
    ];
    let mut process = Process::serve(program(), &database, &settings).await;
    let guest = Actor::at(&process.url);

    let held = guest.hold(&venue, &start, 2).await.is(201).word("/token");
    let booking = json!({"venue": venue.slug, "start": start, "party": 2, "hold": held, "notes": NOTES,
        "guest": {"name": NAME, "email": MAIL, "phone": PHONE}});
    let correlation = "journey-0123456789";
    let booked = guest
        .ask(Method::POST, "/api/v1/reservations")
        .header("x-correlation-id", correlation)
        .json(&booking)
        .send()
        .await
        .is(201);
    let manage = booked.word("/manage_token");
    let _ = guest.see(&booked).await.is(200);
    let _ = guest.ask(Method::GET, &format!("/bookings/{manage}")).header("accept", "text/html").send().await;
    let _ = guest.ask(Method::GET, &format!("/book/{held}")).header("accept", "text/html").send().await;
    let _ = guest
        .ask(Method::GET, &format!("/search?q={}", NAME.replace(' ', "+")))
        .header("accept", "text/html")
        .send()
        .await;
    let _ = guest.get(&format!("/api/v1/reservations/{MAIL}")).await;
    let _ = guest.ask(Method::GET, "/api/v1/venues").header("x-correlation-id", MAIL).send().await.is(200);
    // Bad input, and a table that is gone.
    let mut wrong = booking.clone();
    (wrong["party"], wrong["guest"]["email"]) = (0.into(), format!("{MAIL}@@").into());
    let _ = guest.post("/api/v1/reservations", &wrong).await.is(422);
    let _ = guest.post("/api/v1/reservations", &booking).await.is(409);
    // A letter that nobody takes, and then a database that breaks off.
    eventually("the letter was refused", async || {
        let refused: i64 = sqlx::query_scalar("select count(*) from outbox where last_error is not null")
            .fetch_one(database.pool())
            .await
            .unwrap();
        (refused > 0).then_some(())
    })
    .await;
    database.run("alter table reservations rename to gone").await;
    let fault = guest.see(&booked).await.is(500);
    let mut other = booking.clone();
    other.as_object_mut().unwrap().remove("hold");
    let _ = guest.post("/api/v1/reservations", &other).await.is(500);
    database.run("alter table gone rename to reservations").await;
    process.signal("TERM").await;
    assert!(process.ended().await.success());

    let said = process.said();
    assert!(said.len() > 10, "{said:#?}");
    let secrets =
        [NAME, "Quirina", "Zweistein", MAIL, "secret-mail", PHONE, "912340987", NOTES, "moonlight", &manage, &held];
    let signatures = [manage.rsplit('.').next().unwrap(), held.rsplit('.').next().unwrap()];
    for line in &said {
        for secret in secrets.iter().chain(&signatures) {
            assert!(!line.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {line}");
        }
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
    }
    // The request and its letter are found by the name that the client gave them, and by the trace.
    let journey: Vec<&String> = said.iter().filter(|line| line.contains(correlation)).collect();
    assert!(
        !journey.is_empty() && journey.iter().all(|line| line.contains(booked.header("x-request-id"))),
        "{said:#?}"
    );
    let failed = lines(&said, "a delivery failed; it will be tried again");
    assert!(
        failed.iter().any(|line| line["correlation_id"] == correlation && line["letter"].is_number()),
        "{failed:#?}"
    );
    assert!(failed.iter().all(|line| line["error"] == "the mail server answered 550"), "{failed:#?}");
    is_told(&said, &fault, "GET", "/api/v1/reservations/{id}");
    // What others say is dropped, and where they said it is not.
    assert!(said.iter().any(|line| line.contains("[withheld]") && line.contains("\"target\":\"sqlx")), "{said:#?}");
}

/// The lines with this message.
fn lines(said: &[String], message: &str) -> Vec<Value> {
    let all = said.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    all.filter(|line| line["message"] == message).collect()
}

/// Insists that the log says enough of a request that failed to find out why: which it was, what came of it, and what went wrong.
#[track_caller]
fn is_told(said: &[String], fault: &tests::Answer, method: &str, path: &str) {
    let id = fault.header("x-request-id");
    let of_it =
        |message: &str| lines(said, message).into_iter().filter(|line| line["request_id"] == id).collect::<Vec<_>>();
    let (causes, ends) = (of_it("a fault of ours"), of_it("failed"));
    assert!(causes.len() == 1 && ends.len() == 1, "{causes:#?} {ends:#?}");
    assert_eq!((&causes[0]["level"], &ends[0]["level"]), (&"ERROR".into(), &"ERROR".into()));
    // 42P01 is `undefined_table`.
    let error = causes[0]["error"].as_str().unwrap();
    assert!(error.starts_with("postgres: 42P01") && error.contains("does not exist"), "{error}");
    assert_eq!((&ends[0]["status"], &ends[0]["kind"]), (&500.into(), &"internal".into()));
    assert_eq!((&ends[0]["method"], &ends[0]["path"]), (&method.into(), &path.into()));
    assert!(
        ends[0]["took_ms"].is_number() && ends[0]["trace_id"].as_str().is_some_and(|id| id.len() == 32),
        "{ends:#?}"
    );
}

#[tokio::test]
async fn for_people_its_logs_say_as_little() {
    let database = Database::fresh().await;
    let (venue, start) = room(&database).await;
    let settings = [("TRESTLE_LOG__FILTER", "trace"), ("TRESTLE_LOG__FORMAT", "pretty")];
    let mut process = Process::serve(program(), &database, &settings).await;
    let mut guest = Actor::at(&process.url);
    (guest.name, guest.email) = ("Quirina Zweistein".to_owned(), "quirina@secret-mail.example".to_owned());
    let booked = guest.book(&venue, &start, 2).await.is(201);
    let _ = guest.sign_in_with("not the lamp").await.is(401);
    database.run("alter table reservations rename to gone").await;
    let fault = guest.see(&booked).await.is(500);
    database.run("alter table gone rename to reservations").await;
    let _ = guest.cancel(&booked).await.is(200);
    process.signal("TERM").await;
    assert!(process.ended().await.success());
    let said = process.said();
    let manage = booked.word("/manage_token");
    for line in &said {
        for secret in ["Quirina", "Zweistein", "secret-mail", "lamp", manage.rsplit('.').next().unwrap()] {
            assert!(!line.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {line}");
        }
    }
    let id = fault.header("x-request-id");
    let failed = format!("request_id={id}");
    assert!(
        said.iter().any(
            |line| line.contains("ERROR server::layers: failed status=500 kind=internal") && line.contains(&failed)
        ),
        "{said:#?}"
    );
}

#[tokio::test]
async fn its_logs_know_neither_account_nor_password_nor_token() {
    let database = Database::fresh().await;
    let mut process = Process::serve(program(), &database, &[("TRESTLE_LOG__FILTER", "trace")]).await;
    let mut guest = Actor::at(&process.url);
    (guest.name, guest.email) = ("Quirina Zweistein".to_owned(), "quirina.zweistein@secret-mail.example".to_owned());
    let letter = async |how_many: usize| {
        eventually("the letter is there", async || process.letters().into_iter().nth(how_many - 1)).await.token()
    };
    let _ = guest.post("/api/v1/accounts", &guest.registration()).await.is(202);
    let confirm = letter(1).await;
    let _ =
        guest.post("/api/v1/accounts/confirm", &json!({"token": confirm, "password": Actor::PASSWORD})).await.is(204);
    let _ = guest.sign_in_with("not the lamp, Quirina").await.is(401);
    let first = guest.sign_in().await.is(201);
    let second = guest.refresh(&first.word("/refresh_token")).await.is(200);
    let third = guest.refresh(&second.word("/refresh_token")).await.is(200);
    let _ = guest.post("/api/v1/password-resets", &json!({"email": guest.email})).await.is(202);
    let reset = letter(2).await;
    let path = format!("/api/v1/password-resets/{reset}");
    let _ = guest.post(&path, &json!({"password": "short"})).await.is(422);
    // A used token comes again, a letter cannot be kept, and the database breaks off.
    let _ = guest.refresh(&first.word("/refresh_token")).await.is(401);
    database.run("alter table sessions rename to gone").await;
    let _ = guest.sign_in().await.is(500);
    let _ = guest.refresh(&third.word("/refresh_token")).await.is(500);
    let _ = guest.post(&path, &json!({"password": "another lamp 8"})).await.is(500);
    database.run("alter table gone rename to sessions").await;
    let _ = guest.post(&path, &json!({"password": "another lamp 8"})).await.is(204);
    process.signal("TERM").await;
    assert!(process.ended().await.success());

    let said = process.said();
    assert!(said.iter().any(|line| line.contains("a used refresh token came again")), "{said:#?}");
    let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    let mut secrets: Vec<String> =
        ["Quirina", "Zweistein", "secret-mail", "corridor", "lamp", "argon2id"].map(str::to_owned).into();
    secrets.extend([signature(&confirm), signature(&reset)]);
    for answer in [&first, &second, &third] {
        secrets.extend([answer.word("/refresh_token"), signature(&answer.word("/access_token"))]);
    }
    for line in &said {
        for secret in &secrets {
            assert!(!line.to_lowercase().contains(&secret.to_lowercase()), "{secret} is in {line}");
        }
    }
}

#[tokio::test]
async fn it_checks_the_audit_and_changes_accounts() {
    let (app, venue) = tests::TestApp::with(Room::of_two_tops(1)).await;
    let run = async |arguments: &[&str]| {
        let ended = Command::new(program())
            .args(arguments)
            .env_clear()
            .env("DATABASE_URL", app.database.url().as_str())
            .output()
            .await
            .unwrap();
        (ended.status.success(), String::from_utf8(ended.stdout).unwrap(), String::from_utf8(ended.stderr).unwrap())
    };
    let ana = app.member().await;
    let _ = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let head = eventually("everything is sealed", async || {
        let (whole, said, _) = run(&["audit"]).await;
        assert!(whole, "{said}");
        said.contains(" 0 wait").then(|| said.trim().rsplit(' ').next().unwrap().to_owned())
    })
    .await;
    let (known, _, words) = run(&["audit", "--known", &head]).await;
    assert!(known, "{head}: {words}");
    let (known, _, words) = run(&["audit", "--known", "x"]).await;
    assert!(!known && words.contains("NUMBER:HASH"), "{words}");

    let session = ana.sign_in().await.is(201);
    assert!(run(&["account", "disable", &ana.email]).await.0);
    eventually("access ends", async || (ana.sessions(&session).await.status == 401).then_some(())).await;
    let _ = ana.sign_in().await.is(401);
    assert!(run(&["account", "enable", &ana.email]).await.0);
    assert!(run(&["account", "make-admin", &ana.email]).await.0);
    let session = ana.sign_in().await.is(201);
    let _ = ana.as_signed_in(Method::GET, "/api/v1/health/detailed", &session).send().await.is(200);
    let (found, _, words) = run(&["account", "disable", "nobody@example.com"]).await;
    assert!(!found && words.contains("nobody@example.com"), "{words}");

    app.database.run("alter table audit.entries disable trigger user").await;
    app.database.run("update audit.entries set actor = 'system' where seq = 1").await;
    let (whole, _, words) = run(&["audit"]).await;
    assert!(!whole && words.contains("Entry 1 is not what was sealed."), "{words}");
}
