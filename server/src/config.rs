//! Settings: defaults, then a file, then the environment; every mistake told at once.

mod part;
mod reader;
mod rule;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backend::{GateSettings, LimitSettings, MailSettings};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::filter::Targets;

use self::reader::Reader;

/// Everything that can be set.
#[derive(Debug)]
pub struct Config {
    /// Where the server listens; port 0 for any free one.
    pub addr: SocketAddr,
    /// Where guests reach it, without a slash at the end; `http://` and the address when not said.
    pub public_url: Option<String>,
    /// Where it runs.
    pub environment: Environment,
    /// Signs manage links and holds.
    pub secret: SecretString,
    /// How long a hold lasts before it is extended.
    pub hold: Duration,
    /// PostgreSQL.
    pub database: Database,
    /// Redis, if any.
    pub redis_url: Option<SecretString>,
    /// How many may work on one venue-day at once.
    pub gate: GateSettings,
    /// How much each client may ask for.
    pub limits: LimitSettings,
    /// Who may say on whose behalf a request comes.
    pub trusted_proxies: Vec<IpNet>,
    /// Mail.
    pub mail: MailSettings,
    /// Manners toward clients.
    pub http: Http,
    /// Logs.
    pub log: Log,
    /// Where the browser's part lies.
    pub site: LeptosOptions,
    /// Whether cargo-leptos watches, and pages listen for its word to load again.
    pub watched: bool,
}

/// Where the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// On the machine of somebody who works on it.
    Development,
    /// Before guests.
    Production,
}

/// How PostgreSQL is reached.
#[derive(Clone, Debug)]
pub struct Database {
    /// Where it is and who asks; the password does not print.
    pub url: SecretString,
    /// Connections at most.
    pub max_connections: u32,
    /// How long a request waits for one.
    pub acquire: Duration,
    /// When PostgreSQL gives a statement up.
    pub statement: Duration,
}

/// Limits of the HTTP side.
#[derive(Clone, Copy, Debug)]
pub struct Http {
    /// Connections at most; further clients wait outside.
    pub max_connections: usize,
    /// Of these, how many one client may have; trusted proxies may have any.
    pub connections_per_client: usize,
    /// Bytes of a request's body at most.
    pub body_limit: usize,
    /// Bytes of a request's head at most.
    pub header_limit: usize,
    /// How long a client may take to send a request's head.
    pub header: Duration,
    /// How long a client may take to send a request's body.
    pub body: Duration,
    /// How long a request may take.
    pub request: Duration,
    /// How long a client may leave an answer unread.
    pub write: Duration,
    /// Between "no longer ready" and "door closed".
    pub notice: Duration,
    /// How long running requests may take to finish at shutdown.
    pub drain: Duration,
}

/// What is logged and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// For people or for machines.
    pub format: Format,
    /// `tracing` directives, such as `info,backend=debug`.
    pub filter: Targets,
}

/// The shape of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Every mistake in the settings, as sentences.
#[derive(Debug, thiserror::Error)]
#[error("The settings have mistakes:\n{}", .0.iter().map(|mistake| format!("  - {mistake}")).collect::<Vec<_>>().join("\n"))]
pub struct Mistakes(pub Vec<String>);

/// The file and the variables that settings are read from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    file: Option<PathBuf>,
    environment: Vec<(String, String)>,
}

impl Sources {
    /// This process's environment and the file it names in `TRESTLE_CONFIG`, else `trestle.toml` if there is one.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment, at start")]
    pub fn of_process() -> Self {
        let named = std::env::var_os("TRESTLE_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        let file = named.or_else(|| Some(PathBuf::from("trestle.toml")).filter(|path| path.exists()));
        // Lossy: a variable that is not Unicode is none of ours, and must not end the program.
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Self { file, environment: environment.collect() }
    }

    /// These variables, and this file.
    pub fn new<N: Into<String>, V: Into<String>>(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let environment = environment.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { file: file.map(Path::to_owned), environment }
    }

    fn reader(&self) -> Reader {
        Reader::new(self.file.as_deref(), self.environment.iter().cloned())
    }
}

impl Config {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// Every mistake there is.
    pub fn read(sources: &Sources) -> Result<Self, Mistakes> {
        let mut reader = sources.reader();
        let config = Self::from_reader(&mut reader);
        match (config, reader.finish()) {
            (Some(config), mistakes) if mistakes.is_empty() => Ok(config),
            (_, mistakes) => Err(Mistakes(mistakes)),
        }
    }

    fn from_reader(reader: &mut Reader) -> Option<Self> {
        // Each part is read before the first `?`, so that none hides the mistakes of another.
        let addr = reader.need("addr", "say where to listen, such as 127.0.0.1:3000.", rule::addr);
        let public_url = reader.maybe("public_url", rule::public_url);
        let environment = reader.need("environment", rule::ENVIRONMENT, rule::environment);
        let secret = reader.need("secret", rule::SECRET, rule::secret);
        let hold = reader.number("hold_minutes", 1..=15).map(|minutes: u64| Duration::from_secs(minutes * 60));
        let redis_url = reader.maybe("redis.url", rule::redis_url);
        let trusted_proxies = reader.list("trusted_proxies", rule::network);
        let (database, gate, limits) = (Database::from_reader(reader), part::gate(reader), part::limits(reader));
        let mail = part::mail(reader);
        let (http, log, site) = (Http::from_reader(reader), Log::from_reader(reader), part::site(reader));
        let watched = reader.need("site.watch", rule::FLAG, rule::flag);
        if environment == Some(Environment::Production) {
            match &public_url {
                None => reader.complain(
                    "public_url",
                    "in production, say where guests reach the site, such as https://trestle.example.",
                ),
                Some(url) if !rule::is_safe_on_its_way(url) => reader.complain(
                    "public_url",
                    "in production, write https://, or anybody on the way reads the passwords and sessions of guests.",
                ),
                Some(_) => {}
            }
        }
        let (addr, environment) = (addr?, environment?);
        Some(Self {
            addr,
            public_url,
            environment,
            secret: secret?,
            hold: hold?,
            database: database?,
            redis_url,
            gate: gate?,
            limits: limits?,
            trusted_proxies,
            mail: mail?,
            http: http?,
            log: log?,
            site: site?,
            watched: watched?,
        })
    }

    /// Where guests reach a server that listens here.
    #[must_use]
    pub fn public_url(&self, listening: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"))
    }
}

impl Database {
    /// Reads only what is needed to reach the database and to log, for commands that do nothing else.
    ///
    /// # Errors
    /// Every mistake there is.
    pub fn read(sources: &Sources) -> Result<(Self, Log), Mistakes> {
        let mut reader = sources.reader();
        let parts = (Self::from_reader(&mut reader), Log::from_reader(&mut reader));
        match (parts, reader.finish()) {
            ((Some(database), Some(log)), mistakes) if mistakes.is_empty() => Ok((database, log)),
            (_, mistakes) => Err(Mistakes(mistakes)),
        }
    }

    fn from_reader(reader: &mut Reader) -> Option<Self> {
        let url = reader.need("database.url", rule::DATABASE_URL, rule::database_url);
        let max_connections = reader.number("database.max_connections", 1..=1000);
        let acquire = reader.seconds("database.acquire_seconds", 1..=60);
        let statement = reader.seconds("database.statement_seconds", 1..=3600);
        Some(Self { url: url?, max_connections: max_connections?, acquire: acquire?, statement: statement? })
    }

    /// How to connect, without limits on statements.
    ///
    /// # Panics
    /// Never: the address was checked when it was read.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        use secrecy::ExposeSecret;
        let options: PgConnectOptions = self.url.expose_secret().parse().expect("checked when it was read");
        options.application_name("trestle")
    }
}

impl Http {
    fn from_reader(reader: &mut Reader) -> Option<Self> {
        let max_connections = reader.number("http.max_connections", 1..=1_000_000);
        let connections_per_client = reader.number("http.connections_per_client", 1..=1_000_000);
        let body_limit = reader.number("http.body_limit_kb", 1..=65_536).map(|kilobytes: usize| kilobytes * 1024);
        let header_limit = reader.number("http.header_limit_kb", 8..=1024).map(|kilobytes: usize| kilobytes * 1024);
        let header = reader.seconds("http.header_seconds", 1..=300);
        let body = reader.seconds("http.body_seconds", 1..=300);
        let request = reader.seconds("http.request_seconds", 1..=600);
        let write = reader.seconds("http.write_seconds", 1..=600);
        let notice = reader.seconds("http.notice_seconds", 0..=300);
        let drain = reader.seconds("http.drain_seconds", 0..=600);
        Some(Self {
            max_connections: max_connections?,
            connections_per_client: connections_per_client?,
            body_limit: body_limit?,
            header_limit: header_limit?,
            header: header?,
            body: body?,
            request: request?,
            write: write?,
            notice: notice?,
            drain: drain?,
        })
    }
}

impl Log {
    fn from_reader(reader: &mut Reader) -> Option<Self> {
        let format = reader.need("log.format", rule::FORMAT, rule::format);
        let filter = reader.need("log.filter", "say what to log, such as info.", rule::filter);
        Some(Self { format: format?, filter: filter? })
    }
}

#[cfg(test)]
mod tests;
