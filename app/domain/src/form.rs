//! Inputs as they arrive, checked by the constructors of the values they become, all complaints at once.

mod account;
mod booking;
mod diary;
mod list;
mod profile;
mod review;
mod rule;
mod search;
mod staff;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

pub use account::{
    ConfirmForm, Credentials, EmailForm, ForgottenForm, NewPassword, PasswordForm, RefreshForm, RegisterForm,
    Registration, ResetForm, SignInForm,
};
pub use booking::{Booking, BookingForm, CancelForm, Change, ChangeForm, GuestForm, HoldForm, LateForm, Wish};
pub use diary::{Diary, DiaryForm, Side};
pub use list::{DayForm, DaySlice, ListForm, Place, Slice};
pub use profile::{EraseForm, ProfileChange, ProfileForm};
pub use review::{AnswerForm, Opinion, ReviewChange, ReviewChangeForm, ReviewForm, StarsForm};
pub use search::{AvailabilityForm, Cursor, DayWish, Search, SearchForm, Sort, When, dinner};
pub use staff::{Appointment, StaffForm};

use crate::field::{Complaint, FieldErrors};
use crate::floor::{self, Need};
use crate::id::AreaId;
use crate::time::TICK;

fn at<T>(pointer: &str, parsed: Result<T, Complaint>) -> Result<T, FieldErrors> {
    parsed.map_err(|complaint| FieldErrors::one(pointer, &complaint))
}

/// A field left empty in a form of a page is a field not given.
fn optional(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn parse_start(text: &str) -> Result<DateTime<Utc>, Complaint> {
    let start = DateTime::parse_from_rfc3339(text.trim())
        .map_err(|_| Complaint::new("Give the start with its offset, such as 2026-11-21T19:30:00+00:00."))?;
    let start = start.to_utc();
    if !YEARS.contains(&start.year()) {
        Err(Complaint::new("This date is too far away."))
    } else if start.timestamp() % TICK.num_seconds() != 0 || start.timestamp_subsec_nanos() != 0 {
        Err(Complaint::new("Tables are booked at the quarter hour."))
    } else {
        Ok(start)
    }
}

fn parse_area(text: Option<&str>) -> Result<Option<AreaId>, Complaint> {
    optional(text).map(str::parse).transpose().map_err(|_| Complaint::new("There is no such area here."))
}

fn parse_rev(rev: i64) -> Result<i32, Complaint> {
    i32::try_from(rev).ok().filter(|rev| *rev >= 1).ok_or_else(|| Complaint::new("Name the revision that you saw."))
}

/// Parses `YYYY-MM-DD`, within a century or so.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse_date(text: &str) -> Result<NaiveDate, Complaint> {
    let text = text.trim();
    // Chrono reads more spellings than one.
    let is_shaped = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let date: Option<NaiveDate> = text.parse().ok().filter(|_| is_shaped);
    let date = date.ok_or_else(|| Complaint::new("Write the date as YYYY-MM-DD."))?;
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(Complaint::new("This date is too far away.")) }
}

/// Parses `HH:MM`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse_time(text: &str) -> Result<NaiveTime, Complaint> {
    let text = text.trim();
    let time = NaiveTime::parse_from_str(text, CLOCK).ok().filter(|time| time.format(CLOCK).to_string() == text);
    time.ok_or_else(|| Complaint::new("Write the time as HH:MM."))
}

/// A clock's face.
const CLOCK: &str = "%H:%M";

/// Years with more than four digits overflow what PostgreSQL and calendars hold.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;

fn parse_sort(text: Option<&str>) -> Result<Sort, Complaint> {
    match optional(text) {
        None | Some("best") => Ok(Sort::Best),
        Some("name") => Ok(Sort::Name),
        Some("price") => Ok(Sort::Price),
        Some("distance") => Ok(Sort::Distance),
        Some("rating") => Ok(Sort::Rating),
        Some(_) => Err(Complaint::new("Sort by best, name, price, distance or rating.")),
    }
}

fn parse_needs(text: &str) -> Result<Vec<Need>, Complaint> {
    let words: Vec<String> =
        text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    floor::needs(&words)
}

fn number(text: &str, range: std::ops::RangeInclusive<u8>, words: &'static str) -> Result<u8, Complaint> {
    text.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(|| Complaint::new(words))
}

fn degrees(text: &str, most: f64) -> Result<f64, Complaint> {
    let wrong = || Complaint::new(format!("Write degrees as a number between -{most} and {most}."));
    text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most).ok_or_else(wrong)
}

const LIMIT: &str = "A page has 1 to 100 entries.";
