//! Clients in a closed loop, and what they saw.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use crate::client::{self, Client};

/// So many clients, each sending its next request when the last one is answered.
#[derive(Clone)]
pub struct Load {
    pub addr: SocketAddr,
    pub clients: usize,
    pub time: Duration,
    /// Rest between an answer and the next request, on average: exponentially spread, so that clients do not come in step.
    pub pause: Duration,
}

/// What they saw.
#[derive(Default)]
pub struct Report {
    latencies: Vec<Duration>,
    statuses: BTreeMap<u16, usize>,
    time: Duration,
}

impl Load {
    /// Runs for the given time; `request(n)` makes the nth request.
    pub async fn run(&self, request: impl Fn(usize) -> Vec<u8> + 'static) -> anyhow::Result<Report> {
        let request = Rc::new(request);
        let counter = Rc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let clients = tokio::task::LocalSet::new();
        let tasks: Vec<_> = (0..self.clients)
            .map(|_| {
                clients.spawn_local(one_client(
                    self.addr,
                    began + self.time,
                    self.pause,
                    request.clone(),
                    counter.clone(),
                ))
            })
            .collect();
        let mut report = Report::default();
        clients.await;
        for task in tasks {
            report.add(task.await??);
        }
        report.time = began.elapsed();
        Ok(report)
    }

    /// Runs on a thread of its own, so that who is measured beside it does not wait for it here.
    pub fn run_apart(
        &self,
        request: impl Fn(usize) -> Vec<u8> + Send + 'static,
    ) -> std::thread::JoinHandle<anyhow::Result<Report>> {
        let load = self.clone();
        std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(load.run(request))
        })
    }
}

async fn one_client(
    addr: SocketAddr,
    until: Instant,
    pause: Duration,
    request: Rc<impl Fn(usize) -> Vec<u8>>,
    counter: Rc<AtomicUsize>,
) -> anyhow::Result<Report> {
    let mut client = Client::connect(addr).await?;
    let mut report = Report::default();
    while Instant::now() < until {
        let request = request(counter.fetch_add(1, Ordering::Relaxed));
        let began = Instant::now();
        let status = client.exchange(&request).await?;
        report.latencies.push(began.elapsed());
        *report.statuses.entry(status).or_default() += 1;
        if !pause.is_zero() {
            tokio::time::sleep(pause.mul_f64(-(-rand::random::<f64>()).ln_1p())).await;
        }
    }
    Ok(report)
}

impl Report {
    /// Takes in what others saw.
    pub fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.time += other.time;
        for (status, count) in other.statuses {
            *self.statuses.entry(status).or_default() += count;
        }
    }

    /// Requests a second, latencies in milliseconds, answers by status.
    pub fn json(mut self) -> Value {
        self.latencies.sort_unstable();
        let requests = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        let at = |percent: usize| {
            let index = (self.latencies.len() * percent / 100).min(self.latencies.len().saturating_sub(1));
            self.latencies.get(index).map(|latency| latency.as_secs_f64() * 1e3)
        };
        json!({
            "requests": requests,
            "per_second": f64::from(requests) / self.time.as_secs_f64(),
            "p50_ms": at(50), "p99_ms": at(99), "max_ms": at(100),
            "statuses": self.statuses.iter().map(|(status, count)| (status.to_string(), *count)).collect::<BTreeMap<_, _>>(),
        })
    }
}

/// Bookings for two over the starts of a file, one after the other, round and round.
pub fn bookings(addr: SocketAddr, file: &Path) -> anyhow::Result<impl Fn(usize) -> Vec<u8> + 'static> {
    let lines = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let starts: Vec<Value> = lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    anyhow::ensure!(!starts.is_empty(), "{} names no start", file.display());
    let run = std::process::id();
    let began = Instant::now();
    Ok(move |n: usize| {
        let start = &starts[n % starts.len()];
        let guest = format!("{run}-{}-{n}", began.elapsed().as_nanos());
        let body = json!({
            "venue": start["venue"], "start": start["start"], "party": 2,
            "guest": { "name": "Ada Bench", "email": format!("ada{guest}@example.com") },
        });
        client::post(addr, "/api/v1/reservations", &guest, &body)
    })
}
