//! Delivers what a transaction promised: at least once, in the order of its turn, with patience.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};

use crate::reservation::store::{self, Letter, OutboxRow};
use crate::{Backend, Fault, Result, account, mint, reservation, told};

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
                tracing::debug!(error = told(&error), "the outbox cannot be read");
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
    let each = async |row: OutboxRow| {
        let span = span(&row);
        deliver_one(backend, row).instrument(span).await;
    };
    stream::iter(rows).for_each_concurrent(AT_ONCE, each).await;
    Ok(taken)
}

/// What the log says of a letter: the request it comes from, and a part of its trace that is the letter's own.
fn span(row: &OutboxRow) -> Span {
    let origin = row.origin();
    let origin = origin.as_ref();
    tracing::error_span!(
        "letter",
        letter = row.id,
        correlation_id = origin.map(|origin| origin.correlation.as_str()),
        trace_id = origin.map(|origin| origin.trace.id()),
        span_id = origin.map(|origin| origin.trace.going_on(mint::part()).part()),
    )
}

async fn deliver_one(backend: &Backend, row: OutboxRow) {
    let delivered = match row.letter() {
        Ok(Letter::Booking { template, reservation_id, rev }) => {
            reservation::post_letter(backend, row.id, &template, reservation_id, rev).await
        }
        Ok(Letter::Account(errand)) => account::post_letter(backend, row.id, &errand).await,
        Err(unknown) => Err(unknown),
    };
    if let Err(error) = settle(backend, row.id, delivered).await {
        // The lease runs out, and the row is taken again.
        tracing::warn!(error = told(&error), attempts = row.attempts, "a delivery could not be written down");
    }
}

async fn settle(backend: &Backend, id: i64, delivered: Result<()>) -> Result<()> {
    let mut db = backend.0.database.acquire().await?;
    match delivered {
        Ok(()) => {
            store::complete_outbox(&mut db, id).await?;
            tracing::debug!("a letter is out");
        }
        Err(error) => {
            tracing::warn!(error = told(&error), "a delivery failed; it will be tried again");
            let why = Fault::of(&error).to_string();
            store::fail_outbox(&mut db, id, &why).await?;
        }
    }
    Ok(())
}
