//! An evening in Lisbon, its guests and what is said to them.

use chrono::{DateTime, Duration, Utc};
use domain::availability::{Ask, Audience, Claim, Day, Floor, Plan, Reason, StartState};
use domain::id::TableId;
use domain::rules::House;

use crate::house::{date, party, table};

pub const EVENING: &str = "2026-11-21";

pub fn day(house: House) -> Day {
    day_on(house, EVENING)
}

pub fn day_on(house: House, text: &str) -> Day {
    Day::new(Plan::new(&Floor::new(house), date(text)), 1, &[], &[])
}

/// An instant of the evening, which in Lisbon is written as in Greenwich.
pub fn at(clock: &str) -> DateTime<Utc> {
    format!("{EVENING}T{clock}:00Z").parse().unwrap()
}

pub fn yesterday() -> DateTime<Utc> {
    at("12:00") - Duration::days(1)
}

pub fn guests(people: i64) -> Ask<'static> {
    Ask::guest(party(people), yesterday())
}

pub fn staff(people: i64) -> Ask<'static> {
    Ask { audience: Audience::Staff, ..guests(people) }
}

pub fn claim(n: usize, from: &str, minutes: i64, people: u16) -> Claim {
    let from = at(from);
    let to = from + Duration::minutes(minutes);
    Claim { table: table(n), date: date(EVENING), from, to, covers: people, online: people, expires_at: None }
}

pub fn held(n: usize, from: &str, minutes: i64, people: u16, until: DateTime<Utc>) -> Claim {
    Claim { expires_at: Some(until), ..claim(n, from, minutes, people) }
}

/// What is said of the start at this time.
pub fn said(day: &Day, ask: &Ask<'_>, clock: &str) -> (StartState, Option<Reason>) {
    let start = day.starts(ask).into_iter().find(|start| start.local == clock).unwrap();
    (start.state, start.reason)
}

pub fn reason(day: &Day, ask: &Ask<'_>, clock: &str) -> Option<Reason> {
    said(day, ask, clock).1
}

pub fn clocks(day: &Day) -> Vec<String> {
    day.plan.sittings.iter().map(|sitting| sitting.start.clock()).collect()
}

pub fn best(day: &Day, ask: &Ask<'_>, clock: &str) -> Vec<Vec<TableId>> {
    day.offer(at(clock), ask).unwrap().options.into_iter().map(|option| option.tables).collect()
}
