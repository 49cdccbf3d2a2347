//! What the arbiter is told.

use chrono::{DateTime, NaiveDate, Utc};
use domain::availability::Offer;
use domain::id::{AccountId, AreaId, VenueId};
use domain::party::PartySize;
use domain::reservation::{Guest, Occasion, Status};
use domain::rules::Terms;
use domain::text::Note;
use uuid::Uuid;

use crate::audit::Actor;

/// Every way to seat the party, best first, in the arbiter's spelling: one row per table, options told apart by number.
pub struct Options {
    pub numbers: Vec<i16>,
    pub tables: Vec<Uuid>,
    pub ends: Vec<DateTime<Utc>>,
    pub free_again: Vec<DateTime<Utc>>,
    pub cap_total: i16,
    pub cap_online: i16,
}

impl Options {
    /// The options of an offer.
    pub fn of(offer: &Offer) -> Self {
        let rows = || {
            offer
                .options
                .iter()
                .zip(1..)
                .flat_map(|(option, number)| option.tables.iter().map(move |table| (number, table.0, option)))
        };
        Self {
            numbers: rows().map(|(number, ..)| number).collect(),
            tables: rows().map(|(_, table, _)| table).collect(),
            ends: rows().map(|(.., option)| option.end).collect(),
            free_again: rows().map(|(.., option)| option.free_again).collect(),
            cap_total: i16::try_from(offer.pacing.total).unwrap_or(i16::MAX),
            cap_online: i16::try_from(offer.pacing.online).unwrap_or(i16::MAX),
        }
    }
}

/// A booking to be made.
pub struct Booking<'b> {
    pub scope: &'b str,
    pub key: &'b str,
    pub request_hash: &'b [u8],
    pub id: Uuid,
    pub reference: String,
    pub venue: VenueId,
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub party: PartySize,
    pub options: &'b Options,
    pub hold_hash: Option<Vec<u8>>,
    pub status: Status,
    pub area: Option<AreaId>,
    pub guest: &'b Guest,
    pub notes: &'b Note,
    pub needs: &'b [String],
    pub occasion: Option<Occasion>,
    pub source: &'b str,
    pub terms: &'b Terms,
    pub manage_hash: &'b [u8],
    /// Who is signed in, if anybody is.
    pub account: Option<AccountId>,
}

impl Booking<'_> {
    /// Who books.
    pub fn actor(&self) -> Actor {
        self.account.map_or(Actor::Nobody, Actor::Guest)
    }
}

/// A hold to be made.
pub struct NewHold<'h> {
    pub scope: &'h str,
    pub key: &'h str,
    pub request_hash: &'h [u8],
    pub venue: VenueId,
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub party: PartySize,
    pub options: &'h Options,
    pub token_hash: &'h [u8],
    pub seconds: i32,
}

/// What a repeated change is recognised by, and who makes it.
#[derive(Clone, Copy)]
pub struct Request<'r> {
    pub actor: Actor,
    pub scope: &'r str,
    pub key: Option<&'r str>,
    pub fingerprint: &'r [u8],
}

/// A booking's new place.
pub struct Move<'m> {
    pub rev: i32,
    pub as_of: DateTime<Utc>,
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub party: PartySize,
    pub area: Option<AreaId>,
    pub notes: Option<&'m str>,
    /// The status after the move, when it is not the one before.
    pub status: Option<Status>,
    pub options: &'m Options,
}

/// New notes.
pub struct NewNotes<'n> {
    pub rev: i32,
    pub as_of: DateTime<Utc>,
    pub notes: &'n str,
}

/// A cancellation.
pub struct Cancellation<'c> {
    pub rev: i32,
    pub as_of: DateTime<Utc>,
    pub reason: &'c str,
}
