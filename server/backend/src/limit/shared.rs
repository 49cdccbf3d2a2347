//! What all processes count together, in Redis: one call of one script for each request.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisResult, Script};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::record::Penalty;
use super::window::SLICES;
use super::{Key, Verdict, Weight};
use crate::{Error, Result};

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(2);

/// Between two attempts to connect.
const REST: Duration = Duration::from_millis(500);

/// The windows in Redis.
pub struct Shared {
    client: Client,
    /// How long a request waits for Redis before this process counts alone.
    patience: Duration,
    /// The connection, while it is good.
    line: RwLock<Option<MultiplexedConnection>>,
    broken: Notify,
    script: Script,
    /// What the script is told each time.
    constants: String,
}

impl Shared {
    pub fn new(url: &SecretString, patience: Duration, penalty: Penalty) -> Result<Self> {
        let client = Client::open(url.expose_secret())
            .map_err(|error| Error::Broken(format!("REDIS_URL cannot be used: {}", error.category())))?;
        Ok(Self {
            client,
            patience,
            line: RwLock::default(),
            broken: Notify::new(),
            script: Script::new(include_str!("window.lua")),
            constants: format!("{SLICES} {} {}", penalty.first, penalty.longest),
        })
    }

    /// Counts a request where it fits everywhere, else nowhere; `None` when Redis does not answer in time.
    pub async fn weigh(&self, weights: &[Weight<'_>]) -> Option<Verdict> {
        let mut line = self.line.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let mut call = self.script.prepare_invoke();
        call.arg(&self.constants);
        for weight in weights {
            call.key(&name(&weight.key)[..]).arg(weight.numbers).arg(weight.cost);
        }
        match call.invoke_async::<(usize, u64, u64, u64)>(&mut line).await {
            Ok((0, limit, remaining, wait)) => Some(Verdict::admitted(limit, remaining, wait)),
            Ok((refused, limit, _, wait)) => Some(Verdict::refused(weights.get(refused - 1)?.rule, limit, wait)),
            Err(error) => {
                tracing::debug!(error = crate::told(&error), "redis is away; this process counts alone");
                self.let_go();
                None
            }
        }
    }

    fn let_go(&self) {
        *self.line.write().unwrap_or_else(PoisonError::into_inner) = None;
        self.broken.notify_one();
    }

    fn is_good(&self) -> bool {
        self.line.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Connects, again and again as often as the line breaks, until told to stop.
    pub async fn keep_line(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match stop.run_until_cancelled(self.connect()).await {
                None => return,
                Some(Err(error)) => {
                    tracing::debug!(error = crate::told(&error), "redis is away; this process counts alone");
                }
                Some(Ok(line)) => {
                    *self.line.write().unwrap_or_else(PoisonError::into_inner) = Some(line);
                    while self.is_good() && stop.run_until_cancelled(self.broken.notified()).await.is_some() {}
                }
            }
            stop.run_until_cancelled(tokio::time::sleep(REST)).await;
        }
    }

    /// A connection over which Redis has just answered in time.
    async fn connect(&self) -> RedisResult<MultiplexedConnection> {
        let settings = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECTING))
            .set_response_timeout(Some(self.patience));
        let mut line = self.client.get_multiplexed_async_connection_with_config(&settings).await?;
        self.script.load_async(&mut line).await?;
        Ok(line)
    }
}

/// What a key is called in Redis; the braces keep the keys of one request on one node of a cluster.
fn name(key: &Key) -> [u8; 32] {
    let mut name = *b"trestle:{limit}:................";
    name[16..].copy_from_slice(key);
    name
}
