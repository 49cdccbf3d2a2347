//! The SQL of a venue's book.

use chrono::{DateTime, NaiveDate, Utc};
use domain::book::Entry;
use domain::form::{DaySlice, Place};
use domain::id::{ReservationId, VenueId};
use sqlx::PgConnection;

use crate::Result;
use crate::error::stored;
use crate::reservation::read::party;
use crate::venue::Venue;

/// One booking with its tables.
pub struct Row {
    id: ReservationId,
    reference: String,
    status: String,
    rev: i32,
    party: i16,
    service_date: NaiveDate,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
    guest_name: String,
    guest_email: Option<String>,
    guest_phone: Option<String>,
    notes: String,
    needs: Vec<String>,
    occasion: Option<String>,
    late_minutes: Option<i16>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    tables: Vec<String>,
}

macro_rules! rows {
    ($rest:literal, $($bound:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select r.id as "id: ReservationId", r.reference, r.status, r.rev, r.party, r.service_date, r.start_at, r.end_at,
                 r.guest_name, r.guest_email, r.guest_phone, r.notes, r.needs, r.occasion, r.late_minutes, r.created_at, r.updated_at,
                 array(select t.label from table_claims c join tables t on t.id = c.table_id
                       where c.reservation_id = r.id and c.released_at is null order by t.label) as "tables!"
               from reservations r where r.venue_id = $1 and "# + $rest,
            $($bound),+
        )
    };
}

/// A page of a day's bookings, and one more where there are more.
pub async fn day(db: &mut PgConnection, venue: VenueId, day: &DaySlice) -> Result<Vec<Row>> {
    let rows = rows!(
        "r.service_date = $2 and ($3::timestamptz is null or (r.start_at, r.id) > ($3, $4)) order by r.start_at, r.id limit $5",
        venue.0,
        day.date,
        day.slice.after.map(|after| after.at),
        day.slice.after.map(|after| after.id),
        day.slice.one_more()
    );
    Ok(rows.fetch_all(db).await?)
}

/// One booking of a venue.
pub async fn find(db: &mut PgConnection, venue: VenueId, id: ReservationId) -> Result<Option<Row>> {
    Ok(rows!("r.id = $2", venue.0, id.0).fetch_optional(db).await?)
}

impl Row {
    /// Where it stands in its day.
    pub const fn place(&self) -> Place {
        Place { at: self.start_at, id: self.id.0 }
    }

    /// The booking as staff see it.
    ///
    /// # Errors
    /// `Corrupt` when the row breaks a rule of the domain.
    pub fn entry(self, venue: &Venue) -> Result<Entry> {
        let zone = venue.floor.house.zone;
        let start = zone.show(self.start_at);
        Ok(Entry {
            id: self.id,
            reference: stored("reference", &self.reference)?,
            status: stored("status", &self.status)?,
            rev: self.rev,
            start,
            end: zone.show(self.end_at),
            local: start.clock(),
            date: self.service_date,
            party: party(self.party)?,
            tables: self.tables,
            name: stored("name", &self.guest_name)?,
            email: self.guest_email.as_deref().map(|email| stored("email", email)).transpose()?,
            phone: self.guest_phone.as_deref().map(|phone| stored("phone", phone)).transpose()?,
            notes: stored("notes", &self.notes)?,
            needs: self.needs.iter().map(|need| stored("need", need)).collect::<Result<_>>()?,
            occasion: self.occasion.as_deref().map(|occasion| stored("occasion", occasion)).transpose()?,
            late_minutes: self.late_minutes,
            created_at: self.created_at,
            changed_at: self.updated_at,
        })
    }
}
