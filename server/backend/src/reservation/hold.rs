//! Keeping a table for a few minutes while somebody decides.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::availability::Offer;
use domain::form::Wish;
use domain::reservation::Refusal;
use domain::text::Slug;
use serde::Serialize;
use uuid::Uuid;

use super::Hold;
use super::store::{self, Held, Options, Outcome, Ruling};
use crate::db::{self, decide};
use crate::key::fingerprint;
use crate::token::{self, Purpose};
use crate::venue::{Venue, policy};
use crate::{Backend, Error, Key, Result, mint};

/// How far a hold can be extended from when it was made: the database knows this limit too.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// A hold's first minutes are counted from a moment before its limit is; nobody asks for the milliseconds between.
const NEARLY: TimeDelta = TimeDelta::seconds(1);

/// What a hold gains each time it is extended.
const MORE_SECONDS: i32 = 300;

#[derive(Serialize)]
struct Request<'r> {
    venue: &'r Slug,
    wish: &'r Wish,
}

impl Backend {
    /// Keeps a table for a few minutes. The same request again, by its key, gets the same hold for as long as it lasts.
    ///
    /// # Errors
    /// `Refused` with alternatives when the start cannot be had; `KeyReused`.
    pub async fn hold(&self, slug: &Slug, wish: &Wish, key: Option<&Key>) -> Result<Hold> {
        let venue = self.find_venue(slug).await?;
        let offer = match self.offer(&venue, wish, false).await {
            Ok(offer) => offer,
            // What was held in time stays held, though the notice has begun since.
            Err(error) => return self.held_before(&venue, wish, key).await?.ok_or(error),
        };
        let (mut ruling, mut token) = self.rule_on_hold(&venue, wish, &offer, key).await?;
        if let Outcome::Replayed(first) = &ruling.outcome {
            match self.live_hold(&token).await {
                Ok((_, held)) if held.expires_at == first.expires_at => {}
                Ok((_, held)) => return Ok(shown(&venue, token, &held, longest(&held), &offer)),
                // What this key once named is over; whoever asks again wants a table again.
                Err(Error::Refused { .. }) => (ruling, token) = self.rule_on_hold(&venue, wish, &offer, None).await?,
                Err(error) => return Err(error),
            }
        }
        match ruling.outcome {
            Outcome::Done(held) | Outcome::Replayed(held) => {
                let made = held.expires_at - TimeDelta::seconds(self.0.hold_seconds.into());
                Ok(shown(&venue, token, &held, made + LONGEST, &offer))
            }
            Outcome::KeyReused => Err(Error::KeyReused),
            Outcome::Refused(refusal) => Err(self.refused(&venue, offer.date, wish, refusal).await),
            Outcome::NotFound => Err(Error::NotFound),
            Outcome::SignedOut => Err(Error::Unauthenticated),
        }
    }

    async fn rule_on_hold(
        &self,
        venue: &Venue,
        wish: &Wish,
        offer: &Offer,
        key: Option<&Key>,
    ) -> Result<(Ruling<Held>, String)> {
        let token = self.token_of(venue, key);
        let key = key.cloned().unwrap_or_default();
        let options = Options::of(offer);
        let entry = store::NewHold {
            scope: "hold",
            key: key.as_str(),
            request_hash: &fingerprint(&Request { venue: &venue.profile.card.slug, wish }),
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
            self.moved(venue.id, changes).await;
        }
        Ok((ruling, token))
    }

    /// A repeated request gets the token it got first, since only its hash is stored.
    fn token_of(&self, venue: &Venue, key: Option<&Key>) -> String {
        let id = key.map_or_else(mint::id, |key| Uuid::new_v5(&venue.id.0, key.as_str().as_bytes()));
        self.0.tokens.sign(Purpose::Hold, id)
    }

    /// The hold that this very request got before, by its key, if it lasts.
    async fn held_before(&self, venue: &Venue, wish: &Wish, key: Option<&Key>) -> Result<Option<Hold>> {
        if key.is_none() {
            return Ok(None);
        }
        match self.find_hold(&self.token_of(venue, key)).await {
            Ok(hold) => Ok(Some(hold).filter(|hold| hold.start.utc() == wish.start && hold.party == wish.party)),
            Err(Error::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The hold a token names.
    ///
    /// # Errors
    /// `NotFound` for a token we never gave out, `Refused` once the hold is over.
    pub async fn find_hold(&self, token: &str) -> Result<Hold> {
        let (venue, held) = self.live_hold(token).await?;
        let offer = self.offer_of(&venue, &held).await?;
        Ok(shown(&venue, token.to_owned(), &held, longest(&held), &offer))
    }

    async fn live_hold(&self, token: &str) -> Result<(Arc<Venue>, Held)> {
        self.0.tokens.read(Purpose::Hold, token)?;
        let hash = token::hash(token);
        let held = db::read(async || store::find_hold(&mut *self.0.database.acquire().await?, &hash).await).await?;
        let held = held.ok_or(Error::refused(Refusal::HoldExpired))?;
        let venue = self.0.days.catalogue().await?.get(held.venue).cloned().ok_or(Error::NotFound)?;
        Ok((venue, held))
    }

    /// What the held start offers to its holder. One that the rules no longer know is as good as over.
    async fn offer_of(&self, venue: &Venue, held: &Held) -> Result<Offer> {
        let wish = Wish { start: held.start, party: held.party, area: None, needs: Vec::new() };
        self.offer(venue, &wish, true).await.map_err(|error| match error {
            Error::Refused { .. } | Error::Invalid(_) => Error::refused(Refusal::HoldExpired),
            other => other,
        })
    }

    /// Gives a hold five minutes more, up to a quarter of an hour in all.
    ///
    /// # Errors
    /// `Refused` once the hold is over or as long as it may be, `NotFound` for a token we never gave out.
    pub async fn extend_hold(&self, token: &str) -> Result<Hold> {
        let (venue, before) = self.live_hold(token).await?;
        let offer = self.offer_of(&venue, &before).await?;
        let longest = longest(&before);
        if longest - before.expires_at < NEARLY {
            return Err(Error::refused(Refusal::HoldAtLimit));
        }
        let hash = token::hash(token);
        let ruling = {
            let _turn = self.0.gate.enter(venue.id, offer.date).await?;
            decide(async || store::extend_hold(&mut *self.0.database.acquire().await?, &hash, MORE_SECONDS).await)
                .await?
        };
        match ruling.outcome {
            Outcome::Done(held) | Outcome::Replayed(held) => {
                if let Some(changes) = &ruling.changes {
                    self.moved(venue.id, changes).await;
                }
                if held.expires_at <= before.expires_at {
                    return Err(Error::refused(Refusal::HoldAtLimit));
                }
                Ok(shown(&venue, token.to_owned(), &held, longest, &offer))
            }
            Outcome::Refused(refusal) => Err(Error::refused(refusal)),
            Outcome::KeyReused | Outcome::NotFound | Outcome::SignedOut => Err(Error::refused(Refusal::HoldExpired)),
        }
    }

    /// Lets a hold go; nothing happens when it is over already.
    ///
    /// # Errors
    /// `NotFound` for a token we never gave out.
    pub async fn release_hold(&self, token: &str) -> Result<()> {
        let (venue, held) = match self.live_hold(token).await {
            Err(Error::Refused { .. }) => return Ok(()),
            live => live?,
        };
        let house = &venue.floor.house;
        let hash = token::hash(token);
        let ruling = {
            let _turn = self.0.gate.enter(venue.id, house.zone.service_date(held.start, house.rollover)).await?;
            decide(async || store::release_hold(&mut *self.0.database.acquire().await?, &hash).await).await?
        };
        if let Some(changes) = &ruling.changes {
            self.moved(venue.id, changes).await;
        }
        Ok(())
    }
}

/// How far a hold can be extended.
fn longest(held: &Held) -> DateTime<Utc> {
    held.created_at.unwrap_or(held.expires_at) + LONGEST
}

fn shown(venue: &Venue, token: String, held: &Held, longest: DateTime<Utc>, offer: &Offer) -> Hold {
    let house = &venue.floor.house;
    let start = house.zone.show(held.start);
    let area =
        held.tables.first().and_then(|id| house.tables.iter().find(|table| table.id == *id)).map(|table| table.area);
    Hold {
        token,
        venue: venue.profile.card.slug.clone(),
        start,
        date: offer.date,
        local: start.clock(),
        party: held.party,
        area,
        expires_at: held.expires_at,
        extendable_until: if longest - held.expires_at < NEARLY { held.expires_at } else { longest },
        request: !offer.instant,
        policy: policy(&offer.terms),
    }
}
