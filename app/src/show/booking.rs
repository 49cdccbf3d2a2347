//! A hold and a booking.

use backend::{Backend, Hold as Held, Proof};
use chrono::{Days, TimeDelta};
use domain::form::Wish;
use domain::reservation::{Event, Reservation, Status};

use super::{area_choices, area_name, art, query, venue, zone};
use crate::api::{Booking, Hold, Link, Onward, Standing, Time};
use crate::error::UiError;
use crate::format;

/// How long before its start a booking's page offers to say that the party will be late.
const LATE_FROM: TimeDelta = TimeDelta::hours(12);

/// Where the booking of a held table goes on. What was chosen travels along: the wishes, since a hold knows only the table that
/// met them, and the rest, so that a hold that has run out can still say what could be had instead.
pub fn book_path(hold: &Held, wish: &Wish) -> String {
    let needs: Vec<&str> = wish.needs.iter().map(|need| need.word()).collect();
    let pairs = [
        ("venue", hold.venue.as_str()),
        ("date", &hold.date.to_string()),
        ("time", &hold.local),
        ("party", &hold.party.get().to_string()),
        ("area", &wish.area.map(|area| area.to_string()).unwrap_or_default()),
        ("needs", &needs.join(",")),
    ];
    format!("/book/{}{}", hold.token, query(&pairs))
}

/// A held table, as the last step of booking shows it.
pub async fn hold(backend: &Backend, held: Held) -> Result<Hold, UiError> {
    let profile = backend.venue(&held.venue).await?;
    let card = &profile.card;
    let now = backend.now();
    let day = format::day(held.start.date());
    Ok(Hold {
        time: time(backend, &held),
        venue: card.slug.to_string(),
        venue_name: card.name.clone(),
        art: art(card),
        start: held.start.0.to_rfc3339(),
        short: format!("{} {}", format::weekday(held.start.date()), held.local),
        day,
        clock: held.local,
        party: held.party.get(),
        guests: held.party.to_string(),
        area_name: area_name(&profile.areas, held.area),
        request: held.request,
        cancelling: format::cancelling(held.start, held.policy.free_cancel_minutes, zone(card), now),
        policy: held.policy.text,
        token: held.token,
    })
}

/// What is left of a hold.
pub fn time(backend: &Backend, held: &Held) -> Time {
    let seconds = |span: chrono::TimeDelta| u32::try_from(span.num_seconds()).unwrap_or(0);
    let left = seconds(held.expires_at - backend.now());
    Time {
        left,
        whole: left.max(u32::try_from(backend.hold_for().as_secs()).unwrap_or(left)),
        more: held.extendable_until > held.expires_at,
    }
}

/// A booking's page, saying what was done.
pub fn done(proof: &Proof, what: &str) -> Onward {
    Onward { href: format!("/bookings/{}?done={what}", proof.token()) }
}

/// A booking as its guest sees it.
pub async fn booking(backend: &Backend, proof: &Proof, booking: Reservation) -> Result<Booking, UiError> {
    let profile = backend.venue(&booking.venue).await?;
    let card = &profile.card;
    let now = backend.now();
    let today = super::today(&profile, now);
    let ahead = booking.start.utc() > now;
    let area = booking.area.as_deref().and_then(|name| profile.areas.iter().find(|area| area.name == name));
    Ok(Booking {
        token: proof.token().to_owned(),
        reference: booking.reference.to_string(),
        rev: booking.rev,
        standing: standing(booking.status),
        status: booking.status.label().to_owned(),
        venue: card.slug.to_string(),
        venue_name: booking.venue_name,
        art: art(card),
        address: (profile.street.clone(), card.city.clone()),
        phone: profile.phone.as_ref().map(|phone| Link { href: format!("tel:{phone}"), text: phone.clone() }),
        way: venue::way(card),
        start: booking.start.0.to_rfc3339(),
        date: booking.date.to_string(),
        weekday: format::weekday(booking.start.date()),
        day: format::day_and_year(booking.start.date()),
        clock: booking.local,
        until: booking.end.clock(),
        party: booking.party.get(),
        area: area.map(|area| area.id.to_string()).unwrap_or_default(),
        area_name: booking.area.unwrap_or_default(),
        areas: area_choices(&profile.areas),
        first_name: format::first_name(booking.guest.name.as_str()).to_owned(),
        name: booking.guest.name.into(),
        email: booking.guest.email.into(),
        notes: booking.notes.into(),
        needs: format::capital(&format::list(
            &booking.needs.iter().map(|need| need.label().to_owned()).collect::<Vec<_>>(),
        )),
        occasion: booking.occasion.map(|occasion| occasion.label().to_owned()).unwrap_or_default(),
        cancelling: format::cancelling(booking.start, booking.policy.free_cancel_minutes, zone(card), now),
        policy: booking.policy.text,
        late: booking.late_minutes,
        may_change: booking.status.may_move() && ahead,
        may_cancel: booking.status.after(Event::CancelByGuest).is_some() && ahead,
        may_be_late: booking.status.after(Event::RunLate).is_some()
            && (booking.start.utc() - LATE_FROM..booking.end.utc()).contains(&now),
        days: (today.to_string(), (today + Days::new(profile.horizon_days.into())).to_string()),
        key: crate::ssr::fresh_key(),
    })
}

/// What a status means to the guest.
const fn standing(status: Status) -> Standing {
    match status {
        Status::Requested | Status::PendingPayment => Standing::Waiting,
        Status::Booked | Status::Confirmed | Status::RunningLate => Standing::Booked,
        Status::PartiallyArrived
        | Status::Arrived
        | Status::PartiallySeated
        | Status::Seated
        | Status::Drinks
        | Status::Appetizer
        | Status::Entree
        | Status::Dessert
        | Status::CheckRequested
        | Status::Paid
        | Status::Bussing => Standing::UnderWay,
        Status::Finished => Standing::Finished,
        Status::Declined | Status::Expired | Status::CancelledGuest | Status::CancelledVenue | Status::NoShow => {
            Standing::Gone
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::floor::Need;

    use super::*;

    #[test]
    fn what_is_over_cannot_be_changed() {
        for status in Status::ALL {
            let gone = matches!(standing(*status), Standing::Gone | Standing::Finished);
            assert_eq!(gone, status.is_over(), "{status:?}");
        }
    }

    #[test]
    fn what_was_chosen_travels_along() {
        let at = "2026-11-22T00:30:00+00:00".parse().unwrap();
        let hold = Held {
            token: "t.k".to_owned(),
            venue: "taberna-do-rio".parse().unwrap(),
            start: domain::time::LocalInstant(at),
            date: "2026-11-21".parse().unwrap(),
            local: "00:30".to_owned(),
            party: 2.try_into().unwrap(),
            area: None,
            expires_at: at.to_utc(),
            extendable_until: at.to_utc(),
            request: false,
            policy: domain::venue::Policy { free_cancel_minutes: 0, text: String::new() },
        };
        let mut wish = Wish { start: at.to_utc(), party: hold.party, area: None, needs: Vec::new() };
        assert_eq!(book_path(&hold, &wish), "/book/t.k?venue=taberna-do-rio&date=2026-11-21&time=00%3A30&party=2");
        wish.needs = vec![Need::StepFree, Need::Pram];
        assert!(book_path(&hold, &wish).ends_with("&needs=step_free%2Cpram"));
    }
}
