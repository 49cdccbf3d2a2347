//! Any house, any claims, any question: the engine says what the oracle says.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, TimeDelta, Utc};
use domain::availability::{Audience, Claim, Day, Floor, Pace, Plan, Reason, Start, StartState};
use domain::rules::House;
use domain::time::TICK;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::house::table;
use crate::oracle::{Oracle, Paces, Verdict};
use crate::random::{Question, any_house, any_moment, any_question};

/// A claim before its day is known: which table, from which tick of the day on, for how long.
#[derive(Clone, Debug)]
struct Draft {
    table: usize,
    from: i32,
    ticks: i32,
    covers: (u16, u16),
    /// Minutes until a hold expires, from the asking on.
    hold: Option<i64>,
}

fn any_draft() -> impl Strategy<Value = Draft> {
    let hold = prop_oneof![3 => Just(None), 2 => (-10..10_i64).prop_map(Some)];
    (0..8_usize, -40..130_i32, 1..29_i32, (0..7_u16, any::<bool>()), hold).prop_map(
        |(table, from, ticks, (covers, online), hold)| Draft {
            table,
            from,
            ticks,
            covers: (covers, if online { covers } else { 0 }),
            hold,
        },
    )
}

/// A day with what is booked on it.
struct Scene {
    plan: Arc<Plan>,
    claims: Vec<Claim>,
    pace: Paces,
    now: DateTime<Utc>,
}

impl Scene {
    fn new(house: House, date: NaiveDate, drafts: &[Draft], extra: &[(i32, u16, u16)], moment: Duration) -> Self {
        let plan = Plan::new(&Floor::new(house), date);
        let now = plan.origin + moment;
        let mut scene = Self { plan, claims: Vec::new(), pace: Paces::new(), now };
        for draft in drafts {
            scene.add(draft);
        }
        for (tick, total, online) in extra {
            let pace = scene.pace.entry(scene.plan.origin + TICK * *tick).or_default();
            pace.total += total;
            pace.online += online.min(total);
        }
        scene
    }

    /// Adds the claim unless its table is taken, as the database would.
    fn add(&mut self, draft: &Draft) {
        let house = &self.plan.floor.house;
        let from = self.plan.origin + TICK * draft.from;
        let (covers, online) = draft.covers;
        let claim = Claim {
            table: table(draft.table),
            date: house.zone.service_date(from, house.rollover),
            from,
            to: from + TICK * draft.ticks,
            covers,
            online,
            expires_at: draft.hold.map(|minutes| self.now + Duration::minutes(minutes)),
        };
        let clashes = |other: &Claim| other.table == claim.table && other.from < claim.to && claim.from < other.to;
        if draft.table < house.tables.len() && !self.claims.iter().any(clashes) {
            if claim.date == self.plan.date {
                let pace = self.pace.entry(from).or_default();
                pace.total += covers;
                pace.online += online;
            }
            self.claims.push(claim);
        }
    }

    fn day(&self) -> Day {
        let pace: Vec<(DateTime<Utc>, Pace)> = self.pace.iter().map(|(at, pace)| (*at, *pace)).collect();
        Day::new(self.plan.clone(), 1, &self.claims, &pace)
    }

    fn oracle(&self) -> Oracle<'_> {
        Oracle { house: &self.plan.floor.house, date: self.plan.date, claims: &self.claims, pace: &self.pace }
    }
}

fn any_scene() -> impl Strategy<Value = Scene> {
    let extra = vec((0..100_i32, 0..9_u16, 0..9_u16), 0..6);
    (any_house(), vec(any_draft(), 0..40), extra, any_moment())
        .prop_map(|((house, date), drafts, extra, moment)| Scene::new(house, date, &drafts, &extra, moment))
}

impl std::fmt::Debug for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:#?}\non {} at {} with {:#?} and {:?}",
            self.plan.floor.house, self.plan.date, self.now, self.claims, self.pace
        )
    }
}

fn verdict(start: &Start) -> Verdict {
    Verdict { start: start.start.utc(), state: start.state, reason: start.reason, areas: start.areas.clone() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_start_is_what_the_oracle_says(scene in any_scene(), question in any_question()) {
        let ask = question.at(scene.now);
        let starts: Vec<Verdict> = scene.day().starts(&ask).iter().map(verdict).collect();
        prop_assert_eq!(starts, scene.oracle().verdicts(&ask));
    }

    #[test]
    fn an_answer_stays_the_answer_for_as_long_as_the_day_says(scene in any_scene(), question in any_question(), part in 0.0..1.0_f64) {
        let ask = question.at(scene.now);
        let day = scene.day();
        let until = day.same_until(&ask);
        prop_assert!(until > scene.now);
        let span = (until - scene.now).num_milliseconds();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any instant in between will do")]
        let later = scene.now + TimeDelta::milliseconds((span as f64 * part) as i64);
        let last = until - TimeDelta::nanoseconds(1);
        for at in [later, last] {
            prop_assert_eq!(day.starts(&ask), day.starts(&question.at(at)), "{} until {}", at, until);
        }
    }

    #[test]
    fn openings_and_starts_agree(scene in any_scene(), question in any_question()) {
        let ask = question.at(scene.now);
        let day = scene.day();
        let found = day.openings(&ask);
        prop_assert_eq!(found.open & (found.paced | found.held) | found.paced & found.held, 0);
        prop_assert_eq!(found.by_area.iter().fold(0, |all, area| all | area) & !found.open, 0);
        for start in day.starts(&ask) {
            let bit = 1_u128 << scene.plan.tick(start.start.utc()).unwrap();
            match start.reason {
                None => prop_assert!(found.open & bit != 0),
                Some(Reason::Pacing) => prop_assert!(found.paced & bit != 0),
                Some(Reason::Held) => prop_assert!(found.held & bit != 0),
                Some(Reason::NoTable) => prop_assert_eq!((found.open | found.paced | found.held) & bit, 0),
                Some(_) => {}
            }
        }
    }

    #[test]
    fn options_come_by_score_and_an_open_start_has_one_that_is_free(scene in any_scene(), question in any_question()) {
        let ask = question.at(scene.now);
        let day = scene.day();
        let oracle = scene.oracle();
        for (start, (at, service)) in day.starts(&ask).iter().zip(oracle.sittings()) {
            match day.offer(at, &ask) {
                Err(reason) => prop_assert_eq!(Some(reason), start.reason),
                Ok(offer) => {
                    let options: Vec<_> = offer.options.iter().map(|option| (option.tables.clone(), option.free_again)).collect();
                    prop_assert_eq!(options, oracle.ranked(at, service, &ask));
                    prop_assert_eq!(offer.instant, instant(&scene.plan.floor.house, service, &question));
                    prop_assert_eq!(offer.pacing, scene.plan.floor.house.pacing(scene.plan.floor.house.services[service].id));
                    let best_is_free = offer.options.first().is_some_and(|best| {
                        scene.claims.iter().all(|claim| {
                            let live = claim.expires_at.is_none_or(|expires| expires > scene.now);
                            !(live && best.tables.contains(&claim.table) && claim.from < best.free_again && at < claim.to)
                        })
                    });
                    let could_sit = start.reason.is_none() || start.reason == Some(Reason::Pacing);
                    prop_assert!(!could_sit || best_is_free, "{:?}", start);
                }
            }
        }
    }

    #[test]
    fn no_instant_but_a_start_is_offered(scene in any_scene(), question in any_question(), minutes in -600..2600_i64) {
        let ask = question.at(scene.now);
        let day = scene.day();
        let at = scene.plan.origin + Duration::minutes(minutes);
        let starts = day.starts(&ask);
        if starts.iter().all(|start| start.start.utc() != at) {
            let reason = day.offer(at, &ask).map(|offer| offer.sitting).unwrap_err();
            match starts.last() {
                None => prop_assert_eq!(reason, Reason::Closed),
                Some(last) if last.reason.is_none_or(|reason| !OUTRIGHT.contains(&reason)) => {
                    let after = at > last.start.utc();
                    prop_assert_eq!(reason, if after { Reason::PastLastSeating } else { Reason::Closed });
                }
                Some(last) => prop_assert_eq!(Some(reason), last.reason),
            }
        }
    }

    #[test]
    fn the_nearest_are_open_and_none_nearer_is_left_out(
        scene in any_scene(), question in any_question(), minutes in -600..2600_i64, most in 0..6_usize,
    ) {
        let ask = question.at(scene.now);
        let day = scene.day();
        let wanted = scene.plan.origin + TICK * i32::try_from(minutes / 15).unwrap();
        let nearest = day.nearest(wanted, &ask, most);
        let open: Vec<Start> = day.starts(&ask).into_iter().filter(|start| start.state != StartState::Full && start.start.utc() != wanted).collect();
        prop_assert_eq!(nearest.len(), most.min(open.len()));
        prop_assert!(nearest.is_sorted_by_key(|start| start.start));
        prop_assert!(nearest.iter().all(|start| open.contains(start)));
        let far = |start: &Start| (start.start.utc() - wanted).abs();
        let farthest = nearest.iter().map(far).max().unwrap_or_default();
        prop_assert!(most == 0 || open.iter().filter(|start| !nearest.contains(start)).all(|start| far(start) >= farthest));
    }
}

/// Reasons that hold for a whole day.
const OUTRIGHT: [Reason; 4] = [Reason::TooFar, Reason::PartySize, Reason::Needs, Reason::Access];

fn instant(house: &House, service: usize, question: &Question) -> bool {
    let small_enough = question.party.get() <= house.max_online_party;
    question.audience == Audience::Staff || small_enough && house.services[service].accept.is_instant(question.party)
}
