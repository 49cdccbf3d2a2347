//! What this process counts by itself: all there is without Redis, and what takes over when Redis goes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::record::{Penalty, Record, Weighed};
use super::{Key, Verdict, Weight};

/// How many records a generation holds.
const CAPACITY: usize = 16_384;

/// Records in two generations: whoever asks stays young, and who has not asked for a whole generation is forgotten.
#[derive(Default)]
struct Records {
    young: HashMap<Key, Record>,
    old: HashMap<Key, Record>,
    /// When the young began.
    since: u64,
}

impl Records {
    fn of(&mut self, key: Key, lasting: u64, now: u64) -> &mut Record {
        if now.saturating_sub(self.since) > lasting || self.young.len() >= CAPACITY {
            self.old = std::mem::take(&mut self.young);
            self.since = now;
        }
        let old = &mut self.old;
        self.young.entry(key).or_insert_with(|| old.remove(&key).unwrap_or_default())
    }
}

/// The windows of this process.
pub struct Local {
    records: Mutex<Records>,
    penalty: Penalty,
    /// How long any record may matter.
    lasting: u64,
    began: Instant,
}

impl Local {
    pub fn new(penalty: Penalty, lasting: u64) -> Self {
        Self { records: Mutex::default(), penalty, lasting, began: Instant::now() }
    }

    /// Milliseconds since this process began to count.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Counts a request where it fits everywhere, else nowhere; what comes after the first that refuses hears nothing of it.
    pub fn weigh(&self, weights: &[Weight<'_>], now: u64) -> Option<Verdict> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        for weight in weights {
            let record = records.of(weight.key, self.lasting, now);
            let until = match record.weigh(weight.allowance, weight.cost, now) {
                Weighed::Fits => continue,
                Weighed::Barred(until) => until,
                Weighed::Full(room) => record.offend(weight.allowance, self.penalty, room, now),
            };
            let tightest = record.tightest(weight.allowance, now)?;
            return Some(Verdict::refused(weight.rule, tightest.limit, until - now));
        }
        let mut tightest = None;
        for weight in weights {
            let record = records.of(weight.key, self.lasting, now);
            record.add(weight.allowance, weight.cost, now);
            tightest = tightest.into_iter().chain(record.tightest(weight.allowance, now)).min_by_key(|it| it.remaining);
        }
        tightest.map(|it| Verdict::admitted(it.limit, it.remaining, it.eases - now))
    }

    /// Counts what was let through elsewhere.
    pub fn note(&self, weights: &[Weight<'_>], now: u64) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        for weight in weights {
            records.of(weight.key, self.lasting, now).add(weight.allowance, weight.cost, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::{Allowance, Rule};

    fn local() -> Local {
        Local::new(Penalty { first: 10_000, longest: 60_000 }, 1_000_000)
    }

    fn weight(allowance: &Allowance, who: u64, cost: u64) -> Weight<'_> {
        Weight { rule: Rule::Api, key: u128::from(who).to_be_bytes(), allowance, numbers: "", cost }
    }

    #[test]
    fn exactly_the_limit_goes_through_however_many_ask_at_once() {
        let (local, allowance) = (local(), "100 per minute".parse().unwrap());
        let admitted = std::thread::scope(|scope| {
            let ask =
                || (0..125).filter(|_| !local.weigh(&[weight(&allowance, 1, 1)], 0).unwrap().is_refused()).count();
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
        });
        assert_eq!(admitted, 100);
    }

    #[test]
    fn what_one_rule_refuses_no_other_counts() {
        let (wide, narrow) = ("10 per minute".parse().unwrap(), "1 per minute".parse().unwrap());
        let local = local();
        let both = [weight(&wide, 1, 1), weight(&narrow, 2, 1)];
        assert!(!local.weigh(&both, 0).unwrap().is_refused());
        for _ in 0..20 {
            assert!(local.weigh(&both, 0).unwrap().is_refused());
        }
        assert_eq!(local.weigh(&both[..1], 0).unwrap().remaining, 8);
    }

    #[test]
    fn who_is_kept_out_for_themselves_does_nothing_to_what_they_aim_at() {
        let local = Local::new(Penalty { first: 200_000, longest: 200_000 }, 10_000_000);
        let (own, aim) = ("1 per hour".parse().unwrap(), "1 per minute".parse().unwrap());
        let ask = |who, now| local.weigh(&[weight(&own, who, 1), weight(&aim, 9, 1)], now).unwrap().is_refused();
        for (others, now) in [(1, 0), (2, 100_000), (3, 200_000), (4, 300_000)] {
            assert!(!ask(others, now), "at {now}");
            // It is full now, and one who has had theirs goes on asking.
            assert!((0..5).all(|_| ask(1, now + 1)), "at {now}");
        }
        // Full it is, for whoever may still ask.
        assert!(ask(5, 300_001));
    }

    #[test]
    fn what_redis_let_through_counts_when_it_is_gone() {
        let (local, allowance) = (local(), "5 per minute".parse().unwrap());
        for _ in 0..4 {
            local.note(&[weight(&allowance, 1, 1)], 0);
        }
        assert_eq!(local.weigh(&[weight(&allowance, 1, 1)], 0).unwrap().remaining, 0);
        assert!(local.weigh(&[weight(&allowance, 1, 1)], 0).unwrap().is_refused());
    }

    #[test]
    fn a_crowd_of_clients_takes_no_more_memory_than_there_is() {
        let (local, allowance) = (local(), "1 per minute".parse().unwrap());
        let held = |local: &Local| {
            let records = local.records.lock().unwrap();
            records.young.len() + records.old.len()
        };
        for who in 0..5 * CAPACITY as u64 {
            assert!(!local.weigh(&[weight(&allowance, 1 + who, 1)], 0).unwrap().is_refused());
            // One who goes on asking is not forgotten in the crowd.
            assert_eq!(local.weigh(&[weight(&allowance, 0, 1)], 0).unwrap().is_refused(), who > 0);
        }
        assert!(held(&local) <= 2 * CAPACITY);
        for later in [2_000_000, 4_000_000] {
            let _ = local.weigh(&[weight(&allowance, 1, 1)], later);
        }
        assert_eq!(held(&local), 1);
    }
}
