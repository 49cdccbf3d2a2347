//! Taking everything along.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Room, Setup, Truth, Visitor};

use super::{ME, all_is_sent, book, house, member, patch};

#[tokio::test]
async fn everything_we_hold_can_be_taken_along() {
    let (app, venue) = house().await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    let _ = patch(&ana, &hers, &json!({"phone": "+351912345678", "notes": "No nuts."})).await.is(200);
    let mut booking = ana.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["notes"] = "A surprise.".into();
    let booked = book(&ana, &hers, &booking).await.is(201);
    let cancel = json!({"rev": 1, "reason": "We are ill."});
    let path = format!("{}/cancel", booked.header("location"));
    let _ = ana.as_signed_in(Method::POST, &path, &hers).json(&cancel).send().await.is(200);
    let _ = ana.as_signed_in(Method::PUT, &format!("{ME}/favorites/room"), &hers).send().await.is(204);
    let _ = book(&rui, &his, &rui.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    all_is_sent(&app).await;

    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"trestle.json\"");
    assert_eq!((file.header("content-type"), file.header("cache-control")), ("application/json", "no-store"));
    assert_eq!(
        (file.word("/account/email"), file.word("/account/phone")),
        (ana.email.clone(), "+351912345678".to_owned())
    );
    assert_eq!(
        (file.word("/account/notes"), file.word("/sessions/0/device")),
        ("No nuts.".to_owned(), "A program".to_owned())
    );
    assert_eq!((file.word("/links/0/purpose"), file.word("/links/0/email")), ("confirm".to_owned(), ana.email.clone()));
    assert_eq!(file.at("/reservations").as_array().unwrap().len(), 1);
    assert_eq!(
        (file.word("/reservations/0/notes"), file.word("/reservations/0/cancel_reason")),
        ("A surprise.".to_owned(), "We are ill.".to_owned())
    );
    assert_eq!(file.word("/favorites/0/venue"), "room");
    let letters: Vec<_> =
        file.at("/letters").as_array().unwrap().iter().map(|letter| letter["letter"].clone()).collect();
    assert_eq!(letters, ["confirm_address", "booked", "cancelled"]);
    assert!(file.at("/letters/1/sent_at").is_string() && file.at("/letters/1/reservation") == booked.at("/id"));
    for secret in [Actor::PASSWORD, "$argon2", &hers.word("/refresh_token"), &booked.word("/manage_token"), &rui.email]
    {
        assert!(!file.text().contains(secret), "{secret}");
    }
    // The same from the page, also when the access token has run out.
    let mut browser = Visitor::signed_in(&ana).await;
    browser.jar = browser.jar.clone().later();
    let page = browser.open("/account/export.json").await.is(200);
    assert_eq!((page.at("/reservations"), page.header("cache-control")), (file.at("/reservations"), "no-store"));
    assert_eq!(page.header("content-disposition"), file.header("content-disposition"));
    let _ = ana.get(&format!("{ME}/export")).await.problem(401, "signed-out");
    assert_eq!(Visitor::of(&ana).open("/account/export.json").await.onward(), "/sign-in?next=%2Faccount");
}

#[tokio::test]
async fn what_was_booked_without_signing_in_comes_along() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    all_is_sent(&app).await;
    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.at("/reservations/0/id"), booked.at("/id"));
    assert_eq!(file.at("/letters/1/reservation"), booked.at("/id"));
}

/// What names an account or an address, and where the file has it.
const NAMING: &[(&str, &str)] = &[
    ("audit.entries", "/acts"),
    ("public.accounts", "/account"),
    ("public.favorites", "/favorites"),
    ("public.mailed_tokens", "/links"),
    ("public.outbox", "/letters"),
    ("public.reservations", "/reservations"),
    ("public.sessions", "/sessions"),
    ("public.staff_invitations", "/invitations"),
    ("public.staff_roles", "/work"),
];

#[tokio::test]
async fn whatever_names_somebody_is_in_their_file() {
    let rooms = ["azul", "brasa"].map(|name| Room::of_two_tops(4).called(name, name));
    let (app, [azul, brasa]) = Setup::new().open_all(rooms).await;
    let ana = app.staff(&azul, "host").await;
    let hers = ana.sign_in().await.is(201);
    let _ = app.database.run("update accounts set admin_since = now()").await;
    let _ = book(&ana, &hers, &ana.booking(&brasa, &app.start(&brasa, "20:00"), 2)).await.is(201);
    let _ = ana.as_signed_in(Method::PUT, &format!("{ME}/favorites/brasa"), &hers).send().await.is(204);
    let invited = sqlx::query_scalar::<_, String>(
        "with asked as (insert into staff_invitations (id, venue_id, email, role, since) values
           (gen_random_uuid(), $1, $2, 'manager', now()), (gen_random_uuid(), $1, 'another@example.com', 'owner', now()))
         select id::text from accounts where email = $2",
    );
    let invited = invited.bind(brasa.id).bind(&ana.email).fetch_one(app.database.pool()).await;
    let account = invited.unwrap();
    all_is_sent(&app).await;

    // By the names of columns, so that a new table is missed here, and by what stands in the rows. A venue's address is its own.
    let columns = "select distinct table_schema || '.' || table_name from information_schema.columns
                   where table_schema in ('public', 'audit') and table_name <> 'venues' and (column_name = 'account_id' or column_name like '%email%')";
    let columns: Vec<String> = sqlx::query_scalar(columns).fetch_all(app.database.pool()).await.unwrap();
    let mut naming: BTreeSet<String> = columns.into_iter().collect();
    for table in app.database.tables().await {
        let sql = format!("select exists (select from {table} t where t::text like any ($1))");
        let marks = [&account, &ana.email].map(|mark| format!("%{mark}%"));
        let named = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).bind(marks);
        if named.fetch_one(app.database.pool()).await.unwrap() {
            naming.insert(table);
        }
    }
    let expected: BTreeSet<String> = NAMING.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(naming, expected);

    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    for (table, part) in NAMING {
        let said = file.at(part);
        assert!(said.as_array().map_or(said.is_object(), |items| !items.is_empty()), "{table}: {part} is {said}");
    }
    assert!(file.at("/account/admin_since").is_string());
    let mut asked = file.at("/invitations");
    asked[0].as_object_mut().unwrap().remove("since");
    assert_eq!(asked, json!([{"venue": "brasa", "venue_name": "brasa", "role": "manager"}]));
    let acts: Vec<(Value, Value)> = file
        .at("/acts")
        .as_array()
        .unwrap()
        .iter()
        .map(|act| (act["subject"].clone(), act["action"].clone()))
        .collect();
    let told = [("favorite", "made"), ("reservation", "booked"), ("session", "made")];
    assert_eq!(acts, told.map(|(subject, action)| (subject.into(), action.into())));
}

#[tokio::test]
async fn of_a_long_past_the_latest_thousand_acts_come_along() {
    let (app, _) = house().await;
    let (ana, hers) = member(&app).await;
    let many = "insert into audit.entries (at, actor, account_id, subject, subject_id, action)
                select now() + make_interval(secs => n), 'guest', a.id, 'favorite', a.id, case n when 1100 then 'removed' else 'made' end
                from accounts a, generate_series(1, 1100) n";
    assert_eq!(app.database.run(many).await, 1100);
    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!((file.at("/acts").as_array().unwrap().len(), file.word("/acts/0/action")), (1000, "removed".to_owned()));
}

#[tokio::test]
async fn letters_of_others_are_not_read_through() {
    let (app, venue) = house().await;
    let (ana, hers) = member(&app).await;
    let _ = book(&ana, &hers, &ana.booking(&venue, &app.start(&venue, "20:00"), 2)).await.is(201);
    all_is_sent(&app).await;
    let database = app.close().await;
    database
        .run(
            "insert into outbox (topic, payload, done_at)
             select 'mail', case n % 2 when 0 then jsonb_build_object('template', 'booked', 'reservation_id', gen_random_uuid(), 'rev', 1)
               else jsonb_build_object('template', 'reset_password', 'to', 'guest-' || n || '@example.com') end, now()
             from generate_series(1, 20000) n",
        )
        .await;
    let _ = database.run("analyze outbox, reservations, accounts").await;
    let before = Truth::of(&database).rows_read("outbox").await;
    let app = Setup::new().on(&database).start().await;
    let ana = ana.going_to(&app.url);
    let file = ana.as_signed_in(Method::GET, &format!("{ME}/export"), &hers).send().await.is(200);
    assert_eq!(file.at("/letters").as_array().unwrap().len(), 2);
    let _ = app.close().await;
    let read = Truth::of(&database).rows_read("outbox").await - before;
    assert!(read < 1000, "{read} letters were read");
}
