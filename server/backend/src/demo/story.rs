//! What becomes of a booking, from the day it is made to the empty table; read up to the present, that is its state.

use chrono::{DateTime, TimeDelta, Utc};
use domain::reservation::Status;
use serde_json::{Value, json};

use super::draw::Draw;

/// One thing that happens.
#[derive(Clone, Debug)]
pub struct Chapter {
    /// As `reservation_events.kind`.
    pub kind: &'static str,
    /// The status from then on.
    pub status: Status,
    pub actor: &'static str,
    pub at: DateTime<Utc>,
    pub detail: Value,
}

/// The whole story. It is the same whenever it is told; only how much of it has happened differs.
#[derive(Clone, Debug)]
pub struct Story(Vec<Chapter>);

/// Where a booking stands and how it came there.
#[derive(Clone, Debug)]
pub struct Present {
    pub chapters: Vec<Chapter>,
    pub status: Status,
    pub updated_at: DateTime<Utc>,
    pub late_minutes: Option<i64>,
    pub cancel_reason: Option<&'static str>,
}

/// When a booking is made, begins and ends, and how it comes about.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub created: DateTime<Utc>,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
    /// Whether it stands at once.
    pub instant: bool,
    /// Whether a guest made it, and not staff on the telephone.
    pub online: bool,
}

const REASONS: [&str; 5] =
    ["Somebody fell ill, sorry.", "Our plans changed.", "The train is not running.", "We found no sitter.", ""];

impl Story {
    /// Makes one up.
    pub fn of(frame: Frame, draw: &mut Draw) -> Self {
        let mut story = Self(Vec::new());
        let by = if frame.online { "guest" } else { "staff" };
        if frame.instant {
            story.then("booked", Status::Booked, by, frame.created);
        } else {
            story.then("requested", Status::Requested, by, frame.created);
            let wait = if draw.percent(70) { draw.minutes(20, 360) } else { draw.minutes(720, 3600) };
            let answered = frame.created + wait;
            match draw.weighted(&[("accepted", 86), ("declined", 9), ("expired", 5)]) {
                "accepted" if answered < frame.start => story.then("accepted", Status::Booked, "staff", answered),
                "declined" if answered < frame.start => {
                    return story.ending("declined", Status::Declined, "staff", answered);
                }
                _ => return story.ending("expired", Status::Expired, "system", frame.start - TimeDelta::hours(1)),
            }
        }
        let since = story.0.last().map_or(frame.created, |chapter| chapter.at);
        let confirmed = frame.start - draw.minutes(20 * 60, 30 * 60);
        if draw.percent(45) && confirmed > since {
            story.then("confirmed", Status::Confirmed, "guest", confirmed);
        }
        match draw.weighted(&[("comes", 91), ("cancels", 6), ("stays away", 3)]) {
            "comes" => story.visit(frame, draw),
            "cancels" => story.cancel(frame, draw),
            _ => story.then("no_show", Status::NoShow, "staff", frame.start + draw.minutes(25, 45)),
        }
        story
    }

    fn then(&mut self, kind: &'static str, status: Status, actor: &'static str, at: DateTime<Utc>) {
        // Chapters follow one another, whatever the lots say.
        let at = self.0.last().map_or(at, |before| at.max(before.at + TimeDelta::seconds(1)));
        self.0.push(Chapter { kind, status, actor, at, detail: json!({}) });
    }

    fn ending(mut self, kind: &'static str, status: Status, actor: &'static str, at: DateTime<Utc>) -> Self {
        self.then(kind, status, actor, at);
        self
    }

    fn cancel(&mut self, frame: Frame, draw: &mut Draw) {
        let latest = frame.start - TimeDelta::minutes(45);
        let earliest = (frame.start - TimeDelta::days(2)).max(frame.created).min(latest);
        let at = earliest + draw.minutes(0, (latest - earliest).num_minutes().max(0));
        let (status, actor) =
            draw.weighted(&[((Status::CancelledGuest, "guest"), 9), ((Status::CancelledVenue, "staff"), 1)]);
        self.then("cancelled", status, actor, at);
        if actor == "guest" {
            self.detail(json!({"reason": draw.pick(&REASONS)}));
        }
    }

    fn visit(&mut self, frame: Frame, draw: &mut Draw) {
        let late = if draw.percent(5) { draw.between(10, 25) } else { 0 };
        if late > 0 {
            self.then("late", Status::RunningLate, "guest", frame.start - draw.minutes(5, 20));
            self.detail(json!({"minutes": late}));
        }
        let seated = frame.start + TimeDelta::minutes(late) + draw.minutes(0, 9);
        self.then("arrived", Status::Arrived, "staff", seated - draw.minutes(1, 7));
        self.then("seated", Status::Seated, "staff", seated);
        let left = (frame.end - draw.minutes(0, 20)).max(seated + TimeDelta::minutes(25));
        let course = (left - seated) / 20;
        for (kind, status, twentieths) in [
            ("drinks", Status::Drinks, 2),
            ("appetizer", Status::Appetizer, 4),
            ("entree", Status::Entree, 8),
            ("dessert", Status::Dessert, 14),
            ("check_requested", Status::CheckRequested, 17),
            ("paid", Status::Paid, 18),
        ] {
            self.then(kind, status, "staff", seated + course * twentieths);
        }
        self.then("finished", Status::Finished, "staff", left.min(frame.end));
    }

    fn detail(&mut self, detail: Value) {
        if let Some(last) = self.0.last_mut() {
            last.detail = detail;
        }
    }

    /// What has happened by now, if the booking was made by then. Of a visit that is over only its ends are kept.
    pub fn until(&self, now: DateTime<Utc>) -> Option<Present> {
        let mut chapters: Vec<Chapter> = self.0.iter().filter(|chapter| chapter.at <= now).cloned().collect();
        let last = chapters.last()?;
        let (status, updated_at) = (last.status, last.at);
        if status == Status::Finished {
            chapters.retain(|chapter| {
                chapter.status == Status::Finished || chapter.status == Status::Seated || !is_at_table(chapter.status)
            });
        }
        let detail =
            |kind: &str, field: &str| Some(chapters.iter().find(|chapter| chapter.kind == kind)?.detail[field].clone());
        Some(Present {
            status,
            updated_at,
            late_minutes: detail("late", "minutes").and_then(|minutes| minutes.as_i64()),
            cancel_reason: detail("cancelled", "reason")
                .map(|said| *REASONS.iter().find(|reason| said == **reason).unwrap_or(&"")),
            chapters,
        })
    }
}

const fn is_at_table(status: Status) -> bool {
    use Status::{Appetizer, Arrived, CheckRequested, Dessert, Drinks, Entree, Paid, Seated};
    matches!(status, Arrived | Seated | Drinks | Appetizer | Entree | Dessert | CheckRequested | Paid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        let start: DateTime<Utc> = "2026-11-21T19:30:00Z".parse().unwrap();
        Frame {
            created: start - TimeDelta::days(3),
            start,
            end: start + TimeDelta::minutes(90),
            instant: true,
            online: true,
        }
    }

    #[test]
    fn chapters_follow_one_another_and_end() {
        let mut draw = Draw::of(1, &["stories"]);
        for n in 0..4000 {
            let story = Story::of(Frame { instant: n % 2 == 0, ..frame() }, &mut draw);
            assert!(story.0.is_sorted_by(|a, b| a.at < b.at), "{story:?}");
            let end = story.until(frame().end).unwrap();
            assert!(end.status.is_over(), "{story:?}");
            assert!(story.0.iter().all(|chapter| chapter.at <= frame().end), "{story:?}");
        }
    }

    #[test]
    fn a_story_is_read_up_to_the_present() {
        let mut draw = Draw::of(2, &["stories"]);
        let stories: Vec<Story> = (0..1000).map(|_| Story::of(frame(), &mut draw)).collect();
        let share = |at: DateTime<Utc>, status: fn(Status) -> bool| {
            stories.iter().filter(|story| status(story.until(at).unwrap().status)).count()
        };
        assert_eq!(share(frame().created, |status| status == Status::Booked), 1000);
        assert!(share(frame().start + TimeDelta::minutes(40), is_at_table) > 850);
        assert!((15..50).contains(&share(frame().end, |status| status == Status::NoShow)));
        assert!(
            (35..90).contains(&share(frame().end, |status| matches!(
                status,
                Status::CancelledGuest | Status::CancelledVenue
            )))
        );
        assert!(stories[0].until(frame().created - TimeDelta::seconds(1)).is_none());
    }
}
