//! The restaurant guide of the demo: its cities and venues as their files describe them, each word read by the domain.

mod calendar;
mod entry;
mod proof;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveTime;
use domain::text::{Email, Note, PersonName, Phone, Slug};
use domain::time::Zone;
use domain::venue::{Access, Cuisine};
use serde::{Deserialize, Deserializer};

pub use entry::{AreaEntry, Asking, Joins, MenuEntry, ServiceEntry, SpecialEntry, TermsEntry, TurnEntry};

use crate::{Error, Result};

const CITIES: [&str; 9] = [
    include_str!("cities/lisbon.toml"),
    include_str!("cities/london.toml"),
    include_str!("cities/new-york.toml"),
    include_str!("cities/mexico-city.toml"),
    include_str!("cities/tokyo.toml"),
    include_str!("cities/sydney.toml"),
    include_str!("cities/mumbai.toml"),
    include_str!("cities/copenhagen.toml"),
    include_str!("cities/sao-paulo.toml"),
];

/// Every city with its venues.
///
/// # Errors
/// A file breaks rules; the message says which and where.
pub fn cities() -> Result<Vec<City>> {
    CITIES
        .iter()
        .map(|file| {
            let city: City = read(file)?;
            match proof::faults(&city) {
                faults if faults.is_empty() => Ok(city),
                faults => Err(Error::Broken(format!("the demo: {}: {}", city.name, faults.join("; ")))),
            }
        })
        .collect()
}

/// Who books and what they write.
///
/// # Errors
/// As [`cities`].
pub fn people() -> Result<People> {
    read(include_str!("people.toml"))
}

/// A file of the demo.
pub fn read<T: for<'de> Deserialize<'de>>(file: &str) -> Result<T> {
    toml::from_str(file).map_err(|error| Error::Broken(format!("the demo: {error}")))
}

/// A city and what its venues have in common.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct City {
    pub name: String,
    pub country: String,
    #[serde(deserialize_with = "word")]
    pub zone: Zone,
    pub currency: String,
    pub locale: String,
    /// Latitude and longitude of its middle.
    pub centre: [f64; 2],
    /// The shape of its venues' telephone numbers, `#` for any digit: a range in which nobody answers.
    pub lines: String,
    /// The same for guests.
    pub mobiles: String,
    /// What stands before the `@` of its venues' addresses.
    pub mailbox: String,
    /// Where those are at home who book here, in [`People::names`]; named twice, twice as often.
    pub names: Vec<String>,
    pub venues: Vec<Listing>,
}

/// One venue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    pub slug: Slug,
    pub name: String,
    /// Who runs it, where that is not the venue itself.
    pub org: Option<String>,
    pub cuisines: Vec<Cuisine>,
    pub price: u8,
    pub tagline: String,
    pub description: String,
    pub street: String,
    pub neighbourhood: String,
    /// Latitude and longitude.
    pub at: [f64; 2],
    pub phone: Phone,
    pub accessibility: Vec<Access>,
    pub art_seed: i64,
    #[serde(default = "four_o_clock")]
    pub rollover: NaiveTime,
    /// Minutes between two starts.
    #[serde(default = "quarter")]
    pub slot: u8,
    /// Days ahead.
    #[serde(default = "three_months")]
    pub horizon: u16,
    /// Minutes ahead, at least.
    #[serde(default = "one_hour")]
    pub notice: u16,
    /// The largest party that need not ask.
    #[serde(default = "eight")]
    pub largest: u8,
    /// Covers that may start in a quarter of an hour: all, and those booked online.
    pub pace: [u16; 2],
    pub services: Vec<ServiceEntry>,
    pub turns: Vec<TurnEntry>,
    pub terms: Vec<TermsEntry>,
    pub special: Vec<SpecialEntry>,
    pub areas: Vec<AreaEntry>,
    pub menu: Vec<MenuEntry>,
}

/// Who books and what they write.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub names: BTreeMap<String, Names>,
    pub notes: Notes,
}

/// Names of one part of the world.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub given: Vec<PersonName>,
    pub family: Vec<PersonName>,
}

/// What guests write, by why they write.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    pub plain: Vec<Note>,
    pub diets: Vec<Note>,
    pub birthday: Vec<Note>,
    pub anniversary: Vec<Note>,
    pub celebration: Vec<Note>,
    pub business: Vec<Note>,
}

impl Listing {
    /// Its address for mail: one that can never exist (RFC 2606).
    ///
    /// # Errors
    /// The slug makes no address.
    pub fn email(&self, city: &City) -> Result<Email> {
        format!("{}@{}.example", city.mailbox, self.slug)
            .parse()
            .map_err(|complaint| Error::Broken(format!("{}: {complaint}", self.slug)))
    }
}

fn word<'de, D: Deserializer<'de>, T: FromStr<Err: Display>>(from: D) -> std::result::Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

fn four_o_clock() -> NaiveTime {
    NaiveTime::MIN + chrono::Duration::hours(4)
}

const fn quarter() -> u8 {
    15
}

const fn three_months() -> u16 {
    90
}

const fn one_hour() -> u16 {
    60
}

const fn eight() -> u8 {
    8
}
