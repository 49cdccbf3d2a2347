//! The rows of a venue.

use sqlx::PgPool;
use sqlx::types::Uuid;

use super::{Room, Venue};
use crate::surroundings::unique;

impl Room {
    pub(super) async fn insert(self, venue: &Venue, ids: &Ids, pool: &PgPool) -> sqlx::Result<()> {
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

fn number(n: usize) -> i16 {
    i16::try_from(n).expect("a test's venue is small")
}

/// Ids of one venue; those of another test's venue are others, since Redis carries news of all of them.
pub(super) struct Ids(Uuid);

impl Ids {
    pub(super) fn fresh() -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, unique("venue").as_bytes()))
    }

    pub(super) fn of(&self, what: &str, n: usize) -> Uuid {
        Uuid::new_v5(&self.0, format!("{what} {n}").as_bytes())
    }
}
