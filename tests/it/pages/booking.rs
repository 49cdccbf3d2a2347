//! Booking, changing and cancelling by plain forms.

use tests::{Actor, Answer, Form, Room, Setup, TestApp, Venue, read};

use super::is_private;

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
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let _ = guest.open("/").await.is(200);
    let found = guest.open(&format!("/search?q=room&date={}&time=20:00&party=2", app.day(&venue, 7))).await.is(200);
    assert!(found.text().contains("/venues/room") && found.text().contains("20:00"));

    let book = hold(&app, &venue, &guest, &start).await.onward();
    assert!(book.starts_with("/book/"));
    let page = guest.open(&book).await.is(200);
    is_private(&page);
    let booked = details(&page, &guest).send(&guest, &book).await;
    let confirmation = booked.onward();
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
    let page = guest.open(&moved.onward()).await.is(200);
    assert!(page.text().contains("22:00"), "{}", page.text());
    let words = Form::with(&page, "name=\"notes\"").fill("notes", "By the window.");
    let (noted, again) = (words.send(&guest, address).await, words.send(&guest, address).await);
    assert_eq!(noted.onward(), again.onward());
    let page = guest.open(&noted.onward()).await.is(200);
    assert!(page.text().contains("By the window."));
    assert!(!page.text().contains("name=\"minutes\""), "nobody is late a week ahead");
    app.clock.advance(chrono::TimeDelta::days(7));
    let page = guest.open(address).await.is(200);
    let late = Form::with(&page, "name=\"minutes\"").fill("minutes", "20").send(&guest, address).await;
    let page = guest.open(&late.onward()).await.is(200);
    assert!(page.text().contains("20"));
    let calendar = guest.open(&format!("{address}/calendar.ics")).await.is(200);
    assert_eq!(tests::Entry::read(&calendar.text()).property("SEQUENCE"), "3");
    is_private(&calendar);
    let cancelled = Form::with(&page, "name=\"reason\"").send(&guest, address).await;
    let page = guest.open(&cancelled.onward()).await.is(200);
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
    let book = first.onward();
    assert_eq!(book, second.onward());
    assert_eq!(app.truth().claims().await, 1);
    let page = guest.open(&book).await.is(200);
    let form = details(&page, &guest);
    let answers = futures::future::join_all((0..5).map(|_| form.send(&guest, &book))).await;
    let first = answers[0].onward();
    assert!(answers.iter().all(|answer| answer.onward() == first), "{answers:?}");
    assert_eq!(form.send(&guest, &book).await.onward(), first);
    assert_eq!(app.truth().standing().await, 1);
    app.truth().holds().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_on_the_page_and_what_was_typed_stays() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let book = hold(&app, &venue, &guest, &start).await.onward();
    let page = guest.open(&book).await.is(200);
    let form = details(&page, &guest)
        .fill("email", "not an address")
        .fill("phone", "12")
        .fill("notes", "No \"nuts\" & <seeds>");
    let again = form.send(&guest, &book).await.is(422);
    is_private(&again);
    let text = read(&again.text());
    assert!(text.contains("does not look like an email address") && text.contains("Start the number with +"), "{text}");
    assert!(again.text().contains("aria-invalid=\"true\""));
    let kept = Form::with(&again, "name=\"email\"");
    assert_eq!(
        (kept.says("name"), kept.says("email"), kept.says("phone")),
        (guest.name.as_str(), "not an address", "12")
    );
    assert!(text.contains("No \"nuts\" & <seeds>") && !again.text().contains("<seeds>"));
    assert_eq!(app.truth().standing().await, 0);
    let mended = kept.fill("email", &guest.email).fill("phone", "").fill("do", "book").send(&guest, &book).await;
    let _ = guest.open(&mended.onward()).await.is(200);
}

#[tokio::test]
async fn a_note_that_is_too_long_is_said_at_its_field() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let booked = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let address = format!("/bookings/{}", booked.word("/manage_token"));
    let page = guest.open(&address).await.is(200);
    let long = format!("<seeds> & {}", "x".repeat(501));
    let again = Form::with(&page, "name=\"notes\"").fill("notes", &long).send(&guest, &address).await.is(422);
    assert_eq!(again.to_put_right(), [("notes".to_owned(), "A note has at most 500 characters.".to_owned())]);
    let field =
        again.text().split("<textarea id=\"notes\"").nth(1).unwrap().split("</textarea>").next().unwrap().to_owned();
    assert!(field.contains("aria-invalid=\"true\"") && read(&field).ends_with(&long), "{field}");
    assert!(!again.text().contains("notice bad"), "it is said twice above the form");
    let mended = Form::with(&again, "name=\"notes\"").fill("notes", "By the window.").send(&guest, &address).await;
    assert!(guest.open(&mended.onward()).await.is(200).text().contains("By the window."));
}

#[tokio::test]
async fn a_word_that_is_too_long_is_said_at_its_field_and_nothing_is_cancelled() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let guest = app.actor();
    let booked = guest.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let address = format!("/bookings/{}", booked.word("/manage_token"));
    let page = guest.open(&address).await.is(200);
    let long = "x".repeat(501);
    let again = Form::with(&page, "name=\"reason\"").fill("reason", &long).send(&guest, &address).await.is(422);
    assert_eq!(again.to_put_right(), [("reason".to_owned(), "A note has at most 500 characters.".to_owned())]);
    assert!(again.text().contains("aria-invalid=\"true\"") && !again.text().contains("notice bad"));
    let kept = Form::with(&again, "name=\"reason\"");
    assert_eq!((kept.says("reason"), app.truth().standing().await), (long.as_str(), 1));
    let mended = kept.fill("reason", "A cold.").send(&guest, &address).await;
    assert!(guest.open(&mended.onward()).await.is(200).text().contains("Cancelled"));
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
    let book = instead.fill("start", &other).send(&guest, &path).await.onward();
    let _ = guest.open(&book).await.is(200);
}

#[tokio::test]
async fn a_hold_that_is_over_is_said_with_a_way_on() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (guest, start) = (app.actor(), app.start(&venue, "20:00"));
    let book = hold(&app, &venue, &guest, &start).await.onward();
    let page = guest.open(&book).await.is(200);
    let more = details(&page, &guest).fill("do", "extend").send(&guest, &book).await.is(200);
    assert_eq!(Form::with(&more, "name=\"email\"").says("name"), guest.name);
    app.database
        .run("update table_claims set expires_at = clock_timestamp() - interval '1 second' where kind = 'hold'")
        .await;
    let over = guest.open(&book).await.is(410);
    assert!(over.text().contains("hold has ended"), "{}", over.text());
    let late = details(&page, &guest).send(&guest, &book).await.is(409);
    assert!(late.text().contains("hold has ended"), "{}", late.text());
    assert_eq!(app.truth().standing().await, 0);

    let book = hold(&app, &venue, &guest, &app.start(&venue, "12:00")).await.onward();
    let page = guest.open(&book).await.is(200);
    let back = details(&page, &guest).fill("do", "release").send(&guest, &book).await.onward();
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
    let book = Form::with(&page, "name=\"start\"").fill("start", &start).send(&guest, &path).await.onward();
    let page = guest.open(&book).await.is(200);
    assert!(read(&page.text()).contains("Choose another table"));
    let back = Form::with(&page, "value=\"release\"").send(&guest, &book).await.onward();
    assert_eq!(back, format!("{path}#book"));
    assert_eq!(app.truth().claims().await, 0);
    let over = guest.open(&book).await.is(410);
    assert!(read(&over.text()).contains(&format!("{path}#book")), "{}", over.text());

    // Who wished for no area comes back to every area.
    let path = format!("/venues/room?date={date}&party=2");
    let book = hold(&app, &venue, &guest, &start).await.onward();
    let page = guest.open(&book).await.is(200);
    let back = Form::with(&page, "value=\"release\"").send(&guest, &book).await.onward();
    assert_eq!(back, format!("{path}#book"));
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
    let page = guest.open(&choice.send(&guest, &address).await.onward()).await.is(200);
    assert!(
        page.text().contains("The Room has been asked for") && !page.text().contains("It has moved"),
        "{}",
        page.text()
    );
}
