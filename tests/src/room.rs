//! Small venues, built row by row.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use domain::time::Zone;
use sqlx::PgPool;
use sqlx::types::Uuid;

use crate::surroundings::unique;

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

/// One service of a week.
#[derive(Clone, Debug)]
pub struct Service {
    name: String,
    days: i16,
    first: NaiveTime,
    last: NaiveTime,
    ends: NaiveTime,
    seatings: Option<Vec<NaiveTime>>,
    accept: &'static str,
    instant_upto: Option<i16>,
}

impl Service {
    /// Every day between these hours: first seating, last seating, end.
    #[must_use]
    pub fn daily(name: &str, first: &str, last: &str, ends: &str) -> Self {
        let (first, last, ends) = (clock(first), clock(last), clock(ends));
        Self {
            name: name.to_owned(),
            days: 127,
            first,
            last,
            ends,
            seatings: None,
            accept: "instant",
            instant_upto: None,
        }
    }

    /// Only on these days: bit 0 is Monday.
    #[must_use]
    pub const fn on(mut self, days: i16) -> Self {
        self.days = days;
        self
    }

    /// Only these starts are sold.
    #[must_use]
    pub fn seated_at(mut self, seatings: &[&str]) -> Self {
        self.seatings = Some(seatings.iter().copied().map(clock).collect());
        self
    }

    /// Every party asks first.
    #[must_use]
    pub const fn by_request(mut self) -> Self {
        self.accept = "request";
        self
    }

    /// Parties up to this size are booked at once, larger ones ask.
    #[must_use]
    pub const fn instant_up_to(mut self, people: i16) -> Self {
        (self.accept, self.instant_upto) = ("instant_upto", Some(people));
        self
    }
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

    async fn insert(self, venue: &Venue, ids: &Ids, pool: &PgPool) -> sqlx::Result<()> {
        let mut tx = pool.begin().await?;
        let org = ids.of("org", 0);
        sqlx::query("insert into orgs (id, name) values ($1, $2)").bind(org).bind(&self.name).execute(&mut *tx).await?;
        sqlx::query(
            "insert into venues (id, org_id, slug, name, tagline, description, street, neighbourhood, city, country, lat, lon, phone, zone,
               day_rollover, slot_minutes, currency, cuisines, price, accessibility, horizon_days, min_notice_minutes, max_online_party, art_seed)
             values ($1, $2, $3, $4, 'A room to test in.', 'Tables, chairs, and guests who all want the same one.', 'Rua Nova 1', 'Alfama', $5, 'PT',
               $6, $7, '+351210000000', $8, $9, $10, 'EUR', array[$11], $12, array['step_free_entrance'], $13, $14, $15, 7)",
        )
        .bind(venue.id)
        .bind(org)
        .bind(&self.slug)
        .bind(&self.name)
        .bind(&self.city)
        .bind(self.place.0)
        .bind(self.place.1)
        .bind(&self.zone)
        .bind(self.rollover)
        .bind(self.slot_minutes)
        .bind(&self.cuisine)
        .bind(self.price)
        .bind(self.horizon_days)
        .bind(self.min_notice_minutes)
        .bind(self.max_online_party)
        .execute(&mut *tx)
        .await?;
        self.insert_floor(venue, ids, &mut tx).await?;
        self.insert_rules(venue, ids, &mut tx).await?;
        tx.commit().await
    }

    async fn insert_floor(&self, venue: &Venue, ids: &Ids, tx: &mut sqlx::PgConnection) -> sqlx::Result<()> {
        for (n, (name, kind)) in self.areas.iter().enumerate() {
            sqlx::query("insert into areas (id, venue_id, name, kind, position) values ($1, $2, $3, $4, $5)")
                .bind(venue.areas[n])
                .bind(venue.id)
                .bind(name)
                .bind(kind)
                .bind(number(n))
                .execute(&mut *tx)
                .await?;
        }
        for (n, seats) in self.tables.iter().enumerate() {
            sqlx::query(
                "insert into tables (id, venue_id, area_id, label, min_party, max_party, step_free, channel, rank)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(venue.tables[n])
            .bind(venue.id)
            .bind(venue.areas[seats.area])
            .bind((n + 1).to_string())
            .bind(seats.min)
            .bind(seats.max)
            .bind(seats.step_free)
            .bind(seats.channel)
            .bind(number(n))
            .execute(&mut *tx)
            .await?;
        }
        for (n, (members, min, max)) in self.combos.iter().enumerate() {
            let combo = ids.of("combo", n);
            sqlx::query(
                "insert into table_combos (id, venue_id, min_party, max_party, rank) values ($1, $2, $3, $4, $5)",
            )
            .bind(combo)
            .bind(venue.id)
            .bind(min)
            .bind(max)
            .bind(number(n))
            .execute(&mut *tx)
            .await?;
            let members: Vec<Uuid> = members.iter().map(|table| venue.tables[*table]).collect();
            sqlx::query("insert into table_combo_members (combo_id, table_id) select $1, unnest($2::uuid[])")
                .bind(combo)
                .bind(members)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
    }

    async fn insert_rules(&self, venue: &Venue, ids: &Ids, tx: &mut sqlx::PgConnection) -> sqlx::Result<()> {
        for (n, service) in self.services.iter().enumerate() {
            sqlx::query(
                "insert into services (id, venue_id, name, days, first_seating, last_seating, ends, seatings, accept, instant_upto)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(ids.of("service", n))
            .bind(venue.id)
            .bind(&service.name)
            .bind(service.days)
            .bind(service.first)
            .bind(service.last)
            .bind(service.ends)
            .bind(&service.seatings)
            .bind(service.accept)
            .bind(service.instant_upto)
            .execute(&mut *tx)
            .await?;
        }
        for (date, hours, note) in &self.special_days {
            sqlx::query("insert into special_days (venue_id, date, note, first_seating, last_seating, ends) values ($1, $2, $3, $4, $5, $6)")
                .bind(venue.id)
                .bind(date)
                .bind(note)
                .bind(hours.map(|hours| hours[0]))
                .bind(hours.map(|hours| hours[1]))
                .bind(hours.map(|hours| hours[2]))
                .execute(&mut *tx)
                .await?;
        }
        for (n, (from, to, minutes, buffer)) in self.turns.iter().enumerate() {
            sqlx::query("insert into turn_rules (id, venue_id, min_party, max_party, minutes, buffer_minutes) values ($1, $2, $3, $4, $5, $6)")
                .bind(ids.of("turn", n))
                .bind(venue.id)
                .bind(from)
                .bind(to)
                .bind(minutes)
                .bind(buffer)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("insert into pacing_rules (id, venue_id, cap_total, cap_online) values ($1, $2, $3, $4)")
            .bind(ids.of("pacing", 0))
            .bind(venue.id)
            .bind(self.pacing.0)
            .bind(self.pacing.1)
            .execute(&mut *tx)
            .await?;
        if let Some((free_cancel_minutes, text)) = &self.policy {
            sqlx::query("insert into policies (id, venue_id, free_cancel_minutes, text) values ($1, $2, $3, $4)")
                .bind(ids.of("policy", 0))
                .bind(venue.id)
                .bind(free_cancel_minutes)
                .bind(text)
                .execute(&mut *tx)
                .await?;
        }
        Ok(())
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

fn number(n: usize) -> i16 {
    i16::try_from(n).expect("a test's venue is small")
}

/// Ids of one venue; those of another test's venue are others, since Redis carries news of all of them.
struct Ids(Uuid);

impl Ids {
    fn fresh() -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, unique("venue").as_bytes()))
    }

    fn of(&self, what: &str, n: usize) -> Uuid {
        Uuid::new_v5(&self.0, format!("{what} {n}").as_bytes())
    }
}
