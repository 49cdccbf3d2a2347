//! What a guest reads about a venue.

use serde::{Deserialize, Serialize};

use crate::floor::{Area, words};
use crate::review::Rating;
use crate::text::Slug;

words! {
    /// What a kitchen cooks.
    Cuisine("There is no such cuisine here.") {
        /// American.
        American = "american" / "American",
        /// Bakery and breakfast.
        Bakery = "bakery" / "Bakery",
        /// Cocktails and small plates.
        Bar = "bar" / "Cocktail bar",
        /// Bistro.
        Bistro = "bistro" / "Bistro",
        /// Coffee and light meals.
        Cafe = "cafe" / "Café",
        /// Chinese.
        Chinese = "chinese" / "Chinese",
        /// Ethiopian.
        Ethiopian = "ethiopian" / "Ethiopian",
        /// French.
        French = "french" / "French",
        /// Greek.
        Greek = "greek" / "Greek",
        /// Fire and meat.
        Grill = "grill" / "Grill",
        /// Indian.
        Indian = "indian" / "Indian",
        /// Italian.
        Italian = "italian" / "Italian",
        /// Japanese.
        Japanese = "japanese" / "Japanese",
        /// Korean.
        Korean = "korean" / "Korean",
        /// Levantine.
        Levantine = "levantine" / "Levantine",
        /// Mexican.
        Mexican = "mexican" / "Mexican",
        /// Moroccan.
        Moroccan = "moroccan" / "Moroccan",
        /// Nordic.
        Nordic = "nordic" / "Nordic",
        /// Peruvian.
        Peruvian = "peruvian" / "Peruvian",
        /// Pizza.
        Pizza = "pizza" / "Pizza",
        /// Portuguese.
        Portuguese = "portuguese" / "Portuguese",
        /// Noodle soups.
        Ramen = "ramen" / "Ramen",
        /// Fish and shellfish.
        Seafood = "seafood" / "Seafood",
        /// Spanish and tapas.
        Spanish = "spanish" / "Spanish",
        /// Sushi.
        Sushi = "sushi" / "Sushi",
        /// Tasting menus.
        Tasting = "tasting" / "Tasting menu",
        /// Thai.
        Thai = "thai" / "Thai",
        /// Vegetables first.
        Vegetarian = "vegetarian" / "Vegetarian",
        /// Vietnamese.
        Vietnamese = "vietnamese" / "Vietnamese",
        /// Wine and small plates.
        Wine = "wine" / "Wine bar",
    }

    /// What makes a venue accessible.
    Access("There is no such feature.") {
        /// No step at the door.
        StepFreeEntrance = "step_free_entrance" / "Step-free entrance",
        /// A toilet for wheelchair users.
        AccessibleToilet = "accessible_toilet" / "Accessible toilet",
        /// Tables with space for wheelchairs.
        WheelchairSpaces = "wheelchair_spaces" / "Tables with wheelchair space",
        /// Menu in Braille.
        BrailleMenu = "braille_menu" / "Menu in Braille",
        /// Menu in large print.
        LargePrintMenu = "large_print_menu" / "Menu in large print",
        /// Hearing loop.
        HearingLoop = "hearing_loop" / "Hearing loop",
        /// Assistance dogs are welcome.
        AssistanceDogs = "assistance_dogs" / "Assistance dogs welcome",
        /// Hours without music.
        QuietHours = "quiet_hours" / "Hours without music",
    }
}

/// A venue in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Card {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// One line about it.
    pub tagline: String,
    /// What it cooks, the main one first.
    pub cuisines: Vec<Cuisine>,
    /// From 1 (cheap) to 4.
    pub price: u8,
    /// The part of town.
    pub neighbourhood: String,
    /// The city.
    pub city: String,
    /// ISO 3166 country code.
    pub country: String,
    /// ISO 4217 currency of its prices.
    pub currency: String,
    /// IANA time zone.
    pub timezone: String,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lon: f64,
    /// What its picture is drawn from.
    pub art_seed: i64,
    /// What guests thought of it; `null` while nobody has said.
    pub rating: Option<Rating>,
}

/// Everything a guest reads before coming.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Profile {
    /// The venue in short.
    #[serde(flatten)]
    pub card: Card,
    /// A few sentences about it.
    pub description: String,
    /// Street and number.
    pub street: String,
    /// Telephone in E.164.
    pub phone: Option<String>,
    /// Email address for guests.
    pub email: Option<String>,
    /// Its own pages.
    pub website: Option<String>,
    /// What makes it accessible.
    pub accessibility: Vec<Access>,
    /// Its areas.
    pub areas: Vec<Area>,
    /// Its week, Monday first.
    pub hours: Vec<Weekday>,
    /// Days to come that differ, in order.
    pub special_days: Vec<Special>,
    /// What there is to eat and drink.
    pub menu: Vec<MenuSection>,
    /// The terms of a booking: the rules of a service go before those of all, and of these the one for the largest party it reaches.
    pub policies: Vec<PolicyRule>,
    /// When a service date begins, `04:00`: times before it belong to the evening before.
    pub day_rollover: String,
    /// How many days ahead one can book.
    pub horizon_days: u32,
    /// How many minutes before the start one must book.
    pub min_notice_minutes: i64,
    /// The largest party that any service books at once; larger ones ask the venue. 0 when all ask.
    pub largest_instant_party: u8,
}

/// One day of the week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Weekday {
    /// English name of the day.
    pub day: String,
    /// Its services, none when closed.
    pub services: Vec<ServiceHours>,
}

/// One service of a day, in the venue's wall clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct ServiceHours {
    /// What the venue calls it.
    pub name: String,
    /// First seating, `19:00`.
    pub first_seating: String,
    /// Last seating.
    pub last_seating: String,
    /// When the room closes.
    pub ends: String,
    /// The only starts, where there are fixed seatings.
    pub seatings: Vec<String>,
}

/// A day that differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Special {
    /// Which.
    pub date: chrono::NaiveDate,
    /// Its hours, `None` when closed.
    pub hours: Option<ServiceHours>,
    /// Why.
    pub note: String,
}

/// A part of the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct MenuSection {
    /// Its heading.
    pub name: String,
    /// What is in it.
    pub items: Vec<MenuItem>,
}

/// One dish or drink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct MenuItem {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// Its price in minor units of the venue's currency.
    pub price_minor: Option<i32>,
    /// `vegan`, `vegetarian`, `gluten_free`.
    pub diets: Vec<String>,
}

/// Terms that hold for parties from some size on, in one service or in all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct PolicyRule {
    /// Only in this service; `null` means in all of them.
    pub service: Option<String>,
    /// For parties of so many and more.
    pub min_party: u8,
    /// The terms.
    #[serde(flatten)]
    pub policy: Policy,
}

/// The terms of a booking, as guests read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "native", derive(utoipa::ToSchema))]
pub struct Policy {
    /// Cancelling is free until so many minutes before the start.
    pub free_cancel_minutes: u32,
    /// The policy in the venue's words, possibly empty.
    pub text: String,
}
