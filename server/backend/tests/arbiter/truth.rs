//! What must hold whatever happened, recomputed from the rows.

use chrono::NaiveDate;
use sqlx::PgPool;
use uuid::Uuid;

/// Each statement finds what must not be.
const NEVER: &[(&str, &str)] = &[
    (
        "two live claims on one table at one time",
        "select count(*) from table_claims a join table_claims b on a.table_id = b.table_id and a.id < b.id and a.during && b.during
         where a.released_at is null and b.released_at is null",
    ),
    (
        "a pace bucket that is not the sum of its live claims, or claims without a bucket",
        "select count(*) from pace_buckets b
         full join (select venue_id, service_date, lower(during) as start_at, sum(covers) as total, sum(online_covers) as online
                    from table_claims where released_at is null group by 1, 2, 3) c using (venue_id, service_date, start_at)
         where coalesce(b.total, 0) <> coalesce(c.total, 0) or coalesce(b.online, 0) <> coalesce(c.online, 0)",
    ),
    ("covers forced that are not those above the cap", "select count(*) from pace_buckets where forced <> greatest(0, total - cap_total)"),
    (
        "a live booking without its tables, or with another start or party than its claims",
        "select count(*) from reservations r
         left join (select reservation_id, min(lower(during)) as first, max(lower(during)) as last, sum(covers) as covers, min(service_date) as service_date,
                      min(upper(during) - make_interval(mins => buffer_minutes)) as ends
                    from table_claims where released_at is null group by 1) c on c.reservation_id = r.id
         where r.status in ('requested', 'booked', 'confirmed', 'running_late')
           and (c.first, c.last, c.covers, c.service_date, c.ends) is distinct from (r.start_at, r.start_at, r.party::bigint, r.service_date, r.end_at)",
    ),
    (
        "a claim of a booking that is over",
        "select count(*) from table_claims c join reservations r on r.id = c.reservation_id
         where c.released_at is null and r.status not in ('requested', 'booked', 'confirmed', 'running_late')",
    ),
    (
        "a revision without its event",
        "select count(*) from reservations r where r.rev <> (select count(*) from reservation_events e where e.reservation_id = r.id and e.rev <= r.rev)",
    ),
    (
        "an answer that names a booking that is not there",
        "select count(*) from idempotency_keys k where k.answer ? 'id' and not exists (select from reservations r where r.id = (k.answer ->> 'id')::uuid)",
    ),
];

/// Panics when anything is as it must never be.
pub async fn check(db: &PgPool) {
    for (what, query) in NEVER {
        let found: i64 = sqlx::query_scalar(*query).fetch_one(db).await.unwrap();
        assert_eq!(found, 0, "{what}");
    }
}

/// Deadlocks of this database since it was made.
pub async fn deadlocks(db: &PgPool) -> i64 {
    sqlx::query_scalar("select deadlocks from pg_stat_database where datname = current_database()")
        .fetch_one(db)
        .await
        .unwrap()
}

/// The version of a day; zero when nothing ever happened on it.
pub async fn version(db: &PgPool, venue: Uuid, date: NaiveDate) -> i64 {
    sqlx::query_scalar("select coalesce((select version from venue_days where venue_id = $1 and service_date = $2), 0)")
        .bind(venue)
        .bind(date)
        .fetch_one(db)
        .await
        .unwrap()
}

/// How many rows the database has in all the tables the arbiter writes.
pub async fn rows(db: &PgPool) -> Vec<i64> {
    sqlx::query_scalar(
        "select count(*) from reservations union all select count(*) from table_claims union all select count(*) from pace_buckets
         union all select coalesce(sum(version), 0)::bigint from venue_days union all select count(*) from reservation_events
         union all select count(*) from outbox union all select count(*) from idempotency_keys",
    )
    .fetch_all(db)
    .await
    .unwrap()
}

/// Covers of one bucket: all, online and forced.
pub async fn pace(db: &PgPool, venue: Uuid, start: chrono::DateTime<chrono::Utc>) -> (i16, i16, i16) {
    sqlx::query_as("select total, online, forced from pace_buckets where venue_id = $1 and start_at = $2")
        .bind(venue)
        .bind(start)
        .fetch_one(db)
        .await
        .unwrap()
}
