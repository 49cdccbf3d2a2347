//! Trestle's server: puts settings, use cases, pages and the REST interface together, and opens the door.

mod api;
pub mod config;
mod docs;
mod extract;
mod health;
mod jobs;
mod layers;
pub mod openapi;
pub mod problem;
mod serve;
pub mod state;
pub mod telemetry;
mod ui;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::any;
use backend::{Backend, Clock, Settings};
use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnection, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::csrf::CsrfLayer;

use crate::config::{Config, Database};
use crate::layers::Manners;
use crate::problem::{Kind, Problem};
use crate::serve::Clients;
use crate::state::{Door, House};
use crate::ui::Pages;
use app::ssr::Cookies;

/// How long the jobs may take to finish what they have in hand, and then the connections to close.
const LAST_WORK: Duration = Duration::from_secs(10);

/// What a server stands on; tests bring their own.
#[derive(Clone, Debug)]
pub struct Ground {
    /// Connections to PostgreSQL; the server closes them when it ends.
    pub database: PgPool,
    /// The time.
    pub clock: Clock,
}

impl Ground {
    /// The machine's clock, and connections as the settings say. Nothing is connected yet.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self { database: pool(&config.database), clock: Clock::System }
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nobody can listen there.
    #[error("cannot listen at {0}: {1}")]
    Address(SocketAddr, #[source] std::io::Error),
    /// A setting cannot work.
    #[error(transparent)]
    Setting(#[from] backend::Error),
    /// The site's own address is none that a browser would name.
    #[error("TRESTLE_PUBLIC_URL: {0}")]
    Origin(#[from] tower_http::csrf::ConfigError),
}

/// A server that listens; `run` makes it answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    addr: SocketAddr,
    public_url: String,
    routes: Router,
    house: House,
    database: PgPool,
    http: config::Http,
    clients: Clients,
}

/// Builds the server and begins to listen, for the program and for tests alike.
///
/// # Errors
/// The address is taken, or a setting cannot work.
pub async fn build(config: Config, ground: Ground) -> Result<Server, Fault> {
    let listener = TcpListener::bind(config.addr).await.map_err(|error| Fault::Address(config.addr, error))?;
    let addr = listener.local_addr().map_err(|error| Fault::Address(config.addr, error))?;
    let public_url = config.public_url(addr);
    let backend = Backend::new(Settings {
        database: ground.database.clone(),
        redis_url: config.redis_url,
        secret: config.secret,
        public_url: public_url.clone(),
        clock: ground.clock,
        hold_seconds: u32::try_from(config.hold.as_secs()).unwrap_or(u32::MAX),
        gate: config.gate,
        limits: config.limits,
        mail: config.mail,
    })?;
    let https = public_url.starts_with("https://");
    if https && config.trusted_proxies.is_empty() {
        tracing::warn!(
            "https ends at a proxy that TRESTLE_TRUSTED_PROXIES does not name: all guests count as one client"
        );
    }
    let house = House { backend: backend.clone(), cookies: Cookies::of(&public_url), door: Door::default() };
    let pages = Pages::new(backend.clone(), &public_url, config.site, config.watched);
    let manners = Manners {
        body_limit: config.http.body_limit,
        body_deadline: config.http.body,
        deadline: config.http.request,
        https,
        csrf: CsrfLayer::new().add_trusted_origin(&public_url)?,
        trusted_proxies: config.trusted_proxies.clone(),
        backend,
        cookies: house.cookies,
        pages: pages.clone(),
    };
    let routes = layers::around(routes(&house, &pages), manners);
    let clients = Clients::new(config.http.connections_per_client, config.trusted_proxies);
    let database = ground.database;
    Ok(Server { listener, addr, public_url, routes, house, database, http: config.http, clients })
}

/// The patterns of every page's address: `/venues/{slug}`.
#[must_use]
pub fn pages() -> Vec<String> {
    app::ssr::routes().iter().map(|page| page.path().to_owned()).collect()
}

/// The addresses that islands call: `/ui/hold_table`.
#[must_use]
pub fn calls() -> Vec<&'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect()
}

fn routes(house: &House, pages: &Pages) -> Router {
    let (api, document) = openapi::parts();
    let nothing = async || Problem::new(Kind::NotFound);
    let machines = api.merge(docs::routes(&document)).merge(health::routes());
    // Or a program with a slip in an address would be shown a page.
    let machines =
        ["/api", "/api/", "/api/{*rest}"].iter().fold(machines, |machines, path| machines.route(path, any(nothing)));
    machines.with_state(house.clone()).merge(pages.routes())
}

/// Connections as the settings say, made when they are first needed.
fn pool(database: &Database) -> PgPool {
    let millis = |time: Duration| time.as_millis().to_string();
    let options = database.options().options([
        ("statement_timeout", millis(database.statement)),
        // A transaction that waits for us longer than this waits for a program that died.
        ("idle_in_transaction_session_timeout", millis(database.statement)),
    ]);
    PgPoolOptions::new()
        .max_connections(database.max_connections)
        .acquire_timeout(database.acquire)
        .idle_timeout(Duration::from_mins(10))
        .max_lifetime(Duration::from_mins(30))
        .test_before_acquire(false)
        .before_acquire(|connection, facts| Box::pin(is_alive(connection, facts)))
        .connect_lazy_with(options)
}

/// Asking every time would cost a round trip each; a connection used a moment ago is believed.
async fn is_alive(connection: &mut PgConnection, facts: PoolConnectionMetadata) -> sqlx::Result<bool> {
    if facts.idle_for < Duration::from_secs(5) {
        return Ok(true);
    }
    Ok(connection.ping().await.is_ok())
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Where guests reach it, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The use cases behind it.
    #[must_use]
    pub const fn backend(&self) -> &Backend {
        &self.house.backend
    }

    /// Answers requests and runs jobs until told to stop; returns when everything begun is finished or given up.
    pub async fn run(self, stop: CancellationToken) {
        let (closing, idle) = (CancellationToken::new(), CancellationToken::new());
        // Should this very future be dropped, the jobs still end.
        let _end = idle.clone().drop_guard();
        let jobs = jobs::start(self.house.backend, idle.clone());
        let door = serve::serve(self.listener, self.routes, self.http, self.clients, closing.clone());
        let farewell = async {
            stop.cancelled().await;
            self.house.door.close();
            tokio::time::sleep(self.http.notice).await;
            closing.cancel();
        };
        tokio::join!(door, farewell);
        // Last, since requests leave mail behind for them.
        idle.cancel();
        if tokio::time::timeout(LAST_WORK, jobs).await.is_err() {
            tracing::warn!("the jobs were not done in time and are cut off");
        }
        if tokio::time::timeout(LAST_WORK, self.database.close()).await.is_err() {
            tracing::warn!("some connections to the database did not close in time");
        }
    }
}
