//! What pages say when something is wrong, and what never becomes part of them.

use reqwest::Method;
use serde_json::json;
use tests::{Database, Proxy, Room, Setup, TestApp, eventually};

use super::is_private;

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_that_says_so() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let guest = app.actor();
    let booked = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let token = booked.word("/manage_token");
    for path in [
        "/nothing".to_owned(),
        "/venues/nowhere".to_owned(),
        "/venues/No%20Where".to_owned(),
        "/bookings/x".to_owned(),
        "/book/x".to_owned(),
        format!("/book/{token}"),
        format!("/bookings/{}", &token[..token.len() - 2]),
        "/pkg/none.js".to_owned(),
        "/%00".to_owned(),
        "/..%2f..%2fetc%2fpasswd".to_owned(),
    ] {
        let page = guest.open(&path).await.is(404);
        assert!(page.header("content-type").starts_with("text/html") && page.text().contains("<h1"), "{page:?}");
    }
    let _ = guest.open(&format!("/bookings/{token}")).await.is(200);
    let _ = guest.open("/bookings/x/calendar.ics").await.is(404);
}

#[tokio::test]
async fn pages_have_their_manners_too() {
    let (app, venue) = TestApp::with(Room::of_two_tops(2)).await;
    let guest = app.actor();
    let form = |method: Method, path: &str| guest.ask(method, path).header("accept", "text/html");
    let wrong_method = form(Method::PUT, "/venues/room").send().await.is(405);
    assert!(wrong_method.text().contains("405, not this way"), "{wrong_method:?}");
    let large = "x".repeat(1 << 20);
    let too_large = form(Method::POST, "/venues/room").form(&[("start", &large)]).send().await.is(413);
    assert!(too_large.text().contains("<h1") && too_large.text().contains("413, too large"), "{too_large:?}");
    let before = app.truth().counts().await;
    for fields in [
        &[("start", "yesterday"), ("party", "2")],
        &[("start", ""), ("party", "2")],
        &[("party", "0"), ("start", "2040-01-01T20:00:00Z")],
    ] {
        let page = form(Method::POST, "/venues/room").form(fields).send().await.is(422);
        assert!(page.text().contains("<h1"), "{page:?}");
    }
    for query in
        ["date=2020-01-01", "date=x&party=y", "party=51", "area=x", "needs=fire", "date=2300-01-01", "date=%ff%fe"]
    {
        let page = guest.open(&format!("/venues/room?{query}")).await;
        assert!(page.status == 200 || page.status == 422, "{query}: {page:?}");
        assert!(page.text().contains("<h1"), "{query}: {page:?}");
    }
    for query in
        ["q=%00%01", "date=x", "party=99", "price=9", "cursor=../x", "sort=luck", &format!("q={}", "x".repeat(500))]
    {
        let page = guest.open(&format!("/search?{query}")).await;
        assert!(page.status == 200 || page.status == 422, "{query}: {page:?}");
    }
    for call in [
        "hold_table",
        "book_table",
        "load_venue",
        "load_booking",
        "change_booking",
        "cancel_booking",
        "report_late",
        "extend_hold",
    ] {
        let path = format!("/ui/{call}");
        for body in ["", "{", "[]", "{\"ask\": 1}", "{\"nothing\": true}", "null"] {
            let answer = guest.ask(Method::POST, &path).body("application/json", body).send().await;
            assert!((400..500).contains(&answer.status), "{call} {body}: {answer:?}");
        }
        let _ = guest.get(&path).await.is(405);
    }
    let refused = guest
        .ask(Method::POST, "/ui/hold_table")
        .json(&json!({"ask": {"slug": "room", "start": "x", "party": "2"}}))
        .send()
        .await
        .is(422);
    assert!(refused.header("content-type").starts_with("application/json"), "{refused:?}");
    assert_eq!(app.truth().counts().await, before);
    let _ = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
}

#[tokio::test]
async fn nothing_that_is_written_becomes_part_of_a_page() {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'--><svg onload=alert(3)>";
    let (app, venue) = TestApp::with(Room::of_two_tops(2).called("room", &evil[..100.min(evil.len())])).await;
    let guest = app.actor();
    let mut booking = guest.booking(&venue, &app.start(&venue, "20:00"), 2);
    booking["guest"]["name"] = "O'Neill \"><svg/onload=alert(4) < b".into();
    booking["notes"] = "\"><svg/onload=alert(5) < b".into();
    let booked = guest.post("/api/v1/reservations", &booking).await.is(201);
    let query = evil.bytes().fold(String::new(), |query, byte| format!("{query}%{byte:02x}"));
    for path in [
        "/".to_owned(),
        "/venues/room".to_owned(),
        format!("/search?q={query}&city={query}"),
        format!("/venues/room?date={query}&area={query}&time={query}"),
        format!("/bookings/{}?new=1&done={query}", booked.word("/manage_token")),
        format!("/bookings/{}", booked.word("/manage_token")),
        format!("/{query}"),
    ] {
        let page = guest.open(&path).await;
        assert!(page.status < 500, "{page:?}");
        let html = page.text();
        for live in ["<script>alert", "<img src=x", "<svg onload", "<svg/onload"] {
            assert!(!html.contains(live), "{path}: {live} in {html}");
        }
    }
}

#[tokio::test]
async fn without_its_database_a_page_says_when_to_come_back() {
    let database = Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    let setup =
        Setup::new().set("TRESTLE_DATABASE__ACQUIRE_SECONDS", "1").on(&database).reaching_database_at(proxy.addr());
    let (app, venue) = setup.open(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let booked = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let address = format!("/bookings/{}", booked.word("/manage_token"));
    proxy.cut();
    let page = guest.open(&address).await.is(503);
    assert!(page.text().contains("<h1") && page.header("retry-after").parse::<u32>().is_ok(), "{page:?}");
    is_private(&page);
    let calendar = guest.open(&format!("{address}/calendar.ics")).await.is(503);
    assert!(calendar.text().contains("<h1") && !calendar.header("retry-after").is_empty(), "{calendar:?}");
    let home =
        eventually("memory is too old", async || Some(guest.open("/").await).filter(|page| page.status != 200)).await;
    assert!(home.status == 503 && home.text().contains("<h1") && !home.header("retry-after").is_empty(), "{home:?}");
    let call = guest
        .ask(Method::POST, "/ui/load_booking")
        .json(&json!({"token": booked.word("/manage_token")}))
        .send()
        .await
        .is(503);
    assert!(!call.header("retry-after").is_empty(), "{call:?}");
    proxy.mend();
    eventually("the page is back", async || (guest.open(&address).await.status == 200).then_some(())).await;
}
