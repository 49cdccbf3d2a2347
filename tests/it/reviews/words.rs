//! What a review may say.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Scene, stars};

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
