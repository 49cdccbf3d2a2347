//! Turns the forms of pages into commands, with every complaint at once, in the order of the form.

use backend::Key;
use domain::field::{Complaint, FieldErrors};
use domain::form::{
    Booking, BookingForm, CancelForm, Change, ChangeForm, GuestForm, HoldForm, LateForm, Opinion, ReviewChange,
    ReviewChangeForm, ReviewForm, StarsForm, Wish,
};
use domain::id::ReviewId;
use domain::party::PartySize;
use domain::text::{Note, Slug};

use crate::api::{BookAsk, CancelAsk, ChangeAsk, HoldAsk, LateAsk, ReviewAsk};
use crate::error::UiError;
use crate::islands::control;

/// The command of a hold form. The key names the page and the choice, so that another choice on the same page is another request.
///
/// # Errors
/// Every field that is wrong.
pub fn hold(ask: HoldAsk) -> Result<(Slug, Wish, Option<Key>), UiError> {
    let slug: Slug = ask.slug.parse().map_err(|_| UiError::NotFound)?;
    if ask.start.is_empty() {
        return Err(FieldErrors::one("/start", &Complaint::new("Choose a time first.")).into());
    }
    let choice = [&ask.key, &ask.start, &ask.party, &ask.area, &ask.needs.join(",")].map(String::as_str).join("/");
    let key = (!ask.key.is_empty()).then_some(choice);
    let form = HoldForm { start: ask.start, party: people(&ask.party)?, area: Some(ask.area), needs: ask.needs };
    let wish = form.try_into()?;
    Ok((slug, wish, read_key(key)?))
}

/// The command of a booking form.
///
/// # Errors
/// Every field that is wrong.
pub fn booking(ask: BookAsk) -> Result<(Booking, Option<Key>), UiError> {
    let key = read_key(Some(ask.key))?;
    let form = BookingForm {
        venue: ask.venue,
        start: ask.start,
        party: people(&ask.party)?,
        area: Some(ask.area),
        hold: Some(ask.hold),
        guest: GuestForm { name: ask.name, email: ask.email, phone: Some(ask.phone) },
        notes: ask.notes,
        needs: ask.needs,
        occasion: Some(ask.occasion),
    };
    Ok((Booking::try_from(form).map_err(|wrong| in_order(wrong, &BookAsk::FIELDS))?, key))
}

/// The command of a change form.
///
/// # Errors
/// Every field that is wrong.
pub fn change(ask: ChangeAsk) -> Result<(Change, Option<Key>), UiError> {
    let moves = !ask.start.is_empty();
    if !moves && ask.notes.is_none() {
        return Err(FieldErrors::one("/start", &Complaint::new("Choose a time first.")).into());
    }
    let form = ChangeForm {
        rev: whole(&ask.rev),
        party: if moves { Some(people(&ask.party)?) } else { None },
        area: moves.then_some(ask.area),
        start: moves.then_some(ask.start),
        notes: ask.notes,
    };
    Ok((form.try_into()?, read_key(Some(ask.key))?))
}

/// The command of a cancellation.
///
/// # Errors
/// Every field that is wrong.
pub fn cancel(ask: CancelAsk) -> Result<(i32, Note, Option<Key>), UiError> {
    let (rev, reason) = CancelForm { rev: whole(&ask.rev), reason: ask.reason }.try_into()?;
    Ok((rev, reason, read_key(Some(ask.key))?))
}

/// The command of a late notice.
///
/// # Errors
/// Every field that is wrong.
pub fn late(ask: LateAsk) -> Result<(Option<i32>, i16, Option<Key>), UiError> {
    let rev = (!ask.rev.is_empty()).then(|| whole(&ask.rev));
    let (rev, minutes) = LateForm { rev, minutes: ask.minutes.trim().parse().unwrap_or(0) }.try_into()?;
    Ok((rev, minutes, read_key(Some(ask.key))?))
}

/// What a review form asks for.
#[derive(Debug)]
pub enum Wording {
    /// To write a review.
    Write(Opinion),
    /// To write it anew.
    Change(ReviewId, ReviewChange),
}

/// The command of a review form.
///
/// # Errors
/// Every field that is wrong.
pub fn review(ask: ReviewAsk) -> Result<(Wording, Option<Key>), UiError> {
    let stars = StarsForm {
        food: whole(&ask.food),
        service: whole(&ask.service),
        ambience: whole(&ask.ambience),
        overall: whole(&ask.overall),
    };
    let in_order = |wrong| in_order(wrong, &ReviewAsk::FIELDS);
    let wording = if ask.review.is_empty() {
        let form = ReviewForm { stars, body: ask.body };
        Wording::Write(form.try_into().map_err(in_order)?)
    } else {
        let id = ask.review.parse().map_err(|_| UiError::NotFound)?;
        let form = ReviewChangeForm { rev: whole(&ask.rev), stars: Some(stars), body: Some(ask.body) };
        Wording::Change(id, form.try_into().map_err(in_order)?)
    };
    Ok((wording, read_key(Some(ask.key))?))
}

/// Complaints in the order in which the form has its fields.
#[must_use]
pub fn in_order(mut wrong: FieldErrors, fields: &[&str]) -> FieldErrors {
    wrong
        .0
        .sort_by_key(|error| fields.iter().position(|field| *field == control(&error.pointer)).unwrap_or(fields.len()));
    wrong
}

fn people(party: &str) -> Result<i64, FieldErrors> {
    let party: PartySize = party.parse().map_err(|complaint| FieldErrors::one("/party", &complaint))?;
    Ok(party.into())
}

/// A number of a form; what is none becomes zero, which no rule accepts.
fn whole(text: &str) -> i64 {
    text.trim().parse().unwrap_or(0)
}

/// The key of a form, if it has one.
///
/// # Errors
/// It is none.
pub fn key(text: &str) -> Result<Option<Key>, FieldErrors> {
    read_key(Some(text.to_owned()))
}

fn read_key(text: Option<String>) -> Result<Option<Key>, FieldErrors> {
    let text = text.filter(|text| !text.is_empty());
    text.map(|text| text.parse()).transpose().map_err(|complaint| FieldErrors::one("/key", &complaint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> HoldAsk {
        HoldAsk {
            slug: "taberna-do-rio".to_owned(),
            start: "2026-11-22T19:30:00+00:00".to_owned(),
            party: "2".to_owned(),
            area: String::new(),
            needs: Vec::new(),
            key: "k".to_owned(),
        }
    }

    fn pointers(errors: &FieldErrors) -> Vec<&str> {
        errors.0.iter().map(|error| error.pointer.as_str()).collect()
    }

    #[test]
    fn another_choice_on_the_same_page_has_another_key() {
        let (_, _, first) = hold(asked()).unwrap();
        let (_, _, again) = hold(asked()).unwrap();
        let (_, _, other) = hold(HoldAsk { party: "3".to_owned(), ..asked() }).unwrap();
        assert_eq!(first, again);
        assert_ne!(first, other);
    }

    #[test]
    fn a_hold_names_its_time() {
        let error = hold(HoldAsk { start: String::new(), ..asked() }).unwrap_err();
        assert_eq!(error.fields().about("/start"), Some("Choose a time first."));
        let error = hold(HoldAsk { party: "0".to_owned(), ..asked() }).unwrap_err();
        assert_eq!(error.status(), 422);
    }

    #[test]
    fn all_complaints_of_a_booking_come_at_once() {
        let ask =
            BookAsk { party: "2".to_owned(), venue: "x".to_owned(), email: "ana@".to_owned(), ..BookAsk::default() };
        let errors = booking(ask).unwrap_err().fields();
        assert_eq!(pointers(&errors), ["/guest/name", "/guest/email", "/start"]);
    }

    #[test]
    fn a_change_of_notes_leaves_the_table_alone() {
        let ask = ChangeAsk { rev: "2".to_owned(), notes: Some("By the window".to_owned()), ..ChangeAsk::default() };
        let (command, _) = change(ask).unwrap();
        assert!(!command.moves());
        assert!(change(ChangeAsk { rev: "2".to_owned(), ..ChangeAsk::default() }).is_err());
    }

    #[test]
    fn a_review_is_written_once_and_changed_afterwards() {
        let five = || "5".to_owned();
        let ask =
            ReviewAsk { overall: five(), food: five(), service: five(), ambience: five(), ..ReviewAsk::default() };
        assert!(matches!(review(ask.clone()), Ok((Wording::Write(_), None))));
        let id = "0197f3c2-7b1e-7c00-8000-000000000001".to_owned();
        let known = ReviewAsk { review: id, rev: "2".to_owned(), ..ask };
        assert!(matches!(review(known), Ok((Wording::Change(_, change), None)) if change.rev == 2));
        let errors = review(ReviewAsk { body: "x".repeat(2001), ..ReviewAsk::default() }).unwrap_err().fields();
        assert_eq!(pointers(&errors), ["/stars/overall", "/stars/food", "/stars/service", "/stars/ambience", "/body"]);
    }

    #[test]
    fn a_revision_that_is_no_number_is_refused() {
        assert!(cancel(CancelAsk { rev: "two".to_owned(), ..CancelAsk::default() }).is_err());
        assert!(late(LateAsk { rev: String::new(), minutes: "15".to_owned(), ..LateAsk::default() }).is_ok());
        assert!(late(LateAsk { minutes: "soon".to_owned(), ..LateAsk::default() }).is_err());
    }
}
