//! The whole server under test, on real parts: PostgreSQL, TCP, files of mail, and Redis where there is one.
//!
//! A test makes a [`TestApp`], a [`Room`] in it and the [`Actor`]s who come, and reads their [`Answer`]s. Each test has a
//! database of its own, which goes when the test does.
#![expect(clippy::disallowed_methods, reason = "nobody hangs up on a test")]
#![expect(clippy::missing_panics_doc, reason = "a test that cannot go on panics, and says why")]

mod actor;
mod answer;
mod app;
mod calendar;
mod database;
mod letter;
mod page;
mod process;
mod proxy;
mod queue;
mod room;
mod surroundings;
mod truth;
mod visit;
mod visitor;
mod wait;
mod wire;

pub use actor::{Actor, Ask};
pub use answer::Answer;
pub use app::{Setup, TestApp};
pub use calendar::Entry;
pub use database::Database;
pub use letter::Letter;
pub use page::{Form, read};
pub use process::Process;
pub use proxy::Proxy;
pub use room::{Room, Service, Venue};
pub use surroundings::{free_port, now, redis_url, seeds};
pub use truth::{Counts, Truth};
pub use visitor::{Jar, Visitor};
pub use wait::{PATIENCE, eventually, within};
pub use wire::Wire;
