//! W3C Trace Context: a trace goes through many programs, each of which has a part in it (<https://www.w3.org/TR/trace-context/>).

use std::fmt;
use std::str::FromStr;

use domain::field::Complaint;
use serde::{Deserialize, Serialize};

/// A trace and one part in it: what the header `traceparent` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Trace {
    id: u128,
    part: u64,
    /// Whether the caller may have written its part down.
    is_sampled: bool,
}

/// `00-<32 digits>-<16 digits>-<2 digits>`.
const LENGTH: usize = 55;

impl Trace {
    /// A trace that begins here, and our part in it. All zeros name nothing, so there are none.
    #[must_use]
    pub fn begin(id: u128, part: u64) -> Self {
        Self { id: id.max(1), part: part.max(1), is_sampled: false }
    }

    /// Reads a header of version 00, or what a later version has in common with it; `None` when it is malformed.
    #[must_use]
    pub fn read(header: &[u8]) -> Option<Self> {
        let (head, rest) = header.split_at_checked(LENGTH)?;
        let version = digits(head.get(..2)?)?;
        let ends_well = match version {
            0 => rest.is_empty(),
            // Forbidden by the standard, so that it can mean something else one day.
            0xff => false,
            _ => rest.is_empty() || rest.starts_with(b"-"),
        };
        if !ends_well || [2, 35, 52].iter().any(|at| head[*at] != b'-') {
            return None;
        }
        let (id, part) = (digits(&head[3..35])?, u64::try_from(digits(&head[36..52])?).ok()?);
        let is_sampled = digits(&head[53..])? & 1 == 1;
        (id != 0 && part != 0).then_some(Self { id, part, is_sampled })
    }

    /// The same trace, and another part in it.
    #[must_use]
    pub fn going_on(self, part: u64) -> Self {
        Self { part: part.max(1), ..self }
    }

    /// Names the trace.
    #[must_use]
    pub const fn id(&self) -> u128 {
        self.id
    }

    /// Names the part.
    #[must_use]
    pub const fn part(&self) -> u64 {
        self.part
    }
}

/// A number in lower-case hexadecimal digits.
fn digits(text: &[u8]) -> Option<u128> {
    text.iter().try_fold(0, |number, digit| {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        Some((number << 4) | u128::from(value))
    })
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.id, self.part, u8::from(self.is_sampled))
    }
}

impl FromStr for Trace {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        Self::read(text.as_bytes()).ok_or_else(|| Complaint::new("This is no traceparent."))
    }
}

impl TryFrom<String> for Trace {
    type Error = Complaint;

    fn try_from(text: String) -> Result<Self, Complaint> {
        text.parse()
    }
}

impl From<Trace> for String {
    fn from(trace: Trace) -> Self {
        trace.to_string()
    }
}

/// Entries of a `tracestate` at most, and characters: more need not be passed on (section 3.3.1.5).
const MOST: (usize, usize) = (32, 512);

/// What the headers `tracestate` say together, in the order they came; `None` when there is nothing, too much, or nonsense.
#[must_use]
pub fn state<'h>(headers: impl Iterator<Item = &'h [u8]>) -> Option<String> {
    let mut whole = String::new();
    let mut entries = 0;
    for header in headers {
        for entry in std::str::from_utf8(header).ok()?.split(',').map(|entry| entry.trim_matches([' ', '\t'])) {
            if entry.is_empty() {
                continue;
            }
            let (key, value) = entry.split_once('=')?;
            entries += 1;
            if entries > MOST.0 || !is_key(key) || !is_value(value) || said_before(&whole, key) {
                return None;
            }
            if !whole.is_empty() {
                whole.push(',');
            }
            whole.push_str(entry);
        }
    }
    (1..=MOST.1).contains(&whole.len()).then_some(whole)
}

fn said_before(whole: &str, key: &str) -> bool {
    whole.split(',').any(|entry| entry.split_once('=').is_some_and(|(known, _)| known == key))
}

/// `vendor` or `tenant@vendor`.
fn is_key(key: &str) -> bool {
    let simple = |name: &str, most: usize, may_begin_with_digit: bool| {
        let begins = |b: u8| b.is_ascii_lowercase() || may_begin_with_digit && b.is_ascii_digit();
        (1..=most).contains(&name.len())
            && begins(name.as_bytes()[0])
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-*/".contains(&b))
    };
    match key.split_once('@') {
        Some((tenant, vendor)) => simple(tenant, 241, true) && simple(vendor, 14, false),
        None => simple(key, 256, false),
    }
}

fn is_value(value: &str) -> bool {
    (1..=256).contains(&value.len()) && value.bytes().all(|b| matches!(b, 0x20..=0x7e) && !b",=".contains(&b))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn what_the_standard_allows_is_read() {
        let read = Trace::read(GOOD.as_bytes()).unwrap();
        assert_eq!((read.id(), read.part()), (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, 0xb7ad_6b71_6920_3331));
        assert_eq!(read.to_string(), GOOD);
        assert_eq!(read.going_on(7).to_string(), "00-0af7651916cd43dd8448eb211c80319c-0000000000000007-01");
        // Flags that are not known are not passed on.
        assert!(Trace::read(GOOD.replace("-01", "-fe").as_bytes()).unwrap().to_string().ends_with("-00"));
        // Later versions, with and without more behind.
        for later in [GOOD.replacen("00", "01", 1), format!("{}-what-comes-then", GOOD.replacen("00", "cc", 1))] {
            assert_eq!(Trace::read(later.as_bytes()), Some(read), "{later}");
        }
    }

    #[test]
    fn what_it_forbids_is_not() {
        for wrong in [
            String::new(),
            "00".to_owned(),
            GOOD[..54].to_owned(),
            format!("{GOOD}-more"),
            format!("{GOOD}0"),
            format!(" {GOOD}"),
            GOOD.to_uppercase(),
            GOOD.replacen("00", "ff", 1),
            GOOD.replacen("00", "0g", 1),
            format!("{}x", GOOD.replacen("00", "01", 1)),
            GOOD.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            GOOD.replace("b7ad6b7169203331", &"0".repeat(16)),
            GOOD.replace('-', "_"),
            GOOD.replace("-01", "-0x"),
            format!("00-{}", "-".repeat(52)),
            "é".repeat(28),
        ] {
            assert_eq!(Trace::read(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn the_state_of_others_is_passed_on_in_their_order_or_not_at_all() {
        let of = |headers: &[&str]| state(headers.iter().map(|header| header.as_bytes()));
        assert_eq!(
            of(&["rojo=00f067aa0ba902b7 , congo=t61rcWkgMzE", "", "fw529a3039@dt=x:y"]).unwrap(),
            "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE,fw529a3039@dt=x:y"
        );
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[" , "]), None);
        for wrong in ["a", "=b", "a=", "A=b", "a=b=c", "a=1,a=2", "1a=b", "a@1b=c", "a=\u{7}", "a=é"] {
            assert_eq!(of(&["fine=1", wrong]), None, "{wrong}");
        }
        let many: Vec<String> = (0..33).map(|n| format!("k{n}=v")).collect();
        assert_eq!(of(&[&many.join(",")]), None);
        assert!(of(&[&many[1..].join(",")]).is_some());
        assert_eq!(of(&[&format!("a={}", "v".repeat(256)), &format!("b={}", "v".repeat(256))]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(id: u128, part: u64) {
            let trace = Trace::begin(id, part);
            prop_assert_eq!(Trace::read(trace.to_string().as_bytes()), Some(trace));
        }

        #[test]
        fn nothing_that_comes_breaks_it(header: Vec<u8>, text in "[0-9a-f]{2}-[0-9a-fA-F-]{40,60}") {
            let _ = (Trace::read(&header), Trace::read(text.as_bytes()), state([header.as_slice(), text.as_bytes()].into_iter()));
        }
    }
}
