//! Server functions, and what they answer: flat words and numbers, made on the server, so that the browser has nothing to compute.

mod favorite;
mod hold;
mod places;
mod reservation;
mod review;
mod venue;

use serde::{Deserialize, Serialize};

pub use favorite::{FavoriteAsk, KeepFavorite, Kept, keep_favorite};
pub use hold::{
    BookAsk, BookTable, ExtendHold, Hold, HoldAsk, HoldTable, LoadHold, ReleaseHold, Time, book_table, extend_hold,
    hold_table, load_hold, release_hold,
};
pub use places::{Card, City, LoadPlaces, LoadSearch, Places, Results, SearchAsk, load_places, load_search};
pub use reservation::{
    Booking, CancelAsk, CancelBooking, ChangeAsk, ChangeBooking, LateAsk, LoadBooking, LoadChangeTimes, ReportLate,
    Standing, Told, cancel_booking, change_booking, load_booking, load_change_times, report_late,
};
pub use review::{
    LoadReviews, Marks, Rated, Rating, RemovalAsk, RemoveReview, Review, ReviewAsk, Reviews, SaveReview, Saved,
    load_reviews, remove_review, save_review,
};
pub use venue::{
    DayAsk, Fact, HoursRow, LoadAvailability, LoadVenue, MenuItem, MenuPart, Tick, Times, Venue, load_availability,
    load_venue,
};

/// It is done, and goes on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Onward {
    /// Where.
    pub href: String,
}

/// One start, as a button says it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The start as forms post it: RFC 3339 with the venue's offset.
    pub start: String,
    /// The service date it belongs to, `2026-11-22`.
    pub date: String,
    /// That date in words: "Sunday 22 November".
    pub day: String,
    /// The clock's face: `19:30`.
    pub clock: String,
    /// Whether it can be had.
    pub state: State,
    /// What stands below the time: "on request", "kitchen full", "terrace"; often nothing.
    pub note: String,
}

/// Whether a start can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Booked at once.
    Open,
    /// The venue answers.
    Request,
    /// Somebody else is deciding.
    Held,
    /// Taken.
    Full,
}

impl State {
    /// Whether one may choose it.
    #[must_use]
    pub const fn is_free(self) -> bool {
        matches!(self, Self::Open | Self::Request)
    }
}

/// The starts of one service of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What the venue calls the service.
    pub name: String,
    /// Its starts.
    pub sittings: Vec<Sitting>,
}

/// One day of a venue for one party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which.
    pub date: String,
    /// In words: "Sunday 22 November".
    pub title: String,
    /// For how many: "two".
    pub party: String,
    /// Its starts by service.
    pub parts: Vec<Part>,
    /// What a screen reader hears when these times arrive.
    pub news: String,
    /// What the venue says about the day, often nothing.
    pub note: String,
    /// What was wanted and is gone, and what can be had instead.
    pub refused: Option<Refused>,
    /// Why nothing can be had, and what comes next; `None` when something can.
    pub empty: Option<Empty>,
    /// The days around it.
    pub strip: Vec<StripDay>,
    /// Makes a double submit one request.
    pub key: String,
}

/// What was refused a moment ago, and what can be had instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The refusal.
    pub sentence: String,
    /// Times that can be had.
    pub instead: Vec<Sitting>,
}

/// A day on which nothing can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Empty {
    /// "Closed on Monday 23 November".
    pub title: String,
    /// What may help.
    pub text: String,
    /// The next days with free times: name and some of them.
    pub next: Vec<Part>,
}

/// One button of the day strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripDay {
    /// `2026-11-22`.
    pub date: String,
    /// `Sun`.
    pub weekday: String,
    /// `22`.
    pub number: String,
    /// `Nov`, `closed` or `full`.
    pub foot: String,
}

/// A value to choose and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// Where to go, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The address.
    pub href: String,
    /// The words.
    pub text: String,
}

/// How dear a place is: of four signs, which are dark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dear {
    /// For those who hear it: "Price 2 of 4".
    pub label: String,
    /// The dark signs: `€€`.
    pub on: String,
    /// The pale ones.
    pub off: String,
}

/// A venue's drawn picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Art {
    /// What it is drawn from.
    pub seed: u64,
    /// The word of the venue's main cuisine, which decides what lies on the table.
    pub cuisine: String,
}
