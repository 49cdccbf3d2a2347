//! The server under test: the real one, on a port of its own, with a database and a mail folder of its own.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use backend::{Backend, Clock};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use server::Ground;
use server::config::{Config, Sources};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::actor::Actor;
use crate::database::Database;
use crate::letter::{self, Letter};
use crate::room::{Room, Venue};
use crate::surroundings::{Folder, GENEROUS, redis_url};
use crate::truth::Truth;
use crate::wait::eventually;

/// Signs the links of every server under test, so that two of them understand each other.
pub(crate) const SECRET: &str = "a secret for tests, as long as it has to be";

/// What a server is to be started with.
#[derive(Clone, Debug)]
pub struct Setup {
    clock: Clock,
    database: Option<Arc<Database>>,
    settings: Vec<(&'static str, String)>,
    database_addr: Option<SocketAddr>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { clock: Clock::System, database: None, settings: Vec::new(), database_addr: None }
            .set("REDIS_URL", &redis_url())
    }
}

impl Setup {
    /// As in production, on the machine's clock.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a clock that stands at this instant until it is moved.
    #[must_use]
    pub fn at(instant: &str) -> Self {
        Self { clock: Clock::fixed(instant.parse().expect("a test writes instants as RFC 3339")), ..Self::default() }
    }

    /// On the database of another server.
    #[must_use]
    pub fn on(mut self, database: &Arc<Database>) -> Self {
        self.database = Some(database.clone());
        self
    }

    /// With this setting, by the name of its environment variable; nothing takes it away.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: &str) -> Self {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.to_owned()));
        self
    }

    /// With whatever listens there between the server and its database.
    #[must_use]
    pub const fn reaching_database_at(mut self, addr: SocketAddr) -> Self {
        self.database_addr = Some(addr);
        self
    }

    /// Builds a room, then starts a server that knows it.
    pub async fn open(self, room: Room) -> (TestApp, Venue) {
        let (app, [venue]) = self.open_all([room]).await;
        (app, venue)
    }

    /// Builds rooms, then starts a server that knows them.
    pub async fn open_all<const N: usize>(mut self, rooms: [Room; N]) -> (TestApp, [Venue; N]) {
        let database = match self.database.take() {
            Some(database) => database,
            None => Database::fresh().await,
        };
        let mut venues = Vec::with_capacity(N);
        for room in rooms {
            venues.push(room.build(database.pool()).await);
        }
        let app = self.on(&database).start().await;
        (app, venues.try_into().expect("as many venues as rooms"))
    }

    /// Starts the server.
    pub async fn start(self) -> TestApp {
        let database = match self.database {
            Some(database) => database,
            None => Database::fresh().await,
        };
        let mail = Folder::fresh();
        let mut url = database.url();
        if let Some(addr) = self.database_addr {
            url.set_ip_host(addr.ip()).expect("an address can stand in a URL");
            url.set_port(Some(addr.port())).expect("a port can stand in a URL");
        }
        let usual = [
            ("DATABASE_URL", url.to_string()),
            ("TRESTLE_SECRET", SECRET.to_owned()),
            ("TRESTLE_ADDR", "127.0.0.1:0".to_owned()),
            ("TRESTLE_MAIL__DIR", mail.0.display().to_string()),
            ("TRESTLE_DATABASE__MAX_CONNECTIONS", "8".to_owned()),
        ];
        let generous = GENEROUS.map(|(name, value)| (name, value.to_owned()));
        let config = Config::read(&Sources::new(None, usual.into_iter().chain(generous).chain(self.settings)))
            .expect("the settings of a test are right");
        let ground = Ground { clock: self.clock.clone(), ..Ground::of(&config) };
        let server = server::build(config, ground).await.expect("the server starts");
        let (addr, backend) = (server.addr(), server.backend().clone());
        let stop = CancellationToken::new();
        let running = tokio::spawn(server.run(stop.clone()));
        TestApp {
            addr,
            url: format!("http://{addr}"),
            backend,
            clock: self.clock,
            database,
            mail,
            stop: stop.drop_guard(),
            running,
        }
    }
}

/// A running server.
pub struct TestApp {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The same as an address to visit.
    pub url: String,
    /// The use cases behind it.
    pub backend: Backend,
    /// Its clock.
    pub clock: Clock,
    /// Its database.
    pub database: Arc<Database>,
    mail: Folder,
    stop: DropGuard,
    running: JoinHandle<()>,
}

impl fmt::Debug for TestApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestApp").field("url", &self.url).finish_non_exhaustive()
    }
}

impl TestApp {
    /// A server on the machine's clock that knows this room.
    pub async fn with(room: Room) -> (Self, Venue) {
        Setup::new().open(room).await
    }

    /// A guest nobody has seen before.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::at(&self.url)
    }

    /// Somebody with an account whose address is confirmed.
    pub async fn member(&self) -> Actor {
        let actor = self.actor();
        let _ = actor.post("/api/v1/accounts", &actor.registration()).await.is(202);
        let token = self.letters_to(&actor, 1).await[0].token();
        let _ = actor
            .post("/api/v1/accounts/confirm", &serde_json::json!({"token": token, "password": Actor::PASSWORD}))
            .await
            .is(204);
        actor
    }

    /// Somebody who works at a venue.
    pub async fn staff(&self, venue: &Venue, role: &str) -> Actor {
        let actor = self.member().await;
        sqlx::query(
            "insert into staff_roles (id, account_id, venue_id, role, since)
             select gen_random_uuid(), id, $2, $3, now() from accounts where email = $1",
        )
        .bind(&actor.email)
        .bind(venue.id)
        .bind(role)
        .execute(self.database.pool())
        .await
        .expect("the test's own SQL works");
        actor
    }

    /// Somebody who runs the platform.
    pub async fn admin(&self) -> Actor {
        let actor = self.member().await;
        let email = actor.email.parse().expect("actors have addresses");
        let made = backend::change_account(self.database.pool(), backend::OperatorChange::MakeAdmin, &email).await;
        assert!(made.expect("the database answers"), "the account is there");
        actor
    }

    /// Its time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.backend.now()
    }

    /// The service date so many days from now at this venue.
    #[must_use]
    pub fn day(&self, venue: &Venue, ahead: i64) -> NaiveDate {
        venue.date(self.now()) + TimeDelta::days(ahead)
    }

    /// A start in a week, which any room offers.
    #[must_use]
    pub fn start(&self, venue: &Venue, time: &str) -> String {
        venue.start(self.day(venue, 7), time)
    }

    /// Every letter that was sent so far, in their order.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        letter::read_all(&self.mail.0)
    }

    /// The letters to a guest, once there are so many.
    pub async fn letters_to(&self, guest: &Actor, how_many: usize) -> Vec<Letter> {
        eventually(&format!("{how_many} letters to {}", guest.email), async || {
            let letters: Vec<Letter> = self.letters().into_iter().filter(|letter| letter.to == guest.email).collect();
            (letters.len() >= how_many).then_some(letters)
        })
        .await
    }

    /// What the database says, and whether it all fits together.
    #[must_use]
    pub fn truth(&self) -> Truth<'_> {
        Truth::of(&self.database)
    }

    /// Tells it to stop without waiting until it has.
    #[must_use]
    pub fn begin_to_close(self) -> (Closing, Arc<Database>) {
        let Self { mail, database, stop, running, .. } = self;
        drop(stop);
        (Closing { running, _mail: mail }, database)
    }

    /// Stops it as an operator would, and waits until it has.
    pub async fn close(self) -> Arc<Database> {
        let (closing, database) = self.begin_to_close();
        closing.closed().await;
        database
    }
}

/// A server on its way out.
#[derive(Debug)]
pub struct Closing {
    running: JoinHandle<()>,
    _mail: Folder,
}

impl Closing {
    /// Waits until it is gone.
    pub async fn closed(self) {
        self.running.await.expect("the server ends without a panic");
    }
}
