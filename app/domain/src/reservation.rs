//! A booking, its life, and why it may be refused.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::floor::{Need, words};
use crate::id::ReservationId;
use crate::party::PartySize;
use crate::text::{Email, Note, PersonName, Phone, Reference, Slug};
use crate::time::LocalInstant;

words! {
    /// Where a booking is in its life.
    Status("There is no such status.") {
        /// The venue was asked.
        Requested = "requested" / "Waiting for the venue",
        /// Waiting for money.
        PendingPayment = "pending_payment" / "Waiting for payment",
        /// It stands.
        Booked = "booked" / "Booked",
        /// The guest said again that they come.
        Confirmed = "confirmed" / "Confirmed",
        /// The guest said that they are late.
        RunningLate = "running_late" / "Running late",
        /// Some are here.
        PartiallyArrived = "partially_arrived" / "Partly here",
        /// All are here.
        Arrived = "arrived" / "Here",
        /// Some sit.
        PartiallySeated = "partially_seated" / "Partly seated",
        /// All sit.
        Seated = "seated" / "Seated",
        /// Drinks are served.
        Drinks = "drinks" / "Drinks",
        /// First course.
        Appetizer = "appetizer" / "First course",
        /// Main course.
        Entree = "entree" / "Main course",
        /// Dessert.
        Dessert = "dessert" / "Dessert",
        /// They want to pay.
        CheckRequested = "check_requested" / "Bill asked for",
        /// They paid.
        Paid = "paid" / "Paid",
        /// The table is being cleared.
        Bussing = "bussing" / "Clearing",
        /// They left.
        Finished = "finished" / "Finished",
        /// The venue said no.
        Declined = "declined" / "Declined by the venue",
        /// Nobody answered in time.
        Expired = "expired" / "Expired",
        /// The guest cancelled.
        CancelledGuest = "cancelled_guest" / "Cancelled",
        /// The venue cancelled.
        CancelledVenue = "cancelled_venue" / "Cancelled by the venue",
        /// Nobody came.
        NoShow = "no_show" / "Missed",
    }

    /// What is celebrated.
    Occasion("There is no such occasion.") {
        /// A birthday.
        Birthday = "birthday" / "Birthday",
        /// An anniversary.
        Anniversary = "anniversary" / "Anniversary",
        /// A date.
        Date = "date" / "A date",
        /// Business.
        Business = "business" / "Business",
        /// Something else worth a toast.
        Celebration = "celebration" / "Celebration",
    }
}

/// What happens to a booking before anybody sits down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The venue accepts a request.
    Accept,
    /// The venue declines a request.
    Decline,
    /// The money arrived.
    Pay,
    /// The guest confirms.
    Confirm,
    /// The guest is late.
    RunLate,
    /// The guest cancels.
    CancelByGuest,
    /// The venue cancels.
    CancelByVenue,
    /// Nobody came.
    MissedIt,
}

impl Status {
    /// The state after `event`, or `None` when the event makes no sense here.
    #[must_use]
    pub const fn after(self, event: Event) -> Option<Self> {
        use Status::{
            Booked, CancelledGuest, CancelledVenue, Confirmed, Declined, NoShow, PendingPayment, Requested, RunningLate,
        };
        match (self, event) {
            (Requested, Event::Accept) | (PendingPayment, Event::Pay) => Some(Booked),
            (Requested, Event::Decline) => Some(Declined),
            (Booked, Event::Confirm) => Some(Confirmed),
            (Booked | Confirmed | RunningLate, Event::RunLate) => Some(RunningLate),
            (Requested | PendingPayment | Booked | Confirmed | RunningLate, Event::CancelByGuest) => {
                Some(CancelledGuest)
            }
            (Requested | PendingPayment | Booked | Confirmed | RunningLate, Event::CancelByVenue) => {
                Some(CancelledVenue)
            }
            (Booked | Confirmed | RunningLate, Event::MissedIt) => Some(NoShow),
            _ => None,
        }
    }

    /// Whether the table is free again.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Finished
                | Self::Declined
                | Self::Expired
                | Self::CancelledGuest
                | Self::CancelledVenue
                | Self::NoShow
        )
    }

    /// Whether the guest may still change time, party or area.
    #[must_use]
    pub const fn may_move(self) -> bool {
        matches!(self, Self::Requested | Self::Booked | Self::Confirmed | Self::RunningLate)
    }
}

/// Who comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Guest {
    /// Their name.
    pub name: PersonName,
    /// Where the confirmation goes.
    pub email: Email,
    /// For the day itself.
    pub phone: Option<Phone>,
}

/// A booking as its guest sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// What the guest says on the phone.
    pub reference: Reference,
    /// Where it is in its life.
    pub status: Status,
    /// Rises with every change; name it to change the booking.
    pub rev: i32,
    /// The venue.
    pub venue: Slug,
    /// Its name.
    pub venue_name: String,
    /// When they come, with the venue's offset.
    pub start: LocalInstant,
    /// When the table is given up.
    pub end: LocalInstant,
    /// The clock's face at the venue at the start: `19:30`.
    pub local: String,
    /// The service date: times after midnight belong to the evening before.
    pub date: NaiveDate,
    /// How many come.
    pub party: PartySize,
    /// The area they asked for.
    pub area: Option<String>,
    /// Who comes.
    pub guest: Guest,
    /// What they told the venue.
    pub notes: Note,
    /// What they need.
    pub needs: Vec<Need>,
    /// What they celebrate.
    pub occasion: Option<Occasion>,
    /// The terms they agreed to.
    pub policy: crate::venue::Policy,
    /// How late they said to be.
    pub late_minutes: Option<i16>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// Why a write was refused; nothing was changed.
#[cfg(feature = "native")]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The start cannot be had.
    #[error("{}", .0.label())]
    Unavailable(crate::availability::Reason),
    /// The same guest dines elsewhere then.
    #[error("You have another booking within two hours of this one.")]
    OverlappingBooking,
    /// The hold ran out.
    #[error("Your hold on this table has run out. Please choose a time again.")]
    HoldExpired,
    /// The hold is for something else.
    #[error("This hold is for another time, party or venue.")]
    HoldMismatch,
    /// A hold lasts so long and no longer.
    #[error("A table can be held for at most 15 minutes.")]
    HoldAtLimit,
    /// Somebody changed the booking in the meantime; this is its present revision.
    #[error("This booking was changed in the meantime. Please look at it again.")]
    Stale(i32),
    /// The start has come.
    #[error("It is too late to change this booking online. Please call the venue.")]
    TooLate,
    /// Its status does not allow it.
    #[error("This booking is over or under way, and cannot be changed online.")]
    NotNow(Status),
    /// A venue has an owner at all times.
    #[error("A venue needs an owner. Make somebody else its owner first.")]
    LastOwner,
}

#[cfg(feature = "native")]
impl Refusal {
    /// The reason as a word that programs can rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(reason) => reason.word(),
            Self::OverlappingBooking => "overlapping_booking",
            Self::HoldExpired => "hold_expired",
            Self::HoldMismatch => "hold_mismatch",
            Self::HoldAtLimit => "hold_at_limit",
            Self::Stale(_) => "stale",
            Self::TooLate => "too_late",
            Self::NotNow(_) => "not_now",
            Self::LastOwner => "last_owner",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        use Event::{Accept, CancelByGuest, CancelByVenue, Confirm, Decline, MissedIt, Pay, RunLate};
        for status in Status::ALL.iter().filter(|status| status.is_over()) {
            for event in [Accept, Decline, Pay, Confirm, RunLate, CancelByGuest, CancelByVenue, MissedIt] {
                assert_eq!(status.after(event), None, "{status:?} {event:?}");
            }
        }
    }

    #[test]
    fn words_read_back() {
        for status in Status::ALL {
            assert_eq!(status.word().parse::<Status>().as_ref(), Ok(status));
            assert_eq!(serde_json::to_value(status).ok(), Some(status.word().into()));
        }
    }
}
