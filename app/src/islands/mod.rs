//! What moves on a page.
//!
//! The budget of 120 kB decides the shape of an island: it is wrapped around markup that the server drew and that works without
//! it, has no properties (what it must know stands in that markup), and keeps signals only for what was not there before.
//! `Resource`, `Transition` and `ErrorBoundary` weigh 25 kB, reading properties and answers with serde 20 kB, and each reactive
//! attribute 1 kB.

mod chooser;
mod complaints;
mod details;
mod finder;
mod heart;
mod hold_clock;
mod manage;
mod notices;
mod review;
mod tray;

#[cfg(feature = "hydrate")]
mod answer;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod line;
#[cfg(any(test, feature = "hydrate"))]
mod measure;

pub use chooser::Chooser;
pub use complaints::Problems;
pub use details::{Details, Refused};
pub use finder::Finder;
pub use heart::{FAVORITES, Heart};
pub use hold_clock::HoldClock;
pub use manage::{CancelBooking, LateNotice};
pub use notices::Notices;
pub use review::ReviewDesk;
pub use tray::Tray;

#[cfg(feature = "ssr")]
pub use complaints::control;
#[cfg(feature = "ssr")]
pub use hold_clock::minutes;
