//! Many at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgConnection, PgPool};

use crate::client::{Belief, Client, Told, begins_again};
use crate::house::House;
use crate::truth;

async fn connect(at_once: u32, options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new().max_connections(at_once).connect_with(options).await.unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn ten_tables_for_fifty_racers(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = connect(10, options).await;
    let house = House::open(&pool, 10).await;
    let racers = (0..50).map(|n| {
        let (pool, ask) = (pool.clone(), house.ask("18:00", 2).key(&n.to_string()).guest(&n.to_string()));
        tokio::spawn(async move { ask.book(&mut pool.acquire().await.unwrap()).await.unwrap() })
    });
    let mut rulings = Vec::new();
    for racer in racers.collect::<Vec<_>>() {
        rulings.push(racer.await.unwrap());
    }
    assert_eq!(rulings.iter().filter(|ruling| ruling.is("done")).count(), 10);
    assert_eq!(rulings.iter().filter(|ruling| ruling.refused() == Some("no_table")).count(), 40);
    assert_eq!(
        truth::version(&pool, house.venue, house.ask("18:00", 2).date).await,
        10,
        "every version was told to exactly one"
    );
    truth::check(&pool).await;
    assert_eq!(truth::deadlocks(&pool).await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn one_request_sent_ten_times_at_once_is_one_booking(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = connect(10, options).await;
    let house = House::open(&pool, 30).await;
    for round in 0..10 {
        let copies = (0..10).map(|_| {
            let (pool, ask) = (pool.clone(), house.ask("18:00", 2).key(&round.to_string()));
            tokio::spawn(async move { ask.book(&mut pool.acquire().await.unwrap()).await.unwrap() })
        });
        let mut rulings = Vec::new();
        for copy in copies.collect::<Vec<_>>() {
            rulings.push(copy.await.unwrap());
        }
        assert_eq!(rulings.iter().filter(|ruling| ruling.is("done")).count(), 1);
        assert!(rulings.iter().all(|ruling| ruling.answer == rulings[0].answer), "{rulings:?}");
    }
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn one_key_for_two_days_at_once_is_one_booking(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = connect(10, options).await;
    let house = House::open(&pool, 30).await;
    for round in 0..20 {
        let days = [5, 6].map(|day| {
            let ask = house
                .ask_on(&format!("2027-05-0{day}"), &format!("2027-05-0{day}T18:00:00Z"), 2)
                .key(&round.to_string());
            let (pool, ask) = (pool.clone(), ask.with(|ask| ask.body = vec![day]));
            tokio::spawn(async move {
                loop {
                    match ask.book(&mut pool.acquire().await.unwrap()).await {
                        Err(error) if begins_again(&error) => {}
                        decided => break decided.unwrap(),
                    }
                }
            })
        });
        let mut outcomes = Vec::new();
        for day in days {
            outcomes.push(day.await.unwrap().outcome);
        }
        outcomes.sort();
        assert_eq!(outcomes, ["done", "key_reused"]);
    }
    truth::check(&pool).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn a_guest_who_books_two_venues_at_once_gets_one(_: PgPoolOptions, options: PgConnectOptions) {
    let pool = connect(10, options).await;
    let houses = [House::open(&pool, 30).await, House::open(&pool, 30).await, House::open(&pool, 30).await];
    for round in 0..20 {
        let asks = houses.iter().enumerate().map(|(place, house)| {
            let (pool, ask) =
                (pool.clone(), house.ask(["18:00", "18:30", "19:45"][place], 2).guest(&round.to_string()));
            tokio::spawn(async move { ask.book(&mut pool.acquire().await.unwrap()).await.unwrap() })
        });
        let mut rulings = Vec::new();
        for ask in asks.collect::<Vec<_>>() {
            rulings.push(ask.await.unwrap());
        }
        assert_eq!(rulings.iter().filter(|ruling| ruling.is("done")).count(), 1);
        assert_eq!(rulings.iter().filter(|ruling| ruling.refused() == Some("overlapping_booking")).count(), 2);
    }
    truth::check(&pool).await;
    assert_eq!(truth::deadlocks(&pool).await, 0);
}

async fn play(options: PgConnectOptions, clients: u32, calls: usize, killers: bool) {
    let pool = connect(clients, options.clone()).await;
    let house = House::open(&pool, 4).await;
    let over = Arc::new(AtomicBool::new(false));
    let decided = Arc::new(AtomicUsize::new(0));
    let killer = killers.then(|| tokio::spawn(kill(options.clone(), over.clone(), decided.clone())));
    let told = Arc::new(Mutex::new(HashMap::new()));
    let players = (0..clients).map(|n| {
        let (told, decided) = (told.clone(), decided.clone());
        let dice = StdRng::seed_from_u64(u64::from(n));
        let mut client = Client {
            pool: pool.clone(),
            house: house.clone(),
            dice,
            name: n.to_string(),
            calls: 0,
            told: Told::default(),
        };
        tokio::spawn(async move {
            for _ in 0..calls {
                client.act().await;
                decided.fetch_add(1, Ordering::Relaxed);
            }
            told.lock().unwrap().extend(client.told.0);
        })
    });
    for player in players.collect::<Vec<_>>() {
        player.await.unwrap();
    }
    over.store(true, Ordering::Relaxed);
    if let Some(killer) = killer {
        let count = killer.await.unwrap();
        assert!(count > 100, "{count} were killed");
    }
    pool.close().await;

    let pool = connect(1, options).await;
    truth::check(&pool).await;
    assert_eq!(truth::deadlocks(&pool).await, 0);
    let told = Arc::into_inner(told).unwrap().into_inner().unwrap();
    assert!(told.len() > 20, "{} bookings were made", told.len());
    for (id, belief) in told {
        let row =
            sqlx::query_as("select status, rev::bigint, to_jsonb(start_at) #>> '{}' from reservations where id = $1")
                .bind(id)
                .fetch_one(&pool)
                .await;
        let (status, rev, start) = row.unwrap();
        assert_eq!(Belief { status, rev, start }, belief, "what was told is what is");
    }
}

/// Ends one backend after another in the middle of its work, and says how many. Somebody gets on between two of these blows, or on a
/// machine where connecting takes longer than they are apart nobody ever would.
async fn kill(options: PgConnectOptions, over: Arc<AtomicBool>, decided: Arc<AtomicUsize>) -> i64 {
    let mut db = PgConnection::connect_with(&options).await.unwrap();
    let (mut killed, mut before) = (0, 0);
    while !over.load(Ordering::Relaxed) {
        if before == decided.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        before = decided.load(Ordering::Relaxed);
        let query = "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid() and state = 'active' order by random() limit 2) k, pg_sleep(0.002)";
        killed += sqlx::query_scalar::<_, i64>(query).fetch_one(&mut db).await.unwrap();
    }
    killed
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn everything_at_once_leaves_no_trace_of_disorder(_: PgPoolOptions, options: PgConnectOptions) {
    play(options, 16, 60, false).await;
}

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn nothing_that_was_told_is_lost_when_backends_are_killed(_: PgPoolOptions, options: PgConnectOptions) {
    play(options, 16, 60, true).await;
}
