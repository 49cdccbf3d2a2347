//! Bookings, holds, expiries and cancellations in any order: nothing overlaps, and a day moved on is a day made anew.

use std::sync::Arc;

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::availability::{Ask, Audience, Claim, Day, Floor, Offer, Pace, Plan, Reason, StartState};
use domain::rules::House;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::house::party;
use crate::oracle::Paces;
use crate::random::{Question, any_house, any_question};

#[derive(Clone, Debug)]
enum Step {
    /// Somebody books, or holds, some start of a day.
    Take { day: usize, question: Question, start: Index, hold: bool },
    /// A booking or hold is let go.
    LetGo { which: Index },
    /// Minutes pass.
    Wait { minutes: i64 },
    /// Expired holds are let go.
    Sweep,
}

fn any_step() -> impl Strategy<Value = Step> {
    let take = (0..3_usize, any_question(), any::<Index>(), proptest::bool::weighted(0.3));
    prop_oneof![
        8 => take.prop_map(|(day, question, start, hold)| Step::Take { day, question, start, hold }),
        2 => any::<Index>().prop_map(|which| Step::LetGo { which }),
        2 => (1..40_i64).prop_map(|minutes| Step::Wait { minutes }),
        1 => Just(Step::Sweep),
    ]
}

/// Three days in a row, moved on step by step, beside the plain list of what is booked.
struct Diary {
    days: Vec<Day>,
    bookings: Vec<Vec<Claim>>,
    now: DateTime<Utc>,
}

impl Diary {
    fn new(house: House, date: NaiveDate) -> Self {
        let floor = Floor::new(house);
        let plans = (date - Days::new(1)).iter_days().take(3).map(|date| Plan::new(&floor, date));
        let days: Vec<Day> = plans.map(|plan| Day::new(plan, 1, &[], &[])).collect();
        let now = days[0].plan.origin - Duration::hours(3);
        Self { days, bookings: Vec::new(), now }
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Take { day, question, start, hold } => self.take(*day, question, *start, *hold)?,
            Step::LetGo { .. } if self.bookings.is_empty() => {}
            Step::LetGo { which } => self.let_go(which.index(self.bookings.len())),
            Step::Wait { minutes } => self.now += Duration::minutes(*minutes),
            Step::Sweep => {
                let expired =
                    |claims: &Vec<Claim>| claims.iter().any(|claim| claim.expires_at.is_some_and(|at| at <= self.now));
                let expired: Vec<usize> =
                    (0..self.bookings.len()).filter(|index| expired(&self.bookings[*index])).collect();
                for index in expired.into_iter().rev() {
                    self.let_go(index);
                }
            }
        }
        Ok(())
    }

    fn let_go(&mut self, index: usize) {
        let claims = self.bookings.remove(index);
        self.days = self.days.iter().map(|day| day.without(&claims, day.version + 1)).collect();
    }

    fn take(&mut self, day: usize, question: &Question, start: Index, hold: bool) -> Result<(), TestCaseError> {
        let ask = question.at(self.now);
        let open: Vec<_> =
            self.days[day].starts(&ask).into_iter().filter(|start| start.state != StartState::Full).collect();
        if open.is_empty() {
            return Ok(());
        }
        let at = open[start.index(open.len())].start.utc();
        let offer =
            self.days[day].offer(at, &ask).map_err(|reason| TestCaseError::fail(format!("{at}: {reason:?}")))?;
        let claims = claims(&offer, &ask, hold.then(|| self.now + Duration::minutes(5)));
        // The database sweeps what stands in the way and has expired.
        for index in (0..self.bookings.len()).rev() {
            let in_the_way = self.bookings[index].iter().any(|taken| claims.iter().any(|claim| overlap(claim, taken)));
            if in_the_way {
                let expired = self.bookings[index][0].expires_at.is_some_and(|at| at <= self.now);
                prop_assert!(expired, "{:?} overlaps {:?}", claims, self.bookings[index]);
                self.let_go(index);
            }
        }
        self.days = self.days.iter().map(|day| day.with(&claims, day.version + 1)).collect();
        self.bookings.push(claims);
        Ok(())
    }

    /// The day as it comes out of the database.
    fn anew(&self, day: &Day) -> Day {
        let claims: Vec<Claim> = self.bookings.iter().flatten().cloned().collect();
        let mut pace = Paces::new();
        for claim in claims.iter().filter(|claim| claim.date == day.plan.date) {
            let pace = pace.entry(claim.from).or_default();
            pace.total += claim.covers;
            pace.online += claim.online;
        }
        let pace: Vec<(DateTime<Utc>, Pace)> = pace.into_iter().collect();
        Day::new(day.plan.clone(), day.version, &claims, &pace)
    }

    fn within_pace(&self) -> bool {
        self.days.iter().all(|day| {
            let claims = || self.bookings.iter().flatten().filter(|claim| claim.date == day.plan.date);
            day.plan.sittings.iter().all(|sitting| {
                let live = claims().filter(|claim| {
                    claim.from == sitting.start.utc() && claim.expires_at.is_none_or(|at| at > self.now)
                });
                let (total, online) =
                    live.fold((0, 0), |(total, online), claim| (total + claim.covers, online + claim.online));
                let house = &day.plan.floor.house;
                let cap = house.pacing(house.services[sitting.service].id);
                total <= cap.total && online <= cap.online
            })
        })
    }
}

/// What the database would write: one claim per table, the first with the covers.
fn claims(offer: &Offer, ask: &Ask<'_>, expires_at: Option<DateTime<Utc>>) -> Vec<Claim> {
    let best = &offer.options[0];
    let covers = u16::from(ask.party.get());
    let online = if ask.audience == Audience::Guest { covers } else { 0 };
    let claim = |(place, table)| Claim {
        table,
        date: offer.date,
        from: offer.sitting.start.utc(),
        to: best.free_again,
        covers: if place == 0 { covers } else { 0 },
        online: if place == 0 { online } else { 0 },
        expires_at,
    };
    best.tables.iter().copied().enumerate().map(claim).collect()
}

fn overlap(a: &Claim, b: &Claim) -> bool {
    a.table == b.table && a.from < b.to && b.from < a.to
}

/// A house in which something can be booked most of the time.
fn any_diary() -> impl Strategy<Value = Diary> {
    any_house().prop_map(|(mut house, date)| {
        house.horizon_days = 90;
        house.min_notice_minutes = 0;
        Diary::new(house, date)
    })
}

impl std::fmt::Debug for Diary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plan: &Arc<Plan> = &self.days[1].plan;
        write!(f, "{:#?}\naround {} with {:#?}", plan.floor.house, plan.date, self.bookings)
    }
}

proptest! {
    #[test]
    fn no_history_books_a_table_twice_or_goes_over_the_pace(mut diary in any_diary(), steps in vec(any_step(), 1..60)) {
        for step in &steps {
            diary.step(step)?;
        }
        prop_assert!(diary.within_pace());
    }

    #[test]
    fn a_day_moved_on_is_the_day_made_anew(
        mut diary in any_diary(), steps in vec(any_step(), 1..40), question in any_question(), later in 0..20_i64,
    ) {
        for step in &steps {
            diary.step(step)?;
        }
        let now = diary.now + Duration::minutes(later);
        for day in &diary.days {
            let anew = diary.anew(day);
            prop_assert_eq!(day.version, anew.version);
            for ask in [question.at(now), Ask::guest(party(2), now)] {
                prop_assert_eq!(day.starts(&ask), anew.starts(&ask));
                prop_assert_eq!(day.openings(&ask), anew.openings(&ask));
                for sitting in &day.plan.sittings {
                    let options = |day: &Day| -> Result<_, Reason> { Ok(day.offer(sitting.start.utc(), &ask)?.options) };
                    prop_assert_eq!(options(day), options(&anew));
                }
            }
        }
    }

    #[test]
    fn letting_everything_go_leaves_an_empty_day(mut diary in any_diary(), steps in vec(any_step(), 1..40), question in any_question()) {
        let empty = diary.days.clone();
        for step in &steps {
            diary.step(step)?;
        }
        for index in (0..diary.bookings.len()).rev() {
            diary.let_go(index);
        }
        for (day, empty) in diary.days.iter().zip(&empty) {
            let ask = question.at(diary.now);
            prop_assert_eq!(day.starts(&ask), empty.starts(&ask));
        }
    }
}
