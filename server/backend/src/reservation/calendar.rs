//! A booking as a calendar entry (iCalendar, RFC 5545).

use domain::reservation::{Reservation, Status};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// The entry of one booking: the same UID for ever, and a SEQUENCE that rises with every change, so that calendars update
/// the entry they have.
pub fn entry(reservation: &Reservation, address: &str, url: &str) -> String {
    let status = match reservation.status {
        Status::Requested | Status::PendingPayment => EventStatus::Tentative,
        status if status.is_over() && status != Status::Finished => EventStatus::Cancelled,
        _ => EventStatus::Confirmed,
    };
    let event = Event::new()
        .uid(&format!("{}@trestle", reservation.id))
        .sequence(u32::try_from(reservation.rev - 1).unwrap_or(0))
        .timestamp(reservation.changed_at)
        .starts(reservation.start.utc())
        .ends(reservation.end.utc())
        .summary(&format!("{}, table for {}", reservation.venue_name, reservation.party.get()))
        .description(&format!("Reference {}\nChange or cancel: {url}", reservation.reference))
        .location(&format!("{}, {address}", reservation.venue_name))
        .url(url)
        .status(status)
        .append_property(Property::new("TRANSP", "OPAQUE").done())
        .done();
    let mut calendar = Calendar::empty();
    calendar
        .append_property(Property::new("VERSION", "2.0"))
        .append_property(Property::new("PRODID", "-//Trestle//Reservations//EN"))
        .append_property(Property::new("CALSCALE", "GREGORIAN"))
        .append_property(Property::new("METHOD", "PUBLISH"))
        .push(event);
    calendar.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_uid_stays_and_the_sequence_rises() {
        let mut reservation = crate::reservation::tests::booking();
        let first = entry(&reservation, "Rua Nova 1, Lisbon", "https://trestle.example/bookings/x");
        reservation.rev = 3;
        reservation.status = Status::CancelledGuest;
        let third = entry(&reservation, "Rua Nova 1, Lisbon", "https://trestle.example/bookings/x");
        let uid = |entry: &str| entry.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
        assert_eq!(uid(&first), uid(&third));
        assert!(first.contains("SEQUENCE:0\r\n") && first.contains("STATUS:CONFIRMED\r\n"), "{first}");
        assert!(third.contains("SEQUENCE:2\r\n") && third.contains("STATUS:CANCELLED\r\n"), "{third}");
        assert!(
            first.contains("DTSTART:20261121T193000Z\r\n") && first.contains("DTEND:20261121T210000Z\r\n"),
            "{first}"
        );
        assert!(first.lines().all(|line| line.len() <= 75), "{first}");
    }
}
