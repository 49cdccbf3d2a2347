//! Every way to seat a party: single tables and combinations, made ready for counting.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Ask, Audience};
use crate::floor::{Channel, Combo, Need, Table};
use crate::id::{AreaId, TableId};
use crate::party::PartySize;
use crate::rules::{House, Turn};

/// One table or one combination.
#[derive(Clone, Debug)]
pub(super) struct Seat {
    /// Indices into the house's tables.
    pub tables: Vec<u16>,
    /// Index of the area of its first table, whose turn rules it follows.
    pub area: usize,
    /// Whether all its tables stand in that area, so that a party can ask for it there.
    pub is_in_one_area: bool,
    pub min_party: u8,
    pub max_party: u8,
    pub channel: Channel,
    /// Combinations that would miss this table.
    pub wanted_by: u16,
    pub rank: i16,
    pub step_free: bool,
    pub wheelchair: bool,
}

impl Seat {
    fn single(index: u16, table: &Table, area: usize) -> Self {
        Self {
            tables: vec![index],
            area,
            is_in_one_area: true,
            min_party: table.min_party,
            max_party: table.max_party,
            channel: table.channel,
            wanted_by: 0,
            rank: table.rank,
            step_free: table.meets(&[Need::StepFree]),
            wheelchair: table.meets(&[Need::WheelchairSpace]),
        }
    }

    fn joined(combo: &Combo, members: &[&Self]) -> Self {
        let area = members[0].area;
        let step_free = members.iter().all(|seat| seat.step_free);
        Self {
            tables: members.iter().flat_map(|seat| &seat.tables).copied().collect(),
            area,
            is_in_one_area: members.iter().all(|seat| seat.area == area),
            min_party: combo.min_party,
            max_party: combo.max_party,
            channel: combo.channel,
            wanted_by: 0,
            rank: combo.rank,
            step_free,
            wheelchair: step_free && members.iter().any(|seat| seat.wheelchair),
        }
    }

    pub fn fits(&self, party: PartySize) -> bool {
        (self.min_party..=self.max_party).contains(&party.get())
    }

    pub fn meets(&self, needs: &[Need]) -> bool {
        needs.iter().all(|need| match need {
            Need::StepFree => self.step_free,
            Need::WheelchairSpace => self.wheelchair,
            Need::HighChair | Need::Pram | Need::AssistanceDog | Need::Quiet => true,
        })
    }

    pub fn sold_to(&self, audience: Audience) -> bool {
        audience == Audience::Staff || self.channel == Channel::Online
    }

    /// Ticks in which all its tables are free.
    pub fn free(&self, busy: &[u128]) -> u128 {
        !self.tables.iter().fold(0, |taken, table| taken | busy[usize::from(*table)])
    }

    /// Seats that stay empty.
    pub fn wasted(&self, party: PartySize) -> u8 {
        self.max_party.saturating_sub(party.get())
    }
}

/// A house with everything about it that does not depend on the date worked out.
#[derive(Debug)]
pub struct Floor {
    /// The rules it was made from.
    pub house: House,
    pub(super) seats: Vec<Seat>,
    table_index: HashMap<TableId, u16>,
    /// Turn by party, area and service.
    turns: Vec<Turn>,
}

impl Floor {
    /// Works out a house. Tables whose area is gone and combinations whose tables are gone are left out.
    #[must_use]
    pub fn new(house: House) -> Arc<Self> {
        let table_index: HashMap<TableId, u16> = house.tables.iter().map(|table| table.id).zip(0..).collect();
        let area_index = |id| house.areas.iter().position(|area| area.id == id);
        let single = |(table, index): (&Table, u16)| Some(Seat::single(index, table, area_index(table.area)?));
        let mut singles: Vec<Option<Seat>> = house.tables.iter().zip(0..).map(single).collect();
        let mut joined = Vec::new();
        for combo in &house.combos {
            let members: Option<Vec<u16>> = combo.tables.iter().map(|id| table_index.get(id).copied()).collect();
            let mut members = members.unwrap_or_default();
            members.sort_unstable();
            members.dedup();
            let seats: Option<Vec<&Seat>> =
                members.iter().map(|member| singles[usize::from(*member)].as_ref()).collect();
            let Some(seats) = seats.filter(|seats| seats.len() > 1) else { continue };
            joined.push(Seat::joined(combo, &seats));
            for member in members {
                singles[usize::from(member)].iter_mut().for_each(|seat| seat.wanted_by += 1);
            }
        }
        let seats = singles.into_iter().flatten().chain(joined).collect();
        let turns = turn_table(&house);
        Arc::new(Self { house, seats, table_index, turns })
    }

    /// The index of a table of this house.
    pub(super) fn table(&self, id: TableId) -> Option<usize> {
        self.table_index.get(&id).map(|index| usize::from(*index))
    }

    /// How long a party keeps this seat, by service.
    pub(super) fn turns(&self, party: PartySize, seat: &Seat) -> &[Turn] {
        let (areas, services) = (self.house.areas.len(), self.house.services.len());
        let first = (usize::from(party.get() - 1) * areas + seat.area) * services;
        &self.turns[first..first + services]
    }

    /// Seats in the area asked for.
    pub(super) fn seats_in(&self, area: Option<AreaId>) -> impl Iterator<Item = &Seat> {
        let index = area.map(|id| self.house.areas.iter().position(|area| area.id == id));
        self.seats.iter().filter(move |seat| index.is_none_or(|index| seat.is_in_one_area && index == Some(seat.area)))
    }

    /// Seats that suit the question, whoever has them now.
    pub(super) fn suiting(&self, ask: &Ask<'_>) -> impl Iterator<Item = &Seat> {
        self.seats_in(ask.area)
            .filter(|seat| seat.fits(ask.party) && seat.sold_to(ask.audience) && seat.meets(&ask.needs))
    }
}

fn turn_table(house: &House) -> Vec<Turn> {
    let parties = (1..=i64::from(PartySize::MAX)).filter_map(|people| PartySize::try_from(people).ok());
    let areas = || house.areas.iter().map(|area| area.id);
    let services = || house.services.iter().map(|service| service.id);
    let turn = |party| areas().flat_map(move |area| services().map(move |service| house.turn(area, service, party)));
    parties.flat_map(turn).collect()
}
