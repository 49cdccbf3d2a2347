//! Reviews on pages as a browser without JavaScript sees them.

use chrono::TimeDelta;
use tests::{Actor, Answer, Form, Room, Setup, TestApp, Venue, read};

async fn evening() -> (TestApp, Venue, Actor, Answer) {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(20)).await;
    let mut ana = app.actor();
    "Inês Duarte".clone_into(&mut ana.name);
    let visit = app.finished_visit(&venue, &ana).await;
    app.clock.advance(TimeDelta::days(8));
    (app, venue, ana, visit)
}

fn filled(page: &Answer, marks: [&str; 4], body: &str) -> Form {
    let form = Form::with(page, "name=\"body\"").fill("overall", marks[0]).fill("food", marks[1]);
    form.fill("service", marks[2]).fill("ambience", marks[3]).fill("body", body)
}

#[tokio::test]
async fn plain_forms_write_a_review_change_it_and_take_it_back() {
    let (app, _, ana, visit) = evening().await;
    let address = format!("/bookings/{}", visit.word("/manage_token"));
    let empty = ana.open("/venues/room").await.is(200);
    assert!(empty.text().contains("No reviews yet") && !empty.text().contains("aggregateRating"));
    let page = ana.open(&address).await.is(200);
    assert!(page.text().contains("Write a review"));

    let form = filled(&page, ["4", "5", "4", "3"], "Good <b>fish</b> & \"kind\" people.");
    let (first, again) = (form.send(&ana, &address).await, form.send(&ana, &address).await);
    assert_eq!(first.onward(), again.onward());
    let page = ana.open(&first.onward()).await.is(200);
    assert!(page.text().contains("Thank you.") && page.text().contains("Change your review"));
    assert!(read(&page.text()).contains("Good fish & \"kind\" people."));
    let kept = Form::with(&page, "name=\"body\"");
    assert_eq!(["overall", "food", "service", "ambience"].map(|name| kept.says(name).to_owned()), ["4", "5", "4", "3"]);

    let venue = ana.open("/venues/room").await.is(200);
    let text = read(&venue.text());
    assert!(text.contains("Inês D.") && !text.contains("Duarte") && text.contains("November 2037"), "{text}");
    assert!(text.contains("4.0 of 5 stars") && text.contains("1 review") && text.contains("\"aggregateRating\""));
    assert!(ana.open("/search?q=room").await.is(200).text().contains("4.0 of 5 stars"));

    let changed = filled(&page, ["2", "2", "2", "2"], "Less good.").send(&ana, &address).await;
    let page = ana.open(&changed.onward()).await.is(200);
    assert!(page.text().contains("Less good.") && !page.text().contains("fish"));
    let gone = Form::with(&page, "value=\"delete_review\"").send(&ana, &address).await;
    let page = ana.open(&gone.onward()).await.is(200);
    assert!(page.text().contains("Your review is gone.") && page.text().contains("Write a review"));
    assert!(ana.open("/venues/room").await.is(200).text().contains("No reviews yet"));
    app.truth().holds().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_stays() {
    let (app, _, ana, visit) = evening().await;
    let address = format!("/bookings/{}", visit.word("/manage_token"));
    let page = ana.open(&address).await.is(200);
    let long = format!("<seeds> & {}", "x".repeat(2001));
    let again =
        Form::with(&page, "name=\"body\"").fill("food", "5").fill("body", &long).send(&ana, &address).await.is(422);
    let text = read(&again.text());
    assert!(text.contains("Several things to put right"), "{text}");
    let expected = [
        ("overall", "Give the visit as a whole one to five stars."),
        ("service", "Give the service one to five stars."),
        ("ambience", "Give the ambience one to five stars."),
        ("body", "A review has at most 2000 characters."),
    ];
    assert_eq!(again.to_put_right(), expected.map(|(name, words)| (name.to_owned(), words.to_owned())));
    assert_eq!(Form::with(&again, "name=\"body\"").says("food"), "5");
    assert!(text.contains(&long) && !again.text().contains("<seeds>"));
    assert_eq!(app.truth().number("select count(*) from reviews").await, 0);
    let mended = filled(&again, ["5", "5", "5", "5"], "").send(&ana, &address).await;
    let _ = ana.open(&mended.onward()).await.is(200);
    assert_eq!(app.truth().number("select count(*) from reviews").await, 1);
}

#[tokio::test]
async fn the_desk_is_open_while_it_can_be_used() {
    let (app, _, ana, visit) = evening().await;
    let address = format!("/bookings/{}", visit.word("/manage_token"));
    let old = ana.open(&address).await.is(200);
    let _ = ana.review(&visit, &ana.opinion(4, "From elsewhere.")).await.is(201);
    let refused = filled(&old, ["1", "1", "1", "1"], "Mine.").send(&ana, &address).await.is(409);
    assert!(refused.text().contains("You have written about this visit already."));
    app.clock.advance(TimeDelta::days(15));
    let page = ana.open(&address).await.is(200);
    assert!(page.text().contains("From elsewhere.") && !page.text().contains("name=\"body\""));
    assert!(read(&page.text()).contains("You cannot write about this visit again."));
    let gone = Form::with(&page, "value=\"delete_review\"").send(&ana, &address).await;
    let page = ana.open(&gone.onward()).await.is(200);
    let words = "You deleted your review of this visit, and the 14 days in which you could write another are over.";
    assert!(page.text().contains(words) && !page.text().contains("name=\"body\""));
    let refused = filled(&old, ["1", "1", "1", "1"], "Mine again.").send(&ana, &address).await.is(409);
    assert!(refused.text().contains(words) && !refused.text().contains("name=\"body\""));
    app.clock.advance(TimeDelta::days(90));
    let page = ana.open(&address).await.is(200);
    assert!(page.text().contains("for 90 days") && !page.text().contains("name=\"body\""));
    for status in ["booked", "no_show", "cancelled_venue"] {
        app.put_visit(&visit, status).await;
        assert!(!ana.open(&address).await.is(200).text().contains("Your review"), "{status}");
    }
}

#[tokio::test]
async fn the_reviews_of_a_restaurant_have_pages() {
    let (app, venue, ana, _) = evening().await;
    for n in 0..13 {
        let guest = app.actor();
        let visit = app.finished_visit(&venue, &guest).await;
        app.clock.advance(TimeDelta::minutes(1));
        let _ = guest.review(&visit, &guest.opinion(5, &format!("Number {n}."))).await.is(201);
    }
    let page = ana.open("/venues/room").await.is(200);
    assert!(page.text().contains("Number 12.") && !page.text().contains("Number 9."), "only the newest stand here");
    assert!(page.text().contains("All 13 reviews"));
    let first = ana.open("/venues/room/reviews").await.is(200);
    assert!(
        first.text().contains("Number 12.")
            && first.text().contains("Number 1.")
            && !first.text().contains("Number 0.")
    );
    let text = read(&first.text());
    let next = text.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap();
    assert!(next.starts_with("/venues/room/reviews?cursor="), "{next}");
    let second = ana.open(next).await.is(200);
    assert!(second.text().contains("Number 0.") && !second.text().contains("Number 1."));
    assert!(second.text().contains("First page") && second.text().contains("noindex"));
    let _ = ana.open("/venues/room/reviews?cursor=x").await.is(422);
    let _ = ana.open("/venues/nowhere/reviews").await.is(404);
}
