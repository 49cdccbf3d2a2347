//! One date of one house: which starts exist, in the venue's wall clock.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::mask::below;
use super::{Floor, TICKS};
use crate::rules::{Hours, House, Pacing, Service};
use crate::time::{LocalInstant, TICK, TICK_MINUTES};

/// One start of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// Ticks since the day's origin.
    pub tick: u8,
    /// When.
    pub start: LocalInstant,
    /// Index into the house's services.
    pub service: usize,
}

/// Which starts a date has, whoever has booked them.
#[derive(Debug)]
pub struct Plan {
    /// The house.
    pub floor: Arc<Floor>,
    /// The service date.
    pub date: NaiveDate,
    /// The instant of tick 0.
    pub origin: DateTime<Utc>,
    /// Where the next service date begins.
    pub next_origin: DateTime<Utc>,
    /// Starts, in order of time; one per tick.
    pub sittings: Vec<Sitting>,
    /// What guests are told about a special day.
    pub note: Option<String>,
    /// The starts of each service as a mask.
    pub(super) service_starts: Vec<u128>,
    /// Ticks in which the room is open, for telling gaps that matter.
    pub(super) open_ticks: u128,
    /// The pace caps of each service.
    pub(super) pacing: Vec<Pacing>,
}

impl Plan {
    /// Lays out a date.
    #[must_use]
    pub fn new(floor: &Arc<Floor>, date: NaiveDate) -> Arc<Self> {
        let house = &floor.house;
        let day_start = |date| on_tick(house.zone.day_start(date, house.rollover));
        let mut plan = Self {
            date,
            origin: day_start(date),
            next_origin: day_start(date + Days::new(1)),
            sittings: Vec::new(),
            note: house.special_days.get(&date).map(|day| day.note.clone()).filter(|note| !note.is_empty()),
            service_starts: vec![0; house.services.len()],
            open_ticks: 0,
            pacing: house.services.iter().map(|service| house.pacing(service.id)).collect(),
            floor: floor.clone(),
        };
        // A service may begin before the rollover or last past it, and so reach into its neighbour's date.
        for date in [date - Days::new(1), date, date + Days::new(1)] {
            for run in running(house, date) {
                plan.open_ticks |=
                    plan.span(house.zone.resolve_forward(run.opens), house.zone.resolve_forward(run.closes()));
                for wall in run.starts(house) {
                    plan.sittings.extend(plan.sitting_at(run.service, wall));
                }
            }
        }
        plan.sittings.sort_by_key(|sitting| (sitting.tick, sitting.service));
        plan.sittings.dedup_by_key(|sitting| sitting.tick);
        for sitting in &plan.sittings {
            plan.service_starts[sitting.service] |= 1 << sitting.tick;
        }
        Arc::new(plan)
    }

    /// The start at this time on the wall, unless the clock skips it or it is another date's.
    fn sitting_at(&self, service: usize, wall: NaiveDateTime) -> Option<Sitting> {
        let zone = self.floor.house.zone;
        let start = zone.resolve(wall).filter(|start| (self.origin..self.next_origin).contains(start))?;
        Some(Sitting { tick: self.tick(start)?, start: zone.show(start), service })
    }

    /// The tick of an instant, when it lies on one and in view.
    #[must_use]
    pub fn tick(&self, at: DateTime<Utc>) -> Option<u8> {
        let since = at - self.origin;
        let tick = u8::try_from(since.num_minutes() / TICK_MINUTES).ok().filter(|tick| *tick < TICKS)?;
        (self.instant(tick) == at).then_some(tick)
    }

    /// The instant of a tick.
    #[must_use]
    pub fn instant(&self, tick: u8) -> DateTime<Utc> {
        self.origin + TICK * i32::from(tick)
    }

    /// The sitting that starts at this instant.
    #[must_use]
    pub fn sitting(&self, at: DateTime<Utc>) -> Option<&Sitting> {
        let tick = self.tick(at)?;
        self.sittings.iter().find(|sitting| sitting.tick == tick)
    }

    /// The ticks an interval touches, as a mask.
    #[must_use]
    pub fn span(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> u128 {
        let clamp = |ticks: i64| u32::try_from(ticks.clamp(0, i64::from(TICKS))).unwrap_or(0);
        let first = clamp((from - self.origin).num_seconds().div_euclid(TICK.num_seconds()));
        let past = clamp(-(-(to - self.origin).num_seconds()).div_euclid(TICK.num_seconds()));
        below(past) & !below(first)
    }
}

/// Ticks are quarter hours of the clock everywhere, as claims are, even if somebody's day rolls over off the quarter.
fn on_tick(at: DateTime<Utc>) -> DateTime<Utc> {
    at - Duration::seconds(at.timestamp().rem_euclid(TICK.num_seconds()))
}

/// A service on one date.
struct Run<'h> {
    /// Index into the house's services.
    service: usize,
    date: NaiveDate,
    /// The first seating on the wall.
    opens: NaiveDateTime,
    hours: Hours,
    seatings: Option<&'h [NaiveTime]>,
}

impl<'h> Run<'h> {
    /// A service wholly before the rollover is the end of its date; one that lasts past it is of the morning.
    fn new(house: &House, date: NaiveDate, service: usize, hours: Hours, seatings: Option<&'h [NaiveTime]>) -> Self {
        let first = hours.first_seating;
        let is_late = first < house.rollover && minutes(first, hours.last_seating) <= minutes(first, house.rollover);
        let opens = (if is_late { date + Days::new(1) } else { date }).and_time(first);
        Self { service, date, opens, hours, seatings }
    }

    /// When the room closes: the first time after opening that the clock shows the end.
    fn closes(&self) -> NaiveDateTime {
        let open = minutes(self.hours.first_seating, self.hours.ends);
        self.opens + Duration::minutes(if open == 0 { 24 * 60 } else { open })
    }

    /// Every start, on the wall: the seatings of the evening, or the grid from the first to the last.
    fn starts(&self, house: &House) -> Vec<NaiveDateTime> {
        if let Some(seatings) = self.seatings {
            let day = |time| if time < house.rollover { self.date + Days::new(1) } else { self.date };
            return seatings.iter().map(|time| day(*time).and_time(*time)).collect();
        }
        let step = house.slot_minutes.max(TICK_MINUTES);
        let slots = minutes(self.hours.first_seating, self.hours.last_seating) / step;
        (0..=slots).map(|slot| self.opens + Duration::minutes(slot * step)).collect()
    }
}

/// Minutes from one time of day until the clock next shows another.
fn minutes(from: NaiveTime, to: NaiveTime) -> i64 {
    (to - from).num_minutes().rem_euclid(24 * 60)
}

/// The services of a date; a special day's hours stand in for those of every service.
fn running(house: &House, date: NaiveDate) -> Vec<Run<'_>> {
    let weekday = date.weekday();
    let services = house.services.iter().enumerate();
    let usual: Vec<(usize, &Service)> = services.filter(|(_, service)| service.runs_on(weekday)).collect();
    match house.special_days.get(&date) {
        None => usual
            .into_iter()
            .map(|(index, service)| Run::new(house, date, index, service.hours, service.seatings.as_deref()))
            .collect(),
        Some(special) => {
            // Pace, turns and terms are those of the day's first service, or of the venue's first on a day without any.
            let index = usual.first().map_or(0, |(index, _)| *index);
            let hours = special.hours.filter(|_| !house.services.is_empty());
            hours.into_iter().map(|hours| Run::new(house, date, index, hours, None)).collect()
        }
    }
}
