//! What staff do. Each use case asks for the proof that it may be done.

mod store;

use domain::book::Entry;
use domain::form::{Appointment, DaySlice};
use domain::id::{ReservationId, StaffId};
use domain::policy::{ChangeStaff, SeeBookings, SeeStaff};
use domain::reservation::Refusal;
use domain::staff::Member;

use crate::account::Permit;
use crate::account::store::staff::{self, NewMember, Staffed};
use crate::db::{self, Attempt, decide};
use crate::venue::Venue;
use crate::{Backend, Error, Page, Result, mint};
use std::sync::Arc;

/// People who work at one venue at most.
const MOST_STAFF: i64 = 500;

impl Backend {
    /// The bookings of a service date, by start.
    ///
    /// # Errors
    /// The database is away.
    pub async fn day_book(&self, permit: &Permit<SeeBookings>, day: &DaySlice) -> Result<Page<Entry>> {
        let venue = self.venue_of(permit).await?;
        let rows =
            db::read(async || store::day(&mut *self.0.database.acquire().await?, permit.venue(), day).await).await?;
        let (rows, next_cursor) = day.slice.cut(rows, store::Row::place);
        Ok(Page { items: rows.into_iter().map(|row| row.entry(&venue)).collect::<Result<_>>()?, next_cursor })
    }

    /// One booking in the book.
    ///
    /// # Errors
    /// `NotFound` for a booking of another venue, as for one that does not exist.
    pub async fn book_entry(&self, permit: &Permit<SeeBookings>, id: ReservationId) -> Result<Entry> {
        let venue = self.venue_of(permit).await?;
        let row = db::read(async || store::find(&mut *self.0.database.acquire().await?, permit.venue(), id).await);
        row.await?.ok_or(Error::NotFound)?.entry(&venue)
    }

    /// Who works at the venue, and who is asked to; at most 500.
    ///
    /// # Errors
    /// The database is away.
    pub async fn staff(&self, permit: &Permit<SeeStaff>) -> Result<Page<Member>> {
        let venue = permit.venue();
        let items = db::read(async || staff::list(&mut *self.0.database.acquire().await?, venue).await).await?;
        Ok(Page { items, next_cursor: None })
    }

    /// Gives somebody a role, or another one, and tells them by mail. Whether they have an account already is told to nobody.
    ///
    /// # Errors
    /// `Refused` when the venue would be left without an owner.
    pub async fn appoint(&self, permit: &Permit<ChangeStaff>, appointment: &Appointment) -> Result<Member> {
        let venue = self.venue_of(permit).await?;
        let entry = NewMember {
            id: mint::id(),
            venue: permit.venue(),
            venue_name: &venue.profile.card.name,
            appointment,
            now: self.now(),
            most: MOST_STAFF,
        };
        let appointed = decide(async || {
            let mut tx = self.begin_as(permit.actor()).await?;
            match staff::appoint(&mut tx, &entry).await {
                Ok(appointed) => tx.commit().await.map(|()| Attempt::Decided(Ok(appointed))),
                Err(Error::Database(error)) => Err(error),
                Err(error) => Ok(Attempt::Decided(Err(error))),
            }
        });
        match appointed.await?? {
            Staffed::Done(member) => {
                self.0.outbox.notify_one();
                Ok(member)
            }
            Staffed::LastOwner => Err(Error::refused(Refusal::LastOwner)),
            Staffed::Full => Err(Error::invalid("/email", "A venue has at most 500 people.")),
        }
    }

    /// Takes somebody's role away, at once.
    ///
    /// # Errors
    /// `NotFound` for somebody who does not work here; `Refused` for the last owner.
    pub async fn dismiss(&self, permit: &Permit<ChangeStaff>, id: StaffId) -> Result<()> {
        let dismissed = decide(async || {
            let mut tx = self.begin_as(permit.actor()).await?;
            let dismissed = staff::dismiss(&mut tx, permit.venue(), id).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(dismissed))
        });
        match dismissed.await?.ok_or(Error::NotFound)? {
            Staffed::Done(()) => Ok(()),
            Staffed::LastOwner | Staffed::Full => Err(Error::refused(Refusal::LastOwner)),
        }
    }

    async fn venue_of<D: domain::policy::Deed>(&self, permit: &Permit<D>) -> Result<Arc<Venue>> {
        self.0.days.catalogue().await?.get(permit.venue()).cloned().ok_or(Error::NotFound)
    }
}
