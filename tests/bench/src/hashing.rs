//! The yardstick of signing in: the same hashing and nothing else.

use std::time::{Duration, Instant};

use anyhow::ensure;
use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;

/// How many passwords all cores check a second, on threads that stand back behind everything else as those of the server do.
pub fn bare(password: &str, hash: &str, time: Duration) -> anyhow::Result<f64> {
    let check = || Argon2::default().verify_password(password.as_bytes(), hash).is_ok();
    ensure!(check(), "this is not the password of this hash");
    let cores = std::thread::available_parallelism()?.get();
    let began = Instant::now();
    let count = || {
        // On Linux this is about the thread alone.
        let _ = rustix::process::nice(19);
        let mut done = 0;
        while began.elapsed() < time {
            done += u32::from(check());
        }
        done
    };
    let done: u32 = std::thread::scope(|scope| {
        let counts: Vec<_> = (0..cores).map(|_| scope.spawn(count)).collect();
        counts.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    });
    Ok(f64::from(done) / began.elapsed().as_secs_f64())
}
