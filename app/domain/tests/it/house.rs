//! A small house, and what it takes to build others.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use domain::floor::{Area, AreaKind, Channel, Combo, Table};
use domain::id::{AreaId, ComboId, ServiceId, TableId, VenueId};
use domain::party::PartySize;
use domain::rules::{Accept, Hours, House, Pacing, Service, Turn, TurnRule};
use domain::time::Zone;
use uuid::Uuid;

pub fn area(n: usize) -> AreaId {
    AreaId(Uuid::from_u128(0xA000 + n as u128))
}

/// Ids that sort the other way round than tables are listed, so that the two orders cannot be confused.
pub fn table(n: usize) -> TableId {
    TableId(Uuid::from_u128(0xFFFF - n as u128))
}

pub fn service(n: usize) -> ServiceId {
    ServiceId(Uuid::from_u128(0x5000 + n as u128))
}

pub fn party(people: i64) -> PartySize {
    people.try_into().unwrap()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `19:30`, or `24:00` for midnight.
pub fn time(text: &str) -> NaiveTime {
    if text == "24:00" { NaiveTime::MIN } else { NaiveTime::parse_from_str(text, "%H:%M").unwrap() }
}

pub fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

pub fn hours(first: &str, last: &str, ends: &str) -> Hours {
    Hours { first_seating: time(first), last_seating: time(last), ends: time(ends) }
}

/// A service every day of the week, at once.
pub fn every_day(n: usize, hours: Hours) -> Service {
    Service { id: service(n), name: format!("service {n}"), days: 0x7F, hours, seatings: None, accept: Accept::Instant }
}

/// A table online for parties from one to `seats`.
pub fn seats_for(n: usize, seats: u8) -> Table {
    Table {
        id: table(n),
        area: area(0),
        label: n.to_string(),
        min_party: 1,
        max_party: seats,
        step_free: true,
        wheelchair_spaces: 0,
        channel: Channel::Online,
        rank: 0,
    }
}

/// Tables pushed together for parties above `more_than`, up to `seats`.
pub fn together(n: usize, tables: &[usize], more_than: u8, seats: u8) -> Combo {
    Combo {
        id: ComboId(Uuid::from_u128(0xC000 + n as u128)),
        tables: tables.iter().map(|n| table(*n)).collect(),
        min_party: more_than + 1,
        max_party: seats,
        channel: Channel::Online,
        rank: 0,
    }
}

/// One room with two tables for four in Lisbon, dinner from 18:00 to 22:45, turns of 120 minutes, no pacing to speak of.
pub fn small_house() -> House {
    House {
        venue: VenueId(Uuid::from_u128(1)),
        version: 1,
        zone: zone("Europe/Lisbon"),
        rollover: time("04:00"),
        slot_minutes: 15,
        horizon_days: 90,
        min_notice_minutes: 60,
        max_online_party: 20,
        areas: (0..1).map(room).collect(),
        tables: vec![seats_for(0, 4), seats_for(1, 4)],
        combos: Vec::new(),
        services: vec![every_day(0, hours("18:00", "22:45", "01:00"))],
        special_days: BTreeMap::new(),
        turns: vec![turn_for_all(120, 0)],
        pacing: Pacing { total: 100, online: 100 },
        pacing_of: BTreeMap::new(),
        terms: Vec::new(),
    }
}

pub fn room(n: usize) -> Area {
    Area { id: area(n), name: format!("room {n}"), kind: AreaKind::Indoor }
}

pub fn turn_for_all(minutes: i64, buffer: i64) -> TurnRule {
    TurnRule { area: None, service: None, min_party: 1, max_party: 50, turn: Turn::minutes(minutes, buffer) }
}
