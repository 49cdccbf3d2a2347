//! Forgetting somebody, which happens under the locks of days.

use sqlx::PgPool;

use crate::house::{House, id};

#[sqlx::test(migrator = "backend::MIGRATOR")]
async fn nothing_of_others_is_read_through(pool: PgPool) {
    let house = House::open(&pool, 1).await;
    let (ana, rui, booking) = (id(), id(), id());
    for statement in [
        "insert into accounts (id, email, name, password_hash, email_confirmed_at)
         select a, a || '@example.com', 'Somebody', 'hash', now() from unnest($1::uuid[]) a",
        // Sessions of the other account, requests and letters of nobody here.
        "insert into sessions (id, account_id, device, created_at, last_used_at, ended_at)
         select gen_random_uuid(), ($1::uuid[])[2], 'A program', now(), now(), now() from generate_series(1, 5000)",
        "insert into idempotency_keys (scope, key, request_hash, answer)
         select 'late:' || gen_random_uuid(), n, '\\x00', jsonb_build_object('id', gen_random_uuid()) from generate_series(1, 20000) n where $1::uuid[] is not null",
        "insert into outbox (topic, payload)
         select 'mail', case n % 2 when 0 then jsonb_build_object('reservation_id', gen_random_uuid()) else jsonb_build_object('to', n || '@example.com') end
         from generate_series(1, 20000) n where $1::uuid[] is not null",
        // And one of each that names her.
        "insert into sessions (id, account_id, device, created_at, last_used_at) values (gen_random_uuid(), ($1::uuid[])[1], 'A program', now(), now())",
        "insert into outbox (topic, payload) values
           ('mail', jsonb_build_object('to', ($1::uuid[])[1] || '@example.com')), ('mail', jsonb_build_object('reservation_id', ($1::uuid[])[3]))",
        "insert into idempotency_keys (scope, key, request_hash, answer) values
           ('book', 'hers', '\\x00', jsonb_build_object('id', ($1::uuid[])[3])), ('review:' || ($1::uuid[])[3], 'hers', '\\x00', '{}')",
    ] {
        sqlx::query(statement).bind(vec![ana, rui, booking]).execute(&pool).await.unwrap();
    }
    sqlx::query(
        "insert into reservations (id, reference, venue_id, service_date, status, party, start_at, end_at, guest_name, guest_email, source,
           policy, manage_hash, account_id)
         values ($1, 'HERS', $2, '2027-05-05', 'finished', 2, '2027-05-05T18:00Z', '2027-05-05T20:00Z', 'Ana', 'ana@example.com', 'web', '{}', '', $3)",
    )
    .bind(booking)
    .bind(house.venue)
    .bind(ana)
    .execute(&pool)
    .await
    .unwrap();
    sqlx::query("analyze").execute(&pool).await.unwrap();

    let mut tx = pool.begin().await.unwrap();
    let outcome: String = sqlx::query_scalar("select outcome from erase_account($1, 'hash', '2027-06-01T00:00Z')")
        .bind(ana)
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    assert_eq!(outcome, "done");
    let touched: Vec<(String, i64, i64)> = sqlx::query_as(
        "select relname::text, seq_tup_read + idx_tup_fetch, n_tup_upd + n_tup_del from pg_stat_xact_user_tables
         where relname in ('idempotency_keys', 'outbox', 'sessions') order by relname",
    )
    .fetch_all(&mut *tx)
    .await
    .unwrap();
    assert!(touched.iter().all(|(_, read, _)| *read < 100), "{touched:?}");
    let changed: Vec<_> = touched.iter().map(|(table, _, rows)| (table.as_str(), *rows)).collect();
    assert_eq!(changed, [("idempotency_keys", 2), ("outbox", 2), ("sessions", 1)]);
}
