//! How much a visitor may ask for in a while, how long an answer may take, and how long to rest before asking again: plain arithmetic.
//!
//! The server counts too, and decides. Counting here spares a guest whose finger slips from being kept out there.

/// What somebody asks for. Each is counted apart from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Holds and bookings.
    Booking,
    /// What is done to a booking, and more time for a hold.
    Change,
    /// Searches.
    Search,
    /// Everything else.
    Other,
}

/// Milliseconds in which a bucket fills up.
const MINUTE: u64 = 60_000;

impl Kind {
    /// Its name in the browser's memory.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booking => "trestle-booking",
            Self::Change => "trestle-change",
            Self::Search => "trestle-search",
            Self::Other => "trestle-other",
        }
    }

    const fn in_a_minute(self) -> u64 {
        match self {
            Self::Booking => 5,
            Self::Change => 10,
            Self::Search => 20,
            Self::Other => 60,
        }
    }

    /// What was too much.
    pub const fn too_much(self) -> &'static str {
        match self {
            Self::Booking => "That was a lot of booking in a short time.",
            Self::Change => "Those were a lot of changes in a short time.",
            Self::Search => "That was a lot of searching in a short time.",
            Self::Other => "That was a lot in a short time.",
        }
    }

    /// Takes one out of the bucket: when it will be full from then on, or how many milliseconds to wait for one.
    ///
    /// A bucket is known by when it is full again (the generic cell rate algorithm, ITU-T I.371), both by the browser's clock.
    pub fn take(self, full_at: u64, now: u64) -> Result<u64, u64> {
        let each = MINUTE / self.in_a_minute();
        // A clock that was set back must not keep anybody out for longer than that.
        let full_at = full_at.clamp(now, now + MINUTE);
        let then = full_at + each;
        if then <= now + MINUTE { Ok(then) } else { Err(then - now - MINUTE) }
    }
}

/// One thing to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Errand {
    /// What it counts as.
    pub kind: Kind,
    /// Milliseconds that an answer may take.
    pub deadline: u64,
    /// How often it may be asked for again.
    pub again: u32,
    /// Whether it goes on when the visitor leaves the page, as what stood there as done the moment they did it must.
    pub outlives_page: bool,
}

impl Errand {
    /// Times, and other quick look-ups.
    pub const LOOK_UP: Self = Self { kind: Kind::Other, deadline: 10_000, again: 3, outlives_page: false };

    /// Keeping a favourite or letting it go: once more changes nothing.
    pub const FAVORITE: Self = Self { outlives_page: true, ..Self::LOOK_UP };

    /// Taking something away: once more changes nothing.
    pub const REMOVAL: Self = Self { kind: Kind::Change, deadline: 45_000, again: 3, outlives_page: true };

    /// More time for a hold: twice would be more than was asked for.
    pub const MORE_TIME: Self = Self { kind: Kind::Change, deadline: 10_000, again: 0, outlives_page: false };

    /// A hold, under the key of its form; nobody would use the table of a guest who has left.
    pub fn hold(key: &str) -> Self {
        Self { outlives_page: false, ..Self::booking(key) }
    }

    /// A booking, under the key of its form.
    pub fn booking(key: &str) -> Self {
        Self::write(Kind::Booking, key)
    }

    /// Something done to a booking, under the key of its form.
    pub fn change(key: &str) -> Self {
        Self::write(Kind::Change, key)
    }

    /// Without a key, nobody could tell a second try from a second wish.
    fn write(kind: Kind, key: &str) -> Self {
        Self { kind, deadline: 45_000, again: if key.is_empty() { 0 } else { 3 }, outlives_page: true }
    }
}

/// Milliseconds before the next try: doubling from 400, of which `part` in a thousand is taken, and never before the server said;
/// who said a long time hears from the guest instead.
pub fn rest(tried: u32, part: u32, retry_after: Option<u32>) -> u32 {
    let most = 400 << tried.min(6);
    (most * part.min(1000) / 1000).max(retry_after.unwrap_or(0).min(5) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many go through when somebody asks every so many milliseconds for this long.
    fn admitted(kind: Kind, every: u64, long: u64) -> usize {
        let mut full_at = 0;
        let admitted = (0..long).step_by(usize::try_from(every).unwrap()).filter(|passed| {
            let taken = kind.take(full_at, 1_000_000 + passed);
            full_at = taken.unwrap_or(full_at);
            taken.is_ok()
        });
        admitted.count()
    }

    #[test]
    fn a_full_bucket_is_good_for_a_minute_and_fills_up_again() {
        for (kind, most) in [(Kind::Booking, 5), (Kind::Change, 10), (Kind::Search, 20), (Kind::Other, 60)] {
            assert_eq!(admitted(kind, 1, 900), most, "{kind:?}");
            // As much again comes back in the next minute, and no more.
            assert_eq!(admitted(kind, 100, 60_000), 2 * most - 1, "{kind:?}");
        }
    }

    #[test]
    fn who_is_kept_out_is_told_for_how_long_and_not_a_moment_longer() {
        let mut full_at = 0;
        for _ in 0..5 {
            full_at = Kind::Booking.take(full_at, 7_000).unwrap();
        }
        let wait = Kind::Booking.take(full_at, 8_000).unwrap_err();
        assert_eq!(wait, 11_000);
        assert!(Kind::Booking.take(full_at, 8_000 + wait - 1).is_err());
        assert!(Kind::Booking.take(full_at, 8_000 + wait).is_ok());
    }

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_out_for_long() {
        assert_eq!(Kind::Booking.take(u64::MAX / 2, 1_000), Err(12_000));
        assert!(Kind::Booking.take(0, u64::MAX / 2).is_ok());
    }

    #[test]
    fn pauses_double_and_the_server_has_the_last_word() {
        assert_eq!([0, 1, 2].map(|tried| rest(tried, 1000, None)), [400, 800, 1600]);
        assert_eq!(rest(2, 0, None), 0);
        assert_eq!(rest(0, 500, None), 200);
        assert_eq!(rest(0, 1000, Some(2)), 2000);
        assert_eq!(rest(0, 1000, Some(600)), 5000);
        assert!(rest(u32::MAX, u32::MAX, Some(u32::MAX)) <= 25_600);
    }

    #[test]
    fn what_writes_without_a_key_is_asked_for_once() {
        assert_eq!((Errand::booking("").again, Errand::change("").again, Errand::MORE_TIME.again), (0, 0, 0));
        assert_eq!((Errand::booking("k").again, Errand::change("k").again, Errand::LOOK_UP.again), (3, 3, 3));
        // What is the same twice needs no key.
        assert_eq!((Errand::FAVORITE.again, Errand::REMOVAL.again), (3, 3));
    }

    #[test]
    fn whoever_leaves_the_page_takes_back_questions_and_nothing_they_did() {
        let deeds = [Errand::FAVORITE, Errand::REMOVAL, Errand::booking("k"), Errand::change("")];
        let wishes = [Errand::LOOK_UP, Errand::MORE_TIME, Errand::hold("k")];
        assert!(deeds.iter().all(|deed| deed.outlives_page) && wishes.iter().all(|wish| !wish.outlives_page));
    }

    #[test]
    fn each_kind_is_remembered_and_told_apart_and_waited_for_as_long_as_it_takes() {
        let kinds = [Kind::Booking, Kind::Change, Kind::Search, Kind::Other];
        for (at, kind) in kinds.iter().enumerate() {
            assert!(kinds[..at].iter().all(|other| other.name() != kind.name() && other.too_much() != kind.too_much()));
        }
        assert_eq!((Errand::LOOK_UP.kind, Errand::LOOK_UP.deadline), (Kind::Other, 10_000));
        assert_eq!((Errand::booking("k").kind, Errand::booking("k").deadline), (Kind::Booking, 45_000));
        assert_eq!((Errand::change("k").kind, Errand::MORE_TIME.kind), (Kind::Change, Kind::Change));
    }
}
