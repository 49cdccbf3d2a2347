//! How long the engine takes over a large house on a believable evening: 60 tables, 40 combinations, half of it booked.
//!
//! `openings` has to stay under two microseconds: it is why lists of starts are never cached.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use domain::availability::{Ask, Claim, Day, Floor, Plan, StartState};
use domain::floor::{Area, AreaKind, Channel, Combo, Table};
use domain::id::{AreaId, ComboId, ServiceId, TableId, VenueId};
use domain::party::PartySize;
use domain::rules::{Accept, Hours, House, Pacing, Service, Turn, TurnRule};
use domain::time::{TICK, Zone};
use uuid::Uuid;

const AREAS: u16 = 4;
const TABLES: u16 = 60;
const COMBOS: u16 = 40;

/// How many sit at ten tables in a row: mostly two and four.
const SEATS: [u8; 10] = [2, 2, 4, 2, 4, 6, 2, 4, 4, 8];

fn id(kind: u16, n: u16) -> Uuid {
    Uuid::from_u128(u128::from(kind) << 64 | u128::from(n))
}

fn area(n: u16) -> AreaId {
    AreaId(id(1, n))
}

fn service(n: u16) -> ServiceId {
    ServiceId(id(4, n))
}

fn table(n: u16) -> Table {
    let seats = SEATS[usize::from(n) % SEATS.len()];
    Table {
        id: TableId(id(2, n)),
        area: area(n * AREAS / TABLES),
        label: n.to_string(),
        min_party: seats / 2,
        max_party: seats,
        step_free: !n.is_multiple_of(3),
        wheelchair_spaces: u8::from(n.is_multiple_of(5)),
        channel: if n % 12 == 11 { Channel::WalkIn } else { Channel::Online },
        rank: 0,
    }
}

/// Two or three neighbours pushed together.
fn combo(n: u16) -> Combo {
    let tables: Vec<TableId> = (0..2 + n % 2).map(|more| TableId(id(2, (n * 3 / 2 + more) % TABLES))).collect();
    let (min_party, max_party) = if tables.len() == 2 { (3, 8) } else { (7, 14) };
    Combo { id: ComboId(id(3, n)), tables, min_party, max_party, channel: Channel::Online, rank: 0 }
}

fn open(n: u16, name: &str, [first_seating, last_seating, ends]: [i32; 3]) -> Service {
    let clock = |quarters: i32| NaiveTime::MIN + TICK * quarters;
    let hours = Hours { first_seating: clock(first_seating), last_seating: clock(last_seating), ends: clock(ends) };
    Service { id: service(n), name: name.to_owned(), days: 0x7F, hours, seatings: None, accept: Accept::InstantUpTo(8) }
}

/// Turns by party as most houses have them, shorter at lunch and longer in one of the areas.
fn turns() -> Vec<TurnRule> {
    let rule = |area, service, min_party, max_party, minutes| TurnRule {
        area,
        service,
        min_party,
        max_party,
        turn: Turn::minutes(minutes, 15),
    };
    vec![
        rule(None, None, 1, 2, 90),
        rule(None, None, 3, 6, 120),
        rule(None, None, 7, 50, 150),
        rule(None, Some(service(0)), 1, 4, 75),
        rule(Some(area(3)), None, 1, 2, 105),
    ]
}

fn house() -> House {
    House {
        venue: VenueId(id(0, 0)),
        version: 1,
        zone: "Europe/Lisbon".parse().unwrap_or(Zone::UTC),
        rollover: NaiveTime::MIN + Duration::hours(4),
        slot_minutes: 15,
        horizon_days: 90,
        min_notice_minutes: 60,
        max_online_party: 20,
        areas: (0..AREAS).map(|n| Area { id: area(n), name: n.to_string(), kind: AreaKind::Indoor }).collect(),
        tables: (0..TABLES).map(table).collect(),
        combos: (0..COMBOS).map(combo).collect(),
        services: vec![open(0, "Lunch", [48, 58, 64]), open(1, "Dinner", [72, 91, 0])],
        special_days: BTreeMap::new(),
        turns: turns(),
        pacing: Pacing { total: 40, online: 30 },
        pacing_of: BTreeMap::new(),
        terms: Vec::new(),
    }
}

/// The same numbers on every run (Knuth's multiplier).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides
    }
}

/// Guests book the best table at starts of their liking until half of the seated hours are gone.
fn half_full(plan: &Arc<Plan>, now: DateTime<Utc>) -> Day {
    let mut dice = Dice(1);
    let mut day = Day::new(plan.clone(), 1, &[], &[]);
    let capacity = i64::from(TABLES) * 4 * 10;
    let mut taken = 0;
    while taken < capacity / 2 {
        let people = [2, 2, 2, 2, 3, 4, 4, 4, 5, 6, 8][dice.below(11)];
        let Ok(party) = PartySize::try_from(people) else { continue };
        let ask = Ask::guest(party, now);
        let open: Vec<_> = day.starts(&ask).into_iter().filter(|start| start.state != StartState::Full).collect();
        if open.is_empty() {
            break;
        }
        let start = open[dice.below(open.len())].start.utc();
        let Ok(offer) = day.offer(start, &ask) else { break };
        let best = &offer.options[0];
        let covers = u16::from(party.get());
        let claim = |(place, table): (usize, &TableId)| {
            let covers = if place == 0 { covers } else { 0 };
            Claim {
                table: *table,
                date: plan.date,
                from: start,
                to: best.free_again,
                covers,
                online: covers,
                expires_at: None,
            }
        };
        let claims: Vec<Claim> = best.tables.iter().enumerate().map(claim).collect();
        taken += i64::try_from(claims.len()).unwrap_or(0) * (best.free_again - start).num_minutes() / 15;
        day = day.with(&claims, day.version + 1);
    }
    day
}

fn availability(criterion: &mut Criterion) {
    let date = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap_or_default();
    let plan = Plan::new(&Floor::new(house()), date);
    let now = plan.origin - Duration::days(3);
    let day = half_full(&plan, now);
    let parties: Vec<PartySize> = (1..=20).filter_map(|people| PartySize::try_from(people).ok()).collect();
    let four = Ask::guest(parties[3], now);
    let dinner = plan.sittings[plan.sittings.len() / 2].start.utc();

    let mut group = criterion.benchmark_group("availability");
    group.warm_up_time(std::time::Duration::from_secs(1)).measurement_time(std::time::Duration::from_secs(2));
    group.bench_function("openings", |bench| bench.iter(|| day.openings(black_box(&four))));
    group.bench_function("starts", |bench| bench.iter(|| day.starts(black_box(&four))));
    group.bench_function("offer", |bench| bench.iter(|| day.offer(black_box(dinner), black_box(&four))));
    group.bench_function("plan", |bench| bench.iter(|| Plan::new(black_box(&plan.floor), date)));
    for party in parties {
        let ask = Ask::guest(party, now);
        let id = BenchmarkId::new("openings_by_party", party.get());
        group.bench_with_input(id, &ask, |bench, ask| bench.iter(|| day.openings(black_box(ask))));
    }
    group.finish();
}

criterion_group!(benches, availability);
criterion_main!(benches);
