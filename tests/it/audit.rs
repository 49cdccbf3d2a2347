//! The audit: whatever is changed is in it, with who did it, and nobody can rewrite it unseen.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tests::{Actor, Answer, Room, Setup, TestApp, Visitor, eventually};

use backend::{Checked, Head};

/// What the check says once everything is sealed.
async fn sealed(app: &TestApp) -> Head {
    eventually("everything is sealed", async || match backend::check(app.database.pool(), None).await.unwrap() {
        Checked::Whole { head: Some(head), unsealed: 0 } => Some(head),
        Checked::Whole { .. } => None,
        broken => panic!("{broken}"),
    })
    .await
}

async fn check(app: &TestApp) -> Checked {
    backend::check(app.database.pool(), None).await.unwrap()
}

/// Every entry, in order: who, what kind of thing, what was done.
async fn told(app: &TestApp) -> Vec<(String, String, String, Value)> {
    told_after(app, 0).await
}

/// The same without those that were there before, which were so many.
async fn told_after(app: &TestApp, before: usize) -> Vec<(String, String, String, Value)> {
    let mut rows: Vec<(String, String, String, Value)> = sqlx::query_as(
        "select actor || coalesce(' ' || (select email from accounts where id = account_id), ''), subject, action, detail
         from audit.entries order by id",
    )
    .fetch_all(app.database.pool())
    .await
    .unwrap();
    rows.split_off(before)
}

/// An id that the database knows.
async fn id(app: &TestApp, sql: &'static str) -> String {
    sqlx::query_scalar(sql).fetch_one(app.database.pool()).await.unwrap()
}

/// The entries of something without their details.
fn acts(told: &[(String, String, String, Value)], subject: &str) -> Vec<(String, String)> {
    told.iter().filter(|entry| entry.1 == subject).map(|entry| (entry.0.clone(), entry.2.clone())).collect()
}

async fn at_venue(actor: &Actor, session: &Answer, query: &str) -> Answer {
    actor.as_signed_in(Method::GET, &format!("/api/v1/host/taberna-do-rio/audit{query}"), session).send().await
}

#[tokio::test]
async fn whatever_changes_is_written_down_with_who_did_it() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4).called("taberna-do-rio", "Taberna do Rio")).await;
    let ana = app.member().await;
    let session = ana.sign_in().await.is(201);
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = ana.change(&booked, &json!({"rev": 1, "notes": "By the window"})).await.is(200);
    let cancel = ana.about(Method::POST, &booked, "/cancel").json(&json!({"rev": 2})).send().await.is(200);
    let owner = app.staff(&venue, "owner").await;
    let owners = owner.sign_in().await.is(201);
    let appoint = owner.as_signed_in(Method::POST, "/api/v1/host/taberna-do-rio/staff", &owners);
    let _ = appoint.json(&json!({"email": ana.email, "role": "host"})).send().await.is(200);
    let _ = ana.as_signed_in(Method::DELETE, "/api/v1/sessions/current", &session).send().await.is(204);

    let told = told(&app).await;
    let said = |actor: &str, subject: &str, action: &str| {
        told.iter()
            .filter(|entry| (&*entry.0, &*entry.1, &*entry.2) == (actor, subject, action))
            .map(|entry| &entry.3)
            .collect::<Vec<_>>()
    };
    let (anas, owners_actor) = (format!("guest {}", ana.email), format!("staff {}", owner.email));
    assert_eq!(said("nobody", "account", "made").len(), 2);
    let confirmed = said("nobody", "account", "changed");
    assert!(confirmed.iter().any(|detail| detail["changed"] == json!(["email_confirmed_at"])), "{told:?}");
    assert_eq!(said(&anas, "session", "made").len(), 1, "{told:?}");
    assert_eq!(said(&anas, "session", "changed").len(), 1, "{told:?}");
    for (action, rev) in [("booked", 1), ("noted", 2), ("cancelled", 3)] {
        let entry = told.iter().find(|entry| entry.1 == "reservation" && entry.2 == action);
        assert!(entry.is_some_and(|entry| entry.3["rev"] == rev && entry.0.starts_with("guest")), "{action}: {told:?}");
    }
    assert_eq!(said(&owners_actor, "staff", "made")[0]["role"], "host");
    // It outlives the people in it, and so names none of them.
    let text = serde_json::to_string(&told.iter().map(|entry| &entry.3).collect::<Vec<_>>()).unwrap();
    for mark in [&ana.name, &ana.email, "window", "argon2"] {
        assert!(!text.contains(mark), "{mark} in {text}");
    }
    assert_eq!(cancel.number("/rev"), 3);
    app.truth().holds().await;
    let _ = sealed(&app).await;
}

#[tokio::test]
async fn what_a_guest_does_while_signed_in_is_told_as_theirs_through_every_door() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4).called("taberna-do-rio", "Taberna do Rio")).await;
    let (ana, owner) = (app.member().await, app.staff(&venue, "owner").await);
    let (session, owners) = (ana.sign_in().await.is(201), owner.sign_in().await.is(201));
    let mut browser = Visitor::signed_in(&ana).await;
    let guest = format!("guest {}", ana.email);
    let by_guest = |acts: &[&str]| acts.iter().map(|act| (guest.clone(), (*act).to_owned())).collect::<Vec<_>>();
    let own = |method, path: &str| ana.as_signed_in(method, path, &session);
    let book = async |time: &str| {
        let booking = ana.booking(&venue, &app.start(&venue, time), 2);
        own(Method::POST, "/api/v1/reservations").json(&booking).send().await.is(201)
    };
    let page = |booked: &Answer| format!("/bookings/{}", booked.word("/manage_token"));

    // A booking by the page behind its link, by the link and by its owner's session.
    let mut before = told(&app).await.len();
    let booked = book("20:00").await;
    let _ = browser.send(&page(&booked), "name=\"notes\"", &[("notes", "By the window")]).await.is(303);
    let late = ana.about(Method::POST, &booked, "/late").header("cookie", &browser.jar.header());
    let _ = late.json(&json!({"minutes": 10})).send().await.is(200);
    let _ = browser.send(&page(&booked), "value=\"cancel\"", &[]).await.is(303);
    let other = book("12:00").await;
    let cancel = own(Method::POST, &format!("{}/cancel", other.header("location"))).json(&json!({"rev": 1}));
    let _ = cancel.send().await.is(200);
    let bookings = acts(&told_after(&app, before).await, "reservation");
    assert_eq!(bookings, by_guest(&["booked", "noted", "late", "cancelled", "booked", "cancelled"]));
    // Whoever has only the link, or is signed in as somebody else, is nobody that the audit knows.
    before = told(&app).await.len();
    let third = book("15:00").await;
    let mut stranger = Visitor::signed_in(&owner).await;
    let _ = stranger.send(&page(&third), "name=\"notes\"", &[("notes", "Theirs")]).await.is(303);
    let _ = ana.change(&third, &json!({"rev": 2, "notes": "Mine"})).await.is(200);
    let noted = acts(&told_after(&app, before).await, "reservation").split_off(1);
    assert_eq!(noted, [("guest".to_owned(), "noted".to_owned()), ("guest".to_owned(), "noted".to_owned())]);

    before = told(&app).await.len();
    app.put_visit(&third, "finished").await;
    let stars = [("overall", "4"), ("food", "4"), ("service", "4"), ("ambience", "4")];
    let _ = browser.send(&page(&third), "name=\"body\"", &stars).await.is(303);
    let review = id(&app, "select id::text from reviews").await;
    let answer = format!("/api/v1/host/taberna-do-rio/reviews/{review}/answer");
    let answered = owner.as_signed_in(Method::PUT, &answer, &owners).json(&json!({"body": "Thank you."}));
    let _ = answered.send().await.is(204);
    let change = json!({"rev": 1, "body": "Good fish."});
    let _ = own(Method::PATCH, &format!("/api/v1/reviews/{review}")).json(&change).send().await.is(200);
    let _ = browser.send(&page(&third), "value=\"delete_review\"", &[]).await.is(303);
    let mut reviews = by_guest(&["made", "changed", "changed"]);
    reviews.insert(1, (format!("staff {}", owner.email), "changed".to_owned()));
    assert_eq!(acts(&told_after(&app, before).await, "review"), reviews);

    before = told(&app).await.len();
    let favorite = "/api/v1/me/favorites/taberna-do-rio";
    let _ = own(Method::PUT, favorite).send().await.is(204);
    let _ = own(Method::DELETE, favorite).send().await.is(204);
    let _ = own(Method::PATCH, "/api/v1/me").json(&json!({"notes": "No nuts."})).send().await.is(200);
    let password = json!({"current_password": Actor::PASSWORD, "new_password": "another lamp 8"});
    let _ = own(Method::PUT, "/api/v1/me/password").json(&password).send().await.is(204);
    let told_now = told_after(&app, before).await;
    assert_eq!(acts(&told_now, "favorite"), by_guest(&["made", "removed"]));
    assert_eq!(acts(&told_now, "account"), by_guest(&["changed", "changed"]));
    let changed: Vec<&Value> = told_now.iter().filter(|entry| entry.1 == "account").map(|entry| &entry.3).collect();
    assert_eq!(changed, [&json!({"changed": ["notes"]}), &json!({"changed": ["password_hash"]})]);
    assert_eq!(acts(&told_now, "session"), by_guest(&["changed"]), "the browser's ends with the password");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_booking_that_comes_to_an_account_and_one_whose_guest_goes_is_told_and_no_venue_reads_it() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4).called("taberna-do-rio", "Taberna do Rio")).await;
    let (ana, owner) = (app.member().await, app.staff(&venue, "owner").await);
    let owners = owner.sign_in().await.is(201);
    let _ = app.finished_visit(&venue, &ana).await;
    let before = told(&app).await.len();
    let session = ana.sign_in().await.is(201);
    let came = told_after(&app, before).await;
    let came: Vec<_> = came.iter().filter(|entry| entry.1 == "reservation").collect();
    let account = id(&app, "select account_id::text from reservations").await;
    let detail = json!({"account_id": account, "changed": ["account_id"]});
    assert_eq!(came, [&(format!("guest {}", ana.email), "reservation".to_owned(), "changed".to_owned(), detail)]);

    let before = told(&app).await.len();
    let erase = ana.as_signed_in(Method::DELETE, "/api/v1/me", &session);
    let _ = erase.json(&json!({"password": Actor::PASSWORD})).send().await.is(204);
    let left = told_after(&app, before).await;
    let gone = format!("guest {account}@erased.invalid");
    for (subject, field) in [("reservation", "erased_at"), ("account", "erased_at"), ("session", "ended_at")] {
        let entry = left.iter().find(|entry| entry.1 == subject).unwrap();
        let changed = entry.3["changed"].as_array().unwrap();
        assert_eq!((&entry.0, &*entry.2), (&gone, "changed"), "{entry:?}");
        assert!(changed.contains(&field.into()), "{entry:?}");
    }
    // An owner learns neither that the address has an account nor that it had one.
    let read = at_venue(&owner, &owners, "?limit=100").await.is(200);
    let read: Vec<Value> = read.at("/items").as_array().unwrap().clone();
    let bookings: Vec<_> = read.iter().filter(|entry| entry["subject"] == "reservation").collect();
    assert_eq!(bookings.len(), 1, "{bookings:#?}");
    assert_eq!(bookings[0]["action"], "booked");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_session_that_ends_since_its_token_was_stolen_is_ended_by_nobody() {
    let (app, _) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let ana = app.member().await;
    let first = ana.sign_in().await.is(201).word("/refresh_token");
    let _ = ana.refresh(&first).await.is(200);
    app.clock.advance(chrono::TimeDelta::seconds(61));
    let before = told(&app).await.len();
    let _ = ana.refresh(&first).await.problem(401, "signed-out");
    let told = told_after(&app, before).await;
    assert_eq!(acts(&told, "session"), [("nobody".to_owned(), "changed".to_owned())], "{told:?}");
    assert_eq!(told[0].3["changed"], json!(["ended_at"]));
}

/// What a venue is and when it opens: neither staff nor guests change it.
const RULES: &str = "only whoever sets a venue up changes it";

/// Tables that no trigger writes down, and why not.
const UNTOLD: &[(&str, &str)] = &[
    ("_sqlx_migrations", "the operator's"),
    ("areas", RULES),
    ("idempotency_keys", "what it answers is told where it was done"),
    ("mailed_tokens", "a request; what comes of it is told"),
    ("menu_items", RULES),
    ("orgs", RULES),
    ("outbox", "letters about what is told"),
    ("pace_buckets", "sums of claims"),
    ("pacing_rules", RULES),
    ("policies", RULES),
    ("refresh_tokens", "parts of a session, whose beginning and end are told"),
    ("services", RULES),
    ("special_days", RULES),
    ("table_claims", "a hold says nothing of who asked, and what a booking claims is told by its events"),
    ("table_combo_members", RULES),
    ("table_combos", RULES),
    ("tables", RULES),
    ("turn_rules", RULES),
    ("venue_days", "versions"),
    ("venue_ratings", "sums of reviews"),
    ("venues", RULES),
];

#[tokio::test]
async fn every_table_is_told_of_or_says_why_not() {
    let app = Setup::new().start().await;
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "select c.relname::text, exists (
           select from pg_trigger t join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace
           where t.tgrelid = c.oid and n.nspname = 'audit')
         from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by c.relname",
    )
    .fetch_all(app.database.pool())
    .await
    .unwrap();
    let untold: Vec<&str> = tables.iter().filter(|(_, is_told)| !is_told).map(|(name, _)| name.as_str()).collect();
    let known: Vec<&str> = UNTOLD.iter().map(|(name, _)| *name).collect();
    assert_eq!(untold, known);
}

#[tokio::test]
async fn what_is_refused_or_rolled_back_leaves_no_entry() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let start = app.start(&venue, "20:00");
    let guest = app.actor();
    let booked = guest.book(&venue, &start, 2).await.is(201);
    let before = app.truth().number("select count(*) from audit.entries").await;
    let _ = app.actor().book(&venue, &start, 2).await.is(409);
    let _ = guest.change(&booked, &json!({"rev": 7, "notes": "x"})).await.refused("stale");
    let _ = guest.sign_in_with("not this one").await.is(401);
    assert_eq!(app.truth().number("select count(*) from audit.entries").await, before);
}

#[tokio::test]
async fn a_venue_reads_its_own_page_by_page_with_the_names_of_its_people() {
    let (app, [here, there]) = Setup::new()
        .open_all([
            Room::of_two_tops(8).called("taberna-do-rio", "Taberna do Rio"),
            Room::of_two_tops(1).called("elsewhere", "Elsewhere"),
        ])
        .await;
    for _ in 0..5 {
        let _ = app.actor().book(&here, &app.start(&here, "20:00"), 2).await.is(201);
    }
    let _ = app.actor().book(&there, &app.start(&there, "20:00"), 2).await.is(201);
    let owner = app.staff(&here, "owner").await;
    let session = owner.sign_in().await.is(201);
    let appoint = owner.as_signed_in(Method::POST, "/api/v1/host/taberna-do-rio/staff", &session);
    let _ = appoint.json(&json!({"email": "mate@example.com", "role": "host"})).send().await.is(200);
    let (mut read, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        let page = at_venue(&owner, &session, &query).await.is(200);
        read.extend(page.at("/items").as_array().unwrap().clone());
        let Value::String(next) = page.at("/next_cursor") else { break };
        query = format!("?limit=3&cursor={next}");
    }
    // The five bookings, the owner's own role, which the test wrote past everybody, and the invitation.
    assert_eq!(read.len(), 7, "{read:#?}");
    assert_eq!((&read[0]["subject"], &read[0]["name"]), (&"staff".into(), &owner.name.clone().into()));
    assert!(read.is_sorted_by(|a, b| a["at"].as_str() >= b["at"].as_str()), "{read:#?}");
    assert!(read[2..].iter().all(|entry| entry["action"] == "booked" && entry["name"].is_null()), "{read:#?}");
    let _ = at_venue(&owner, &session, "?cursor=x&limit=101").await.complains_about(&["/cursor", "/limit"]);
}

#[tokio::test]
async fn it_tells_no_venue_whether_an_address_has_an_account() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).called("taberna-do-rio", "Taberna do Rio")).await;
    let owner = app.staff(&venue, "owner").await;
    let session = owner.sign_in().await.is(201);
    let staff = "/api/v1/host/taberna-do-rio/staff";
    let appoint = async |person: &Actor, role: &str| {
        let ask = owner.as_signed_in(Method::POST, staff, &session).json(&json!({"email": person.email, "role": role}));
        ask.send().await.is(200).word("/id")
    };
    let dismiss = async |id: &str| owner.as_signed_in(Method::DELETE, &format!("{staff}/{id}"), &session).send().await;
    let join = async |person: &Actor| {
        let _ = person.post("/api/v1/accounts", &person.registration()).await.is(202);
        let token = app.letters_to(person, 2).await.remove(1).token();
        let known = json!({"token": token, "password": Actor::PASSWORD});
        let _ = person.post("/api/v1/accounts/confirm", &known).await.is(204);
    };
    let told = async |id: &str| {
        let mut entries = at_venue(&owner, &session, "").await.is(200).at("/items").as_array().unwrap().clone();
        entries.retain(|entry| entry["subject_id"] == id);
        for entry in &mut entries {
            (entry["at"], entry["seq"], entry["subject_id"]) = (Value::Null, Value::Null, Value::Null);
        }
        entries
    };
    // Somebody with an account; somebody without one; two who make one in between, of whom one comes to use it.
    let people = [app.member().await, app.actor(), app.actor(), app.actor()];
    let mut all = Vec::new();
    for (n, person) in people.iter().enumerate() {
        let id = appoint(person, "host").await;
        if n >= 2 {
            join(person).await;
        }
        if n == 3 {
            let _ = person.sign_in().await.is(201);
        }
        assert_eq!(appoint(person, "manager").await, id);
        if n != 1 {
            let _ = person.sign_in().await.is(201);
        }
        let _ = dismiss(&id).await.is(204);
        all.push(told(&id).await);
    }
    let said: Vec<_> = all[0].iter().map(|entry| (&entry["subject"], &entry["action"], &entry["detail"])).collect();
    let staff = Value::from("staff");
    assert_eq!(
        said,
        [
            (&staff, &"removed".into(), &json!({"role": "manager"})),
            (&staff, &"changed".into(), &json!({"role": "manager", "changed": ["role"]})),
            (&staff, &"made".into(), &json!({"role": "host"})),
        ]
    );
    assert!(all.iter().all(|entries| *entries == all[0]), "{all:#?}");
    let _ = sealed(&app).await;
}

#[tokio::test]
async fn no_entry_can_be_changed_or_taken_out() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = sealed(&app).await;
    for attempt in [
        "update audit.entries set action = 'nothing'",
        "update audit.entries set seq = seq + 1",
        "update audit.entries set seq = null, hash = null",
        "delete from audit.entries",
        "truncate audit.entries",
    ] {
        let refused = sqlx::raw_sql(AssertSqlSafe(attempt)).execute(app.database.pool()).await.unwrap_err();
        assert!(refused.to_string().contains("the audit is not rewritten"), "{attempt}: {refused}");
    }
    let _ = sealed(&app).await;
}

#[tokio::test]
async fn whoever_rewrites_it_all_the_same_is_found_out() {
    for (tampering, found) in [
        ("update audit.entries set detail = detail || '{\"rev\": 9}' where seq = 2", Checked::Altered(2)),
        ("update audit.entries set actor = 'system' where seq = 3", Checked::Altered(3)),
        ("update audit.entries set at = at - interval '1 microsecond' where seq = 1", Checked::Altered(1)),
        ("update audit.entries set hash = sha256('x') where seq = 2", Checked::Altered(2)),
        ("delete from audit.entries where seq = 2", Checked::Missing(2)),
        ("delete from audit.entries where seq = 1", Checked::Missing(1)),
    ] {
        let (app, venue) = TestApp::with(Room::of_two_tops(4)).await;
        for _ in 0..4 {
            let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
        }
        let head = sealed(&app).await;
        assert_eq!(head.seq, 4);
        app.database.run("alter table audit.entries disable trigger user").await;
        assert_eq!(app.database.run(tampering).await, 1, "{tampering}");
        assert_eq!(check(&app).await, found, "{tampering}");
    }
}

#[tokio::test]
async fn what_was_cut_off_at_the_end_is_missed_by_whoever_kept_the_head() {
    let (app, venue) = TestApp::with(Room::of_two_tops(4)).await;
    for _ in 0..3 {
        let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    }
    let head = sealed(&app).await;
    let known = async |head: &Head| backend::check(app.database.pool(), Some(head)).await.unwrap();
    assert!(matches!(known(&head).await, Checked::Whole { .. }));
    app.database.run("alter table audit.entries disable trigger user").await;
    app.database.run("delete from audit.entries where seq = 3").await;
    assert!(matches!(check(&app).await, Checked::Whole { .. }), "alone, the rest is whole");
    assert_eq!(known(&head).await, Checked::Missing(3));
    // And a chain that was written anew from somewhere on is another one.
    let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let _ = sealed(&app).await;
    assert_eq!(known(&head).await, Checked::Another(3));
}

#[tokio::test]
async fn two_servers_seal_one_chain_while_everybody_books() {
    let (app, venue) = TestApp::with(Room::of_two_tops(100).paced(400, 400)).await;
    let other = Setup::new().on(&app.database).start().await;
    let start = app.start(&venue, "20:00");
    let guests = (0..100).map(|number| if number % 2 == 0 { app.actor() } else { other.actor() });
    let answers = join_all(guests.map(|guest| {
        let (venue, start) = (venue.clone(), start.clone());
        async move { guest.book(&venue, &start, 2).await.status }
    }))
    .await;
    assert!(answers.iter().all(|status| *status == 201), "{answers:?}");
    assert_eq!(sealed(&app).await.seq, 100);
    app.truth().holds().await;
}
