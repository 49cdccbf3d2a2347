//! What a venue's entry is made of: services, rules, areas, tables, dishes.

use std::str::FromStr;

use chrono::NaiveTime;
use domain::floor::{AreaKind, Channel};
use domain::text::Note;
use serde::{Deserialize, Serialize};

use super::calendar::{Recurrence, Week};
use super::word;

/// One service, and how well it does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceEntry {
    pub name: String,
    #[serde(deserialize_with = "word")]
    pub days: Week,
    pub first: NaiveTime,
    pub last: NaiveTime,
    pub ends: NaiveTime,
    /// The only starts, where they are fixed.
    pub at: Option<Vec<NaiveTime>>,
    #[serde(default)]
    pub accept: Asking,
    /// Larger parties ask.
    pub instant_upto: Option<u8>,
    /// Where it differs from the venue's.
    pub pace: Option<[u16; 2]>,
    /// When most people want to come.
    pub peak: NaiveTime,
    /// The share of its seats taken on a good Friday.
    pub fills: f64,
}

/// Whether every party asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    #[default]
    Instant,
    Request,
}

/// A turn time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TurnEntry {
    /// From, to.
    pub party: [u8; 2],
    pub minutes: u16,
    #[serde(default)]
    pub buffer: u16,
    pub service: Option<String>,
    pub area: Option<String>,
}

/// The terms from a party size on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermsEntry {
    #[serde(default = "one")]
    pub from: u8,
    /// Cancelling is free until so many hours before.
    pub hours: u32,
    pub text: Note,
}

/// A day that comes again and differs: closed, or with hours of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecialEntry {
    #[serde(deserialize_with = "word")]
    pub on: Recurrence,
    pub note: String,
    pub first: Option<NaiveTime>,
    pub last: Option<NaiveTime>,
    pub ends: Option<NaiveTime>,
}

/// One area with its tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaEntry {
    pub name: String,
    pub kind: AreaKind,
    pub tables: Vec<TableRun>,
    #[serde(default)]
    pub joins: Vec<Joins>,
}

/// Tables of a kind, side by side.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRun {
    /// `7` or `T1-T4`.
    #[serde(deserialize_with = "word")]
    pub labels: Labels,
    /// Smallest and largest party.
    pub seats: [u8; 2],
    #[serde(default)]
    pub kind: TableKind,
    #[serde(default)]
    pub features: Vec<String>,
    /// Whether one climbs to it.
    #[serde(default)]
    pub steps: bool,
    /// Wheelchairs that fit at each.
    #[serde(default)]
    pub wheelchair: u8,
    #[serde(default = "online")]
    pub channel: Channel,
}

/// Tables that are pushed together, all in the same way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Joins {
    /// `7+8`, `9+10+11`.
    pub tables: Vec<String>,
    /// Smallest and largest party: fewer than the tables seat apart.
    pub seats: [u8; 2],
    #[serde(default)]
    pub rank: i16,
}

/// What a table looks like.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    #[default]
    Standard,
    Booth,
    HighTop,
    Counter,
    Communal,
}

/// A part of the menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuEntry {
    pub section: String,
    pub items: Vec<Dish>,
}

/// One dish or drink.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dish {
    pub name: String,
    pub about: String,
    /// In minor units of the city's currency; none when it depends.
    pub price: Option<i32>,
    #[serde(default)]
    pub diets: Vec<Diet>,
}

/// Who can eat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Diet {
    Vegan,
    Vegetarian,
    GlutenFree,
}

/// The labels of a run of tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(pub Vec<String>);

impl FromStr for Labels {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let Some((first, last)) = text.split_once('-') else { return Ok(Self(vec![text.to_owned()])) };
        let number = |label: &str| label.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse::<u16>().ok();
        let prefix = |label: &str| label.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        match (number(first), number(last)) {
            (Some(from), Some(to)) if from < to && prefix(first) == prefix(last) => {
                Ok(Self((from..=to).map(|n| format!("{}{n}", prefix(first))).collect()))
            }
            _ => Err(format!("`{text}` is no run of labels such as T1-T4")),
        }
    }
}

const fn one() -> u8 {
    1
}

const fn online() -> Channel {
    Channel::Online
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_labels_are_read() {
        let labels = |text: &str| text.parse::<Labels>().map(|labels| labels.0.join(" "));
        assert_eq!(labels("7"), Ok("7".to_owned()));
        assert_eq!(labels("T9-T11"), Ok("T9 T10 T11".to_owned()));
        for wrong in ["T4-T1", "T1-B4", "1-", "T-V"] {
            assert!(labels(wrong).is_err(), "{wrong}");
        }
    }
}
