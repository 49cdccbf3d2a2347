//! What moves on a page. Each island is a leaf whose markup works without it.

#![cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "on the server nothing is clicked"))]

mod chooser;
mod details;
mod finder;
mod hold_clock;
mod line;
mod manage;
mod notices;
mod shared;
mod tray;

pub use chooser::{Chooser, Notice, Place, Purpose};
pub use details::{Details, Form};
pub use finder::Finder;
pub use hold_clock::HoldClock;
pub use manage::{CancelBooking, LateNotice, Seal};
pub use notices::Notices;
pub use tray::Tray;
