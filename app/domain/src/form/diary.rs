//! A guest's own bookings, page by page, as they are asked for.

use serde::Deserialize;
use validator::Validate;

use super::list::{Slice, slice};
use super::{at, optional, rule};
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
    #[validate(custom(function = "rule::place"))]
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
    /// Which page.
    pub slice: Slice,
}

impl TryFrom<DiaryForm> for Diary {
    type Error = FieldErrors;

    fn try_from(form: DiaryForm) -> Result<Self, FieldErrors> {
        form.validate()?;
        Ok(Self {
            side: at("/when", parse_side(form.when.as_deref()))?,
            slice: slice(form.cursor.as_deref(), form.limit.as_deref())?,
        })
    }
}

pub(super) fn parse_side(text: Option<&str>) -> Result<Side, Complaint> {
    match optional(text) {
        None | Some("upcoming") => Ok(Side::Upcoming),
        Some("past") => Ok(Side::Past),
        Some(_) => Err(Complaint::new("List what is upcoming or past.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_said_is_the_next_two_dozen() {
        let diary = Diary::try_from(DiaryForm::default());
        assert_eq!(diary, Ok(Diary { side: Side::Upcoming, slice: Slice { after: None, limit: 24 } }));
        let form =
            DiaryForm { when: Some("past".to_owned()), cursor: Some(String::new()), limit: Some("100".to_owned()) };
        assert_eq!(Diary::try_from(form), Ok(Diary { side: Side::Past, slice: Slice { after: None, limit: 100 } }));
    }

    #[test]
    fn every_wrong_parameter_is_named_at_once() {
        let form =
            DiaryForm { when: Some("someday".to_owned()), cursor: Some("x".to_owned()), limit: Some("101".to_owned()) };
        let errors = Diary::try_from(form).unwrap_err();
        let pointers: Vec<&str> = errors.0.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/cursor", "/limit", "/when"]);
    }
}
