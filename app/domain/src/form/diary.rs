//! A guest's own lists, page by page, as they are asked for.

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::Deserialize;
use uuid::Uuid;
use validator::Validate;

use super::{LIMIT, YEARS, at, number, optional, rule};
use crate::field::{Complaint, FieldErrors};

/// Which of their bookings somebody wants to see: the query of `GET /me/reservations`.
#[derive(Clone, Debug, Default, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct DiaryForm {
    /// `upcoming`, the next one first, or `past`, the last one first; `upcoming` when it is left out.
    #[validate(custom(function = "rule::side"))]
    pub when: Option<String>,
    /// Where the page before ended.
    #[validate(custom(function = "rule::after"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

/// Which bookings of a guest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Those that stand and are not over, the next one first.
    #[default]
    Upcoming,
    /// All others, the last one first.
    Past,
}

/// A page of bookings asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diary {
    /// Which.
    pub side: Side,
    /// After what the page begins.
    pub after: Option<After>,
    /// How many.
    pub limit: usize,
}

impl TryFrom<DiaryForm> for Diary {
    type Error = FieldErrors;

    fn try_from(form: DiaryForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            side: at("/when", parse_side(form.when.as_deref()))?,
            after: parse_after(form.cursor.as_deref())?,
            limit: parse_limit(form.limit.as_deref())?,
        })
    }
}

/// Which favourites somebody wants to see: the query of `GET /me/favorites`.
#[derive(Clone, Debug, Default, Deserialize, Validate, utoipa::ToSchema, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct FavoritesForm {
    /// Where the page before ended.
    #[validate(custom(function = "rule::after"))]
    pub cursor: Option<String>,
    /// How many, 1 to 100.
    #[validate(custom(function = "rule::limit"))]
    pub limit: Option<String>,
}

/// A page of favourites asked for, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Favorites {
    /// After what the page begins.
    pub after: Option<After>,
    /// How many.
    pub limit: usize,
}

impl TryFrom<FavoritesForm> for Favorites {
    type Error = FieldErrors;

    fn try_from(form: FavoritesForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self { after: parse_after(form.cursor.as_deref())?, limit: parse_limit(form.limit.as_deref())? })
    }
}

/// Where a page of a list ended that is ordered by time: the instant of its last entry, and its id among those of that instant.
///
/// Written `2026-11-21T19:30:00Z.018f0000-0000-7000-8000-000000000001`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The id.
    pub id: Uuid,
}

impl std::fmt::Display for After {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.to_rfc3339_opts(SecondsFormat::AutoSi, true), self.id)
    }
}

impl std::str::FromStr for After {
    type Err = Complaint;

    fn from_str(text: &str) -> Result<Self, Complaint> {
        let after = || {
            let (at, id) = text.rsplit_once('.')?;
            let at = DateTime::parse_from_rfc3339(at).ok()?.to_utc();
            Some(Self { at, id: id.parse().ok()? }).filter(|after| YEARS.contains(&after.at.year()))
        };
        after().ok_or_else(|| Complaint::new("This is not where a page of ours ended."))
    }
}

pub(super) fn parse_side(text: Option<&str>) -> Result<Side, Complaint> {
    match optional(text) {
        None | Some("upcoming") => Ok(Side::Upcoming),
        Some("past") => Ok(Side::Past),
        Some(_) => Err(Complaint::new("List what is upcoming or past.")),
    }
}

fn parse_after(text: Option<&str>) -> Result<Option<After>, FieldErrors> {
    at("/cursor", optional(text).map(str::parse).transpose())
}

fn parse_limit(text: Option<&str>) -> Result<usize, FieldErrors> {
    let limit = optional(text).map(|limit| number(limit, 1..=100, LIMIT)).transpose();
    Ok(at("/limit", limit)?.unwrap_or(24).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_cursor_reads_back_to_the_microsecond() {
        for at in ["2026-11-21T19:30:00Z", "2026-11-21T19:30:00.000001Z"] {
            let after = After { at: at.parse().unwrap(), id: Uuid::from_u128(7) };
            assert_eq!(after.to_string(), format!("{at}.{}", after.id));
            assert_eq!(after.to_string().parse(), Ok(after));
        }
        for wrong in ["", ".", "x", "2026-11-21.x", "262000-01-01T00:00:00Z.018f0000-0000-7000-8000-000000000001"] {
            assert!(wrong.parse::<After>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_said_is_the_next_two_dozen() {
        let diary = Diary::try_from(DiaryForm::default());
        assert_eq!(diary, Ok(Diary { side: Side::Upcoming, after: None, limit: 24 }));
        let form = DiaryForm { when: said("past"), cursor: said(""), limit: said("100") };
        assert_eq!(Diary::try_from(form), Ok(Diary { side: Side::Past, after: None, limit: 100 }));
    }

    #[test]
    fn every_wrong_parameter_is_named_at_once() {
        let form = DiaryForm { when: said("someday"), cursor: said("x"), limit: said("101") };
        let errors = Diary::try_from(form).unwrap_err();
        let pointers: Vec<&str> = errors.0.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/cursor", "/limit", "/when"]);
        let form = FavoritesForm { cursor: said("x"), limit: said("0") };
        assert_eq!(Favorites::try_from(form).unwrap_err().0.len(), 2);
    }
}
