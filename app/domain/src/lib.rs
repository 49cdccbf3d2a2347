//! What Trestle is about, without any I/O.
//!
//! A *venue* has *areas* with *tables*; tables that are pushed together are a *combination*. A *service* (lunch, dinner) says when
//! parties may sit down; each possible start is a *sitting*. A party of so many *covers* keeps its table for the *turn time*,
//! then the table rests for the *buffer*. *Pacing* limits how many covers start in one quarter of an hour. A *service date* is an
//! evening as staff speak of it: it runs from one day rollover to the next, so that 00:30 on Saturday night belongs to Saturday.
//!
//! Every value is parsed once, by its constructor; serde, forms, SQL rows and the browser share that one rule.

#![deny(missing_docs)]

pub mod account;
#[cfg(feature = "native")]
pub mod availability;
pub mod book;
pub mod field;
pub mod floor;
#[cfg(feature = "native")]
pub mod form;
pub mod id;
pub mod party;
pub mod policy;
pub mod reservation;
pub mod review;
#[cfg(feature = "native")]
pub mod rules;
pub mod staff;
pub mod text;
pub mod time;
pub mod venue;
