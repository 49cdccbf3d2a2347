//! A booking out of the database, as its guest sees it.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{AreaId, ReservationId, VenueId};
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
    pub late_minutes: Option<i16>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// The booking with this id.
pub async fn find(db: &mut PgConnection, id: ReservationId) -> Result<Row> {
    let row = sqlx::query_as!(
        Row,
        r#"select id as "id: ReservationId", reference, venue_id as "venue_id: VenueId", status, rev, party, service_date, start_at, end_at,
             area_id as "area_id: AreaId", guest_name, guest_email, guest_phone, notes, needs, occasion, policy as "policy: sqlx::types::Json<Terms>",
             manage_hash, late_minutes, created_at, updated_at
           from reservations where id = $1"#,
        id.0
    );
    row.fetch_optional(db).await?.ok_or(Error::NotFound)
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
