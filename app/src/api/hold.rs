//! Holding a table, and booking what is held.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::{Art, Onward};
use crate::error::UiError;

/// Which table time to hold, as the form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldAsk {
    /// The venue.
    pub slug: String,
    /// The start, RFC 3339.
    pub start: String,
    /// How many.
    pub party: String,
    /// Where, if that matters.
    pub area: String,
    /// What the table must have.
    pub needs: Vec<String>,
    /// Makes a double submit one hold.
    pub key: String,
}

/// What is left of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Seconds until it runs out.
    pub left: u32,
    /// Seconds of a whole hold.
    pub whole: u32,
    /// Whether more can be had.
    pub more: bool,
}

/// A held table, as the last step of booking shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its token.
    pub token: String,
    /// The venue.
    pub venue: String,
    /// Its name.
    pub venue_name: String,
    /// Its picture.
    pub art: Art,
    /// The start as forms post it.
    pub start: String,
    /// "Sunday 22 November".
    pub day: String,
    /// `19:30`.
    pub clock: String,
    /// "Sunday 19:30".
    pub short: String,
    /// How many.
    pub party: u8,
    /// "2 guests".
    pub guests: String,
    /// Where, in words.
    pub area_name: String,
    /// Whether the venue answers first.
    pub request: bool,
    /// "Free until Saturday 21 November, 19:30".
    pub cancelling: String,
    /// The policy in the venue's words.
    pub policy: String,
    /// What is left of it.
    pub time: Time,
}

/// Who books what is held, as the form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BookAsk {
    /// The hold.
    pub hold: String,
    /// The venue, start, party and area it is for: sent along, so that a second submit is the same request as the first.
    pub venue: String,
    /// When.
    pub start: String,
    /// How many.
    pub party: String,
    /// Where.
    pub area: String,
    /// Their name.
    pub name: String,
    /// Their email address.
    pub email: String,
    /// Their telephone.
    pub phone: String,
    /// What the venue should know.
    pub notes: String,
    /// What they need.
    pub needs: Vec<String>,
    /// What they celebrate.
    pub occasion: String,
    /// Makes a double submit one booking.
    pub key: String,
}

impl BookAsk {
    /// The fields that a guest fills in, in their order.
    pub const FIELDS: [&'static str; 6] = ["name", "email", "phone", "occasion", "needs", "notes"];
}

/// Holds a table for a few minutes.
#[server(prefix = "/ui", endpoint = "hold_table", input = Json)]
pub async fn hold_table(ask: HoldAsk) -> Result<Onward, UiError> {
    crate::ssr::answer(async {
        let (slug, wish, key) = crate::ssr::forms::hold(ask)?;
        let hold = crate::ssr::backend()?.hold(&slug, &wish, key.as_ref()).await?;
        Ok(Onward { href: crate::show::book_path(&hold, &wish) })
    })
    .await
}

/// The hold behind a token.
#[server(prefix = "/ui", endpoint = "load_hold", input = Json)]
pub async fn load_hold(token: String) -> Result<Hold, UiError> {
    crate::ssr::answer(async {
        let backend = crate::ssr::backend()?;
        crate::show::hold(&backend, backend.find_hold(&token).await?).await
    })
    .await
}

/// Gives a hold more time.
#[server(prefix = "/ui", endpoint = "extend_hold", input = Json)]
pub async fn extend_hold(token: String) -> Result<Time, UiError> {
    crate::ssr::answer(async {
        let backend = crate::ssr::backend()?;
        Ok(crate::show::time(&backend, &backend.extend_hold(&token).await?))
    })
    .await
}

/// Lets a hold go.
#[server(prefix = "/ui", endpoint = "release_hold", input = Json)]
pub async fn release_hold(token: String) -> Result<(), UiError> {
    crate::ssr::answer(async { Ok(crate::ssr::backend()?.release_hold(&token).await?) }).await
}

/// Books what is held.
#[server(prefix = "/ui", endpoint = "book_table", input = Json)]
pub async fn book_table(ask: BookAsk) -> Result<Onward, UiError> {
    crate::ssr::answer(async {
        let (booking, key) = crate::ssr::forms::booking(ask)?;
        let caller = crate::ssr::caller();
        let booked = crate::ssr::backend()?.book(&booking, backend::Source::Web, caller.as_ref(), key.as_ref()).await?;
        Ok(Onward { href: format!("/bookings/{}?new=1", booked.manage_token) })
    })
    .await
}
