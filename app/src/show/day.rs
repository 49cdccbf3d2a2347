//! A day's times, the days around it, and what comes next when there is nothing.

use std::sync::Arc;

use backend::{Availability, Backend, Kept, Proof};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::availability::{Reason, Start};
use domain::floor::Area;
use domain::form::{AvailabilityForm, DayWish};
use domain::text::Slug;
use domain::venue::Profile;

use super::hours;
use crate::api::{Day, DayAsk, Empty, Part, Refused, Sitting, StripDay};
use crate::components::times::Purpose;
use crate::error::UiError;
use crate::format;

/// Days on the strip.
const STRIP: u64 = 14;

/// Free times shown of a day that comes next.
const TIMES_OF_NEXT: usize = 3;

/// Who looks at a day: somebody who wants a table, or somebody who has one and may move.
enum Asker<'a> {
    Anyone,
    Holder(&'a Proof),
}

struct Book<'a> {
    backend: &'a Backend,
    profile: Arc<Profile>,
    asker: Asker<'a>,
    now: DateTime<Utc>,
}

/// The times of one day of a venue.
pub async fn day(backend: &Backend, ask: DayAsk) -> Result<Day, UiError> {
    let slug: Slug = ask.of.parse().map_err(|_| UiError::NotFound)?;
    let profile = backend.venue(&slug).await?;
    Book { backend, profile, asker: Asker::Anyone, now: backend.now() }.show(ask).await
}

/// The times of one day for a booking that may move, and which booking that is.
pub async fn change_day(backend: &Backend, proof: &Proof, ask: DayAsk) -> Result<(Day, Purpose), UiError> {
    let booking = backend.reservation(proof).await?;
    let profile = backend.venue(&booking.venue).await?;
    let purpose = Purpose::Change { rev: booking.rev, own: booking.start.0.to_rfc3339() };
    let day = Book { backend, profile, asker: Asker::Holder(proof), now: backend.now() }.show(ask).await?;
    Ok((day, purpose))
}

impl Book<'_> {
    async fn show(&self, ask: DayAsk) -> Result<Day, UiError> {
        let today = super::today(&self.profile, self.now);
        let last = today + Days::new(self.profile.horizon_days.into());
        let or = |text: &str, default: String| Some(if text.trim().is_empty() { default } else { text.to_owned() });
        let form = AvailabilityForm {
            date: or(&ask.date, today.to_string()),
            party: or(&ask.party, "2".to_owned()),
            area: Some(ask.area.clone()),
            needs: Some(ask.needs.join(",")),
        };
        let wish: DayWish = form.try_into()?;
        let found = self.look(&wish).await?;
        let areas: &[Area] = if wish.area.is_none() { &self.profile.areas } else { &[] };
        let is_shown =
            |start: &&Start| start.reason.is_none_or(|reason| reason != Reason::TooSoon && !is_outright(reason));
        let shown: Vec<&Start> = found.starts.iter().filter(is_shown).collect();
        let free: Vec<&Start> = found.starts.iter().filter(|start| start.reason.is_none()).collect();
        let party = format::number(wish.party.get().into());
        let title = format::day(wish.date);
        let empty = if free.is_empty() { Some(self.empty(&wish, &found, today, last).await?) } else { None };
        Ok(Day {
            refused: lost(&ask.lost, &found.starts),
            news: news(&title, &party, &free),
            parts: parts(&shown, areas),
            strip: self.strip(&wish, today, last).await?,
            note: found.note.clone().unwrap_or_default(),
            key: crate::ssr::fresh_key(),
            date: wish.date.to_string(),
            title,
            party,
            empty,
        })
    }

    async fn look(&self, wish: &DayWish) -> Result<Arc<Kept>, backend::Error> {
        match self.asker {
            Asker::Anyone => self.backend.availability(&self.profile.card.slug, wish).await,
            Asker::Holder(proof) => self.backend.availability_for_change(proof, wish).await,
        }
    }

    async fn strip(&self, wish: &DayWish, today: NaiveDate, last: NaiveDate) -> Result<Vec<StripDay>, UiError> {
        let first = today.max(wish.date - Days::new(3));
        let days = first.iter_days().take(usize::try_from(STRIP).unwrap_or(0)).take_while(|date| *date <= last);
        let mut strip = Vec::new();
        for date in days {
            let (weekday, number, month) = format::short_day(date);
            let foot = if hours::services(&self.profile, date).is_empty() {
                "closed".to_owned()
            } else if self.is_full(wish, date).await? {
                "full".to_owned()
            } else {
                month
            };
            strip.push(StripDay { date: date.to_string(), weekday, number, foot });
        }
        Ok(strip)
    }

    async fn is_full(&self, wish: &DayWish, date: NaiveDate) -> Result<bool, UiError> {
        // A holder's own table makes each day a question to the database: too dear for an ornament.
        if matches!(self.asker, Asker::Holder(_)) {
            return Ok(false);
        }
        let found = self.look(&DayWish { date, ..wish.clone() }).await?;
        Ok(!found.starts.is_empty()
            && found.starts.iter().all(|start| start.reason.is_some_and(|reason| !is_outright(reason))))
    }

    async fn empty(
        &self,
        wish: &DayWish,
        found: &Availability,
        today: NaiveDate,
        last: NaiveDate,
    ) -> Result<Empty, UiError> {
        let (title, text, elsewhere) = self.why_empty(wish, found, today);
        let next = if elsewhere { self.next(wish, today, last).await? } else { Vec::new() };
        let text = if elsewhere && next.is_empty() { format!("{text} {}", self.call()) } else { text };
        Ok(Empty { title, text: text.trim().to_owned(), next })
    }

    /// Why nothing can be had, and whether other days are worth a look.
    fn why_empty(&self, wish: &DayWish, found: &Availability, today: NaiveDate) -> (String, String, bool) {
        let day = format::day(wish.date);
        let party = format::number(wish.party.get().into());
        let all = |reason| !found.starts.is_empty() && found.starts.iter().all(|start| start.reason == Some(reason));
        if wish.date < today {
            (format!("{day} has passed"), "These days come next.".to_owned(), true)
        } else if found.starts.is_empty() || all(Reason::Closed) {
            (format!("Closed on {day}"), found.note.clone().unwrap_or_else(|| "These days come next.".to_owned()), true)
        } else if all(Reason::TooFar) {
            let ahead = format!("{} takes bookings {} days ahead.", self.profile.card.name, self.profile.horizon_days);
            (format!("{day} is not open for booking yet"), ahead, false)
        } else if all(Reason::PartySize) {
            (format!("No table here seats {party}"), self.call(), false)
        } else if all(Reason::Access) {
            (format!("Tables for {party} are given out by telephone"), self.call(), false)
        } else if all(Reason::Needs) {
            ("No table here meets these needs".to_owned(), self.call(), false)
        } else if all(Reason::TooSoon) {
            (format!("It is too late to book for {day} online"), "These days come next.".to_owned(), true)
        } else {
            (format!("Nothing free for {party} on {day}"), "These days come next.".to_owned(), true)
        }
    }

    fn call(&self) -> String {
        match &self.profile.phone {
            Some(phone) => format!("The restaurant may know a way: {phone}."),
            None => "The restaurant may know a way.".to_owned(),
        }
    }

    /// The next days with free times, at most two.
    async fn next(&self, wish: &DayWish, today: NaiveDate, last: NaiveDate) -> Result<Vec<Part>, UiError> {
        let ahead = if matches!(self.asker, Asker::Anyone) { 21 } else { 7 };
        let first = wish.date.max(today - Days::new(1));
        let mut next = Vec::new();
        for date in first.iter_days().skip(1).take(ahead).take_while(|date| *date <= last) {
            let found = self.look(&DayWish { date, ..wish.clone() }).await?;
            let mut free: Vec<&Start> = found.starts.iter().filter(|start| start.reason.is_none()).collect();
            if free.is_empty() {
                continue;
            }
            let at = |start: &Start| format::minute_of_evening(&start.local, format::ROLLOVER);
            free.sort_by_key(|start| at(start).map(|minute| minute.abs_diff(DINNER)));
            free.truncate(TIMES_OF_NEXT);
            free.sort_by_key(|start| start.start);
            next.push(Part { name: format::day(date), sittings: free.into_iter().map(super::sitting).collect() });
            if next.len() == 2 {
                break;
            }
        }
        Ok(next)
    }
}

/// What became of a start that was just refused, and the free ones nearest to it.
fn lost(start: &str, starts: &[Start]) -> Option<Refused> {
    let lost = starts.iter().find(|known| known.start.0.to_rfc3339() == start && known.reason.is_some())?;
    let mut free: Vec<&Start> = starts.iter().filter(|start| start.reason.is_none()).collect();
    free.sort_by_key(|start| (start.start.utc() - lost.start.utc()).abs());
    free.truncate(NEAR);
    free.sort_by_key(|start| start.start);
    let instead: Vec<Sitting> = free.into_iter().map(super::sitting).collect();
    Some(Refused { sentence: format!("{} was taken a moment ago.", lost.local), instead })
}

/// The free times of a day that are nearest to this one, in order of time.
pub fn nearest(parts: &[Part], clock: &str) -> Vec<Sitting> {
    let minute = |clock: &str| format::minute_of_evening(clock, format::ROLLOVER).unwrap_or(0);
    let wanted = minute(clock);
    let sittings = parts.iter().flat_map(|part| &part.sittings).enumerate();
    let mut free: Vec<(usize, &Sitting)> = sittings.filter(|(_, sitting)| sitting.state.is_free()).collect();
    free.sort_by_key(|(_, sitting)| minute(&sitting.clock).abs_diff(wanted));
    free.truncate(NEAR);
    free.sort_unstable_by_key(|(place, _)| *place);
    free.into_iter().map(|(_, sitting)| sitting.clone()).collect()
}

/// Free times offered in place of one that cannot be had.
const NEAR: usize = 4;

/// Whether a reason is about the whole day, so that it is said once and not below each time.
const fn is_outright(reason: Reason) -> bool {
    matches!(reason, Reason::Closed | Reason::TooFar | Reason::PartySize | Reason::Needs | Reason::Access)
}

/// 19:30, in minutes of the evening.
const DINNER: u32 = (19 - 4) * 60 + 30;

/// The starts by service, each under the name the venue gives it.
fn parts(starts: &[&Start], areas: &[Area]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for start in starts {
        let name = if start.service.is_empty() { "Times" } else { start.service.as_str() };
        if parts.last().is_none_or(|part| part.name != name) {
            parts.push(Part { name: name.to_owned(), sittings: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.sittings.push(super::sitting_in(start, areas));
        }
    }
    parts
}

fn news(day: &str, party: &str, free: &[&Start]) -> String {
    match free {
        [] => format!("No free time for {party} on {day}."),
        [one] => format!("One free time for {party} on {day}: {}.", one.local),
        [first, .., last] => {
            let times = format::capital(&format::number(free.len()));
            format!("{times} free times for {party} on {day}, from {} to {}.", first.local, last.local)
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::availability::StartState;

    use super::*;
    use crate::show::tests::start;

    #[test]
    fn times_stand_under_their_service() {
        let starts = [
            ("2026-11-22T12:30:00+00:00", "Lunch"),
            ("2026-11-22T22:15:00+00:00", "Late bar"),
            ("2026-11-23T00:45:00+00:00", "Late bar"),
        ]
        .map(|(at, service)| Start { service: service.to_owned(), ..start(at, StartState::Open, None) });
        let parts = parts(&starts.iter().collect::<Vec<_>>(), &[]);
        let names: Vec<(&str, usize)> = parts.iter().map(|part| (part.name.as_str(), part.sittings.len())).collect();
        assert_eq!(names, [("Lunch", 1), ("Late bar", 2)]);
    }

    #[test]
    fn the_nearest_free_times_are_few_and_in_order() {
        let at = |clock: &str| start(&format!("2026-11-22T{clock}:00+00:00"), StartState::Open, None);
        let starts = ["18:00", "18:30", "19:00", "19:15", "20:00", "22:00"].map(at);
        let parts = parts(&starts.iter().collect::<Vec<_>>(), &[]);
        let clocks: Vec<String> = nearest(&parts, "19:30").into_iter().map(|sitting| sitting.clock).collect();
        assert_eq!(clocks, ["18:30", "19:00", "19:15", "20:00"]);
    }

    #[test]
    fn what_is_lost_names_its_neighbours() {
        let open = |at| start(at, StartState::Open, None);
        let gone = start("2026-11-22T19:15:00+00:00", StartState::Full, Some(Reason::NoTable));
        let starts = [open("2026-11-22T18:30:00+00:00"), gone, open("2026-11-22T19:30:00+00:00")];
        let refused = lost("2026-11-22T19:15:00+00:00", &starts).unwrap();
        assert_eq!(refused.sentence, "19:15 was taken a moment ago.");
        assert_eq!(
            refused.instead.iter().map(|sitting| sitting.clock.as_str()).collect::<Vec<_>>(),
            ["18:30", "19:30"]
        );
        assert_eq!(lost("2026-11-22T19:30:00+00:00", &starts), None);
        assert_eq!(lost("", &starts), None);
    }

    #[test]
    fn news_count_what_is_free() {
        let starts = ["2026-11-22T18:30:00+00:00", "2026-11-22T19:30:00+00:00", "2026-11-22T21:00:00+00:00"]
            .map(|at| start(at, StartState::Open, None));
        let free: Vec<&Start> = starts.iter().collect();
        assert_eq!(
            news("Sunday 22 November", "two", &free),
            "Three free times for two on Sunday 22 November, from 18:30 to 21:00."
        );
        assert_eq!(
            news("Sunday 22 November", "two", &free[..1]),
            "One free time for two on Sunday 22 November: 18:30."
        );
        assert_eq!(news("Sunday 22 November", "two", &[]), "No free time for two on Sunday 22 November.");
    }
}
