//! Booking a table.

use chrono::TimeDelta;
use domain::availability::{Ask, Offer, Reason};
use domain::floor::Need;
use domain::form::{Booking, Wish};
use domain::id::{ReservationId, VenueId};
use domain::reservation::{Refusal, Reservation, Status};

use super::store::{self, Options, Ruling};
use super::{Booked, Source};
use crate::availability::{ask, check_area};
use crate::db::{self, Attempt, decide};
use crate::key::fingerprint;
use crate::token::{self, Purpose};
use crate::venue::{Venue, policy};
use crate::{Backend, Error, Key, Result, SignedIn, mint};

impl Backend {
    /// Books a table, or says why it cannot.
    ///
    /// The tables are ranked from memory; which of them is free is decided by the database, in one call. Of a caller who is
    /// signed in the booking is theirs, whoever comes.
    ///
    /// # Errors
    /// `Refused` with alternatives when the start cannot be had, the hold is over, or the guest dines elsewhere then;
    /// `KeyReused` when the key belongs to another request; `Unauthenticated` when the caller's account is being closed.
    pub async fn book(
        &self,
        booking: &Booking,
        source: Source,
        caller: Option<&SignedIn>,
        key: Option<&Key>,
    ) -> Result<Booked> {
        let venue = self.find_venue(&booking.venue).await?;
        let offer = match self.offer(&venue, &booking.wish, booking.hold.is_some()).await {
            Ok(offer) => offer,
            // The first answer stands, even when its time has passed since.
            Err(error) => return self.answered_before(&venue, booking, key).await?.ok_or(error),
        };
        if !self.holds_what_suits(booking, &offer).await? {
            return Err(Error::refused(Refusal::HoldMismatch));
        }
        let fresh_key = Key::new();
        let id = mint::id();
        let manage_token = self.0.tokens.sign(Purpose::Manage, id);
        let status = if offer.instant { Status::Booked } else { Status::Requested };
        let options = Options::of(&offer);
        let needs: Vec<String> = booking.wish.needs.iter().map(|need| need.word().to_owned()).collect();
        let mut entry = store::Booking {
            scope: SCOPE,
            key: key.unwrap_or(&fresh_key).as_str(),
            request_hash: &fingerprint(booking),
            id,
            reference: mint::reference(),
            venue: venue.id,
            date: offer.date,
            start: booking.wish.start,
            party: booking.wish.party,
            options: &options,
            hold_hash: booking.hold.as_deref().map(token::hash),
            status,
            area: booking.wish.area,
            guest: &booking.guest,
            notes: &booking.notes,
            needs: &needs,
            occasion: booking.occasion,
            source: source.word(),
            terms: &offer.terms,
            manage_hash: &token::hash(&manage_token),
            account: caller.map(SignedIn::account),
        };
        let ruling = self.rule_on(&venue, &mut entry).await?;
        if let Some(changes) = &ruling.changes {
            self.moved(venue.id, changes).await;
        }
        match ruling.outcome {
            store::Outcome::Done(answer) => {
                self.0.outbox.notify_one();
                Ok(Booked { reservation: made(&venue, booking, &offer, &answer)?, manage_token, replayed: false })
            }
            store::Outcome::Replayed(answer) => {
                let manage_token = self.0.tokens.sign(Purpose::Manage, answer.id.0);
                Ok(Booked { reservation: made(&venue, booking, &offer, &answer)?, manage_token, replayed: true })
            }
            store::Outcome::KeyReused => Err(Error::KeyReused),
            store::Outcome::Refused(refusal) => Err(self.refused(&venue, offer.date, &booking.wish, refusal).await),
            store::Outcome::NotFound => Err(Error::NotFound),
            store::Outcome::SignedOut => Err(Error::Unauthenticated),
        }
    }

    /// What this start offers, by the rules alone; to one who holds a table there, also within the notice.
    pub(super) async fn offer(&self, venue: &Venue, wish: &Wish, held: bool) -> Result<Offer> {
        let now = self.now();
        if wish.start <= now {
            return Err(Error::invalid("/start", "This time has passed."));
        }
        check_area(venue, wish.area)?;
        let house = &venue.floor.house;
        let date = house.zone.service_date(wish.start, house.rollover);
        let day = self.0.days.day(venue, date).await?;
        let ask = ask(wish.party, wish.area, &wish.needs, now);
        match day.offer(wish.start, &ask) {
            Ok(offer) => Ok(offer),
            // The notice was kept when the hold was made.
            Err(Reason::TooSoon) if held => {
                let ask = Ask { now: now - TimeDelta::minutes(house.min_notice_minutes), ..ask };
                day.offer(wish.start, &ask).map_err(Error::unavailable)
            }
            Err(reason) => Err(self.refused(venue, date, wish, Refusal::Unavailable(reason)).await),
        }
    }

    /// Whether the held table is where the guest wants to sit, and has what they need. A hold that is over is for the database to refuse.
    async fn holds_what_suits(&self, booking: &Booking, offer: &Offer) -> Result<bool> {
        let Some(token) =
            booking.hold.as_deref().filter(|_| booking.wish.area.is_some() || !booking.wish.needs.is_empty())
        else {
            return Ok(true);
        };
        let hash = token::hash(token);
        let held = db::read(async || store::find_hold(&mut *self.0.database.acquire().await?, &hash).await).await?;
        Ok(held.is_none_or(|held| offer.options.iter().any(|option| option.tables == held.tables)))
    }

    /// A refusal with what could be had instead.
    pub(super) async fn refused(&self, venue: &Venue, date: chrono::NaiveDate, wish: &Wish, refusal: Refusal) -> Error {
        let alternatives = match &refusal {
            Refusal::Unavailable(Reason::PartySize | Reason::Needs | Reason::Access) | Refusal::OverlappingBooking => {
                Vec::new()
            }
            _ => self.alternatives(venue, date, wish).await,
        };
        Error::Refused { refusal, alternatives }
    }

    /// Moves memory on, here and elsewhere, after a commit.
    pub(crate) async fn moved(&self, venue: VenueId, changes: &crate::days::Changes) {
        self.0.days.changed(venue, changes).await;
        self.0.fanout.publish(venue, changes);
    }

    async fn rule_on(&self, venue: &Venue, entry: &mut store::Booking<'_>) -> Result<Ruling> {
        let _turn = self.0.gate.enter(venue.id, entry.date).await?;
        let mut references = 0;
        loop {
            let decided = decide(async || {
                let mut connection = self.0.database.acquire().await?;
                match store::book(&mut connection, entry).await {
                    Err(error) => match db::constraint(&error) {
                        Some("reservations_guest_no_overlap") => {
                            Ok(Attempt::Decided(Some(Ruling::refused(Refusal::OverlappingBooking))))
                        }
                        // Two guests in 700 million got the same reference.
                        Some("reservations_reference_is_taken") => Ok(Attempt::Decided(None)),
                        _ => Err(error),
                    },
                    Ok(attempt) => Ok(match attempt {
                        Attempt::Decided(ruling) => Attempt::Decided(Some(ruling)),
                        Attempt::Again => Attempt::Again,
                    }),
                }
            });
            match decided.await? {
                Some(ruling) => return Ok(ruling),
                None if references < 3 => {
                    references += 1;
                    entry.reference = mint::reference();
                }
                None => return Err(Error::Broken("three booking references in a row were taken".to_owned())),
            }
        }
    }

    /// The answer this very request got before, by its key.
    async fn answered_before(&self, venue: &Venue, booking: &Booking, key: Option<&Key>) -> Result<Option<Booked>> {
        let Some(key) = key else { return Ok(None) };
        let fingerprint = fingerprint(booking);
        let answer = db::read(async || {
            store::answered(&mut *self.0.database.acquire().await?, SCOPE, key.as_str(), &fingerprint).await
        });
        let Some(answer) = answer.await? else { return Ok(None) };
        let reservation = self.row(answer.id).await?.reservation(venue)?;
        let manage_token = self.0.tokens.sign(Purpose::Manage, answer.id.0);
        Ok(Some(Booked { reservation, manage_token, replayed: true }))
    }
}

const SCOPE: &str = "book";

/// The booking as it was just made, from what was asked and what was answered.
fn made(venue: &Venue, booking: &Booking, offer: &Offer, answer: &store::Answer) -> Result<Reservation> {
    let zone = venue.floor.house.zone;
    let start = zone.show(answer.start);
    let needs: Vec<Need> = booking.wish.needs.clone();
    Ok(Reservation {
        id: ReservationId(answer.id.0),
        reference: crate::error::stored("reference", &answer.reference)?,
        status: crate::error::stored("status", &answer.status)?,
        rev: answer.rev,
        venue: booking.venue.clone(),
        venue_name: venue.profile.card.name.clone(),
        start,
        end: zone.show(answer.end),
        local: start.clock(),
        date: offer.date,
        party: booking.wish.party,
        area: booking
            .wish
            .area
            .and_then(|id| venue.profile.areas.iter().find(|area| area.id == id))
            .map(|area| area.name.clone()),
        guest: booking.guest.clone(),
        notes: booking.notes.clone(),
        needs,
        occasion: booking.occasion,
        policy: policy(&offer.terms),
        late_minutes: None,
        created_at: answer.at,
        changed_at: answer.at,
    })
}
