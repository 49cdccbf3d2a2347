//! Searches and days looked at, as they arrive.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::{LIMIT, at, degrees, number, optional, parse_area, parse_date, parse_needs, parse_sort, parse_time, rule};
use crate::field::{Complaint, FieldErrors};
use crate::floor::Need;
use crate::id::AreaId;
use crate::party::PartySize;
use crate::text::{Query, Slug};
use crate::time::TICK;

const NO_DATE: &str = "Open times are those of a date: say which, as YYYY-MM-DD.";
const NO_PARTY: &str = "Open times are those for a party: say how many guests.";

/// What to look for: the query of `GET /venues`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct SearchForm {
    /// Words to find in name, cuisine, neighbourhood or city.
    #[validate(custom(function = "rule::query"))]
    pub q: Option<String>,
    /// Only in this city.
    #[validate(custom(function = "rule::query"))]
    pub city: Option<String>,
    /// Only this cuisine.
    #[validate(custom(function = "rule::cuisine"))]
    pub cuisine: Option<String>,
    /// Only up to this price, 1 to 4.
    #[validate(custom(function = "rule::price"))]
    pub price: Option<String>,
    /// Near this latitude,
    #[validate(custom(function = "rule::lat"))]
    pub lat: Option<String>,
    /// and longitude.
    #[validate(custom(function = "rule::lon"))]
    pub lon: Option<String>,
    /// Open on this date, `YYYY-MM-DD`; with a party, every venue found says when it has a table.
    #[validate(custom(function = "rule::date"))]
    pub date: Option<String>,
    /// Around this time, `HH:MM` at the venue.
    #[validate(custom(function = "rule::time"))]
    pub time: Option<String>,
    /// For so many, 1 to 50; with a date.
    #[validate(custom(function = "rule::party_text"))]
    pub party: Option<String>,
    /// `name`, `price`, `distance` or `rating`.
    #[validate(custom(function = "rule::sort"))]
    pub sort: Option<String>,
    /// Where the page before ended.
    #[validate(custom(function = "rule::cursor"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

impl SearchForm {
    /// Every rule of every field, that a place has both its coordinates, and that an evening has a day and a party.
    fn check(&self) -> Result<(), FieldErrors> {
        let mut errors = self.validate().err().map(FieldErrors::from).unwrap_or_default();
        let given = |text: &Option<String>| optional(text.as_deref()).is_some();
        let needs_place =
            given(&self.lat) || given(&self.lon) || parse_sort(self.sort.as_deref()) == Ok(Sort::Distance);
        for (pointer, coordinate) in [("/lat", &self.lat), ("/lon", &self.lon)] {
            if needs_place && !given(coordinate) {
                errors.add(pointer, &Complaint::new("A place has both a latitude and a longitude."));
            }
        }
        let needs_evening = given(&self.date) || given(&self.time) || given(&self.party);
        for (pointer, part, words) in [("/date", &self.date, NO_DATE), ("/party", &self.party, NO_PARTY)] {
            if needs_evening && !given(part) {
                errors.add(pointer, &Complaint::new(words));
            }
        }
        errors.0.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        if errors.0.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// The order of found venues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Those with open times first, then by name.
    #[default]
    Best,
    /// By name.
    Name,
    /// Cheap first.
    Price,
    /// Near first.
    Distance,
    /// What guests liked best first; of equals what more of them wrote about.
    Rating,
}

/// Where a page of results ended: the last venue, and whether it stood among those without a free time.
///
/// Written `name` or `name.full`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last venue.
    pub slug: Slug,
    /// Whether it had no free time.
    pub full: bool,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.slug, if self.full { FULL } else { "" })
    }
}

impl std::str::FromStr for Cursor {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let bare = text.strip_suffix(FULL);
        Ok(Self { slug: bare.unwrap_or(text).parse()?, full: bare.is_some() })
    }
}

const FULL: &str = ".full";

/// A search understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Words, in lower case.
    pub words: Vec<String>,
    /// City.
    pub city: Option<String>,
    /// Cuisine.
    pub cuisine: Option<crate::venue::Cuisine>,
    /// Highest price.
    pub price: Option<u8>,
    /// Latitude and longitude.
    pub near: Option<(f64, f64)>,
    /// When and for how many open times are shown.
    pub when: Option<When>,
    /// Order.
    pub sort: Sort,
    /// After what the page begins.
    pub cursor: Option<Cursor>,
    /// How many.
    pub limit: usize,
}

/// When and for how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The service date.
    pub date: NaiveDate,
    /// The wall-clock time wanted.
    pub time: NaiveTime,
    /// The party.
    pub party: PartySize,
}

impl TryFrom<SearchForm> for Search {
    type Error = FieldErrors;

    fn try_from(form: SearchForm) -> Result<Self, FieldErrors> {
        form.check()?;
        let text = |pointer, value: &Option<String>| {
            at(pointer, optional(value.as_deref()).map(str::parse::<Query>).transpose())
        };
        let date = at("/date", optional(form.date.as_deref()).map(parse_date).transpose())?;
        let time = at("/time", optional(form.time.as_deref()).map(parse_time).transpose())?;
        let party = at("/party", optional(form.party.as_deref()).map(str::parse).transpose())?;
        let lat = at("/lat", optional(form.lat.as_deref()).map(|lat| degrees(lat, 90.0)).transpose())?;
        let lon = at("/lon", optional(form.lon.as_deref()).map(|lon| degrees(lon, 180.0)).transpose())?;
        let words = text("/q", &form.q)?.map(|q| q.as_str().to_lowercase()).unwrap_or_default();
        Ok(Self {
            words: words.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            city: text("/city", &form.city)?.map(String::from),
            cuisine: at("/cuisine", optional(form.cuisine.as_deref()).map(str::parse).transpose())?,
            price: at(
                "/price",
                optional(form.price.as_deref()).map(|price| number(price, 1..=4, "A price is 1 to 4.")).transpose(),
            )?,
            near: lat.zip(lon),
            when: date.zip(party).map(|(date, party)| When { date, time: time.unwrap_or_else(dinner), party }),
            sort: at("/sort", parse_sort(form.sort.as_deref()))?,
            cursor: at("/cursor", optional(form.cursor.as_deref()).map(str::parse).transpose())?,
            limit: at(
                "/limit",
                optional(form.limit.as_deref()).map(|limit| number(limit, 1..=100, LIMIT)).transpose(),
            )?
            .unwrap_or(24)
            .into(),
        })
    }
}

/// The time people look for when they do not say one.
#[must_use]
pub fn dinner() -> NaiveTime {
    NaiveTime::MIN + TICK * 78
}

/// Which starts to list: the query of `GET /venues/{slug}/availability`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct AvailabilityForm {
    /// The service date, `YYYY-MM-DD`.
    #[validate(required(message = "Give the date, as YYYY-MM-DD."), custom(function = "rule::needed_date"))]
    #[param(required = true)]
    pub date: Option<String>,
    /// How many come, 1 to 50.
    #[validate(required(message = "Give the number of guests."), custom(function = "rule::needed_party"))]
    #[param(required = true)]
    pub party: Option<String>,
    /// Only in this area.
    #[validate(custom(function = "rule::area"))]
    pub area: Option<String>,
    /// What they need, separated by commas.
    #[validate(custom(function = "rule::needs_text"))]
    pub needs: Option<String>,
}

/// A day looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DayWish {
    /// Which.
    pub date: NaiveDate,
    /// How many.
    pub party: PartySize,
    /// Where.
    pub area: Option<AreaId>,
    /// Their needs.
    pub needs: Vec<Need>,
}

impl TryFrom<AvailabilityForm> for DayWish {
    type Error = FieldErrors;

    fn try_from(form: AvailabilityForm) -> Result<Self, FieldErrors> {
        let read = || {
            Ok(Self {
                date: at("/date", parse_date(form.date.as_deref().unwrap_or_default()))?,
                party: at("/party", form.party.as_deref().unwrap_or_default().parse())?,
                area: at("/area", parse_area(form.area.as_deref()))?,
                needs: at("/needs", parse_needs(form.needs.as_deref().unwrap_or_default()))?,
            })
        };
        // Asked for more often than anything else: only what cannot be read is looked at a second time, for every complaint at once.
        read().map_err(|first| form.validate().err().map_or(first, FieldErrors::from))
    }
}
