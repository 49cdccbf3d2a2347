//! Chance that repeats itself: the same seed and words draw the same lots on every machine and in every version.

use chrono::Duration;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A stream of lots: `SplitMix64` (Steele, Lea and Flood, 2014), which is fixed by its definition and by nobody's release notes.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// The stream of a seed and a subject; streams of different subjects have nothing to do with one another.
    pub fn of(seed: u64, subject: &[&str]) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(&digest(&seed.to_be_bytes(), subject)[..8]);
        Self(u64::from_be_bytes(first))
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `end`; 0 when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        let product = u128::from(self.bits()) * (end as u128);
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = usize::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// A time span between so many minutes, to the second.
    pub fn minutes(&mut self, least: i64, most: i64) -> Duration {
        Duration::seconds(self.between(least * 60, most * 60))
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, times: usize) -> bool {
        self.below(100) < times
    }

    /// A number between -1 and 1 that is mostly near 0: the mean of three even lots, without functions that differ by machine.
    pub fn bell(&mut self) -> f64 {
        let third = |lot: i64| f64::from(i32::try_from(lot).unwrap_or(0)) / 3000.0;
        third(self.between(-1000, 1000)) + third(self.between(-1000, 1000)) + third(self.between(-1000, 1000))
    }

    /// One of these, which are not none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of these, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, usize)]) -> T {
        let mut lot = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (one, weight) in from {
            match lot.checked_sub(*weight) {
                Some(rest) => lot = rest,
                None => return *one,
            }
        }
        from[0].0
    }

    /// Bytes that nobody can guess who does not know the seed.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for chunk in bytes.chunks_exact_mut(8) {
            chunk.copy_from_slice(&self.bits().to_be_bytes());
        }
        bytes
    }

    /// A new id.
    pub fn id(&mut self) -> Uuid {
        uuid(self.bytes())
    }
}

/// The id of something that has a name, whatever the seed: a venue, a table, a dish.
pub fn id(subject: &[&str]) -> Uuid {
    uuid(digest(b"demo", subject))
}

fn uuid(bytes: [u8; 32]) -> Uuid {
    let mut first = [0; 16];
    first.copy_from_slice(&bytes[..16]);
    uuid::Builder::from_custom_bytes(first).into_uuid()
}

fn digest(salt: &[u8], subject: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(salt);
    for word in subject {
        hash.update([0]);
        hash.update(word);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_what_its_definition_says() {
        // The reference values for seed 1234567, as in Rosetta Code and the JDK's tests.
        let mut draw = Draw(1_234_567);
        assert_eq!(
            [draw.bits(), draw.bits(), draw.bits()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn subjects_have_streams_of_their_own() {
        let first = |subject: &[&str]| Draw::of(7, subject).bits();
        assert_eq!(first(&["a", "b"]), first(&["a", "b"]));
        assert_ne!(first(&["a", "b"]), first(&["ab"]));
        assert_ne!(first(&["a"]), Draw::of(8, &["a"]).bits());
        assert_eq!(id(&["venue"]).get_version_num(), 8);
    }

    #[test]
    fn lots_stay_in_their_bounds() {
        let mut draw = Draw::of(1, &[]);
        for _ in 0..10_000 {
            assert!((-3..=4).contains(&draw.between(-3, 4)));
            assert!((-1.0..=1.0).contains(&draw.bell()));
            assert!(draw.weighted(&[(1, 0), (2, 5), (3, 1)]) > 1);
        }
        assert_eq!(draw.below(0), 0);
    }
}
