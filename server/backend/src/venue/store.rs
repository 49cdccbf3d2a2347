//! Venues out of the database: all rows of many venues in a handful of statements.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::id::{AreaId, ComboId, ServiceId, TableId, VenueId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::row::{
    AreaRow, ComboRow, MenuRow, PacingRow, Parts, PolicyRow, ServiceRow, SpecialRow, TableRow, TurnRow, VenueRow,
};
use super::{Entry, RatedRow, Seen};
use crate::Result;

/// All venues: the version of their rules, and what guests thought of them.
pub async fn look(db: &mut PgConnection) -> Result<HashMap<VenueId, Seen>> {
    let rows = sqlx::query!(
        r#"select v.id as "id!: VenueId", v.config_version as "config_version!", coalesce(r.version, 0) as "version!", coalesce(r.reviews, 0) as "reviews!",
             coalesce(r.food, 0) as "food!", coalesce(r.service, 0) as "service!", coalesce(r.ambience, 0) as "ambience!",
             coalesce(r.overall, 0) as "overall!"
           from venues v left join venue_ratings r on r.venue_id = v.id"#
    );
    let seen = rows.fetch_all(db).await?.into_iter().map(|row| {
        let rated = RatedRow {
            version: row.version,
            reviews: row.reviews,
            food: row.food,
            service: row.service,
            ambience: row.ambience,
            overall: row.overall,
        };
        Ok((row.id, Seen { version: row.config_version, rated: rated.try_into()? }))
    });
    seen.collect()
}

/// These venues with everything that belongs to them; special days from `since` on.
pub async fn load(db: &mut PgConnection, ids: &[VenueId], since: NaiveDate) -> Result<Vec<(VenueId, Entry)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    // Before their parts: should a change come between the two, the version is the older one, and the next look reads again.
    let venues = sqlx::query_as!(
        VenueRow,
        r#"select id as "id: VenueId", slug, name, tagline, description, street, neighbourhood, city, country, lat, lon, phone, email, website, zone,
             day_rollover, slot_minutes, currency, cuisines, price, accessibility, horizon_days, min_notice_minutes, max_online_party, art_seed,
             config_version, published
           from venues where id = any($1)"#,
        &ids
    )
    .fetch_all(&mut *db)
    .await?;
    let mut parts = parts(db, &ids, since).await?;
    let entry = |venue: VenueRow| {
        let (id, version) = (venue.id, venue.config_version);
        let entry = venue.assemble(parts.remove(&id).unwrap_or_default()).map_or_else(
            |error| {
                tracing::error!(error = crate::told(&error), venue = %id.0, "a venue is left out");
                Entry::Corrupt(version)
            },
            |venue| Entry::Good(Arc::new(venue)),
        );
        (id, entry)
    };
    Ok(venues.into_iter().map(entry).collect())
}

async fn parts(db: &mut PgConnection, ids: &[Uuid], since: NaiveDate) -> sqlx::Result<HashMap<VenueId, Parts>> {
    let mut parts: HashMap<VenueId, Parts> = HashMap::new();
    floor(db, ids, &mut parts).await?;
    rules(db, ids, since, &mut parts).await?;
    let menu = sqlx::query_as!(
        MenuRow,
        r#"select venue_id as "venue_id: VenueId", section, name, description, price_minor, diets from menu_items
           where venue_id = any($1) order by venue_id, position"#,
        ids
    );
    for row in menu.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().menu.push(row);
    }
    Ok(parts)
}

async fn floor(db: &mut PgConnection, ids: &[Uuid], parts: &mut HashMap<VenueId, Parts>) -> sqlx::Result<()> {
    let areas = sqlx::query_as!(
        AreaRow,
        r#"select id as "id: AreaId", venue_id as "venue_id: VenueId", name, kind from areas where venue_id = any($1) order by venue_id, position"#,
        ids
    );
    for row in areas.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().areas.push(row);
    }
    let tables = sqlx::query_as!(
        TableRow,
        r#"select id as "id: TableId", venue_id as "venue_id: VenueId", area_id as "area_id: AreaId", label, min_party, max_party, step_free,
             wheelchair_spaces, channel, rank
           from tables where venue_id = any($1) and retired_at is null order by venue_id, rank, id"#,
        ids
    );
    for row in tables.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().tables.push(row);
    }
    let combos = sqlx::query_as!(
        ComboRow,
        r#"select c.id as "id: ComboId", c.venue_id as "venue_id: VenueId", c.min_party, c.max_party, c.channel, c.rank,
             array_agg(m.table_id order by m.table_id) as "tables!: Vec<TableId>"
           from table_combos c join table_combo_members m on m.combo_id = c.id
           where c.venue_id = any($1) group by c.id order by c.venue_id, c.rank, c.id"#,
        ids
    );
    for row in combos.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().combos.push(row);
    }
    Ok(())
}

async fn rules(
    db: &mut PgConnection,
    ids: &[Uuid],
    since: NaiveDate,
    parts: &mut HashMap<VenueId, Parts>,
) -> sqlx::Result<()> {
    let services = sqlx::query_as!(
        ServiceRow,
        r#"select id as "id: ServiceId", venue_id as "venue_id: VenueId", name, days, first_seating, last_seating, ends, seatings, accept, instant_upto
           from services where venue_id = any($1) order by venue_id, first_seating, id"#,
        ids
    );
    for row in services.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().services.push(row);
    }
    let specials = sqlx::query_as!(
        SpecialRow,
        r#"select venue_id as "venue_id: VenueId", date, note, first_seating, last_seating, ends from special_days
           where venue_id = any($1) and date >= $2 order by venue_id, date"#,
        ids,
        since
    );
    for row in specials.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().specials.push(row);
    }
    let turns = sqlx::query_as!(
        TurnRow,
        r#"select venue_id as "venue_id: VenueId", area_id as "area_id: AreaId", service_id as "service_id: ServiceId", min_party, max_party, minutes,
             buffer_minutes
           from turn_rules where venue_id = any($1) order by venue_id, id"#,
        ids
    );
    for row in turns.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().turns.push(row);
    }
    let pacing = sqlx::query_as!(
        PacingRow,
        r#"select venue_id as "venue_id: VenueId", service_id as "service_id: ServiceId", cap_total, cap_online from pacing_rules
           where venue_id = any($1)"#,
        ids
    );
    for row in pacing.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().pacing.push(row);
    }
    let policies = sqlx::query_as!(
        PolicyRow,
        r#"select venue_id as "venue_id: VenueId", service_id as "service_id: ServiceId", min_party, free_cancel_minutes, text, version from policies
           where venue_id = any($1) order by venue_id, id"#,
        ids
    );
    for row in policies.fetch_all(&mut *db).await? {
        parts.entry(row.venue_id).or_default().policies.push(row);
    }
    Ok(())
}
