//! Reviews: who may write them, change them and take them back.

mod answers;
mod reading;
mod words;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, TestApp, Venue};

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
async fn what_is_written_anew_keeps_the_14_days_of_what_was_first() {
    let scene = Scene::set().await;
    let write = async |body: &str| scene.ana.review(&scene.visit, &scene.ana.opinion(3, body)).await;
    let delete =
        async |review: &Answer| scene.ana.about_review(Method::DELETE, &scene.visit, review).send().await.is(204);
    let first = write("First.").await.is(201);
    let _ = delete(&first).await;
    scene.app.clock.advance(TimeDelta::days(14));
    let second = write("Second.").await.is(201);
    assert_eq!(second.at("/changeable_until"), first.at("/changeable_until"));
    let _ = delete(&second).await;
    let third = write("Third.").await.is(201);
    scene.app.clock.advance(TimeDelta::seconds(1));
    let change = json!({"rev": 1, "body": "Fourth."});
    let late = scene.ana.about_review(Method::PATCH, &scene.visit, &third).json(&change).send().await;
    let _ = late.problem(409, "review-settled").refused("review_settled");
    // While one stands, that is why there is no other.
    let _ = write("Fourth.").await.problem(409, "already-reviewed");
    let _ = delete(&third).await;
    let refused = scene.nothing_changes("writing anew, late", write("Fourth.")).await;
    let refused = refused.problem(409, "review-settled").refused("review_deleted");
    assert!(refused.word("/detail").contains("14 days"), "{refused:?}");
    assert_eq!((scene.rating().await, scene.list().await), (Value::Null, vec![]));
    scene.app.truth().holds().await;
}

#[tokio::test]
async fn what_is_left_of_a_deleted_review_stays_while_its_visit_could_be_written_about() {
    let (app, venue) = Setup::new().open(Room::of_two_tops(6)).await;
    for n in 0..2 {
        let guest = app.actor();
        let visit = app.finished_visit(&venue, &guest).await;
        let written = guest.review(&visit, &guest.opinion(3, "Mine.")).await.is(201);
        let _ = guest.about_review(Method::DELETE, &visit, &written).send().await.is(204);
        if n == 0 {
            // Long before the other.
            let _ = app.database.run("update reservations set start_at = start_at - interval '120 days', end_at = end_at - interval '120 days'").await;
        }
    }
    let _ = app.database.run("update reviews set deleted_at = deleted_at - interval '40 days'").await;
    app.backend.clean().await.unwrap();
    assert_eq!(app.truth().number("select count(*) from reviews").await, 1);
    let kept = "select count(*) from reviews w join reservations r on r.id = w.reservation_id where r.start_at > now()";
    assert_eq!(app.truth().number(kept).await, 1);
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
