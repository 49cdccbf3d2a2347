//! The arbiter: the booking functions of the migrations, on a real PostgreSQL.
#![expect(clippy::disallowed_methods, reason = "nobody hangs up on a test")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod booking;
mod calls;
mod changes;
mod client;
mod erasure;
mod holds;
mod house;
mod midnight;
mod races;
mod truth;
