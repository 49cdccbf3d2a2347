//! The audit: whatever is changed is in it, with who did it, and nobody can rewrite it unseen.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use tests::{Actor, Answer, Room, Setup, TestApp, eventually};

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
    let rows: Vec<(String, String, String, Value)> = sqlx::query_as(
        "select actor || coalesce(' ' || (select name from accounts where id = account_id), ''), subject, action, detail
         from audit.entries order by id",
    )
    .fetch_all(app.database.pool())
    .await
    .unwrap();
    rows
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
    let (anas, owners_actor) = (format!("guest {}", ana.name), format!("staff {}", owner.name));
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
