//! Visits that are over, though nobody runs the room.

use reqwest::Method;
use serde_json::{Value, json};

use crate::actor::{Actor, Ask};
use crate::answer::Answer;
use crate::app::TestApp;
use crate::room::Venue;

impl TestApp {
    /// A booking of a guest in a week, whose visit is over already.
    pub async fn finished_visit(&self, venue: &Venue, guest: &Actor) -> Answer {
        let booked = guest.book(venue, &self.start(venue, "20:00"), 2).await.is(201);
        self.put_visit(&booked, "finished").await;
        booked
    }

    /// Puts a booking into another status, as the staff of a room would. What is over gives its table back.
    pub async fn put_visit(&self, booked: &Answer, status: &str) {
        sqlx::query(
            "with put as (
               update reservations set status = $2 where id = $1::uuid
               returning id, venue_id, service_date, start_at,
                 status in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show') as is_over),
             freed as (
               update table_claims c set released_at = clock_timestamp() from put
               where c.reservation_id = put.id and put.is_over and c.released_at is null returning c.covers, c.online_covers)
             update pace_buckets b set total = b.total - freed.covers, online = b.online - freed.online_covers from put, freed
             where freed.covers > 0 and (b.venue_id, b.service_date, b.start_at) = (put.venue_id, put.service_date, put.start_at)",
        )
        .bind(booked.word("/id"))
        .bind(status)
        .execute(self.database.pool())
        .await
        .expect("the test's own SQL works");
    }
}

impl Actor {
    /// What this guest says about a visit: so many stars for everything.
    #[must_use]
    pub fn opinion(&self, stars: u8, body: &str) -> Value {
        json!({"stars": {"food": stars, "service": stars, "ambience": stars, "overall": stars}, "body": body})
    }

    /// Writes about a visit.
    pub async fn review(&self, visit: &Answer, opinion: &Value) -> Answer {
        self.about(Method::POST, visit, "/review").json(opinion).send().await
    }

    /// A request about a review, with the token of its visit.
    #[track_caller]
    pub fn about_review(&self, method: Method, visit: &Answer, review: &Answer) -> Ask {
        self.ask(method, &format!("/api/v1/reviews/{}", review.word("/id"))).token(&visit.word("/manage_token"))
    }
}
