//! How many people want to come, when, and in what company.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use domain::availability::{Plan, Sitting};
use domain::floor::Channel;
use domain::party::PartySize;
use domain::time::TICK;

use super::draw::Draw;
use super::guide::ServiceEntry;

/// How a service goes from Monday to Sunday, in the evening and by day; a good Friday is 1.
const EVENINGS: [f64; 7] = [0.5, 0.6, 0.7, 0.82, 1.0, 1.04, 0.7];
const DAYS: [f64; 7] = [0.6, 0.64, 0.68, 0.74, 0.94, 1.1, 1.08];

/// The share of all bookings that has come in so many days before; weekends go first.
const ON_WEEKDAYS: [(i64, f64); 7] = [(0, 0.94), (1, 0.86), (2, 0.79), (4, 0.67), (7, 0.52), (11, 0.4), (16, 0.3)];
const ON_WEEKENDS: [(i64, f64); 7] = [(0, 1.0), (1, 0.98), (2, 0.95), (4, 0.86), (7, 0.74), (11, 0.6), (16, 0.44)];

/// Seats that stay empty at taken tables, and time lost between two parties.
const SLACK: f64 = 0.72;

/// The appetite for one service on one date.
#[derive(Debug)]
pub struct Appetite {
    /// Covers that would like to come.
    pub covers: f64,
    peak: DateTime<Utc>,
    spread: f64,
    starts: Vec<DateTime<Utc>>,
}

impl Appetite {
    /// How many want to come to this service, so many days before.
    pub fn of(plan: &Plan, service: usize, entry: &ServiceEntry, days_ahead: i64, draw: &mut Draw) -> Option<Self> {
        let sittings: Vec<&Sitting> = plan.sittings.iter().filter(|sitting| sitting.service == service).collect();
        let starts: Vec<DateTime<Utc>> = sittings.iter().map(|sitting| sitting.start.utc()).collect();
        let (first, last) = (*starts.first()?, *starts.last()?);
        let mood = 0.92 + 0.16 * (draw.bell() + 1.0) / 2.0;
        let share = entry.fills * weekday(plan.date, entry.peak) * come_in(plan.date, days_ahead) * mood;
        Some(Self {
            covers: room(plan, service, &starts) * share,
            peak: nearest(&sittings, entry.peak)?,
            spread: minutes(last - first).clamp(120.0, 330.0) * 0.75,
            starts,
        })
    }

    /// When somebody would like to come: mostly around the peak, and mostly on the half hour.
    pub fn wish(&self, draw: &mut Draw) -> DateTime<Utc> {
        #[expect(clippy::cast_possible_truncation, reason = "a few hours in minutes")]
        let off = (draw.bell() * self.spread) as i64;
        let wish = self.peak + Duration::minutes(off);
        let past = Duration::seconds(wish.timestamp().rem_euclid(1800));
        if draw.percent(70) {
            wish - past + Duration::minutes(if past.num_minutes() < 15 { 0 } else { 30 })
        } else {
            wish
        }
    }

    /// Its starts, those nearest to a wish first, within what people put up with.
    pub fn starts_near(&self, wish: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let patience = if self.starts.len() < 3 { Duration::hours(3) } else { Duration::minutes(75) };
        let mut near: Vec<_> = self.starts.iter().copied().filter(|start| (*start - wish).abs() <= patience).collect();
        near.sort_by_key(|start| (*start - wish).abs());
        near
    }
}

/// How many come together.
pub fn party(draw: &mut Draw) -> Option<PartySize> {
    let people = draw.weighted(&[
        (1, 60),
        (2, 470),
        (3, 125),
        (4, 190),
        (5, 50),
        (6, 58),
        (7, 16),
        (8, 18),
        (9, 5),
        (10, 6),
        (12, 2),
    ]);
    PartySize::try_from(people).ok()
}

/// The covers that a service can seat at best.
fn room(plan: &Plan, service: usize, starts: &[DateTime<Utc>]) -> f64 {
    let house = &plan.floor.house;
    let Some(served) = house.services.get(service) else { return 0.0 };
    let tables = || house.tables.iter().filter(|table| table.channel != Channel::WalkIn);
    let seats: u32 = tables().map(|table| u32::from(table.max_party)).sum();
    let Ok(usual) = PartySize::try_from(3) else { return 0.0 };
    let turn = tables().map(|table| u32::from(house.turn(table.area, served.id, usual).taken())).max().unwrap_or(1);
    let turns = if served.seatings.is_some() {
        starts.len().try_into().map_or(1.0, |seatings: u32| f64::from(seatings))
    } else {
        let span = starts.last().zip(starts.first()).map_or(0.0, |(last, first)| minutes(*last - *first));
        1.0 + span / (f64::from(turn) * minutes(TICK))
    };
    let pace = f64::from(house.pacing(served.id).total) * f64::from(u32::try_from(starts.len()).unwrap_or(0));
    (f64::from(seats) * turns * SLACK).min(pace)
}

fn weekday(date: NaiveDate, peak: NaiveTime) -> f64 {
    let week = if (6..17).contains(&peak.hour()) { DAYS } else { EVENINGS };
    week[date.weekday().num_days_from_monday() as usize]
}

fn come_in(date: NaiveDate, days_ahead: i64) -> f64 {
    let curve = if matches!(date.weekday(), Weekday::Fri | Weekday::Sat) { ON_WEEKENDS } else { ON_WEEKDAYS };
    let mut before = curve[0];
    for point in curve {
        if days_ahead <= point.0 {
            let along = if point.0 == before.0 { 0.0 } else { ratio(days_ahead.max(0) - before.0, point.0 - before.0) };
            return before.1 + (point.1 - before.1) * along;
        }
        before = point;
    }
    before.1
}

/// The sitting at which the clock comes nearest to a time.
fn nearest(sittings: &[&Sitting], peak: NaiveTime) -> Option<DateTime<Utc>> {
    let off = |sitting: &Sitting| {
        let minutes = (sitting.start.0.time() - peak).num_minutes().rem_euclid(24 * 60);
        minutes.min(24 * 60 - minutes)
    };
    sittings.iter().min_by_key(|sitting| off(sitting)).map(|sitting| sitting.start.utc())
}

fn minutes(span: Duration) -> f64 {
    i32::try_from(span.num_minutes()).map_or(0.0, f64::from)
}

fn ratio(part: i64, whole: i64) -> f64 {
    let small = |number: i64| i32::try_from(number).map_or(0.0, f64::from);
    small(part) / small(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_dates_are_fuller_than_far_ones() {
        let friday = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let shares: Vec<f64> = (-14..=20).map(|ahead| come_in(friday, ahead)).collect();
        assert!(shares.is_sorted_by(|near, far| near >= far), "{shares:?}");
        assert!((shares[0] - 1.0).abs() < 1e-9 && (shares[34] - 0.44).abs() < 1e-9);
        assert!(come_in(friday, 7) > come_in(friday.pred_opt().unwrap(), 7));
    }
}
