//! What others read of reviews: averages, and lists.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, Truth, eventually};

use super::{Scene, rating, stars};

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
