//! A booking in the guest's own calendar.

use reqwest::Method;
use serde_json::json;
use tests::{Entry, Room, Setup, TestApp};

#[tokio::test]
async fn the_entry_keeps_its_name_and_counts_its_changes() {
    let (app, venue) = TestApp::with(Room::with([4])).await;
    let ana = app.actor();
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let entry = async || Entry::read(&ana.about(Method::GET, &booked, ".ics").send().await.is(200).text());
    let first = entry().await;
    assert_eq!((first.property("STATUS"), first.property("SUMMARY")), ("CONFIRMED", "The Room, table for 2"));
    assert!(first.property("DESCRIPTION").contains(&booked.word("/reference")));
    assert!(first.property("URL").ends_with(&booked.word("/manage_token")));

    let _ = ana.change(&booked, &json!({"rev": 1, "start": app.start(&venue, "21:00"), "party": 3})).await.is(200);
    let second = entry().await;
    let _ = ana.about(Method::POST, &booked, "/late").json(&json!({"minutes": 5})).send().await.is(200);
    let third = entry().await;
    let _ = ana.about(Method::POST, &booked, "/cancel").json(&json!({"rev": 3})).send().await.is(200);
    let last = entry().await;
    assert_eq!((last.property("STATUS"), second.property("SUMMARY")), ("CANCELLED", "The Room, table for 3"));
    assert_ne!(first.property("DTSTART"), second.property("DTSTART"));

    let entries = [first, second, third, last];
    let sequences: Vec<u32> = entries.iter().map(|entry| entry.property("SEQUENCE").parse().unwrap()).collect();
    assert!(sequences.is_sorted_by(|a, b| a < b), "{sequences:?}");
    assert!(entries.iter().all(|entry| entry.property("UID") == entries[0].property("UID")));
    assert!(entries.is_sorted_by(|a, b| a.property("DTSTAMP") <= b.property("DTSTAMP")));
}

#[tokio::test]
async fn the_entry_says_when_in_universal_time() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1).in_zone("America/New_York")).await;
    let booked = app.actor().book(&venue, "2037-11-21T20:00:00-05:00", 2).await.is(201);
    let file = app.actor().about(Method::GET, &booked, ".ics").send().await.is(200);
    assert!(file.header("content-disposition").starts_with("attachment"));
    let entry = Entry::read(&file.text());
    assert_eq!((entry.property("DTSTART"), entry.property("DTEND")), ("20371122T010000Z", "20371122T023000Z"));
}

#[tokio::test]
async fn the_entry_of_a_request_is_tentative() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(4)).await;
    let asked = app.actor().book(&venue, &app.start(&venue, "20:00"), 6).await.is(201);
    let file = app.actor().about(Method::GET, &asked, ".ics").send().await.is(200);
    assert_eq!(Entry::read(&file.text()).property("STATUS"), "TENTATIVE");
}
