//! Finding a venue.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::{Art, Choice, Dear, Link, Rated, Sitting};
use crate::error::UiError;

/// Where there are venues, and what they cook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Cities, those with most venues first.
    pub cities: Vec<City>,
    /// "Eight cities".
    pub title: String,
    /// The city to greet this visitor with.
    pub home: String,
    /// Cuisines by name.
    pub cuisines: Vec<Choice>,
}

/// One city.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct City {
    /// Its name.
    pub name: String,
    /// "4 restaurants".
    pub venues: String,
    /// Its search.
    pub href: String,
}

/// What to look for, as it stands in an address; an empty text is no wish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchAsk {
    /// Words to find.
    pub q: String,
    /// Only in this city.
    pub city: String,
    /// Only this cuisine.
    pub cuisine: String,
    /// Up to this price.
    pub price: String,
    /// On this date.
    pub date: String,
    /// Around this time.
    pub time: String,
    /// For so many.
    pub party: String,
    /// In this order.
    pub sort: String,
    /// After this venue.
    pub cursor: String,
}

/// A page of venues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// The wish as it was understood, with what was not said filled in.
    pub ask: SearchAsk,
    /// "Restaurants in Lisbon".
    pub title: String,
    /// Where: "Lisbon"; nothing when everywhere.
    pub place: String,
    /// When: "tonight", "tomorrow", "on Sunday 22 November".
    pub when: String,
    /// "Sunday 22 November, around 19:30, for two".
    pub lead: String,
    /// The first day that can be asked for.
    pub first_day: String,
    /// The sign of the currency there.
    pub sign: String,
    /// The venues.
    pub cards: Vec<Card>,
    /// Whether no venue that matches has a free time, on this page or any other.
    pub none_free: bool,
    /// The next page's address, if there is one.
    pub next: String,
    /// Wider searches that find something.
    pub instead: Vec<Link>,
}

/// One venue in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its page, for the day and party asked for.
    pub href: String,
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether the visitor keeps it as a favourite; `None` when nobody is signed in.
    pub kept: Option<bool>,
    /// What it cooks first of all.
    pub cuisine: String,
    /// How dear it is.
    pub price: Dear,
    /// The part of town, and the city where that is not plain.
    pub place: String,
    /// Its picture.
    pub art: Art,
    /// What guests thought of it, if any said so.
    pub rating: Option<Rated>,
    /// The nearest free times, each with the address that leads into booking it.
    pub times: Vec<(Link, Sitting)>,
    /// Why there are none.
    pub about: String,
}

/// Cities and cuisines.
#[server(prefix = "/ui", endpoint = "load_places", input = Json)]
pub async fn load_places() -> Result<Places, UiError> {
    crate::ssr::answer(async {
        let backend = crate::ssr::backend()?;
        Ok(crate::show::places(&backend.places().await?, &crate::ssr::languages(), backend.now()))
    })
    .await
}

/// Venues that match, with their nearest free times.
#[server(prefix = "/ui", endpoint = "load_search", input = Json)]
pub async fn load_search(ask: SearchAsk) -> Result<Results, UiError> {
    crate::ssr::answer(async { crate::show::results(&crate::ssr::backend()?, ask).await }).await
}
