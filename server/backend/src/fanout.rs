//! Tells the other processes at once which venue-day changed, through Redis; without it they find out within a second.

use chrono::NaiveDate;
use domain::id::VenueId;
use futures::StreamExt;
use redis::AsyncCommands;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::sync::{OnceCell, mpsc};
use tokio_util::sync::CancellationToken;

use crate::days::{Changes, Days};
use crate::{Error, Result};

const CHANNEL: &str = "trestle:venue-days";

/// Messages that may wait for Redis; further ones are dropped, since every process also looks for itself.
const QUEUE: usize = 256;

#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    venue: VenueId,
    days: Vec<(NaiveDate, i64)>,
}

/// The line to the other processes.
pub struct Fanout {
    client: Option<redis::Client>,
    connection: OnceCell<ConnectionManager>,
    out: mpsc::Sender<Moved>,
    queued: tokio::sync::Mutex<mpsc::Receiver<Moved>>,
}

impl Fanout {
    pub fn new(url: Option<&SecretString>) -> Result<Self> {
        let client = url
            .map(|url| redis::Client::open(url.expose_secret()))
            .transpose()
            .map_err(|error| Error::Broken(format!("REDIS_URL cannot be used: {}", error.category())))?;
        let (out, queued) = mpsc::channel(QUEUE);
        Ok(Self { client, connection: OnceCell::new(), out, queued: tokio::sync::Mutex::new(queued) })
    }

    /// Says what changed. Never waits.
    pub fn publish(&self, venue: VenueId, changes: &Changes) {
        if self.client.is_some() {
            let _dropped_when_full = self.out.try_send(Moved { venue, days: changes.days.clone() });
        }
    }

    /// Whether Redis answers; `None` where it is not configured.
    pub async fn ping(&self) -> Option<bool> {
        self.client.as_ref()?;
        Some(match self.connection().await {
            Ok(mut connection) => connection.ping::<String>().await.is_ok(),
            Err(_) => false,
        })
    }

    async fn connection(&self) -> redis::RedisResult<ConnectionManager> {
        let connect = async {
            let client = self.client.as_ref().ok_or((redis::ErrorKind::InvalidClientConfig, "not configured"))?;
            let settings =
                ConnectionManagerConfig::new().set_number_of_retries(1).set_max_delay(Duration::from_secs(2));
            client.get_connection_manager_with_config(settings).await
        };
        self.connection.get_or_try_init(|| connect).await.cloned()
    }

    /// Sends what is queued until told to stop.
    pub async fn send(&self, stop: &CancellationToken) {
        let mut queued = self.queued.lock().await;
        while let Some(Some(moved)) = stop.run_until_cancelled(queued.recv()).await {
            let message = serde_json::to_string(&moved).expect("ids, dates and numbers are plain values");
            let sent = async {
                let mut connection = self.connection().await?;
                connection.publish::<_, _, ()>(CHANNEL, message).await
            };
            if let Err(error) = sent.await {
                tracing::debug!(error = crate::told(&error), "redis is away; other processes look for themselves");
            }
        }
    }

    /// Hears what the others changed until told to stop, connecting again as long as it takes.
    pub async fn listen(&self, days: &Days, stop: &CancellationToken) {
        let Some(client) = &self.client else { return };
        let mut wait = Duration::from_millis(250);
        while !stop.is_cancelled() {
            match stop.run_until_cancelled(hear(client, days, &mut wait)).await {
                None => return,
                Some(Ok(())) => tracing::info!("redis closed the line; connecting again"),
                Some(Err(error)) => {
                    tracing::debug!(
                        error = crate::told(&error),
                        "redis is away; looking for changes every half second instead"
                    );
                }
            }
            stop.run_until_cancelled(tokio::time::sleep(wait)).await;
            wait = (wait * 2).min(Duration::from_secs(30));
        }
    }
}

async fn hear(client: &redis::Client, days: &Days, wait: &mut Duration) -> redis::RedisResult<()> {
    let mut line = client.get_async_pubsub().await?;
    line.subscribe(CHANNEL).await?;
    *wait = Duration::from_millis(250);
    let mut messages = line.on_message();
    while let Some(message) = messages.next().await {
        let Ok(moved) = serde_json::from_slice::<Moved>(message.get_payload_bytes()) else { continue };
        for (date, version) in moved.days {
            days.outdated((moved.venue, date), version).await;
        }
    }
    Ok(())
}
