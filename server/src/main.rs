//! The program: serves, migrates, fills in the demo, or prints the API document.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use backend::{Checked, Clock, Head, MIGRATOR, OperatorChange};
use clap::{Parser, Subcommand};
use domain::text::Email;
use mimalloc::MiMalloc;
use server::config::{Config, Database, Mistakes, Sources};
use server::{Ground, telemetry};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What `sysexits.h` calls a mistake in the settings.
const EX_CONFIG: u8 = 78;

/// Restaurant reservations, for diners and for the people who run the room.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Settings come from trestle.toml (or the file in TRESTLE_CONFIG) and from the environment; see README.md."
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve guests; what happens when no command is given
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Fill the database with venues and a month of bookings around today
    Demo {
        /// The same seed gives the same demo
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write the sign-ins made for this run into this file
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Check that the audit says what it said when it was sealed
    Audit {
        /// Where it is known to have stood, as an earlier check printed it
        #[arg(long, value_name = "NUMBER:HASH")]
        known: Option<Head>,
    },
    /// Let an account in or keep it out, or have it run the platform
    Account {
        /// What is to be done
        change: AccountChange,
        /// The account's email address
        email: Email,
    },
    /// Print the document that describes the REST interface
    Openapi,
}

/// What the machine's operator does about an account.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum AccountChange {
    /// Keep it out; what it is signed in to ends at once
    Disable,
    /// Let it in again
    Enable,
    /// Have it run the platform
    MakeAdmin,
    /// Have it run the platform no more
    UnmakeAdmin,
}

impl From<AccountChange> for OperatorChange {
    fn from(change: AccountChange) -> Self {
        match change {
            AccountChange::Disable => Self::Disable,
            AccountChange::Enable => Self::Enable,
            AccountChange::MakeAdmin => Self::MakeAdmin,
            AccountChange::UnmakeAdmin => Self::UnmakeAdmin,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().command.unwrap_or(Command::Serve)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(if error.is::<Mistakes>() { EX_CONFIG } else { 1 })
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve => serve().await,
        Command::Migrate => migrate().await,
        Command::Demo { seed, json } => demo(seed, json).await,
        Command::Audit { known } => audit(known).await,
        Command::Account { change, email } => account(change, &email).await,
        Command::Openapi => {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }
    }
}

async fn serve() -> anyhow::Result<()> {
    let config = Config::read(&Sources::of_process())?;
    telemetry::start(&config.log);
    let ground = Ground::of(&config);
    let server = server::build(config, ground).await.context("The server does not start")?;
    tracing::info!(target: "trestle", address = %server.addr(), url = server.public_url(), "open");
    let stop = CancellationToken::new();
    let run = server.run(stop.clone());
    tokio::pin!(run);
    tokio::select! {
        () = &mut run => return Ok(()),
        ended = end_of_day() => ended?,
    }
    tracing::info!(target: "trestle", "closing: running requests finish, no new ones are taken");
    stop.cancel();
    tokio::select! {
        () = run => tracing::info!(target: "trestle", "closed"),
        ended = end_of_day() => {
            ended?;
            tracing::warn!(target: "trestle", "told a second time: ending at once");
        }
    }
    Ok(())
}

/// Ends when the program is told to end, by Ctrl-C or by whoever runs it.
async fn end_of_day() -> anyhow::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

async fn migrate() -> anyhow::Result<()> {
    let database = database().await?;
    MIGRATOR.run(&database).await.context("The schema could not be brought up to date")?;
    database.close().await;
    Ok(())
}

async fn demo(seed: u64, json: Option<PathBuf>) -> anyhow::Result<()> {
    let database = database().await?;
    let sign_ins =
        backend::demo::fill(&database, Clock::System.now(), seed).await.context("The demo could not be filled in")?;
    database.close().await;
    if let Some(path) = json {
        write_for_owner(&path, &serde_json::to_string_pretty(&sign_ins)?)
            .with_context(|| format!("Cannot write {}", path.display()))?;
    }
    Ok(())
}

async fn audit(known: Option<Head>) -> anyhow::Result<()> {
    let database = database().await?;
    let found = backend::check(&database, known.as_ref()).await.context("The audit cannot be read")?;
    database.close().await;
    match found {
        Checked::Whole { .. } => println!("{found}"),
        Checked::Missing(_) | Checked::Altered(_) | Checked::Another(_) => anyhow::bail!("{found}"),
    }
    Ok(())
}

async fn account(change: AccountChange, email: &Email) -> anyhow::Result<()> {
    let database = database().await?;
    let found = backend::change_account(&database, change.into(), email).await.context("The account is as it was")?;
    database.close().await;
    anyhow::ensure!(found, "No account has the address {email}.");
    Ok(())
}

/// A connection without the limits that requests have.
async fn database() -> anyhow::Result<PgPool> {
    let (database, log) = Database::read(&Sources::of_process())?;
    telemetry::start(&log);
    PgPoolOptions::new()
        .max_connections(2)
        .connect_with(database.options())
        .await
        .context("PostgreSQL cannot be reached")
}

/// The file holds passwords.
fn write_for_owner(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")
}
