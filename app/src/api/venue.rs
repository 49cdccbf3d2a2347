//! One venue and its days.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

use super::{Art, Choice, Dear, Link, Rating, Review};
use crate::error::UiError;

/// Everything a guest reads about a venue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Whether the visitor keeps it as a favourite; `None` when nobody is signed in.
    pub kept: Option<bool>,
    /// One line about it.
    pub tagline: String,
    /// A few sentences about it.
    pub about: Vec<String>,
    /// What it cooks.
    pub cuisines: String,
    /// How dear it is.
    pub price: Dear,
    /// The part of town.
    pub neighbourhood: String,
    /// The city.
    pub city: String,
    /// "Open until 00:30", "Opens at 18:30", "Closed today".
    pub open: String,
    /// Its picture.
    pub art: Art,
    /// What guests thought of it, if any said so.
    pub rating: Option<Rating>,
    /// What the last of them said.
    pub reviews: Vec<Review>,
    /// Street and number.
    pub street: String,
    /// How to reach it: telephone, mail, its own pages.
    pub reach: Vec<Link>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// Where the city's other venues are, latitude before longitude.
    pub others: Vec<(f64, f64)>,
    /// A map on the web, and the way there.
    pub maps: (String, String),
    /// Its week.
    pub hours: Vec<HoursRow>,
    /// Days to come that differ.
    pub special: Vec<HoursRow>,
    /// What there is to eat and drink.
    pub menu: Vec<MenuPart>,
    /// What the short signs on the menu mean.
    pub diets: String,
    /// What makes it accessible, and what does not.
    pub access: Vec<Tick>,
    /// What to know before coming.
    pub facts: Vec<Fact>,
    /// Its areas, when there is more than one.
    pub areas: Vec<Choice>,
    /// The first day that can be booked.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// The venue for search engines, as schema.org JSON-LD.
    pub json_ld: String,
}

/// One line of the hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursRow {
    /// The day.
    pub day: String,
    /// Its hours, none when closed.
    pub spans: Vec<String>,
    /// What else is to be said.
    pub note: String,
    /// Whether it is today.
    pub today: bool,
}

/// A part of the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuPart {
    /// Its heading.
    pub name: String,
    /// Its dishes.
    pub items: Vec<MenuItem>,
}

/// One dish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Its price.
    pub price: String,
    /// Short signs and what they mean.
    pub diets: Vec<(String, String)>,
}

/// Something that is there, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// What.
    pub label: String,
    /// Whether.
    pub there: bool,
}

/// Something to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What about.
    pub term: String,
    /// What.
    pub text: String,
    /// And more in small.
    pub small: String,
}

/// Which day to look at, as it stands in an address; an empty text is no wish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DayAsk {
    /// The venue, or the manage token of the booking that may move.
    pub of: String,
    /// The service date.
    pub date: String,
    /// How many.
    pub party: String,
    /// Where.
    pub area: String,
    /// What the table must have.
    pub needs: Vec<String>,
    /// A start that was just refused: what is free near it comes first.
    pub lost: String,
}

/// The times of a day, ready to be put in their place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// As the page shows them.
    pub html: String,
    /// As they are said aloud.
    pub news: String,
}

/// What a guest reads about a venue.
#[server(prefix = "/ui", endpoint = "load_venue", input = Json)]
pub async fn load_venue(slug: String) -> Result<Venue, UiError> {
    crate::ssr::answer(async { crate::show::venue(&crate::ssr::backend()?, &slug).await }).await
}

/// The times of one day.
#[server(prefix = "/ui", endpoint = "load_availability", input = Json)]
pub async fn load_availability(ask: DayAsk) -> Result<Times, UiError> {
    crate::ssr::answer(async {
        let day = crate::show::day(&crate::ssr::backend()?, ask.clone()).await?;
        Ok(crate::components::times::drawn(day, ask, crate::components::times::Purpose::Hold))
    })
    .await
}
