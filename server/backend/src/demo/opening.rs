//! Opens the venues of the guide: floors, rules and menus. A second time it changes only what differs.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Days, Utc};
use domain::id::VenueId;
use serde_json::{Value, json};
use sqlx::PgPool;
use uuid::Uuid;

use super::draw::id;
use super::guide::{Asking, City, Listing, ServiceEntry};
use super::sheet::Sheet;
use crate::{Result, db};

/// The id of a venue of the guide.
pub fn venue_id(listing: &Listing) -> VenueId {
    VenueId(own(listing, &["venue"]))
}

/// Writes every venue. Where anything changed, the version of its rules rises, so that running servers read it again.
pub async fn open(pool: &PgPool, cities: &[City], now: DateTime<Utc>) -> Result<()> {
    let listings: Vec<&Listing> = cities.iter().flat_map(|city| &city.venues).collect();
    let venues: Vec<Uuid> = listings.iter().map(|listing| venue_id(listing).0).collect();
    let mut tx = db::begin(pool, "begin").await?;
    let known = sqlx::query_scalar!("select id from venues where id = any($1)", &venues).fetch_all(&mut *tx).await?;
    let mut changed = HashSet::new();
    for sheet in who(cities)?.into_iter().chain(floor(&listings)).chain(rules(&listings, now)) {
        if ["table_combos", "services", "turn_rules", "pacing_rules", "policies", "menu_items"].contains(&sheet.table) {
            changed.extend(sheet.remove_others(&mut tx, &venues).await?);
        } else if sheet.table == "tables" {
            changed.extend(retire_others(&mut tx, &venues, &sheet.ids()).await?);
        }
        changed.extend(sheet.write(&mut tx).await?);
    }
    let changed: Vec<Uuid> = known.into_iter().filter(|venue| changed.contains(venue)).collect();
    sqlx::query!("update venues set config_version = config_version + 1 where id = any($1)", &changed)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

/// Tables are never deleted, since old bookings were at them.
async fn retire_others(db: &mut sqlx::PgConnection, venues: &[Uuid], tables: &[Uuid]) -> Result<Vec<Uuid>> {
    let retired = sqlx::query_scalar!(
        "update tables set retired_at = now()
         where venue_id = any($1) and id <> all($2) and retired_at is null and get_byte(uuid_send(id), 6) >> 4 = 8
         returning venue_id",
        venues,
        tables
    );
    Ok(retired.fetch_all(db).await?)
}

fn own(listing: &Listing, subject: &[&str]) -> Uuid {
    id(&[&[listing.slug.as_str()], subject].concat())
}

fn org(listing: &Listing) -> &str {
    listing.org.as_deref().unwrap_or(&listing.name)
}

fn who(cities: &[City]) -> Result<Vec<Sheet>> {
    let mut orgs = BTreeMap::new();
    let mut venues = Vec::new();
    for city in cities {
        for listing in &city.venues {
            let org = org(listing);
            orgs.insert(org, json!({"id": id(&["org", org]), "name": org}));
            venues.push(venue(city, listing)?);
        }
    }
    Ok(vec![
        Sheet { table: "orgs", key: "id", owner: "id", rows: orgs.into_values().collect() },
        Sheet { table: "venues", key: "id", owner: "id", rows: venues },
    ])
}

fn venue(city: &City, listing: &Listing) -> Result<Value> {
    Ok(json!({
        "id": venue_id(listing), "org_id": id(&["org", org(listing)]), "slug": listing.slug, "name": listing.name,
        "tagline": listing.tagline, "description": listing.description.trim(),
        "street": listing.street, "neighbourhood": listing.neighbourhood, "city": city.name, "country": city.country,
        "lat": listing.at[0], "lon": listing.at[1], "phone": listing.phone, "email": listing.email(city)?,
        "zone": city.zone.to_string(), "day_rollover": listing.rollover, "slot_minutes": listing.slot,
        "currency": city.currency, "locale": city.locale, "cuisines": listing.cuisines, "price": listing.price,
        "accessibility": listing.accessibility, "horizon_days": listing.horizon, "min_notice_minutes": listing.notice,
        "max_online_party": listing.largest, "art_seed": listing.art_seed,
    }))
}

fn floor(listings: &[&Listing]) -> Vec<Sheet> {
    let (mut areas, mut tables, mut combos, mut members) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for listing in listings {
        let venue = venue_id(listing);
        let table_id = |label: &str| own(listing, &["table", label]);
        for (position, area) in listing.areas.iter().enumerate() {
            let area_id = own(listing, &["area", &area.name]);
            areas.push(
                json!({"id": area_id, "venue_id": venue, "name": area.name, "kind": area.kind, "position": position}),
            );
            for run in &area.tables {
                tables.extend(run.labels.0.iter().map(|label| json!({
                    "id": table_id(label), "venue_id": venue, "area_id": area_id, "label": label,
                    "min_party": run.seats[0], "max_party": run.seats[1], "kind": run.kind, "features": run.features,
                    "step_free": !run.steps, "wheelchair_spaces": run.wheelchair, "channel": run.channel,
                })));
            }
            for (joins, joined) in
                area.joins.iter().flat_map(|joins| joins.tables.iter().map(move |joined| (joins, joined)))
            {
                let combo = own(listing, &["combo", joined]);
                combos.push(json!({
                    "id": combo, "venue_id": venue, "min_party": joins.seats[0], "max_party": joins.seats[1], "rank": joins.rank,
                }));
                members.extend(joined.split('+').map(|label| json!({"combo_id": combo, "table_id": table_id(label)})));
            }
        }
    }
    vec![
        Sheet::of_venues("areas", areas),
        Sheet::of_venues("tables", tables),
        Sheet::of_venues("table_combos", combos),
        Sheet { table: "table_combo_members", key: "combo_id, table_id", owner: "combo_id", rows: members },
    ]
}

fn rules(listings: &[&Listing], now: DateTime<Utc>) -> Vec<Sheet> {
    let rows = |of: fn(&Listing) -> Vec<Value>| listings.iter().flat_map(|listing| of(listing)).collect();
    vec![
        Sheet::of_venues("services", rows(services)),
        Sheet::of_venues("turn_rules", rows(turns)),
        Sheet::of_venues("pacing_rules", rows(pacing)),
        Sheet::of_venues("policies", rows(policies)),
        Sheet::of_venues("menu_items", rows(menu)),
        Sheet {
            table: "special_days",
            key: "venue_id, date",
            owner: "venue_id",
            rows: listings.iter().flat_map(|listing| special_days(listing, now)).collect(),
        },
    ]
}

fn service_id(listing: &Listing, name: &str) -> Uuid {
    own(listing, &["service", name])
}

fn services(listing: &Listing) -> Vec<Value> {
    let accept = |entry: &ServiceEntry| match (entry.accept, entry.instant_upto) {
        (_, Some(_)) => "instant_upto",
        (Asking::Request, None) => "request",
        (Asking::Instant, None) => "instant",
    };
    let row = |entry: &ServiceEntry| {
        json!({
            "id": service_id(listing, &entry.name), "venue_id": venue_id(listing), "name": entry.name, "days": entry.days.0,
            "first_seating": entry.first, "last_seating": entry.last, "ends": entry.ends, "seatings": entry.at,
            "accept": accept(entry), "instant_upto": entry.instant_upto,
        })
    };
    listing.services.iter().map(row).collect()
}

fn turns(listing: &Listing) -> Vec<Value> {
    let row = |(place, turn): (usize, &super::guide::TurnEntry)| {
        json!({
            "id": own(listing, &["turn", &place.to_string()]), "venue_id": venue_id(listing),
            "area_id": turn.area.as_deref().map(|name| own(listing, &["area", name])),
            "service_id": turn.service.as_deref().map(|name| service_id(listing, name)),
            "min_party": turn.party[0], "max_party": turn.party[1], "minutes": turn.minutes, "buffer_minutes": turn.buffer,
        })
    };
    listing.turns.iter().enumerate().map(row).collect()
}

fn pacing(listing: &Listing) -> Vec<Value> {
    let row = |service: Option<&str>, [total, online]: [u16; 2]| {
        json!({
            "id": own(listing, &["pace", service.unwrap_or_default()]), "venue_id": venue_id(listing),
            "service_id": service.map(|name| service_id(listing, name)), "cap_total": total, "cap_online": online,
        })
    };
    let others = listing.services.iter().filter_map(|entry| Some(row(Some(&entry.name), entry.pace?)));
    std::iter::once(row(None, listing.pace)).chain(others).collect()
}

fn policies(listing: &Listing) -> Vec<Value> {
    let row = |terms: &super::guide::TermsEntry| {
        json!({
            "id": own(listing, &["terms", &terms.from.to_string()]), "venue_id": venue_id(listing), "min_party": terms.from,
            "kind": "none", "free_cancel_minutes": terms.hours * 60, "text": terms.text,
        })
    };
    listing.terms.iter().map(row).collect()
}

fn menu(listing: &Listing) -> Vec<Value> {
    let dishes = listing.menu.iter().flat_map(|part| part.items.iter().map(|dish| (&part.section, dish)));
    dishes
        .enumerate()
        .map(|(position, (section, dish))| {
            json!({
                "id": own(listing, &["dish", &position.to_string()]), "venue_id": venue_id(listing), "section": section,
                "position": position, "name": dish.name, "description": dish.about, "price_minor": dish.price, "diets": dish.diets,
            })
        })
        .collect()
}

fn special_days(listing: &Listing, now: DateTime<Utc>) -> Vec<Value> {
    let first = now.date_naive() - Days::new(16);
    let days = 16 + u64::from(listing.horizon) + 7;
    let mut dates = BTreeMap::new();
    for entry in &listing.special {
        for date in entry.on.dates(first, days) {
            // Where two fall on one date, the one named later stands.
            dates.insert(
                date,
                json!({
                    "venue_id": venue_id(listing), "date": date, "note": entry.note,
                    "first_seating": entry.first, "last_seating": entry.last, "ends": entry.ends,
                }),
            );
        }
    }
    dates.into_values().collect()
}
