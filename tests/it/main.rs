//! Trestle under test: the real server over TCP, the real database under it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod account_pages;
mod accounts;
mod audit;
mod availability;
mod bad_input;
mod calendar;
mod changes;
mod crossing;
mod doors;
mod favorites;
mod heads;
mod holds;
mod home;
mod hostile;
mod keys;
mod letters;
mod limits;
mod manners;
mod matrix;
mod offers;
mod openapi;
mod outages;
mod pages;
mod program;
mod races;
mod refusals;
mod reservations;
mod search;
mod sessions;
mod staff;
mod storms;
mod tokens;
mod traces;
mod twins;
