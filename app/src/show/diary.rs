//! What somebody booked, line by line.

use backend::Backend;
use chrono::{Datelike, Days, NaiveDate};
use domain::reservation::Reservation;

use super::query;
use crate::error::UiError;
use crate::format;

/// One booking in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its page, for its owner.
    pub href: String,
    /// The venue.
    pub venue: String,
    /// "Sunday 22 November 2026, 19:30".
    pub when: String,
    /// "2 guests".
    pub guests: String,
    /// Where it stands: "Booked".
    pub status: String,
    /// The venue's page for the same party, weekday and time; nothing where it takes no bookings any more.
    pub again: String,
}

/// Bookings as lines of a list.
pub async fn visits(backend: &Backend, bookings: Vec<Reservation>) -> Result<Vec<Visit>, UiError> {
    let mut visits = Vec::with_capacity(bookings.len());
    for booking in bookings {
        let again = again(backend, &booking).await?;
        visits.push(Visit {
            href: format!("/account/bookings/{}", booking.id),
            when: format!("{}, {}", format::day_and_year(booking.start.date()), booking.local),
            guests: booking.party.to_string(),
            status: booking.status.label().to_owned(),
            venue: booking.venue_name,
            again,
        });
    }
    Ok(visits)
}

/// Where the same can be booked again. Venues are in memory.
async fn again(backend: &Backend, booking: &Reservation) -> Result<String, UiError> {
    let profile = match backend.venue(&booking.venue).await {
        Ok(profile) => profile,
        Err(backend::Error::NotFound) => return Ok(String::new()),
        Err(error) => return Err(error.into()),
    };
    let date = next_like(booking.date, super::today(&profile, backend.now())).to_string();
    let party = booking.party.get().to_string();
    let wish = query(&[("date", &date), ("party", &party), ("time", &booking.local)]);
    Ok(format!("/venues/{}{wish}#book", booking.venue))
}

/// The next day after today that is the same day of the week.
fn next_like(date: NaiveDate, today: NaiveDate) -> NaiveDate {
    let ahead = (7 + date.weekday().num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    today + Days::new(if ahead == 0 { 7 } else { ahead.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_same_weekday_is_never_today() {
        let next = |date: &str, today: &str| next_like(date.parse().unwrap(), today.parse().unwrap()).to_string();
        // 21 November 2026 is a Saturday.
        assert_eq!(next("2026-11-21", "2026-11-21"), "2026-11-28");
        assert_eq!(next("2026-11-14", "2026-11-20"), "2026-11-21");
        assert_eq!(next("2026-11-13", "2026-11-21"), "2026-11-27");
        assert_eq!(next("2024-02-29", "2026-12-31"), "2027-01-07");
    }
}
