//! What somebody booked, and will come to.

use domain::form::{Diary, Place};
use domain::reservation::Reservation;

use super::read::{self, Row};
use crate::{Backend, Page, Result, SignedIn, db};

impl Backend {
    /// The caller's own bookings, page by page.
    ///
    /// # Errors
    /// The database is away.
    pub async fn diary(&self, caller: &SignedIn, diary: &Diary) -> Result<Page<Reservation>> {
        let (owner, now) = (caller.account(), self.now());
        let rows =
            db::read(async || read::list(&mut *self.0.database.acquire().await?, owner, diary, now).await).await?;
        let (rows, next_cursor) = diary.slice.cut(rows, |row| Place { at: row.start_at, id: row.id.0 });
        Ok(Page { items: self.at_their_venues(rows).await?, next_cursor })
    }

    /// Bookings as their guest sees them. Those of a venue whose rules cannot be understood are left out, as it is itself.
    pub(crate) async fn at_their_venues(&self, rows: Vec<Row>) -> Result<Vec<Reservation>> {
        let catalogue = self.0.days.catalogue().await?;
        rows.into_iter()
            .filter_map(|row| Some((catalogue.get(row.venue_id)?, row)))
            .map(|(venue, row)| row.reservation(venue))
            .collect()
    }
}
