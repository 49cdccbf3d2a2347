//! Whatever is put into whichever field of whichever operation: it is refused or kept clean, and never breaks anything.
//!
//! Operations and fields come from the OpenAPI document, so that a new one is tried as soon as it is written down.

mod scene;

use reqwest::Method;
use serde_json::Value;
use tests::{Answer, Room, TestApp};

use self::scene::{Scene, Stage, fields, operations, said};

/// What is put into each field, as JSON.
fn hostile() -> Vec<String> {
    let text = |text: &str| Value::from(text).to_string();
    vec![
        text(""),
        text(&"x".repeat(10_000)),
        text("Ana\u{202e}avliS\u{202c}"),
        text("\u{200b}\u{feff}A\u{2066}n\u{2069}a\u{200e}"),
        text("A\u{1}n\u{7}a\u{1b}[31m\u{7f}\u{9f}"),
        text("A\0na"),
        text("\0"),
        text("Ana 👩\u{200d}👩\u{200d}👧 🏴‍☠️"),
        text("<script>alert(1)</script><img src=x onerror=alert(1)>"),
        text("'; drop table reservations; --"),
        text("{{7*7}} ${7*7} %s %n $1"),
        text("../../etc/passwd"),
        text("a@b.example\r\nBcc: all@example.com"),
        text("\u{fdd0}\u{ffff}\u{10ffff}"),
        r#""\ud800""#.to_owned(),
        r#""\udc00\ud800""#.to_owned(),
        r#""\u0000""#.to_owned(),
        "0".to_owned(),
        "-1".to_owned(),
        "1.5".to_owned(),
        "9223372036854775807".to_owned(),
        "-9223372036854775808".to_owned(),
        "18446744073709551616".to_owned(),
        "1e400".to_owned(),
        "1e-400".to_owned(),
        "9".repeat(400),
        "null".to_owned(),
        "true".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        format!("{}{}", "[".repeat(100), "]".repeat(100)),
        format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100)),
        format!("{}{}", "[".repeat(5000), "]".repeat(5000)),
        format!("[{}\"x\"]", "\"x\",".repeat(3000)),
        format!("[{}]", text("A\u{202e}\u{1}na")),
    ]
}

/// What nobody may say of themselves, wherever it is not a field that is meant to be sent.
const PRIVILEGES: [&str; 12] = [
    "id",
    "status",
    "account_id",
    "role",
    "rev",
    "created_at",
    "price",
    "is_admin",
    "manage_token",
    "org",
    "__proto__",
    "password_hash",
];

/// The body with one field said in these very words.
fn saying(body: &Value, pointer: &str, words: &str) -> String {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).unwrap();
    parent.insert(name.to_owned(), "@".repeat(9).into());
    // Not through a parser, which would refuse half of it.
    body.to_string().replacen("\"@@@@@@@@@\"", words, 1)
}

#[track_caller]
fn is_an_answer(what: &str, answer: &Answer) {
    assert!((200..500).contains(&answer.status), "{what}: {answer:?}");
    assert!(!answer.text().contains("panicked"), "{what}: {answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_field_of_any_operation_takes_what_is_hostile() {
    let scene = Scene::set().await;
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let operations = operations(&document);
    assert!(operations.len() >= 15 && operations.iter().any(|operation| operation.method == Method::PATCH));
    for operation in &operations {
        let stage = scene.stage().await;
        // What is hostile comes in the middle of what is right.
        if operation.schema.is_object() {
            let (other, what) = (scene.stage().await, format!("{} {}", operation.method, operation.path));
            let answer = scene.ask(&other, operation).json(&scene.sensible(&other, &operation.schema)).send().await;
            assert!([200, 201, 202, 204, 401, 404].contains(&answer.status), "{what}: {answer:?}");
        }
        for pointer in fields(&operation.schema, "") {
            for words in hostile() {
                // Of somebody else each time, or the second would be refused for the first.
                let body = scene.sensible(&stage, &operation.schema);
                let what = format!("{} {} with {pointer} {:.80}", operation.method, operation.path, words);
                let said = saying(&body, &pointer, &words);
                let ask = scene.ask(&stage, operation).body("application/json", said);
                is_an_answer(&what, &ask.send().await);
            }
        }
    }
    scene.nothing_is_unclean().await;
    scene.app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_says_of_themselves_what_is_not_theirs_to_say() {
    let scene = Scene::set().await;
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    for operation in operations(&document).iter().filter(|operation| operation.schema.is_object()) {
        let stage = scene.stage().await;
        let body = scene.sensible(&stage, &operation.schema);
        let known = fields(&operation.schema, "");
        for name in PRIVILEGES.iter().filter(|name| !known.contains(&format!("/{name}"))) {
            let before = scene.app.truth().counts().await;
            let said = saying(&body, &format!("/{name}"), "\"admin\"");
            let answer = scene.ask(&stage, operation).body("application/json", said).send().await;
            // And nothing else: whatever is said beside it is right.
            let _ = answer.complains_about(&[&format!("/{name}")]);
            assert_eq!(scene.app.truth().counts().await, before, "{} {} took {name}", operation.method, operation.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_field_said_twice_is_said_wrongly_or_once_and_bodies_that_are_none_are_told_apart() {
    let scene = Scene::set().await;
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    for operation in operations(&document).iter().filter(|operation| operation.schema.is_object()) {
        let stage = scene.stage().await;
        let body = scene.sensible(&stage, &operation.schema).to_string();
        let what = format!("{} {}", operation.method, operation.path);
        for pointer in fields(&operation.schema, "").iter().filter(|pointer| pointer.matches('/').count() == 1) {
            let twice = format!("{{\"{}\":\"\\u0001\",{}", &pointer[1..], &body[1..]);
            is_an_answer(&what, &scene.ask(&stage, operation).body("application/json", twice).send().await);
        }
        // What was said twice may have been done.
        let stage = scene.stage().await;
        for (words, status) in
            [("", 400), ("{", 400), ("[]", 422), ("null", 422), ("\"\\ud800\"", 400), ("{\"a\":1e400}", 400)]
        {
            let answer = scene.ask(&stage, operation).body("application/json", words).send().await;
            assert!(answer.status == status || answer.status == 422, "{what} with {words}: {answer:?}");
        }
        let answer = scene.ask(&stage, operation).body("text/plain", body.clone()).send().await;
        let _ = answer.problem(415, "not-json");
        if operation.is_keyed {
            for key in ["", "two words", &"k".repeat(256)] {
                let ask = scene.ask(&stage, operation).key(key).body("application/json", body.clone());
                let answer = ask.send().await.problem(422, "invalid-input");
                assert!(answer.at("/errors").to_string().contains("Idempotency-Key"), "{what}: {answer:?}");
            }
        }
    }
    scene.nothing_is_unclean().await;
}

/// The forms of pages: where they are, what their button does, and their fields.
const FORMS: [(&str, &str, &[&str]); 20] = [
    ("/venues/{slug}", "", &["start", "party", "area", "needs", "key"]),
    (
        "/book/{token}",
        "book",
        &["venue", "start", "party", "area", "name", "email", "phone", "notes", "occasion", "needs", "key"],
    ),
    ("/book/{token}", "extend", &["key"]),
    ("/bookings/{token}", "notes", &["notes", "rev", "key"]),
    ("/bookings/{token}", "late", &["minutes", "rev", "key"]),
    ("/bookings/{token}", "move", &["start", "party", "area", "rev", "key"]),
    ("/bookings/{token}", "cancel", &["reason", "rev", "key"]),
    ("/bookings/{token}", "review", &["review", "rev", "overall", "food", "service", "ambience", "body", "key"]),
    ("/bookings/{token}", "delete_review", &["review"]),
    ("/sign-in", "", &["email", "password", "next"]),
    ("/register", "", &["name", "email", "password", "key"]),
    ("/forgot", "", &["email"]),
    ("/account/confirm/{token}", "", &["password"]),
    ("/account/reset/{token}", "", &["password"]),
    ("/account", "profile", &["name", "phone", "needs", "notes", "notifications"]),
    ("/account", "email", &["email", "current_password"]),
    ("/account", "password", &["present_password", "new_password"]),
    ("/account", "end", &["session"]),
    ("/account/favorites", "", &["slug", "on", "back"]),
    ("/account/erase", "", &["password"]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_form_of_any_page_takes_what_is_hostile() {
    let scene = Scene::set().await;
    let mut stage = scene.stage().await;
    let ask = |stage: &Stage, path: &str| {
        stage.member.as_signed_in(Method::POST, path, &stage.signed_in).header("accept", "text/html")
    };
    for page in server::pages() {
        let answer = ask(&stage, &scene.page(&stage, &page, "")).form(&[("do", "nothing")]).send().await;
        let takes_posts = FORMS.iter().any(|(listed, ..)| *listed == page);
        assert_eq!(answer.status != 405, takes_posts, "{page}: {answer:?}");
    }
    let texts: Vec<String> = hostile().iter().filter_map(|words| serde_json::from_str::<String>(words).ok()).collect();
    assert!(texts.len() > 10);
    for (page, verb, names) in FORMS {
        for name in names {
            for text in &texts {
                let path = scene.page(&stage, page, verb);
                let typed: Vec<(&str, String)> = names.iter().map(|name| (*name, scene.typed(&stage, name))).collect();
                let mut fields = vec![("do", verb), (*name, text.as_str())];
                fields.extend(typed.iter().filter(|(other, _)| other != name).map(|(name, text)| (*name, &**text)));
                let answer = ask(&stage, &path).form(&fields).send().await;
                is_an_answer(&format!("{page} {verb} with {name} {text:.40?}"), &answer);
                if answer.status == 303 {
                    // Who has another password now is somebody else.
                    stage = if verb == "password" { scene.stage().await } else { scene.again(stage).await };
                }
            }
        }
        let bytes = b"do=book&name=%ff%fe&email=%&=&&&\xff\x00".to_vec();
        let path = scene.page(&stage, page, verb);
        is_an_answer(page, &ask(&stage, &path).body("application/x-www-form-urlencoded", bytes).send().await);
    }
    scene.nothing_is_unclean().await;
    scene.app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_field_of_any_call_takes_what_is_hostile() {
    let scene = Scene::set().await;
    let mut stage = scene.stage().await;
    let (mut known, mut listed) = (server::calls(), scene.calls(&stage));
    known.sort_unstable();
    listed.sort_unstable_by_key(|(path, _)| *path);
    assert_eq!(listed.iter().map(|(path, _)| *path).collect::<Vec<_>>(), known);
    for (path, body) in listed {
        let ask = |stage: &Stage, body: String| {
            let ask = stage.member.as_signed_in(Method::POST, path, &stage.signed_in);
            ask.header("accept", "application/json").body("application/json", body).send()
        };
        let fresh = |stage: &Stage| scene.calls(stage).into_iter().find(|(known, _)| *known == path).unwrap().1;
        // What is hostile comes in the middle of what is right.
        let _ = ask(&stage, fresh(&stage).to_string()).await.is(200);
        stage = scene.again(stage).await;
        for pointer in said(&body, "") {
            let (before, mut is_unchanged) = (scene.app.truth().counts().await, true);
            for words in hostile() {
                let answer = ask(&stage, saying(&fresh(&stage), &pointer, &words)).await;
                is_an_answer(&format!("{path} with {pointer} {words:.80}"), &answer);
                // It was made clean and then taken, or was never hostile here.
                if answer.status == 200 && !path.starts_with("/ui/load_") {
                    (stage, is_unchanged) = (scene.again(stage).await, false);
                }
            }
            if is_unchanged {
                assert_eq!(scene.app.truth().counts().await, before, "{path} with {pointer}");
            }
        }
        for words in hostile().into_iter().chain(["{".to_owned(), "{}".to_owned()]) {
            is_an_answer(&format!("{path} with {words:.80}"), &ask(&stage, words).await);
        }
    }
    scene.nothing_is_unclean().await;
    scene.app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_query_takes_what_is_hostile() {
    let scene = Scene::set().await;
    let texts = hostile().into_iter().filter_map(|words| serde_json::from_str::<String>(&words).ok());
    for text in texts {
        for path in ["/search", "/venues/room", "/api/v1/venues", "/api/v1/venues/room/availability"] {
            let query: String = reqwest::Url::parse_with_params(
                "http://x/",
                ["q", "date", "party", "area", "cursor", "next"].map(|name| (name, text.as_str())),
            )
            .unwrap()
            .query()
            .unwrap()
            .chars()
            .take(20_000)
            .collect();
            is_an_answer(path, &scene.app.actor().open(&format!("{path}?{query}")).await);
        }
    }
}

#[tokio::test]
async fn what_people_mean_is_kept_to_the_letter() {
    let (app, venue) = TestApp::with(Room::with([2; 8])).await;
    let start = app.start(&venue, "20:00");
    for name in [
        "Ana 👩\u{200d}👩\u{200d}👧",
        "Ana ❤\u{fe0f}\u{200d}🔥",
        "نیم\u{200c}فاصله",
        "ශ්\u{200d}රී",
        "Ng\u{169}g\u{129}",
        "O’Neill-Ávila",
    ] {
        let guest = app.actor();
        let mut booking = guest.booking(&venue, &start, 2);
        (booking["guest"]["name"], booking["notes"]) = (name.into(), name.into());
        (booking["guest"]["phone"]) = "0044 (0)20 7946-0000".into();
        let booked = guest.post("/api/v1/reservations", &booking).await.is(201);
        let seen = guest.see(&booked).await.is(200);
        assert_eq!((seen.word("/guest/name"), seen.word("/notes")), (name.to_owned(), name.to_owned()));
        assert_eq!(seen.word("/guest/phone"), "+442079460000");
        let letter = app.letters_to(&guest, 1).await.remove(0);
        assert!(letter.text.contains(name), "{}", letter.text);
    }
}
