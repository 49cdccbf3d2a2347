//! Sliding windows: how much was asked for, slice by slice of time. Plain arithmetic; `window.lua` does the same in Redis.

use std::collections::VecDeque;

/// How many slices a window is cut into. What was asked for counts until its whole slice has left, so that no stretch of
/// time as long as the window ever sees more than its limit.
pub const SLICES: u64 = 30;

/// So much in so long; times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How much at most.
    pub limit: u64,
    /// How long a slice is.
    pub slice: u64,
}

impl Window {
    /// So much in so many seconds.
    pub const fn new(limit: u64, seconds: u64) -> Self {
        Self { limit, slice: (seconds * 1000).div_ceil(SLICES) }
    }

    /// When what was asked for in this slice no longer counts.
    const fn leaves(&self, slice: u64) -> u64 {
        (slice + SLICES + 1) * self.slice
    }

    /// How long anything counts at most.
    pub const fn span(&self) -> u64 {
        (SLICES + 1) * self.slice
    }
}

/// What was asked for of one window: the number of a slice, and how much in it, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Counts(VecDeque<(u64, u64)>);

impl Counts {
    /// Drops what no longer counts.
    pub fn forget(&mut self, window: &Window, now: u64) {
        let current = now / window.slice;
        while self.0.front().is_some_and(|(slice, _)| slice + SLICES < current) {
            self.0.pop_front();
        }
    }

    /// How much still counts.
    pub fn used(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// When so much more fits: now, or once enough has left. What weighs more than the whole window fits when that is empty.
    pub fn fits(&self, window: &Window, cost: u64, now: u64) -> u64 {
        let (mut left, mut at) = (self.used(), now);
        for (slice, count) in &self.0 {
            if left + cost.min(window.limit) <= window.limit {
                break;
            }
            left -= count;
            at = window.leaves(*slice);
        }
        at
    }

    /// When the oldest of what counts will have left.
    pub fn eases(&self, window: &Window, now: u64) -> u64 {
        self.0.front().map_or(now, |(slice, _)| window.leaves(*slice))
    }

    /// Counts so much more.
    pub fn add(&mut self, window: &Window, cost: u64, now: u64) {
        let current = now / window.slice;
        match self.0.back_mut() {
            Some((slice, count)) if *slice >= current => *count += cost,
            _ => self.0.push_back((current, cost)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Asks at these times and keeps a log of what was let through.
    fn admitted(window: Window, asks: &[(u64, u64)]) -> Vec<(u64, u64)> {
        let (mut counts, mut now, mut log) = (Counts::default(), 1_000_000, Vec::new());
        for &(later, cost) in asks {
            now += later;
            counts.forget(&window, now);
            let used_lately = |length: u64| -> u64 {
                log.iter().filter(|(at, _)| at + length > now).map(|(_, cost): &(u64, u64)| cost).sum()
            };
            if counts.fits(&window, cost, now) <= now {
                counts.add(&window, cost, now);
                log.push((now, cost));
            } else {
                // What still counts may be one slice too old, and no older.
                assert!(used_lately(window.span()) + cost > window.limit, "refused at {now} with room: {log:?}");
            }
        }
        log
    }

    proptest! {
        #[test]
        fn no_stretch_as_long_as_the_window_sees_more_than_its_limit(
            limit in 1_u64..20,
            seconds in 1_u64..100,
            asks in prop::collection::vec((0_u64..3_000, 1_u64..4), 1..200),
        ) {
            let asks: Vec<_> = asks.into_iter().map(|(later, cost)| (later, cost.min(limit))).collect();
            let log = admitted(Window::new(limit, seconds), &asks);
            for &(until, _) in &log {
                let lately = log.iter().filter(|(at, _)| *at <= until && at + seconds * 1000 > until);
                prop_assert!(lately.map(|(_, cost)| cost).sum::<u64>() <= limit, "up to {until}: {log:?}");
            }
        }

        #[test]
        fn whoever_waits_as_told_is_let_in(
            limit in 1_u64..20,
            asks in prop::collection::vec((0_u64..3_000, 1_u64..4), 1..100),
            cost in 1_u64..30,
        ) {
            let (window, mut counts, mut now) = (Window::new(limit, 10), Counts::default(), 0);
            for (later, cost) in asks {
                now += later;
                counts.forget(&window, now);
                if counts.fits(&window, cost, now) <= now {
                    counts.add(&window, cost, now);
                }
            }
            let told = counts.fits(&window, cost, now);
            prop_assert!(told <= now + window.span());
            counts.forget(&window, told);
            prop_assert_eq!(counts.fits(&window, cost, told), told);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let (window, mut counts) = (Window::new(2, 60), Counts::default());
        counts.add(&window, 1, 100_000);
        counts.add(&window, 1, 90_000);
        counts.forget(&window, 90_000);
        assert_eq!(counts.used(), 2);
        assert!(counts.fits(&window, 1, 90_000) > 90_000);
    }
}
