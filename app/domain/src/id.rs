//! Ids that cannot be taken for one another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "native", derive(sqlx::Type, utoipa::ToSchema))]
        #[cfg_attr(feature = "native", sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::field::Complaint;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self).map_err(|_| crate::field::Complaint::new("This is not an id we gave out."))
            }
        }
    )+};
}

ids! {
    /// One organisation, the owner of venues.
    OrgId
    /// One restaurant, bar or café.
    VenueId
    /// One part of a venue: the dining room, the terrace.
    AreaId
    /// One physical table.
    TableId
    /// One combination of tables.
    ComboId
    /// One service: lunch, dinner.
    ServiceId
    /// One booking.
    ReservationId
    /// One person who signs in.
    AccountId
    /// One place where somebody is signed in.
    SessionId
    /// One place of somebody at a venue.
    StaffId
    /// What one guest said about one visit.
    ReviewId
}
