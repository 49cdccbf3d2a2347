//! Which starts of a day can be had, from memory.

mod kept;
pub(crate) mod store;

pub(crate) use kept::Answers;
pub use kept::Kept;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::availability::{Ask, Audience, Start};
use domain::form::{DayWish, Wish};
use domain::party::PartySize;
use domain::text::Slug;
use domain::venue::Policy;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;

use crate::venue::{Venue, policy};
use crate::{Backend, Error, Result};

/// One day of a venue for one party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Availability {
    /// The venue.
    pub venue: Slug,
    /// The service date: times after midnight belong to the evening before.
    pub date: NaiveDate,
    /// IANA time zone of the venue.
    pub timezone: String,
    /// The party.
    pub party: PartySize,
    /// Rises with every change of the day.
    pub version: i64,
    /// What the venue says about this day.
    pub note: Option<String>,
    /// The terms of a booking for this party, by service.
    pub policies: Vec<ServicePolicy>,
    /// Every start and whether it can be had.
    pub starts: Vec<Start>,
}

/// On what terms a service is booked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ServicePolicy {
    /// The service, as its starts name it.
    pub service: String,
    /// The terms.
    #[serde(flatten)]
    pub policy: Policy,
}

/// Alternatives that come with a refusal.
const ALTERNATIVES: usize = 4;

impl Backend {
    /// Every start of a day and whether this party can have it.
    ///
    /// # Errors
    /// `NotFound`, an area of another venue, or the database is away and memory too old.
    pub async fn availability(&self, slug: &Slug, wish: &DayWish) -> Result<Arc<Kept>> {
        let venue = self.find_venue(slug).await?;
        check_area(&venue, wish.area)?;
        let day = self.0.days.day(&venue, wish.date).await?;
        Ok(self.0.answers.give(&venue, day, wish, self.now()).await)
    }

    /// What could be had instead: the same day first, else the same time on the days around it.
    pub(crate) async fn alternatives(&self, venue: &Venue, date: NaiveDate, wish: &Wish) -> Vec<Start> {
        let ask = ask(wish.party, wish.area, &wish.needs, self.now());
        let Ok(day) = self.0.days.day(venue, date).await else { return Vec::new() };
        let same_day = day.nearest(wish.start, &ask, ALTERNATIVES);
        if !same_day.is_empty() {
            return same_day;
        }
        let mut found = Vec::new();
        for ahead in 1..=7 {
            let Ok(day) = self.0.days.day(venue, date + TimeDelta::days(ahead)).await else { break };
            // A second early: `nearest` leaves out the very instant it is given, which on another day is the best there is.
            let wanted = wish.start + TimeDelta::days(ahead) - TimeDelta::seconds(1);
            found.extend(day.nearest(wanted, &ask, 1));
            if found.len() >= ALTERNATIVES / 2 {
                break;
            }
        }
        found
    }
}

pub(crate) fn ask(
    party: PartySize,
    area: Option<domain::id::AreaId>,
    needs: &[domain::floor::Need],
    now: DateTime<Utc>,
) -> Ask<'_> {
    Ask { party, area, needs: Cow::Borrowed(needs), audience: Audience::Guest, now }
}

pub(crate) fn availability(
    venue: &Venue,
    day: &domain::availability::Day,
    wish: &DayWish,
    now: DateTime<Utc>,
) -> Availability {
    let starts = day.starts(&ask(wish.party, wish.area, &wish.needs, now));
    Availability {
        venue: venue.profile.card.slug.clone(),
        date: wish.date,
        timezone: venue.profile.card.timezone.clone(),
        party: wish.party,
        version: day.version,
        note: day.plan.note.clone(),
        policies: policies(day, &starts, wish.party),
        starts,
    }
}

fn policies(day: &domain::availability::Day, starts: &[Start], party: PartySize) -> Vec<ServicePolicy> {
    let house = &day.plan.floor.house;
    let mut policies: Vec<ServicePolicy> = Vec::new();
    for (sitting, start) in day.plan.sittings.iter().zip(starts) {
        if !policies.iter().any(|known| known.service == start.service) {
            let policy = policy(&house.terms(house.services[sitting.service].id, party));
            policies.push(ServicePolicy { service: start.service.clone(), policy });
        }
    }
    policies
}

pub(crate) fn check_area(venue: &Venue, area: Option<domain::id::AreaId>) -> Result<()> {
    match area {
        Some(id) if !venue.profile.areas.iter().any(|area| area.id == id) => {
            Err(Error::invalid("/area", "There is no such area here."))
        }
        _ => Ok(()),
    }
}
