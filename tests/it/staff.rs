//! People who work at a venue: what they see, who they are, and that strangers learn nothing.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Process, Room, Setup, TestApp, Venue, eventually};

/// Two venues that know nothing of each other.
async fn town() -> (TestApp, Venue, Venue) {
    let (app, [here, there]) =
        Setup::new().open_all([Room::of_two_tops(8), Room::of_two_tops(8).called("elsewhere", "Elsewhere")]).await;
    (app, here, there)
}

/// Somebody with the session they came with.
struct Person {
    actor: Actor,
    session: Answer,
}

impl Person {
    async fn of(actor: Actor) -> Self {
        let session = actor.sign_in().await.is(201);
        Self { actor, session }
    }

    async fn get(&self, path: &str) -> Answer {
        self.actor.as_signed_in(Method::GET, path, &self.session).send().await
    }

    async fn appoint(&self, venue: &Venue, email: &str, role: &str) -> Answer {
        let ask = self.actor.as_signed_in(Method::POST, &staff(venue), &self.session);
        ask.json(&json!({"email": email, "role": role})).send().await
    }

    async fn dismiss(&self, venue: &Venue, id: &str) -> Answer {
        self.actor.as_signed_in(Method::DELETE, &format!("{}/{id}", staff(venue)), &self.session).send().await
    }
}

fn staff(venue: &Venue) -> String {
    format!("/api/v1/host/{}/staff", venue.slug)
}

fn day_book(venue: &Venue, date: chrono::NaiveDate) -> String {
    format!("/api/v1/host/{}/reservations?date={date}", venue.slug)
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.at("/items").as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn staff_see_their_own_book_and_no_other() {
    let (app, here, there) = town().await;
    let (guest, host) = (app.actor(), Person::of(app.staff(&here, "host").await).await);
    let start = app.start(&here, "20:00");
    let mut booking = guest.booking(&here, &start, 2);
    booking["notes"] = "By the window".into();
    booking["guest"]["phone"] = "+351 912 345 678".into();
    let booked = guest.post("/api/v1/reservations", &booking).await.is(201);
    let other = guest.another();
    let elsewhere = other.book(&there, &app.start(&there, "20:00"), 2).await.is(201);
    let date = app.day(&here, 7);

    let book = host.get(&day_book(&here, date)).await.is(200);
    assert_eq!(book.header("cache-control"), "no-store");
    let entries = items(&book);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["id"], booked.word("/id"));
    assert_eq!(
        (&entries[0]["name"], &entries[0]["email"], &entries[0]["phone"], &entries[0]["notes"]),
        (&guest.name.clone().into(), &guest.email.clone().into(), &"+351912345678".into(), &"By the window".into())
    );
    assert_eq!(entries[0]["tables"].as_array().map(Vec::len), Some(1));
    let one = format!("/api/v1/host/{}/reservations/{}", here.slug, booked.word("/id"));
    assert_eq!(host.get(&one).await.is(200).json(), entries[0]);
    assert!(!book.text().contains("manage"), "{book:?}");

    // A venue of others is no venue, and a booking of others is no booking.
    let unknown = host.get("/api/v1/host/nowhere/reservations?date=2037-01-01").await.problem(404, "not-found");
    let foreign = host.get(&day_book(&there, date)).await.problem(404, "not-found");
    assert_eq!(foreign.word("/detail"), unknown.word("/detail"));
    let at_ours = format!("/api/v1/host/{}/reservations/{}", here.slug, elsewhere.word("/id"));
    let _ = host.get(&at_ours).await.problem(404, "not-found");
    let stranger = Person::of(app.member().await).await;
    let _ = stranger.get(&day_book(&here, date)).await.problem(404, "not-found");
    let _ = guest.get(&day_book(&here, date)).await.problem(401, "signed-out");
}

#[tokio::test]
async fn who_works_at_a_venue_that_is_not_published_goes_on_working_there() {
    let (app, here, there) = town().await;
    let owner = Person::of(app.staff(&here, "owner").await).await;
    let (foreign, admin) = (Person::of(app.staff(&there, "owner").await).await, Person::of(app.admin().await).await);
    let booked = app.actor().book(&here, &app.start(&here, "20:00"), 2).await.is(201);
    sqlx::query("update venues set published = false, config_version = config_version + 1 where id = $1")
        .bind(here.id)
        .execute(app.database.pool())
        .await
        .unwrap();
    let venue = format!("/api/v1/venues/{}", here.slug);
    eventually("guests find it no more", async || (owner.get(&venue).await.status == 404).then_some(())).await;
    let book = day_book(&here, app.day(&here, 7));
    assert_eq!(items(&owner.get(&book).await.is(200))[0]["id"], booked.word("/id"));
    let host = owner.appoint(&here, "mate@example.com", "host").await.is(200);
    let _ = owner.dismiss(&here, &host.word("/id")).await.is(204);
    let _ = owner.get(&format!("/api/v1/host/{}/audit", here.slug)).await.is(200);
    let _ = admin.get(&staff(&here)).await.is(200);
    // To everybody else it is none, as before.
    let _ = foreign.get(&book).await.problem(404, "not-found");
    let _ = Person::of(app.member().await).await.get(&book).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_day_is_read_page_by_page_in_the_order_of_its_starts() {
    let (app, here, _) = town().await;
    let host = Person::of(app.staff(&here, "host").await).await;
    let mut booked = Vec::new();
    for time in ["21:00", "19:00", "20:00", "19:00", "20:00"] {
        booked.push(app.actor().book(&here, &app.start(&here, time), 2).await.is(201).word("/id"));
    }
    let (mut read, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = format!("{}&limit=2{cursor}", day_book(&here, app.day(&here, 7)));
        let page = host.get(&page).await.is(200);
        read.extend(items(&page));
        match page.at("/next_cursor") {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    let starts: Vec<&str> = read.iter().filter_map(|entry| entry["local"].as_str()).collect();
    assert_eq!(starts, ["19:00", "19:00", "20:00", "20:00", "21:00"]);
    let mut ids: Vec<&str> = read.iter().filter_map(|entry| entry["id"].as_str()).collect();
    ids.sort_unstable();
    booked.sort_unstable();
    assert_eq!(ids, booked);
    let _ = host
        .get(&format!("{}&limit=0&cursor=x", day_book(&here, app.day(&here, 7))))
        .await
        .complains_about(&["/cursor", "/limit"]);
    let _ = host.get(&format!("/api/v1/host/{}/reservations", here.slug)).await.complains_about(&["/date"]);
}

#[tokio::test]
async fn a_role_begins_with_an_address_and_ends_at_once() {
    let (app, here, there) = town().await;
    let owner = Person::of(app.staff(&here, "owner").await).await;
    let (member, newcomer) = (app.member().await, app.actor());
    // Whether there is an account shows in no answer.
    let known = owner.appoint(&here, &member.email.to_uppercase(), "host").await.is(200);
    let unknown = owner.appoint(&here, &newcomer.email, "manager").await.is(200);
    assert_eq!((known.word("/role"), unknown.word("/role")), ("host".to_owned(), "manager".to_owned()));
    let fields = |answer: &Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&known), fields(&unknown));
    let again = owner.appoint(&here, &member.email, "host").await.is(200);
    assert_eq!(again.json(), known.json());
    assert_eq!(items(&owner.get(&staff(&here)).await.is(200)).len(), 3);
    let letters = app.letters_to(&member, 2).await;
    assert!(letters[1].text.contains("you are a host at") && letters[1].subject.contains("role"), "{letters:?}");

    let book = day_book(&here, app.day(&here, 7));
    let host = Person::of(member).await;
    let _ = host.get(&book).await.is(200);
    let _ = host.get(&staff(&here)).await.problem(403, "forbidden");
    let _ = host.get(&day_book(&there, app.day(&there, 7))).await.problem(404, "not-found");

    // Registering alone gives no role: the address could be anybody's.
    let _ = newcomer.post("/api/v1/accounts", &newcomer.registration()).await.is(202);
    assert_eq!(app.truth().number("select count(*) from staff_roles where role = 'manager'").await, 0);
    let token = app.letters_to(&newcomer, 2).await[1].token();
    let _ =
        newcomer.post("/api/v1/accounts/confirm", &json!({"token": token, "password": Actor::PASSWORD})).await.is(204);
    let manager = Person::of(newcomer).await;
    let list = manager.get(&staff(&here)).await.is(200);
    assert_eq!(items(&list).len(), 3);
    let _ = manager.appoint(&here, "mate@example.com", "host").await.problem(403, "forbidden");

    // It ends with the next request, on the session it was used with.
    let _ = owner.dismiss(&here, &known.word("/id")).await.is(204);
    let _ = host.get(&book).await.problem(404, "not-found");
    let _ = owner.dismiss(&here, &known.word("/id")).await.problem(404, "not-found");
    let _ = owner.appoint(&here, &manager.actor.email, "host").await.is(200);
    let _ = manager.get(&staff(&here)).await.problem(403, "forbidden");
    app.truth().holds().await;
}

#[tokio::test]
async fn bad_appointments_change_nothing() {
    let (app, here, there) = town().await;
    let owner = Person::of(app.staff(&here, "owner").await).await;
    let before = app.truth().counts().await;
    let _ = owner.appoint(&here, "nobody", "king").await.complains_about(&["/email", "/role"]);
    let _ = owner.appoint(&there, "mate@example.com", "host").await.problem(404, "not-found");
    let ask = |body: Value| owner.actor.as_signed_in(Method::POST, &staff(&here), &owner.session).json(&body).send();
    let _ = ask(json!({"email": "mate@example.com", "role": "host", "admin": true})).await.complains_about(&["/admin"]);
    let _ = ask(json!({})).await.complains_about(&["/email", "/role"]);
    for id in ["x", "018f0000-0000-7000-8000-000000000001"] {
        let _ = owner.dismiss(&here, id).await.problem(404, "not-found");
    }
    assert_eq!(app.truth().counts().await, before);
}

#[tokio::test]
async fn a_venue_has_an_owner_at_all_times() {
    let (app, here, _) = town().await;
    let ada = Person::of(app.staff(&here, "owner").await).await;
    let own = items(&ada.get(&staff(&here)).await.is(200))[0]["id"].as_str().unwrap().to_owned();
    let _ = ada.dismiss(&here, &own).await.refused("last_owner").problem(409, "last-owner");
    let _ = ada.appoint(&here, &ada.actor.email, "host").await.refused("last_owner");
    // Somebody who is only asked to be owner is none yet.
    let _ = ada.appoint(&here, "heir@example.com", "owner").await.is(200);
    let _ = ada.dismiss(&here, &own).await.refused("last_owner");

    // Two owners throw each other out at the same moment; one of them stays.
    for _ in 0..10 {
        app.database.run("delete from staff_roles").await;
        let two =
            [Person::of(app.staff(&here, "owner").await).await, Person::of(app.staff(&here, "owner").await).await];
        let list = items(&two[0].get(&staff(&here)).await.is(200));
        let id_of = |person: &Person| {
            let member = list.iter().find(|member| member["email"] == person.actor.email.as_str()).unwrap();
            member["id"].as_str().unwrap().to_owned()
        };
        let (first, second) = (id_of(&two[1]), id_of(&two[0]));
        let answers = join_all([two[0].dismiss(&here, &first), two[1].dismiss(&here, &second)]).await;
        let done = answers.iter().filter(|answer| answer.status == 204).count();
        // The one who was thrown out first has no business here any more, or would be the last.
        assert_eq!(done, 1, "{answers:?}");
        assert!(answers.iter().all(|answer| [204, 404, 409].contains(&answer.status)), "{answers:?}");
        assert_eq!(app.truth().number("select count(*) from staff_roles where role = 'owner'").await, 1);
    }
}

#[tokio::test]
async fn whoever_proves_an_address_is_what_it_was_asked_to_be() {
    let (app, here, _) = town().await;
    let owner = Person::of(app.staff(&here, "owner").await).await;
    let (ana, rui) = (app.actor(), app.actor());
    for newcomer in [&ana, &rui] {
        let _ = owner.appoint(&here, &newcomer.email, "manager").await.is(200);
        let _ = newcomer.post("/api/v1/accounts", &newcomer.registration()).await.is(202);
    }
    let managers = "select count(*) from staff_roles where role = 'manager'";
    let token = app.letters_to(&ana, 2).await[1].token();
    let _ = ana.post("/api/v1/accounts/confirm", &json!({"token": token, "password": Actor::PASSWORD})).await.is(204);
    assert_eq!(app.truth().number(managers).await, 1);
    let _ = rui.post("/api/v1/password-resets", &json!({"email": rui.email})).await.is(202);
    let reset = format!("/api/v1/password-resets/{}", app.letters_to(&rui, 3).await[2].token());
    let _ = rui.post(&reset, &json!({"password": Actor::PASSWORD})).await.is(204);
    assert_eq!(app.truth().number(managers).await, 2);
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 0);
}

#[tokio::test]
async fn somebody_is_one_thing_at_a_venue() {
    let (app, here, _) = town().await;
    let (owner, member) = (Person::of(app.staff(&here, "owner").await).await, app.member().await);
    let email = member.email.parse().unwrap();
    let turn = async |change| assert!(backend::change_account(app.database.pool(), change, &email).await.unwrap());
    let listed = async || {
        let all = items(&owner.get(&staff(&here)).await.is(200)).into_iter();
        all.filter(|listed| listed["email"] == member.email.as_str())
            .map(|listed| listed["role"].clone())
            .collect::<Vec<_>>()
    };
    // Somebody who is kept out is asked, and has no role.
    turn(backend::OperatorChange::Disable).await;
    let asked = owner.appoint(&here, &member.email, "host").await.is(200);
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 1);
    turn(backend::OperatorChange::Enable).await;
    let given = owner.appoint(&here, &member.email, "manager").await.is(200);
    assert_eq!((listed().await, given.word("/id")), (vec!["manager".into()], asked.word("/id")));
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 0);
    // Who has one and is kept out has another when they are let in again.
    turn(backend::OperatorChange::Disable).await;
    let _ = owner.appoint(&here, &member.email, "host").await.is(200);
    assert_eq!(listed().await, ["host"]);
    app.database
        .run("insert into staff_invitations (id, venue_id, email, role, since) select gen_random_uuid(), r.venue_id, a.email, 'manager', now() from staff_roles r join accounts a on a.id = r.account_id where r.role = 'host'")
        .await;
    assert_eq!(listed().await.len(), 2);
    let _ = owner.dismiss(&here, &given.word("/id")).await.is(204);
    assert!(listed().await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_is_dismissed_while_they_sign_in_has_no_role() {
    let (app, here, _) = town().await;
    let (owner, member) = (Person::of(app.staff(&here, "owner").await).await, app.member().await);
    let id: String = sqlx::query_scalar(
        "insert into staff_invitations (id, venue_id, email, role, since) values (gen_random_uuid(), $1, $2, 'host', now()) returning id::text",
    )
    .bind(here.id)
    .bind(&member.email)
    .fetch_one(app.database.pool())
    .await
    .unwrap();
    let sign_in = json!({"email": member.email, "password": Actor::PASSWORD});
    let sign_in = member.ask(Method::POST, "/api/v1/sessions").json(&sign_in);
    let dismiss = owner.actor.as_signed_in(Method::DELETE, &format!("{}/{id}", staff(&here)), &owner.session);
    let both = app.database.line_up("select from staff_invitations for update", [sign_in, dismiss]).await;
    assert_eq!(both.map(|answer| answer.status), [201, 204]);
    assert_eq!(app.truth().number("select count(*) from staff_roles where role = 'host'").await, 0);
    assert_eq!(app.truth().number("select count(*) from staff_invitations").await, 0);
}

#[tokio::test]
async fn whoever_runs_the_platform_appoints_owners_and_reads_no_book() {
    let (app, here, _) = town().await;
    let admin = Person::of(app.admin().await).await;
    let _ = admin.appoint(&here, "owner@example.com", "owner").await.is(200);
    let _ = admin.get(&day_book(&here, app.day(&here, 7))).await.problem(403, "forbidden");
    let report = admin.get("/api/v1/health/detailed").await.is(200);
    assert_eq!((report.at("/redis"), report.number("/letters_dead")), (true.into(), 0));
    assert!(
        report.number("/connections") >= 1 && report.number("/audit_sealed") + report.number("/audit_unsealed") >= 3,
        "{report:?}"
    );
    assert_eq!(report.header("cache-control"), "no-store");
    let owner = Person::of(app.staff(&here, "owner").await).await;
    let _ = owner.get("/api/v1/health/detailed").await.problem(404, "not-found");
    let email = admin.actor.email.parse().unwrap();
    for change in [backend::OperatorChange::UnmakeAdmin, backend::OperatorChange::UnmakeAdmin] {
        assert!(backend::change_account(app.database.pool(), change, &email).await.unwrap());
    }
    let _ = admin.get("/api/v1/health/detailed").await.problem(404, "not-found");
    let nobody = "nobody@example.com".parse().unwrap();
    assert!(!backend::change_account(app.database.pool(), backend::OperatorChange::MakeAdmin, &nobody).await.unwrap());
}

#[tokio::test]
async fn an_owner_dismisses_nobody_of_another_venue() {
    let (app, here, there) = town().await;
    let (owner, other) =
        (Person::of(app.staff(&here, "owner").await).await, Person::of(app.staff(&there, "owner").await).await);
    let asked = other.appoint(&there, "asked@example.com", "host").await.is(200).word("/id");
    let works = other.appoint(&there, &app.member().await.email, "host").await.is(200).word("/id");
    let before = app.truth().counts().await;
    for id in [&asked, &works, "0197f3c2-7b1e-7c00-8000-000000000001"] {
        let _ = owner.dismiss(&here, id).await.problem(404, "not-found");
    }
    assert_eq!(app.truth().counts().await, before);
    let _ = other.dismiss(&there, &works).await.is(204);
}

#[tokio::test]
async fn refusals_are_written_down_with_who_what_and_why() {
    let database = Database::fresh().await;
    let venue = Room::of_two_tops(1).build(database.pool()).await;
    let process = Process::serve(crate::program::program(), &database, &[]).await;
    let guest = Actor::at(&process.url);
    let _ = guest.post("/api/v1/accounts", &guest.registration()).await.is(202);
    let token = eventually("the letter is there", async || process.letters().into_iter().next()).await.token();
    let _ = guest.post("/api/v1/accounts/confirm", &json!({"token": token, "password": Actor::PASSWORD})).await.is(204);
    let person = Person::of(guest).await;
    let account: String = sqlx::query_scalar("select id::text from accounts").fetch_one(database.pool()).await.unwrap();
    let theirs: String = sqlx::query_scalar(
        "with stranger as (
           insert into accounts (id, email, name, password_hash) values (gen_random_uuid(), 'stranger@example.com', 'A Stranger', 'x') returning id)
         insert into sessions (id, account_id, device, created_at, last_used_at)
         select gen_random_uuid(), id, 'A program', now(), now() from stranger returning id::text",
    )
    .fetch_one(database.pool())
    .await
    .unwrap();
    let start = venue.start(venue.date(tests::now()) + chrono::TimeDelta::days(7), "20:00");
    let booked = person.actor.another().book(&venue, &start, 2).await.is(201);

    let _ = person.get(&staff(&venue)).await.problem(404, "not-found");
    let _ = person.get("/api/v1/health/detailed").await.problem(404, "not-found");
    let _ = person.get(booked.header("location")).await.problem(404, "not-found");
    let end = person.actor.as_signed_in(Method::DELETE, &format!("/api/v1/sessions/{theirs}"), &person.session);
    let _ = end.send().await.problem(404, "not-found");
    let host = "insert into staff_roles (id, account_id, venue_id, role, since)
                select gen_random_uuid(), a.id, v.id, 'host', now() from accounts a, venues v where a.name <> 'A Stranger'";
    assert_eq!(database.run(host).await, 1);
    let _ = person.get(&format!("/api/v1/host/{}/audit", venue.slug)).await.problem(403, "forbidden");

    let here = venue.id.to_string();
    for (act, venue, why) in [
        ("see_staff", Some(&here), "no role here"),
        ("see_operations", None, "no role here"),
        ("manage_booking", None, "not theirs"),
        ("end_session", None, "not theirs"),
        ("see_audit", Some(&here), "not for this role"),
    ] {
        let line = eventually("the refusal is in the log", async || {
            process.said().into_iter().find(|line| line.contains(act))
        });
        let line: Value = serde_json::from_str(&line.await).unwrap();
        let said = ["level", "message", "account", "act", "why", "venue"].map(|field| line[field].as_str());
        let venue = venue.map(String::as_str);
        assert_eq!(said, [Some("WARN"), Some("refused"), Some(&account), Some(act), Some(why), venue], "{line}");
    }
    // Once each, and nothing of what is the guest's own.
    let _ = person.actor.sessions(&person.session).await.is(200);
    assert_eq!(process.said().iter().filter(|line| line.contains("\"refused\"")).count(), 5);
}
