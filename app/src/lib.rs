//! Trestle's pages, islands and server functions.
//!
//! A page is HTML, written on the server; what moves on it is an island. Every form posts to the page it stands on, so that it
//! works without JavaScript; with it, the island calls the server function behind that page instead.

// The type of a page is its markup, nested as deep as that.
#![recursion_limit = "256"]
#![cfg_attr(feature = "ssr", expect(clippy::needless_pass_by_value, reason = "a component owns its properties"))]
#![cfg_attr(
    feature = "ssr",
    expect(clippy::must_use_candidate, reason = "components are called by the view macro, which uses them")
)]

pub mod api;
mod components;
pub mod error;
pub mod islands;

pub use components::art::Icon;

#[cfg(feature = "ssr")]
mod format;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
mod show;
#[cfg(feature = "ssr")]
pub mod ssr;

#[cfg(feature = "ssr")]
pub use routes::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
