//! Waiting for something to become true, and no longer.

use std::time::Duration;

use tokio::time::Instant;

/// How long anything may take before a test gives up on it: long, because a busy machine is no bug.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer, and gives up after [`PATIENCE`].
pub async fn eventually<T>(what: &str, ask: impl AsyncFnMut() -> Option<T>) -> T {
    within(PATIENCE, what, ask).await
}

/// Asks again and again until there is an answer, and gives up after so long.
pub async fn within<T>(patience: Duration, what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(began.elapsed() < patience, "waited {patience:?} in vain: {what}");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}
