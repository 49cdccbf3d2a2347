//! Load on a running Trestle, and the bare handler it is measured beside. Each subcommand prints one JSON object.

mod bare;
mod client;
mod hashing;
mod load;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use serde_json::json;

use load::{Load, Report};

#[derive(Parser)]
#[command(about = "Load on a running Trestle; loopback only")]
enum Command {
    /// Serves the bytes of a file with a bare axum handler.
    Bare {
        #[arg(long)]
        addr: SocketAddr,
        #[arg(long)]
        body: PathBuf,
    },
    /// Reads one path with so many clients.
    Read {
        #[command(flatten)]
        load: Cli,
        #[arg(long)]
        path: String,
    },
    /// Books tables, each booking a guest of its own, over all starts of a file with one `{"venue", "start"}` a line.
    Book {
        #[command(flatten)]
        load: Cli,
        #[arg(long)]
        starts: PathBuf,
    },
    /// Books calmly at other venues, first alone and then while so many clients race for one start.
    Neighbours {
        #[command(flatten)]
        load: Cli,
        #[arg(long)]
        starts: PathBuf,
        #[arg(long)]
        hot_starts: PathBuf,
        #[arg(long, default_value_t = 200)]
        racers: usize,
    },
    /// Signs in with so many clients, beside bare hashing, while others read a path; and these alone.
    SignIns {
        #[command(flatten)]
        load: Cli,
        #[arg(long)]
        path: String,
        /// How many read it.
        #[arg(long)]
        readers: usize,
        /// Milliseconds that each of them rests between an answer and the next request, on average.
        #[arg(long)]
        rest: u64,
        /// How many accounts do, guest0@example.com and so on.
        #[arg(long)]
        accounts: usize,
        /// The password of all of them.
        #[arg(long)]
        password: String,
        /// What is stored of the password.
        #[arg(long)]
        hash: String,
    },
}

#[derive(clap::Args, Clone)]
struct Cli {
    #[arg(long)]
    addr: SocketAddr,
    #[arg(long, default_value_t = 32)]
    clients: usize,
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

fn main() -> anyhow::Result<()> {
    let command = Command::parse();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(command))
}

async fn run(command: Command) -> anyhow::Result<()> {
    let report = match command {
        Command::Bare { addr, body } => return bare::serve(addr, std::fs::read(body)?).await,
        Command::Read { load, path } => load.closed_loop(client::get(load.addr, &path)).await?.json(),
        Command::Book { load, starts } => load.closed_loop(load::bookings(load.addr, &starts)?).await?.json(),
        Command::Neighbours { load, starts, hot_starts, racers } => {
            neighbours(&load, &starts, &hot_starts, racers).await?
        }
        Command::SignIns { load, path, readers, rest, accounts, password, hash } => {
            let readers =
                Load { addr: load.addr, clients: readers, time: Duration::ZERO, pause: Duration::from_millis(rest) };
            sign_ins(&load, &path, &readers, accounts, &password, &hash).await?
        }
    };
    println!("{report}");
    Ok(())
}

impl Cli {
    async fn closed_loop(&self, requests: impl Fn(usize) -> Vec<u8> + 'static) -> anyhow::Result<Report> {
        Load { addr: self.addr, clients: self.clients, time: Duration::from_secs(self.seconds), pause: Duration::ZERO }
            .run(requests)
            .await
    }
}

/// Sign-ins a second, with readers beside them; bare hashes a second, with the same readers beside them and with nobody; and the latency
/// of these readers alone, beside bare hashing and beside the sign-ins. All in turns, so that a drift of the machine falls on all of it.
async fn sign_ins(
    cli: &Cli,
    path: &str,
    readers: &Load,
    accounts: usize,
    password: &str,
    hash: &str,
) -> anyhow::Result<serde_json::Value> {
    const ROUNDS: u32 = 9;
    let time = Duration::from_secs(cli.seconds.div_ceil(ROUNDS.into()));
    let readers = Load { time, ..readers.clone() };
    let flood = Load { addr: cli.addr, clients: cli.clients, time, pause: Duration::ZERO };
    let (mut undisturbed, mut bare, mut signed_in) = (0.0, 0.0, Report::default());
    let (mut alone, mut beside_bare, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    let read = async || anyhow::Ok(readers.run(client::get(cli.addr, path)).await?.json());
    let hash_apart = || {
        let (secret, known) = (password.to_owned(), hash.to_owned());
        std::thread::spawn(move || hashing::bare(&secret, &known, time))
    };
    let join = |hashing: std::thread::JoinHandle<anyhow::Result<f64>>| {
        hashing.join().map_err(|_| anyhow::anyhow!("the hashing panicked"))?
    };
    for _ in 0..ROUNDS {
        alone.push(read().await?);
        undisturbed += join(hash_apart())?;
        let hashing = hash_apart();
        beside_bare.push(read().await?);
        bare += join(hashing)?;
        let (addr, password) = (cli.addr, password.to_owned());
        let sign_in = move |n: usize| {
            let credentials = json!({ "email": format!("guest{}@example.com", n % accounts), "password": password });
            client::post(addr, "/api/v1/sessions", &n.to_string(), &credentials)
        };
        let flood = flood.run_apart(sign_in);
        beside.push(read().await?);
        signed_in.add(flood.join().map_err(|_| anyhow::anyhow!("the flood panicked"))??);
    }
    let rounds = f64::from(ROUNDS);
    Ok(json!({
        "undisturbed_per_second": undisturbed / rounds, "bare_per_second": bare / rounds, "sign_ins": signed_in.json(),
        "alone": alone, "beside_bare": beside_bare, "beside": beside,
    }))
}

/// The calm neighbours' latency alone and beside the race, in turns, so that a drift of the machine falls on both.
async fn neighbours(
    cli: &Cli,
    starts: &std::path::Path,
    hot_starts: &std::path::Path,
    racers: usize,
) -> anyhow::Result<serde_json::Value> {
    const ROUNDS: u64 = 3;
    let time = Duration::from_secs(cli.seconds.div_ceil(ROUNDS));
    let calm = Load { addr: cli.addr, clients: cli.clients, time, pause: Duration::from_millis(20) };
    let race = Load { addr: cli.addr, clients: racers, time, pause: Duration::ZERO };
    let (mut alone, mut beside, mut hot) = (Report::default(), Report::default(), Report::default());
    for _ in 0..ROUNDS {
        alone.add(calm.run(load::bookings(cli.addr, starts)?).await?);
        let (calm, hot_now) = tokio::try_join!(
            calm.run(load::bookings(cli.addr, starts)?),
            race.run(load::bookings(cli.addr, hot_starts)?)
        )?;
        beside.add(calm);
        hot.add(hot_now);
    }
    Ok(json!({ "alone": alone.json(), "beside": beside.json(), "race": hot.json() }))
}
