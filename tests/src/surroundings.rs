//! What the tests find around them.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use reqwest::Url;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

#[expect(clippy::disallowed_methods, reason = "the tests are told by their environment where PostgreSQL and Redis are")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The machine's time.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the server under test runs on the machine's clock too")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// Where PostgreSQL is; tests make databases of their own beside this one.
pub(crate) fn database_url() -> Url {
    let url = variable("DATABASE_URL").expect("DATABASE_URL says where PostgreSQL is; scripts/test sets it");
    url.parse().expect("DATABASE_URL is a URL")
}

/// Where Redis is.
#[must_use]
pub fn redis_url() -> String {
    variable("REDIS_URL").expect("REDIS_URL says where Redis is; scripts/test sets it")
}

/// A test is one client that asks for more than any guest; tests about limits set their own.
pub(crate) const GENEROUS: [(&str, &str); 9] = [
    ("TRESTLE_HTTP__CONNECTIONS_PER_CLIENT", "1000000"),
    ("TRESTLE_LIMITS__API", "1000000 per minute"),
    ("TRESTLE_LIMITS__SEARCH", "1000000 per minute"),
    ("TRESTLE_LIMITS__BOOKING", "1000000 per minute"),
    ("TRESTLE_LIMITS__CHANGE", "1000000 per minute"),
    ("TRESTLE_LIMITS__SIGN_IN", "1000000 per minute"),
    ("TRESTLE_LIMITS__REGISTER", "1000000 per minute"),
    ("TRESTLE_LIMITS__TARGET", "1000000 per minute"),
    ("TRESTLE_LIMITS__LETTERS", "1000000 per minute"),
];

/// Seeds for tests that roll dice: the same in every run, unless `TRESTLE_SEED` names the first.
pub fn seeds(how_many: u64) -> impl Iterator<Item = u64> {
    let first = variable("TRESTLE_SEED").map_or(1, |seed| seed.parse().expect("TRESTLE_SEED is a number"));
    first..first + how_many
}

/// A port of this machine that nobody listens on.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("the machine has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Lets this process open as many connections as the machine allows; a shell gives it about a thousand, and a race takes as many.
pub(crate) fn make_room_for_connections() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let limit = getrlimit(Resource::Nofile);
        // Where it cannot be raised, the races say what is missing.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    });
}

/// A name that no other test on this cluster has.
pub(crate) fn unique(kind: &str) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    format!("{kind}_{}_{}_{}", now().timestamp(), std::process::id(), MADE.fetch_add(1, Ordering::Relaxed))
}

/// A folder that goes when it is dropped.
#[derive(Debug)]
pub(crate) struct Folder(pub PathBuf);

impl Folder {
    pub fn fresh() -> Self {
        let path = std::env::temp_dir().join(unique("trestle_test"));
        std::fs::create_dir_all(&path).expect("the machine's folder for passing files can be written");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is the machine's to clear away.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
