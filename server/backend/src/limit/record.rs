//! What one client asked for of one allowance, and what it has to bear for not heeding it.

use super::allowance::Allowance;
use super::window::Counts;

/// What those bear who go on asking; times are milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Penalty {
    /// For the second offence; each further one doubles it.
    pub first: u64,
    /// At most.
    pub longest: u64,
}

impl Penalty {
    /// For the nth offence: the first costs no more than waiting for room.
    fn of(self, offences: u32) -> u64 {
        match offences.checked_sub(2) {
            None => 0,
            Some(doubled) => self.first.saturating_mul(1 << doubled.min(32)).min(self.longest),
        }
    }
}

/// Whether a request may go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weighed {
    /// There is room.
    Fits,
    /// A window is full until then.
    Full(u64),
    /// Everything is refused until then.
    Barred(u64),
}

/// The tightest window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tightest {
    /// How much it admits.
    pub limit: u64,
    /// How much it has left.
    pub remaining: u64,
    /// When it has more.
    pub eases: u64,
}

/// One client and one allowance.
#[derive(Clone, Debug, Default)]
pub struct Record {
    barred_until: u64,
    offences: u32,
    /// Those of the windows.
    counts: Vec<Counts>,
    /// Those that went beyond them.
    burst: Counts,
}

impl Record {
    /// Whether so much more may go through now. Changes nothing but to forget what no longer counts.
    pub fn weigh(&mut self, allowance: &Allowance, cost: u64, now: u64) -> Weighed {
        self.forget(allowance, now);
        if self.barred_until > now {
            return Weighed::Barred(self.barred_until);
        }
        let room = self.room(allowance, cost, now);
        let beyond = allowance.burst.as_ref().map_or(room, |burst| self.burst.fits(burst, cost, now));
        match room.min(beyond) {
            at if at <= now => Weighed::Fits,
            at => Weighed::Full(at),
        }
    }

    fn forget(&mut self, allowance: &Allowance, now: u64) {
        self.counts.resize_with(allowance.windows.len(), Counts::default);
        for (window, counts) in allowance.windows.iter().zip(&mut self.counts) {
            counts.forget(window, now);
        }
        if let Some(burst) = &allowance.burst {
            self.burst.forget(burst, now);
        }
    }

    /// When every window has room for so much.
    fn room(&self, allowance: &Allowance, cost: u64, now: u64) -> u64 {
        let each = allowance.windows.iter().zip(&self.counts).map(|(window, counts)| counts.fits(window, cost, now));
        each.max().unwrap_or(now)
    }

    /// Counts what went through.
    pub fn add(&mut self, allowance: &Allowance, cost: u64, now: u64) {
        self.forget(allowance, now);
        if let Some(burst) = &allowance.burst
            && self.room(allowance, cost, now) > now
        {
            self.burst.add(burst, cost, now);
        }
        for (window, counts) in allowance.windows.iter().zip(&mut self.counts) {
            counts.add(window, cost, now);
        }
    }

    /// Notes that somebody asked for more than there was; when everything else is heard again.
    pub fn offend(&mut self, allowance: &Allowance, penalty: Penalty, room: u64, now: u64) -> u64 {
        let forgiven = now.saturating_sub(self.barred_until) / allowance.forgives();
        self.offences = self.offences.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX)).saturating_add(1);
        self.barred_until = room.max(now + penalty.of(self.offences));
        self.barred_until
    }

    /// The window with the least left.
    pub fn tightest(&self, allowance: &Allowance, now: u64) -> Option<Tightest> {
        let (beyond, spare) = allowance
            .burst
            .as_ref()
            .map_or((0, 0), |burst| (burst.limit, burst.limit.saturating_sub(self.burst.used())));
        let each = allowance.windows.iter().zip(&self.counts).map(|(window, counts)| Tightest {
            limit: window.limit + beyond,
            remaining: window.limit.saturating_sub(counts.used()) + spare,
            eases: counts.eases(window, now),
        });
        each.min_by_key(|window| window.remaining)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PENALTY: Penalty = Penalty { first: 10_000, longest: 60_000 };

    fn allowance(words: &str) -> Allowance {
        words.parse().unwrap()
    }

    /// Asks until refused: how often it went through, and how long the refusal lasts.
    fn run_into(record: &mut Record, allowance: &Allowance, now: u64) -> (usize, u64) {
        for admitted in 0.. {
            match record.weigh(allowance, 1, now) {
                Weighed::Fits => record.add(allowance, 1, now),
                Weighed::Full(room) => return (admitted, record.offend(allowance, PENALTY, room, now) - now),
                Weighed::Barred(until) => return (admitted, until - now),
            }
        }
        unreachable!()
    }

    #[test]
    fn a_penalty_grows_to_its_longest_and_fades() {
        let (allowance, mut record, mut now) = (allowance("1 per second"), Record::default(), 1_000_000);
        let mut waits = Vec::new();
        for _ in 0..6 {
            let (_, wait) = run_into(&mut record, &allowance, now);
            assert_eq!(
                run_into(&mut record, &allowance, now + wait / 2),
                (0, wait - wait / 2),
                "asking on is no offence"
            );
            waits.push(wait);
            now += wait;
        }
        assert!(waits[0] <= 1100, "{waits:?}");
        assert_eq!(waits[1..], [10_000, 20_000, 40_000, 60_000, 60_000]);
        // One offence is forgiven for each window of good manners.
        now += 3 * allowance.forgives();
        assert_eq!(run_into(&mut record, &allowance, now).1, 40_000);
        now += 40_000 + 60 * allowance.forgives();
        assert!(run_into(&mut record, &allowance, now).1 <= 1100);
    }

    #[test]
    fn every_window_has_its_say() {
        let (allowance, mut record) = (allowance("3 per second, 5 per minute"), Record::default());
        assert_eq!(run_into(&mut record, &allowance, 10_000).0, 3);
        let (admitted, wait) = run_into(&mut record, &allowance, 12_000);
        assert_eq!(admitted, 2);
        assert!(wait > 50_000, "{wait}");
    }

    #[test]
    fn a_burst_goes_beyond_the_windows_once_in_a_while() {
        let (allowance, mut record, minute) = (allowance("3 per minute, burst 4"), Record::default(), 62_000);
        let full = record.clone().tightest(&allowance, 0);
        assert_eq!(full, None, "nothing was asked for yet");
        assert_eq!(run_into(&mut record, &allowance, 0).0, 7);
        assert_eq!(run_into(&mut record, &allowance, minute).0, 3);
        assert_eq!(run_into(&mut record, &allowance, 12 * minute).0, 7);
    }

    #[test]
    fn what_is_heavier_than_a_window_takes_all_of_it() {
        let (allowance, mut record) = (allowance("2 per minute"), Record::default());
        assert_eq!(record.weigh(&allowance, 5, 0), Weighed::Fits);
        record.add(&allowance, 5, 0);
        assert_eq!(record.weigh(&allowance, 1, 0), Weighed::Full(62_000));
        assert_eq!(record.tightest(&allowance, 0).unwrap().remaining, 0);
    }
}
