//! What a venue serves, and when.

use chrono::NaiveTime;

use super::clock;

/// One service of a week.
#[derive(Clone, Debug)]
pub struct Service {
    pub(super) name: String,
    pub(super) days: i16,
    pub(super) first: NaiveTime,
    pub(super) last: NaiveTime,
    pub(super) ends: NaiveTime,
    pub(super) seatings: Option<Vec<NaiveTime>>,
    pub(super) accept: &'static str,
    pub(super) instant_upto: Option<i16>,
}

impl Service {
    /// Every day between these hours: first seating, last seating, end.
    #[must_use]
    pub fn daily(name: &str, first: &str, last: &str, ends: &str) -> Self {
        let (first, last, ends) = (clock(first), clock(last), clock(ends));
        Self {
            name: name.to_owned(),
            days: 127,
            first,
            last,
            ends,
            seatings: None,
            accept: "instant",
            instant_upto: None,
        }
    }

    /// Only on these days: bit 0 is Monday.
    #[must_use]
    pub const fn on(mut self, days: i16) -> Self {
        self.days = days;
        self
    }

    /// Only these starts are sold.
    #[must_use]
    pub fn seated_at(mut self, seatings: &[&str]) -> Self {
        self.seatings = Some(seatings.iter().copied().map(clock).collect());
        self
    }

    /// Every party asks first.
    #[must_use]
    pub const fn by_request(mut self) -> Self {
        self.accept = "request";
        self
    }

    /// Parties up to this size are booked at once, larger ones ask.
    #[must_use]
    pub const fn instant_up_to(mut self, people: i16) -> Self {
        (self.accept, self.instant_upto) = ("instant_upto", Some(people));
        self
    }
}
