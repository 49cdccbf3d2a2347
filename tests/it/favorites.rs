//! Favourites: kept, let go, and found again.

use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Database, Proxy, Room, Service, Setup, TestApp, Visitor, eventually, read};

const FAVORITES: &str = "/api/v1/me/favorites";

async fn member(app: &TestApp) -> (Actor, Answer) {
    let actor = app.member().await;
    let session = actor.sign_in().await.is(201);
    (actor, session)
}

async fn keep(actor: &Actor, session: &Answer, slug: &str) -> Answer {
    actor.as_signed_in(Method::PUT, &format!("{FAVORITES}/{slug}"), session).send().await
}

async fn release(actor: &Actor, session: &Answer, slug: &str) -> Answer {
    actor.as_signed_in(Method::DELETE, &format!("{FAVORITES}/{slug}"), session).send().await
}

async fn kept(actor: &Actor, session: &Answer, query: &str) -> Answer {
    actor.as_signed_in(Method::GET, &format!("{FAVORITES}{query}"), session).send().await
}

fn slugs(list: &Answer) -> Vec<String> {
    list.at("/items").as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap().to_owned()).collect()
}

fn rooms() -> [Room; 3] {
    [
        Room::of_two_tops(1).called("one", "One"),
        Room::of_two_tops(1).called("two", "Two"),
        Room::of_two_tops(1).called("three", "Three").in_zone("Asia/Tokyo"),
    ]
}

#[tokio::test]
async fn a_venue_is_kept_once_and_let_go_for_good() {
    let (app, _) = Setup::new().open_all(rooms()).await;
    let ((ana, hers), (rui, his)) = (member(&app).await, member(&app).await);
    for _ in 0..2 {
        let _ = keep(&ana, &hers, "one").await.is(204);
    }
    let _ = keep(&ana, &hers, "two").await.is(204);
    assert_eq!(slugs(&kept(&ana, &hers, "").await.is(200)), ["two", "one"]);
    assert!(slugs(&kept(&rui, &his, "").await.is(200)).is_empty());
    // His own, and never hers.
    let _ = release(&rui, &his, "one").await.is(204);
    for _ in 0..2 {
        let _ = release(&ana, &hers, "two").await.is(204);
    }
    assert_eq!(slugs(&kept(&ana, &hers, "").await.is(200)), ["one"]);
    for unknown in ["nowhere", "No-Slug", "x%20y"] {
        let _ = keep(&ana, &hers, unknown).await.problem(404, "not-found");
        let _ = release(&ana, &hers, unknown).await.problem(404, "not-found");
    }
    for method in [Method::PUT, Method::DELETE] {
        let _ = ana.ask(method, &format!("{FAVORITES}/one")).send().await.problem(401, "signed-out");
    }
    let _ = ana.get(FAVORITES).await.problem(401, "signed-out");
    assert_eq!(app.truth().number("select count(*) from favorites").await, 1);
}

#[tokio::test]
async fn favourites_show_what_is_free_tonight_at_their_own_places() {
    // It is the 20th in Lisbon, and the 21st in Tokyo.
    let (app, [one, two, _]) = Setup::at("2037-11-20T17:00:00Z").open_all(rooms()).await;
    let (ana, session) = member(&app).await;
    for slug in ["one", "two", "three"] {
        let _ = keep(&ana, &session, slug).await.is(204);
        app.clock.advance(chrono::TimeDelta::seconds(1));
    }
    let _ = app.actor().book(&one, "2037-11-20T19:30:00Z", 2).await.is(201);
    let list = kept(&ana, &session, "").await.is(200);
    assert_eq!(slugs(&list), ["three", "two", "one"]);
    let starts = |item: usize| -> Vec<String> {
        let starts = list.at(&format!("/items/{item}/starts"));
        starts.as_array().unwrap().iter().map(|start| start["local"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(starts(1), ["19:00", "19:15", "19:30", "19:45", "20:00"]);
    assert!(!starts(2).contains(&"19:30".to_owned()) && !starts(2).is_empty());
    // Two in the morning there, and still the evening before: dinner is past, and what is left comes next.
    assert_eq!(starts(0), ["03:15", "03:30", "03:45"]);
    // Page by page, and nothing for a venue that is not to be found for now.
    let first = kept(&ana, &session, "?limit=2").await.is(200);
    let next = first.word("/next_cursor");
    let second = kept(&ana, &session, &format!("?limit=2&cursor={next}")).await.is(200);
    assert_eq!(
        (slugs(&first).len(), slugs(&second), second.at("/next_cursor")),
        (2, vec!["one".to_owned()], Value::Null)
    );
    let _ = kept(&ana, &session, "?cursor=x&limit=0&when=now").await.complains_about(&["/cursor", "/limit", "/when"]);
    sqlx::query("update venues set published = false, config_version = config_version + 1 where id = $1")
        .bind(two.id)
        .execute(app.database.pool())
        .await
        .unwrap();
    eventually("it is not to be found", async || {
        (slugs(&kept(&ana, &session, "").await.is(200)) == ["three", "one"]).then_some(())
    })
    .await;
    let _ = release(&ana, &session, "two").await.is(204);
}

#[tokio::test]
async fn when_dinner_is_past_favourites_show_what_comes_next_and_at_last_why_there_is_nothing() {
    let dinner = Service::daily("Dinner", "19:00", "23:00", "01:00");
    let (app, _) =
        Setup::at("2037-11-20T21:10:00Z").open_all([Room::of_two_tops(1).called("one", "One").serving([dinner])]).await;
    let (ana, session) = member(&app).await;
    let _ = keep(&ana, &session, "one").await.is(204);
    for (minutes, left, reason) in [
        (0, json!(["22:15", "22:30", "22:45", "23:00"]), Value::Null),
        (90, json!([]), json!("too_soon")),
        (180, json!([]), json!("past_last_seating")),
    ] {
        app.clock.advance(chrono::TimeDelta::minutes(minutes));
        let list = kept(&ana, &ana.sign_in().await.is(201), "").await.is(200);
        let starts: Value =
            list.at("/items/0/starts").as_array().unwrap().iter().map(|start| start["local"].clone()).collect();
        assert_eq!((starts, list.at("/items/0/reason")), (left, reason), "{minutes} minutes later");
    }
}

#[tokio::test]
async fn there_are_five_hundred_and_no_more_however_many_come_at_once() {
    let (app, _) = Setup::new().open_all(rooms()).await;
    let (ana, session) = member(&app).await;
    app.database
        .run(
            "insert into venues (id, org_id, slug, name, street, city, country, lat, lon, zone, currency, cuisines, price, art_seed, published)
             select gen_random_uuid(), v.org_id, 'more-' || n, 'More', v.street, v.city, v.country, v.lat, v.lon, v.zone, v.currency, v.cuisines, 1, 1, false
             from venues v, generate_series(1, 499) n where v.slug = 'one'",
        )
        .await;
    app.database
        .run("insert into favorites (account_id, venue_id, created_at) select a.id, v.id, now() from accounts a, venues v where not v.published")
        .await;
    let answers = join_all(["one", "two", "three"].map(|slug| keep(&ana, &session, slug))).await;
    let (done, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 204);
    assert_eq!((done.len(), refused.len()), (1, 2));
    for answer in refused {
        assert!(answer.complains_about(&["/slug"]).text().contains("500"));
    }
    assert_eq!(app.truth().number("select count(*) from favorites").await, 500);
    // What is kept already may be kept once more, and who lets one go has room again.
    let listed = slugs(&kept(&ana, &session, "").await.is(200));
    let _ = keep(&ana, &session, &listed[0]).await.is(204);
    let _ = release(&ana, &session, "more-1").await.is(204);
    let other = ["one", "two", "three"].into_iter().find(|slug| *slug != listed[0]).unwrap();
    let _ = keep(&ana, &session, other).await.is(204);
    assert_eq!(app.truth().number("select count(*) from favorites").await, 500);
}

#[tokio::test]
async fn hearts_are_plain_forms_that_come_back_to_where_one_was() {
    let (app, _) = Setup::new().open_all(rooms()).await;
    let ana = app.member().await;
    let mut browser = Visitor::signed_in(&ana).await;
    let path = "/search?party=2&sort=name";
    let page = browser.open(path).await.is(200);
    assert_eq!(page.text().matches("aria-pressed=\"false\"").count(), 3);
    assert!(page.text().contains("aria-label=\"Keep One as a favourite\""));
    let back = browser.fill(&page, path, "name=\"slug\" value=\"one\"", &[]).await.onward();
    assert_eq!(back, format!("{path}#at-one"));
    let page = browser.open(path).await.is(200);
    assert_eq!(page.text().matches("aria-pressed=\"true\"").count(), 1);
    for path in ["/", "/venues/one"] {
        let page = browser.open(path).await.is(200);
        assert!(page.text().contains("aria-pressed=\"true\""), "{path}: {}", page.text());
    }
    let list = browser.open("/account/favorites").await.is(200);
    assert_eq!(list.header("cache-control"), "no-store");
    assert!(list.text().contains("/venues/one?date=") && !list.text().contains("/venues/two"));
    // The same form takes it away again.
    assert_eq!(
        browser.fill(&list, "/account/favorites", "value=\"one\"", &[]).await.onward(),
        "/account/favorites#at-one"
    );
    let empty = browser.open("/account/favorites").await.is(200);
    assert!(empty.text().contains("No favourites yet") && empty.text().contains("href=\"/search\""));
    // Nobody is led away, and nothing unknown is kept.
    let away = [("back", "https://evil.example/")];
    assert_eq!(browser.fill(&page, path, "value=\"two\"", &away).await.onward(), "/account/favorites");
    let _ = browser.fill(&page, path, "value=\"two\"", &[("slug", "nowhere")]).await.is(404);
    let _ = browser.open("/account/favorites?cursor=x").await.is(422);
}

#[tokio::test]
async fn nobodys_heart_leads_to_signing_in_and_back() {
    let (app, _) = Setup::new().open_all(rooms()).await;
    let ana = app.member().await;
    let mut browser = Visitor::of(&ana);
    let page = browser.open("/search?party=2").await.is(200);
    assert!(
        !page.text().contains("aria-pressed=\"false\" aria-label=\"Keep")
            && !page.text().contains("/account/favorites")
    );
    let text = page.text();
    let heart = text.split("<a ").find(|tag| tag.contains("class=\"heart\"")).unwrap();
    let href = read(heart.split("href=\"").nth(1).unwrap().split('"').next().unwrap());
    assert!(href.starts_with("/sign-in?next=%2Fsearch%3Fparty%3D2%23at-"), "{href}");
    let known = [("email", ana.email.as_str()), ("password", Actor::PASSWORD)];
    let back = browser.send(&href, "name=\"password\"", &known).await.onward();
    assert!(back.starts_with("/search?party=2#at-"), "{back}");
    // A form that was open when the session ended.
    let page = browser.open("/search?party=2").await.is(200);
    let mut gone = Visitor::of(&ana);
    let led = gone.fill(&page, "/search?party=2", "value=\"one\"", &[]).await.onward();
    assert!(led.starts_with("/sign-in?next=%2Fsearch%3Fparty%3D2%23at-one"), "{led}");
    assert_eq!(gone.open("/account/favorites").await.onward(), "/sign-in?next=%2Faccount%2Ffavorites");
    let island = ana.post("/ui/keep_favorite", &json!({"ask": {"slug": "one", "on": true}})).await.is(401);
    assert_eq!(island.json(), json!("Unauthenticated"));
    assert_eq!(app.truth().number("select count(*) from favorites").await, 0);
}

#[tokio::test]
async fn an_island_keeps_and_lets_go_and_hears_why_not() {
    let (app, _) = Setup::new().open_all(rooms()).await;
    let ana = app.member().await;
    let browser = Visitor::signed_in(&ana).await;
    let ask = async |slug: &str, on: bool| {
        let ask = ana.ask(Method::POST, "/ui/keep_favorite").header("cookie", &browser.jar.header());
        ask.json(&json!({"ask": {"slug": slug, "on": on}})).send().await
    };
    for on in [true, true, false, false, true] {
        assert_eq!(ask("one", on).await.is(200).json(), json!({"on": on}));
    }
    assert_eq!(ask("nowhere", true).await.is(404).json(), json!("NotFound"));
    assert_eq!(ask("../x", true).await.is(404).json(), json!("NotFound"));
    assert_eq!(app.truth().number("select count(*) from favorites").await, 1);
}

#[tokio::test]
async fn pages_for_nobody_ask_nothing_of_the_database() {
    let database = Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    let setup = Setup::new().set("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1");
    let setup = setup.on(&database).reaching_database_at(proxy.addr());
    let (app, _) = setup.open_all(rooms()).await;
    let ana = app.member().await;
    let (mut member, mut nobody) = (Visitor::signed_in(&ana).await, Visitor::of(&ana));
    for path in ["/search?party=2", "/venues/one", "/"] {
        // What is in memory answers for a second; on a busy machine that second may be over, and is begun again.
        eventually("nobody's page comes from memory", async || {
            proxy.mend();
            eventually("it is ready", async || (nobody.open("/readyz").await.status == 200).then_some(())).await;
            let _ = member.open(path).await.is(200);
            proxy.cut();
            (nobody.open(path).await.status == 200).then_some(())
        })
        .await;
        // A member's needs it: for the hearts, or else to know whether they are one still.
        let page = member.open(path).await;
        assert!(page.status == 503 || !page.text().contains("action=\"/account/favorites\""), "{page:?}");
        proxy.mend();
        eventually("it is ready again", async || (nobody.open("/readyz").await.status == 200).then_some(())).await;
    }
}
