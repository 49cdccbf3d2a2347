//! One date of one house with everything that is booked on it.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Audience, Plan, TICKS};
use crate::id::TableId;
use crate::rules::Pacing;

/// One table taken for one interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The table.
    pub table: TableId,
    /// The service date the claim belongs to, which may be a neighbour of the day in view.
    pub date: NaiveDate,
    /// From,
    pub from: DateTime<Utc>,
    /// to (buffer included).
    pub to: DateTime<Utc>,
    /// What it took from the pace of its start.
    pub covers: u16,
    /// How many of them online.
    pub online: u16,
    /// A hold: until when.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Covers that start in one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// All of them.
    pub total: u16,
    /// Those booked online.
    pub online: u16,
}

impl Pace {
    /// Whether so many more may start.
    #[must_use]
    pub const fn admits(self, covers: u16, audience: Audience, cap: Pacing) -> bool {
        let total = covers <= cap.total.saturating_sub(self.total);
        match audience {
            Audience::Guest => total && covers <= cap.online.saturating_sub(self.online),
            Audience::Staff => total,
        }
    }

    const fn take(&mut self, covers: u16, online: u16) {
        self.total = self.total.saturating_add(covers);
        self.online = self.online.saturating_add(online);
    }

    const fn give_back(&mut self, covers: u16, online: u16) {
        self.total = self.total.saturating_sub(covers);
        self.online = self.online.saturating_sub(online);
    }
}

/// Covers by tick.
type Paces = [Pace; TICKS as usize];

/// A table on hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    table: usize,
    span: u128,
    /// The tick whose pace it took, when that lies on this date.
    tick: Option<u8>,
    covers: u16,
    online: u16,
    pub expires_at: DateTime<Utc>,
}

/// A day's bookings over its plan. Cheap to copy with one change.
#[derive(Clone, Debug)]
pub struct Day {
    /// Starts and rules.
    pub plan: Arc<Plan>,
    /// Rises with every change of this date or a neighbour.
    pub version: i64,
    /// What is booked, by table.
    busy: Vec<u128>,
    /// What is on hold, expired or not.
    holds: Vec<Held>,
    /// What bookings and holds took of each start.
    pace: Box<Paces>,
}

/// Tables and pace as they are with some of the holds.
pub(super) struct Taken<'d> {
    pub busy: Cow<'d, [u128]>,
    pub pace: Cow<'d, Paces>,
}

impl Day {
    /// A day with these claims and this pace.
    #[must_use]
    pub fn new(plan: Arc<Plan>, version: i64, claims: &[Claim], pace: &[(DateTime<Utc>, Pace)]) -> Self {
        let busy = vec![0; plan.floor.house.tables.len()];
        let mut day =
            Self { busy, holds: Vec::new(), pace: Box::new([Pace::default(); TICKS as usize]), version, plan };
        for claim in claims {
            day.put(claim);
        }
        for (at, pace) in pace {
            if let Some(tick) = day.plan.tick(*at) {
                day.pace[usize::from(tick)] = *pace;
            }
        }
        day
    }

    /// The day after these claims were made; their covers are taken from the pace.
    #[must_use]
    pub fn with(&self, claims: &[Claim], version: i64) -> Self {
        let mut day = Self { version, ..self.clone() };
        for claim in claims {
            day.put(claim);
            if let Some(tick) = day.tick_of(claim) {
                day.pace[usize::from(tick)].take(claim.covers, claim.online);
            }
        }
        day
    }

    /// The day as if these claims had been let go.
    #[must_use]
    pub fn without(&self, claims: &[Claim], version: i64) -> Self {
        let mut day = Self { version, ..self.clone() };
        for claim in claims {
            day.remove(claim);
            if let Some(tick) = day.tick_of(claim) {
                day.pace[usize::from(tick)].give_back(claim.covers, claim.online);
            }
        }
        day
    }

    /// The tick whose pace a claim took: none when it belongs to a neighbouring date.
    fn tick_of(&self, claim: &Claim) -> Option<u8> {
        (claim.date == self.plan.date).then(|| self.plan.tick(claim.from)).flatten()
    }

    fn put(&mut self, claim: &Claim) {
        let Some(table) = self.plan.floor.table(claim.table) else { return };
        let span = self.plan.span(claim.from, claim.to);
        let &Claim { covers, online, .. } = claim;
        match claim.expires_at {
            None => self.busy[table] |= span,
            // A neighbour's hold out of view would only cost time.
            Some(_) if span == 0 => {}
            Some(expires_at) => {
                self.holds.push(Held { table, span, tick: self.tick_of(claim), covers, online, expires_at });
            }
        }
    }

    fn remove(&mut self, claim: &Claim) {
        let Some(table) = self.plan.floor.table(claim.table) else { return };
        let span = self.plan.span(claim.from, claim.to);
        if claim.expires_at.is_some() {
            self.holds.retain(|held| (held.table, held.span) != (table, span));
        } else {
            self.busy[table] &= !span;
        }
    }

    /// Whether anything is on hold, or was until lately.
    pub(super) const fn has_holds(&self) -> bool {
        !self.holds.is_empty()
    }

    /// When what is on hold runs out.
    pub(super) fn expiries(&self) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        self.holds.iter().map(|held| held.expires_at)
    }

    /// Tables and pace where only these holds stand: the others are let go, and their covers given back.
    pub(super) fn taken(&self, stands: impl Fn(&Held) -> bool) -> Taken<'_> {
        let mut taken = Taken { busy: Cow::Borrowed(&self.busy), pace: Cow::Borrowed(&*self.pace) };
        for held in &self.holds {
            if stands(held) {
                taken.busy.to_mut()[held.table] |= held.span;
            } else if let Some(tick) = held.tick {
                taken.pace.to_mut()[usize::from(tick)].give_back(held.covers, held.online);
            }
        }
        taken
    }
}
