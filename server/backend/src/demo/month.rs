//! A month of one venue: who comes, when, and to which table. Everything is placed by the engine that guests book with.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::availability::{Ask, Audience, Claim, Day, Offer, Pace, Plan, SeatingOption};
use domain::floor::{AreaKind, Channel, Need};
use domain::id::AreaId;
use domain::party::PartySize;
use domain::reservation::{Guest, Occasion};
use domain::rules::{House, Pacing, Terms};
use uuid::Uuid;

use super::appetite::{Appetite, party};
use super::draw::Draw;
use super::guide::{Listing, Notes};
use super::people::{Crowd, Diary, words};
use super::story::{Frame, Story};
use crate::venue::Venue;

/// Days of the month before today, and after.
const BEFORE: u64 = 14;
const AFTER: u64 = 16;

/// A booking that has its table.
#[derive(Debug)]
pub struct Placed {
    pub id: Uuid,
    pub reference: String,
    pub date: NaiveDate,
    pub start: DateTime<Utc>,
    pub party: PartySize,
    /// Its tables.
    pub seats: SeatingOption,
    /// Made by a guest, and not by staff on the telephone.
    pub online: bool,
    /// The area they asked for.
    pub area: Option<AreaId>,
    pub needs: Vec<Need>,
    pub guest: Guest,
    pub notes: String,
    pub occasion: Option<Occasion>,
    pub terms: Terms,
    pub pacing: Pacing,
    pub manage_hash: [u8; 32],
    pub story: Story,
}

/// What stands already in the days of the month.
#[derive(Debug, Default)]
pub struct Standing {
    pub claims: Vec<Claim>,
    pub pace: HashMap<NaiveDate, Vec<(DateTime<Utc>, Pace)>>,
    /// Days that have a demo.
    pub filled: HashSet<NaiveDate>,
}

/// The dates of the month around an instant.
pub fn dates(house: &House, now: DateTime<Utc>) -> Vec<NaiveDate> {
    let today = house.zone.service_date(now, house.rollover);
    (today - Days::new(BEFORE)).iter_days().take(usize::try_from(BEFORE + 1 + AFTER).unwrap_or(0)).collect()
}

/// One venue and those who might come.
pub struct Scene<'s> {
    pub venue: &'s Venue,
    pub listing: &'s Listing,
    pub crowd: &'s Crowd,
    pub notes: &'s Notes,
    pub seed: u64,
    pub now: DateTime<Utc>,
}

impl Scene<'_> {
    /// Fills every day of the month that has no demo yet, around what stands there.
    pub fn fill(&self, mut standing: Standing, diary: &mut Diary) -> Vec<Placed> {
        let mut month = Vec::new();
        for date in dates(&self.venue.floor.house, self.now) {
            if standing.filled.contains(&date) {
                continue;
            }
            let plan = Plan::new(&self.venue.floor, date);
            let near = |claim: &&Claim| (claim.date - date).num_days().abs() <= 1;
            let claims: Vec<Claim> = standing.claims.iter().filter(near).cloned().collect();
            let pace = standing.pace.remove(&date).unwrap_or_default();
            let placed = self.fill_day(Day::new(plan, 0, &claims, &pace), diary);
            standing.claims.extend(placed.iter().flat_map(claims_of));
            month.extend(placed);
        }
        month
    }

    fn fill_day(&self, mut day: Day, diary: &mut Diary) -> Vec<Placed> {
        let house = &self.venue.floor.house;
        let plan = day.plan.clone();
        let today = house.zone.service_date(self.now, house.rollover);
        let ahead = (plan.date - today).num_days();
        let mut placed = Vec::new();
        for (index, service) in house.services.iter().enumerate() {
            let Some(entry) = self.listing.services.iter().find(|entry| entry.name == service.name) else { continue };
            let mut draw = Draw::of(self.seed, &[self.listing.slug.as_str(), &plan.date.to_string(), &service.name]);
            let Some(appetite) = Appetite::of(&plan, index, entry, ahead, &mut draw) else { continue };
            let (mut asked, mut seated) = (0.0, 0.0);
            // Some find nothing and go elsewhere; that many more than there is room for are not asked.
            while seated < appetite.covers && asked < appetite.covers * 1.4 {
                let Some(party) = party(&mut draw) else { break };
                asked += f64::from(party.get());
                let Some(booking) = self.place(&day, &appetite, party, &mut draw, diary) else { continue };
                seated += f64::from(party.get());
                day = day.with(&claims_of(&booking), 0);
                placed.push(booking);
            }
        }
        placed
    }

    /// Finds a time and a table for a party, as near to its wish as can be had.
    fn place(
        &self,
        day: &Day,
        appetite: &Appetite,
        party: PartySize,
        draw: &mut Draw,
        diary: &mut Diary,
    ) -> Option<Placed> {
        let house = &self.venue.floor.house;
        let online = draw.percent(86);
        let needs = needs(party, draw);
        let area = online.then(|| wished_area(house, draw)).flatten();
        let audience = if online { Audience::Guest } else { Audience::Staff };
        let starts = appetite.starts_near(appetite.wish(draw));
        let lead = lead(draw);
        // Whoever cannot have the terrace, or a table for their needs, mostly takes another.
        let (made, area, needs, offer) =
            [(area, needs), (None, needs), (None, &[][..])].into_iter().find_map(|(area, needs)| {
                let ask = |now| Ask { party, area, needs: Cow::Borrowed(needs), audience, now };
                let open = day.openings(&ask(self.now)).open;
                starts.iter().find_map(|start| {
                    let tick = day.plan.tick(*start).filter(|tick| open >> tick & 1 == 1)?;
                    let made = created(house, &day.plan, day.plan.instant(tick), lead, self.now)?;
                    Some((made, area, needs, day.offer(*start, &ask(made)).ok()?))
                })
            })?;
        let start = offer.sitting.start.utc();
        let seats = self.first_option(&offer)?;
        let guest = diary.engage(self.crowd, start, draw)?.clone();
        let frame = Frame { created: made, start, end: seats.end, instant: offer.instant, online };
        let (occasion, note) = words(self.notes, draw);
        Some(Placed {
            id: draw.id(),
            reference: diary.reference(draw),
            date: offer.date,
            start,
            party,
            online,
            area,
            needs: needs.to_vec(),
            guest,
            notes: note.map(String::from).unwrap_or_default(),
            occasion,
            terms: offer.terms,
            pacing: offer.pacing,
            manage_hash: draw.bytes(),
            story: Story::of(frame, draw),
            seats,
        })
    }

    /// The best option, unless it takes a table that is kept for people at the door.
    fn first_option(&self, offer: &Offer) -> Option<SeatingOption> {
        let house = &self.venue.floor.house;
        let kept = |id| house.tables.iter().any(|table| table.id == id && table.channel == Channel::WalkIn);
        offer.options.first().filter(|option| !option.tables.iter().any(|id| kept(*id))).cloned()
    }
}

/// The claims of a booking, in the order of their tables; the first carries the covers.
pub fn claims_of(booking: &Placed) -> Vec<Claim> {
    let covers = u16::from(booking.party.get());
    let claim = |(place, table): (usize, &domain::id::TableId)| Claim {
        table: *table,
        date: booking.date,
        from: booking.start,
        to: booking.seats.free_again,
        covers: if place == 0 { covers } else { 0 },
        online: if place == 0 && booking.online { covers } else { 0 },
        expires_at: None,
    };
    booking.seats.tables.iter().enumerate().map(claim).collect()
}

/// How long before they booked.
fn lead(draw: &mut Draw) -> Duration {
    let (least, most) =
        draw.weighted(&[((2, 24), 24), ((24, 72), 26), ((72, 168), 26), ((168, 504), 19), ((504, 1200), 5)]);
    draw.minutes(least * 60, most * 60)
}

/// When a booking was made: as long before as people do, but before today began, and when the start was on sale.
fn created(
    house: &House,
    plan: &Arc<Plan>,
    start: DateTime<Utc>,
    lead: Duration,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let today = house.zone.service_date(now, house.rollover);
    let latest = start - Duration::minutes(house.min_notice_minutes);
    let latest = if plan.date < today { latest } else { latest.min(house.zone.day_start(today, house.rollover)) };
    let on_sale = start - Duration::days(house.horizon_days.into());
    let made = if plan.date <= today { latest.min(start - lead) } else { latest - lead };
    (on_sale <= latest).then(|| made.max(on_sale).min(latest))
}

fn needs(party: PartySize, draw: &mut Draw) -> &'static [Need] {
    match draw.below(100) {
        0 => &[Need::StepFree],
        1 => &[Need::WheelchairSpace],
        2 => &[Need::Quiet],
        3 => &[Need::AssistanceDog],
        4..8 if party.get() > 2 => &[Need::HighChair],
        8..10 if party.get() > 2 => &[Need::Pram],
        _ => &[],
    }
}

/// Some ask for the terrace, the bar or the counter.
fn wished_area(house: &House, draw: &mut Draw) -> Option<AreaId> {
    let special: Vec<AreaId> = house
        .areas
        .iter()
        .filter(|area| !matches!(area.kind, AreaKind::Indoor | AreaKind::Private))
        .map(|area| area.id)
        .collect();
    (draw.percent(12) && !special.is_empty()).then(|| *draw.pick(&special))
}
