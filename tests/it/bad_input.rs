//! Whatever comes in, it gets its status, in the same shape, and changes nothing.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Map, Value, json};
use tests::{Actor, Answer, Room, Setup, TestApp, Venue, Wire, seeds};

/// A house with one booking and one hold, so that tokens and ids are real ones.
struct Scene {
    app: TestApp,
    venue: Venue,
    guest: Actor,
    booked: Answer,
    start: String,
}

impl Scene {
    async fn set() -> Self {
        let (app, venue) =
            TestApp::with(Room::with([2, 4]).closed_on(tests::now().date_naive() + chrono::Days::new(9), "Closed."))
                .await;
        let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
        let booked = guest.book(&venue, &app.start(&venue, "12:00"), 2).await.is(201);
        let _ = app.actor().hold(&venue, &app.start(&venue, "16:00"), 2).await.is(201);
        Self { app, venue, guest, booked, start }
    }

    fn booking(&self) -> Value {
        self.guest.booking(&self.venue, &self.start, 2)
    }

    /// A booking in which one thing is said differently.
    fn saying(&self, pointer: &str, value: impl Into<Value>) -> Value {
        let mut booking = self.booking();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        booking.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value.into());
        booking
    }

    /// A booking in which one thing is not said.
    fn silent_about(&self, pointer: &str) -> Value {
        let mut booking = self.booking();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        booking.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        booking
    }

    /// Sends something and insists that it changes nothing.
    async fn nothing_changes(&self, what: &str, send: impl Future<Output = Answer>) -> Answer {
        let before = self.app.truth().counts().await;
        let answer = send.await;
        assert!(answer.status < 500, "{what}: {answer:?}");
        assert_eq!(self.app.truth().counts().await, before, "{what} changed something: {answer:?}");
        assert!(!answer.header("x-request-id").is_empty(), "{what}: {answer:?}");
        answer
    }
}

#[tokio::test]
async fn every_field_has_a_rule_and_a_sentence_for_breaking_it() {
    let scene = Scene::set().await;
    let long = "x".repeat(10_000);
    let cases: Vec<(&str, Value, &[&str])> = vec![
        ("no party", scene.silent_about("/party"), &["/party"]),
        ("a party of nobody", scene.saying("/party", 0), &["/party"]),
        ("a party of less", scene.saying("/party", -2), &["/party"]),
        ("a party of 51", scene.saying("/party", 51), &["/party"]),
        ("a party of a city", scene.saying("/party", 1_000_000_000_000_i64), &["/party"]),
        ("a party beyond all numbers", scene.saying("/party", u64::MAX), &["/party"]),
        ("two and a half guests", scene.saying("/party", 2.5), &["/party"]),
        ("guests as a word", scene.saying("/party", "2"), &["/party"]),
        ("guests as nothing", scene.saying("/party", Value::Null), &["/party"]),
        ("guests as a list", scene.saying("/party", json!([2])), &["/party"]),
        ("no start", scene.silent_about("/start"), &["/start"]),
        ("a start long gone", scene.saying("/start", "2020-01-01T20:00:00Z"), &["/start"]),
        ("a start that is none", scene.saying("/start", "tomorrow at eight"), &["/start"]),
        ("a start without its offset", scene.saying("/start", "2040-01-01T20:00:00"), &["/start"]),
        ("a date", scene.saying("/start", "2040-01-01"), &["/start"]),
        ("an empty start", scene.saying("/start", ""), &["/start"]),
        ("a start between the quarters", scene.saying("/start", "2040-01-01T20:07:00Z"), &["/start"]),
        ("a start at half a second", scene.saying("/start", "2040-01-01T20:00:00.5Z"), &["/start"]),
        ("a leap second", scene.saying("/start", "2040-06-30T23:59:60Z"), &["/start"]),
        ("a year of five digits", scene.saying("/start", "+12040-01-01T20:00:00Z"), &["/start"]),
        ("the thirtieth of February", scene.saying("/start", "2040-02-30T20:00:00Z"), &["/start"]),
        ("a start as a number", scene.saying("/start", 1_900_000_000), &["/start"]),
        ("no venue", scene.silent_about("/venue"), &["/venue"]),
        ("a venue that is no slug", scene.saying("/venue", "../room"), &["/venue"]),
        ("an endless venue", scene.saying("/venue", long.as_str()), &["/venue"]),
        ("no guest", scene.silent_about("/guest"), &["/guest"]),
        ("a guest without anything", scene.saying("/guest", json!({})), &["/guest/email", "/guest/name"]),
        ("a guest as a name", scene.saying("/guest", "Ana"), &["/guest"]),
        ("no name", scene.saying("/guest/name", ""), &["/guest/name"]),
        ("an endless name", scene.saying("/guest/name", long.as_str()), &["/guest/name"]),
        ("a name that cannot be seen", scene.saying("/guest/name", "\u{200b}\u{202e}\u{feff}"), &["/guest/name"]),
        ("a name of zeros", scene.saying("/guest/name", "\0\0\0"), &["/guest/name"]),
        ("a name of digits", scene.saying("/guest/name", "12345"), &["/guest/name"]),
        ("an email address without a host", scene.saying("/guest/email", "ana@"), &["/guest/email"]),
        ("two email addresses", scene.saying("/guest/email", "ana@example.com, rui@example.com"), &["/guest/email"]),
        (
            "an email address with a line",
            scene.saying("/guest/email", "ana@example.com\nBcc: all@example.com"),
            &["/guest/email"],
        ),
        ("an endless email address", scene.saying("/guest/email", format!("{long}@example.com")), &["/guest/email"]),
        ("a telephone without a country", scene.saying("/guest/phone", "912 345 678"), &["/guest/phone"]),
        ("an endless telephone", scene.saying("/guest/phone", format!("+{}", "9".repeat(10_000))), &["/guest/phone"]),
        ("endless notes", scene.saying("/notes", long.as_str()), &["/notes"]),
        ("notes as an object", scene.saying("/notes", json!({"text": "hello"})), &["/notes"]),
        ("a need nobody knows", scene.saying("/needs", json!(["step_free", "a_horse"])), &["/needs"]),
        ("a need as a word", scene.saying("/needs", "step_free"), &["/needs"]),
        ("an occasion nobody knows", scene.saying("/occasion", "tuesday"), &["/occasion"]),
        ("an area that is no id", scene.saying("/area", "terrace"), &["/area"]),
        ("an area of nowhere", scene.saying("/area", "00000000-0000-4000-8000-000000000000"), &["/area"]),
        ("a hold that is none", scene.saying("/hold", "two words"), &["/hold"]),
        ("a field nobody knows", scene.saying("/vip", true), &["/vip"]),
        ("a guest's field nobody knows", scene.saying("/guest/password", "hunter2"), &["/guest/password"]),
        ("nothing at all", json!({}), &["/guest", "/party", "/start", "/venue"]),
        (
            "everything at once",
            json!({"venue": "", "start": "", "party": 0, "area": "x", "hold": "a b", "notes": long, "needs": ["x"], "occasion": "x", "vip": 1,
                "guest": {"name": "", "email": "", "phone": "1"}}),
            &[
                "/area",
                "/guest/email",
                "/guest/name",
                "/guest/phone",
                "/hold",
                "/needs",
                "/notes",
                "/occasion",
                "/party",
                "/start",
                "/venue",
                "/vip",
            ],
        ),
    ];
    for (what, body, pointers) in cases {
        let answer = scene.nothing_changes(what, scene.guest.post("/api/v1/reservations", &body)).await;
        assert!(!answer.text().contains(&long[..100]), "{what} is repeated in the answer");
        let _ = answer.complains_about(pointers);
    }
}

#[tokio::test]
async fn a_body_that_is_no_booking_gets_the_status_of_its_fault() {
    let scene = Scene::set().await;
    let booking = scene.booking().to_string();
    let mut spoiled = booking.clone().into_bytes();
    spoiled[10] = 0xff;
    let large = scene.saying("/notes", "x".repeat(1 << 20)).to_string();
    let json = "application/json";
    let cases: Vec<(&str, &str, Vec<u8>, u16, &str)> = vec![
        ("nothing", json, vec![], 400, "malformed"),
        ("half a booking", json, booking.as_bytes()[..40].to_vec(), 400, "malformed"),
        ("more than a booking", json, format!("{booking}]").into_bytes(), 400, "malformed"),
        ("words", json, b"a table for two, please".to_vec(), 400, "malformed"),
        ("bytes that are no text", json, spoiled, 400, "malformed"),
        ("a NUL", json, vec![0], 400, "malformed"),
        ("a byte order mark", json, [b"\xef\xbb\xbf", booking.as_bytes()].concat(), 400, "malformed"),
        ("ten thousand brackets", json, vec![b'['; 10_000], 400, "malformed"),
        ("half a surrogate", json, br#"{"venue": "\ud800"}"#.to_vec(), 400, "malformed"),
        ("a list", json, b"[]".to_vec(), 422, "invalid-input"),
        ("a word", json, b"\"table\"".to_vec(), 422, "invalid-input"),
        ("null", json, b"null".to_vec(), 422, "invalid-input"),
        ("a megabyte", json, large.clone().into_bytes(), 413, "too-large"),
        ("a form", "application/x-www-form-urlencoded", b"venue=room".to_vec(), 415, "not-json"),
        ("plain text", "text/plain", booking.clone().into_bytes(), 415, "not-json"),
        ("something unheard of", "x", booking.clone().into_bytes(), 415, "not-json"),
    ];
    for (what, kind, body, status, problem) in cases {
        let send = scene.guest.ask(Method::POST, "/api/v1/reservations").body(kind, body).send();
        let _ = scene.nothing_changes(what, send).await.problem(status, problem);
    }
    let without_type = reqwest::Client::new()
        .post(format!("{}/api/v1/reservations", scene.app.url))
        .body(booking.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(without_type.status(), 415);
    let chunks = large.into_bytes().chunks(1000).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let mut wire = Wire::to(scene.app.addr).await;
    wire.send("POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n").await;
    for chunk in chunks {
        wire.send([format!("{:x}\r\n", chunk.len()).as_bytes(), &chunk, b"\r\n"].concat()).await;
    }
    wire.send("0\r\n\r\n").await;
    let _ = scene.nothing_changes("a megabyte in pieces", wire.answer()).await.problem(413, "too-large");
    let _ = scene
        .guest
        .ask(Method::POST, "/api/v1/reservations")
        .body("application/json; charset=utf-8", booking)
        .send()
        .await
        .is(201);
}

#[tokio::test]
async fn an_island_sends_no_field_that_its_form_does_not_have() {
    let scene = Scene::set().await;
    let (token, start) = (scene.booked.word("/manage_token"), &scene.start);
    let hold = json!({"slug": scene.venue.slug, "start": start, "party": "2"});
    let book = json!({"venue": scene.venue.slug, "start": start, "party": "2", "name": "Ana Silva", "email": "ana@example.com"});
    let day = json!({"of": scene.venue.slug, "date": &start[..10], "party": "2"});
    let asks = [
        ("hold_table", hold),
        ("book_table", book),
        ("change_booking", json!({"token": token, "rev": "1", "notes": "By the window"})),
        ("report_late", json!({"token": token, "minutes": "10"})),
        ("save_review", json!({"token": token})),
        ("remove_review", json!({"token": token})),
        ("keep_favorite", json!({"slug": scene.venue.slug, "on": true})),
        ("load_availability", day),
        ("load_change_times", json!({"of": token, "date": &start[..10], "party": "2"})),
        ("load_search", json!({})),
        ("cancel_booking", json!({"token": token, "rev": "1"})),
    ];
    let before = scene.app.truth().counts().await;
    let send = |name: &str, ask: &Value| {
        scene.guest.ask(Method::POST, &format!("/ui/{name}")).json(&json!({"ask": ask})).send()
    };
    for (name, ask) in &asks {
        for greed in ["status", "account_id", "source", "constructor"] {
            let mut greedy = ask.clone();
            greedy[greed] = "confirmed".into();
            let refused = send(name, &greedy).await.is(422);
            assert!(refused.text().contains("We could not read this request."), "{name}: {refused:?}");
        }
    }
    assert_eq!(scene.app.truth().counts().await, before);
    // And without it, what can be done is done.
    for (name, ask) in asks.iter().filter(|(name, _)| !name.ends_with("review") && *name != "keep_favorite") {
        let ask = if *name == "cancel_booking" { &json!({"token": token, "rev": "3"}) } else { ask };
        let _ = send(name, ask).await.is(200);
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    let scene = Scene::set().await;
    let (id, token) = (scene.booked.word("/id"), scene.booked.word("/manage_token"));
    let long = "x".repeat(8000);
    let day = scene.app.day(&scene.venue, 7);
    for path in [
        "/api/v1/nothing".to_owned(),
        "/api/v2/venues".to_owned(),
        "/api/v1/venues/".to_owned(),
        "/api/v1/venues/ROOM".to_owned(),
        "/api/v1/venues/ro%00om".to_owned(),
        "/api/v1/venues/%ff%fe".to_owned(),
        "/api/v1/venues/..%2f..%2fetc%2fpasswd".to_owned(),
        format!("/api/v1/venues/{long}"),
        format!("/api/v1/venues/nowhere/availability?date={day}&party=2"),
        "/api/v1/reservations/17".to_owned(),
        "/api/v1/reservations/00000000-0000-0000-0000-000000000000".to_owned(),
        format!("/api/v1/reservations/{id}x"),
        format!("/api/v1/reservations/{id}.pdf"),
        format!("/api/v1/reservations/{}", id.replace('-', "%2d%00")),
        "/api/v1/holds/x".to_owned(),
        format!("/api/v1/holds/{long}"),
    ] {
        let send = scene.guest.ask(Method::GET, &path).token(&token).send();
        let _ = scene.nothing_changes(&path, send).await.problem(404, "not-found");
    }
    let nowhere = scene.saying("/venue", "nowhere");
    let _ = scene
        .nothing_changes("an unknown venue", scene.guest.post("/api/v1/reservations", &nowhere))
        .await
        .problem(404, "not-found");
    let wish = json!({"start": scene.start, "party": 2});
    let _ = scene
        .nothing_changes("an unknown venue", scene.guest.post("/api/v1/venues/nowhere/holds", &wish))
        .await
        .problem(404, "not-found");
}

#[tokio::test]
async fn a_method_nobody_knows_is_told_which_are_known() {
    let scene = Scene::set().await;
    let hold = "/api/v1/holds/x".to_owned();
    let reservation = format!("/api/v1/reservations/{}", scene.booked.word("/id"));
    for (method, path, allowed) in [
        ("PUT", "/api/v1/reservations", "POST"),
        ("GET", "/api/v1/reservations", "POST"),
        ("DELETE", "/api/v1/venues", "GET"),
        ("POST", "/api/v1/venues/room", "GET"),
        ("PATCH", &hold, "DELETE"),
        ("DELETE", &reservation, "PATCH"),
        ("BREW", "/api/v1/venues", "GET"),
        ("TRACE", "/api/v1/venues", "GET"),
    ] {
        let send = scene.guest.ask(method.parse().unwrap(), path).json(&json!({})).send();
        let answer = scene.nothing_changes(&format!("{method} {path}"), send).await.problem(405, "wrong-method");
        assert!(answer.header("allow").contains(allowed), "{answer:?} allows {:?}", answer.headers);
    }
    let head = scene.guest.ask(Method::HEAD, "/api/v1/venues").send().await.is(200);
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn a_request_that_is_hardly_http_is_turned_away() {
    let scene = Scene::set().await;
    let booking = scene.booking().to_string();
    let post = |head: &str, body: &[u8]| {
        [format!("POST /api/v1/reservations HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n").as_bytes(), body].concat()
    };
    let cases: Vec<(&str, Vec<u8>, &[u16])> = vec![
        ("a header too long", format!("GET /livez HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(100_000)).into_bytes(), &[431]),
        ("headers too many", format!("GET /livez HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: x\r\n".repeat(500)).into_bytes(), &[431]),
        ("an address too long", format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(100_000)).into_bytes(), &[414, 431]),
        ("a NUL in a header", b"GET /livez HTTP/1.1\r\nhost: x\r\nx-null: a\0b\r\n\r\n".to_vec(), &[400]),
        ("a NUL in the address", b"GET /li\0vez HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(), &[400]),
        ("a header without a name", b"GET /livez HTTP/1.1\r\nhost: x\r\n: x\r\n\r\n".to_vec(), &[400]),
        ("words", b"a table for two, please\r\n\r\n".to_vec(), &[400]),
        ("another version", b"GET /livez HTTP/9.9\r\nhost: x\r\n\r\n".to_vec(), &[400, 505]),
        ("a length that is none", post("content-type: application/json\r\ncontent-length: many", b""), &[400]),
        ("two lengths", post("content-type: application/json\r\ncontent-length: 2\r\ncontent-length: 3", b"{} "), &[400]),
        ("a length below zero", post("content-type: application/json\r\ncontent-length: -1", b""), &[400]),
        ("chunks that are none", post("content-type: application/json\r\ntransfer-encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"), &[400]),
        ("a booking in gzip's clothes", post(&format!("content-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}", booking.len() / 2),
            &booking.as_bytes()[..booking.len() / 2]), &[400, 415]),
        ("a token that is no text", [b"GET /api/v1/reservations/00000000-0000-0000-0000-000000000000 HTTP/1.1\r\nhost: x\r\nx-manage-token: ".as_slice(),
            &[0xff, 0xfe, 0xfd], b"\r\n\r\n"].concat(), &[404]),
        ("a key that is no text", [post(&format!("content-type: application/json\r\ncontent-length: {}\r\nidempotency-key: \u{e9}\u{e8}", booking.len()), booking.as_bytes())].concat(), &[422]),
        ("a query that is no text", b"GET /api/v1/venues?q=%ff%fe&limit=%00 HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(), &[400, 422]),
        ("a query too long", format!("GET /api/v1/venues?q={} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(10_000)).into_bytes(), &[422]),
        ("an address in full", b"GET http://elsewhere.example/api/v1/nothing HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(), &[404]),
        ("everything at once", b"OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(), &[200, 204, 400, 404, 405]),
        ("a tunnel", b"CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n".to_vec(), &[400, 404, 405]),
    ];
    let before = scene.app.truth().counts().await;
    for (what, bytes, statuses) in cases {
        let mut wire = Wire::to(scene.app.addr).await;
        let answer =
            wire.send(bytes).await.try_answer(tests::PATIENCE).await.unwrap_or_else(|| panic!("{what}: no answer"));
        assert!(statuses.contains(&answer.status), "{what}: {answer:?}");
    }
    // One who promises more than comes, and hangs up.
    let mut wire = Wire::to(scene.app.addr).await;
    wire.send(post(
        &format!("content-type: application/json\r\ncontent-length: {}", booking.len() + 1),
        booking.as_bytes(),
    ))
    .await;
    drop(wire);
    let _ = scene.guest.get("/readyz").await.is(200);
    assert_eq!(scene.app.truth().counts().await, before);
}

#[tokio::test]
async fn odd_text_is_kept_as_people_meant_it() {
    let (app, venue) = TestApp::with(Room::with([2; 12])).await;
    let start = app.start(&venue, "20:00");
    for (said, kept) in [
        ("מרים בן־דוד", "מרים בן־דוד"),
        ("فاطمة الزهراء", "فاطمة الزهراء"),
        ("李小龍", "李小龍"),
        ("Zoë 🦀 O’Neill", "Zoë 🦀 O’Neill"),
        ("An\u{200b}a\u{202e} Silva\u{2066}", "Ana Silva"),
        ("Robert'); drop table reservations;--", "Robert'); drop table reservations;--"),
        ("A\0n\u{7}a", "Ana"),
        ("  Ana \t\r\n  Silva  ", "Ana Silva"),
        ("<script>alert(1)</script>Ana", "alert(1)Ana"),
        ("{{ name }} %s ${x}", "{{ name }} %s ${x}"),
        ("Ж".repeat(80).as_str(), "Ж".repeat(80).as_str()),
    ] {
        let guest = app.actor();
        let mut booking = guest.booking(&venue, &start, 2);
        (booking["guest"]["name"], booking["notes"]) = (said.into(), said.into());
        let booked = guest.post("/api/v1/reservations", &booking).await.is(201);
        assert_eq!(guest.see(&booked).await.is(200).at("/guest/name"), kept);
        let letter = app.letters_to(&guest, 1).await.remove(0);
        assert!(letter.text.contains(kept), "{}", letter.text);
    }
    app.truth().holds().await;
}

/// Whatever a machine makes up.
fn nonsense(dice: &mut StdRng, depth: u32) -> Value {
    match dice.random_range(0..if depth == 0 { 8 } else { 10 }) {
        0 => Value::Null,
        1 => dice.random::<bool>().into(),
        2 => dice.random_range(-3..60).into(),
        3 => dice.random::<i64>().into(),
        4 => dice.random::<f64>().into(),
        5 => "".into(),
        6 => (0..dice.random_range(1..40)).map(|_| dice.random::<char>()).collect::<String>().into(),
        7 => ["room", "2040-01-01T20:00:00Z", "step_free", "ana@example.com", "+351912345678", "birthday", "1"]
            [dice.random_range(0..7)]
        .into(),
        8 => (0..dice.random_range(0..4)).map(|_| nonsense(dice, depth - 1)).collect(),
        _ => Value::Object(
            (0..dice.random_range(0..4)).map(|n| (n.to_string(), nonsense(dice, depth - 1))).collect::<Map<_, _>>(),
        ),
    }
}

#[tokio::test]
async fn no_nonsense_breaks_the_house() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::with([2; 40])).await;
    let guest = app.actor();
    for seed in seeds(200) {
        let dice = &mut StdRng::seed_from_u64(seed);
        let mut booking = guest.booking(&venue, "2037-11-21T20:00:00Z", 2);
        booking["guest"]["email"] = format!("guest{seed}@example.com").into();
        for _ in 0..dice.random_range(1..4) {
            let name = ["venue", "start", "party", "area", "hold", "guest", "notes", "needs", "occasion", "surprise"]
                [dice.random_range(0..10)];
            let place = if dice.random_bool(0.3) && booking["guest"].is_object() {
                &mut booking["guest"]
            } else {
                &mut booking
            };
            place[name] = nonsense(dice, 2);
        }
        let answer = guest.post("/api/v1/reservations", &booking).await;
        assert!([201, 400, 404, 409, 422].contains(&answer.status), "seed {seed}: {booking} {answer:?}");
        let answer = guest.post("/api/v1/venues/room/holds", &nonsense(dice, 3)).await;
        assert!([201, 400, 422].contains(&answer.status), "seed {seed}: {answer:?}");
    }
    app.truth().holds().await;
}
