//! Sums of stars, and the averages they give.

use serde::{Deserialize, Serialize};

use super::Stars;
use crate::field::Complaint;

/// The stars of some reviews, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many reviews.
    pub count: u32,
    /// Stars for the food.
    pub food: u64,
    /// Stars for the service.
    pub service: u64,
    /// Stars for the ambience.
    pub ambience: u64,
    /// Stars for the visits as a whole.
    pub overall: u64,
}

impl Tally {
    /// The averages, or nothing while there is no review.
    #[must_use]
    pub fn rating(&self) -> Option<Rating> {
        let average = |sum| Average::of(sum, self.count);
        Some(Rating {
            overall: average(self.overall)?,
            food: average(self.food)?,
            service: average(self.service)?,
            ambience: average(self.ambience)?,
            count: self.count,
        })
    }
}

impl FromIterator<Stars> for Tally {
    fn from_iter<I: IntoIterator<Item = Stars>>(reviews: I) -> Self {
        reviews.into_iter().fold(Self::default(), |sums, stars| Self {
            count: sums.count + 1,
            food: sums.food + u64::from(stars.food.get()),
            service: sums.service + u64::from(stars.service.get()),
            ambience: sums.ambience + u64::from(stars.ambience.get()),
            overall: sums.overall + u64::from(stars.overall.get()),
        })
    }
}

/// What the reviews of a venue come to: stars on average, and of how many reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Rating {
    /// The visit as a whole.
    pub overall: Average,
    /// The food.
    pub food: Average,
    /// The service.
    pub service: Average,
    /// The ambience.
    pub ambience: Average,
    /// How many reviews.
    pub count: u32,
}

/// Stars on average, 1 to 5 with one decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "native", schema(value_type = f64, example = 4.6))]
#[serde(try_from = "f64", into = "f64")]
pub struct Average(
    /// Tenths of a star.
    u8,
);

impl Average {
    /// So many stars over so many reviews, halves rounded up; nothing when that is not one to five stars each.
    #[must_use]
    pub fn of(stars: u64, reviews: u32) -> Option<Self> {
        let reviews = u64::from(reviews);
        // Twice the tenths plus one, halved: rounds without leaving whole numbers.
        let tenths = stars.checked_mul(20)?.checked_add(reviews)?.checked_div(reviews.checked_mul(2)?)?;
        u8::try_from(tenths).ok().filter(|tenths| (10..=50).contains(tenths)).map(Self)
    }

    /// In tenths of a star.
    #[must_use]
    pub const fn tenths(self) -> u8 {
        self.0
    }

    /// The number of stars.
    #[must_use]
    pub fn stars(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl TryFrom<f64> for Average {
    type Error = Complaint;

    fn try_from(stars: f64) -> Result<Self, Complaint> {
        let tenths = (10..=50).find(|tenths| (f64::from(*tenths) - stars * 10.0).abs() < 1e-6);
        tenths.map(Self).ok_or_else(|| Complaint::new("An average is one to five stars, to one decimal."))
    }
}

impl From<Average> for f64 {
    fn from(average: Average) -> Self {
        average.stars()
    }
}

impl std::fmt::Display for Average {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}
