//! Trestle under test: the real server over TCP, the real database under it.
#![expect(clippy::disallowed_methods, reason = "nobody hangs up on a test")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod account_pages;
mod account_races;
mod accounts;
mod attempts;
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
mod leaving;
mod letters;
mod limits;
mod manners;
mod matrix;
mod offers;
mod openapi;
mod outages;
mod pages;
mod passwords;
mod program;
mod races;
mod refusals;
mod reservations;
mod review_pages;
mod reviews;
mod search;
mod sessions;
mod staff;
mod storms;
mod tokens;
mod traces;
mod twins;
