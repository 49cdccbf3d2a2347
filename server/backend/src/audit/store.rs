//! The SQL of the audit.

use domain::form::{Place, Slice};
use domain::id::VenueId;
use sqlx::PgConnection;
use uuid::Uuid;

use super::AuditEntry;
use crate::Result;

/// A page of what was changed at a venue, each with its place in the list, and one more where there are more.
///
/// Whether an address has an account shows in none of them: an invitation is told like the role it may become under the same id. That
/// it became one is not told where its owner did that, and is a change of role where the venue gave them another one with it.
pub async fn of_venue(db: &mut PgConnection, venue: VenueId, slice: &Slice) -> Result<Vec<(Place, AuditEntry)>> {
    let rows = sqlx::query!(
        r#"select e.id, e.at, e.actor, a.name as "name?", e.subject_id, e.seq,
             case e.subject when 'invitation' then 'staff' else e.subject end as "subject!",
             case when became.a_role then 'changed' else e.action end as "action!",
             case when became.a_role then jsonb_build_object('role', e.detail -> 'role', 'changed', '["role"]'::jsonb)
               when e.subject = 'staff' then e.detail - 'account_id' else e.detail end as "detail!"
           from audit.entries e left join accounts a on a.id = e.account_id and e.actor in ('staff', 'admin')
           cross join lateral (select (e.subject, e.action) in (('staff', 'made'), ('invitation', 'removed')) and exists (
             select from audit.entries o where o.subject_id = e.subject_id and o.action = 'made'
               and o.subject = case e.subject when 'staff' then 'invitation' else 'staff' end) as a_role) became
           where e.venue_id = $1 and ($2::timestamptz is null or (e.at, e.id) < ($2, $3))
             and not (e.actor in ('guest', 'nobody') and (e.subject, e.action) in (('staff', 'made'), ('invitation', 'removed')))
             and not (e.subject = 'invitation' and became.a_role)
           order by e.at desc, e.id desc limit $4"#,
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
