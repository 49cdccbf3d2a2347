//! Every start that is offered can be had, and none that is not: random floors, real SQL, midnight, and both clock changes.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::time::Zone;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use tests::{Actor, Answer, Room, Service, Setup, TestApp, Venue, seeds};

/// Zones and the days on which their clocks change: at one, two, three or midnight, by an hour or by half of one; and some that never do.
const CLOCKS: [(&str, [&str; 2]); 10] = [
    ("Europe/Lisbon", ["2037-03-29", "2037-10-25"]),
    ("Europe/Athens", ["2037-03-29", "2037-10-25"]),
    ("America/New_York", ["2037-03-08", "2037-11-01"]),
    ("America/St_Johns", ["2037-03-08", "2037-11-01"]),
    ("America/Havana", ["2037-03-08", "2037-11-01"]),
    ("America/Asuncion", ["2037-06-01", "2037-12-31"]),
    ("Australia/Lord_Howe", ["2037-04-05", "2037-10-04"]),
    ("Atlantic/Azores", ["2037-03-29", "2037-10-25"]),
    ("Africa/Cairo", ["2037-04-24", "2037-10-30"]),
    ("Asia/Kathmandu", ["2037-02-28", "2037-12-31"]),
];

/// A time on a grid of so many minutes.
fn time(dice: &mut StdRng, grid: i64) -> NaiveTime {
    NaiveTime::MIN + TimeDelta::minutes(dice.random_range(0..24 * 60 / grid) * grid)
}

fn service(dice: &mut StdRng, name: &str) -> Service {
    let first = time(dice, 15);
    let last = first + TimeDelta::minutes(15 * dice.random_range(0..48));
    let ends = last + TimeDelta::minutes(15 * dice.random_range(1..12));
    let word = |time: NaiveTime| time.format("%H:%M").to_string();
    let mut service = Service::daily(name, &word(first), &word(last), &word(ends));
    if dice.random_bool(0.2) {
        let seatings: Vec<String> =
            (0..dice.random_range(1..4)).map(|n| word(first + TimeDelta::minutes(n * 60))).collect();
        service = service.seated_at(&seatings.iter().map(String::as_str).collect::<Vec<_>>());
    }
    match dice.random_range(0..4) {
        0 => service.by_request(),
        1 => service.instant_up_to(3),
        _ => service,
    }
}

/// A small house of any kind, with its clock about to change.
fn any_room(dice: &mut StdRng) -> (Room, NaiveDate) {
    let (zone, changes) = CLOCKS.choose(dice).unwrap();
    let change: NaiveDate = changes.choose(dice).unwrap().parse().unwrap();
    let tables: Vec<i16> = (0..dice.random_range(1..5)).map(|_| dice.random_range(1..7)).collect();
    let count = tables.len();
    let mut room = Room::with(tables)
        .in_zone(zone)
        .every(*[15, 30, 60].choose(dice).unwrap())
        .bookable(dice.random_range(3..8), dice.random_range(0..300));
    room = room.rolling_over_at(["04:00", "04:00", "05:00", "03:00", "02:00", "00:00"].choose(dice).unwrap());
    if dice.random_bool(0.5) {
        room = room.and_area(
            "Terrace",
            "outdoor",
            (0..dice.random_range(1..3)).map(|_| dice.random_range(1..7)).collect::<Vec<_>>(),
        );
    }
    if count > 1 && dice.random_bool(0.7) {
        let largest = dice.random_range(3..9);
        room = room.joining(&[0, 1], dice.random_range(2..=largest), largest);
    }
    if count > 2 && dice.random_bool(0.5) {
        room = room.joining(&[0, 1, 2], 4, 10).joining(&[1, 2], 3, 6);
    }
    room =
        room.serving((0..dice.random_range(1..3)).map(|n| service(dice, &format!("Service {n}"))).collect::<Vec<_>>());
    for _ in 0..dice.random_range(0..3) {
        let from = dice.random_range(1..5);
        room = room.turning(
            from,
            from + dice.random_range(0..5),
            15 * dice.random_range(1..16),
            15 * dice.random_range(0..3),
        );
    }
    if dice.random_bool(0.6) {
        let total = dice.random_range(2..15);
        room = room.paced(total, dice.random_range(1..=total));
    }
    if dice.random_bool(0.2) {
        room = room.closed_on(change + TimeDelta::days(1), "Closed.");
    }
    if dice.random_bool(0.2) {
        room = room.otherwise_on(change, ["22:00", "01:45", "03:00"], "A long night.");
    }
    (room.asking_above(dice.random_range(2..10)), change)
}

/// What a day says about its starts.
struct Said {
    offered: Vec<String>,
    refused: Vec<(String, String)>,
}

impl Said {
    fn of(day: &Answer) -> Self {
        let starts = day.json()["starts"].as_array().unwrap().clone();
        let word = |start: &Value, field: &str| start[field].as_str().unwrap_or_default().to_owned();
        let (open, full): (Vec<&Value>, Vec<&Value>) = starts.iter().partition(|start| start["state"] != "full");
        assert!(
            open.iter().all(|start| start["reason"].is_null() && !start["areas"].as_array().unwrap().is_empty()),
            "{day:?}"
        );
        assert!(full.iter().all(|start| start["areas"].as_array().unwrap().is_empty()), "{day:?}");
        Self {
            offered: open.iter().map(|start| word(start, "start")).collect(),
            refused: full.iter().map(|start| (word(start, "start"), word(start, "reason"))).collect(),
        }
    }
}

/// Takes each start the day offers and gives it back, and tries each that it does not.
async fn says_the_truth(app: &TestApp, venue: &Venue, date: NaiveDate, party: i64, context: &str) -> usize {
    let guest = app.actor();
    let said = Said::of(&guest.look(venue, date, party).await.is(200));
    for start in &said.offered {
        let held = guest.hold(venue, start, party).await;
        assert_eq!(held.status, 201, "{context}: {start} for {party} is offered on {date}: {held:?}");
        assert_eq!(held.word("/start").parse::<DateTime<Utc>>(), start.parse::<DateTime<Utc>>());
        let _ = guest.delete(held.header("location")).await.is(204);
    }
    for (start, reason) in &said.refused {
        let refused = guest.hold(venue, start, party).await;
        let gone_by = refused.status == 422 && start.parse::<DateTime<Utc>>().unwrap() <= app.now();
        assert!(gone_by || refused.status == 409, "{context}: {start} for {party} is {reason} on {date}: {refused:?}");
        // Where neither a table nor the kitchen is free, either may be named.
        let full = |reason: &str| ["no_table", "pacing"].contains(&reason);
        let same = || refused.at("/reason") == reason.as_str() || full(reason) && full(&refused.word("/reason"));
        assert!(gone_by || same(), "{context}: {start} for {party} is {reason} on {date}: {refused:?}");
    }
    said.offered.len() + said.refused.len()
}

/// What is not on the list cannot be had.
async fn nothing_else_is_sold(app: &TestApp, venue: &Venue, dates: &[NaiveDate], dice: &mut StdRng, context: &str) {
    let guest = app.actor();
    let days = join_all(dates.iter().map(|date| guest.look(venue, *date, 2))).await;
    let listed: Vec<DateTime<Utc>> = days
        .iter()
        .flat_map(|day| {
            let said = Said::of(day);
            said.offered.into_iter().chain(said.refused.into_iter().map(|(start, _)| start))
        })
        .map(|start| start.parse().unwrap())
        .collect();
    let noon = dates[1].and_hms_opt(12, 0, 0).unwrap().and_utc();
    for _ in 0..12 {
        let start = noon + TimeDelta::minutes(15 * dice.random_range(-40..40));
        if start > app.now() && !listed.contains(&start) {
            let refused = guest.hold(venue, &start.to_rfc3339(), 2).await;
            assert_eq!(refused.status, 409, "{context}: {start} is not on the list: {refused:?}");
        }
    }
}

/// Some evenings' worth of bookings, some of which are moved or cancelled again.
async fn history(app: &TestApp, venue: &Venue, dates: &[NaiveDate], dice: &mut StdRng) {
    let mut booked: Vec<(Actor, Answer)> = Vec::new();
    for _ in 0..dice.random_range(0..25) {
        let (guest, party) = (app.actor(), dice.random_range(1..7));
        let open = guest.open_starts(venue, *dates.choose(dice).unwrap(), party).await;
        let Some(start) = open.choose(dice) else { continue };
        let answer = guest.book(venue, start, party).await.is(201);
        match dice.random_range(0..5) {
            0 => drop(guest.cancel(&answer).await.is(200)),
            1 => {
                let change =
                    guest.change(&answer, &serde_json::json!({"rev": 1, "start": open.choose(dice).unwrap()})).await;
                assert!([200, 409].contains(&change.status), "{change:?}");
            }
            _ => booked.push((guest, answer)),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_start_that_is_offered_can_be_had_and_no_other() {
    let mut tried = 0;
    for seed in seeds(14) {
        let dice = &mut StdRng::seed_from_u64(seed);
        let (room, change) = any_room(dice);
        let context = format!("seed {seed}: {room:?}");
        let now = (change - TimeDelta::days(dice.random_range(0..3))).and_time(time(dice, 1)).and_utc();
        let (app, venue) = Setup::at(&now.to_rfc3339()).open(room).await;
        let dates = [-1, 0, 1].map(|ahead| change + TimeDelta::days(ahead));
        history(&app, &venue, &dates, dice).await;
        for date in dates {
            let party = dice.random_range(1..8);
            tried += says_the_truth(&app, &venue, date, party, &context).await;
        }
        nothing_else_is_sold(&app, &venue, &dates, dice, &context).await;
        app.truth().holds().await;
        memory_is_true(&app, &venue, &dates, &context).await;
    }
    println!("{tried} starts were tried");
    assert!(tried > 300, "{tried} starts were tried");
}

/// What the server has in memory after all that is what one reads that begins afresh.
async fn memory_is_true(app: &TestApp, venue: &Venue, dates: &[NaiveDate], context: &str) {
    let fresh = Setup::at(&app.now().to_rfc3339()).on(&app.database).start().await;
    for (date, party) in dates.iter().flat_map(|date| [1, 2, 4, 6].map(|party| (date, party))) {
        let (kept, read) = (
            app.actor().look(venue, *date, party).await.is(200),
            fresh.actor().look(venue, *date, party).await.is(200),
        );
        assert_eq!(kept.json(), read.json(), "{context}: {date} for {party}");
    }
}

#[tokio::test]
async fn an_hour_that_the_clock_skips_is_not_sold_and_one_it_repeats_is_sold_once() {
    let night = || {
        Room::of_two_tops(1)
            .serving([Service::daily("Night", "22:00", "03:45", "06:00")])
            .every(30)
            .turning(1, 50, 30, 0)
    };
    let (app, venue) = Setup::at("2037-03-27T12:00:00Z").open(night()).await;
    let guest = app.actor();
    // In Lisbon 01:00 becomes 02:00 on the night of the 28th of March.
    let starts = guest.open_starts(&venue, "2037-03-28".parse().unwrap(), 2).await;
    let times: Vec<String> = starts.iter().map(|start| start[11..16].to_owned()).collect();
    assert_eq!(times, ["22:00", "22:30", "23:00", "23:30", "00:00", "00:30", "02:00", "02:30", "03:00", "03:30"]);
    let eve: Vec<DateTime<Utc>> = starts.iter().map(|start| start.parse().unwrap()).collect();
    assert!(eve.windows(2).all(|pair| pair[1] - pair[0] == TimeDelta::minutes(30)), "{starts:?}");
    for start in &starts {
        let _ = app.actor().book(&venue, start, 2).await.is(201);
    }
    assert!(guest.open_starts(&venue, "2037-03-28".parse().unwrap(), 2).await.is_empty());
    app.truth().holds().await;

    // And 02:00 becomes 01:00 on the night of the 24th of October.
    let (app, venue) = Setup::at("2037-10-23T12:00:00Z").open(night()).await;
    let starts = app.actor().open_starts(&venue, "2037-10-24".parse().unwrap(), 2).await;
    let times: Vec<String> = starts.iter().map(|start| start[11..16].to_owned()).collect();
    assert_eq!(
        times,
        ["22:00", "22:30", "23:00", "23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]
    );
    assert!(starts[6].ends_with("+01:00") && starts[8].ends_with('Z'), "{starts:?}");
    let at_one = app.actor().book(&venue, &starts[7], 2).await.is(201);
    assert_eq!(at_one.word("/end"), "2037-10-25T01:00:00Z", "thirty minutes of real time");
    // The second half past one is nobody's start, and the table is free in it.
    let _ = app.actor().book(&venue, "2037-10-25T01:30:00Z", 2).await.refused("closed");
    app.truth().holds().await;
}

#[tokio::test]
async fn a_turn_takes_its_real_time_when_the_clock_changes() {
    for (now, date, end) in
        [("2037-03-27T12:00:00Z", "2037-03-28", "03:30:00+01:00"), ("2037-10-23T12:00:00Z", "2037-10-24", "01:30:00Z")]
    {
        let (app, venue) = Setup::at(now).open(Room::of_two_tops(1).turning(1, 50, 180, 0)).await;
        let start = venue.start(date.parse().unwrap(), "23:30");
        let booked = app.actor().book(&venue, &start, 2).await.is(201);
        assert!(booked.word("/end").ends_with(end), "{booked:?}");
        let (from, to): (DateTime<Utc>, DateTime<Utc>) = (start.parse().unwrap(), booked.word("/end").parse().unwrap());
        assert_eq!(to - from, TimeDelta::hours(3));
        let after = app.actor().open_starts(&venue, date.parse().unwrap(), 2).await;
        let next = after.iter().map(|start| start.parse::<DateTime<Utc>>().unwrap()).find(|start| *start >= from);
        assert!(next.is_some_and(|next| next >= to), "{after:?}");
    }
}

#[tokio::test]
async fn late_guests_of_last_night_keep_their_table_from_early_ones() {
    let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::of_two_tops(1).turning(1, 50, 180, 0)).await;
    let night: NaiveDate = "2037-11-21".parse().unwrap();
    let last = app.actor().book(&venue, &venue.start(night, "03:45"), 2).await.is(201);
    assert_eq!(last.word("/end"), "2037-11-22T06:45:00Z");
    let morning = "2037-11-22".parse().unwrap();
    let first = app.actor().open_starts(&venue, morning, 2).await.remove(0);
    assert_eq!(first, "2037-11-22T06:45:00Z");
    let _ = app.actor().book(&venue, "2037-11-22T04:00:00Z", 2).await.refused("no_table");
    let _ = app.actor().book(&venue, &first, 2).await.is(201);
    // And early ones of the next date theirs from late ones.
    let _ = app.actor().cancel(&last).await.is(200);
    let open = app.actor().open_starts(&venue, night, 2).await;
    assert_eq!(open.last().unwrap(), "2037-11-22T03:45:00Z");
    app.truth().holds().await;
}

#[tokio::test]
async fn the_same_evening_has_the_same_hours_in_every_zone() {
    for zone in ["Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/St_Johns", "Australia/Eucla"] {
        let room = Room::of_two_tops(1).in_zone(zone).serving([Service::daily("Dinner", "19:00", "20:00", "23:00")]);
        let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(room).await;
        let day = app.day(&venue, 2);
        let starts = app.actor().open_starts(&venue, day, 2).await;
        let zone: Zone = zone.parse().unwrap();
        let shown: Vec<String> =
            starts.iter().map(|start| zone.show(start.parse().unwrap()).0.format("%F %H:%M").to_string()).collect();
        assert_eq!(shown, ["19:00", "19:15", "19:30", "19:45", "20:00"].map(|time| format!("{day} {time}")));
        let booked = app.actor().book(&venue, &starts[0], 2).await.is(201);
        assert_eq!((booked.word("/start"), booked.word("/local")), (starts[0].clone(), "19:00".to_owned()));
    }
}
