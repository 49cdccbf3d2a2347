//! A booking, and what its guest may still do with it.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::{Art, Choice, DayAsk, Link, Onward, Times};
use crate::error::UiError;

/// Where a booking stands, as far as its guest cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// The venue was asked and has not answered.
    Waiting,
    /// It stands.
    Booked,
    /// They are at the table, or about to be.
    UnderWay,
    /// It was cancelled or declined, or ran out.
    Gone,
    /// They have eaten.
    Finished,
}

/// A booking as its guest sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// Opens it.
    pub token: String,
    /// What the guest says on the phone.
    pub reference: String,
    /// Rises with every change.
    pub rev: i32,
    /// Where it stands.
    pub standing: Standing,
    /// That in words: "Booked", "Cancelled by the venue".
    pub status: String,
    /// The venue.
    pub venue: String,
    /// Its name.
    pub venue_name: String,
    /// Its picture.
    pub art: Art,
    /// Its street, and its city.
    pub address: (String, String),
    /// How to reach it.
    pub phone: Option<Link>,
    /// The way there.
    pub way: String,
    /// The start, RFC 3339.
    pub start: String,
    /// The service date.
    pub date: String,
    /// "Sunday".
    pub weekday: String,
    /// "Sunday 22 November 2026".
    pub day: String,
    /// `19:30`.
    pub clock: String,
    /// `21:00`.
    pub until: String,
    /// How many.
    pub party: u8,
    /// Where, as forms post it.
    pub area: String,
    /// Where, in words.
    pub area_name: String,
    /// The venue's areas, when there is more than one.
    pub areas: Vec<Choice>,
    /// Who comes.
    pub name: String,
    /// What to call them.
    pub first_name: String,
    /// Where mail goes.
    pub email: String,
    /// What they told the venue.
    pub notes: String,
    /// What they need, in words.
    pub needs: String,
    /// What they celebrate, in words.
    pub occasion: String,
    /// "Free until Saturday 21 November, 19:30".
    pub cancelling: String,
    /// The policy in the venue's words.
    pub policy: String,
    /// How late they said to be.
    pub late: Option<i16>,
    /// Whether day, time and party can still be changed here.
    pub may_change: bool,
    /// Whether it can be cancelled here.
    pub may_cancel: bool,
    /// Whether they can say that they are late.
    pub may_be_late: bool,
    /// The first day it can move to, and the last.
    pub days: (String, String),
    /// Makes a double submit one change.
    pub key: String,
}

/// What to change; an empty start leaves the table alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChangeAsk {
    /// Opens the booking.
    pub token: String,
    /// The revision the guest saw.
    pub rev: String,
    /// The new start.
    pub start: String,
    /// The new party.
    pub party: String,
    /// The new area, empty for any.
    pub area: String,
    /// The new notes, when they are what changes.
    pub notes: Option<String>,
    /// Makes a double submit one change.
    pub key: String,
}

/// A cancellation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelAsk {
    /// Opens the booking.
    pub token: String,
    /// The revision the guest saw.
    pub rev: String,
    /// A word to the venue.
    pub reason: String,
    /// Makes a double submit one cancellation.
    pub key: String,
}

/// How late they will be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LateAsk {
    /// Opens the booking.
    pub token: String,
    /// The revision the guest saw.
    pub rev: String,
    /// By how many minutes.
    pub minutes: String,
    /// Makes a double submit one notice.
    pub key: String,
}

/// The venue was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The booking's revision now.
    pub rev: i32,
}

/// The booking behind a manage link.
#[server(prefix = "/ui", endpoint = "load_booking", input = Json)]
pub async fn load_booking(token: String) -> Result<Booking, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&token).await?;
        crate::show::booking(&backend, &proof, backend.reservation(&proof).await?).await
    })
    .await
}

/// The times a booking can move to on one day; its own table counts as free.
#[server(prefix = "/ui", endpoint = "load_change_times", input = Json)]
pub async fn load_change_times(ask: DayAsk) -> Result<Times, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.of).await?;
        let (day, purpose) = crate::show::change_day(&backend, &proof, ask.clone()).await?;
        Ok(crate::components::times::drawn(day, ask, purpose))
    })
    .await
}

/// Moves a booking, or changes what it says; the old one stands until the new one is had.
#[server(prefix = "/ui", endpoint = "change_booking", input = Json)]
pub async fn change_booking(ask: ChangeAsk) -> Result<Onward, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.token).await?;
        let done = if ask.notes.is_some() { "notes" } else { "changed" };
        let (change, key) = crate::ssr::forms::change(ask)?;
        backend.change(&proof, &change, key.as_ref()).await?;
        Ok(crate::show::done(&proof, done))
    })
    .await
}

/// Cancels a booking; its table is free at once.
#[server(prefix = "/ui", endpoint = "cancel_booking", input = Json)]
pub async fn cancel_booking(ask: CancelAsk) -> Result<Onward, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.token).await?;
        let (rev, reason, key) = crate::ssr::forms::cancel(ask)?;
        backend.cancel(&proof, rev, &reason, key.as_ref()).await?;
        Ok(crate::show::done(&proof, "cancelled"))
    })
    .await
}

/// Tells the venue that the guest is late.
#[server(prefix = "/ui", endpoint = "report_late", input = Json)]
pub async fn report_late(ask: LateAsk) -> Result<Told, UiError> {
    crate::ssr::answer(async {
        let (backend, proof) = crate::ssr::admit(&ask.token).await?;
        let (rev, minutes, key) = crate::ssr::forms::late(ask)?;
        let late = backend.run_late(&proof, rev, minutes, key.as_ref()).await?;
        Ok(Told { rev: late.rev })
    })
    .await
}
