//! The SQL of the audit.

use domain::form::{Place, Slice};
use domain::id::VenueId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::AuditEntry;
use crate::Result;

/// A page of what was changed at a venue, each with its place in the list, and one more where there are more.
pub async fn of_venue(db: &mut PgConnection, venue: VenueId, slice: &Slice) -> Result<Vec<(Place, AuditEntry)>> {
    let rows = sqlx::query!(
        "select e.id, e.at, e.actor, a.name as \"name?\", e.subject, e.subject_id, e.action, e.detail, e.seq
         from audit.entries e left join accounts a on a.id = e.account_id and e.actor in ('staff', 'admin')
         where e.venue_id = $1 and ($2::timestamptz is null or (e.at, e.id) < ($2, $3)) order by e.at desc, e.id desc limit $4",
        venue.0,
        slice.after.map(|after| after.at),
        slice.after.map(|after| i64::try_from(after.id.as_u128()).unwrap_or(i64::MAX)),
        slice.one_more()
    );
    let rows = rows.fetch_all(db).await?;
    let entries = rows.into_iter().map(|row| {
        let entry = AuditEntry {
            at: row.at,
            actor: row.actor,
            name: row.name,
            subject: row.subject,
            subject_id: row.subject_id,
            action: row.action,
            detail: row.detail,
            seq: row.seq,
        };
        (Place { at: entry.at, id: Uuid::from_u128(row.id.unsigned_abs().into()) }, entry)
    });
    Ok(entries.collect())
}

/// Seals up to so many entries and says how many.
pub async fn seal(db: &mut PgConnection, most: i32) -> sqlx::Result<i32> {
    sqlx::query_scalar!(r#"select sealed as "sealed!" from audit.seal($1)"#, most).fetch_one(db).await
}

/// A sealed entry as it is hashed.
pub struct Sealed {
    pub seq: i64,
    pub hash: Vec<u8>,
    pub spelled: String,
}

/// So many sealed entries after this place.
pub async fn sealed_after(db: &mut PgConnection, seq: i64, most: i64) -> Result<Vec<Sealed>> {
    let rows = sqlx::query_as!(
        Sealed,
        r#"select e.seq as "seq!", e.hash as "hash!", audit.spelled(e, e.seq) as "spelled!"
           from audit.entries e where e.seq > $1 order by e.seq limit $2"#,
        seq,
        most
    );
    Ok(rows.fetch_all(db).await?)
}

/// How many entries are not sealed yet.
pub async fn unsealed(db: &mut PgConnection) -> Result<i64> {
    let count = sqlx::query_scalar!(r#"select count(*) as "count!" from audit.entries where seq is null"#);
    Ok(count.fetch_one(db).await?)
}
