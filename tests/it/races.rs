//! Hundreds of guests who want the same table at the same moment.

use std::time::Duration;

use futures::future::join_all;
use tests::{Actor, Answer, Proxy, Room, Setup, TestApp, Truth, Venue};

/// Lets so many guests, each with a connection of their own, book at once.
async fn race(app: &TestApp, venue: &Venue, start: &str, parties: impl IntoIterator<Item = i64>) -> Vec<(i64, Answer)> {
    let first: Actor = app.actor();
    let guests: Vec<(i64, Actor)> = parties.into_iter().map(|party| (party, first.another())).collect();
    join_all(guests.iter().map(async |(party, guest)| (*party, guest.book(venue, start, *party).await))).await
}

/// Insists that so many won and all others got a clean refusal.
fn won_and_lost(answers: &[(i64, Answer)], winners: usize) -> (Vec<&Answer>, Vec<&Answer>) {
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.iter().map(|(_, answer)| answer).partition(|answer| answer.status == 201);
    assert_eq!(won.len(), winners);
    for answer in &lost {
        let answer = (*answer).clone().refused("no_table").problem(409, "table-taken");
        assert!(!answer.alternatives().is_empty(), "{answer:?}");
    }
    (won, lost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_500_guests_who_race_for_10_tables_10_win_and_490_hear_of_other_times() {
    let (app, venue) = TestApp::with(Room::of_two_tops(10)).await;
    let start = app.start(&venue, "20:00");
    let answers = race(&app, &venue, &start, std::iter::repeat_n(2, 500)).await;
    let (won, lost) = won_and_lost(&answers, 10);
    for answer in won {
        let _ = app.actor().see(answer).await.is(200);
    }
    let alternative = &lost[lost.len() / 2].alternatives()[0];
    let _ = app.actor().book(&venue, alternative, 2).await.is(201);
    assert_eq!((app.truth().standing().await, app.truth().claims().await), (11, 11));
    app.truth().holds().await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_line_to_the_database_changes_nothing_about_that() {
    let database = tests::Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    let (app, venue) = Setup::new().on(&database).reaching_database_at(proxy.addr()).open(Room::of_two_tops(10)).await;
    let start = app.start(&venue, "20:00");
    // Whoever asks first finds the connections open and the day in memory.
    let _ = app.actor().look(&venue, app.day(&venue, 7), 2).await.is(200);
    proxy.delay(Duration::from_millis(1));
    let answers = race(&app, &venue, &start, std::iter::repeat_n(2, 500)).await;
    let _ = won_and_lost(&answers, 10);
    proxy.mend();
    app.truth().holds().await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_joined_tables_nobody_is_refused_for_whom_there_is_room() {
    let mut room = Room::of_two_tops(24);
    for table in 0..23 {
        room = room.joining(&[table, table + 1], 3, 4);
    }
    for table in 0..22 {
        room = room.joining(&[table, table + 1, table + 2], 5, 6);
    }
    let (app, venue) = TestApp::with(room).await;
    let start = app.start(&venue, "20:00");
    let parties = (0..300).map(|n| [4, 2, 6, 3, 1, 5][n % 6]);
    let answers = race(&app, &venue, &start, parties).await;
    app.truth().holds().await;
    let free: Vec<i32> = sqlx::query_scalar(
        "select t.label::int from tables t where not exists (select from table_claims c where c.table_id = t.id and c.released_at is null) order by 1",
    )
    .fetch_all(app.database.pool())
    .await
    .unwrap();
    let longest = free.chunk_by(|a, b| a + 1 == *b).map(<[i32]>::len).max().unwrap_or_default();
    for (party, answer) in answers.iter().filter(|(_, answer)| answer.status != 201) {
        let needed = usize::try_from(*party).unwrap().div_ceil(2);
        assert!(longest < needed, "{party} were refused while {free:?} are free: {answer:?}");
        let _ = answer.clone().refused("no_table");
    }
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_kitchen_takes_exactly_as_many_as_it_can() {
    let (app, venue) = TestApp::with(Room::of_two_tops(60).paced(24, 21)).await;
    let start = app.start(&venue, "20:00");
    let answers = race(&app, &venue, &start, (0..100).map(|n| 1 + n % 2)).await;
    let covers: i64 = answers.iter().filter(|(_, answer)| answer.status == 201).map(|(party, _)| party).sum();
    let lost_one = answers.iter().any(|(party, answer)| *party == 1 && answer.status != 201);
    assert!(covers == 21 || (covers == 20 && !lost_one), "{covers}");
    for (_, answer) in answers.iter().filter(|(_, answer)| answer.status != 201) {
        assert!(!answer.clone().refused("pacing").alternatives().is_empty());
    }
    app.truth().holds().await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_100_who_want_to_hold_the_last_table_one_does() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (first, start) = (app.actor(), app.start(&venue, "20:00"));
    let answers = join_all((0..100).map(|_| first.hold(&venue, &start, 2))).await;
    let held: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(held.len(), 1, "{answers:?}");
    // And of 20 who come with its token, one books it.
    let token = held[0].word("/token");
    let guests: Vec<Actor> = (0..20).map(|_| first.another()).collect();
    let answers = join_all(guests.iter().map(|guest| guest.book_held(&venue, &start, 2, &token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    assert!(
        answers.iter().filter(|answer| answer.status != 201).all(|answer| answer.at("/reason") == "hold_expired"),
        "{answers:?}"
    );
    app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_guest_who_books_everywhere_at_once_gets_one_table() {
    let (app, venues) =
        Setup::new().open_all(["a", "b", "c", "d"].map(|slug| Room::of_two_tops(5).called(slug, slug))).await;
    let ana = app.actor();
    let start = app.start(&venues[0], "20:00");
    let answers = join_all((0..40).map(|n| ana.book(&venues[n % 4], &start, 2))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1, "{answers:?}");
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 201)
            .all(|answer| answer.at("/reason") == "overlapping_booking"),
        "{answers:?}"
    );
    app.truth().holds().await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}
