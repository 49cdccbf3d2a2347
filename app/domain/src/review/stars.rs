//! One to five stars, and what they are given for.

use serde::{Deserialize, Serialize};

use crate::field::Complaint;

/// How good something was: one to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
#[serde(try_from = "i64", into = "i64")]
pub struct Mark(u8);

impl Mark {
    /// Every mark, the worst first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// The number of stars.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The mark in a word: `very good`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self.0 {
            1 => "poor",
            2 => "fair",
            3 => "good",
            4 => "very good",
            _ => "excellent",
        }
    }
}

impl TryFrom<i64> for Mark {
    type Error = Complaint;

    fn try_from(stars: i64) -> Result<Self, Complaint> {
        match u8::try_from(stars) {
            Ok(stars @ 1..=5) => Ok(Self(stars)),
            _ => Err(Complaint::new("Give one to five stars.")),
        }
    }
}

impl From<Mark> for i64 {
    fn from(mark: Mark) -> Self {
        mark.0.into()
    }
}

impl std::str::FromStr for Mark {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        text.trim().parse::<i64>().unwrap_or(0).try_into()
    }
}

/// What of a visit is given stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The visit as a whole.
    Overall,
    /// What was eaten and drunk.
    Food,
    /// Those who brought it.
    Service,
    /// The room, and how it felt to be in it.
    Ambience,
}

impl Part {
    /// Every part, as one is asked about them.
    pub const ALL: [Self; 4] = [Self::Overall, Self::Food, Self::Service, Self::Ambience];

    /// The name of its field.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Food => "food",
            Self::Service => "service",
            Self::Ambience => "ambience",
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overall => "The visit as a whole",
            Self::Food => "Food",
            Self::Service => "Service",
            Self::Ambience => "Ambience",
        }
    }

    /// Its mark.
    ///
    /// # Errors
    /// A sentence that says which part has none.
    pub fn mark(self, stars: i64) -> Result<Mark, Complaint> {
        let words = match self {
            Self::Overall => "Give the visit as a whole one to five stars.",
            Self::Food => "Give the food one to five stars.",
            Self::Service => "Give the service one to five stars.",
            Self::Ambience => "Give the ambience one to five stars.",
        };
        Mark::try_from(stars).map_err(|_| Complaint::new(words))
    }
}

/// The marks of one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Stars {
    /// What was eaten and drunk.
    pub food: Mark,
    /// Those who brought it.
    pub service: Mark,
    /// The room, and how it felt to be in it.
    pub ambience: Mark,
    /// The visit as a whole.
    pub overall: Mark,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_one_to_five() {
        assert_eq!(Mark::ALL.map(Mark::get), [1, 2, 3, 4, 5]);
        for wrong in [i64::MIN, -1, 0, 6, 256, i64::MAX] {
            assert!(Mark::try_from(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "five", "4.5", "0", "6"] {
            assert!(wrong.parse::<Mark>().is_err(), "{wrong}");
        }
        assert_eq!(" 4 ".parse::<Mark>().map(Mark::label), Ok("very good"));
    }

    #[test]
    fn a_part_without_stars_is_named_in_the_complaint() {
        let complaints: Vec<String> =
            Part::ALL.iter().filter_map(|part| part.mark(0).err()).map(|wrong| wrong.to_string()).collect();
        assert_eq!(
            complaints,
            [
                "Give the visit as a whole one to five stars.",
                "Give the food one to five stars.",
                "Give the service one to five stars.",
                "Give the ambience one to five stars."
            ]
        );
        assert!(Part::ALL.iter().all(|part| part.mark(5) == Ok(Mark(5))));
    }
}
