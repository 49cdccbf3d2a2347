//! Somebody who comes to the door: a guest with a name, an email address and a connection of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::NaiveDate;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::room::Venue;

/// One guest.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Their name.
    pub name: String,
    /// Their email address.
    pub email: String,
    base: Arc<str>,
    client: Client,
}

static BORN: AtomicU32 = AtomicU32::new(1);

impl Actor {
    /// The password of everybody who says nothing else.
    pub const PASSWORD: &'static str = "corridor lamp 7";

    /// A guest nobody has seen before, with connections of their own.
    #[must_use]
    pub fn at(base: &str) -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_mins(1))
            .no_proxy()
            .build()
            .expect("a plain client can be made");
        Self::over(client, base.into())
    }

    fn over(client: Client, base: Arc<str>) -> Self {
        let number = BORN.fetch_add(1, Ordering::Relaxed);
        Self { name: format!("Guest {number}"), email: format!("guest{number}@example.com"), base, client }
    }

    /// Somebody else, through the same client.
    #[must_use]
    pub fn another(&self) -> Self {
        Self::over(self.client.clone(), self.base.clone())
    }

    /// The same person at another server.
    #[must_use]
    pub fn going_to(&self, base: &str) -> Self {
        Self { base: base.into(), ..self.clone() }
    }

    /// A request to this path, or to this whole address.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) };
        Ask { asked: format!("{method} {path}"), request: self.client.request(method, url) }
    }

    /// Asks for something.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Method::POST, path).json(body).send().await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }

    /// The starts of a day for a party.
    pub async fn look(&self, venue: &Venue, date: NaiveDate, party: i64) -> Answer {
        self.get(&format!("/api/v1/venues/{}/availability?date={date}&party={party}", venue.slug)).await
    }

    /// The starts of a day that a party can have.
    pub async fn open_starts(&self, venue: &Venue, date: NaiveDate, party: i64) -> Vec<String> {
        let answer = self.look(venue, date, party).await.is(200);
        let starts = answer.json()["starts"].as_array().cloned().unwrap_or_default();
        let open = starts.iter().filter(|start| start["state"] != "full");
        open.filter_map(|start| Some(start["start"].as_str()?.to_owned())).collect()
    }

    /// Holds a table.
    pub async fn hold(&self, venue: &Venue, start: &str, party: i64) -> Answer {
        self.post(&format!("/api/v1/venues/{}/holds", venue.slug), &json!({"start": start, "party": party})).await
    }

    /// What this guest says to book a table.
    #[must_use]
    pub fn booking(&self, venue: &Venue, start: &str, party: i64) -> Value {
        json!({"venue": venue.slug, "start": start, "party": party, "guest": {"name": self.name, "email": self.email}})
    }

    /// Books a table.
    pub async fn book(&self, venue: &Venue, start: &str, party: i64) -> Answer {
        self.post("/api/v1/reservations", &self.booking(venue, start, party)).await
    }

    /// Books the table of a hold.
    pub async fn book_held(&self, venue: &Venue, start: &str, party: i64, hold: &str) -> Answer {
        let mut booking = self.booking(venue, start, party);
        booking["hold"] = hold.into();
        self.post("/api/v1/reservations", &booking).await
    }

    /// Sends a booking under a key.
    pub async fn book_as(&self, booking: &Value, key: &str) -> Answer {
        self.ask(Method::POST, "/api/v1/reservations").key(key).json(booking).send().await
    }

    /// Looks at a booking.
    pub async fn see(&self, booked: &Answer) -> Answer {
        self.about(Method::GET, booked, "").send().await
    }

    /// Changes a booking.
    pub async fn change(&self, booked: &Answer, change: &Value) -> Answer {
        self.about(Method::PATCH, booked, "").json(change).send().await
    }

    /// Cancels a booking, at the revision it was made with.
    pub async fn cancel(&self, booked: &Answer) -> Answer {
        self.about(Method::POST, booked, "/cancel").json(&json!({"rev": booked.number("/rev")})).send().await
    }

    /// What this guest says to make an account.
    #[must_use]
    pub fn registration(&self) -> Value {
        json!({"name": self.name, "email": self.email, "password": Self::PASSWORD})
    }

    /// Signs in with the usual password.
    pub async fn sign_in(&self) -> Answer {
        self.sign_in_with(Self::PASSWORD).await
    }

    /// Signs in with this password.
    pub async fn sign_in_with(&self, password: &str) -> Answer {
        self.post("/api/v1/sessions", &json!({"email": self.email, "password": password})).await
    }

    /// Asks for a new pair of tokens.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        self.post("/api/v1/sessions/refresh", &json!({"refresh_token": refresh_token})).await
    }

    /// A request of somebody who signed in with this answer.
    #[track_caller]
    pub fn as_signed_in(&self, method: Method, path: &str, signed_in: &Answer) -> Ask {
        self.ask(method, path).header("authorization", &format!("Bearer {}", signed_in.word("/access_token")))
    }

    /// Asks where they are signed in, which only those may who are.
    #[track_caller]
    pub fn sessions(&self, signed_in: &Answer) -> impl Future<Output = Answer> {
        self.as_signed_in(Method::GET, "/api/v1/sessions", signed_in).send()
    }

    /// A request about a booking, with its token.
    #[track_caller]
    pub fn about(&self, method: Method, booked: &Answer, rest: &str) -> Ask {
        let path = format!("/api/v1/reservations/{}{rest}", booked.word("/id"));
        self.ask(method, &path).token(&booked.word("/manage_token"))
    }
}

/// A request being put together.
#[derive(Debug)]
#[must_use]
pub struct Ask {
    asked: String,
    request: reqwest::RequestBuilder,
}

impl Ask {
    /// With this header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// With this idempotency key.
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With this manage token.
    pub fn token(self, token: &str) -> Self {
        self.header("x-manage-token", token)
    }

    /// With this body.
    pub fn json(mut self, body: &Value) -> Self {
        self.request = self.request.json(body);
        self
    }

    /// With the fields of a form.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        self.request = self.request.form(fields);
        self
    }

    /// With these bytes.
    pub fn body(mut self, kind: &str, body: impl Into<reqwest::Body>) -> Self {
        self.request = self.request.header("content-type", kind).body(body);
        self
    }

    /// Sends it and insists on an answer.
    pub async fn send(self) -> Answer {
        let asked = self.asked.clone();
        self.try_send().await.unwrap_or_else(|error| panic!("{asked} got no answer: {error:?}"))
    }

    /// Sends it.
    ///
    /// # Errors
    /// There is no answer: refused, broken off, or too slow.
    pub async fn try_send(self) -> reqwest::Result<Answer> {
        Answer::read(self.asked, self.request.send().await?).await
    }
}
