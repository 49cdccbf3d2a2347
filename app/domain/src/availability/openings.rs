//! Which starts a party can have, and why not the others.

use chrono::{DateTime, Days, Duration, Utc};

use super::day::Taken;
use super::mask::{bits, runs};
use super::{Ask, Audience, Day, Reason, Sitting, Start, StartState};

/// Which starts of a day are free for one party, as masks over ticks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Openings {
    /// Starts that can be booked.
    pub open: u128,
    /// Starts with a table, but without pace.
    pub paced: u128,
    /// Starts that would be open if nothing were on hold.
    pub held: u128,
    /// Open starts by area, in the house's order.
    pub by_area: Vec<u128>,
}

impl Day {
    /// Which starts are free for this party, whatever notice and horizon say.
    #[must_use]
    pub fn openings(&self, ask: &Ask<'_>) -> Openings {
        let now = self.taken(|held| held.expires_at > ask.now);
        let mut by_area = vec![0; self.plan.floor.house.areas.len()];
        let free = self.free_starts(ask, &now.busy, &mut by_area);
        let open = self.admitted(ask, &now, free);
        for area in &mut by_area {
            *area &= open;
        }
        let held = if self.has_holds() { self.open_without_holds(ask) & !open } else { 0 };
        Openings { open, paced: free & !open & !held, held, by_area }
    }

    fn open_without_holds(&self, ask: &Ask<'_>) -> u128 {
        let then = self.taken(|_| false);
        let free = self.free_starts(ask, &then.busy, &mut []);
        self.admitted(ask, &then, free)
    }

    /// Starts with a free table, and in which of these areas.
    fn free_starts(&self, ask: &Ask<'_>, busy: &[u128], by_area: &mut [u128]) -> u128 {
        let floor = &self.plan.floor;
        let mut elsewhere = 0;
        for seat in floor.suiting(ask) {
            let found = by_area.get_mut(seat.area).filter(|_| seat.is_in_one_area).unwrap_or(&mut elsewhere);
            let free = seat.free(busy);
            for (turn, starts) in floor.turns(ask.party, seat).iter().zip(&self.plan.service_starts) {
                let missing = starts & free & !*found;
                if missing != 0 {
                    *found |= runs(free, turn.taken()) & missing;
                }
            }
        }
        by_area.iter().fold(elsewhere, |all, area| all | area)
    }

    /// Those of these starts whose pace the party does not exceed.
    fn admitted(&self, ask: &Ask<'_>, taken: &Taken<'_>, among: u128) -> u128 {
        let covers = u16::from(ask.party.get());
        let mut admitted = 0;
        for (starts, cap) in self.plan.service_starts.iter().zip(&self.plan.pacing) {
            for tick in bits(starts & among) {
                if taken.pace[usize::from(tick)].admits(covers, ask.audience, *cap) {
                    admitted |= 1 << tick;
                }
            }
        }
        admitted
    }

    /// Why nothing of this day can be had by this party, whatever is booked.
    pub(super) fn refused_outright(&self, ask: &Ask<'_>) -> Option<Reason> {
        let floor = &self.plan.floor;
        let house = &floor.house;
        if self.plan.sittings.is_empty() {
            return Some(Reason::Closed);
        }
        let today = house.zone.service_date(ask.now, house.rollover);
        let ahead = (self.plan.date - today).num_days();
        if ask.audience == Audience::Guest && ahead > i64::from(house.horizon_days) {
            return Some(Reason::TooFar);
        }
        if floor.suiting(ask).next().is_some() {
            return None;
        }
        let mut fitting = floor.seats_in(ask.area).filter(|seat| seat.fits(ask.party)).peekable();
        Some(if fitting.peek().is_none() {
            Reason::PartySize
        } else if fitting.any(|seat| seat.meets(&ask.needs)) {
            Reason::Access
        } else {
            Reason::Needs
        })
    }

    pub(super) fn is_too_soon(&self, sitting: &Sitting, ask: &Ask<'_>) -> bool {
        sitting.start.utc() < ask.now + self.notice(ask)
    }

    fn notice(&self, ask: &Ask<'_>) -> Duration {
        match ask.audience {
            Audience::Guest => Duration::minutes(self.plan.floor.house.min_notice_minutes),
            // A party that sat down hours ago may still have to be written up.
            Audience::Staff => Duration::hours(-12),
        }
    }

    /// Whether the party is booked at once, or the venue is asked.
    pub(super) fn is_instant(&self, sitting: &Sitting, ask: &Ask<'_>) -> bool {
        let house = &self.plan.floor.house;
        let accept = house.services[sitting.service].accept;
        ask.audience == Audience::Staff || (ask.party.get() <= house.max_online_party && accept.is_instant(ask.party))
    }

    /// Every start of the day and whether this party can have it.
    #[must_use]
    pub fn starts(&self, ask: &Ask<'_>) -> Vec<Start> {
        let outright = self.refused_outright(ask);
        let found = if outright.is_none() { self.openings(ask) } else { Openings::default() };
        self.plan.sittings.iter().map(|sitting| self.start(sitting, ask, outright, &found)).collect()
    }

    /// Until when, unless something is booked, an answer given now stays the answer: that instant excluded.
    #[must_use]
    pub fn same_until(&self, ask: &Ask<'_>) -> DateTime<Utc> {
        let house = &self.plan.floor.house;
        let tomorrow = house.zone.service_date(ask.now, house.rollover) + Days::new(1);
        let notice = self.notice(ask);
        // The last instant at which a sitting is not too near belongs to it.
        let too_near = self.plan.sittings.iter().map(|sitting| sitting.start.utc() - notice + Duration::nanoseconds(1));
        let expiries = self.expiries();
        let changes = too_near.chain(expiries).chain([house.zone.day_start(tomorrow, house.rollover)]);
        // Should no change be in sight, the answer is looked at again now and then.
        changes.filter(|change| *change > ask.now).min().unwrap_or(ask.now + Duration::hours(1))
    }

    fn start(&self, sitting: &Sitting, ask: &Ask<'_>, outright: Option<Reason>, found: &Openings) -> Start {
        let has = |mask: u128| mask >> sitting.tick & 1 == 1;
        let reason = outright.or_else(|| {
            if self.is_too_soon(sitting, ask) {
                Some(Reason::TooSoon)
            } else if has(found.open) {
                None
            } else if has(found.held) {
                Some(Reason::Held)
            } else if has(found.paced) {
                Some(Reason::Pacing)
            } else {
                Some(Reason::NoTable)
            }
        });
        let state = match reason {
            Some(_) => StartState::Full,
            None if self.is_instant(sitting, ask) => StartState::Open,
            None => StartState::Request,
        };
        let house = &self.plan.floor.house;
        let is_special = house.special_days.contains_key(&self.plan.date);
        let service = if is_special { String::new() } else { house.services[sitting.service].name.clone() };
        let areas = house.areas.iter().zip(&found.by_area);
        let areas = areas.filter(|(_, mask)| reason.is_none() && has(**mask)).map(|(area, _)| area.id).collect();
        let (start, date) = (sitting.start, self.plan.date);
        Start { start, date, local: start.clock(), service, state, reason, areas }
    }

    /// The starts that can be had, those nearest to `wanted` and at most `most`, in order of time.
    #[must_use]
    pub fn nearest(&self, wanted: DateTime<Utc>, ask: &Ask<'_>, most: usize) -> Vec<Start> {
        let mut open = self.starts(ask);
        open.retain(|start| start.reason.is_none() && start.start.utc() != wanted);
        open.sort_by_key(|start| (start.start.utc() - wanted).abs());
        open.truncate(most);
        open.sort_by_key(|start| start.start);
        open
    }
}
