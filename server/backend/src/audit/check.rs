//! Checks the chain: whether every sealed entry is there and says what it said when it was sealed.

use std::fmt;

use domain::field::Complaint;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use super::store::{self, Sealed};
use crate::{Result, db};

/// Entries read at a time.
const BATCH: i64 = 5000;

/// Where the chain stood: a place and the hash there, `57:9f86d0…`. Kept elsewhere, it shows later that nothing was cut off or
/// written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many entries were sealed.
    pub seq: i64,
    /// The hash of the last of them.
    pub hash: Vec<u8>,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.seq)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Head {
    type Err = Complaint;

    fn from_str(text: &str) -> std::result::Result<Self, Complaint> {
        let read = || {
            let (seq, digits) = text.split_once(':')?;
            let is_hash = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let digits = is_hash.then_some(digits)?;
            let hash = (0..32).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok());
            Some(Self { seq: seq.parse().ok().filter(|seq| *seq > 0)?, hash: hash.collect::<Option<_>>()? })
        };
        read().ok_or_else(|| Complaint::new("Write where the chain stood as NUMBER:HASH, as a check printed it."))
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Everything is as it was sealed.
    Whole {
        /// Where the chain stands; nothing while nothing is sealed.
        head: Option<Head>,
        /// How many entries wait for their seal.
        unsealed: i64,
    },
    /// An entry is gone.
    Missing(i64),
    /// An entry is not what was sealed.
    Altered(i64),
    /// The chain does not lead through the given place.
    Another(i64),
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { head: None, unsealed } => write!(f, "No entry is sealed yet; {unsealed} wait."),
            Self::Whole { head: Some(head), unsealed } => {
                write!(f, "{} entries are as they were sealed; {unsealed} wait. The chain stands at {head}", head.seq)
            }
            Self::Missing(seq) => write!(f, "Entry {seq} is gone."),
            Self::Altered(seq) => write!(f, "Entry {seq} is not what was sealed."),
            Self::Another(seq) => write!(f, "This is not the chain that had that hash at {seq}."),
        }
    }
}

/// Follows the chain from its beginning, by way of a place where it is known to have stood.
///
/// # Errors
/// The database is away.
pub async fn check(pool: &PgPool, known: Option<&Head>) -> Result<Checked> {
    // First, or what is sealed meanwhile would be in neither number.
    let unsealed = db::read(async || store::unsealed(&mut *pool.acquire().await?).await).await?;
    let mut head = Head { seq: 0, hash: Vec::new() };
    loop {
        let after = head.seq;
        let entries = db::read(async || store::sealed_after(&mut *pool.acquire().await?, after, BATCH).await).await?;
        if entries.is_empty() {
            break;
        }
        if let Err(found) = follow(&mut head, &entries, known) {
            return Ok(found);
        }
    }
    if known.is_some_and(|known| known.seq > head.seq) {
        return Ok(Checked::Missing(head.seq + 1));
    }
    Ok(Checked::Whole { head: (head.seq > 0).then_some(head), unsealed })
}

fn follow(head: &mut Head, entries: &[Sealed], known: Option<&Head>) -> std::result::Result<(), Checked> {
    for entry in entries {
        if entry.seq != head.seq + 1 {
            return Err(Checked::Missing(head.seq + 1));
        }
        let hash = Sha256::new().chain_update(&head.hash).chain_update(&entry.spelled).finalize();
        if *hash != *entry.hash {
            return Err(Checked::Altered(entry.seq));
        }
        *head = Head { seq: entry.seq, hash: entry.hash.clone() };
        if known.is_some_and(|known| known.seq == head.seq && known.hash != head.hash) {
            return Err(Checked::Another(head.seq));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chain of so many entries.
    fn chain(entries: i64) -> Vec<Sealed> {
        let mut hash = Vec::new();
        let seal = |seq| {
            let spelled = format!("entry {seq}");
            hash = Sha256::new().chain_update(&hash).chain_update(&spelled).finalize().to_vec();
            Sealed { seq, hash: hash.clone(), spelled }
        };
        (1..=entries).map(seal).collect()
    }

    fn followed(entries: &[Sealed], known: Option<&Head>) -> std::result::Result<Head, Checked> {
        let mut head = Head { seq: 0, hash: Vec::new() };
        follow(&mut head, entries, known).map(|()| head)
    }

    #[test]
    fn a_chain_shows_what_was_altered_taken_out_or_put_elsewhere() {
        let whole = chain(5);
        let head = Head { seq: 5, hash: whole[4].hash.clone() };
        assert_eq!(followed(&whole, Some(&head)), Ok(head.clone()));
        let mut altered = chain(5);
        altered[2].spelled.push('!');
        assert_eq!(followed(&altered, None), Err(Checked::Altered(3)));
        let mut missing = chain(5);
        missing.remove(1);
        assert_eq!(followed(&missing, None), Err(Checked::Missing(2)));
        let mut swapped = chain(5);
        swapped.swap(2, 3);
        swapped[2].seq = 3;
        swapped[3].seq = 4;
        assert_eq!(followed(&swapped, None), Err(Checked::Altered(3)));
        let stranger = Head { seq: 2, hash: vec![7; 32] };
        assert_eq!(followed(&whole, Some(&stranger)), Err(Checked::Another(2)));
    }

    #[test]
    fn a_head_reads_back_and_nothing_else_is_one() {
        let head = Head { seq: 57, hash: (0..32).collect() };
        assert_eq!(head.to_string().parse(), Ok(head.clone()));
        for wrong in ["", "57", "57:", "0:00", "57:00", &head.to_string().replace('7', "g"), &format!("-{head}")] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
