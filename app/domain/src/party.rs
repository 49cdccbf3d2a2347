//! How many people come.

use serde::{Deserialize, Serialize};

use crate::field::Complaint;

/// How many people sit down: between one and [`PartySize::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
#[serde(try_from = "i64", into = "i64")]
pub struct PartySize(u8);

impl PartySize {
    /// The largest party that can be written down at all.
    pub const MAX: u8 = 50;

    /// The number of covers.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for PartySize {
    type Error = Complaint;

    fn try_from(people: i64) -> Result<Self, Complaint> {
        match u8::try_from(people) {
            Ok(people @ 1..=Self::MAX) => Ok(Self(people)),
            Ok(0) => Err(Complaint::new("A party has at least one guest.")),
            _ if people < 0 => Err(Complaint::new("A party has at least one guest.")),
            _ => Err(Complaint::new("A party has at most 50 guests.")),
        }
    }
}

impl From<PartySize> for i64 {
    fn from(party: PartySize) -> Self {
        party.0.into()
    }
}

impl std::str::FromStr for PartySize {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let people: i64 = text.trim().parse().map_err(|_| Complaint::new("Give the number of guests in digits."))?;
        people.try_into()
    }
}

impl std::fmt::Display for PartySize {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            1 => f.write_str("1 guest"),
            people => write!(f, "{people} guests"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_one_to_fifty() {
        assert!(PartySize::try_from(0).is_err());
        assert!(PartySize::try_from(-3).is_err());
        assert!(PartySize::try_from(51).is_err());
        assert!(PartySize::try_from(1 << 40).is_err());
        assert_eq!(PartySize::try_from(50).map(PartySize::get), Ok(50));
    }

    #[test]
    fn serde_goes_through_the_constructor() {
        assert!(serde_json::from_str::<PartySize>("51").is_err());
        assert_eq!(serde_json::from_str::<PartySize>("2").ok().map(PartySize::get), Some(2));
    }
}
