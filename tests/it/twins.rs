//! Two servers on one database: what one books, the other shows as taken within a second.

use std::time::{Duration, Instant};

use tests::{Answer, Room, Setup, TestApp, Venue, redis_url};

/// Twin servers that both know the day.
async fn twins(redis: &str) -> (TestApp, TestApp, Venue) {
    let (one, venue) = Setup::new().set("REDIS_URL", redis).open(Room::of_two_tops(1)).await;
    let two = Setup::new().set("REDIS_URL", redis).on(&one.database).start().await;
    (one, two, venue)
}

/// Insists that whoever asks a second after `done` sees the start offered, or not; and says how long it took.
async fn shows(app: &TestApp, venue: &Venue, start: &str, offered: bool, done: Instant) -> Duration {
    let guest = app.actor();
    loop {
        let asked = done.elapsed();
        if guest.open_starts(venue, app.day(venue, 7), 2).await.iter().any(|open| open == start) == offered {
            return asked;
        }
        assert!(asked < Duration::from_secs(1), "shown as it was {asked:?} ago");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn what_one_does_the_other_shows(redis: &str) {
    let (one, two, venue) = twins(redis).await;
    let mut slowest = Duration::ZERO;
    for round in 0..4 {
        let start = one.start(&venue, ["12:00", "15:00", "18:00", "21:00"][round]);
        let (here, there) = if round % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let _ = there.actor().look(&venue, there.day(&venue, 7), 2).await.is(200);
        let guest = here.actor();
        let booked: Answer = guest.book(&venue, &start, 2).await.is(201);
        slowest = slowest.max(shows(there, &venue, &start, false, Instant::now()).await);
        // The other one's door leads to the same booking.
        let elsewhere = guest.going_to(&there.url);
        let _ = elsewhere.see(&booked).await.is(200);
        let _ = elsewhere.cancel(&booked).await.is(200);
        slowest = slowest.max(shows(here, &venue, &start, true, Instant::now()).await);
    }
    println!("shown by the other after {slowest:?} at most");
    one.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_what_one_does_the_other_shows_within_a_second() {
    what_one_does_the_other_shows("").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_redis_what_one_does_the_other_shows_within_a_second() {
    let url = redis_url();
    what_one_does_the_other_shows(&url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_two_keeps_the_word_the_other_gave() {
    let (one, two, venue) = twins("").await;
    let start = one.start(&venue, "20:00");
    // Both know the table as free.
    for app in [&one, &two] {
        assert!(app.actor().open_starts(&venue, app.day(&venue, 7), 2).await.contains(&start));
    }
    let held = one.actor().hold(&venue, &start, 2).await.is(201).word("/token");
    let _ = two.actor().book(&venue, &start, 2).await.refused("no_table");
    let guest = two.actor();
    let booked = guest.book_held(&venue, &start, 2, &held).await.is(201);
    let _ = one.actor().book(&venue, &start, 2).await.refused("no_table");
    let repeated = one.actor().going_to(&one.url);
    let booking = guest.booking(&venue, &one.start(&venue, "12:00"), 2);
    let first = guest.book_as(&booking, "key").await.is(201);
    assert_eq!(repeated.book_as(&booking, "key").await.is(201).word("/id"), first.word("/id"));
    let _ = guest.going_to(&one.url).cancel(&booked).await.is(200);
    let _ = two.actor().book(&venue, &start, 2).await.is(201);
    one.truth().holds().await;
}
