//! A venue to book at.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use crate::calls::Ask;

pub fn id() -> Uuid {
    Uuid::from_u128(rand::random())
}

/// One venue in Lisbon whose service date turns at four in the morning.
#[derive(Clone)]
pub struct House {
    pub venue: Uuid,
    pub tables: Vec<Uuid>,
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl House {
    pub async fn open(db: &PgPool, tables: usize) -> Self {
        let (org, venue, area) = (id(), id(), id());
        sqlx::query("insert into orgs (id, name) values ($1, 'House')").bind(org).execute(db).await.unwrap();
        sqlx::query(
            "insert into venues (id, org_id, slug, name, street, city, country, lat, lon, zone, currency, cuisines, price, art_seed)
             values ($1, $2, 'house-' || $1, 'House', 'Rua Nova 1', 'Lisbon', 'PT', 38.7, -9.1, 'Europe/Lisbon', 'EUR', '{portuguese}', 2, 1)",
        )
        .bind(venue)
        .bind(org)
        .execute(db)
        .await
        .unwrap();
        sqlx::query("insert into areas (id, venue_id, name, kind, position) values ($1, $2, 'Room', 'indoor', 1)")
            .bind(area)
            .bind(venue)
            .execute(db)
            .await
            .unwrap();
        let mut tables: Vec<Uuid> = (0..tables).map(|_| id()).collect();
        tables.sort_unstable();
        sqlx::query("insert into tables (id, venue_id, area_id, label, min_party, max_party) select t, $2, $3, n::text, 1, 8 from unnest($1::uuid[]) with ordinality as u (t, n)")
            .bind(&tables)
            .bind(venue)
            .bind(area)
            .execute(db)
            .await
            .unwrap();
        Self { venue, tables }
    }

    /// A table for so many on 5 May 2027, which is summer time: 18:00 UTC is 19:00 on the wall.
    pub fn ask(&self, clock: &str, party: i16) -> Ask {
        self.ask_on("2027-05-05", &format!("2027-05-05T{clock}:00Z"), party)
    }

    pub fn ask_on(&self, day: &str, start: &str, party: i16) -> Ask {
        Ask {
            id: id(),
            venue: self.venue,
            date: date(day),
            start: at(start),
            party,
            options: self.tables.iter().map(|table| vec![*table]).collect(),
            turns: vec![90],
            buffer: 0,
            cap_total: 1000,
            cap_online: 1000,
            online: true,
            force: false,
            hold: None,
            guest: None,
            key: None,
            body: b"body".to_vec(),
        }
    }

    /// The tables with these places in the house's list.
    pub fn set(&self, places: &[usize]) -> Vec<Uuid> {
        places.iter().map(|place| self.tables[*place]).collect()
    }
}
