//! Password hashes: argon2id on few threads, with a queue that ends somewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// How many may wait for each core; the last of them waits about two seconds.
const WAITING_FOR_EACH: usize = 32;

/// The hash of no password: who has no account is checked against it, so that saying no takes as long as for others.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$p16LsltGJCBmEHgbjpG7OQ$u7cldkEe4wESV74WDGo6zZ6tru6si3yXVX0rPqqa8eA";

/// Hashes as many passwords at once as there are cores, since each takes a core and 19 MiB for tens of milliseconds.
pub struct Hashing {
    /// Those at work.
    turns: Arc<Semaphore>,
    /// Those at work and those who wait.
    places: Arc<Semaphore>,
    done: AtomicU64,
}

impl Hashing {
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            turns: Arc::new(Semaphore::new(cores)),
            places: Arc::new(Semaphore::new(cores * (1 + WAITING_FOR_EACH))),
            done: AtomicU64::new(0),
        }
    }

    /// How many hashes were begun.
    pub fn count(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// What is stored of a password.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move || hash(&password)).await
    }

    /// Whether this is the password of this hash; without a hash it takes as long to say no.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, hash) = (password.to_owned(), hash.unwrap_or(NOBODY).to_owned());
        self.run(move || Ok(Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok())).await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let full = |_| Error::Unavailable { service: "password hashing", retry_after: Duration::from_secs(2) };
        let place = self.places.clone().try_acquire_owned().map_err(full)?;
        let turn = self.turns.clone().acquire_owned().await.expect("this semaphore is never closed");
        self.done.fetch_add(1, Ordering::Relaxed);
        let work = move || {
            // Until the hash is made, though the request may have been given up.
            let _held = (place, turn);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(error.to_string()))?
    }
}

/// Argon2id with the parameters of OWASP's password storage cheat sheet.
pub fn hash(password: &str) -> Result<String> {
    let broken = |error: &dyn std::fmt::Display| Error::Broken(format!("argon2: {error}"));
    let params = Params::new(19_456, 2, 1, None).map_err(|error| broken(&error))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon.hash_password(password.as_bytes()).map_err(|error| broken(&error))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_only() {
        let hashing = Hashing::new();
        let hash = hashing.hash("corridor lamp").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hashing.verify("corridor lamp", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("corridor lamb", Some(&hash)).await.unwrap());
        assert!(!hashing.verify("corridor lamp", Some("no hash")).await.unwrap());
        assert_eq!(hashing.count(), 4);
    }

    #[tokio::test]
    async fn the_hash_of_nobody_is_as_costly_as_any_and_opens_to_nothing() {
        let parameters = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
        let hash = hash("corridor lamp").unwrap();
        assert_eq!(parameters(NOBODY), parameters(&hash));
        assert_eq!(NOBODY.len(), hash.len());
        assert!(argon2::PasswordHash::new(NOBODY).is_ok());
        assert!(!Hashing::new().verify("corridor lamp", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_queue_ends_somewhere() {
        let hashing = Hashing::new();
        let places = hashing.places.clone();
        let held = places.acquire_many(u32::try_from(places.available_permits()).unwrap()).await.unwrap();
        assert!(matches!(hashing.hash("corridor lamp").await, Err(Error::Unavailable { .. })));
        drop(held);
        assert!(hashing.hash("corridor lamp").await.is_ok());
    }
}
