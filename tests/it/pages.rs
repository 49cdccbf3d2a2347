//! The pages as a browser without JavaScript sees them.

mod booking;
mod trouble;

use reqwest::Method;
use serde_json::json;
use tests::{Answer, Room, Setup, TestApp, read};

#[track_caller]
fn is_private(page: &Answer) {
    assert_eq!(page.header("cache-control"), "no-store", "{page:?}");
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{page:?}");
    assert_eq!(page.header("x-robots-tag"), "noindex", "{page:?}");
}

#[tokio::test]
async fn a_time_in_an_address_is_believed_only_when_it_is_one() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, day) = (app.actor(), app.day(&venue, 7));
    let at = async |time: &str| {
        let page = guest.open(&format!("/venues/room?date={day}&party=2&time={time}")).await.is(200);
        read(&page.text())
    };
    let nonsense = at("Everything+is+free").await;
    assert!(!nonsense.contains("Everything is free") && !nonsense.contains("id=\"refused\""));
    assert!(at("19:37").await.contains("19:37 is not on offer that day."));
    assert!(at("20:00").await.contains("checked"));
    let _ = app.actor().book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let gone = at("20:00").await;
    assert!(gone.contains("20:00 is no longer free.") && gone.contains("Hold this table for two"), "{gone}");
}

#[tokio::test]
async fn pages_say_how_long_a_table_is_really_held() {
    let (app, venue) = Setup::new().set("TRESTLE_HOLD_MINUTES", "7").open(Room::of_two_tops(1)).await;
    let (guest, day) = (app.actor(), app.day(&venue, 7));
    let venue = format!("/venues/room?date={day}");
    for path in ["/", &venue] {
        let page = guest.open(path).await.is(200);
        assert!(page.text().contains("seven minutes") && !page.text().contains("five minutes"), "{path}");
    }
    let ask = json!({"ask": {"of": "room", "date": day, "party": "2"}});
    let times = guest.ask(Method::POST, "/ui/load_availability").json(&ask).send().await.is(200);
    assert!(times.text().contains("seven minutes"), "{times:?}");
}

#[tokio::test]
async fn a_house_without_restaurants_says_so() {
    let app = Setup::new().start().await;
    let home = app.actor().open("/").await.is(200);
    assert!(home.text().contains("No restaurants yet") && !home.text().contains("All restaurants in"));
    let found = app.actor().open("/search").await.is(200);
    assert!(!found.text().contains("these find something"));
}

#[tokio::test]
async fn an_evening_on_which_nothing_is_free_is_not_called_open() {
    let at = "2037-11-20T10:00:00Z";
    let (app, venue) = Setup::at(at).open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let home = guest.open("/").await.is(200);
    assert!(home.text().contains("Open in Lisbon tonight") && home.text().contains("Free as of now"));
    for hour in 10..24 {
        let _ = app.actor().book(&venue, &format!("2037-11-20T{hour}:00:00Z"), 2).await;
    }
    let home = guest.open("/").await.is(200);
    assert!(!home.text().contains("Open in Lisbon") && home.text().contains("Nothing is free tonight"), "{home:?}");
    let last = guest.open("/search?date=2200-12-31&time=20:00&party=2").await;
    assert_eq!(last.status, 200, "{last:?}");
}
