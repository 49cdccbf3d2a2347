//! When a venue seats, for how long, how many at a time, and on what terms.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, Weekday};

use crate::floor::{Area, Combo, Table};
use crate::id::{AreaId, ServiceId, VenueId};
use crate::party::PartySize;
use crate::time::{TICK_MINUTES, Zone};

/// Whether a booking stands at once or waits for the venue's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// Every party is booked at once.
    Instant,
    /// Every party asks.
    Request,
    /// Parties up to this size are booked at once, larger ones ask.
    InstantUpTo(u8),
}

impl Accept {
    /// Whether this party is booked without being asked for.
    #[must_use]
    pub const fn is_instant(self, party: PartySize) -> bool {
        match self {
            Self::Instant => true,
            Self::Request => false,
            Self::InstantUpTo(limit) => party.get() <= limit,
        }
    }
}

/// One service of the week: lunch, dinner, the late bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// What the venue calls it.
    pub name: String,
    /// Bit 0 is Monday, bit 6 Sunday.
    pub days: u8,
    /// Its hours on those days.
    pub hours: Hours,
    /// When given, only these starts are sold.
    pub seatings: Option<Vec<NaiveTime>>,
    /// Instant or by request.
    pub accept: Accept,
}

impl Service {
    /// Whether the service takes place on this day of the week.
    #[must_use]
    pub const fn runs_on(&self, day: Weekday) -> bool {
        self.days >> day.num_days_from_monday() & 1 == 1
    }
}

/// First and last seating and the end; an end that is not after the first seating is on the next day.
///
/// Hours wholly before the venue's rollover are the end of their evening: 00:30 on a Saturday is Saturday night. Hours that
/// begin before the rollover and last past it are of their own morning: a bakery's, or those of a house that never closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The first time a party may sit down.
    pub first_seating: NaiveTime,
    /// The last.
    pub last_seating: NaiveTime,
    /// When the room closes.
    pub ends: NaiveTime,
}

/// A day that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// `None`: closed. Otherwise the hours that replace every service.
    pub hours: Option<Hours>,
    /// What guests are told: "Closed for the holiday".
    pub note: String,
}

/// How long a party keeps its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnRule {
    /// Only in this area.
    pub area: Option<AreaId>,
    /// Only in this service.
    pub service: Option<ServiceId>,
    /// From this party size,
    pub min_party: u8,
    /// to this one.
    pub max_party: u8,
    /// The table is theirs for so long.
    pub turn: Turn,
}

/// Turn time and the rest of the table after it, in ticks of a quarter hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Turn {
    /// Ticks the party sits.
    pub ticks: u8,
    /// Ticks until the table is ready for the next party.
    pub buffer: u8,
}

impl Turn {
    /// The longest turn and buffer together: six hours and one.
    pub const MAX_TICKS: u8 = 28;

    /// A turn of so many minutes, rounded up to whole ticks and bounded.
    #[must_use]
    pub fn minutes(turn: i64, buffer: i64) -> Self {
        let ticks = |minutes: i64, most: i64| {
            let minutes = minutes.clamp(0, most * TICK_MINUTES);
            u8::try_from((minutes + TICK_MINUTES - 1) / TICK_MINUTES).unwrap_or(0)
        };
        Self { ticks: ticks(turn, 24).max(1), buffer: ticks(buffer, 4) }
    }

    /// Ticks the table is taken: turn and buffer.
    #[must_use]
    pub const fn taken(self) -> u8 {
        self.ticks.saturating_add(self.buffer)
    }

    /// The house default: 90 minutes for two, up to 150 for nine and more.
    #[must_use]
    pub fn usual(party: PartySize) -> Self {
        Self::minutes(
            match party.get() {
                ..=2 => 90,
                3..=4 => 105,
                5..=6 => 120,
                7..=8 => 135,
                _ => 150,
            },
            0,
        )
    }
}

/// Covers that may start in one quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// All of them.
    pub total: u16,
    /// Those booked online.
    pub online: u16,
}

impl Default for Pacing {
    fn default() -> Self {
        Self { total: 10, online: 10 }
    }
}

/// The terms of a booking.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct Terms {
    /// Cancelling is free until so many minutes before the start.
    pub free_cancel_minutes: u32,
    /// The policy in the venue's words, possibly empty.
    pub text: String,
    /// The version that was agreed to.
    pub version: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { free_cancel_minutes: 24 * 60, text: String::new(), version: 1 }
    }
}

/// Terms that hold from a party size on, in one service or in all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsRule {
    /// Only in this service.
    pub service: Option<ServiceId>,
    /// From this party size on.
    pub min_party: u8,
    /// The terms.
    pub terms: Terms,
}

/// Everything about a venue that decides what can be booked, apart from what is booked already.
#[derive(Clone, Debug)]
pub struct House {
    /// Whose it is.
    pub venue: VenueId,
    /// The version of floor and rules.
    pub version: i64,
    /// The venue's clock.
    pub zone: Zone,
    /// When a service date begins, on the quarter hour.
    pub rollover: NaiveTime,
    /// Starts are offered every so many minutes: 15, 30 or 60.
    pub slot_minutes: i64,
    /// How many days ahead can be booked.
    pub horizon_days: u32,
    /// How long before the start one must book.
    pub min_notice_minutes: i64,
    /// Larger parties ask instead of booking.
    pub max_online_party: u8,
    /// Areas, in the order guests read them.
    pub areas: Vec<Area>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Combinations; members are among `tables`.
    pub combos: Vec<Combo>,
    /// The week.
    pub services: Vec<Service>,
    /// The exceptions.
    pub special_days: BTreeMap<NaiveDate, SpecialDay>,
    /// Turn rules.
    pub turns: Vec<TurnRule>,
    /// Pacing for all services,
    pub pacing: Pacing,
    /// and those that have their own.
    pub pacing_of: BTreeMap<ServiceId, Pacing>,
    /// Terms.
    pub terms: Vec<TermsRule>,
}

impl House {
    /// How long this party keeps a table of this area in this service: the most specific rule wins, a service's before an
    /// area's, and of equals the last.
    #[must_use]
    pub fn turn(&self, area: AreaId, service: ServiceId, party: PartySize) -> Turn {
        self.turns
            .iter()
            .filter(|rule| (rule.min_party..=rule.max_party).contains(&party.get()))
            .filter(|rule| rule.area.is_none_or(|a| a == area) && rule.service.is_none_or(|s| s == service))
            .max_by_key(|rule| {
                (u8::from(rule.area.is_some()) + u8::from(rule.service.is_some()), rule.service.is_some())
            })
            .map_or_else(|| Turn::usual(party), |rule| rule.turn)
    }

    /// The pacing of a service.
    #[must_use]
    pub fn pacing(&self, service: ServiceId) -> Pacing {
        self.pacing_of.get(&service).copied().unwrap_or(self.pacing)
    }

    /// The largest party that some service books at once; 0 when all ask.
    #[must_use]
    pub fn largest_instant_party(&self) -> u8 {
        let is_instant = |party: &PartySize| self.services.iter().any(|service| service.accept.is_instant(*party));
        let parties = (1..=i64::from(self.max_online_party)).rev().filter_map(|party| PartySize::try_from(party).ok());
        parties.into_iter().find(is_instant).map_or(0, PartySize::get)
    }

    /// The terms this party books under: those of its service before those of the venue, larger `min_party` first.
    #[must_use]
    pub fn terms(&self, service: ServiceId, party: PartySize) -> Terms {
        self.terms
            .iter()
            .filter(|rule| rule.min_party <= party.get() && rule.service.is_none_or(|s| s == service))
            .max_by_key(|rule| (rule.service.is_some(), rule.min_party))
            .map(|rule| rule.terms.clone())
            .unwrap_or_default()
    }
}
