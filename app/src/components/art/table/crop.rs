//! The pieces of the table that are shown.

/// Which piece of a venue's table to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crop {
    /// One place at the table, for lists: 320 by 200.
    Card,
    /// A stretch of the table, for the top of a page: 1200 by 420.
    Hero,
    /// An empty plate, for pages about something missing: 400 by 400.
    Round,
}

impl Crop {
    pub(super) const fn width(self) -> f32 {
        match self {
            Self::Card => 320.0,
            Self::Hero => 1200.0,
            Self::Round => 400.0,
        }
    }

    pub(super) const fn height(self) -> f32 {
        match self {
            Self::Card => 200.0,
            Self::Hero => 420.0,
            Self::Round => 400.0,
        }
    }

    /// How much larger than life on the sheet of 320 by 200.
    pub(super) const fn zoom(self) -> f32 {
        match self {
            Self::Card => 1.0,
            Self::Hero => 2.1,
            Self::Round => 1.75,
        }
    }

    /// How far the table may stand askew, next to a card.
    pub(super) const fn lean(self) -> f32 {
        match self {
            Self::Card => 1.0,
            Self::Hero => 0.3,
            Self::Round => 0.6,
        }
    }

    /// One letter that keeps two crops of a venue apart on a page.
    pub(super) const fn letter(self) -> char {
        match self {
            Self::Card => 'c',
            Self::Hero => 'h',
            Self::Round => 'r',
        }
    }
}
