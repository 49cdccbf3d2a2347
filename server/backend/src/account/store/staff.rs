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

/// Lets changes of one venue's staff come one after the other.
async fn lock(db: &mut PgConnection, venue: VenueId) -> sqlx::Result<()> {
    sqlx::query!("select from venues where id = $1 for no key update", venue.0).execute(db).await?;
    Ok(())
}

/// Whether nobody else owns the venue. Somebody who is only asked to does not count.
async fn is_last_owner(db: &mut PgConnection, venue: VenueId, id: StaffId) -> sqlx::Result<bool> {
    let last = sqlx::query_scalar!(
        r#"select coalesce(bool_and(id = $2), false) as "last!" from staff_roles where venue_id = $1 and role = 'owner'"#,
        venue.0,
        id.0
    );
    last.fetch_one(db).await
}

/// Gives somebody a role, at once where a confirmed account has the address, else once one does. The same again changes nothing.
pub async fn appoint(db: &mut PgConnection, entry: &NewMember<'_>) -> Result<Staffed<Member>> {
    lock(db, entry.venue).await?;
    let email = entry.appointment.email.as_str();
    let members = list(db, entry.venue).await?;
    let known = members.iter().find(|member| member.email.as_str() == email);
    match known {
        Some(known) if known.role == entry.appointment.role => return Ok(Staffed::Done(known.clone())),
        Some(known) if is_last_owner(db, entry.venue, known.id).await? => return Ok(Staffed::LastOwner),
        None if i64::try_from(members.len()).is_ok_and(|staff| staff >= entry.most) => return Ok(Staffed::Full),
        _ => {}
    }
    let id = known.map_or(entry.id, |known| known.id.0);
    let role = entry.appointment.role.word();
    let appointed = sqlx::query!(
        "insert into staff_roles (id, account_id, venue_id, role, since)
         select $1, a.id, $2, $4, $5 from accounts a where a.email = $3 and a.email_confirmed_at is not null
         on conflict (account_id, venue_id) do update set role = excluded.role, since = excluded.since",
        id,
        entry.venue.0,
        email,
        role,
        entry.now
    );
    if appointed.execute(&mut *db).await?.rows_affected() == 0 {
        sqlx::query!(
            "insert into staff_invitations (id, venue_id, email, role, since) values ($1, $2, $3, $4, $5)
             on conflict (venue_id, email) do update set role = excluded.role, since = excluded.since",
            id,
            entry.venue.0,
            email,
            role,
            entry.now
        )
        .execute(&mut *db)
        .await?;
    }
    let about = match entry.appointment.role {
        Role::Host => "a host",
        Role::Manager => "a manager",
        Role::Owner => "an owner",
    };
    let about = format!("{about} at {}", entry.venue_name);
    let to = entry.appointment.email.clone();
    send(db, &Errand { about: Some(about), ..Errand::new(Notice::Appointed, to) }).await?;
    Ok(Staffed::Done(Member {
        id: StaffId(id),
        email: entry.appointment.email.clone(),
        role: entry.appointment.role,
        since: entry.now,
    }))
}

/// Takes somebody's role at a venue away; `None` when it has nobody of this id.
pub async fn dismiss(db: &mut PgConnection, venue: VenueId, id: StaffId) -> sqlx::Result<Option<Staffed<()>>> {
    lock(db, venue).await?;
    if is_last_owner(db, venue, id).await? {
        return Ok(Some(Staffed::LastOwner));
    }
    let gone = sqlx::query_scalar!(
        r#"with member as (delete from staff_roles where venue_id = $1 and id = $2 returning id),
             invited as (delete from staff_invitations where venue_id = $1 and id = $2 returning id)
           select exists (select from member union all select from invited) as "gone!""#,
        venue.0,
        id.0
    );
    Ok(gone.fetch_one(db).await?.then_some(Staffed::Done(())))
}

/// Turns what an address was asked to be into roles, once its owner has shown that it is theirs.
pub async fn accept_invitations(db: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!(
        "with accepted as (
           delete from staff_invitations i using accounts a where a.id = $1 and a.email_confirmed_at is not null and i.email = a.email
           returning i.id, i.venue_id, i.role, i.since)
         insert into staff_roles (id, account_id, venue_id, role, since) select id, $1, venue_id, role, since from accepted
         on conflict (account_id, venue_id) do nothing",
        account.0
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets where an account works.
pub async fn forget(db: &mut PgConnection, account: AccountId) -> sqlx::Result<()> {
    sqlx::query!("delete from staff_roles where account_id = $1", account.0).execute(db).await?;
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
