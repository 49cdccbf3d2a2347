//! Delivers what a transaction promised: at least once, in the order of its turn, with patience.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use crate::reservation::store::{self, Letter};
use crate::{Backend, Result, account, reservation};

/// Rows taken at a time.
const BATCH: i64 = 16;

/// Letters on their way at a time.
const AT_ONCE: usize = 4;

/// How long to wait for work when there is none.
const IDLE: Duration = Duration::from_secs(2);

/// Delivers until told to stop; what was begun is finished.
pub async fn work(backend: &Backend, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let taken = match deliver(backend).await {
            Ok(taken) => taken,
            Err(error) => {
                tracing::debug!(%error, "the outbox cannot be read");
                0
            }
        };
        if taken == 0 {
            let idle = tokio::time::timeout(IDLE, backend.0.outbox.notified());
            stop.run_until_cancelled(idle).await;
        }
    }
}

/// Delivers one batch and says how many rows it took.
async fn deliver(backend: &Backend) -> Result<usize> {
    let rows = store::lease_outbox(&mut *backend.0.database.acquire().await?, BATCH).await?;
    let taken = rows.len();
    stream::iter(rows)
        .for_each_concurrent(AT_ONCE, async |row| {
            let (id, attempts) = (row.id, row.attempts);
            let delivered = match &*row.letter {
                Letter::Booking { template, reservation_id, rev } => {
                    reservation::post_letter(backend, id, template, *reservation_id, *rev).await
                }
                Letter::Account(errand) => account::post_letter(backend, id, errand).await,
            };
            if let Err(error) = settle(backend, id, delivered).await {
                // The lease runs out, and the row is taken again.
                tracing::warn!(%error, id, attempts, "a delivery could not be written down");
            }
        })
        .await;
    Ok(taken)
}

async fn settle(backend: &Backend, id: i64, delivered: Result<()>) -> Result<()> {
    let mut db = backend.0.database.acquire().await?;
    match delivered {
        Ok(()) => store::complete_outbox(&mut db, id).await?,
        Err(error) => {
            tracing::warn!(%error, id, "a delivery failed; it will be tried again");
            store::fail_outbox(&mut db, id, &error.to_string()).await?;
        }
    }
    Ok(())
}
