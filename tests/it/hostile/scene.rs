//! Where what is hostile is tried: every operation of the document, and a house in which there is something for each to be about.

use app::api::{
    BookAsk, BookTable, CancelAsk, CancelBooking, ChangeAsk, ChangeBooking, DayAsk, ExtendHold, FavoriteAsk, HoldAsk,
    HoldTable, KeepFavorite, LateAsk, LoadAvailability, LoadBooking, LoadChangeTimes, LoadHold, LoadPlaces,
    LoadReviews, LoadSearch, LoadVenue, ReleaseHold, RemovalAsk, RemoveReview, ReportLate, ReviewAsk, SaveReview,
    SearchAsk,
};
use reqwest::Method;
use serde_json::{Map, Value, json};
use sqlx::AssertSqlSafe;
use tests::{Actor, Answer, Ask, Room, Setup, TestApp, Venue};

/// One operation that writes.
pub struct Operation {
    pub method: Method,
    pub path: String,
    /// Its body's schema, `null` where it takes none.
    pub schema: Value,
    pub is_keyed: bool,
}

/// Every operation of the document that writes.
pub fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths
        .flat_map(|(path, methods)| methods.as_object().unwrap().iter().map(move |(name, what)| (path, name, what)));
    all.filter(|(_, method, _)| method.as_str() != "get")
        .map(|(path, method, what)| Operation {
            method: method.to_uppercase().parse().unwrap(),
            path: path.clone(),
            schema: resolved(document, &what["requestBody"]["content"]["application/json"]["schema"]),
            is_keyed: what["parameters"].to_string().contains("Idempotency-Key"),
        })
        .collect()
}

/// A schema without references.
fn resolved(document: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(document, document.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let mut schema = schema.clone();
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        fields.values_mut().for_each(|field| *field = resolved(document, field));
    }
    schema
}

/// Pointers to every field, those of objects within included.
pub fn fields(schema: &Value, parent: &str) -> Vec<String> {
    let known = schema["properties"].as_object().into_iter().flatten();
    known
        .flat_map(|(name, field)| {
            let pointer = format!("{parent}/{name}");
            let within = fields(field, &pointer);
            std::iter::once(pointer).chain(within)
        })
        .collect()
}

/// Pointers to everything that is said here, what stands within included.
pub fn said(value: &Value, parent: &str) -> Vec<String> {
    let said = value.as_object().into_iter().flatten();
    said.flat_map(|(name, field)| {
        let pointer = format!("{parent}/{name}");
        let within = self::said(field, &pointer);
        std::iter::once(pointer).chain(within)
    })
    .collect()
}

/// A house in which everything exists that an operation could be about.
pub struct Scene {
    pub app: TestApp,
    venue: Venue,
}

/// What one attempt is about, made by somebody who may do all of it: they own the venue.
pub struct Stage {
    pub member: Actor,
    pub booked: Answer,
    /// A visit that nobody wrote about,
    silent: Answer,
    /// one that somebody did,
    told: Answer,
    /// and what they wrote.
    review: Answer,
    pub hold: String,
    pub signed_in: Answer,
    start: String,
}

impl Scene {
    pub async fn set() -> Self {
        let (app, venue) = Setup::at("2037-11-20T10:00:00Z").open(Room::with([2; 400])).await;
        Self { app, venue }
    }

    pub async fn stage(&self) -> Stage {
        let member = self.app.staff(&self.venue, "owner").await;
        let signed_in = member.sign_in().await.is(201);
        self.stage_for(member, signed_in).await
    }

    /// The same once more for the same person, since what it was about has changed.
    pub async fn again(&self, stage: Stage) -> Stage {
        self.stage_for(stage.member, stage.signed_in).await
    }

    async fn stage_for(&self, member: Actor, signed_in: Answer) -> Stage {
        let start = self.app.start(&self.venue, "20:00");
        let guest = self.app.actor();
        let (mute, critic) = (self.app.actor(), self.app.actor());
        let silent = self.app.finished_visit(&self.venue, &mute).await;
        let told = self.app.finished_visit(&self.venue, &critic).await;
        let review = critic.review(&told, &critic.opinion(4, "Good fish.")).await.is(201);
        let booked = guest.book(&self.venue, &start, 2).await.is(201);
        let hold = guest.hold(&self.venue, &start, 2).await.is(201).word("/token");
        Stage { member, booked, silent, told, review, hold, signed_in, start }
    }

    /// What a field of this name could well say; nothing where nobody has to say anything.
    fn likely(&self, stage: &Stage, name: &str) -> Option<Value> {
        Some(match name {
            "venue" | "slug" => self.venue.slug.clone().into(),
            "start" => stage.start.clone().into(),
            "party" => 2.into(),
            "rev" => stage.booked.number("/rev").into(),
            "minutes" => 10.into(),
            "name" => "Ana Silva".into(),
            "email" => self.app.actor().email.into(),
            "phone" => "+351912345678".into(),
            "password" | "current_password" | "present_password" | "new_password" => Actor::PASSWORD.into(),
            "notes" | "reason" => "By the window".into(),
            "needs" => json!(["step_free"]),
            "occasion" => "birthday".into(),
            "refresh_token" => stage.signed_in.word("/refresh_token").into(),
            "session" => stage.signed_in.word("/session").into(),
            "token" => stage.hold.clone().into(),
            "cookies" => false.into(),
            "role" => "host".into(),
            "notifications" => json!(["late"]),
            "food" | "service" | "ambience" | "overall" => 4.into(),
            "body" => "Better bread.".into(),
            "review" => stage.review.word("/id").into(),
            "on" => true.into(),
            // Nobody has to say where, or to have held it before.
            _ => return None,
        })
    }

    /// Something that each field could well say.
    pub fn sensible(&self, stage: &Stage, schema: &Value) -> Value {
        let mut body = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let within = || field["properties"].is_object().then(|| self.sensible(stage, field));
            if let Some(value) = self.likely(stage, name).or_else(within) {
                body.insert(name.clone(), value);
            }
        }
        body.into()
    }

    /// The same for a field of a form.
    pub fn typed(&self, stage: &Stage, name: &str) -> String {
        let likely = self.likely(stage, name).unwrap_or_default();
        let first = likely.get(0).unwrap_or(&likely);
        first.as_str().map_or_else(|| if first.is_null() { String::new() } else { first.to_string() }, str::to_owned)
    }

    /// Where a page is, and what it is about there.
    pub fn page(&self, stage: &Stage, page: &str, verb: &str) -> String {
        let manage = if verb.contains("review") { &stage.told } else { &stage.booked };
        let token = match page {
            "/book/{token}" => stage.hold.clone(),
            "/bookings/{token}" => manage.word("/manage_token"),
            _ => "x".to_owned(),
        };
        page.replace("{slug}", &self.venue.slug).replace("{token}", &token)
    }

    /// Every call of an island, and what it could well say: made of the very types that the server reads, so that no field is forgotten.
    pub fn calls(&self, stage: &Stage) -> Vec<(&'static str, Value)> {
        let (slug, hold, two) = (|| self.venue.slug.clone(), || stage.hold.clone(), || "2".to_owned());
        let (start, later) = (|| stage.start.clone(), self.app.start(&self.venue, "21:00"));
        let (manage, rev) = (|| stage.booked.word("/manage_token"), || stage.booked.number("/rev").to_string());
        let (guest, words, four) = (self.app.actor(), || "By the window".to_owned(), || "4".to_owned());
        let day = |of| {
            let date = self.app.day(&self.venue, 7).to_string();
            DayAsk { of, date, party: two(), ..DayAsk::default() }
        };
        let search = SearchAsk { q: slug(), ..SearchAsk::default() };
        let wish = HoldAsk { slug: slug(), start: start(), party: two(), ..HoldAsk::default() };
        let booking = BookAsk {
            hold: hold(),
            venue: slug(),
            start: start(),
            party: two(),
            name: guest.name,
            email: guest.email,
            notes: words(),
            ..BookAsk::default()
        };
        let change = ChangeAsk {
            token: manage(),
            rev: rev(),
            start: later,
            party: two(),
            notes: Some(words()),
            ..ChangeAsk::default()
        };
        let cancel = CancelAsk { token: manage(), rev: rev(), reason: words(), ..CancelAsk::default() };
        let late = LateAsk { token: manage(), rev: rev(), minutes: "10".to_owned(), ..LateAsk::default() };
        let review = ReviewAsk {
            token: stage.silent.word("/manage_token"),
            overall: four(),
            food: four(),
            service: four(),
            ambience: four(),
            body: words(),
            ..ReviewAsk::default()
        };
        let removal = RemovalAsk { token: stage.told.word("/manage_token"), review: stage.review.word("/id") };
        vec![
            ("/ui/load_places", json!(LoadPlaces {})),
            ("/ui/load_search", json!(LoadSearch { ask: search })),
            ("/ui/load_venue", json!(LoadVenue { slug: slug() })),
            ("/ui/load_availability", json!(LoadAvailability { ask: day(slug()) })),
            ("/ui/hold_table", json!(HoldTable { ask: wish })),
            ("/ui/load_hold", json!(LoadHold { token: hold() })),
            ("/ui/extend_hold", json!(ExtendHold { token: hold() })),
            ("/ui/release_hold", json!(ReleaseHold { token: hold() })),
            ("/ui/book_table", json!(BookTable { ask: booking })),
            ("/ui/load_booking", json!(LoadBooking { token: manage() })),
            ("/ui/load_change_times", json!(LoadChangeTimes { ask: day(manage()) })),
            ("/ui/change_booking", json!(ChangeBooking { ask: change })),
            ("/ui/cancel_booking", json!(CancelBooking { ask: cancel })),
            ("/ui/report_late", json!(ReportLate { ask: late })),
            ("/ui/load_reviews", json!(LoadReviews { slug: slug(), cursor: String::new() })),
            ("/ui/save_review", json!(SaveReview { ask: review })),
            ("/ui/remove_review", json!(RemoveReview { ask: removal })),
            ("/ui/keep_favorite", json!(KeepFavorite { ask: FavoriteAsk { slug: slug(), on: true } })),
        ]
    }

    /// A request of somebody who may.
    pub fn ask(&self, stage: &Stage, operation: &Operation) -> Ask {
        let (id, proof) = match &operation.path {
            path if path.ends_with("/review") => (stage.silent.word("/id"), &stage.silent),
            path if path.contains("/reviews/{id}") => (stage.review.word("/id"), &stage.told),
            path if path.contains("/reservations") => (stage.booked.word("/id"), &stage.booked),
            _ => (stage.signed_in.word("/session"), &stage.booked),
        };
        let path =
            operation.path.replace("{slug}", &self.venue.slug).replace("{id}", &id).replace("{token}", &stage.hold);
        let ask = stage.member.as_signed_in(operation.method.clone(), &path, &stage.signed_in);
        ask.token(&proof.word("/manage_token"))
    }

    /// Insists that nothing which was written down has characters that nobody sees.
    pub async fn nothing_is_unclean(&self) {
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select table_name::text, column_name::text from information_schema.columns
             where table_schema = 'public' and data_type in ('text', 'jsonb', 'ARRAY') and udt_name in ('text', 'jsonb', '_text')
               and table_name not like '\\_sqlx%'",
        )
        .fetch_all(self.app.database.pool())
        .await
        .unwrap();
        assert!(columns.iter().any(|(table, column)| table == "reservations" && column == "guest_name"), "{columns:?}");
        for (table, column) in columns {
            // JSON writes control characters out, as `\u0007`.
            let unclean = format!(
                "select count(*) from {table} where {column}::text ~ '[\\u0001-\\u0009\\u000B-\\u001F\\u007F-\\u009F\\u200B\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069\\uFEFF]'
                   or {column}::text ~ '\\\\u00[01][0-9a-f]' or {column}::text ~* '<script'"
            );
            let count: i64 =
                sqlx::query_scalar(AssertSqlSafe(unclean)).fetch_one(self.app.database.pool()).await.unwrap();
            assert_eq!(count, 0, "{table}.{column} has something in it that nobody sees");
        }
    }
}
