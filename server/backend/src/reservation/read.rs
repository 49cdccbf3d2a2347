//! A booking out of the database, as its guest sees it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::form::{Diary, Side};
use domain::id::{AccountId, AreaId, ReservationId, VenueId};
use domain::party::PartySize;
use domain::reservation::{Guest, Reservation};
use domain::rules::Terms;
use sqlx::PgConnection;

use crate::error::{Error, Result, stored};
use crate::venue::{Venue, policy};

/// One booking with what only we know about it.
pub struct Row {
    pub id: ReservationId,
    pub reference: String,
    pub venue_id: VenueId,
    pub status: String,
    pub rev: i32,
    pub party: i16,
    pub service_date: NaiveDate,
    pub start_at: DateTime<Utc>,
    pub end_at: DateTime<Utc>,
    pub area_id: Option<AreaId>,
    pub guest_name: String,
    pub guest_email: Option<String>,
    pub guest_phone: Option<String>,
    pub notes: String,
    pub needs: Vec<String>,
    pub occasion: Option<String>,
    pub policy: sqlx::types::Json<Terms>,
    pub manage_hash: Vec<u8>,
    pub account_id: Option<AccountId>,
    pub late_minutes: Option<i16>,
    pub cancel_reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Selects bookings; what follows says which.
macro_rules! bookings {
    ($which:literal $(, $value:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select id as "id: ReservationId", reference, venue_id as "venue_id: VenueId", status, rev, party, service_date, start_at, end_at,
                 area_id as "area_id: AreaId", guest_name, guest_email, guest_phone, notes, needs, occasion, policy as "policy: sqlx::types::Json<Terms>",
                 manage_hash, account_id as "account_id: AccountId", late_minutes, cancel_reason, created_at,
                 updated_at
               from reservations "# + $which
            $(, $value)*
        )
    };
}

/// The booking with this id.
pub async fn find(db: &mut PgConnection, id: ReservationId) -> Result<Row> {
    bookings!("where id = $1", id.0).fetch_optional(db).await?.ok_or(Error::NotFound)
}

/// The bookings of an account on one side of now, and one more than asked for where there are more.
pub async fn list(db: &mut PgConnection, owner: AccountId, diary: &Diary, now: DateTime<Utc>) -> Result<Vec<Row>> {
    let (at, id) = diary.slice.after.map(|after| (after.at, after.id)).unzip();
    let most = diary.slice.one_more();
    let rows = match diary.side {
        Side::Upcoming => {
            let upcoming = bookings!(
                "where account_id = $1 and end_at > $2
                   and status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')
                   and ($3::timestamptz is null or (start_at, id) > ($3, $4))
                 order by start_at, id limit $5",
                owner.0,
                now,
                at,
                id,
                most
            );
            upcoming.fetch_all(db).await?
        }
        Side::Past => {
            let past = bookings!(
                "where account_id = $1
                   and (end_at <= $2 or status in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show'))
                   and ($3::timestamptz is null or (start_at, id) < ($3, $4))
                 order by start_at desc, id desc limit $5",
                owner.0,
                now,
                at,
                id,
                most
            );
            past.fetch_all(db).await?
        }
    };
    Ok(rows)
}

/// Every booking of an account, the first one first.
pub async fn all_of(db: &mut PgConnection, owner: AccountId) -> Result<Vec<Row>> {
    Ok(bookings!("where account_id = $1 order by start_at, id", owner.0).fetch_all(db).await?)
}

impl Row {
    /// The booking as its guest sees it.
    ///
    /// # Errors
    /// `Corrupt` when the row breaks a rule of the domain.
    pub fn reservation(self, venue: &Venue) -> Result<Reservation> {
        let zone = venue.floor.house.zone;
        let start = zone.show(self.start_at);
        Ok(Reservation {
            id: self.id,
            reference: stored("reference", &self.reference)?,
            status: stored("status", &self.status)?,
            rev: self.rev,
            venue: venue.profile.card.slug.clone(),
            venue_name: venue.profile.card.name.clone(),
            start,
            end: zone.show(self.end_at),
            local: start.clock(),
            date: self.service_date,
            party: party(self.party)?,
            area: self
                .area_id
                .and_then(|id| venue.profile.areas.iter().find(|area| area.id == id))
                .map(|area| area.name.clone()),
            guest: Guest {
                name: stored("name", &self.guest_name)?,
                email: stored("email", self.guest_email.as_deref().unwrap_or_default())?,
                phone: self.guest_phone.as_deref().map(|phone| stored("phone", phone)).transpose()?,
            },
            notes: stored("notes", &self.notes)?,
            needs: self.needs.iter().map(|need| stored("need", need)).collect::<Result<_>>()?,
            occasion: self.occasion.as_deref().map(|occasion| stored("occasion", occasion)).transpose()?,
            policy: policy(&self.policy),
            late_minutes: self.late_minutes,
            created_at: self.created_at,
            changed_at: self.updated_at,
        })
    }
}

/// A stored party.
pub fn party(people: i16) -> Result<PartySize> {
    PartySize::try_from(i64::from(people)).map_err(|complaint| Error::Corrupt(complaint.to_string()))
}
