//! Letters about bookings.

use domain::account::Notification;
use domain::id::ReservationId;
use domain::reservation::Status;

use super::manage::address;
use super::{calendar, store};
use crate::error::stored;
use crate::notify::{Letter, Template};
use crate::token::Purpose;
use crate::{Backend, Error, Result, db};

/// Writes and sends the letter that a row of the outbox asks for: about this revision of a booking.
///
/// # Errors
/// What kept it from being sent; the row stays for a later attempt.
pub async fn post_letter(backend: &Backend, row: i64, template: &str, about: ReservationId, rev: i32) -> Result<()> {
    let booking = backend.row(about).await?;
    // Its guest was erased after this letter was taken up.
    if booking.guest_email.is_none() {
        return Ok(());
    }
    let (reservation, venue) = backend.at_its_venue(booking).await?;
    let template = match stored("letter", template)? {
        Template::Changed if reservation.status == Status::Requested => Template::Requested,
        // Another letter says that it is over, and this one would contradict it.
        template if template != Template::Cancelled && reservation.status.is_over() => return Ok(()),
        template => template,
    };
    if backend.is_unwanted(about, rev, template).await? {
        return Ok(());
    }
    let manage_token = backend.0.tokens.sign(Purpose::Manage, about.0);
    let address = address(&venue);
    let letter = Letter {
        template,
        calendar: calendar::entry(&reservation, &address, &backend.0.post.booking_url(&manage_token)),
        reservation: &reservation,
        phone: venue.profile.phone.clone(),
        address,
        manage_token: &manage_token,
        id: row,
    };
    backend.0.post.send(&letter).await.map_err(|complaint| Error::Broken(complaint.to_string()))
}

impl Backend {
    /// Whether the guest did without this letter; one that confirms a booking always comes.
    async fn is_unwanted(&self, about: ReservationId, rev: i32, template: Template) -> Result<bool> {
        let letter = match template {
            Template::Booked | Template::Requested => return Ok(false),
            Template::Changed => Notification::Changed,
            Template::Late => Notification::Late,
            Template::Cancelled => Notification::Cancelled,
        };
        db::read(async || Ok(store::is_unwanted(&mut *self.0.database.acquire().await?, about, rev, letter).await?))
            .await
    }
}
