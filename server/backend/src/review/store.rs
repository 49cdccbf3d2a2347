//! The SQL of reviews. Each write is one transaction, which the use case begins; triggers move the venue's sums along with it.

mod row;

use chrono::{DateTime, Utc};
use domain::form::{Opinion, ReviewChange, Slice};
use domain::id::{AccountId, ReservationId, ReviewId, VenueId};
use domain::review::{Mark, Refusal, Review, Stars, WRITTEN_WITHIN, may_change, may_write};
use domain::text::{PersonName, ReviewText};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

pub use row::{PublishedRow, ReviewRow};

use crate::db::{BATCH, in_batches};
use crate::venue::RatedRow;
use crate::{Error, Result};

/// What became of a write.
pub enum Outcome<T> {
    Done(T),
    KeyReused,
    Refused(Refusal),
    NotFound,
}

impl<T> Outcome<T> {
    /// What was done, or why nothing was.
    pub fn done(self) -> Result<T> {
        match self {
            Self::Done(done) => Ok(done),
            Self::KeyReused => Err(Error::KeyReused),
            Self::Refused(refusal) => Err(Error::ReviewRefused(refusal)),
            Self::NotFound => Err(Error::NotFound),
        }
    }
}

/// A review to be written.
pub struct NewReview<'r> {
    pub scope: &'r str,
    pub key: &'r str,
    pub request_hash: &'r [u8],
    pub id: ReviewId,
    pub visit: ReservationId,
    pub opinion: &'r Opinion,
    pub now: DateTime<Utc>,
}

/// A review that was written, by this call or by an earlier one with its key.
pub struct Written {
    pub id: ReviewId,
    pub at: DateTime<Utc>,
    pub venue_id: VenueId,
    pub slug: String,
    /// `None` where nothing moved.
    pub rated: Option<RatedRow>,
}

/// What is remembered under the key of a review.
#[derive(serde::Serialize, serde::Deserialize)]
struct Remembered {
    id: ReviewId,
    at: DateTime<Utc>,
}

/// Writes a review, unless this very request did before. Copies of it wait for one another at the booking, whose guest may be erased by
/// then.
pub async fn write(db: &mut PgConnection, entry: &NewReview<'_>) -> sqlx::Result<Outcome<Written>> {
    let visit = sqlx::query!(
        r#"select r.venue_id as "venue_id: VenueId", r.status, r.end_at, r.guest_name, v.slug
           from reservations r join venues v on v.id = r.venue_id where r.id = $1 and r.erased_at is null for no key update of r"#,
        entry.visit.0
    );
    let Some(visit) = visit.fetch_optional(&mut *db).await? else { return Ok(Outcome::NotFound) };
    let (venue_id, slug) = (visit.venue_id, visit.slug);
    match known_answer(db, entry.scope, entry.key, entry.request_hash).await? {
        Known::Answer(answer) => {
            let Remembered { id, at } = serde_json::from_value(answer).map_err(undecodable)?;
            return Ok(Outcome::Done(Written { id, at, venue_id, slug, rated: None }));
        }
        Known::KeyReused => return Ok(Outcome::KeyReused),
        Known::Nothing => {}
    }
    let deleted = deleted(db, entry.visit).await?;
    if let Err(refusal) = may_write(read(&visit.status)?, visit.end_at, deleted, entry.now) {
        return Ok(Outcome::Refused(refusal));
    }
    let (stars, author) = (&entry.opinion.stars, read::<PersonName>(&visit.guest_name)?.brief());
    let written = sqlx::query!(
        "insert into reviews (id, venue_id, reservation_id, food, service, ambience, overall, body, author, written_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning written_at",
        entry.id.0,
        venue_id.0,
        entry.visit.0,
        number(stars.food),
        number(stars.service),
        number(stars.ambience),
        number(stars.overall),
        entry.opinion.body.as_str(),
        author,
        // What is written anew is the same visit's, and can be changed for as long.
        deleted.unwrap_or(entry.now)
    );
    // As it is stored, to the microsecond: a repeated request gets the same.
    let remembered = Remembered { id: entry.id, at: written.fetch_one(&mut *db).await?.written_at };
    remember(db, entry.scope, entry.key, entry.request_hash, &remembered).await?;
    let rated = rated(db, venue_id).await?;
    Ok(Outcome::Done(Written { id: entry.id, at: remembered.at, venue_id, slug, rated }))
}

/// When a visit was first written about, where all that was is deleted.
pub async fn deleted(db: &mut PgConnection, visit: ReservationId) -> sqlx::Result<Option<DateTime<Utc>>> {
    let first = sqlx::query_scalar!(
        r#"select min(written_at) as "first!" from reviews where reservation_id = $1 having bool_and(deleted_at is not null)"#,
        visit.0
    );
    first.fetch_optional(db).await
}

/// A review to be changed.
pub struct Changed<'r> {
    pub scope: &'r str,
    pub key: &'r str,
    pub request_hash: &'r [u8],
    pub id: ReviewId,
    pub visit: ReservationId,
    pub change: &'r ReviewChange,
    pub now: DateTime<Utc>,
}

/// Changes a review, unless this very request did before.
pub async fn change(
    db: &mut PgConnection,
    entry: &Changed<'_>,
) -> sqlx::Result<Outcome<(ReviewRow, Option<RatedRow>)>> {
    let present = sqlx::query!(
        "select rev, written_at from reviews where id = $1 and reservation_id = $2 and deleted_at is null for no key update",
        entry.id.0,
        entry.visit.0
    );
    let Some(present) = present.fetch_optional(&mut *db).await? else { return Ok(Outcome::NotFound) };
    match known_answer(db, entry.scope, entry.key, entry.request_hash).await? {
        Known::Answer(_) => {
            let row = find(db, entry.visit).await?;
            return Ok(row.map_or(Outcome::NotFound, |row| Outcome::Done((row, None))));
        }
        Known::KeyReused => return Ok(Outcome::KeyReused),
        Known::Nothing => {}
    }
    if let Err(refusal) = may_change(present.written_at, present.rev, entry.change.rev, entry.now) {
        return Ok(Outcome::Refused(refusal));
    }
    let mark = |of: fn(&Stars) -> Mark| entry.change.stars.as_ref().map(of).map(number);
    sqlx::query!(
        "update reviews set rev = rev + 1, food = coalesce($2, food), service = coalesce($3, service),
           ambience = coalesce($4, ambience), overall = coalesce($5, overall), body = coalesce($6, body)
         where id = $1",
        entry.id.0,
        mark(|stars| stars.food),
        mark(|stars| stars.service),
        mark(|stars| stars.ambience),
        mark(|stars| stars.overall),
        entry.change.body.as_ref().map(ReviewText::as_str)
    )
    .execute(&mut *db)
    .await?;
    remember(db, entry.scope, entry.key, entry.request_hash, &serde_json::json!({})).await?;
    let Some(row) = find(db, entry.visit).await? else { return Ok(Outcome::NotFound) };
    let rated = rated(db, row.venue_id).await?;
    Ok(Outcome::Done((row, rated)))
}

/// Takes a review away and says what is left of its venue's rating; `None` when there never was such a review of this visit.
pub async fn delete(
    db: &mut PgConnection,
    id: ReviewId,
    visit: ReservationId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(VenueId, Option<RatedRow>)>> {
    sqlx::query!(
        "update reviews set deleted_at = $3, body = '', author = null, answer = null, answered_at = null
         where id = $1 and reservation_id = $2 and deleted_at is null",
        id.0,
        visit.0,
        now
    )
    .execute(&mut *db)
    .await?;
    let venue = sqlx::query_scalar!(
        r#"select venue_id as "venue_id: VenueId" from reviews where id = $1 and reservation_id = $2"#,
        id.0,
        visit.0
    );
    let Some(venue) = venue.fetch_optional(&mut *db).await? else { return Ok(None) };
    Ok(Some((venue, rated(db, venue).await?)))
}

/// Sets or takes away the venue's answer; `None` when the venue has no such review.
pub async fn answer(
    db: &mut PgConnection,
    venue: VenueId,
    id: ReviewId,
    answer: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Option<RatedRow>>> {
    let answered = sqlx::query!(
        "update reviews set answer = $3::text,
           answered_at = case when $3 is null then null when answer = $3 then answered_at else $4::timestamptz end
         where id = $1 and venue_id = $2 and deleted_at is null",
        id.0,
        venue.0,
        answer,
        now
    );
    if answered.execute(&mut *db).await?.rows_affected() == 0 {
        return Ok(None);
    }
    rated(db, venue).await.map(Some)
}

/// The review of a visit.
pub async fn find(db: &mut PgConnection, visit: ReservationId) -> sqlx::Result<Option<ReviewRow>> {
    sqlx::query_as!(
        ReviewRow,
        r#"select w.id as "id: ReviewId", w.rev, w.reservation_id as "reservation_id: ReservationId", w.venue_id as "venue_id: VenueId", v.slug,
             w.food, w.service, w.ambience, w.overall, w.body, w.written_at, w.answer, w.answered_at
           from reviews w join venues v on v.id = w.venue_id where w.reservation_id = $1 and w.deleted_at is null"#,
        visit.0
    )
    .fetch_optional(db)
    .await
}

/// The booking of the visit that a review is about.
pub async fn booking_of(db: &mut PgConnection, id: ReviewId) -> sqlx::Result<Option<ReservationId>> {
    sqlx::query_scalar!(r#"select reservation_id as "id: ReservationId" from reviews where id = $1"#, id.0)
        .fetch_optional(db)
        .await
}

/// A part of a venue's reviews, the newest first, and one more where there are more.
pub async fn list(db: &mut PgConnection, venue: VenueId, wish: &Slice) -> sqlx::Result<Vec<PublishedRow>> {
    sqlx::query_as!(
        PublishedRow,
        r#"select w.id as "id: ReviewId", w.author, to_char(r.service_date, 'YYYY-MM') as "visited!", w.food, w.service, w.ambience, w.overall,
             w.body, w.written_at, w.answer, w.answered_at
           from reviews w join reservations r on r.id = w.reservation_id
           where w.venue_id = $1 and w.deleted_at is null
             and (w.written_at, w.id) < (coalesce($2, 'infinity'::timestamptz), coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
           order by w.written_at desc, w.id desc limit $4"#,
        venue.0,
        wish.after.map(|after| after.at),
        wish.after.map(|after| after.id),
        wish.one_more()
    )
    .fetch_all(db)
    .await
}

/// What an account wrote, in the order of writing. Its bookings must still say whose they are.
///
/// # Errors
/// The database is away.
pub async fn export(db: &mut PgConnection, account: AccountId) -> Result<Vec<Review>> {
    let rows = sqlx::query_as!(
        ReviewRow,
        r#"select w.id as "id: ReviewId", w.rev, w.reservation_id as "reservation_id: ReservationId", w.venue_id as "venue_id: VenueId", v.slug,
             w.food, w.service, w.ambience, w.overall, w.body, w.written_at, w.answer, w.answered_at
           from reviews w join venues v on v.id = w.venue_id join reservations r on r.id = w.reservation_id
           where r.account_id = $1 and w.deleted_at is null order by w.written_at, w.id"#,
        account.0
    );
    rows.fetch_all(db).await?.into_iter().map(Review::try_from).collect()
}

/// Venues whose sums are not those of their reviews: none, ever.
///
/// # Errors
/// The database is away.
pub async fn miscounted(db: &mut PgConnection) -> Result<Vec<VenueId>> {
    let venues = sqlx::query_scalar!(r#"select venue as "venue!: VenueId" from miscounted_ratings() venue"#);
    Ok(venues.fetch_all(db).await?)
}

/// Throws away what is left of deleted reviews after a month, and once their visits cannot be written about any more.
pub async fn clean(pool: &PgPool) -> sqlx::Result<()> {
    in_batches(|| {
        sqlx::query!(
            "delete from reviews where id in
               (select w.id from reviews w join reservations r on r.id = w.reservation_id
                where w.deleted_at < clock_timestamp() - interval '30 days' and r.end_at < clock_timestamp() - make_interval(secs => $2)
                limit $1)",
            BATCH,
            WRITTEN_WITHIN.as_seconds_f64()
        )
        .execute(pool)
    })
    .await
}

/// The sums of a venue, as this transaction leaves them.
async fn rated(db: &mut PgConnection, venue: VenueId) -> sqlx::Result<Option<RatedRow>> {
    sqlx::query_as!(
        RatedRow,
        "select version, reviews, food, service, ambience, overall from venue_ratings where venue_id = $1",
        venue.0
    )
    .fetch_optional(db)
    .await
}

/// What a key is known for.
enum Known {
    Nothing,
    KeyReused,
    Answer(serde_json::Value),
}

async fn known_answer(db: &mut PgConnection, scope: &str, key: &str, request_hash: &[u8]) -> sqlx::Result<Known> {
    let known = sqlx::query!("select outcome, answer from arbiter.known_answer($1, $2, $3)", scope, key, request_hash);
    let known = known.fetch_one(db).await?;
    Ok(match known.outcome.as_deref() {
        None => Known::Nothing,
        Some("key_reused") => Known::KeyReused,
        Some(_) => Known::Answer(known.answer.unwrap_or_default()),
    })
}

async fn remember(
    db: &mut PgConnection,
    scope: &str,
    key: &str,
    request_hash: &[u8],
    answer: &impl serde::Serialize,
) -> sqlx::Result<()> {
    let answer = serde_json::to_value(answer).map_err(undecodable)?;
    sqlx::query!("select from arbiter.remember_answer($1, $2, $3, $4)", scope, key, request_hash, Json(answer) as _)
        .fetch_one(db)
        .await?;
    Ok(())
}

fn number(mark: Mark) -> i16 {
    mark.get().into()
}

/// A stored text as what it stands for.
fn read<T: std::str::FromStr<Err = domain::field::Complaint>>(text: &str) -> sqlx::Result<T> {
    text.parse().map_err(undecodable)
}

fn undecodable(error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::Decode(Box::new(error))
}
