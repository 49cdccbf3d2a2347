//! Seeing, changing and cancelling a booking, by its link or by its owner.

use chrono::NaiveDate;
use domain::availability::Reason;
use domain::floor::{Need, needs};
use domain::form::{Change, DayWish, Wish};
use domain::id::ReservationId;
use domain::reservation::{Refusal, Reservation, Status};
use domain::text::Note;
use serde::Serialize;
use std::sync::Arc;

use super::store::{self, Options, Outcome, Ruling};
use super::{Proof, calendar, read};
use crate::account::not_theirs;
use crate::audit::Actor;
use crate::availability::{availability, check_area};
use crate::db::{self, decide};
use crate::key::fingerprint;
use crate::token::{self, Purpose};
use crate::venue::Venue;
use crate::{Backend, Error, Kept, Key, Result, SignedIn};

/// The names under which a repeated request is recognised.
struct Name<'k> {
    actor: Actor,
    scope: String,
    key: Option<&'k Key>,
    /// Stands in for a key that the client did not name, so that a call whose answer got lost finds what it did itself.
    fresh: Key,
    fingerprint: Vec<u8>,
}

impl<'k> Name<'k> {
    fn new(verb: &str, proof: &Proof, key: Option<&'k Key>, request: &impl Serialize) -> Self {
        Self {
            actor: proof.actor(),
            scope: format!("{verb}:{}", proof.id),
            key,
            fresh: Key::new(),
            fingerprint: fingerprint(request),
        }
    }

    fn request(&self) -> store::Request<'_> {
        let key = self.key.unwrap_or(&self.fresh).as_str();
        store::Request { actor: self.actor, scope: &self.scope, key: Some(key), fingerprint: &self.fingerprint }
    }
}

impl Backend {
    /// Lets the bearer of a link in to its booking; when an id is given, it must be that one. Where they are signed in and it is
    /// their own, the audit names them.
    ///
    /// # Errors
    /// `NotFound` for a link that is foreign, unknown or revoked.
    pub async fn admit(&self, token: &str, id: Option<ReservationId>, caller: Option<&SignedIn>) -> Result<Proof> {
        let named = ReservationId(self.0.tokens.read(Purpose::Manage, token)?);
        if id.is_some_and(|id| id != named) {
            return Err(Error::NotFound);
        }
        let row = self.row(named).await?;
        if row.manage_hash != token::hash(token) {
            return Err(Error::NotFound);
        }
        let owner = caller.map(SignedIn::account).filter(|account| row.account_id == Some(*account));
        Ok(Proof { id: named, token: token.to_owned(), owner })
    }

    /// Lets somebody in to a booking of their own.
    ///
    /// # Errors
    /// `NotFound` for a booking that is not theirs.
    pub async fn admit_owner(&self, caller: &SignedIn, id: ReservationId) -> Result<Proof> {
        let account = caller.account();
        match self.row(id).await {
            Ok(row) if row.account_id == Some(account) => {
                Ok(Proof { id, token: self.0.tokens.sign(Purpose::Manage, id.0), owner: Some(account) })
            }
            Ok(_) | Err(Error::NotFound) => Err(not_theirs(account, "manage_booking")),
            Err(error) => Err(error),
        }
    }

    /// The booking.
    ///
    /// # Errors
    /// The database is away.
    pub async fn reservation(&self, proof: &Proof) -> Result<Reservation> {
        Ok(self.look_up(proof.id).await?.0)
    }

    pub(super) async fn row(&self, id: ReservationId) -> Result<read::Row> {
        db::read(async || read::find(&mut *self.0.database.acquire().await?, id).await).await
    }

    async fn look_up(&self, id: ReservationId) -> Result<(Reservation, Arc<Venue>)> {
        self.at_its_venue(self.row(id).await?).await
    }

    pub(super) async fn at_its_venue(&self, row: read::Row) -> Result<(Reservation, Arc<Venue>)> {
        let venue = self.0.days.catalogue().await?.get(row.venue_id).cloned().ok_or(Error::NotFound)?;
        Ok((row.reservation(&venue)?, venue))
    }

    /// Moves a booking to another time, party or area, or changes its notes. Where the new one cannot be had, the old one stands.
    ///
    /// # Errors
    /// `Refused` with alternatives; stale when the booking was changed since the caller saw it.
    pub async fn change(&self, proof: &Proof, change: &Change, key: Option<&Key>) -> Result<Reservation> {
        let name = Name::new("change", proof, key, change);
        let row = self.row(proof.id).await?;
        let venue = self.0.days.catalogue().await?.get(row.venue_id).cloned().ok_or(Error::NotFound)?;
        if !change.moves() {
            let notes = change.notes.as_ref().map_or(row.notes.as_str(), Note::as_str);
            let entry = store::NewNotes { rev: change.rev, as_of: self.now(), notes };
            let _turn = self.0.gate.enter(venue.id, row.service_date).await?;
            let ruling = decide(async || {
                store::change_notes(&mut *self.0.database.acquire().await?, name.request(), proof.id, &entry).await
            })
            .await?;
            return self.settled(proof, &venue, None, ruling).await;
        }
        let wish = wish(&row, change)?;
        let offer = match self.offer(&venue, &wish, wish.start == row.start_at).await {
            Ok(offer) => offer,
            Err(error) => {
                // The answer to this very request stands, though the time may have passed since.
                let answered = self.answered(&name).await?;
                return if answered { self.reservation(proof).await } else { Err(error) };
            }
        };
        let options = Options::of(&offer);
        let status = match (offer.instant, row.status == Status::Requested.word()) {
            (false, _) => Some(Status::Requested),
            (true, true) => Some(Status::Booked),
            (true, false) => None,
        };
        let entry = store::Move {
            rev: change.rev,
            as_of: self.now(),
            date: offer.date,
            start: wish.start,
            party: wish.party,
            area: wish.area,
            notes: change.notes.as_ref().map(Note::as_str),
            status,
            options: &options,
        };
        let ruling = {
            let _turns = self.0.gate.enter_both(venue.id, row.service_date, offer.date).await?;
            decide(async || {
                store::move_reservation(&mut *self.0.database.acquire().await?, name.request(), proof.id, &entry).await
            })
            .await?
        };
        self.settled(proof, &venue, Some((offer.date, &wish)), ruling).await
    }

    /// Cancels a booking; its table is free at once.
    ///
    /// # Errors
    /// `Refused`: stale, too late, or over already.
    pub async fn cancel(&self, proof: &Proof, rev: i32, reason: &Note, key: Option<&Key>) -> Result<Reservation> {
        let name = Name::new("cancel", proof, key, &(rev, reason));
        let (reservation, venue) = self.look_up(proof.id).await?;
        let _turn = self.0.gate.enter(venue.id, reservation.date).await?;
        let entry = store::Cancellation { rev, as_of: self.now(), reason: reason.as_str() };
        let ruling = decide(async || {
            store::cancel(&mut *self.0.database.acquire().await?, name.request(), proof.id, &entry).await
        })
        .await?;
        self.settled(proof, &venue, None, ruling).await
    }

    /// Tells the venue that the party is late.
    ///
    /// # Errors
    /// `Refused`: stale, or over already.
    pub async fn run_late(
        &self,
        proof: &Proof,
        rev: Option<i32>,
        minutes: i16,
        key: Option<&Key>,
    ) -> Result<Reservation> {
        let name = Name::new("late", proof, key, &(rev, minutes));
        let (reservation, venue) = self.look_up(proof.id).await?;
        if self.now() >= reservation.end.utc() {
            return Err(Error::refused(Refusal::TooLate));
        }
        let _turn = self.0.gate.enter(venue.id, reservation.date).await?;
        let ruling = decide(async || {
            store::report_late(&mut *self.0.database.acquire().await?, name.request(), proof.id, rev, minutes).await
        })
        .await?;
        self.settled(proof, &venue, None, ruling).await
    }

    /// The booking as a calendar entry, `text/calendar`.
    ///
    /// # Errors
    /// The database is away.
    pub async fn calendar(&self, proof: &Proof) -> Result<String> {
        let (reservation, venue) = self.look_up(proof.id).await?;
        Ok(calendar::entry(&reservation, &address(&venue), &self.0.post.booking_url(&proof.token)))
    }

    /// Every start of a day for a changed booking, whose own table counts as free.
    ///
    /// # Errors
    /// The database is away.
    pub async fn availability_for_change(&self, proof: &Proof, wish: &DayWish) -> Result<Arc<Kept>> {
        let row = self.row(proof.id).await?;
        let own = db::read(async || store::claims_of(&mut *self.0.database.acquire().await?, proof.id).await).await?;
        let venue = self.0.days.catalogue().await?.get(row.venue_id).cloned().ok_or(Error::NotFound)?;
        check_area(&venue, wish.area)?;
        let day = self.0.days.day(&venue, wish.date).await?;
        let day = day.without(&own, day.version);
        let needs: Vec<Need> = needs(&row.needs).map_err(|complaint| Error::Corrupt(complaint.to_string()))?;
        let now = self.now();
        Ok(Arc::new(Kept::once(availability(&venue, &day, &DayWish { needs, ..wish.clone() }, now), now)))
    }

    async fn answered(&self, name: &Name<'_>) -> Result<bool> {
        let Some(key) = name.key else { return Ok(false) };
        let answer = db::read(async || {
            store::answered(&mut *self.0.database.acquire().await?, &name.scope, key.as_str(), &name.fingerprint).await
        });
        Ok(answer.await?.is_some())
    }

    /// What a ruling on a booking means for its guest.
    async fn settled(
        &self,
        proof: &Proof,
        venue: &Venue,
        wish: Option<(NaiveDate, &Wish)>,
        ruling: Ruling,
    ) -> Result<Reservation> {
        if let Some(changes) = &ruling.changes {
            self.moved(venue.id, changes).await;
        }
        match ruling.outcome {
            Outcome::Done(_) => {
                self.0.outbox.notify_one();
                self.reservation(proof).await
            }
            Outcome::Replayed(_) => self.reservation(proof).await,
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::NotFound => Err(Error::NotFound),
            Outcome::SignedOut => Err(Error::Unauthenticated),
            Outcome::Refused(refusal @ Refusal::Unavailable(Reason::NoTable | Reason::Pacing | Reason::Held)) => {
                match wish {
                    Some((date, wish)) => Err(self.refused(venue, date, wish, refusal).await),
                    None => Err(Error::refused(refusal)),
                }
            }
            Outcome::Refused(refusal) => Err(Error::refused(refusal)),
        }
    }
}

/// What the changed booking asks for: what is not changed stays.
fn wish(row: &read::Row, change: &Change) -> Result<Wish> {
    Ok(Wish {
        start: change.start.unwrap_or(row.start_at),
        party: match change.party {
            Some(party) => party,
            None => read::party(row.party)?,
        },
        area: change.area.unwrap_or(row.area_id),
        needs: needs(&row.needs).map_err(|complaint| Error::Corrupt(complaint.to_string()))?,
    })
}

/// Where a venue is.
pub(super) fn address(venue: &Venue) -> String {
    let profile = &venue.profile;
    format!("{}, {}, {}", profile.street, profile.card.neighbourhood, profile.card.city)
}
