//! What is thrown away, and what is not.

use std::time::Duration;

use sqlx::PgPool;

use super::clean;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_account_that_is_being_confirmed_is_not_thrown_away(pool: PgPool) {
    sqlx::query(
        "insert into accounts (id, email, name, password_hash, created_at)
         select gen_random_uuid(), n || '@example.com', 'Somebody', 'hash', now() - interval '8 days' from generate_series(1, 2) n",
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut confirming = crate::db::begin(&pool, "begin").await.unwrap();
    sqlx::query("update accounts set email_confirmed_at = now() where email = '1@example.com'")
        .execute(&mut *confirming)
        .await
        .unwrap();
    let mut cleaning = tokio::spawn({
        let pool = pool.clone();
        async move { clean(&pool).await }
    });
    // Where it waits for the confirmation, it goes on after that.
    let waited = tokio::time::timeout(Duration::from_millis(500), &mut cleaning).await;
    confirming.commit().await.unwrap();
    match waited {
        Ok(cleaned) => cleaned.unwrap().unwrap(),
        Err(_) => cleaning.await.unwrap().unwrap(),
    }
    let left: Vec<String> = sqlx::query_scalar("select email from accounts").fetch_all(&pool).await.unwrap();
    assert_eq!(left, ["1@example.com"]);
}
