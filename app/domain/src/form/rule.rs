//! The rule of each field, as the validators call it: the constructor of the value it becomes.

use validator::ValidationError;

use super::{
    LIMIT, degrees, number, optional, parse_area, parse_date, parse_needs, parse_rev, parse_sort, parse_start,
    parse_time,
};
use crate::account::{self, Password};
use crate::field::Complaint;
use crate::floor;
use crate::party::PartySize;
use crate::reservation::Occasion;
use crate::review::Part;
use crate::text::{Email, Note, PersonName, Phone, Query, ReviewText, Slug};

type Checked = Result<(), ValidationError>;

fn pass<T>(parsed: Result<T, Complaint>) -> Checked {
    parsed.map(drop).map_err(Into::into)
}

pub(super) fn start(text: &str) -> Checked {
    pass(parse_start(text))
}

pub(super) fn party(people: i64) -> Checked {
    pass(PartySize::try_from(people))
}

pub(super) fn party_text(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<PartySize>).transpose())
}

pub(super) fn needed_party(text: &str) -> Checked {
    pass(text.parse::<PartySize>())
}

pub(super) fn area(text: &str) -> Checked {
    pass(parse_area(Some(text)))
}

pub(super) fn needs(words: &[String]) -> Checked {
    pass(floor::needs(words))
}

pub(super) fn needs_text(text: &str) -> Checked {
    pass(parse_needs(text))
}

pub(super) fn notifications(words: &[String]) -> Checked {
    pass(account::notifications(words))
}

pub(super) fn name(text: &str) -> Checked {
    pass(text.parse::<PersonName>())
}

pub(super) fn email(text: &str) -> Checked {
    pass(text.parse::<Email>())
}

pub(super) fn password(text: &str) -> Checked {
    pass(text.parse::<Password>())
}

/// A password that somebody already has: whether it is the right one, no rule knows.
pub(super) fn known_password(text: &str) -> Checked {
    match text.chars().count() {
        0 => Err(Complaint::new("Please give your password.").into()),
        1..=Password::MOST => Ok(()),
        _ => Err(Complaint::new("A password has at most 128 characters.").into()),
    }
}

pub(super) fn link(text: &str) -> Checked {
    let fits = (1..=512).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Complaint::new("This is not a token we gave out.").into()) }
}

pub(super) fn phone(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<Phone>).transpose())
}

pub(super) fn slug(text: &str) -> Checked {
    pass(text.parse::<Slug>())
}

pub(super) fn token(text: &str) -> Checked {
    let fits = text.len() <= 512 && text.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Complaint::new("This is not a hold we gave out.").into()) }
}

pub(super) fn notes(text: &str) -> Checked {
    pass(text.parse::<Note>())
}

pub(super) fn occasion(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<Occasion>).transpose())
}

pub(super) fn rev(rev: i64) -> Checked {
    pass(parse_rev(rev))
}

pub(super) fn overall(stars: i64) -> Checked {
    pass(Part::Overall.mark(stars))
}

pub(super) fn food(stars: i64) -> Checked {
    pass(Part::Food.mark(stars))
}

pub(super) fn service(stars: i64) -> Checked {
    pass(Part::Service.mark(stars))
}

pub(super) fn ambience(stars: i64) -> Checked {
    pass(Part::Ambience.mark(stars))
}

pub(super) fn review(text: &str) -> Checked {
    pass(text.parse::<ReviewText>())
}

pub(super) fn query(text: &str) -> Checked {
    pass(text.parse::<Query>())
}

pub(super) fn cuisine(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<crate::venue::Cuisine>).transpose())
}

pub(super) fn price(text: &str) -> Checked {
    pass(optional(Some(text)).map(|price| number(price, 1..=4, "A price is 1 to 4.")).transpose())
}

pub(super) fn lat(text: &str) -> Checked {
    pass(optional(Some(text)).map(|lat| degrees(lat, 90.0)).transpose())
}

pub(super) fn lon(text: &str) -> Checked {
    pass(optional(Some(text)).map(|lon| degrees(lon, 180.0)).transpose())
}

pub(super) fn date(text: &str) -> Checked {
    pass(optional(Some(text)).map(parse_date).transpose())
}

pub(super) fn needed_date(text: &str) -> Checked {
    pass(parse_date(text))
}

pub(super) fn time(text: &str) -> Checked {
    pass(optional(Some(text)).map(parse_time).transpose())
}

pub(super) fn sort(text: &str) -> Checked {
    pass(parse_sort(Some(text)))
}

pub(super) fn limit(text: &str) -> Checked {
    pass(optional(Some(text)).map(|limit| number(limit, 1..=100, LIMIT)).transpose())
}

pub(super) fn reply(text: &str) -> Checked {
    pass(text.parse::<crate::text::Reply>())
}

pub(super) fn place(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<super::Place>).transpose())
}

pub(super) fn role(text: &str) -> Checked {
    pass(text.parse::<crate::policy::Role>())
}

pub(super) fn cursor(text: &str) -> Checked {
    pass(optional(Some(text)).map(str::parse::<super::Cursor>).transpose())
}

pub(super) fn side(text: &str) -> Checked {
    pass(super::diary::parse_side(Some(text)))
}
