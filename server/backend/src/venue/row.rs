//! Rows of a venue, and how they become what the domain knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use domain::availability::Floor;
use domain::floor::{Area, Combo, Table};
use domain::id::{AreaId, ComboId, ServiceId, TableId, VenueId};
use domain::rules::{Accept, Hours, House, Pacing, Service, SpecialDay, Terms, TermsRule, Turn, TurnRule};
use domain::venue::{Card, MenuSection, Profile};

use super::profile::{clock, policies, sections, special, week};
use super::{Rated, Venue};
use crate::error::{Error, Result, stored};

pub struct VenueRow {
    pub id: VenueId,
    pub slug: String,
    pub name: String,
    pub tagline: String,
    pub description: String,
    pub street: String,
    pub neighbourhood: String,
    pub city: String,
    pub country: String,
    pub lat: f64,
    pub lon: f64,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub website: Option<String>,
    pub zone: String,
    pub day_rollover: NaiveTime,
    pub slot_minutes: i16,
    pub currency: String,
    pub cuisines: Vec<String>,
    pub price: i16,
    pub accessibility: Vec<String>,
    pub horizon_days: i16,
    pub min_notice_minutes: i16,
    pub max_online_party: i16,
    pub art_seed: i64,
    pub config_version: i64,
    pub published: bool,
}

pub struct AreaRow {
    pub id: AreaId,
    pub venue_id: VenueId,
    pub name: String,
    pub kind: String,
}

pub struct TableRow {
    pub id: TableId,
    pub venue_id: VenueId,
    pub area_id: AreaId,
    pub label: String,
    pub min_party: i16,
    pub max_party: i16,
    pub step_free: bool,
    pub wheelchair_spaces: i16,
    pub channel: String,
    pub rank: i16,
}

pub struct ComboRow {
    pub id: ComboId,
    pub venue_id: VenueId,
    pub min_party: i16,
    pub max_party: i16,
    pub channel: String,
    pub rank: i16,
    pub tables: Vec<TableId>,
}

pub struct ServiceRow {
    pub id: ServiceId,
    pub venue_id: VenueId,
    pub name: String,
    pub days: i16,
    pub first_seating: NaiveTime,
    pub last_seating: NaiveTime,
    pub ends: NaiveTime,
    pub seatings: Option<Vec<NaiveTime>>,
    pub accept: String,
    pub instant_upto: Option<i16>,
}

pub struct SpecialRow {
    pub venue_id: VenueId,
    pub date: NaiveDate,
    pub note: String,
    pub first_seating: Option<NaiveTime>,
    pub last_seating: Option<NaiveTime>,
    pub ends: Option<NaiveTime>,
}

pub struct TurnRow {
    pub venue_id: VenueId,
    pub area_id: Option<AreaId>,
    pub service_id: Option<ServiceId>,
    pub min_party: i16,
    pub max_party: i16,
    pub minutes: i16,
    pub buffer_minutes: i16,
}

pub struct PacingRow {
    pub venue_id: VenueId,
    pub service_id: Option<ServiceId>,
    pub cap_total: i16,
    pub cap_online: i16,
}

pub struct PolicyRow {
    pub venue_id: VenueId,
    pub service_id: Option<ServiceId>,
    pub min_party: i16,
    pub free_cancel_minutes: i32,
    pub text: String,
    pub version: i32,
}

pub struct MenuRow {
    pub venue_id: VenueId,
    pub section: String,
    pub name: String,
    pub description: String,
    pub price_minor: Option<i32>,
    pub diets: Vec<String>,
}

/// What belongs to one venue.
#[derive(Default)]
pub struct Parts {
    pub areas: Vec<AreaRow>,
    pub tables: Vec<TableRow>,
    pub combos: Vec<ComboRow>,
    pub services: Vec<ServiceRow>,
    pub specials: Vec<SpecialRow>,
    pub turns: Vec<TurnRow>,
    pub pacing: Vec<PacingRow>,
    pub policies: Vec<PolicyRow>,
    pub menu: Vec<MenuRow>,
}

impl VenueRow {
    /// The venue these rows make, yet without its rating.
    ///
    /// # Errors
    /// `Corrupt` when a row breaks a rule of the domain.
    pub fn assemble(self, parts: Parts) -> Result<Venue> {
        let menu = sections(&parts.menu);
        let house = self.house(parts)?;
        let profile = self.profile(&house, menu)?;
        let words = format!(
            "{} {} {} {} {} {}",
            profile.card.name,
            profile.card.tagline,
            profile.card.neighbourhood,
            profile.card.city,
            profile.card.cuisines.iter().map(|cuisine| cuisine.label()).collect::<Vec<_>>().join(" "),
            profile.description,
        );
        Ok(Venue {
            id: self.id,
            version: self.config_version,
            published: self.published,
            rated: Rated::default(),
            profile: Arc::new(profile),
            floor: Floor::new(house),
            words: words.to_lowercase(),
        })
    }

    fn house(&self, parts: Parts) -> Result<House> {
        let mut pacing = Pacing::default();
        let mut pacing_of = BTreeMap::new();
        for row in parts.pacing {
            let caps = Pacing { total: small(row.cap_total)?, online: small(row.cap_online)? };
            match row.service_id {
                Some(service) => drop(pacing_of.insert(service, caps)),
                None => pacing = caps,
            }
        }
        Ok(House {
            venue: self.id,
            version: self.config_version,
            zone: stored("zone", &self.zone)?,
            rollover: self.day_rollover,
            slot_minutes: self.slot_minutes.into(),
            horizon_days: small(self.horizon_days)?,
            min_notice_minutes: self.min_notice_minutes.into(),
            max_online_party: small(self.max_online_party)?,
            areas: parts.areas.into_iter().map(AreaRow::area).collect::<Result<_>>()?,
            tables: parts.tables.into_iter().map(TableRow::table).collect::<Result<_>>()?,
            combos: parts.combos.into_iter().map(ComboRow::combo).collect::<Result<_>>()?,
            services: parts.services.into_iter().map(ServiceRow::service).collect::<Result<_>>()?,
            special_days: parts.specials.into_iter().map(|row| (row.date, row.day())).collect(),
            turns: parts.turns.iter().map(TurnRow::rule).collect::<Result<_>>()?,
            pacing,
            pacing_of,
            terms: parts.policies.into_iter().map(PolicyRow::rule).collect::<Result<_>>()?,
        })
    }

    fn profile(&self, house: &House, menu: Vec<MenuSection>) -> Result<Profile> {
        Ok(Profile {
            card: Card {
                slug: stored("slug", &self.slug)?,
                name: self.name.clone(),
                tagline: self.tagline.clone(),
                cuisines: self.cuisines.iter().map(|word| stored("cuisine", word)).collect::<Result<_>>()?,
                price: small(self.price)?,
                neighbourhood: self.neighbourhood.clone(),
                city: self.city.clone(),
                country: self.country.clone(),
                currency: self.currency.clone(),
                timezone: self.zone.clone(),
                lat: self.lat,
                lon: self.lon,
                art_seed: self.art_seed,
                rating: None,
            },
            description: self.description.clone(),
            street: self.street.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            website: self.website.clone(),
            accessibility: self
                .accessibility
                .iter()
                .map(|word| stored("accessibility", word))
                .collect::<Result<_>>()?,
            areas: house.areas.clone(),
            hours: week(house),
            special_days: house.special_days.iter().map(|(date, day)| special(*date, day)).collect(),
            menu,
            policies: policies(house),
            day_rollover: clock(house.rollover),
            horizon_days: house.horizon_days,
            min_notice_minutes: house.min_notice_minutes,
            largest_instant_party: house.largest_instant_party(),
        })
    }
}

impl AreaRow {
    fn area(self) -> Result<Area> {
        Ok(Area { id: self.id, kind: stored("area kind", &self.kind)?, name: self.name })
    }
}

impl TableRow {
    fn table(self) -> Result<Table> {
        Ok(Table {
            id: self.id,
            area: self.area_id,
            label: self.label,
            min_party: small(self.min_party)?,
            max_party: small(self.max_party)?,
            step_free: self.step_free,
            wheelchair_spaces: small(self.wheelchair_spaces)?,
            channel: stored("channel", &self.channel)?,
            rank: self.rank,
        })
    }
}

impl ComboRow {
    fn combo(self) -> Result<Combo> {
        Ok(Combo {
            id: self.id,
            tables: self.tables,
            min_party: small(self.min_party)?,
            max_party: small(self.max_party)?,
            channel: stored("channel", &self.channel)?,
            rank: self.rank,
        })
    }
}

impl ServiceRow {
    fn service(self) -> Result<Service> {
        let accept = match (self.accept.as_str(), self.instant_upto) {
            ("instant", _) => Accept::Instant,
            ("request", _) => Accept::Request,
            ("instant_upto", Some(limit)) => Accept::InstantUpTo(small(limit)?),
            (other, _) => return Err(Error::Corrupt(format!("accept: {other}"))),
        };
        Ok(Service {
            id: self.id,
            name: self.name,
            days: small(self.days)?,
            hours: Hours { first_seating: self.first_seating, last_seating: self.last_seating, ends: self.ends },
            seatings: self.seatings,
            accept,
        })
    }
}

impl SpecialRow {
    fn day(self) -> SpecialDay {
        let hours = match (self.first_seating, self.last_seating, self.ends) {
            (Some(first_seating), Some(last_seating), Some(ends)) => Some(Hours { first_seating, last_seating, ends }),
            _ => None,
        };
        SpecialDay { hours, note: self.note }
    }
}

impl TurnRow {
    fn rule(&self) -> Result<TurnRule> {
        Ok(TurnRule {
            area: self.area_id,
            service: self.service_id,
            min_party: small(self.min_party)?,
            max_party: small(self.max_party)?,
            turn: Turn::minutes(self.minutes.into(), self.buffer_minutes.into()),
        })
    }
}

impl PolicyRow {
    fn rule(self) -> Result<TermsRule> {
        Ok(TermsRule {
            service: self.service_id,
            min_party: small(self.min_party)?,
            terms: Terms {
                free_cancel_minutes: small(self.free_cancel_minutes)?,
                text: self.text,
                version: small(self.version)?,
            },
        })
    }
}

/// A stored number in the domain's narrower type.
fn small<T, U: TryFrom<T, Error: std::fmt::Display>>(number: T) -> Result<U> {
    U::try_from(number).map_err(|error| Error::Corrupt(error.to_string()))
}
