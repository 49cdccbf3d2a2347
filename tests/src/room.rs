//! Small venues, as a test describes them.

mod rows;
mod service;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use domain::time::Zone;
use sqlx::PgPool;
use sqlx::types::Uuid;

use self::rows::Ids;
pub use self::service::Service;

/// A venue to be built: open at any hour of any day, kitchen without limits, until it is told otherwise.
#[derive(Clone, Debug)]
pub struct Room {
    slug: String,
    name: String,
    city: String,
    cuisine: String,
    price: i16,
    place: (f64, f64),
    zone: String,
    rollover: NaiveTime,
    slot_minutes: i16,
    horizon_days: i16,
    min_notice_minutes: i32,
    max_online_party: i16,
    areas: Vec<(String, String)>,
    tables: Vec<Seats>,
    combos: Vec<(Vec<usize>, i16, i16)>,
    services: Vec<Service>,
    special_days: Vec<(NaiveDate, Option<[NaiveTime; 3]>, String)>,
    turns: Vec<(i16, i16, i16, i16)>,
    pacing: (i16, i16),
    policy: Option<(i32, String)>,
}

#[derive(Clone, Debug)]
struct Seats {
    area: usize,
    min: i16,
    max: i16,
    channel: &'static str,
    step_free: bool,
}

impl Room {
    /// A venue with one table for each of these, which seats up to so many.
    #[must_use]
    pub fn with(tables: impl IntoIterator<Item = i16>) -> Self {
        let seats = |max| Seats { area: 0, min: 1, max, channel: "online", step_free: true };
        Self {
            slug: "room".to_owned(),
            name: "The Room".to_owned(),
            city: "Lisbon".to_owned(),
            cuisine: "portuguese".to_owned(),
            price: 2,
            place: (38.7223, -9.1393),
            zone: "Europe/Lisbon".to_owned(),
            rollover: clock("04:00"),
            slot_minutes: 15,
            horizon_days: 90,
            min_notice_minutes: 60,
            max_online_party: 20,
            areas: vec![("Dining room".to_owned(), "indoor".to_owned())],
            tables: tables.into_iter().map(seats).collect(),
            combos: Vec::new(),
            services: vec![Service::daily("All day", "04:00", "03:45", "04:00")],
            special_days: Vec::new(),
            turns: Vec::new(),
            pacing: (1000, 1000),
            policy: None,
        }
    }

    /// So many tables for two.
    #[must_use]
    pub fn of_two_tops(how_many: usize) -> Self {
        Self::with(std::iter::repeat_n(2, how_many))
    }

    /// What it is called.
    #[must_use]
    pub fn called(mut self, slug: &str, name: &str) -> Self {
        (self.slug, self.name) = (slug.to_owned(), name.to_owned());
        self
    }

    /// Where it is and what it cooks.
    #[must_use]
    pub fn cooking(mut self, cuisine: &str, city: &str, price: i16) -> Self {
        (self.cuisine, self.city, self.price) = (cuisine.to_owned(), city.to_owned(), price);
        self
    }

    /// Where on earth.
    #[must_use]
    pub const fn at(mut self, lat: f64, lon: f64) -> Self {
        self.place = (lat, lon);
        self
    }

    /// The zone of its clock.
    #[must_use]
    pub fn in_zone(mut self, zone: &str) -> Self {
        zone.clone_into(&mut self.zone);
        self
    }

    /// When its day begins.
    #[must_use]
    pub fn rolling_over_at(mut self, time: &str) -> Self {
        self.rollover = clock(time);
        self
    }

    /// How far apart its starts are.
    #[must_use]
    pub const fn every(mut self, minutes: i16) -> Self {
        self.slot_minutes = minutes;
        self
    }

    /// How many days ahead one can book, and how many minutes before.
    #[must_use]
    pub const fn bookable(mut self, horizon_days: i16, min_notice_minutes: i32) -> Self {
        (self.horizon_days, self.min_notice_minutes) = (horizon_days, min_notice_minutes);
        self
    }

    /// Larger parties ask.
    #[must_use]
    pub const fn asking_above(mut self, people: i16) -> Self {
        self.max_online_party = people;
        self
    }

    /// These services instead of any hour.
    #[must_use]
    pub fn serving(mut self, services: impl IntoIterator<Item = Service>) -> Self {
        self.services = services.into_iter().collect();
        self
    }

    /// Another area with tables of its own.
    #[must_use]
    pub fn and_area(mut self, name: &str, kind: &str, tables: impl IntoIterator<Item = i16>) -> Self {
        self.areas.push((name.to_owned(), kind.to_owned()));
        let area = self.areas.len() - 1;
        self.tables.extend(tables.into_iter().map(|max| Seats {
            area,
            min: 1,
            max,
            channel: "online",
            step_free: true,
        }));
        self
    }

    /// These tables, by number, take parties from this size on only.
    #[must_use]
    pub fn from_party(mut self, tables: &[usize], min: i16) -> Self {
        for table in tables {
            self.tables[*table].min = min;
        }
        self
    }

    /// These tables, by number, are given out by telephone only.
    #[must_use]
    pub fn by_telephone(mut self, tables: &[usize]) -> Self {
        for table in tables {
            self.tables[*table].channel = "in_house";
        }
        self
    }

    /// These tables, by number, have a step on the way.
    #[must_use]
    pub fn up_a_step(mut self, tables: &[usize]) -> Self {
        for table in tables {
            self.tables[*table].step_free = false;
        }
        self
    }

    /// These tables, by number, can be joined for such parties.
    #[must_use]
    pub fn joining(mut self, tables: &[usize], min: i16, max: i16) -> Self {
        self.combos.push((tables.to_vec(), min, max));
        self
    }

    /// Closed on this day.
    #[must_use]
    pub fn closed_on(mut self, date: NaiveDate, note: &str) -> Self {
        self.special_days.push((date, None, note.to_owned()));
        self
    }

    /// Other hours on this day: first seating, last seating, end.
    #[must_use]
    pub fn otherwise_on(mut self, date: NaiveDate, hours: [&str; 3], note: &str) -> Self {
        self.special_days.push((date, Some(hours.map(clock)), note.to_owned()));
        self
    }

    /// Parties of this size keep their table so long, and then it rests.
    #[must_use]
    pub fn turning(mut self, from: i16, to: i16, minutes: i16, buffer: i16) -> Self {
        self.turns.push((from, to, minutes, buffer));
        self
    }

    /// Covers that may start in a quarter of an hour: all, and those booked online.
    #[must_use]
    pub const fn paced(mut self, total: i16, online: i16) -> Self {
        self.pacing = (total, online);
        self
    }

    /// The terms of a booking.
    #[must_use]
    pub fn on_terms(mut self, free_cancel_minutes: i32, text: &str) -> Self {
        self.policy = Some((free_cancel_minutes, text.to_owned()));
        self
    }

    /// Builds it.
    pub async fn build(self, pool: &PgPool) -> Venue {
        let ids = Ids::fresh();
        let venue = Venue {
            id: ids.of("venue", 0),
            areas: (0..self.areas.len()).map(|n| ids.of("area", n)).collect(),
            tables: (0..self.tables.len()).map(|n| ids.of("table", n)).collect(),
            zone: self.zone.parse().expect("the zone of a test exists"),
            rollover: self.rollover,
            slug: self.slug.clone(),
        };
        self.insert(&venue, &ids, pool).await.expect("the rows of a test's venue fit the schema");
        venue
    }
}

/// A venue that was built.
#[derive(Clone, Debug)]
pub struct Venue {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// Its areas, in order.
    pub areas: Vec<Uuid>,
    /// Its tables, by number.
    pub tables: Vec<Uuid>,
    /// Its clock.
    pub zone: Zone,
    /// When its day begins.
    pub rollover: NaiveTime,
}

impl Venue {
    /// The start at this time of a service date, as the API writes it; times before the rollover are after midnight.
    #[must_use]
    pub fn start(&self, date: NaiveDate, time: &str) -> String {
        let at = self.zone.resolve(self.wall(date, time)).expect("the clock of a test shows this time");
        self.zone.show(at).0.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The service date of an instant.
    #[must_use]
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        self.zone.service_date(at, self.rollover)
    }

    fn wall(&self, date: NaiveDate, time: &str) -> NaiveDateTime {
        let time = clock(time);
        let date = if time < self.rollover { date + chrono::Days::new(1) } else { date };
        date.and_time(time)
    }
}

fn clock(time: &str) -> NaiveTime {
    NaiveTime::parse_from_str(time, "%H:%M").expect("a test writes times as HH:MM")
}
