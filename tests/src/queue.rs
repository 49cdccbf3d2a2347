//! Requests that wait for one lock, in the order in which they came.

use sqlx::{AssertSqlSafe, Executor};

use crate::actor::Ask;
use crate::answer::Answer;
use crate::database::Database;
use crate::wait::eventually;

impl Database {
    /// Runs a statement that locks rows, sends these requests, each once all before it wait for a lock, and lets go.
    pub async fn line_up<const N: usize>(&self, lock: &str, asks: [Ask; N]) -> [Answer; N] {
        let mut held = self.pool().begin().await.expect("a transaction can be begun");
        held.execute(AssertSqlSafe(lock.to_owned())).await.expect("the test's own SQL works");
        let mut sent = Vec::with_capacity(N);
        for ask in asks {
            sent.push(tokio::spawn(ask.send()));
            let all_wait = async || (self.waiting().await >= sent.len()).then_some(());
            eventually("every request waits for a lock", all_wait).await;
        }
        held.commit().await.expect("a transaction can be ended");
        let mut answers = Vec::with_capacity(N);
        for answer in sent {
            answers.push(answer.await.expect("a request ends without a panic"));
        }
        answers.try_into().expect("as many answers as requests")
    }

    /// How many connections wait for a lock.
    async fn waiting(&self) -> usize {
        let count =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        let count: i64 = sqlx::query_scalar(count).fetch_one(self.pool()).await.expect("the test's own SQL works");
        usize::try_from(count).expect("a count is not negative")
    }
}
