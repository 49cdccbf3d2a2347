//! What a venue answers, and what is left of a review whose author goes.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, eventually};

use super::{Scene, stars};

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
