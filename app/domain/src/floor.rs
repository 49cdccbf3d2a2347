//! Areas, tables and combinations.

use serde::{Deserialize, Serialize};

use crate::field::Complaint;
use crate::id::{AreaId, ComboId, TableId};

/// Declares a closed vocabulary with its spelling on the wire and in the database.
macro_rules! words {
    ($($(#[doc = $about:literal])+ $name:ident($complaint:literal) { $($(#[$item:meta])* $variant:ident = $word:literal / $label:literal),+ $(,)? })+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$item])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every word of this vocabulary.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is stored and sent.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The word as people read it.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        // Derived, it would name the variants and not the words.
        #[cfg(feature = "native")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let about = concat!($($about),+).trim();
                let words = Self::ALL.iter().map(|word| word.word());
                let text = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::schema::Type::String);
                text.description(Some(about)).enum_values(Some(words)).into()
            }
        }

        #[cfg(feature = "native")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::field::Complaint;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::field::Complaint::new($complaint)),
                }
            }
        }
    )+};
}
pub(crate) use words;

words! {
    /// Where in the house an area is.
    AreaKind("There is no such kind of area.") {
        /// Under a roof.
        Indoor = "indoor" / "indoors",
        /// Terrace, garden, pavement.
        Outdoor = "outdoor" / "outdoors",
        /// At the bar.
        Bar = "bar" / "at the bar",
        /// In front of the kitchen.
        Counter = "counter" / "at the counter",
        /// A room of one's own.
        Private = "private" / "private room",
    }

    /// Who may book a table.
    Channel("There is no such channel.") {
        /// Anyone, online.
        Online = "online" / "online",
        /// Staff only.
        InHouse = "in_house" / "by telephone",
        /// Kept for guests at the door.
        WalkIn = "walk_in" / "walk-ins",
    }

    /// What a guest needs in order to come.
    Need("There is no such need.") {
        /// No step on the way to the table.
        StepFree = "step_free" / "step-free way to the table",
        /// A place for a wheelchair at the table.
        WheelchairSpace = "wheelchair_space" / "space for a wheelchair",
        /// A chair for a small child.
        HighChair = "high_chair" / "high chair",
        /// Room for a pram beside the table.
        Pram = "pram" / "room for a pram",
        /// An assistance dog comes along.
        AssistanceDog = "assistance_dog" / "assistance dog",
        /// As calm a table as there is.
        Quiet = "quiet" / "a quiet table",
    }
}

/// One part of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Area {
    /// Its id.
    pub id: AreaId,
    /// What guests and staff call it.
    pub name: String,
    /// Where it is.
    pub kind: AreaKind,
}

/// One physical table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its id.
    pub id: TableId,
    /// The area it stands in.
    pub area: AreaId,
    /// What staff call it: `12`, `B3`.
    pub label: String,
    /// The smallest party it is given to.
    pub min_party: u8,
    /// The largest party that fits.
    pub max_party: u8,
    /// Whether the way to it has no step.
    pub step_free: bool,
    /// How many wheelchairs fit at it.
    pub wheelchair_spaces: u8,
    /// Who may book it.
    pub channel: Channel,
    /// Lower is offered first.
    pub rank: i16,
}

impl Table {
    /// Whether the table itself meets these needs; needs that staff meet (a high chair) are always met.
    #[must_use]
    pub fn meets(&self, needs: &[Need]) -> bool {
        needs.iter().all(|need| match need {
            Need::StepFree => self.step_free,
            Need::WheelchairSpace => self.step_free && self.wheelchair_spaces > 0,
            Need::HighChair | Need::Pram | Need::AssistanceDog | Need::Quiet => true,
        })
    }
}

/// Tables that are pushed together for one party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Combo {
    /// Its id.
    pub id: ComboId,
    /// Its members, at least two.
    pub tables: Vec<TableId>,
    /// The smallest party it is given to.
    pub min_party: u8,
    /// The largest party that fits: less than the sum, since joined tables lose seats.
    pub max_party: u8,
    /// Who may book it.
    pub channel: Channel,
    /// Lower is offered first.
    pub rank: i16,
}

/// Parses a list of needs, without doubles.
///
/// # Errors
/// The first word that is not a need.
pub fn needs(words: &[String]) -> Result<Vec<Need>, Complaint> {
    let mut needs = words.iter().map(|word| word.parse()).collect::<Result<Vec<Need>, _>>()?;
    needs.sort_unstable();
    needs.dedup();
    Ok(needs)
}
