//! The SQL of who works where.

use chrono::{DateTime, Utc};
use domain::form::Appointment;
use domain::id::{AccountId, StaffId, VenueId};
use domain::policy::{Role, Standing};
use domain::staff::{Member, Work};
use sqlx::PgConnection;
use uuid::Uuid;

use super::send;
use crate::Result;
use crate::account::Errand;
use crate::error::stored;
use crate::notify::Notice;

/// What an account is to a venue, and to the platform.
pub async fn standing(db: &mut PgConnection, account: AccountId, venue: Option<VenueId>) -> Result<Standing> {
    let row = sqlx::query!(
        r#"select a.admin_since is not null as "admin!", r.role as "role?"
           from accounts a left join staff_roles r on r.account_id = a.id and r.venue_id = $2
           where a.id = $1 and a.disabled_at is null"#,
        account.0,
        venue.map(|venue| venue.0)
    );
    let Some(row) = row.fetch_optional(db).await? else { return Ok(Standing::default()) };
    Ok(Standing { role: row.role.as_deref().map(|role| stored("role", role)).transpose()?, admin: row.admin })
}

struct MemberRow {
    id: StaffId,
    email: String,
    role: String,
    since: DateTime<Utc>,
}

impl TryFrom<MemberRow> for Member {
    type Error = crate::Error;

    fn try_from(row: MemberRow) -> Result<Self> {
        Ok(Self {
            id: row.id,
            email: stored("address", &row.email)?,
            role: stored("role", &row.role)?,
            since: row.since,
        })
    }
}

/// Who works at a venue and who is asked to, by address.
pub async fn list(db: &mut PgConnection, venue: VenueId) -> Result<Vec<Member>> {
    let rows = sqlx::query_as!(
        MemberRow,
        r#"select id as "id!: StaffId", email as "email!", role as "role!", since as "since!" from (
             select r.id, a.email, r.role, r.since from staff_roles r join accounts a on a.id = r.account_id where r.venue_id = $1
             union all select i.id, i.email, i.role, i.since from staff_invitations i where i.venue_id = $1) as member
           order by email"#,
        venue.0
    );
    rows.fetch_all(db).await?.into_iter().map(Member::try_from).collect()
}

/// Somebody to be given a role, and who they are told it by.
pub struct NewMember<'a> {
    pub id: Uuid,
    pub venue: VenueId,
    pub venue_name: &'a str,
    pub appointment: &'a Appointment,
    pub now: DateTime<Utc>,
    pub most: i64,
}

/// What became of a change of staff.
pub enum Staffed<T> {
    Done(T),
    /// A venue has an owner at all times.
    LastOwner,
    /// There are as many as can be.
    Full,
}

/// Lets changes of one venue's staff come one after the other. A venue is locked before accounts, and venues in the order of their ids.
async fn lock(db: &mut PgConnection, venue: VenueId) -> sqlx::Result<()> {
    sqlx::query!("select from venues where id = $1 for no key update", venue.0).execute(db).await?;
    Ok(())
}

/// Whether nobody but these owns the venue. Somebody who is only asked to does not count.
async fn is_last_owner(db: &mut PgConnection, venue: VenueId, ids: &[Uuid]) -> sqlx::Result<bool> {
    let last = sqlx::query_scalar!(
        r#"select coalesce(bool_and(id = any ($2)), false) as "last!" from staff_roles where venue_id = $1 and role = 'owner'"#,
        venue.0,
        ids
    );
    last.fetch_one(db).await
}

/// Gives somebody a role, at once where a confirmed account has the address, else once one does. The same again changes nothing.
pub async fn appoint(db: &mut PgConnection, entry: &NewMember<'_>) -> Result<Staffed<Member>> {
    lock(db, entry.venue).await?;
    let email = entry.appointment.email.as_str();
    // Neither erased nor disabled, nor at another address, before this is over.
    let account = sqlx::query_scalar!(
        "select id from accounts where email = $1 and email_confirmed_at is not null and disabled_at is null for share",
        email
    );
    let account = account.fetch_optional(&mut *db).await?;
    let members = list(db, entry.venue).await?;
    let known: Vec<&Member> = members.iter().filter(|member| member.email.as_str() == email).collect();
    let ids: Vec<Uuid> = known.iter().map(|known| known.id.0).collect();
    let wanted = entry.appointment.role;
    match known.first() {
        Some(first) if known.iter().all(|known| known.role == wanted) => return Ok(Staffed::Done((*first).clone())),
        Some(_) if wanted != Role::Owner && is_last_owner(db, entry.venue, &ids).await? => {
            return Ok(Staffed::LastOwner);
        }
        None if i64::try_from(members.len()).is_ok_and(|staff| staff >= entry.most) => return Ok(Staffed::Full),
        _ => {}
    }
    let id = ids.first().copied().unwrap_or(entry.id);
    let given = sqlx::query_scalar!(
        r#"with changed as (
             update staff_roles set role = $5, since = $6 where venue_id = $2 and (id = any ($3) or account_id = $4) returning id),
           made as (
             insert into staff_roles (id, account_id, venue_id, role, since)
             select $1, $4, $2, $5, $6 where $4::uuid is not null and not exists (select from changed) returning id),
           given as (select id from changed union all select id from made),
           gone as (delete from staff_invitations where venue_id = $2 and email = $7 and exists (select from given))
           select id as "id!" from given"#,
        id,
        entry.venue.0,
        &ids,
        account,
        wanted.word(),
        entry.now,
        email
    );
    let given = given.fetch_optional(&mut *db).await?;
    if given.is_none() {
        sqlx::query!(
            "insert into staff_invitations (id, venue_id, email, role, since) values ($1, $2, $3, $4, $5)
             on conflict (venue_id, email) do update set role = excluded.role, since = excluded.since",
            id,
            entry.venue.0,
            email,
            wanted.word(),
            entry.now
        )
        .execute(&mut *db)
        .await?;
    }
    let about = match wanted {
        Role::Host => "a host",
        Role::Manager => "a manager",
        Role::Owner => "an owner",
    };
    let about = format!("{about} at {}", entry.venue_name);
    let to = entry.appointment.email.clone();
    send(db, &Errand { about: Some(about), ..Errand::new(Notice::Appointed, to) }).await?;
    Ok(Staffed::Done(Member {
        id: StaffId(given.unwrap_or(id)),
        email: entry.appointment.email.clone(),
        role: wanted,
        since: entry.now,
    }))
}

/// Takes away what somebody is at a venue and what their address is asked to be there; `None` when it has nobody of this id.
pub async fn dismiss(db: &mut PgConnection, venue: VenueId, id: StaffId) -> sqlx::Result<Option<Staffed<()>>> {
    lock(db, venue).await?;
    let ids = sqlx::query_scalar!(
        r#"with member as (
             select r.id, a.email from staff_roles r join accounts a on a.id = r.account_id where r.venue_id = $1
             union all select id, email from staff_invitations where venue_id = $1)
           select id as "id!" from member where email = (select email from member where id = $2)"#,
        venue.0,
        id.0
    );
    let ids = ids.fetch_all(&mut *db).await?;
    if ids.is_empty() {
        return Ok(None);
    }
    if is_last_owner(db, venue, &ids).await? {
        return Ok(Some(Staffed::LastOwner));
    }
    sqlx::query!(
        "with member as (delete from staff_roles where venue_id = $1 and id = any ($2))
         delete from staff_invitations where venue_id = $1 and id = any ($2)",
        venue.0,
        &ids
    )
    .execute(db)
    .await?;
    Ok(Some(Staffed::Done(())))
}

/// Locks the venues that ask this address to work there, before its account is locked, and says which.
pub async fn lock_invited(db: &mut PgConnection, email: &str) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(r#"select arbiter.lock_invited($1) as "venues!""#, email).fetch_one(db).await
}

/// Turns what an address was asked to be at these venues, which are locked, into roles, once its owner has shown that it is theirs.
pub async fn accept_invitations(db: &mut PgConnection, account: AccountId, venues: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!("select from arbiter.accept_invitations($1, $2)", account.0, venues).fetch_one(db).await?;
    Ok(())
}

/// Where an account works, the longest first.
pub async fn work_of(db: &mut PgConnection, account: AccountId) -> Result<Vec<Work>> {
    let rows = sqlx::query!(
        "select v.slug, v.name, r.role from staff_roles r join venues v on v.id = r.venue_id where r.account_id = $1 order by r.since, r.id",
        account.0
    );
    let rows = rows.fetch_all(db).await?.into_iter();
    let work = rows.map(|row| {
        Ok(Work { venue: stored("slug", &row.slug)?, venue_name: row.name, role: stored("role", &row.role)? })
    });
    work.collect()
}
