//! Keeping a table for a few minutes while somebody decides.

use chrono::{DateTime, TimeDelta, Utc};
use domain::form::Wish;
use domain::reservation::Refusal;
use domain::text::Slug;
use serde::Serialize;
use uuid::Uuid;

use super::Hold;
use super::store::{self, Held, Options, Outcome};
use crate::db::{self, decide};
use crate::key::fingerprint;
use crate::token::{self, Purpose};
use crate::venue::Venue;
use crate::{Backend, Error, Key, Result, mint};

/// How far a hold can be extended from when it was made: the database knows this limit too.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// What a hold gains each time it is extended.
const MORE_SECONDS: i32 = 300;

#[derive(Serialize)]
struct Request<'r> {
    venue: &'r Slug,
    wish: &'r Wish,
}

impl Backend {
    /// Keeps a table for a few minutes.
    ///
    /// # Errors
    /// `Refused` with alternatives when the start cannot be had; `KeyReused`.
    pub async fn hold(&self, slug: &Slug, wish: &Wish, key: Option<&Key>) -> Result<Hold> {
        let venue = self.find_venue(slug).await?;
        let offer = self.offer(&venue, wish, false).await?;
        // A repeated request gets the token it got first, since only its hash is stored.
        let (key, id) = match key {
            Some(key) => (key.clone(), Uuid::new_v5(&venue.id.0, key.as_str().as_bytes())),
            None => (Key::new(), mint::id()),
        };
        let token = self.0.tokens.sign(Purpose::Hold, id);
        let options = Options::of(&offer);
        let entry = store::NewHold {
            scope: "hold",
            key: key.as_str(),
            request_hash: &fingerprint(&Request { venue: slug, wish }),
            venue: venue.id,
            date: offer.date,
            start: wish.start,
            party: wish.party,
            options: &options,
            token_hash: &token::hash(&token),
            seconds: i32::try_from(self.0.hold_seconds).unwrap_or(i32::MAX),
        };
        let ruling = {
            let _turn = self.0.gate.enter(venue.id, offer.date).await?;
            decide(async || store::hold(&mut *self.0.database.acquire().await?, &entry).await).await?
        };
        if let Some(changes) = &ruling.changes {
            self.moved(&venue, changes).await;
        }
        match ruling.outcome {
            Outcome::Done(held) | Outcome::Replayed(held) => {
                let made = held.expires_at - TimeDelta::seconds(self.0.hold_seconds.into());
                Ok(shown(&venue, token, &held, made + LONGEST, !offer.instant))
            }
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(refusal) => Err(self.refused(&venue, offer.date, wish, refusal).await),
            Outcome::NotFound => Err(Error::NotFound),
        }
    }

    /// The hold a token names.
    ///
    /// # Errors
    /// `NotFound` for a token we never gave out, `Refused` once the hold is over.
    pub async fn find_hold(&self, token: &str) -> Result<Hold> {
        self.0.tokens.read(Purpose::Hold, token)?;
        let hash = token::hash(token);
        let held = db::read(async || store::find_hold(&mut *self.0.database.acquire().await?, &hash).await).await?;
        let held = held.ok_or(Error::refused(Refusal::HoldExpired))?;
        let venue = self.0.days.catalogue().await?.get(held.venue).cloned().ok_or(Error::NotFound)?;
        let longest = held.created_at.unwrap_or(held.expires_at) + LONGEST;
        let request = self.by_request(&venue, &held).await;
        Ok(shown(&venue, token.to_owned(), &held, longest, request))
    }

    /// Gives a hold five minutes more, up to a quarter of an hour in all.
    ///
    /// # Errors
    /// `Refused` once the hold is over or as long as it may be, `NotFound` for a token we never gave out.
    pub async fn extend_hold(&self, token: &str) -> Result<Hold> {
        self.0.tokens.read(Purpose::Hold, token)?;
        let hash = token::hash(token);
        let before = self.find_hold(token).await?;
        if before.extendable_until <= before.expires_at {
            return Err(Error::refused(Refusal::HoldAtLimit));
        }
        let ruling =
            decide(async || store::extend_hold(&mut *self.0.database.acquire().await?, &hash, MORE_SECONDS).await)
                .await?;
        match ruling.outcome {
            Outcome::Done(held) | Outcome::Replayed(held) => {
                let venue = self.0.days.catalogue().await?.get(held.venue).cloned().ok_or(Error::NotFound)?;
                if let Some(changes) = &ruling.changes {
                    self.moved(&venue, changes).await;
                }
                if held.expires_at <= before.expires_at {
                    return Err(Error::refused(Refusal::HoldAtLimit));
                }
                Ok(shown(&venue, before.token, &held, before.extendable_until, before.request))
            }
            Outcome::Refused(refusal) => Err(Error::refused(refusal)),
            Outcome::KeyReused | Outcome::NotFound => Err(Error::refused(Refusal::HoldExpired)),
        }
    }

    /// Lets a hold go; nothing happens when it is over already.
    ///
    /// # Errors
    /// `NotFound` for a token we never gave out.
    pub async fn release_hold(&self, token: &str) -> Result<()> {
        self.0.tokens.read(Purpose::Hold, token)?;
        let hash = token::hash(token);
        let ruling = decide(async || store::release_hold(&mut *self.0.database.acquire().await?, &hash).await).await?;
        if let (Outcome::Done(held), Some(changes)) = (&ruling.outcome, &ruling.changes)
            && let Some(venue) = self.0.days.catalogue().await?.get(held.venue)
        {
            self.moved(venue, changes).await;
        }
        Ok(())
    }

    /// Whether booking the held start will ask the venue first.
    async fn by_request(&self, venue: &Venue, held: &Held) -> bool {
        let wish = Wish { start: held.start, party: held.party, area: None, needs: Vec::new() };
        self.offer(venue, &wish, true).await.is_ok_and(|offer| !offer.instant)
    }
}

fn shown(venue: &Venue, token: String, held: &Held, longest: DateTime<Utc>, request: bool) -> Hold {
    // A hold's first minutes are counted from a moment before its limit is; nobody asks for the milliseconds between.
    let extendable_until = if longest - held.expires_at < TimeDelta::seconds(1) { held.expires_at } else { longest };
    let house = &venue.floor.house;
    let start = house.zone.show(held.start);
    let area =
        held.tables.first().and_then(|id| house.tables.iter().find(|table| table.id == *id)).map(|table| table.area);
    Hold {
        token,
        venue: venue.profile.card.slug.clone(),
        start,
        local: start.clock(),
        party: held.party,
        area,
        expires_at: held.expires_at,
        extendable_until,
        request,
    }
}
