//! Background work beside the requests.

use std::time::Duration;

use backend::Backend;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long after a crash the work begins again.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts the backend's jobs; they end when told to, after finishing what they have in hand.
pub fn start(backend: Backend, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        while !stop.is_cancelled() {
            // A task of its own, so that a panic ends one round and not the work.
            let round = tokio::spawn(backend.clone().run_jobs(stop.clone())).await;
            if !stop.is_cancelled() {
                tracing::error!(crashed = round.is_err(), "the jobs ended before their time; they begin again");
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    })
}
