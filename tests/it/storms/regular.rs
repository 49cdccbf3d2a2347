//! Somebody who books, changes their mind, and comes again.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Ask, Venue};

/// What a guest knows of a booking of theirs.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) booked: Answer,
    pub(super) rev: i64,
    pub(super) status: String,
    pub(super) start: String,
    pub(super) party: i64,
}

impl Known {
    /// What an answer about the booking says.
    fn learn(&mut self, answer: &Answer) {
        self.rev = answer.number("/rev");
        self.status = answer.word("/status");
        self.start = answer.word("/start");
        self.party = answer.number("/party");
    }

    fn stands(&self) -> bool {
        self.status != "cancelled_guest"
    }
}

/// One of many who book, change their minds, and come again.
pub(super) struct Regular<'v> {
    dice: StdRng,
    actor: Actor,
    venue: &'v Venue,
    starts: &'v [String],
    pub(super) known: Vec<Known>,
    holds: Vec<(String, String, i64)>,
    keys: u64,
    name: String,
    pub(super) turned_away: u64,
}

impl<'v> Regular<'v> {
    pub(super) fn new(actor: Actor, venue: &'v Venue, starts: &'v [String], seed: u64, number: u64) -> Self {
        Self {
            dice: StdRng::seed_from_u64(seed * 1000 + number),
            actor,
            venue,
            starts,
            known: Vec::new(),
            holds: Vec::new(),
            keys: 0,
            name: format!("{seed}-{number}"),
            turned_away: 0,
        }
    }
}

impl Regular<'_> {
    /// Sends a request until there is an answer other than "not right now", always under the same key.
    async fn insist(&mut self, ask: impl Fn() -> Ask) -> Answer {
        self.keys += 1;
        let key = format!("{}-{}", self.name, self.keys);
        loop {
            let answer = ask().key(&key).send().await;
            if answer.status != 503 {
                return answer;
            }
            assert!(!answer.header("retry-after").is_empty(), "{answer:?}");
            self.turned_away += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn wish(&mut self) -> (String, i64) {
        (self.starts.choose(&mut self.dice).unwrap().clone(), self.dice.random_range(1..=5))
    }

    pub(super) async fn act(&mut self) {
        match self.dice.random_range(0..100) {
            0..28 => {
                let (start, party) = self.wish();
                self.book(&start, party, None).await;
            }
            28..40 => self.hold().await,
            40..53 => self.use_hold().await,
            53..72 => self.change().await,
            72..91 => self.cancel().await,
            91..95 => self.run_late().await,
            _ => self.look().await,
        }
    }

    async fn look(&mut self) {
        let day = self.venue.date(tests::now()) + chrono::TimeDelta::days(7);
        let (actor, path) =
            (self.actor.clone(), format!("/api/v1/venues/{}/availability?date={day}&party=2", self.venue.slug));
        let _ = self.insist(|| actor.ask(Method::GET, &path)).await.is(200);
    }

    async fn book(&mut self, start: &str, party: i64, hold: Option<String>) {
        // Every booking is another person's, or one evening would hold only one of them.
        let guest = self.actor.another();
        let mut booking = guest.booking(self.venue, start, party);
        booking["hold"] = hold.clone().into();
        let answer = self.insist(|| guest.ask(Method::POST, "/api/v1/reservations").json(&booking)).await;
        match answer.status {
            201 => {
                let mut known =
                    Known { rev: 0, status: String::new(), start: String::new(), party, booked: answer.clone() };
                known.learn(&answer);
                assert_eq!((known.start.as_str(), known.party), (start, party), "{answer:?}");
                self.known.push(known);
            }
            409 => {
                let reason = answer.word("/reason");
                assert!(
                    ["no_table", "pacing"].contains(&reason.as_str()) || hold.is_some() && reason == "hold_expired",
                    "{answer:?}"
                );
            }
            _ => panic!("{answer:?}"),
        }
    }

    async fn hold(&mut self) {
        let (start, party) = self.wish();
        let (actor, path) = (self.actor.clone(), format!("/api/v1/venues/{}/holds", self.venue.slug));
        let answer =
            self.insist(|| actor.ask(Method::POST, &path).json(&json!({"start": start, "party": party}))).await;
        match answer.status {
            201 => self.holds.push((answer.word("/token"), start, party)),
            409 => assert!(["no_table", "pacing"].contains(&answer.word("/reason").as_str()), "{answer:?}"),
            _ => panic!("{answer:?}"),
        }
    }

    async fn use_hold(&mut self) {
        let Some((token, start, party)) = self.holds.pop() else { return };
        let (actor, path) = (self.actor.clone(), format!("/api/v1/holds/{token}"));
        match self.dice.random_range(0..3) {
            0 => {
                let answer = self.insist(|| actor.ask(Method::POST, &format!("{path}/extend"))).await;
                assert!(answer.status == 200 || answer.at("/reason") == "hold_at_limit", "{answer:?}");
                self.holds.insert(0, (token, start, party));
            }
            1 => drop(self.insist(|| actor.ask(Method::DELETE, &path)).await.is(204)),
            _ => {
                let before = self.known.len();
                self.book(&start, party, Some(token)).await;
                assert_eq!(self.known.len(), before + 1, "a table that is held can be booked");
            }
        }
    }

    async fn about(&mut self, which: usize, method: Method, rest: &str, body: &Value) -> Answer {
        let (actor, booked) = (self.actor.clone(), self.known[which].booked.clone());
        self.insist(|| actor.about(method.clone(), &booked, rest).json(body)).await
    }

    fn some_booking(&mut self) -> Option<usize> {
        let standing: Vec<usize> = (0..self.known.len()).filter(|n| self.known[*n].stands()).collect();
        standing.choose(&mut self.dice).copied()
    }

    async fn change(&mut self) {
        let Some(which) = self.some_booking() else { return };
        let (start, party) = self.wish();
        let change = match self.dice.random_range(0..3) {
            0 => json!({"rev": self.known[which].rev, "start": start}),
            1 => json!({"rev": self.known[which].rev, "party": party}),
            _ => json!({"rev": self.known[which].rev, "start": start, "party": party, "notes": "Changed."}),
        };
        let answer = self.about(which, Method::PATCH, "", &change).await;
        match answer.status {
            200 => {
                self.known[which].learn(&answer);
                assert!(
                    change["start"].is_null() || change["start"] == self.known[which].start.as_str(),
                    "{change} {answer:?}"
                );
            }
            409 => assert!(["no_table", "pacing"].contains(&answer.word("/reason").as_str()), "{change} {answer:?}"),
            _ => panic!("{answer:?}"),
        }
    }

    async fn cancel(&mut self) {
        let Some(which) = self.some_booking() else { return };
        let answer = self.about(which, Method::POST, "/cancel", &json!({"rev": self.known[which].rev})).await.is(200);
        self.known[which].learn(&answer);
        assert!(!self.known[which].stands(), "{answer:?}");
    }

    async fn run_late(&mut self) {
        let Some(which) = self.some_booking() else { return };
        let minutes = self.dice.random_range(1..=120);
        let answer = self.about(which, Method::POST, "/late", &json!({"minutes": minutes})).await.is(200);
        self.known[which].learn(&answer);
    }
}
