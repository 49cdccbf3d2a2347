//! Busy evenings: thousands of bookings, holds, changes and cancellations at once, with and without bad luck.

mod regular;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use sqlx::Row;
use tests::{Proxy, Room, Setup, TestApp, Truth, Venue};

use self::regular::{Known, Regular};

/// A room with single tables, joined ones, and a kitchen that fills up.
fn busy_room() -> Room {
    Room::with([2, 2, 2, 2, 4, 4, 2, 2, 6])
        .joining(&[0, 1], 3, 4)
        .joining(&[1, 2], 3, 4)
        .joining(&[2, 3], 3, 4)
        .joining(&[4, 5], 5, 7)
        .paced(14, 12)
}

/// So many regulars, each of whom has done so many things, all at once.
async fn crowd<'v>(
    app: &TestApp,
    venue: &'v Venue,
    starts: &'v [String],
    regulars: u64,
    steps: usize,
    seed: u64,
) -> Vec<Regular<'v>> {
    let actor = app.actor();
    let mut crowd: Vec<Regular<'v>> =
        (0..regulars).map(|number| Regular::new(actor.another(), venue, starts, seed, number)).collect();
    join_all(crowd.iter_mut().map(async |regular| {
        for _ in 0..steps {
            regular.act().await;
        }
    }))
    .await;
    crowd
}

/// Lets so many regulars each do so many things, and insists that afterwards everything is as each of them was told.
async fn storm(app: &TestApp, venue: &Venue, regulars: u64, steps: usize, seed: u64) -> u64 {
    // Around midnight and around the rollover, so that days meet.
    let times = ["19:00", "19:30", "20:15", "21:00", "23:00", "23:45", "00:30", "02:45", "03:30", "04:00", "05:15"];
    let starts: Vec<String> =
        [7, 8].iter().flat_map(|ahead| times.map(|time| venue.start(app.day(venue, *ahead), time))).collect();
    let crowd = crowd(app, venue, &starts, regulars, steps, seed).await;
    app.truth().holds().await;
    everything_is_as_told(app, &crowd).await;
    let turned_away = crowd.iter().map(|regular| regular.turned_away).sum();
    let bookings: usize = crowd.iter().map(|regular| regular.known.len()).sum();
    println!(
        "{bookings} bookings in {} steps; {turned_away} times \"not right now\"",
        regulars * u64::try_from(steps).unwrap()
    );
    turned_away
}

/// No booking that was acknowledged is lost or otherwise than its guest was told last, and there is none that nobody was told of.
async fn everything_is_as_told(app: &TestApp, crowd: &[Regular<'_>]) {
    let rows = sqlx::query("select id::text, rev, status, party, start_at from reservations")
        .fetch_all(app.database.pool())
        .await
        .unwrap();
    let kept: HashMap<String, (i64, String, i64, chrono::DateTime<chrono::Utc>)> = rows
        .iter()
        .map(|row| (row.get(0), (row.get::<i32, _>(1).into(), row.get(2), row.get::<i16, _>(3).into(), row.get(4))))
        .collect();
    let told: Vec<&Known> = crowd.iter().flat_map(|regular| &regular.known).collect();
    assert_eq!(kept.len(), told.len(), "bookings kept, and bookings told of");
    for known in told {
        let (rev, status, party, start) =
            kept.get(&known.booked.word("/id")).unwrap_or_else(|| panic!("lost: {known:?}"));
        let told_start: chrono::DateTime<chrono::Utc> = known.start.parse().unwrap();
        assert_eq!((rev, status, party, start), (&known.rev, &known.status, &known.party, &told_start), "{known:?}");
    }
}

/// What a server has in memory after all that is what one reads that begins afresh.
async fn memory_is_true(app: &TestApp, venue: &Venue) {
    let fresh = Setup::new().on(&app.database).start().await;
    for ahead in 6..10 {
        for party in [1, 2, 3, 5, 7] {
            let day = app.day(venue, ahead);
            // The last connections that were killed may still be in the pool.
            let look = async |app: &TestApp| {
                let answered =
                    async || Some(app.actor().look(venue, day, party).await).filter(|answer| answer.status == 200);
                tests::eventually("the day can be looked at", answered).await.json()
            };
            assert_eq!(look(app).await, look(&fresh).await, "{day} for {party}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_thousands_of_steps_everything_is_as_everybody_was_told() {
    let (app, venue) = TestApp::with(busy_room()).await;
    for seed in tests::seeds(1) {
        let turned_away = storm(&app, &venue, 30, 100, seed).await;
        assert_eq!(turned_away, 0);
    }
    memory_is_true(&app, &venue).await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn connections_that_are_killed_lose_no_booking_and_make_none_twice() {
    let (app, venue) = TestApp::with(busy_room()).await;
    let over = AtomicBool::new(false);
    let mut killed = 0;
    let killing = async {
        let mut dice = StdRng::seed_from_u64(1);
        while !over.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(dice.random_range(20..200))).await;
            killed += app.database.kill_connections().await;
        }
    };
    let storming = async {
        for seed in tests::seeds(1) {
            storm(&app, &venue, 20, 60, seed + 100).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    tokio::join!(killing, storming);
    println!("{killed} connections were killed");
    assert!(killed > 50);
    memory_is_true(&app, &venue).await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_key_too_a_refusal_means_that_nothing_changed() {
    let (app, venue) = TestApp::with(Room::of_two_tops(1)).await;
    let (ana, over) = (app.actor(), AtomicBool::new(false));
    let booked = ana.book(&venue, &app.start(&venue, "20:00"), 2).await.is(201);
    let killing = async {
        while !over.load(Ordering::Relaxed) {
            app.database.kill_connections().await;
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    };
    let changing = async {
        let mut rev = 1;
        let mut unanswered = 0;
        for step in 0..40 {
            let start = app.start(&venue, ["20:00", "21:00", "22:00"][step % 3]);
            let change = if step % 2 == 0 {
                json!({"rev": rev, "start": start})
            } else {
                json!({"rev": rev, "notes": step.to_string()})
            };
            let answer = ana.change(&booked, &change).await;
            let told = match answer.status {
                200 => Some(rev + 1),
                409 => Some(rev),
                503 => {
                    unanswered += 1;
                    None
                }
                _ => panic!("{answer:?}"),
            };
            let kept: i32 =
                sqlx::query_scalar("select rev from reservations").fetch_one(app.database.pool()).await.unwrap();
            assert!(told.is_none_or(|told| told == i64::from(kept)), "at revision {kept}: {change} {answer:?}");
            rev = kept.into();
        }
        over.store(true, Ordering::Relaxed);
        unanswered
    };
    let ((), unanswered) = tokio::join!(killing, changing);
    println!("{unanswered} of 40 were not answered for");
    assert!(unanswered > 0, "every change was answered for: the blows fall too seldom");
    app.truth().holds().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_slow_line_to_the_database_makes_a_busy_evening_longer_and_nothing_else() {
    let database = tests::Database::fresh().await;
    let proxy = Proxy::to(&database.url()).await;
    let (app, venue) = Setup::new().on(&database).reaching_database_at(proxy.addr()).open(busy_room()).await;
    proxy.delay(Duration::from_millis(1));
    for seed in tests::seeds(1) {
        storm(&app, &venue, 20, 40, seed + 200).await;
    }
    proxy.mend();
    memory_is_true(&app, &venue).await;
    let database = app.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_servers_on_one_database_are_one_house() {
    let (one, venue) = TestApp::with(busy_room()).await;
    let two = Setup::new().on(&one.database).start().await;
    let starts = ["20:00", "21:00", "23:30", "03:30"].map(|time| venue.start(one.day(&venue, 7), time));
    let (first, second) =
        tokio::join!(crowd(&one, &venue, &starts, 10, 40, 300), crowd(&two, &venue, &starts, 10, 40, 400));
    let crowd: Vec<Regular<'_>> = first.into_iter().chain(second).collect();
    everything_is_as_told(&one, &crowd).await;
    one.truth().holds().await;
    tests::eventually("both have seen everything", async || {
        let look = async |app: &TestApp| app.actor().look(&venue, app.day(&venue, 7), 2).await.is(200).json();
        (look(&one).await == look(&two).await).then_some(())
    })
    .await;
    drop(crowd);
    drop(two.close().await);
    let database = one.close().await;
    assert_eq!(Truth::of(&database).deadlocks().await, 0);
}
