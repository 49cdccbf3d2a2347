//! People who sign in, and where they are signed in.

#[cfg(feature = "native")]
mod password;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::field::Complaint;
use crate::floor::{Need, words};
use crate::id::SessionId;
use crate::text::{Email, Note, PersonName, Phone};
#[cfg(feature = "native")]
pub use password::{Password, is_address};

words! {
    /// A letter about what a guest did to a booking of theirs, which they may do without.
    Notification("There is no such letter to choose.") {
        /// They changed it.
        Changed = "changed" / "when I change a booking",
        /// They said that they will be late.
        Late = "late" / "when I say that I will be late",
        /// They cancelled it.
        Cancelled = "cancelled" / "when I cancel a booking",
    }
}

/// Letters by their words, each once and in order.
///
/// # Errors
/// A word that names no letter one can choose.
pub fn notifications(words: &[String]) -> Result<Vec<Notification>, Complaint> {
    let mut letters = words.iter().map(|word| word.parse()).collect::<Result<Vec<Notification>, _>>()?;
    letters.sort_unstable();
    letters.dedup();
    Ok(letters)
}

/// Somebody with an account, as they see it themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Account {
    /// Their name.
    pub name: PersonName,
    /// Where their email goes, and what they sign in with.
    pub email: Email,
    /// For the day itself.
    pub phone: Option<Phone>,
    /// What they need wherever they book.
    pub needs: Vec<Need>,
    /// What they tell every venue.
    pub notes: Note,
    /// The letters they want besides those that confirm a booking.
    pub notifications: Vec<Notification>,
}

/// One place where somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Session {
    /// Names it; end it by this.
    pub id: SessionId,
    /// What they sit at, as far as it says so: `Firefox on Linux`.
    pub device: String,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last renewed.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_is_chosen_once() {
        let chosen = |words: &[&str]| notifications(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(chosen(&["late", "changed", "late"]), Ok(vec![Notification::Changed, Notification::Late]));
        assert_eq!(chosen(&[]), Ok(Vec::new()));
        assert!(chosen(&["changed", "everything"]).is_err());
    }
}
