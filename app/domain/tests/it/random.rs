//! Houses, dates and questions of all kinds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use domain::availability::{Ask, Audience};
use domain::floor::{Area, Channel, Combo, Need, Table};
use domain::id::AreaId;
use domain::party::PartySize;
use domain::rules::{Accept, Hours, House, Pacing, Service, SpecialDay, Turn, TurnRule};
use domain::time::TICK;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::house::{area, date, hours, party, room, seats_for, service, small_house, time, together, zone};

/// Zones with dates on which their clocks change, or do not.
const PLACES: &[(&str, &[&str])] = &[
    ("UTC", &["2026-06-10"]),
    ("Europe/Lisbon", &["2027-03-27", "2027-03-28", "2026-10-24", "2026-10-25", "2026-11-21"]),
    ("America/New_York", &["2026-03-07", "2026-03-08", "2026-10-31", "2026-11-01"]),
    ("Australia/Lord_Howe", &["2026-04-04", "2026-04-05", "2026-10-03", "2026-10-04"]),
    ("Antarctica/Troll", &["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"]),
    ("America/Havana", &["2026-03-08", "2026-11-01"]),
    ("Africa/Cairo", &["2026-04-24", "2026-10-29", "2026-10-30"]),
    ("Asia/Kathmandu", &["2026-08-01"]),
    ("Pacific/Chatham", &["2026-04-04", "2026-04-05", "2026-09-26", "2026-09-27"]),
    ("Pacific/Apia", &["2011-12-29", "2011-12-30", "2011-12-31"]),
];

fn ticks(ticks: i32) -> NaiveTime {
    NaiveTime::MIN + TICK * ticks
}

fn any_hours() -> impl Strategy<Value = Hours> {
    (0..96_i32, 0..96_i32, 1..=96_i32).prop_map(|(first, length, close)| Hours {
        first_seating: ticks(first),
        last_seating: ticks(first + length),
        ends: ticks(first + close),
    })
}

/// Hours as they are found in towns, and any others.
fn likely_hours() -> impl Strategy<Value = Hours> {
    let known = [
        hours("12:00", "14:30", "16:00"),
        hours("18:00", "22:00", "24:00"),
        hours("18:00", "01:30", "02:00"),
        hours("20:00", "05:00", "06:00"),
        hours("00:30", "03:00", "04:00"),
        hours("03:00", "10:00", "11:00"),
        hours("00:00", "23:45", "24:00"),
        hours("04:00", "03:45", "04:00"),
        hours("19:00", "19:00", "23:00"),
    ];
    prop_oneof![3 => select(known.to_vec()), 1 => any_hours()]
}

fn any_accept() -> impl Strategy<Value = Accept> {
    prop_oneof![3 => Just(Accept::Instant), 1 => Just(Accept::Request), 2 => (1..10_u8).prop_map(Accept::InstantUpTo)]
}

fn any_service(n: usize) -> impl Strategy<Value = Service> {
    let seatings = prop_oneof![4 => Just(None), 1 => vec((0..96_i32).prop_map(ticks), 1..5).prop_map(Some)];
    let days = prop_oneof![3 => Just(0x7F_u8), 1 => 1..0x7F_u8];
    (likely_hours(), seatings, days, any_accept()).prop_map(move |(hours, seatings, days, accept)| Service {
        id: service(n),
        name: format!("service {n}"),
        days,
        hours,
        seatings,
        accept,
    })
}

fn any_channel() -> impl Strategy<Value = Channel> {
    prop_oneof![6 => Just(Channel::Online), 1 => Just(Channel::InHouse), 1 => Just(Channel::WalkIn)]
}

fn any_table(n: usize, areas: usize) -> impl Strategy<Value = Table> {
    (
        0..areas,
        prop_oneof![3 => Just(1_u8), 1 => 2..4_u8],
        0..8_u8,
        proptest::bool::weighted(0.7),
        0..2_u8,
        any_channel(),
        0..3_i16,
    )
        .prop_map(move |(place, min_party, more, step_free, wheelchair_spaces, channel, rank)| Table {
            area: area(place),
            min_party,
            max_party: min_party + more,
            step_free,
            wheelchair_spaces,
            channel,
            rank,
            ..seats_for(n, 1)
        })
}

fn any_combo(n: usize, tables: usize) -> impl Strategy<Value = Combo> {
    let members = subsequence((0..tables).collect::<Vec<_>>(), 1..=tables.min(3)).prop_shuffle();
    (members, 1..8_u8, 0..8_u8, any_channel(), 0..3_i16).prop_map(move |(members, min_party, more, channel, rank)| {
        Combo { max_party: min_party + more, channel, rank, ..together(n, &members, min_party - 1, min_party) }
    })
}

fn any_turns(areas: usize) -> impl Strategy<Value = Vec<TurnRule>> {
    let rule =
        (proptest::option::of(0..areas), proptest::option::of(0..3_usize), 1..8_u8, 0..8_u8, 1..25_i64, 0..5_i64);
    let rule = rule.prop_map(|(place, of, min_party, more, turn, buffer)| TurnRule {
        area: place.map(area),
        service: of.map(service),
        min_party,
        max_party: min_party + more,
        turn: Turn::minutes(turn * 15, buffer * 15),
    });
    vec(rule, 0..5)
}

fn any_pacing() -> impl Strategy<Value = Pacing> {
    (0..40_u16, 0..40_u16).prop_map(|(total, online)| Pacing { total: total.max(online), online })
}

fn any_special() -> impl Strategy<Value = Option<SpecialDay>> {
    let special = |hours| Some(SpecialDay { hours, note: "Special".to_owned() });
    let hours = likely_hours().prop_map(move |hours| special(Some(hours)));
    prop_oneof![6 => Just(None), 1 => Just(special(None)), 1 => hours]
}

fn any_floor() -> impl Strategy<Value = (Vec<Area>, Vec<Table>, Vec<Combo>)> {
    (1..4_usize, 2..8_usize, 0..5_usize).prop_flat_map(|(areas, tables, combos)| {
        let rooms: Vec<Area> = (0..areas).map(room).collect();
        let tables_of: Vec<_> = (0..tables).map(|n| any_table(n, areas)).collect();
        let combos_of: Vec<_> = (0..combos).map(|n| any_combo(n, tables)).collect();
        (Just(rooms), tables_of, combos_of)
    })
}

fn any_services() -> impl Strategy<Value = Vec<Service>> {
    prop_oneof![
        1 => Just(Vec::new()),
        6 => any_service(0).prop_map(|one| vec![one]),
        6 => (any_service(0), any_service(1)).prop_map(|(one, two)| vec![one, two]),
        3 => (any_service(0), any_service(1), any_service(2)).prop_map(|(one, two, three)| vec![one, two, three]),
    ]
}

/// Any house, with a date worth looking at.
pub fn any_house() -> impl Strategy<Value = (House, NaiveDate)> {
    let place = select(PLACES).prop_flat_map(|(name, dates)| (Just(zone(name)), select(dates).prop_map(date)));
    let rollover = select(vec![time("00:00"), time("01:30"), time("04:00"), time("04:00"), time("06:00")]);
    let clock = (place, rollover, select(vec![15_i64, 15, 30, 60]));
    let horizon = prop_oneof![4 => Just(90_u32), 1 => 0..6_u32];
    let limits = (horizon, 0..13_i64, 1..12_u8);
    let pacing = (any_pacing(), proptest::option::of(any_pacing()));
    let special = (any_special(), any_special(), any_special());
    let rules = (any_services(), any_turns(3), pacing, special);
    (clock, limits, any_floor(), rules).prop_map(|(clock, limits, (areas, tables, combos), rules)| {
        let ((zone, date), rollover, slot_minutes) = clock;
        let (services, turns, (pacing, pacing_of_first), special) = rules;
        let house = House {
            zone,
            rollover,
            slot_minutes,
            horizon_days: limits.0,
            min_notice_minutes: limits.1 * 15,
            max_online_party: limits.2,
            areas,
            tables,
            combos,
            services,
            special_days: special_days(date, special.into()),
            turns,
            pacing,
            pacing_of: pacing_of_first.map(|pacing| (service(0), pacing)).into_iter().collect(),
            ..small_house()
        };
        (house, date)
    })
}

fn special_days(date: NaiveDate, special: [Option<SpecialDay>; 3]) -> BTreeMap<NaiveDate, SpecialDay> {
    let dates = (date - Days::new(1)).iter_days();
    dates.zip(special).filter_map(|(date, special)| Some((date, special?))).collect()
}

/// A question without its moment.
#[derive(Clone, Debug)]
pub struct Question {
    pub party: PartySize,
    pub area: Option<AreaId>,
    pub needs: Vec<Need>,
    pub audience: Audience,
}

impl Question {
    pub fn at(&self, now: DateTime<Utc>) -> Ask<'_> {
        let Self { party, area, audience, .. } = *self;
        Ask { party, area, needs: Cow::Borrowed(&self.needs), audience, now }
    }
}

pub fn any_question() -> impl Strategy<Value = Question> {
    let area = prop_oneof![8 => Just(None), 2 => (0..3_usize).prop_map(|n| Some(area(n)))];
    let needs = prop_oneof![4 => Just(Vec::new()), 1 => subsequence(Need::ALL.to_vec(), 0..=Need::ALL.len())];
    let audience = prop_oneof![3 => Just(Audience::Guest), 1 => Just(Audience::Staff)];
    (1..14_i64, area, needs, audience).prop_map(|(people, area, needs, audience)| Question {
        party: party(people),
        area,
        needs,
        audience,
    })
}

/// A moment from some days before a date's first instant until after its last.
pub fn any_moment() -> impl Strategy<Value = Duration> {
    prop_oneof![
        3 => (-8 * 24..0_i64).prop_map(Duration::hours),
        2 => (-200..2000_i64).prop_map(Duration::minutes),
    ]
}
