//! What runs beside the requests.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::{Backend, account, outbox, reservation, review};

/// How often to look for what other processes changed.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often to seal what was written into the audit.
const SEAL_EVERY: Duration = Duration::from_secs(1);

/// How long sealing rests while more waits, in times of what the last batch took, so that others have the database meanwhile.
const SEAL_REST: u32 = 4;

/// How often to throw away what nobody needs any more.
const CLEAN_EVERY: Duration = Duration::from_hours(1);

impl Backend {
    /// Runs the jobs until told to stop; returns when what was begun is finished.
    pub async fn run_jobs(self, stop: CancellationToken) {
        tokio::join!(
            self.keep_looking(&stop),
            self.0.fanout.send(&stop),
            self.0.fanout.listen(&self.0.days, &stop),
            self.0.limiter.keep_line(&stop),
            outbox::work(&self, &stop),
            self.keep_sealing(&stop),
            self.keep_clean(&stop),
        );
    }

    async fn keep_looking(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let looked = tokio::join!(self.0.days.look(LOOK_EVERY / 2), self.0.watch.look(LOOK_EVERY / 2));
            if let Err(error) = looked.0.and(looked.1) {
                tracing::debug!(error = crate::told(&error), "could not look for changes");
            }
            stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
        }
    }

    async fn keep_sealing(&self, stop: &CancellationToken) {
        let mut rest = SEAL_EVERY;
        while stop.run_until_cancelled(tokio::time::sleep(rest)).await.is_some() {
            let began = Instant::now();
            let more = self.seal_audit().await.unwrap_or_else(|error| {
                tracing::debug!(error = crate::told(&error), "the audit could not be sealed");
                false
            });
            rest = if more { SEAL_EVERY.min(began.elapsed() * SEAL_REST) } else { SEAL_EVERY };
        }
    }

    async fn keep_clean(&self, stop: &CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(CLEAN_EVERY)).await.is_some() {
            if let Err(error) = self.clean().await {
                tracing::warn!(error = crate::told(&error), "could not clean up");
            }
        }
    }

    /// Throws away what nobody needs any more.
    ///
    /// # Errors
    /// The database is away.
    pub async fn clean(&self) -> sqlx::Result<()> {
        let cleaned = reservation::store::clean(&self.0.database).await;
        let cleaned = cleaned.and(review::store::clean(&self.0.database).await);
        cleaned.and(account::store::clean(&self.0.database).await)
    }
}
