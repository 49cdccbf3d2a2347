//! What the engine must say, worked out slowly: interval by interval, quarter hour by quarter hour.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::availability::{Ask, Audience, Claim, Pace, Reason, StartState};
use domain::floor::{Channel, Need, Table};
use domain::id::{AreaId, TableId};
use domain::party::PartySize;
use domain::rules::{House, Turn};
use domain::time::TICK;

use crate::calendar::service_date;

/// How far a day sees: 32 hours from its first instant.
const VIEW: Duration = Duration::hours(32);

/// Covers by start.
pub type Paces = BTreeMap<DateTime<Utc>, Pace>;

/// A day as plain lists.
pub struct Oracle<'h> {
    pub house: &'h House,
    pub date: NaiveDate,
    pub claims: &'h [Claim],
    pub pace: &'h Paces,
}

/// What is said of one start.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    pub start: DateTime<Utc>,
    pub state: StartState,
    pub reason: Option<Reason>,
    pub areas: Vec<AreaId>,
}

/// A table or a combination.
struct Place<'h> {
    tables: Vec<&'h Table>,
    min_party: u8,
    max_party: u8,
    channel: Channel,
    rank: i16,
}

impl Place<'_> {
    fn fits(&self, party: PartySize) -> bool {
        party.get() >= self.min_party && party.get() <= self.max_party
    }

    fn meets(&self, needs: &[Need]) -> bool {
        let step_free = self.tables.iter().all(|table| table.step_free);
        let wheelchair = step_free && self.tables.iter().any(|table| table.wheelchair_spaces > 0);
        needs.iter().all(|need| match need {
            Need::StepFree => step_free,
            Need::WheelchairSpace => wheelchair,
            _ => true,
        })
    }

    fn sold_to(&self, audience: Audience) -> bool {
        audience == Audience::Staff || self.channel == Channel::Online
    }

    /// The only area its tables stand in, if there is one.
    fn area(&self) -> Option<AreaId> {
        self.tables.iter().all(|table| table.area == self.tables[0].area).then_some(self.tables[0].area)
    }

    fn stands_in(&self, area: Option<AreaId>) -> bool {
        area.is_none() || self.area() == area
    }
}

impl Oracle<'_> {
    /// Every start of the day and whether it can be had.
    pub fn verdicts(&self, ask: &Ask<'_>) -> Vec<Verdict> {
        self.sittings().into_iter().map(|(start, service)| self.verdict(start, service, ask)).collect()
    }

    fn verdict(&self, start: DateTime<Utc>, service: usize, ask: &Ask<'_>) -> Verdict {
        let places = self.places();
        let free: Vec<&Place<'_>> = places
            .iter()
            .filter(|place| suits(place, ask))
            .filter(|place| self.is_free(place, start, service, ask.party, &|claim| is_live(claim, ask.now)))
            .collect();
        let reason = self.reason(&places, &free, start, service, ask);
        let accept = self.house.services[service].accept;
        let instant = ask.party.get() <= self.house.max_online_party && accept.is_instant(ask.party);
        let state = match reason {
            Some(_) => StartState::Full,
            None if instant || ask.audience == Audience::Staff => StartState::Open,
            None => StartState::Request,
        };
        let is_free_in = |id: AreaId| free.iter().any(|place| place.area() == Some(id));
        let areas =
            self.house.areas.iter().map(|area| area.id).filter(|id| reason.is_none() && is_free_in(*id)).collect();
        Verdict { start, state, reason, areas }
    }

    fn reason(
        &self,
        places: &[Place<'_>],
        free: &[&Place<'_>],
        start: DateTime<Utc>,
        service: usize,
        ask: &Ask<'_>,
    ) -> Option<Reason> {
        if let Some(reason) = self.outright(places, ask) {
            return Some(reason);
        }
        let notice = match ask.audience {
            Audience::Guest => Duration::minutes(self.house.min_notice_minutes),
            Audience::Staff => Duration::hours(-12),
        };
        if start - ask.now < notice {
            return Some(Reason::TooSoon);
        }
        if !free.is_empty() && self.has_pace(start, service, ask, |_| true) {
            return None;
        }
        let once_let_go = places.iter().any(|place| {
            suits(place, ask) && self.is_free(place, start, service, ask.party, &|claim| claim.expires_at.is_none())
        });
        if once_let_go && self.has_pace(start, service, ask, |claim| claim.expires_at.is_none()) {
            return Some(Reason::Held);
        }
        Some(if free.is_empty() { Reason::NoTable } else { Reason::Pacing })
    }

    fn outright(&self, places: &[Place<'_>], ask: &Ask<'_>) -> Option<Reason> {
        let today = service_date(self.house, ask.now);
        if ask.audience == Audience::Guest && self.date > today + Days::new(self.house.horizon_days.into()) {
            return Some(Reason::TooFar);
        }
        if places.iter().any(|place| suits(place, ask)) {
            return None;
        }
        let mut fitting = places.iter().filter(|place| place.fits(ask.party) && place.stands_in(ask.area)).peekable();
        Some(if fitting.peek().is_none() {
            Reason::PartySize
        } else if fitting.any(|place| place.meets(&ask.needs)) {
            Reason::Access
        } else {
            Reason::Needs
        })
    }

    /// Whether the start's covers and those of the ask are within the caps, counting claims that are live and `counted`.
    fn has_pace(&self, start: DateTime<Utc>, service: usize, ask: &Ask<'_>, counted: impl Fn(&Claim) -> bool) -> bool {
        let pace = self.pace.get(&start).copied().unwrap_or_default();
        let (mut total, mut online) = (i64::from(pace.total), i64::from(pace.online));
        for claim in self.claims.iter().filter(|claim| claim.date == self.date && claim.from == start) {
            if !is_live(claim, ask.now) || !counted(claim) {
                total -= i64::from(claim.covers);
                online -= i64::from(claim.online);
            }
        }
        let cap = self.house.pacing(self.house.services[service].id);
        let covers = i64::from(ask.party.get());
        let within = total + covers <= i64::from(cap.total);
        within && (ask.audience == Audience::Staff || online + covers <= i64::from(cap.online))
    }

    fn is_free(
        &self,
        place: &Place<'_>,
        start: DateTime<Utc>,
        service: usize,
        party: PartySize,
        counted: &dyn Fn(&Claim) -> bool,
    ) -> bool {
        let turn = self.turn(place, service, party);
        let until = start + TICK * i32::from(turn.ticks + turn.buffer);
        until <= self.first() + VIEW
            && place.tables.iter().all(|table| self.is_table_free(table.id, start, until, counted))
    }

    fn is_table_free(
        &self,
        table: TableId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        counted: &dyn Fn(&Claim) -> bool,
    ) -> bool {
        !self.claims.iter().any(|claim| claim.table == table && claim.from < to && from < claim.to && counted(claim))
    }

    fn turn(&self, place: &Place<'_>, service: usize, party: PartySize) -> Turn {
        turn(self.house, place.tables[0].area, service, party)
    }

    fn places(&self) -> Vec<Place<'_>> {
        let find = |id: TableId| self.house.tables.iter().find(|table| table.id == id);
        let known = |table: &Table| self.house.areas.iter().any(|area| area.id == table.area);
        let single = |table| {
            let &Table { min_party, max_party, channel, rank, .. } = table;
            Place { tables: vec![table], min_party, max_party, channel, rank }
        };
        let joined = self.house.combos.iter().filter(|combo| combo.tables.len() > 1).filter_map(|combo| {
            let mut tables: Vec<&Table> = combo.tables.iter().map(|id| find(*id)).collect::<Option<_>>()?;
            tables.sort_by_key(|table| self.house.tables.iter().position(|other| other.id == table.id));
            let (min_party, max_party) = (combo.min_party, combo.max_party);
            Some(Place { tables, min_party, max_party, channel: combo.channel, rank: combo.rank })
        });
        let places = self.house.tables.iter().map(single).chain(joined);
        places.filter(|place| place.tables.iter().all(|table| known(table))).collect()
    }

    /// Options by the documented score, as what they take: the tables and when those are ready again.
    pub fn ranked(&self, start: DateTime<Utc>, service: usize, ask: &Ask<'_>) -> Vec<(Vec<TableId>, DateTime<Utc>)> {
        let places = self.places();
        let live = |claim: &Claim| is_live(claim, ask.now);
        let mut scored: Vec<_> = places
            .iter()
            .filter(|place| suits(place, ask))
            .map(|place| {
                let turn = self.turn(place, service, ask.party);
                let until = start + TICK * i32::from(turn.taken());
                let mut tables: Vec<TableId> = place.tables.iter().map(|table| table.id).collect();
                tables.sort();
                let missed = self
                    .house
                    .combos
                    .iter()
                    .filter(|combo| combo.tables.len() > 1 && combo.tables.contains(&place.tables[0].id));
                let missed = if place.tables.len() == 1 { missed.count() } else { 0 };
                let wasted = place.max_party - ask.party.get();
                let gap = self.useless_gap(place, service, start, until, ask);
                let taken = !self.is_free(place, start, service, ask.party, &live);
                ((taken, tables.len(), wasted, gap, missed, place.rank, tables.clone()), (tables, until))
            })
            .collect();
        scored.sort();
        scored.into_iter().map(|(_, option)| option).collect()
    }

    /// Quarter hours left free while the room is open, before and after, where they are too few for the smallest party.
    fn useless_gap(
        &self,
        place: &Place<'_>,
        service: usize,
        start: DateTime<Utc>,
        until: DateTime<Utc>,
        ask: &Ask<'_>,
    ) -> usize {
        let first = self.first();
        let smallest = PartySize::try_from(i64::from(place.min_party)).unwrap();
        let least = usize::from(self.turn(place, service, smallest).taken());
        let live = |claim: &Claim| is_live(claim, ask.now);
        let is_free = |at: DateTime<Utc>| {
            let free = place.tables.iter().all(|table| self.is_table_free(table.id, at, at + TICK, &live));
            free && at >= first && at < first + VIEW && self.is_open(at)
        };
        let before = (1..=128).take_while(|back| is_free(start - TICK * *back)).count();
        let after = (0..128).take_while(|ahead| is_free(until + TICK * *ahead)).count();
        [before, after].into_iter().filter(|gap| *gap < least).sum()
    }
}

fn suits(place: &Place<'_>, ask: &Ask<'_>) -> bool {
    place.fits(ask.party) && place.meets(&ask.needs) && place.sold_to(ask.audience) && place.stands_in(ask.area)
}

fn is_live(claim: &Claim, now: DateTime<Utc>) -> bool {
    claim.expires_at.is_none_or(|at| at > now)
}

/// The most specific rule: area and service, then service, then area, then the venue; of equals the last.
fn turn(house: &House, area: AreaId, service: usize, party: PartySize) -> Turn {
    let service = house.services[service].id;
    for (of_area, of_service) in [(true, true), (false, true), (true, false), (false, false)] {
        let rule = house.turns.iter().rev().find(|rule| {
            rule.area == of_area.then_some(area)
                && rule.service == of_service.then_some(service)
                && rule.min_party <= party.get()
                && party.get() <= rule.max_party
        });
        if let Some(rule) = rule {
            return rule.turn;
        }
    }
    Turn::usual(party)
}
