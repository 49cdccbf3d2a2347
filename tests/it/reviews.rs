//! Reviews: who may write them, what they may say, and what their stars come to.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, TestApp, Truth, Venue, eventually};

/// A guest with a finished visit, a week after a fixed day.
struct Scene {
    app: TestApp,
    venue: Venue,
    ana: Actor,
    visit: Answer,
}

impl Scene {
    async fn set() -> Self {
        let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(6)).await;
        let mut ana = app.actor();
        "Inês Duarte".clone_into(&mut ana.name);
        let visit = app.finished_visit(&venue, &ana).await;
        app.clock.advance(TimeDelta::days(8));
        Self { app, venue, ana, visit }
    }

    /// Somebody else's finished visit.
    async fn another_visit(&self) -> (Actor, Answer) {
        let guest = self.app.actor();
        let visit = self.app.finished_visit(&self.venue, &guest).await;
        (guest, visit)
    }

    async fn list(&self) -> Vec<Value> {
        let path = format!("/api/v1/venues/{}/reviews", self.venue.slug);
        self.ana.get(&path).await.is(200).at("/items").as_array().unwrap().clone()
    }

    async fn rating(&self) -> Value {
        rating(&self.app, &self.venue).await
    }

    /// Sends something and insists that it changes nothing.
    async fn nothing_changes(&self, what: &str, send: impl Future<Output = Answer>) -> Answer {
        let before = self.app.truth().counts().await;
        let answer = send.await;
        assert_eq!(self.app.truth().counts().await, before, "{what} changed something: {answer:?}");
        answer
    }
}

async fn rating(app: &TestApp, venue: &Venue) -> Value {
    app.actor().get(&format!("/api/v1/venues/{}", venue.slug)).await.is(200).at("/rating")
}

fn stars(marks: [i64; 4]) -> Value {
    json!({"food": marks[0], "service": marks[1], "ambience": marks[2], "overall": marks[3]})
}

#[tokio::test]
async fn a_visit_is_written_about_and_everybody_reads_it() {
    let scene = Scene::set().await;
    assert_eq!((scene.rating().await, scene.list().await), (Value::Null, vec![]));
    let opinion = json!({"stars": stars([5, 4, 3, 4]), "body": "Good fish.\r\n\r\nAnd kind people."});
    let written = scene.ana.review(&scene.visit, &opinion).await.is(201);
    assert_eq!(written.header("location"), format!("/api/v1/reviews/{}", written.word("/id")));
    assert_eq!(
        written.json(),
        json!({
            "id": written.word("/id"), "rev": 1, "reservation": scene.visit.word("/id"), "venue": "room", "stars": stars([5, 4, 3, 4]),
            "body": "Good fish.\n\nAnd kind people.", "written_at": "2037-11-28T10:00:00Z", "changeable_until": "2037-12-12T10:00:00Z",
            "answer": null
        })
    );
    let mine = scene.ana.about_review(Method::GET, &scene.visit, &written).send().await.is(200);
    assert_eq!(mine.json(), written.json());
    assert_eq!(mine.header("cache-control"), "no-store");
    let published = json!({
        "id": written.word("/id"), "author": "Inês D.", "visited": "2037-11", "stars": stars([5, 4, 3, 4]),
        "body": "Good fish.\n\nAnd kind people.", "answer": null
    });
    assert_eq!(scene.list().await, [published]);
    let rated = json!({"overall": 4.0, "food": 5.0, "service": 4.0, "ambience": 3.0, "count": 1});
    assert_eq!(scene.rating().await, rated);
    let found = scene.ana.get("/api/v1/venues?q=room").await.is(200);
    assert_eq!(found.at("/items/0/rating"), rated);
    scene.app.truth().holds().await;
}

#[tokio::test]
async fn only_a_visit_that_is_over_is_written_about() {
    let scene = Scene::set().await;
    let opinion = scene.ana.opinion(5, "");
    for (status, reason, kind) in [
        ("booked", "visit_not_over", "no-visit"),
        ("requested", "visit_not_over", "no-visit"),
        ("seated", "visit_not_over", "no-visit"),
        ("bussing", "visit_not_over", "no-visit"),
        ("cancelled_guest", "no_visit", "no-visit"),
        ("cancelled_venue", "no_visit", "no-visit"),
        ("no_show", "no_visit", "no-visit"),
        ("declined", "no_visit", "no-visit"),
        ("expired", "no_visit", "no-visit"),
    ] {
        scene.app.put_visit(&scene.visit, status).await;
        let refused = scene.nothing_changes(status, scene.ana.review(&scene.visit, &opinion)).await;
        let _ = refused.problem(409, kind).refused(reason);
    }
    assert_eq!(scene.rating().await, Value::Null);
    scene.app.put_visit(&scene.visit, "finished").await;
    let _ = scene.ana.review(&scene.visit, &opinion).await.is(201);
}

#[tokio::test]
async fn a_visit_is_written_about_once_and_anew_only_when_that_is_gone() {
    let scene = Scene::set().await;
    let first = scene.ana.review(&scene.visit, &scene.ana.opinion(1, "Bad.")).await.is(201);
    let again = scene.ana.review(&scene.visit, &scene.ana.opinion(5, "Good.")).await;
    let again = again.problem(409, "already-reviewed").refused("already_reviewed");
    assert_eq!(again.word("/detail"), "You have written about this visit already.");
    assert_eq!(scene.rating().await["overall"], 1.0);
    let _ = scene.ana.about_review(Method::DELETE, &scene.visit, &first).send().await.is(204);
    assert_eq!(scene.rating().await, Value::Null);
    let second = scene.ana.review(&scene.visit, &scene.ana.opinion(5, "Good.")).await.is(201);
    assert_ne!(first.word("/id"), second.word("/id"));
    assert_eq!(scene.rating().await["overall"], 5.0);
    scene.app.truth().holds().await;
}

#[tokio::test]
async fn a_visit_is_written_about_for_90_days() {
    let scene = Scene::set().await;
    let (rui, other) = scene.another_visit().await;
    let end: DateTime<Utc> = scene.visit.word("/end").parse().unwrap();
    scene.app.clock.advance(end + TimeDelta::days(90) - scene.app.now());
    let _ = scene.ana.review(&scene.visit, &scene.ana.opinion(4, "")).await.is(201);
    let end: DateTime<Utc> = other.word("/end").parse().unwrap();
    scene.app.clock.advance(end + TimeDelta::days(90) + TimeDelta::seconds(1) - scene.app.now());
    let late = scene.nothing_changes("a late review", rui.review(&other, &rui.opinion(4, ""))).await;
    let _ = late.problem(409, "no-visit").refused("visit_long_ago");
}

#[tokio::test]
async fn a_review_is_changed_for_14_days_and_deleted_at_any_time() {
    let scene = Scene::set().await;
    let written = scene.ana.review(&scene.visit, &scene.ana.opinion(4, "Good.")).await.is(201);
    let change = |body| scene.ana.about_review(Method::PATCH, &scene.visit, &written).json(&body).send();
    let changed = change(json!({"rev": 1, "body": "Very good."})).await.is(200);
    assert_eq!((changed.number("/rev"), changed.word("/body")), (2, "Very good.".to_owned()));
    assert_eq!(changed.at("/stars"), stars([4, 4, 4, 4]));
    let changed = change(json!({"rev": 2, "stars": stars([5, 5, 5, 5])})).await.is(200);
    assert_eq!((changed.at("/stars"), changed.word("/body")), (stars([5, 5, 5, 5]), "Very good.".to_owned()));
    assert_eq!(scene.rating().await, json!({"overall": 5.0, "food": 5.0, "service": 5.0, "ambience": 5.0, "count": 1}));
    let stale = scene.nothing_changes("a stale change", change(json!({"rev": 2, "body": "Bad."}))).await;
    assert_eq!(stale.problem(409, "stale-revision").refused("stale").number("/rev"), 3);

    scene.app.clock.advance(TimeDelta::days(14));
    let _ = change(json!({"rev": 3, "body": "Still good."})).await.is(200);
    scene.app.clock.advance(TimeDelta::seconds(1));
    let settled = scene.nothing_changes("a late change", change(json!({"rev": 4, "body": "Bad."}))).await;
    let settled = settled.problem(409, "review-settled").refused("review_settled");
    assert!(settled.word("/detail").contains("14 days"));

    scene.app.clock.advance(TimeDelta::days(400));
    let delete = || scene.ana.about_review(Method::DELETE, &scene.visit, &written).send();
    let _ = delete().await.is(204);
    let _ = scene.nothing_changes("deleting again", delete()).await.is(204);
    let _ = scene.ana.about_review(Method::GET, &scene.visit, &written).send().await.problem(404, "not-found");
    let _ = change(json!({"rev": 4, "body": "Bad."})).await.problem(404, "not-found");
    assert_eq!((scene.rating().await, scene.list().await), (Value::Null, vec![]));
    let left = "select count(*) from reviews where body <> '' or author is not null";
    assert_eq!(scene.app.truth().number(left).await, 0);
    scene.app.truth().holds().await;
}

#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let scene = Scene::set().await;
    let written = scene.ana.review(&scene.visit, &scene.ana.opinion(4, "Mine.")).await.is(201);
    let (rui, other) = scene.another_visit().await;
    let theirs = rui.review(&other, &rui.opinion(2, "Theirs.")).await.is(201);
    let before = scene.app.truth().counts().await;
    let nobody = "/api/v1/reviews/0197f3c2-7b1e-7c00-8000-000000000001";
    let mine = format!("/api/v1/reviews/{}", written.word("/id"));
    let token = other.word("/manage_token");
    let change = json!({"rev": 1, "body": "Spoiled."});
    let mut bodies = Vec::new();
    for path in [nobody, mine.as_str(), "/api/v1/reviews/x"] {
        for method in [Method::GET, Method::PATCH, Method::DELETE] {
            let answer = rui.ask(method, path).token(&token).json(&change).send().await.problem(404, "not-found");
            bodies.push(answer.word("/detail"));
        }
        let _ = rui.ask(Method::DELETE, path).token("a.b.c").send().await.problem(404, "not-found");
        let _ = rui.delete(path).await.problem(401, "unauthenticated");
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "foreign and unknown are told apart: {bodies:?}");
    let visit = format!("/api/v1/reservations/{}/review", scene.visit.word("/id"));
    let opinion = rui.opinion(1, "");
    let _ = rui.ask(Method::POST, &visit).token(&token).json(&opinion).send().await.problem(404, "not-found");
    let _ = rui.post(&visit, &opinion).await.problem(401, "unauthenticated");
    assert_eq!(scene.app.truth().counts().await, before);
    let _ = rui.about_review(Method::GET, &other, &theirs).send().await.is(200);
}

#[tokio::test]
async fn every_field_has_a_rule_and_a_sentence_for_breaking_it() {
    let scene = Scene::set().await;
    let all = ["/stars/ambience", "/stars/food", "/stars/overall", "/stars/service"];
    let saying = |marks: Value, body: Value| json!({"stars": marks, "body": body});
    let long = "x".repeat(10_000);
    let cases: Vec<(&str, Value, Vec<&str>)> = vec![
        ("nothing", json!({}), [&["/stars"], &all[..]].concat()),
        ("no stars", saying(stars([0, 0, 0, 0]), "".into()), all.to_vec()),
        ("six stars", saying(stars([6, 6, 6, 6]), "".into()), all.to_vec()),
        ("stars beyond all numbers", saying(stars([i64::MAX, -1, i64::MIN, 256]), "".into()), all.to_vec()),
        (
            "half a star",
            saying(json!({"food": 4.5, "service": 4, "ambience": 4, "overall": 4}), "".into()),
            vec!["/stars/food"],
        ),
        (
            "stars as words",
            saying(json!({"food": "5", "service": 4, "ambience": 4, "overall": 4}), "".into()),
            vec!["/stars/food"],
        ),
        ("three of four", saying(json!({"food": 5, "service": 4, "ambience": 4}), "".into()), vec!["/stars/overall"]),
        ("one number", saying(5.into(), "".into()), [&["/stars"], &all[..]].concat()),
        ("10,000 characters", saying(stars([5, 5, 5, 5]), long.as_str().into()), vec!["/body"]),
        ("2,001 characters", saying(stars([5, 5, 5, 5]), "é".repeat(2001).into()), vec!["/body"]),
        ("words as a list", saying(stars([5, 5, 5, 5]), json!(["a"])), vec!["/body"]),
        (
            "an author",
            json!({"stars": stars([5, 5, 5, 5]), "author": "Somebody", "rev": 7, "answer": "Thanks"}),
            vec!["/answer", "/author", "/rev"],
        ),
        (
            "everything at once",
            json!({"stars": stars([0, 9, 0, 9]), "body": long, "vip": true}),
            [&["/body"], &all[..], &["/vip"]].concat(),
        ),
    ];
    for (what, body, pointers) in &cases {
        let answer = scene.nothing_changes(what, scene.ana.review(&scene.visit, body)).await;
        assert!(!answer.text().contains(&long[..100]), "{what} is repeated in the answer");
        let _ = answer.complains_about(pointers);
    }
    let unmarked = scene.ana.review(&scene.visit, &saying(stars([0, 5, 5, 0]), "".into())).await;
    assert_eq!(unmarked.word("/detail"), "Give the food one to five stars. And 1 more.");
    assert_eq!(unmarked.word("/errors/1/detail"), "Give the visit as a whole one to five stars.");
    let written = scene.ana.review(&scene.visit, &scene.ana.opinion(3, "")).await.is(201);
    for (what, body, pointers) in [
        ("no revision", json!({"body": "x"}), vec!["/rev"]),
        (
            "revision 0",
            json!({"rev": 0, "stars": stars([0, 1, 1, 1]), "body": long}),
            vec!["/body", "/rev", "/stars/food"],
        ),
        ("an author", json!({"rev": 1, "author": "x"}), vec!["/author"]),
    ] {
        let change = scene.ana.about_review(Method::PATCH, &scene.visit, &written).json(&body).send();
        let _ = scene.nothing_changes(what, change).await.complains_about(&pointers);
    }
    for query in ["cursor=x", "limit=0", "limit=101", "cursor=1.2&limit=x", "page=2"] {
        let list = scene.ana.get(&format!("/api/v1/venues/room/reviews?{query}")).await;
        let _ = list.problem(422, "invalid-input");
    }
    let _ = scene.ana.get("/api/v1/venues/nowhere/reviews").await.problem(404, "not-found");
}

#[tokio::test]
async fn words_are_what_people_see_of_them() {
    let scene = Scene::set().await;
    for (typed, read) in [
        ("<script>alert(1)</script>Good<img src=x onerror=alert(1)> fish", "alert(1)Good fish"),
        ("<scr<b>ipt>x</scr</b>ipt>", "x"),
        ("\u{202e}hsif doog\u{202c} \u{2066}a\u{2069}", "hsif doog a"),
        ("G\u{200b}o\u{200d}o\u{feff}d\u{0}\u{7} \u{e0041}fish", "Good fish"),
        ("  two\r\n\r\n\r\n\r\nlines \t here  ", "two\n\nlines here"),
        ("2 < 3 & \"quoted\"", "2 < 3 & \"quoted\""),
        ("مطعم رائع", "مطعم رائع"),
        ("\u{200b}\u{202e}", ""),
    ] {
        let written = scene.ana.review(&scene.visit, &scene.ana.opinion(5, typed)).await.is(201);
        assert_eq!(written.word("/body"), read, "{typed:?}");
        assert_eq!(scene.list().await[0]["body"], read);
        let page = scene.ana.open("/venues/room").await.is(200);
        assert!(!page.text().contains("<script>alert") && !page.text().contains("onerror"), "{typed:?}");
        assert!(tests::read(&page.text()).contains(read), "{typed:?}");
        let _ = scene.ana.about_review(Method::DELETE, &scene.visit, &written).send().await.is(204);
    }
    let full = "é".repeat(2000);
    let written = scene.ana.review(&scene.visit, &scene.ana.opinion(5, &format!("{full}\u{200b}  "))).await.is(201);
    assert_eq!(written.word("/body"), full);
}

#[tokio::test]
async fn the_same_request_twice_is_one_review() {
    let scene = Scene::set().await;
    let opinion = scene.ana.opinion(4, "Good.");
    let send = |key: &'static str, body: &Value| {
        scene.ana.about(Method::POST, &scene.visit, "/review").key(key).json(body).send()
    };
    let copies = join_all((0..8).map(|_| send("one", &opinion))).await;
    assert!(copies.iter().all(|copy| copy.status == 201 && copy.json() == copies[0].json()), "{copies:?}");
    let other = send("one", &scene.ana.opinion(1, "Bad.")).await;
    let _ = other.problem(422, "key-reused");
    let _ = send("two", &opinion).await.refused("already_reviewed");
    let change = |key: &'static str, body: Value| {
        scene.ana.about_review(Method::PATCH, &scene.visit, &copies[0]).key(key).json(&body).send()
    };
    let first = change("three", json!({"rev": 1, "body": "Better."})).await.is(200);
    let again = change("three", json!({"rev": 1, "body": "Better."})).await.is(200);
    assert_eq!(first.json(), again.json());
    let _ = change("three", json!({"rev": 2, "body": "Better."})).await.problem(422, "key-reused");
    let late = send("one", &opinion).await.is(201);
    assert_eq!(late.json(), copies[0].json(), "the first answer stands");
    assert_eq!(scene.app.truth().number("select count(*) from reviews").await, 1);
    scene.app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_are_killed_write_no_review_twice() {
    let scene = Scene::set().await;
    let over = AtomicBool::new(false);
    let killing = async {
        let (mut killed, mut dice) = (0, StdRng::seed_from_u64(1));
        while !over.load(Ordering::Relaxed) {
            // Long enough for somebody to get on between two blows.
            tokio::time::sleep(Duration::from_millis(dice.random_range(10..80))).await;
            killed += scene.app.database.kill_connections().await;
        }
        killed
    };
    let writing = async {
        let mut written = 0;
        for round in 0..25 {
            let opinion = scene.ana.opinion(1 + round % 5, &format!("Round {round}."));
            let made = insist(|| {
                scene.ana.about(Method::POST, &scene.visit, "/review").key(&format!("w{round}")).json(&opinion)
            });
            let made = made.await.is(201);
            let change = json!({"rev": 1, "body": "Changed."});
            let changed = insist(|| {
                scene.ana.about_review(Method::PATCH, &scene.visit, &made).key(&format!("c{round}")).json(&change)
            });
            assert_eq!(changed.await.is(200).number("/rev"), 2);
            let _ = insist(|| scene.ana.about_review(Method::DELETE, &scene.visit, &made)).await.is(204);
            written += 1;
        }
        over.store(true, Ordering::Relaxed);
        written
    };
    let (killed, written) = tokio::join!(killing, writing);
    assert!(killed > 10, "{killed} connections were killed");
    assert_eq!(scene.app.truth().number("select count(*) from reviews").await, written);
    scene.app.truth().holds().await;
}

/// Sends until there is an answer other than "not right now".
async fn insist(ask: impl Fn() -> tests::Ask) -> Answer {
    loop {
        let answer = ask().send().await;
        if answer.status != 503 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// One of many who write, change their minds, and take it back.
async fn fickle(seed: u64, guest: &Actor, visit: &Answer) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut known: Option<(Answer, i64)> = None;
    for _ in 0..6 {
        let mut mark = || dice.random_range(1..=5);
        let marks = stars([mark(), mark(), mark(), mark()]);
        known = match known.take() {
            None => {
                let made = guest.review(visit, &json!({"stars": marks, "body": "Words."})).await.is(201);
                Some((made, 1))
            }
            Some((made, rev)) if dice.random_bool(0.6) => {
                let change = json!({"rev": rev, "stars": marks});
                let ask = guest.about_review(Method::PATCH, visit, &made).json(&change);
                assert_eq!(ask.send().await.is(200).number("/rev"), rev + 1);
                Some((made, rev + 1))
            }
            Some((made, _)) => {
                let _ = guest.about_review(Method::DELETE, visit, &made).send().await.is(204);
                None
            }
        };
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_200_writers_at_once_the_averages_are_exact() {
    let rooms = ["azul", "brasa", "doca"].map(|name| Room::of_two_tops(70).called(name, name));
    let (app, venues) = Setup::at("2037-11-20T10:00:00Z").open_all(rooms).await;
    let mut crowd = Vec::new();
    for n in 0..200 {
        let guest = app.actor();
        let visit = app.finished_visit(&venues[n % 3], &guest).await;
        crowd.push((guest, visit));
    }
    app.clock.advance(TimeDelta::days(8));
    join_all((0..).zip(&crowd).map(|(seed, (guest, visit))| fickle(seed, guest, visit))).await;
    app.truth().holds().await;
    assert_eq!(app.truth().number("select count(*) from miscounted_ratings()").await, 0);
    for venue in &venues {
        let counted: (i64, Option<f64>, Option<f64>) = sqlx::query_as(
            "select count(*), round(avg(overall), 1)::float8, round(avg(food), 1)::float8 from reviews where venue_id = $1 and deleted_at is null",
        )
        .bind(venue.id)
        .fetch_one(app.database.pool())
        .await
        .unwrap();
        assert!(counted.0 > 10, "{counted:?}");
        let shown = rating(&app, venue).await;
        assert_eq!(
            (shown["count"].as_i64(), shown["overall"].as_f64(), shown["food"].as_f64()),
            (Some(counted.0), counted.1, counted.2)
        );
    }
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test]
async fn what_one_server_learns_the_other_shows_within_a_second() {
    let scene = Scene::set().await;
    let two = Setup::at("2037-11-28T10:00:00Z").on(&scene.app.database).start().await;
    assert_eq!(rating(&two, &scene.venue).await, Value::Null);
    let written = scene.ana.review(&scene.visit, &scene.ana.opinion(4, "")).await.is(201);
    assert_eq!(scene.rating().await["count"], 1);
    let shows = async |expected: Value| {
        let done = Instant::now();
        loop {
            let asked = done.elapsed();
            if rating(&two, &scene.venue).await["overall"] == expected {
                return;
            }
            assert!(asked < Duration::from_secs(1), "shown as it was {asked:?} ago");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    shows(json!(4.0)).await;
    let change = json!({"rev": 1, "stars": stars([2, 2, 2, 2])});
    let _ = scene.ana.about_review(Method::PATCH, &scene.visit, &written).json(&change).send().await.is(200);
    shows(json!(2.0)).await;
    let _ = scene.ana.about_review(Method::DELETE, &scene.visit, &written).send().await.is(204);
    shows(Value::Null).await;
}

#[tokio::test]
async fn a_change_of_the_rules_forgets_no_rating() {
    let scene = Scene::set().await;
    let _ = scene.ana.review(&scene.visit, &scene.ana.opinion(4, "")).await.is(201);
    scene.app.database.run("update venues set tagline = 'Another room.', config_version = config_version + 1").await;
    let shown = eventually("the new rules are read", async || {
        let shown = scene.ana.get("/api/v1/venues/room").await.is(200);
        (shown.word("/tagline") == "Another room.").then_some(shown)
    })
    .await;
    assert_eq!(shown.at("/rating/overall"), 4.0);
}

#[tokio::test]
async fn a_list_goes_on_where_it_ended_though_it_changes_meanwhile() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(12)).await;
    let mut written = Vec::new();
    for n in 0..10_u8 {
        let guest = app.actor();
        let visit = app.finished_visit(&venue, &guest).await;
        // Pairs of the same instant, which only their ids tell apart.
        if n % 2 == 0 {
            app.clock.advance(TimeDelta::minutes(1));
        }
        let review = guest.review(&visit, &guest.opinion(1 + n % 5, &format!("Number {n}."))).await.is(201);
        written.push((guest, visit, review));
    }
    let guest = app.actor();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = guest.get(&format!("/api/v1/venues/room/reviews?limit=3&cursor={cursor}")).await.is(200);
        let items = page.at("/items").as_array().unwrap().clone();
        seen.extend(items.iter().map(|item| item["body"].as_str().unwrap().to_owned()));
        if seen.len() == 3 {
            // The last one seen goes, and a new one comes at the front.
            let last = seen.last().unwrap().clone();
            let (author, visit, review) = written.iter().find(|(.., review)| review.word("/body") == last).unwrap();
            let _ = author.about_review(Method::DELETE, visit, review).send().await.is(204);
            let late = app.actor();
            let visit = app.finished_visit(&venue, &late).await;
            let _ = late.review(&visit, &late.opinion(5, "Late.")).await.is(201);
        }
        match page.at("/next_cursor") {
            Value::String(next) => cursor = next,
            _ => break,
        }
    }
    let mut expected: Vec<String> = (0..10).map(|n| format!("Number {n}.")).collect();
    assert_eq!(seen.len(), 10, "{seen:?}");
    assert!(seen[0].contains('8') || seen[0].contains('9'), "the newest is first: {seen:?}");
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_guests_like_best_comes_first_where_that_is_wanted() {
    let rooms = ["azul", "brasa", "doca", "nova"].map(|name| Room::of_two_tops(6).called(name, name));
    let (app, [azul, brasa, doca, _]) = Setup::at("2037-11-20T10:00:00Z").open_all(rooms).await;
    for (venue, marks) in [(&azul, vec![4]), (&brasa, vec![5, 5]), (&doca, vec![5])] {
        for mark in marks {
            let guest = app.actor();
            let visit = app.finished_visit(venue, &guest).await;
            let _ = guest.review(&visit, &guest.opinion(mark, "")).await.is(201);
        }
    }
    let guest = app.actor();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = guest.get(&format!("/api/v1/venues?sort=rating&limit=1&cursor={cursor}")).await.is(200);
        seen.push(page.word("/items/0/slug"));
        match page.at("/next_cursor") {
            Value::String(next) => cursor = next,
            _ => break,
        }
    }
    assert_eq!(seen, ["brasa", "doca", "azul", "nova"]);
}

/// What the venue answers to a review, or that it takes its answer away, said by somebody who works there.
async fn answer(manager: &Actor, venue: &str, review: &str, words: Option<&str>) -> Answer {
    let session = manager.sign_in().await.is(201);
    let path = format!("/api/v1/host/{venue}/reviews/{review}/answer");
    match words {
        Some(words) => manager.as_signed_in(Method::PUT, &path, &session).json(&json!({"body": words})).send().await,
        None => manager.as_signed_in(Method::DELETE, &path, &session).send().await,
    }
}

#[tokio::test]
async fn a_venue_answers_its_own_reviews_and_no_others() {
    let rooms = ["azul", "brasa"].map(|name| Room::of_two_tops(2).called(name, name));
    let (app, [azul, brasa]) = Setup::at("2037-11-20T10:00:00Z").open_all(rooms).await;
    let (manager, stranger, host) =
        (app.staff(&azul, "manager").await, app.staff(&brasa, "manager").await, app.staff(&azul, "host").await);
    let ana = app.actor();
    let visit = app.finished_visit(&azul, &ana).await;
    let written = ana.review(&visit, &ana.opinion(2, "Cold soup.")).await.is(201);
    let review = written.word("/id");
    let shown = async || ana.get("/api/v1/venues/azul/reviews").await.is(200).at("/items/0/answer");

    let _ = answer(&manager, "azul", &review, Some("<b>Sorry.</b>")).await.is(204);
    assert_eq!(shown().await, json!({"body": "Sorry.", "at": "2037-11-20T10:00:00Z"}));
    let mine = ana.about_review(Method::GET, &visit, &written).send().await.is(200);
    assert_eq!((mine.at("/answer/body"), mine.number("/rev")), (json!("Sorry."), 1));
    app.clock.advance(TimeDelta::hours(1));
    let _ = answer(&manager, "azul", &review, Some("Sorry.")).await.is(204);
    assert_eq!(shown().await["at"], "2037-11-20T10:00:00Z", "the same answer again is the same answer");
    let _ = answer(&manager, "azul", &review, Some("Very sorry.")).await.is(204);
    assert_eq!(shown().await, json!({"body": "Very sorry.", "at": "2037-11-20T11:00:00Z"}));
    let page = ana.open("/venues/azul").await.is(200);
    assert!(tests::read(&page.text()).contains("Very sorry."));

    for words in ["", " \u{200b}", &"x".repeat(1001)] {
        let _ = answer(&manager, "azul", &review, Some(words)).await.complains_about(&["/body"]);
    }
    let unknown = "0197f3c2-7b1e-7c00-8000-000000000001";
    let _ = answer(&manager, "azul", unknown, Some("Sorry.")).await.problem(404, "not-found");
    let _ = answer(&manager, "brasa", &review, Some("Sorry.")).await.problem(404, "not-found");
    let _ = answer(&stranger, "brasa", &review, Some("Sorry.")).await.problem(404, "not-found");
    let _ = answer(&stranger, "azul", &review, None).await.problem(404, "not-found");
    let _ = answer(&host, "azul", &review, None).await.problem(403, "forbidden");
    assert_eq!(shown().await["body"], "Very sorry.");
    let _ = answer(&manager, "azul", &review, None).await.is(204);
    let _ = answer(&manager, "azul", &review, None).await.is(204);
    assert_eq!(shown().await, Value::Null);
    let _ = ana.about_review(Method::DELETE, &visit, &written).send().await.is(204);
    let _ = answer(&manager, "azul", &review, None).await.problem(404, "not-found");
    app.truth().holds().await;
}

#[tokio::test]
async fn an_account_takes_its_words_along_and_leaves_its_stars() {
    let scene = Scene::set().await;
    let member = scene.app.member().await;
    sqlx::query("update reservations set account_id = (select id from accounts where email = $1) where id = $2::uuid")
        .bind(&member.email)
        .bind(scene.visit.word("/id"))
        .execute(scene.app.database.pool())
        .await
        .unwrap();
    let session = member.sign_in().await.is(201);
    let path = format!("/api/v1/reservations/{}/review", scene.visit.word("/id"));
    let opinion = scene.ana.opinion(2, "I am Inês Duarte.");
    let written = member.as_signed_in(Method::POST, &path, &session).json(&opinion).send().await.is(201);
    let manager = scene.app.staff(&scene.venue, "manager").await;
    let _ = answer(&manager, &scene.venue.slug, &written.word("/id"), Some("Sorry, Inês.")).await.is(204);
    let (rui, other) = scene.another_visit().await;
    let _ = rui.review(&other, &rui.opinion(4, "I am somebody else.")).await.is(201);

    let exported = member.as_signed_in(Method::GET, "/api/v1/me/export", &session).send().await.is(200);
    assert_eq!(exported.at("/reviews").as_array().map(Vec::len), Some(1));
    assert_eq!(exported.word("/reviews/0/body"), "I am Inês Duarte.");
    let erase = member.as_signed_in(Method::DELETE, "/api/v1/me", &session);
    let _ = erase.json(&json!({"password": Actor::PASSWORD})).send().await.is(204);

    let left = scene.list().await;
    let erased = left.iter().find(|item| item["id"] == written.word("/id")).unwrap();
    assert_eq!((&erased["author"], &erased["body"], &erased["answer"]), (&json!("A guest"), &json!(""), &Value::Null));
    assert_eq!(erased["stars"], stars([2, 2, 2, 2]));
    assert!(left.iter().any(|item| item["body"] == "I am somebody else."));
    let page = eventually("the page has forgotten", async || {
        let page = scene.ana.open("/venues/room").await.is(200);
        (!page.text().contains("I am Inês")).then_some(page)
    })
    .await;
    assert!(page.text().contains("A guest") && !page.text().contains("Sorry, Inês."));
    assert_eq!(scene.rating().await, json!({"overall": 3.0, "food": 3.0, "service": 3.0, "ambience": 3.0, "count": 2}));
    scene.app.truth().holds().await;
}
