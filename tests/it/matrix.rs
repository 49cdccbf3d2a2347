//! Who may do what: every operation of the document, by everybody there is.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Actor, Answer, Room, Setup, TestApp, Venue};

/// Each operation and what each person is told, in the order of [`PEOPLE`]. `{id}` and `{token}` are those of things that belong to the
/// guest or lie at the venue; who works at another venue is `foreign`.
const EXPECTED: &str = "
                                          nobody guest other foreign host manager owner admin
POST   /accounts                             202   202   202     202  202     202   202   202
POST   /accounts/confirm                     404   404   404     404  404     404   404   404
GET    /health/detailed                      401   404   404     404  404     404   404   200
GET    /health/liveness                      200   200   200     200  200     200   200   200
GET    /health/readiness                     200   200   200     200  200     200   200   200
DELETE /holds/{token}                        204   204   204     204  204     204   204   204
GET    /holds/{token}                        200   200   200     200  200     200   200   200
POST   /holds/{token}/extend                 200   200   200     200  200     200   200   200
GET    /host/{slug}/audit                    401   404   404     404  403     200   200   200
GET    /host/{slug}/reservations             401   404   404     404  200     200   200   403
GET    /host/{slug}/reservations/{id}        401   404   404     404  200     200   200   403
DELETE /host/{slug}/reviews/{id}/answer      401   404   404     404  403     204   204   403
PUT    /host/{slug}/reviews/{id}/answer      401   404   404     404  403     204   204   403
GET    /host/{slug}/staff                    401   404   404     404  403     200   200   200
POST   /host/{slug}/staff                    401   404   404     404  403     403   200   200
DELETE /host/{slug}/staff/{id}               401   404   404     404  403     403   204   204
DELETE /me                                   401   422   422     422  422     422   422   422
GET    /me                                   401   200   200     200  200     200   200   200
PATCH  /me                                   401   200   200     200  200     200   200   200
PUT    /me/email                             401   422   422     422  422     422   422   422
GET    /me/export                            401   200   200     200  200     200   200   200
GET    /me/favorites                         401   200   200     200  200     200   200   200
DELETE /me/favorites/{slug}                  401   204   204     204  204     204   204   204
PUT    /me/favorites/{slug}                  401   204   204     204  204     204   204   204
PUT    /me/password                          401   422   422     422  422     422   422   422
GET    /me/reservations                      401   200   200     200  200     200   200   200
GET    /me/roles                             401   200   200     200  200     200   200   200
POST   /password-resets                      202   202   202     202  202     202   202   202
POST   /password-resets/{token}              404   404   404     404  404     404   404   404
POST   /reservations                         201   201   201     201  201     201   201   201
GET    /reservations/{id}                    401   200   404     404  404     404   404   404
PATCH  /reservations/{id}                    401   200   404     404  404     404   404   404
GET    /reservations/{id}.ics                401   200   404     404  404     404   404   404
POST   /reservations/{id}/cancel             401   200   404     404  404     404   404   404
POST   /reservations/{id}/late               401   200   404     404  404     404   404   404
POST   /reservations/{id}/review             401   201   404     404  404     404   404   404
DELETE /reviews/{id}                         401   204   404     404  404     404   404   404
GET    /reviews/{id}                         401   200   404     404  404     404   404   404
PATCH  /reviews/{id}                         401   200   404     404  404     404   404   404
GET    /sessions                             401   200   200     200  200     200   200   200
POST   /sessions                             401   401   401     401  401     401   401   401
DELETE /sessions/current                     401   204   204     204  204     204   204   204
POST   /sessions/refresh                     401   401   401     401  401     401   401   401
DELETE /sessions/{id}                        401   204   404     404  404     404   404   404
GET    /venues                               200   200   200     200  200     200   200   200
GET    /venues/{slug}                        200   200   200     200  200     200   200   200
GET    /venues/{slug}/availability           200   200   200     200  200     200   200   200
POST   /venues/{slug}/holds                  201   201   201     201  201     201   201   201
GET    /venues/{slug}/reviews                200   200   200     200  200     200   200   200
";

const PEOPLE: [&str; 8] = ["nobody", "guest", "other", "foreign", "host", "manager", "owner", "admin"];

/// Somebody, with the session they came with.
struct Person {
    actor: Actor,
    session: Option<Answer>,
}

impl Person {
    async fn signed_in(actor: Actor) -> Self {
        let session = Some(actor.sign_in().await.is(201));
        Self { actor, session }
    }

    fn ask(&self, method: Method, path: &str) -> tests::Ask {
        match &self.session {
            Some(session) => self.actor.as_signed_in(method, path, session),
            None => self.actor.ask(method, path),
        }
    }
}

/// A town with two venues and everybody in it.
struct Town {
    app: TestApp,
    venue: Venue,
    people: Vec<Person>,
}

impl Town {
    async fn open() -> Self {
        let rooms = [Room::of_two_tops(150).paced(600, 600), Room::of_two_tops(1).called("elsewhere", "Elsewhere")];
        let (app, [venue, elsewhere]) = Setup::new().open_all(rooms).await;
        let mut people = vec![Person { actor: app.actor(), session: None }];
        people.push(Person::signed_in(app.member().await).await);
        people.push(Person::signed_in(app.member().await).await);
        people.push(Person::signed_in(app.staff(&elsewhere, "owner").await).await);
        for role in ["host", "manager", "owner"] {
            people.push(Person::signed_in(app.staff(&venue, role).await).await);
        }
        people.push(Person::signed_in(app.admin().await).await);
        Self { app, venue, people }
    }

    fn guest(&self) -> &Person {
        &self.people[1]
    }

    /// A booking that the guest made while signed in, for a friend.
    async fn booking(&self) -> Answer {
        let friend = self.app.actor();
        let booking = friend.booking(&self.venue, &self.app.start(&self.venue, "20:00"), 2);
        self.guest().ask(Method::POST, "/api/v1/reservations").json(&booking).send().await.is(201)
    }

    /// What the guest wrote about a visit.
    async fn review(&self) -> Answer {
        let visit = self.booking().await;
        self.app.put_visit(&visit, "finished").await;
        let path = format!("/api/v1/reservations/{}/review", visit.word("/id"));
        self.guest().ask(Method::POST, &path).json(&self.guest().actor.opinion(4, "Good fish.")).send().await.is(201)
    }

    /// The path of an operation, with something of its own to be about.
    async fn path(&self, template: &str) -> String {
        let mut path = template.replace("{slug}", &self.venue.slug);
        if path.contains("/sessions/{id}") {
            path = path.replace("{id}", &self.guest().actor.sign_in().await.is(201).word("/session"));
        } else if path.contains("/staff/{id}") {
            let appointed = self.people[6].ask(Method::POST, &format!("/api/v1/host/{}/staff", self.venue.slug));
            let appointed =
                appointed.json(&json!({"email": self.app.actor().email, "role": "host"})).send().await.is(200);
            path = path.replace("{id}", &appointed.word("/id"));
        } else if path.contains("/reviews/{id}") {
            path = path.replace("{id}", &self.review().await.word("/id"));
        } else if path.ends_with("/reservations/{id}/review") {
            let visit = self.booking().await;
            self.app.put_visit(&visit, "finished").await;
            path = path.replace("{id}", &visit.word("/id"));
        } else if path.contains("/reservations/{id}") {
            path = path.replace("{id}", &self.booking().await.word("/id"));
        } else if path.contains("/holds/{token}") {
            let hold = self.app.actor().hold(&self.venue, &self.app.start(&self.venue, "20:00"), 2).await.is(201);
            path = path.replace("{token}", &hold.word("/token"));
        }
        // A link that nobody was sent.
        path.replace("{token}", "aaaa.bbbb")
    }

    /// A body that nothing is wrong with, except that it has nobody's password.
    fn body(&self, method: &str, template: &str) -> Value {
        let friend = self.app.actor();
        match (method, template.trim_start_matches("/api/v1")) {
            ("post", "/accounts") => friend.registration(),
            ("post", "/accounts/confirm") => json!({"token": "aaaa.bbbb", "password": "not this one"}),
            ("post", "/sessions") => json!({"email": friend.email, "password": "not this one"}),
            ("post", "/sessions/refresh") => json!({"refresh_token": "aaaa"}),
            ("post", "/password-resets") => json!({"email": friend.email}),
            ("post", "/password-resets/{token}") => json!({"password": "another lamp 8"}),
            ("put", "/me/email") => json!({"email": friend.email, "current_password": "not this one"}),
            ("put", "/me/password") => json!({"current_password": "not this one", "new_password": "another lamp 8"}),
            ("post", "/venues/{slug}/holds") => json!({"start": self.app.start(&self.venue, "20:00"), "party": 2}),
            ("post", "/reservations") => friend.booking(&self.venue, &self.app.start(&self.venue, "20:00"), 2),
            ("patch", "/reservations/{id}") => json!({"rev": 1, "notes": "By the window"}),
            ("post", "/reservations/{id}/cancel") => json!({"rev": 1}),
            ("post", "/reservations/{id}/late") => json!({"minutes": 10}),
            ("delete", "/me") => json!({"password": "not this one"}),
            ("post", "/reservations/{id}/review") => friend.opinion(5, "Better bread."),
            ("patch", "/reviews/{id}") => json!({"rev": 1, "body": "Better bread."}),
            ("put", "/host/{slug}/reviews/{id}/answer") => json!({"body": "Thank you."}),
            ("post", "/host/{slug}/staff") => json!({"email": friend.email, "role": "host"}),
            _ => json!({}),
        }
    }

    /// What the query must say.
    fn query(&self, template: &str) -> String {
        let date = self.app.day(&self.venue, 7);
        match template.trim_start_matches("/api/v1") {
            "/venues/{slug}/availability" => format!("?date={date}&party=2"),
            "/host/{slug}/reservations" => format!("?date={date}"),
            _ => String::new(),
        }
    }

    /// What each person is told.
    async fn row(&self, method: &str, template: &str) -> Vec<u16> {
        let mut row = Vec::new();
        for person in &self.people {
            let path = self.path(template).await + &self.query(template);
            let verb = method.to_uppercase().parse().unwrap();
            // Signing out ends the session; they need it later.
            let own = match (&person.session, template.ends_with("/sessions/current")) {
                (Some(_), true) => Some(Person::signed_in(person.actor.clone()).await),
                _ => None,
            };
            let mut ask = own.as_ref().unwrap_or(person).ask(verb, &path);
            if !["get", "delete"].contains(&method) || template.ends_with("/me") && method == "delete" {
                ask = ask.json(&self.body(method, template));
            }
            row.push(ask.send().await.status);
        }
        row
    }
}

/// The operations of the document, in its order.
fn operations() -> Vec<(String, String)> {
    let document = serde_json::to_value(server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
    });
    operations.collect()
}

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let town = Town::open().await;
    let mut lines = vec![String::new(), format!("{:42}{}", "", PEOPLE.join(" "))];
    for (method, path) in operations() {
        let row = town.row(&method, &path).await;
        let cells = row.iter().zip(PEOPLE).map(|(status, person)| format!("{status:>width$}", width = person.len()));
        let operation = format!("{:6} {}", method.to_uppercase(), path.trim_start_matches("/api/v1"));
        lines.push(format!("{operation:42}{}", cells.collect::<Vec<_>>().join(" ")));
    }
    let found = lines.join("\n") + "\n";
    assert!(found == EXPECTED, "what everybody is told:{found}");
    town.app.truth().holds().await;
}
