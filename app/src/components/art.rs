//! Pictures that the program draws itself: a laid table for every venue, a map, and small signs.

mod icon;
#[cfg(feature = "ssr")]
mod table;

pub use icon::{Icon, Sign};
#[cfg(feature = "ssr")]
pub use table::{Crop, LongTable, NeighbourMap, Spot, VenueArt};
