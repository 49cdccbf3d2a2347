//! What the database says at the end of a test, worked out afresh from its rows and not from its constraints.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Row};

use crate::database::Database;
use crate::wait::eventually;

/// What must hold in every database at every moment: each query finds what breaks it.
const LAWS: &[(&str, &str)] = &[
    (
        "no table is given to two parties at once",
        "select a.id, b.id as other from table_claims a join table_claims b on a.table_id = b.table_id and a.id < b.id and a.during && b.during
         where a.released_at is null and b.released_at is null",
    ),
    (
        "a booking that stands has its tables from its start to its end",
        "select r.id from reservations r where r.status in ('requested', 'booked', 'confirmed', 'running_late') and not exists (
           select from table_claims c where c.reservation_id = r.id and c.released_at is null having count(*) >= 1 and bool_and(
             lower(c.during) = r.start_at and upper(c.during) - make_interval(mins => c.buffer_minutes) = r.end_at
             and c.service_date = r.service_date and c.venue_id = r.venue_id))",
    ),
    (
        "a booking that is over has no table",
        "select r.id from reservations r join table_claims c on c.reservation_id = r.id and c.released_at is null
         where r.status in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')",
    ),
    (
        "a party sits at one table, or at the tables of one combination, that are made for so many",
        "select r.id from reservations r
         join lateral (select array_agg(c.table_id order by c.table_id) as tables from table_claims c where c.reservation_id = r.id and c.released_at is null) t on true
         where t.tables is not null and not exists (
           select from tables one where t.tables = array[one.id] and r.party between one.min_party and one.max_party
           union all
           select from table_combos j where r.party between j.min_party and j.max_party
             and t.tables = (select array_agg(m.table_id order by m.table_id) from table_combo_members m where m.combo_id = j.id))",
    ),
    (
        "whoever asked for an area sits in it",
        "select r.id from reservations r join table_claims c on c.reservation_id = r.id and c.released_at is null join tables t on t.id = c.table_id
         where r.area_id is not null and t.area_id <> r.area_id",
    ),
    (
        "whoever needs a way without steps has one",
        "select r.id from reservations r join table_claims c on c.reservation_id = r.id and c.released_at is null join tables t on t.id = c.table_id
         where r.needs && '{step_free,wheelchair_space}' and not t.step_free",
    ),
    (
        "the pace is what is claimed",
        "select b.start_at, b.total, c.total as claimed from pace_buckets b full join (
           select venue_id, service_date, lower(during) as start_at, sum(covers) as total, sum(online_covers) as online
           from table_claims where released_at is null and covers > 0 group by 1, 2, 3) c
         on (c.venue_id, c.service_date, c.start_at) = (b.venue_id, b.service_date, b.start_at)
         where coalesce(b.total, 0) <> coalesce(c.total, 0) or coalesce(b.online, 0) <> coalesce(c.online, 0)",
    ),
    (
        "the covers of a claim are those of its booking, once",
        "select r.id from reservations r join table_claims c on c.reservation_id = r.id and c.released_at is null
         group by r.id, r.party having sum(c.covers) <> r.party",
    ),
    (
        "no quarter of an hour has more covers than its venue takes",
        "select b.start_at, b.total from pace_buckets b join pacing_rules p on p.venue_id = b.venue_id and p.service_id is null
         where b.total > p.cap_total or b.online > p.cap_online",
    ),
    (
        "each revision of a booking is written down once",
        "select r.id from reservations r left join reservation_events e on e.reservation_id = r.id
         group by r.id, r.rev having array_agg(e.rev order by e.rev) <> (select array_agg(n) from generate_series(1, r.rev) n)",
    ),
    (
        "whatever happens to a booking is in the audit, once",
        "select e.reservation_id, e.rev from reservation_events e
           left join audit.entries a on a.subject = 'reservation' and a.subject_id = e.reservation_id and (a.detail ->> 'rev')::integer = e.rev
         group by 1, 2 having count(a.id) <> 1",
    ),
    (
        "one guest is at one place at a time",
        "select a.id, b.id as other from reservations a join reservations b on a.guest_key = b.guest_key and a.id < b.id
           and abs(extract(epoch from a.start_at - b.start_at)) < 7200
         where a.status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')
           and b.status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')",
    ),
    (
        "one key made one booking, and it is there",
        "select k.key from idempotency_keys k left join reservations r on r.id = (k.answer ->> 'id')::uuid where k.scope = 'book' and r.id is null
         union all
         select min(k.key) from idempotency_keys k where k.scope = 'book' group by k.answer ->> 'id' having count(*) > 1",
    ),
    (
        "the stars of a venue are those of its reviews",
        "select v.id from venues v left join venue_ratings k on k.venue_id = v.id
         left join lateral (select count(*) as reviews, coalesce(sum(food), 0) as food, coalesce(sum(service), 0) as service,
           coalesce(sum(ambience), 0) as ambience, coalesce(sum(overall), 0) as overall
           from reviews w where w.venue_id = v.id and w.deleted_at is null) c on true
         where (coalesce(k.reviews, 0), coalesce(k.food, 0), coalesce(k.service, 0), coalesce(k.ambience, 0), coalesce(k.overall, 0))
           <> (c.reviews, c.food, c.service, c.ambience, c.overall)",
    ),
    (
        "a visit is written about once, by those who were there",
        "select w.reservation_id from reviews w join reservations r on r.id = w.reservation_id
         where w.deleted_at is null group by w.reservation_id having count(*) > 1 or bool_or(r.status <> 'finished' or r.venue_id <> w.venue_id)",
    ),
    (
        "the days that changed have a version",
        "select r.id from reservations r where not exists (select from venue_days d where d.venue_id = r.venue_id and d.service_date = r.service_date)",
    ),
];

/// One database, questioned.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'d>(&'d Database);

impl<'d> Truth<'d> {
    /// What this database says.
    #[must_use]
    pub const fn of(database: &'d Database) -> Self {
        Self(database)
    }

    /// Insists that everything fits together.
    pub async fn holds(self) {
        for (law, breaches) in LAWS {
            let sql = format!("select to_jsonb(breach)::text from ({breaches}) breach limit 5");
            let found: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(self.0.pool()).await.expect(law);
            assert!(found.is_empty(), "broken: {law}: {found:#?}");
        }
    }

    /// A number.
    pub async fn number(self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.0.pool()).await.expect("the test's own SQL works")
    }

    /// Bookings that stand.
    pub async fn standing(self) -> i64 {
        self.number(
            "select count(*) from reservations where status in ('requested', 'booked', 'confirmed', 'running_late')",
        )
        .await
    }

    /// Claims on tables that are live.
    pub async fn claims(self) -> i64 {
        self.number("select count(*) from table_claims where released_at is null").await
    }

    /// Deadlocks that PostgreSQL had to break since the database was made. Close the server first.
    pub async fn deadlocks(self) -> i64 {
        self.everybody_reported().await;
        self.number("select deadlocks from pg_stat_database where datname = current_database()").await
    }

    /// Rows of a table that were read since the database was made. Close the server first.
    pub async fn rows_read(self, table: &str) -> i64 {
        self.everybody_reported().await;
        let read = "select seq_tup_read + idx_tup_fetch from pg_stat_user_tables where relname = $1";
        let read = sqlx::query_scalar(read).bind(table);
        read.fetch_one(self.0.pool()).await.expect("the test's own SQL works")
    }

    /// Waits until the connections of servers are gone: what they did is counted as they end.
    async fn everybody_reported(self) {
        let servers =
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'trestle'";
        eventually("the server's connections end", async || (self.number(servers).await == 0).then_some(())).await;
    }

    /// How many rows there are of everything, and what they say.
    pub async fn counts(self) -> Counts {
        let mut counts = BTreeMap::new();
        for table in self.0.tables().await {
            // Letters leave and entries are sealed in their own time.
            let row = "(to_jsonb(t) - array['available_at', 'attempts', 'last_error', 'done_at', 'seq', 'hash'])::text";
            let sql = format!("select count(*), md5(string_agg({row}, ',' order by {row})) from {table} t");
            let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(self.0.pool()).await.expect("rows can be counted");
            counts.insert(table, (row.get(0), row.get(1)));
        }
        Counts(counts)
    }
}

/// The rows of every table: how many, and a digest of what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts(BTreeMap<String, (i64, Option<String>)>);
