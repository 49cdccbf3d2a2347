//! Passwords: long enough, not among the commonest, and nothing that everybody knows about their owner.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::field::Complaint;
use crate::text::{Email, PersonName};

/// The 3,000 commonest of at least eight characters, from the frequency lists of zxcvbn 4.5.0 (MIT, Dropbox), sorted.
static COMMONEST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("commonest.txt").lines().collect());

/// What this is about: words that are tried here first, with digits and signs around them.
const OURS: [&str; 8] = [
    "trestle",
    "trestleadmin",
    "trestlestaff",
    "trestlepassword",
    "restaurant",
    "reservation",
    "reservations",
    "booking",
];

/// A password of 8 to 128 characters, whichever they are, that is none of the commonest. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Characters at most; what is longer is no password of anybody's.
    pub const MOST: usize = 128;

    /// The password itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is something else than its owner's name or email address.
    ///
    /// # Errors
    /// A sentence for the person who chose it.
    pub fn suits(&self, name: &PersonName, email: &Email) -> Result<(), Complaint> {
        if lowered(&self.0) == name.as_str().to_lowercase() {
            Err(Complaint::new("Choose a password that is not your name."))
        } else if is_address(&self.0, email) {
            Err(Complaint::new("Choose a password that is not your email address."))
        } else {
            Ok(())
        }
    }
}

impl std::str::FromStr for Password {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        match text.chars().count() {
            0..8 => Err(Complaint::new("A password has at least 8 characters.")),
            8..=Self::MOST if is_tried_first(&text.to_lowercase()) => {
                Err(Complaint::new("This is one of the passwords that are tried first. Choose another."))
            }
            8..=Self::MOST => Ok(Self(text.to_owned())),
            _ => Err(Complaint::new("A password has at most 128 characters.")),
        }
    }
}

/// Whether a password, as it was typed, is this address or the part of it before the sign.
#[must_use]
pub fn is_address(password: &str, email: &Email) -> bool {
    let (password, email) = (lowered(password), email.as_str());
    password == email || email.rsplit_once('@').is_some_and(|(mailbox, _)| password == mailbox)
}

fn lowered(password: &str) -> String {
    password.trim().to_lowercase()
}

fn is_tried_first(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    COMMONEST.contains(text) || OURS.contains(&letters.as_str())
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_may_be_anything() {
        for right in ["corridor lamp", "ŝafejo\u{301}🦀 x", "        ", &"ж".repeat(128)] {
            assert_eq!(right.parse::<Password>().unwrap().expose(), right);
        }
        for wrong in ["", "1234567", "жжжжжжж", &"x".repeat(129), &"x".repeat(10_000)] {
            assert!(wrong.parse::<Password>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_commonest_are_refused_however_they_are_written() {
        assert_eq!(COMMONEST.len(), 3000);
        assert!(COMMONEST.iter().all(|word| word.chars().count() >= 8 && word.to_lowercase() == *word));
        for common in ["password", "Password", "PASSWORD", "12345678", "baseball", "TrustNo1"] {
            assert!(common.parse::<Password>().is_err(), "{common}");
        }
    }

    #[test]
    fn what_this_is_about_is_no_password() {
        for ours in ["Trestle2026!", "trestle1234", "1-Restaurant-1", "R.e.s.e.r.v.a.t.i.o.n", "booking99"] {
            assert!(ours.parse::<Password>().is_err(), "{ours}");
        }
        assert!("trestle table lamp".parse::<Password>().is_ok());
    }

    #[test]
    fn nothing_that_everybody_knows_is_a_password() {
        let (name, email) = ("Inês Duarte".parse().unwrap(), "ines.duarte@example.com".parse().unwrap());
        for known in ["inês duarte", "INÊS DUARTE", "Ines.Duarte@example.com", "ines.duarte"] {
            assert!(known.parse::<Password>().unwrap().suits(&name, &email).is_err(), "{known}");
        }
        assert_eq!("inês duarte 2".parse::<Password>().unwrap().suits(&name, &email), Ok(()));
    }

    #[test]
    fn a_password_does_not_print() {
        assert_eq!(format!("{:?}", "corridor lamp".parse::<Password>().unwrap()), "Password");
    }
}
