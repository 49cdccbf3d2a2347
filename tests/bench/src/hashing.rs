//! The yardstick of signing in: the same hashing and nothing else.

use std::time::{Duration, Instant};

use anyhow::ensure;
use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;

/// How many passwords all cores check in this time.
pub fn bare(password: &str, hash: &str, time: Duration) -> anyhow::Result<u32> {
    let check = || Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
    ensure!(check(), "this is not the password of this hash");
    let cores = std::thread::available_parallelism()?.get();
    let until = Instant::now() + time;
    let count = || {
        let mut done = 0;
        while Instant::now() < until {
            done += u32::from(check());
        }
        done
    };
    Ok(std::thread::scope(|scope| {
        let counts: Vec<_> = (0..cores).map(|_| scope.spawn(count)).collect();
        counts.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    }))
}
