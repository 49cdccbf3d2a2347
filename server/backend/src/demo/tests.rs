//! The demo as a whole: true to the rules, the same again, and careful with what people did.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use domain::availability::{Ask, Day, Plan, Reason, StartState};
use domain::floor::Channel;
use domain::party::PartySize;
use sqlx::PgPool;

use super::guide::{self, Asking, City, Listing};
use super::{fill, ledger, load, month, populate};
use crate::venue::Venue;

/// A Saturday, early evening in Lisbon.
fn saturday() -> DateTime<Utc> {
    "2026-11-21T20:10:00Z".parse().unwrap()
}

fn some_cities(names: &[&str]) -> Vec<City> {
    guide::cities().unwrap().into_iter().filter(|city| names.contains(&city.name.as_str())).collect()
}

async fn count(pool: &PgPool, question: &'static str) -> i64 {
    sqlx::query_scalar(question).fetch_one(pool).await.unwrap()
}

/// Everything about the demo that must not change by itself, in one number per table.
async fn prints(pool: &PgPool, tables: &[&'static str]) -> Vec<i64> {
    let mut prints = Vec::new();
    for table in tables {
        let question = match *table {
            "table_claims" => {
                "select sum(hashtextextended((to_jsonb(t) - 'id')::text, 0)::numeric % 1000000007)::bigint from table_claims t"
            }
            "venue_days" => {
                "select sum(hashtextextended((to_jsonb(t) - 'updated_at')::text, 0)::numeric % 1000000007)::bigint from venue_days t"
            }
            "reservations" => {
                "select sum(hashtextextended(to_jsonb(t)::text, 0)::numeric % 1000000007)::bigint from reservations t"
            }
            "reservation_events" => {
                "select sum(hashtextextended(to_jsonb(t)::text, 0)::numeric % 1000000007)::bigint from reservation_events t"
            }
            "pace_buckets" => {
                "select sum(hashtextextended(to_jsonb(t)::text, 0)::numeric % 1000000007)::bigint from pace_buckets t"
            }
            "reviews" => {
                "select sum(hashtextextended(to_jsonb(t)::text, 0)::numeric % 1000000007)::bigint from reviews t"
            }
            "venue_ratings" => {
                "select sum(hashtextextended(to_jsonb(t)::text, 0)::numeric % 1000000007)::bigint from venue_ratings t"
            }
            "places" => {
                "select sum(hashtextextended(id::text || reference || start_at || party, 0)::numeric % 1000000007)::bigint from reservations"
            }
            _ => "select sum(config_version)::bigint from venues",
        };
        prints.push(count(pool, question).await);
    }
    prints
}

const ALL: [&str; 8] = [
    "reservations",
    "reservation_events",
    "table_claims",
    "pace_buckets",
    "venue_days",
    "venues",
    "reviews",
    "venue_ratings",
];

#[test]
fn the_guide_has_something_for_everybody() {
    let cities = guide::cities().unwrap();
    let listings: Vec<&Listing> = cities.iter().flat_map(|city| &city.venues).collect();
    assert!(listings.len() >= 24 && cities.len() >= 8);
    let zones: BTreeSet<String> = cities.iter().map(|city| city.zone.to_string()).collect();
    assert!(zones.len() >= 6, "{zones:?}");
    let slugs: HashSet<&str> = listings.iter().map(|listing| listing.slug.as_str()).collect();
    assert_eq!(slugs.len(), listings.len());
    let art: HashSet<i64> = listings.iter().map(|listing| listing.art_seed).collect();
    assert_eq!(art.len(), listings.len());

    let services =
        || listings.iter().flat_map(|listing| listing.services.iter().map(move |service| (listing, service)));
    assert!(
        services().any(|(_, s)| s.last < s.first && s.ends > s.last && s.ends < NaiveTime::MIN + TimeDelta::hours(5)),
        "past midnight"
    );
    let around_the_clock = |listing: &&&Listing| {
        let hours: i64 =
            listing.services.iter().map(|s| (s.last - s.first).num_minutes().rem_euclid(24 * 60) + 15).sum();
        hours == 24 * 60 && listing.services.iter().all(|service| service.days.0 == 127)
    };
    assert_eq!(listings.iter().filter(around_the_clock).count(), 1);
    assert!(
        services().any(|(_, service)| service.at.as_ref().is_some_and(|seatings| seatings.len() == 2)),
        "fixed seatings"
    );
    assert!(services().any(|(_, service)| service.accept == Asking::Request), "by request");
    assert!(services().any(|(_, service)| service.instant_upto == Some(6)), "at once up to six");
    let channels: HashSet<Channel> =
        listings.iter().flat_map(|l| &l.areas).flat_map(|a| &a.tables).map(|t| t.channel).collect();
    assert_eq!(channels.len(), 3);
    let people = guide::people().unwrap();
    assert!(cities.iter().flat_map(|city| &city.names).all(|home| people.names.contains_key(home)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_whole_demo_keeps_every_rule(pool: PgPool) {
    let first = fill(&pool, saturday(), 1).await.unwrap();
    assert!(count(&pool, "select count(*) from venues where published").await >= 24);
    assert!(count(&pool, "select count(*) from reservations").await > 20_000);
    assert_eq!(count(&pool, "select count(*) from outbox").await, 0);
    assert_eq!(count(&pool, "select count(*) from reservations where source <> 'demo'").await, 0);

    let overlaps = "select count(*) from table_claims a join table_claims b
        on a.table_id = b.table_id and a.id < b.id and a.during && b.during
        join reservations ra on ra.id = a.reservation_id join reservations rb on rb.id = b.reservation_id
        where ra.status not in ('cancelled_guest', 'cancelled_venue', 'no_show', 'declined', 'expired')
          and rb.status not in ('cancelled_guest', 'cancelled_venue', 'no_show', 'declined', 'expired')";
    assert_eq!(count(&pool, overlaps).await, 0);
    let wrong_pace = "select count(*) from pace_buckets b full join (
          select venue_id, service_date, lower(during) as start_at, sum(covers) as total, sum(online_covers) as online
          from table_claims where released_at is null group by 1, 2, 3) c using (venue_id, service_date, start_at)
        where (b.total, b.online, b.forced) is distinct from (c.total, c.online, greatest(0, c.total - b.cap_total))";
    assert_eq!(count(&pool, wrong_pace).await, 0);
    let wrong_state = "select count(*) from reservations r
        where (status in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show'))
          <> not exists (select from table_claims c where c.reservation_id = r.id and c.released_at is null)
          or rev <> (select max(rev) from reservation_events e where e.reservation_id = r.id)
          or rev <> (select count(*) from reservation_events e where e.reservation_id = r.id)
          or party <> (select sum(covers) from table_claims c where c.reservation_id = r.id)";
    assert_eq!(count(&pool, wrong_state).await, 0);
    let at_table = "select count(*) from reservations where status in
        ('arrived', 'seated', 'drinks', 'appetizer', 'entree', 'dessert', 'check_requested', 'paid')";
    assert!(count(&pool, at_table).await > 50);
    assert!(count(&pool, "select count(*) from reservations where status = 'requested'").await > 0);

    let before = prints(&pool, &ALL).await;
    let second = fill(&pool, saturday(), 1).await.unwrap();
    assert_eq!(prints(&pool, &ALL).await, before);
    assert_ne!(first.staff.account.password, second.staff.account.password);
    assert_eq!(count(&pool, "select count(*) from accounts").await, 2);
    times_are_mixed(&pool).await;
    every_venue_is_talked_about(&pool).await;
}

/// Some twenty to sixty reviews of each venue, by guests who were there and no sooner, most of them glad and no two venues alike.
async fn every_venue_is_talked_about(pool: &PgPool) {
    let rated = "select count(*) from venue_ratings where reviews between 20 and 65 and overall::float8 / reviews between 3.5 and 4.9";
    assert_eq!(count(pool, rated).await, count(pool, "select count(*) from venues").await);
    assert_eq!(count(pool, "select count(*) from miscounted_ratings()").await, 0);
    let too_soon = "select count(*) from reviews w join reservations r on r.id = w.reservation_id
        where r.status <> 'finished' or w.written_at < r.end_at or w.answered_at < w.written_at";
    assert_eq!(count(pool, too_soon).await, 0);
    let late = "select count(*) from reviews where greatest(written_at, answered_at) > '2026-11-21T20:10:00Z'";
    assert_eq!(count(pool, late).await, 0);
    assert!(count(pool, "select count(*) from reviews where answer is not null").await > 100);
    assert!(count(pool, "select count(*) from reviews where overall <= 3").await > 50);
    let averages = "select count(distinct round(overall::numeric / reviews, 1)) from venue_ratings";
    assert!(count(pool, averages).await >= 5);
}

/// What guests see: neither all open nor all taken, and no two reasons alike.
async fn times_are_mixed(pool: &PgPool) {
    let cities = guide::cities().unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (mut open, mut asked) = (0, 0);
    for venue in load(pool, &cities, saturday()).await.unwrap().published() {
        let house = &venue.floor.house;
        let today = house.zone.service_date(saturday(), house.rollover);
        for date in today.iter_days().take(8) {
            let day = day(pool, venue, date).await;
            for start in day.starts(&Ask::guest(PartySize::try_from(2).unwrap(), day.plan.origin - TimeDelta::days(2)))
            {
                *seen.entry(start.reason.map_or("open", Reason::word).to_owned()).or_default() += 1;
                if start.local == "19:30" {
                    asked += 1;
                    open += usize::from(start.state != StartState::Full);
                }
            }
        }
    }
    let all: usize = seen.values().sum();
    assert!(
        seen["open"] * 100 > all * 50 && seen["no_table"] * 100 > all * 8 && seen["pacing"] * 100 > all * 3,
        "{seen:?}"
    );
    assert!((asked * 45..asked * 80).contains(&(open * 100)), "{open} of {asked}");
}

async fn day(pool: &PgPool, venue: &Arc<Venue>, date: chrono::NaiveDate) -> Day {
    let dates = [date - Days::new(1), date, date + Days::new(1)];
    let standing = ledger::stand(&mut pool.acquire().await.unwrap(), venue.id, &dates).await.unwrap();
    let pace = standing.pace.get(&date).cloned().unwrap_or_default();
    Day::new(Plan::new(&venue.floor, date), 1, &standing.claims, &pace)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_same_seed_and_date_give_the_same_demo(pool: PgPool) {
    let cities = some_cities(&["Copenhagen"]);
    let forget =
        "truncate reservations, reservation_events, table_claims, pace_buckets, venue_days, reviews, venue_ratings";
    populate(&pool, &cities, saturday(), 7).await.unwrap();
    let (first, places) = (prints(&pool, &ALL).await, prints(&pool, &["places"]).await);
    sqlx::query(forget).execute(&pool).await.unwrap();
    populate(&pool, &cities, saturday(), 7).await.unwrap();
    assert_eq!(prints(&pool, &ALL).await, first);

    sqlx::query(forget).execute(&pool).await.unwrap();
    populate(&pool, &cities, saturday() - TimeDelta::hours(9), 7).await.unwrap();
    assert_eq!(
        prints(&pool, &["places"]).await,
        places,
        "how far bookings have come follows the clock, who comes does not"
    );

    sqlx::query(forget).execute(&pool).await.unwrap();
    populate(&pool, &cities, saturday(), 8).await.unwrap();
    assert_ne!(prints(&pool, &["places"]).await, places);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_later_run_adds_days_around_what_people_booked(pool: PgPool) {
    let cities = some_cities(&["Copenhagen"]);
    populate(&pool, &cities, saturday(), 1).await.unwrap();
    // Two days on, two more days are in view; on the last of them a guest has booked already.
    let venue = load(&pool, &cities, saturday())
        .await
        .unwrap()
        .get(super::opening::venue_id(&cities[0].venues[1]))
        .cloned()
        .unwrap();
    let house = &venue.floor.house;
    let date = month::dates(house, saturday() + TimeDelta::days(5)).pop().unwrap();
    let start = Plan::new(&venue.floor, date).sittings[4].start.utc();
    let (table, reservation) =
        (house.tables.iter().find(|table| table.channel == Channel::Online).unwrap().id, uuid::Uuid::from_u128(1));
    sqlx::query(
        "with booked as (
           insert into reservations (id, reference, venue_id, service_date, status, party, start_at, end_at, guest_name, guest_email, source, policy, manage_hash)
           values ($1, '222222', $2, $3, 'booked', 2, $4, $4 + interval '90 minutes', 'Ana', 'ana@example.com', 'web', '{}', '\\x00')
           returning id),
         paced as (
           insert into pace_buckets (venue_id, service_date, start_at, total, online, cap_total, cap_online) values ($2, $3, $4, 2, 2, 14, 12))
         insert into table_claims (venue_id, table_id, service_date, kind, reservation_id, during, covers, online_covers)
         select $2, $5, $3, 'reservation', booked.id, tstzrange($4, $4 + interval '90 minutes'), 2, 2 from booked",
    )
    .bind(reservation)
    .bind(venue.id.0)
    .bind(date)
    .bind(start)
    .bind(table.0)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("update venues set tagline = 'Something else.' where id = $1")
        .bind(venue.id.0)
        .execute(&pool)
        .await
        .unwrap();
    let before = count(&pool, "select count(*) from reservations").await;

    populate(&pool, &cities, saturday() + TimeDelta::days(5), 2).await.unwrap();
    assert!(count(&pool, "select count(*) from reservations").await > before + 50);
    let there = "select count(*) from table_claims where reservation_id = '00000000-0000-0000-0000-000000000001' and released_at is null";
    assert_eq!(count(&pool, there).await, 1);
    assert!(count(&pool, "select count(*) from reservations where service_date = (select service_date from reservations where reference = '222222')").await > 3);
    assert_eq!(count(&pool, "select count(*) from venues where tagline = 'Something else.'").await, 0);
    assert_eq!(count(&pool, "select config_version from venues where slug = 'frokoststuen-hyld'").await, 2);
    assert_eq!(count(&pool, "select count(*) from pace_buckets where total > cap_total").await, 0);
}
