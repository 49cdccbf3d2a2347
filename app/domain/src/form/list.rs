//! Pages of lists, as they are asked for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

use super::{LIMIT, at, number, optional, parse_date, rule};
use crate::field::{Complaint, FieldErrors};

/// Which page of a list: the query of everything that lists by time.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct ListForm {
    /// Where the page before ended.
    #[validate(custom(function = "rule::place"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    /// After what it begins.
    pub after: Option<Place>,
    /// How many.
    pub limit: usize,
}

impl Slice {
    /// How many to look for, so that it shows whether there are more.
    #[must_use]
    pub fn one_more(self) -> i64 {
        i64::try_from(self.limit).map_or(i64::MAX, |limit| limit + 1)
    }

    /// What was found, one more than asked for where there is more, as a page: its entries, and what to ask with for the next.
    pub fn cut<T>(self, mut found: Vec<T>, place: impl Fn(&T) -> Place) -> (Vec<T>, Option<String>) {
        let more = found.len() > self.limit;
        found.truncate(self.limit);
        let next = found.last().filter(|_| more).map(|last| place(last).to_string());
        (found, next)
    }
}

impl TryFrom<ListForm> for Slice {
    type Error = FieldErrors;

    fn try_from(form: ListForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        slice(form.cursor.as_deref(), form.limit.as_deref())
    }
}

pub(super) fn slice(cursor: Option<&str>, limit: Option<&str>) -> Result<Slice, FieldErrors> {
    let limit = optional(limit).map(|limit| number(limit, 1..=100, LIMIT)).transpose();
    Ok(Slice {
        after: at("/cursor", optional(cursor).map(str::parse).transpose())?,
        limit: at("/limit", limit)?.unwrap_or(24).into(),
    })
}

/// A place in a list that is sorted by time, then by id; as a cursor, `1795291200000000-018f…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The time, in whole microseconds.
    pub at: DateTime<Utc>,
    /// The id.
    pub id: Uuid,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at.timestamp_micros(), self.id.simple())
    }
}

impl std::str::FromStr for Place {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let read = || {
            let (micros, id) = text.split_once('-')?;
            let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            let place = Self { at, id: id.parse().ok()? };
            // One spelling each, within what PostgreSQL holds.
            (super::YEARS.contains(&chrono::Datelike::year(&at)) && place.to_string() == text).then_some(place)
        };
        read().ok_or_else(|| Complaint::new("This is not a cursor we gave out."))
    }
}

/// Which bookings of a venue: the query of `GET /host/{slug}/reservations`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DayForm {
    /// The service date, `YYYY-MM-DD`.
    #[validate(required(message = "Give the date, as YYYY-MM-DD."), custom(function = "rule::needed_date"))]
    #[param(required = true)]
    pub date: Option<String>,
    /// Where the page before ended.
    #[validate(custom(function = "rule::place"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

/// One page of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySlice {
    /// The service date.
    pub date: NaiveDate,
    /// Which page.
    pub slice: Slice,
}

impl TryFrom<DayForm> for DaySlice {
    type Error = FieldErrors;

    fn try_from(form: DayForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            date: at("/date", parse_date(form.date.as_deref().unwrap_or_default()))?,
            slice: slice(form.cursor.as_deref(), form.limit.as_deref())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_and_nothing_else_is_one() {
        let place =
            Place { at: DateTime::from_timestamp_micros(1_795_291_200_123_456).unwrap(), id: Uuid::from_u128(7) };
        assert_eq!(place.to_string().parse(), Ok(place));
        for wrong in [
            "",
            "-",
            "1-",
            "1",
            "+1-00000000000000000000000000000007",
            "1-x",
            &format!("{place} "),
            "9223372036854775807-00000000000000000000000000000007",
        ] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
