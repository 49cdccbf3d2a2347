//! The pages as a browser without JavaScript sees them.

use reqwest::Method;
use serde_json::json;
use tests::{Actor, Answer, Database, Form, Proxy, Room, Setup, TestApp, Venue, eventually, read};

/// Where a form sends its visitor on.
#[track_caller]
fn onward(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").to_owned()
}

#[track_caller]
fn is_private(page: &Answer) {
    assert_eq!(page.header("cache-control"), "no-store", "{page:?}");
    assert_eq!(page.header("referrer-policy"), "no-referrer", "{page:?}");
    assert_eq!(page.header("x-robots-tag"), "noindex", "{page:?}");
}

/// Chooses a time on the venue's page, and ends where the details are asked for.
async fn hold(app: &TestApp, venue: &Venue, guest: &Actor, start: &str) -> Answer {
    let path = format!("/venues/{}?date={}&party=2", venue.slug, app.day(venue, 7));
    let page = guest.open(&path).await.is(200);
    Form::with(&page, "name=\"start\"").fill("start", start).send(guest, &path).await
}

fn details(page: &Answer, guest: &Actor) -> Form {
    Form::with(page, "name=\"email\"").fill("name", &guest.name).fill("email", &guest.email).fill("do", "book")
}

#[tokio::test]
async fn plain_forms_lead_from_a_restaurant_to_a_table_and_to_everything_after() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let _ = guest.open("/").await.is(200);
    let found = guest.open(&format!("/search?q=room&date={}&time=20:00&party=2", app.day(&venue, 7))).await.is(200);
    assert!(found.text().contains("/venues/room") && found.text().contains("20:00"));

    let book = onward(&hold(&app, &venue, &guest, &start).await);
    assert!(book.starts_with("/book/"));
    let page = guest.open(&book).await.is(200);
    is_private(&page);
    let booked = details(&page, &guest).send(&guest, &book).await;
    let confirmation = onward(&booked);
    assert!(confirmation.starts_with("/bookings/") && !confirmation.contains('@') && !confirmation.contains("Guest"));
    let page = guest.open(&confirmation).await.is(200);
    is_private(&page);
    let reference: String =
        sqlx::query_scalar("select reference from reservations").fetch_one(app.database.pool()).await.unwrap();
    assert!(page.text().contains(&reference));
    let letter = app.letters_to(&guest, 1).await.remove(0);
    let _ = guest.open(&letter.link()).await.is(200);

    let address = confirmation.split('?').next().unwrap();
    let manage = guest.open(address).await.is(200);
    let later = app.start(&venue, "22:00");
    let moved = Form::with(&manage, "class=\"picker").fill("start", &later).send(&guest, address).await;
    let page = guest.open(&onward(&moved)).await.is(200);
    assert!(page.text().contains("22:00"), "{}", page.text());
    let words = Form::with(&page, "name=\"notes\"").fill("notes", "By the window.");
    let (noted, again) = (words.send(&guest, address).await, words.send(&guest, address).await);
    assert_eq!(onward(&noted), onward(&again));
    let page = guest.open(&onward(&noted)).await.is(200);
    assert!(page.text().contains("By the window."));
    let late = Form::with(&page, "name=\"minutes\"").fill("minutes", "20").send(&guest, address).await;
    let page = guest.open(&onward(&late)).await.is(200);
    assert!(page.text().contains("20"));
    let calendar = guest.open(&format!("{address}/calendar.ics")).await.is(200);
    assert_eq!(tests::Entry::read(&calendar.text()).property("SEQUENCE"), "3");
    is_private(&calendar);
    let cancelled = Form::with(&page, "name=\"reason\"").send(&guest, address).await;
    let page = guest.open(&onward(&cancelled)).await.is(200);
    assert!(page.text().to_lowercase().contains("cancelled") && page.text().contains("a note is on its way"));
    let later = guest.open(address).await.is(200);
    assert!(later.text().contains("not kept any longer") && !later.text().contains("on its way"));
    assert_eq!(app.truth().claims().await, 0);
    app.truth().holds().await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_books_once() {
    let (app, venue) = TestApp::with(Room::of_two_tops(3)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let path = format!("/venues/room?date={}&party=2", app.day(&venue, 7));
    let page = guest.open(&path).await.is(200);
    let choice = Form::with(&page, "name=\"start\"").fill("start", &start);
    let (first, second) = tokio::join!(choice.send(&guest, &path), choice.send(&guest, &path));
    let book = onward(&first);
    assert_eq!(book, onward(&second));
    assert_eq!(app.truth().claims().await, 1);
    let page = guest.open(&book).await.is(200);
    let form = details(&page, &guest);
    let answers = futures::future::join_all((0..5).map(|_| form.send(&guest, &book))).await;
    let first = onward(&answers[0]);
    assert!(answers.iter().all(|answer| onward(answer) == first), "{answers:?}");
    assert_eq!(onward(&form.send(&guest, &book).await), first);
    assert_eq!(app.truth().standing().await, 1);
    app.truth().holds().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_on_the_page_and_what_was_typed_stays() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let book = onward(&hold(&app, &venue, &guest, &start).await);
    let page = guest.open(&book).await.is(200);
    let form = details(&page, &guest)
        .fill("email", "not an address")
        .fill("phone", "12")
        .fill("notes", "No \"nuts\" & <seeds>");
    let again = form.send(&guest, &book).await.is(422);
    is_private(&again);
    let text = read(&again.text());
    assert!(text.contains("does not look like a mail address") && text.contains("Start the number with +"), "{text}");
    assert!(again.text().contains("aria-invalid=\"true\""));
    let kept = Form::with(&again, "name=\"email\"");
    assert_eq!(
        (kept.says("name"), kept.says("email"), kept.says("phone")),
        (guest.name.as_str(), "not an address", "12")
    );
    assert!(text.contains("No \"nuts\" & <seeds>") && !again.text().contains("<seeds>"));
    assert_eq!(app.truth().standing().await, 0);
    let mended = kept.fill("email", &guest.email).fill("phone", "").fill("do", "book").send(&guest, &book).await;
    let _ = guest.open(&onward(&mended)).await.is(200);
}

#[tokio::test]
async fn a_time_that_is_gone_is_said_with_times_that_can_be_had() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let path = format!("/venues/room?date={}&party=2", app.day(&venue, 7));
    let page = guest.open(&path).await.is(200);
    let _ = app.actor().book(&venue, &start, 2).await.is(201);
    let refused = Form::with(&page, "name=\"start\"").fill("start", &start).send(&guest, &path).await.is(409);
    assert!(read(&refused.text()).contains("Every table that fits is taken"), "{}", refused.text());
    let instead = Form::with(&refused, "name=\"key\"");
    let other = app.start(&venue, "18:30");
    assert!(refused.text().contains(other.trim_end_matches('Z')), "{}", refused.text());
    let book = onward(&instead.fill("start", &other).send(&guest, &path).await);
    let _ = guest.open(&book).await.is(200);
}

#[tokio::test]
async fn a_hold_that_is_over_is_said_with_a_way_on() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let book = onward(&hold(&app, &venue, &guest, &start).await);
    let page = guest.open(&book).await.is(200);
    let more = details(&page, &guest).fill("do", "extend").send(&guest, &book).await.is(200);
    assert_eq!(Form::with(&more, "name=\"email\"").says("name"), guest.name);
    app.database
        .run("update table_claims set expires_at = clock_timestamp() - interval '1 second' where kind = 'hold'")
        .await;
    let over = guest.open(&book).await.is(410);
    assert!(over.text().contains("time is over"), "{}", over.text());
    let late = details(&page, &guest).send(&guest, &book).await.is(409);
    assert!(late.text().contains("time is over"), "{}", late.text());
    assert_eq!(app.truth().standing().await, 0);

    let book = onward(&hold(&app, &venue, &guest, &app.start(&venue, "12:00")).await);
    let page = guest.open(&book).await.is(200);
    let back = onward(&details(&page, &guest).fill("do", "release").send(&guest, &book).await);
    assert!(back.starts_with("/venues/room"), "{back}");
    assert!(guest.open_starts(&venue, app.day(&venue, 7), 2).await.contains(&app.start(&venue, "12:00")));
}

#[tokio::test]
async fn the_way_back_keeps_every_wish_and_lets_the_table_go() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1).and_area("Terrace", "outdoor", [2])).await;
    let (guest, start, date) = (app.actor(), app.start(&venue, "20:00"), app.day(&venue, 7));
    let wishes = format!("date={date}&party=2&area={}&needs=step_free", venue.areas[1]);
    let path = format!("/venues/room?{wishes}");
    let page = guest.open(&path).await.is(200);
    let book = onward(&Form::with(&page, "name=\"start\"").fill("start", &start).send(&guest, &path).await);
    let page = guest.open(&book).await.is(200);
    assert!(read(&page.text()).contains("Choose another table"));
    let back = onward(&Form::with(&page, "value=\"release\"").send(&guest, &book).await);
    assert_eq!(back, format!("{path}#book"));
    assert_eq!(app.truth().claims().await, 0);
    let over = guest.open(&book).await.is(410);
    assert!(read(&over.text()).contains(&format!("{path}#book")), "{}", over.text());

    // Who wished for no area comes back to every area.
    let path = format!("/venues/room?date={date}&party=2");
    let book = onward(&hold(&app, &venue, &guest, &start).await);
    let page = guest.open(&book).await.is(200);
    let back = onward(&Form::with(&page, "value=\"release\"").send(&guest, &book).await);
    assert_eq!(back, format!("{path}#book"));
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
    assert!(gone.contains("20:00 cannot be had any more.") && gone.contains("Hold this table for two"), "{gone}");
}

#[tokio::test]
async fn a_move_that_the_restaurant_must_answer_says_so() {
    let (app, venue) = TestApp::with(Room::with([8]).asking_above(6)).await;
    let guest = app.actor();
    let booked = guest.book(&venue, &app.start(&venue, "20:00"), 6).await.is(201);
    let address = format!("/bookings/{}", booked.word("/manage_token"));
    let page = guest.open(&format!("{address}?party=8")).await.is(200);
    assert!(page.text().contains("your table is given up"), "{}", page.text());
    let choice = Form::with(&page, "class=\"picker").fill("start", &app.start(&venue, "21:00"));
    let page = guest.open(&onward(&choice.send(&guest, &address).await)).await.is(200);
    assert!(page.text().contains("The Room is asked for") && !page.text().contains("It has moved"), "{}", page.text());
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
