//! What one start offers: terms, and every way to seat the party, best first.

use chrono::{DateTime, NaiveDate, Utc};

use super::mask::{runs, set_before, set_from};
use super::seat::Seat;
use super::{Ask, Day, Floor, Reason, Sitting};
use crate::id::{AreaId, TableId};
use crate::party::PartySize;
use crate::rules::{Pacing, Terms, Turn};
use crate::time::TICK;

/// One way to seat a party at one start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatingOption {
    /// The tables, in id order.
    pub tables: Vec<TableId>,
    /// Where they stand; where a combination is in two areas, one of them.
    pub area: AreaId,
    /// When the party leaves.
    pub end: DateTime<Utc>,
    /// When the tables are ready again.
    pub free_again: DateTime<Utc>,
}

/// What one start offers: how it is accepted, on what terms, and every way to seat the party, best first.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The service date.
    pub date: NaiveDate,
    /// The sitting.
    pub sitting: Sitting,
    /// Booked at once, or by request.
    pub instant: bool,
    /// The pace caps of this start.
    pub pacing: Pacing,
    /// The terms the booking is made under.
    pub terms: Terms,
    /// Every table and combination that suits, taken or not: only the database knows which is free.
    pub options: Vec<SeatingOption>,
}

/// What makes one option better than another, the most important first; less is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Taken here; another reader may know better.
    is_taken: bool,
    tables: usize,
    /// Seats that stay empty.
    wasted: u8,
    /// Ticks left free on either side that nobody can use.
    gap: u32,
    /// Combinations that would miss the table.
    wanted_by: u16,
    rank: i16,
}

impl Day {
    /// What this start offers to the party: every option that suits, those free in this view first, best first.
    ///
    /// # Errors
    /// The rule that forbids the start whatever is booked; whether a table is free is for the database to say.
    pub fn offer(&self, at: DateTime<Utc>, ask: &Ask<'_>) -> Result<Offer, Reason> {
        if let Some(reason) = self.refused_outright(ask) {
            return Err(reason);
        }
        let sitting = *self.plan.sitting(at).ok_or_else(|| self.why_no_sitting(at))?;
        if self.is_too_soon(&sitting, ask) {
            return Err(Reason::TooSoon);
        }
        let house = &self.plan.floor.house;
        Ok(Offer {
            date: self.plan.date,
            sitting,
            instant: self.is_instant(&sitting, ask),
            pacing: self.plan.pacing[sitting.service],
            terms: house.terms(house.services[sitting.service].id, ask.party),
            options: self.ranked(&sitting, ask),
        })
    }

    fn why_no_sitting(&self, at: DateTime<Utc>) -> Reason {
        let is_after_last = self.plan.sittings.last().is_some_and(|last| at > last.start.utc());
        if is_after_last { Reason::PastLastSeating } else { Reason::Closed }
    }

    /// Options by score: free here; fewest tables; fewest empty seats; smallest gap nobody can use; least wanted by
    /// combinations; rank; id.
    fn ranked(&self, sitting: &Sitting, ask: &Ask<'_>) -> Vec<SeatingOption> {
        let floor = &self.plan.floor;
        let now = self.taken(|held| held.expires_at > ask.now);
        let mut scored: Vec<(Score, SeatingOption)> = floor
            .suiting(ask)
            .map(|seat| {
                let turn = floor.turns(ask.party, seat)[sitting.service];
                let option = self.option(seat, sitting, turn);
                let free = seat.free(&now.busy);
                let least = shortest_turn(floor, seat, sitting.service);
                let score = Score {
                    is_taken: runs(free, turn.taken()) >> sitting.tick & 1 == 0,
                    tables: seat.tables.len(),
                    wasted: seat.wasted(ask.party),
                    gap: unusable_gap(free & self.plan.open_ticks, sitting.tick, turn, least),
                    wanted_by: seat.wanted_by,
                    rank: seat.rank,
                };
                (score, option)
            })
            .collect();
        scored.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.tables.cmp(&other.tables)));
        scored.into_iter().map(|(_, option)| option).collect()
    }

    fn option(&self, seat: &Seat, sitting: &Sitting, turn: Turn) -> SeatingOption {
        let house = &self.plan.floor.house;
        let start = sitting.start.utc();
        let mut tables: Vec<TableId> = seat.tables.iter().map(|index| house.tables[usize::from(*index)].id).collect();
        tables.sort_unstable();
        SeatingOption {
            tables,
            area: house.areas[seat.area].id,
            end: start + TICK * i32::from(turn.ticks),
            free_again: start + TICK * i32::from(turn.taken()),
        }
    }
}

/// The turn of the smallest party a seat takes: what a gap must hold to be of use.
fn shortest_turn(floor: &Floor, seat: &Seat, service: usize) -> u8 {
    PartySize::try_from(i64::from(seat.min_party)).map_or(1, |party| floor.turns(party, seat)[service].taken())
}

/// Ticks left before and after a turn that are free, but too short for anybody.
const fn unusable_gap(free: u128, start: u8, turn: Turn, least: u8) -> u32 {
    let before = set_before(free, start);
    let after = set_from(free, start.saturating_add(turn.taken()));
    (if before < least as u32 { before } else { 0 }) + (if after < least as u32 { after } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_too_short_for_anybody_is_counted() {
        let turn = Turn { ticks: 5, buffer: 1 };
        let free = !(1_u128 << 9 | 1 << 30);
        assert_eq!(unusable_gap(free, 12, turn, 6), 2, "ticks 10 and 11");
        assert_eq!(unusable_gap(free, 10, turn, 6), 0, "right after the last party");
        assert_eq!(unusable_gap(free, 16, turn, 6), 0, "six ticks before are of use");
        assert_eq!(unusable_gap(free, 20, turn, 6), 4, "ticks 26 to 29");
        assert_eq!(unusable_gap(free, 12, turn, 20), 2 + 12, "nobody can use either side");
    }
}
