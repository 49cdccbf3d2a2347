//! When the oracle says that a house seats: every quarter hour asked what the clock shows.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Utc};
use domain::rules::{Hours, House, Service};
use domain::time::TICK;

use crate::oracle::Oracle;

impl Oracle<'_> {
    /// The first instant of the date.
    pub fn first(&self) -> DateTime<Utc> {
        self.house.zone.day_start(self.date, self.house.rollover)
    }

    /// Each start with its service: every quarter hour of the date whose wall clock some service names.
    pub fn sittings(&self) -> Vec<(DateTime<Utc>, usize)> {
        let house = self.house;
        let end = house.zone.day_start(self.date + Days::new(1), house.rollover);
        let mut at = self.first();
        let mut found = Vec::new();
        while at < end {
            let wall = wall_of(house, at);
            let repeated = (1..=12).any(|ticks| wall_of(house, at - TICK * ticks) == wall);
            let service = self
                .running()
                .into_iter()
                .filter(|running| running.seats_at(house, wall))
                .map(|running| running.index)
                .min();
            if let Some(service) = service.filter(|_| !repeated) {
                found.push((at, service));
            }
            at += TICK;
        }
        found
    }

    /// The services of the date and of its neighbours, which may reach into it.
    fn running(&self) -> Vec<Running<'_>> {
        let mut found = Vec::new();
        for date in (self.date - Days::new(1)).iter_days().take(3) {
            let usual = self.house.services.iter().enumerate();
            let weekday = date.weekday().num_days_from_monday();
            let mut usual: Vec<(usize, &Service)> =
                usual.filter(|(_, service)| service.days >> weekday & 1 == 1).collect();
            match self.house.special_days.get(&date) {
                None => found.extend(usual.into_iter().map(|(index, service)| Running {
                    index,
                    date,
                    hours: service.hours,
                    service: Some(service),
                })),
                Some(special) => {
                    usual.extend(self.house.services.iter().enumerate().take(1));
                    let stand_in = usual.first().zip(special.hours);
                    found.extend(stand_in.map(|((index, _), hours)| Running {
                        index: *index,
                        date,
                        hours,
                        service: None,
                    }));
                }
            }
        }
        found
    }

    /// Whether the room is open then.
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.running().into_iter().any(|running| {
            let (open, close) = running.open(self.house);
            let zone = self.house.zone;
            at >= zone.resolve_forward(open) && at < zone.resolve_forward(close)
        })
    }
}

/// A service on one date.
struct Running<'h> {
    index: usize,
    date: NaiveDate,
    hours: Hours,
    /// `None` on a special day, whose hours are all that counts.
    service: Option<&'h Service>,
}

impl Running<'_> {
    /// On the wall: a service wholly before the rollover is of the evening before; one that lasts past it is of the morning.
    fn first(&self, house: &House) -> NaiveDateTime {
        let Hours { first_seating, last_seating, .. } = self.hours;
        let late = first_seating < house.rollover && last_seating >= first_seating && last_seating <= house.rollover;
        if late { (self.date + Days::new(1)).and_time(first_seating) } else { self.date.and_time(first_seating) }
    }

    fn open(&self, house: &House) -> (NaiveDateTime, NaiveDateTime) {
        let first = self.first(house);
        let ends = first.date().and_time(self.hours.ends);
        (first, if ends > first { ends } else { ends + Days::new(1) })
    }

    fn seats_at(&self, house: &House, wall: NaiveDateTime) -> bool {
        if let Some(seatings) = self.service.and_then(|service| service.seatings.as_ref()) {
            let evening = |time| if time < house.rollover { self.date + Days::new(1) } else { self.date };
            return seatings.iter().any(|time| evening(*time).and_time(*time) == wall);
        }
        let first = self.first(house);
        let last = first.date().and_time(self.hours.last_seating);
        let last = if last < first { last + Days::new(1) } else { last };
        (first..=last).contains(&wall) && (wall - first).num_minutes() % house.slot_minutes == 0
    }
}

fn wall_of(house: &House, at: DateTime<Utc>) -> NaiveDateTime {
    house.zone.show(at).0.naive_local()
}

/// The service date of an instant.
pub fn service_date(house: &House, at: DateTime<Utc>) -> NaiveDate {
    let mut date = at.date_naive() - Days::new(2);
    while house.zone.day_start(date + Days::new(1), house.rollover) <= at {
        date = date + Days::new(1);
    }
    date
}
