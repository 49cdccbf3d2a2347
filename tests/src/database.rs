//! A database for each test, copied from one that is migrated once per run.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, LazyLock, Weak};

use backend::MIGRATOR;
use chrono::TimeDelta;
use reqwest::Url;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::surroundings::{database_url, make_room_for_connections, now, unique};

/// What all databases of tests are called.
const KIND: &str = "trestle_test";

/// Databases at a time, so that the tests of a machine with many cores leave connections for one another.
static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(6)));

static TEMPLATE: Mutex<Weak<Named>> = Mutex::const_new(Weak::new());

/// A migrated database of its own, dropped with its last owner.
#[derive(Debug)]
pub struct Database {
    // In the order in which they go.
    pool: PgPool,
    named: Named,
    _template: Arc<Named>,
    _place: OwnedSemaphorePermit,
}

impl Database {
    /// A new one, without any rows.
    pub async fn fresh() -> Arc<Self> {
        make_room_for_connections();
        let place = PLACES.clone().acquire_owned().await.expect("this semaphore is never closed");
        let template = template().await;
        let named = Named(unique(KIND));
        order(&format!("create database {} template {}", named.0, template.0)).await;
        let pool = PgPoolOptions::new().max_connections(4).connect_lazy_with(options(&named.0));
        Arc::new(Self { pool, named, _template: template, _place: place })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> Url {
        url_of(&self.named.0)
    }

    /// The test's own way in, past the server and whatever lies between the two.
    #[must_use]
    pub const fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Runs one statement and says how many rows it touched.
    pub async fn run(&self, sql: &'static str) -> u64 {
        self.pool.execute(sql).await.expect("the test's own SQL works").rows_affected()
    }

    /// Ends every connection but the test's own, as an operator would, and says how many there were.
    pub async fn kill_connections(&self) -> i64 {
        sqlx::query_scalar(
            "select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
             where datname = current_database() and application_name = 'trestle' and pid <> pg_backend_pid()",
        )
        .fetch_one(&self.pool)
        .await
        .expect("the test's own SQL works")
    }
}

impl Database {
    /// The names of its tables.
    pub async fn tables(&self) -> Vec<String> {
        let names = "select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1";
        sqlx::query_scalar(names).fetch_all(&self.pool).await.expect("tables can be listed")
    }

    /// Takes everything away that the migrations made.
    pub async fn empty(&self) {
        self.run("drop schema public cascade").await;
        self.run("drop schema if exists arbiter cascade").await;
        self.run("drop schema if exists audit cascade").await;
        self.run("create schema public").await;
    }
}

/// A database by its name, which goes after it.
#[derive(Debug)]
struct Named(String);

impl Drop for Named {
    fn drop(&mut self) {
        // A janitor that is gone leaves its work to the sweep of a later run.
        let _ = JANITOR.send(std::mem::take(&mut self.0));
    }
}

/// Drops databases in a thread of its own. Nobody waits for it: PostgreSQL waits until each connection it knows has looked up,
/// also one that a test left in the middle of signing in, whose socket closes only when the test's runtime goes.
static JANITOR: LazyLock<Sender<String>> = LazyLock::new(|| {
    let (names, left) = mpsc::channel::<String>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be had");
        for name in left {
            runtime.block_on(order(&format!("drop database if exists {name} with (force)")));
        }
    });
    names
});

/// The migrated database that the others are copied from; it goes when no test has a copy any more.
async fn template() -> Arc<Named> {
    let mut held = TEMPLATE.lock().await;
    if let Some(template) = held.upgrade() {
        return template;
    }
    sweep().await;
    let template = Arc::new(Named(unique(&format!("{KIND}_template"))));
    order(&format!("create database {}", template.0)).await;
    let mut connection =
        PgConnection::connect_with(&options(&template.0)).await.expect("the new database can be reached");
    MIGRATOR.run(&mut connection).await.expect("the migrations run");
    connection.close().await.expect("a connection can be closed");
    *held = Arc::downgrade(&template);
    template
}

/// Drops what runs left behind that were killed more than an hour ago.
async fn sweep() {
    let mut connection = admin().await;
    let found: Vec<String> = sqlx::query_scalar("select datname from pg_database where starts_with(datname, $1)")
        .bind(KIND)
        .fetch_all(&mut connection)
        .await
        .expect("databases can be listed");
    let hour_ago = (now() - TimeDelta::hours(1)).timestamp();
    let made = |name: &str| name.split('_').find_map(|part| part.parse::<i64>().ok());
    for name in found.iter().filter(|name| made(name).is_some_and(|made| made < hour_ago)) {
        // Another run may sweep at the same time.
        let _ = connection.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await;
    }
}

async fn admin() -> PgConnection {
    let options: PgConnectOptions = database_url().as_str().parse().expect("DATABASE_URL names a database");
    PgConnection::connect_with(&options).await.expect("PostgreSQL can be reached at DATABASE_URL")
}

async fn order(sql: &str) {
    let mut connection = admin().await;
    connection.execute(AssertSqlSafe(sql.to_owned())).await.expect("databases can be made and dropped");
    connection.close().await.expect("a connection can be closed");
}

fn url_of(database: &str) -> Url {
    let mut url = database_url();
    url.set_path(database);
    url
}

fn options(database: &str) -> PgConnectOptions {
    let options: PgConnectOptions = url_of(database).as_str().parse().expect("the URL of a database");
    options.application_name("trestle test")
}
