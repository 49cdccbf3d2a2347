//! What guests thought of a venue: the sums that the database keeps, as averages.

use domain::review::{Rating, Tally};

use crate::{Error, Result};

/// A rating as memory holds it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rated {
    /// Rises with every change of a review; 0 when there never was one.
    pub version: i64,
    /// The averages.
    pub rating: Option<Rating>,
}

/// The sums of one venue as they are kept.
pub struct RatedRow {
    pub version: i64,
    pub reviews: i32,
    pub food: i64,
    pub service: i64,
    pub ambience: i64,
    pub overall: i64,
}

impl TryFrom<RatedRow> for Rated {
    type Error = Error;

    fn try_from(row: RatedRow) -> Result<Self> {
        let sum = |stars: i64| u64::try_from(stars).map_err(|error| Error::Corrupt(error.to_string()));
        let tally = Tally {
            count: u32::try_from(row.reviews).map_err(|error| Error::Corrupt(error.to_string()))?,
            food: sum(row.food)?,
            service: sum(row.service)?,
            ambience: sum(row.ambience)?,
            overall: sum(row.overall)?,
        };
        Ok(Self { version: row.version, rating: tally.rating() })
    }
}
