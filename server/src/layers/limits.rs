//! What a request counts as: which rules it falls under, how much it weighs, and what is said about it.

use std::net::IpAddr;

use app::ssr::Fields;
use axum::extract::MatchedPath;
use axum::response::{IntoResponseParts, ResponseParts};
use backend::{Backend, Charge, Payer, Rule, SignedIn, Verdict};
use domain::text::Email;
use http::{HeaderMap, HeaderName, Method};
use serde_json::Value;

use crate::problem::{Kind, Problem};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// What a request costs at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toll {
    /// Nothing, whoever sends it: nobody looks who that is.
    Free,
    /// Nothing where it is for a file; where there is none, that is counted: see [`nothing_found`].
    File,
    /// So much.
    Fixed(Price),
    /// What the form asks for that the page of an account posts.
    Account,
}

/// So much of what some rules allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Price {
    rules: &'static [(Rule, u32)],
    /// What it takes of what everybody together may do to one email address: the one that its body names.
    aim: Option<Rule>,
    /// Whether it is counted by address, whoever is signed in: or an account would be worth so many passwords more.
    by_address: bool,
}

impl Price {
    const fn of(rules: &'static [(Rule, u32)]) -> Self {
        Self { rules, aim: None, by_address: false }
    }
}

const READ: Price = Price::of(&[(Rule::Api, 1)]);
const WRITE: Price = Price::of(&[(Rule::Api, 2)]);
const EXPORT: Price = Price::of(&[(Rule::Api, 10)]);
const SEARCH: Price = Price::of(&[(Rule::Api, 1), (Rule::Search, 1)]);
const BOOK: Price = Price::of(&[(Rule::Api, 2), (Rule::Booking, 1)]);
const CHANGE: Price = Price::of(&[(Rule::Api, 2), (Rule::Change, 1)]);
const APPOINT: Price = Price { aim: Some(Rule::Letters), ..CHANGE };
const GUESS: Price = Price::of(&[(Rule::Api, 2), (Rule::SignIn, 1)]);
const MOVE: Price = Price { aim: Some(Rule::Letters), ..GUESS };
const CONFIRM: Price = Price { by_address: true, ..GUESS };
const SIGN_IN: Price = Price { aim: Some(Rule::Target), ..CONFIRM };
const REGISTER: Price = Price { rules: &[(Rule::Api, 2), (Rule::Register, 1)], ..SIGN_IN };

/// What another site's page sends, which is refused: the rules are for what somebody here asks for.
pub(super) const FORGED: Toll = Toll::Fixed(WRITE);

/// What it costs more, of everything, to go on with a session: as much as it costs a program.
const RENEWAL: u32 = 2;

/// What a request costs.
pub(super) fn toll(method: &Method, route: Option<&MatchedPath>) -> Toll {
    route.map_or(Toll::File, |route| toll_of(method, route.as_str()))
}

/// What a request to this route costs. What is not named here is a plain request.
fn toll_of(method: &Method, route: &str) -> Toll {
    Toll::Fixed(match (method.as_str(), route) {
        (
            _,
            "/livez"
            | "/readyz"
            | "/health"
            | "/api/v1/health/liveness"
            | "/api/v1/health/readiness"
            | "/api/v1/openapi.json"
            | "/api/docs"
            | "/api/docs.css"
            | "/problems"
            | "/problems/{kind}"
            | "/robots.txt",
        ) => return Toll::Free,
        ("POST", "/account") => return Toll::Account,
        ("GET" | "HEAD", "/api/v1/venues" | "/search") | (_, "/ui/load_search") => SEARCH,
        ("GET" | "HEAD", "/api/v1/me/export" | "/account/export.json") => EXPORT,
        (
            "POST",
            "/api/v1/venues/{slug}/holds"
            | "/api/v1/reservations"
            | "/ui/hold_table"
            | "/ui/book_table"
            | "/venues/{slug}"
            | "/book/{token}",
        ) => BOOK,
        ("PATCH" | "DELETE", "/api/v1/reviews/{id}")
        | ("PATCH", "/api/v1/reservations/{id}")
        | (
            "POST",
            "/api/v1/reservations/{id}/review"
            | "/ui/save_review"
            | "/ui/remove_review"
            | "/api/v1/reservations/{id}/cancel"
            | "/api/v1/reservations/{id}/late"
            | "/api/v1/holds/{token}/extend"
            | "/ui/extend_hold"
            | "/ui/change_booking"
            | "/ui/cancel_booking"
            | "/ui/report_late"
            | "/bookings/{token}",
        )
        | ("DELETE", "/api/v1/host/{slug}/staff/{id}")
        | ("PUT" | "DELETE", "/api/v1/host/{slug}/reviews/{id}/answer") => CHANGE,
        ("POST", "/api/v1/host/{slug}/staff") => APPOINT,
        ("PUT", "/api/v1/me/password") | ("DELETE", "/api/v1/me") | ("POST", "/account/erase") => GUESS,
        ("PUT", "/api/v1/me/email") => MOVE,
        ("POST", "/api/v1/accounts/confirm" | "/account/confirm/{token}") => CONFIRM,
        ("POST", "/api/v1/sessions" | "/api/v1/password-resets" | "/sign-in" | "/forgot") => SIGN_IN,
        ("POST", "/api/v1/accounts" | "/register") => REGISTER,
        _ => plain(method, route),
    })
}

/// What a plain request costs: one that reads, as islands do by posting, or one that writes.
fn plain(method: &Method, route: &str) -> Price {
    if matches!(*method, Method::GET | Method::HEAD) || route.starts_with("/ui/load_") { READ } else { WRITE }
}

impl Toll {
    /// Whether it depends on what the body says.
    pub const fn reads_body(self) -> bool {
        match self {
            Self::Free | Self::File => false,
            Self::Fixed(price) => price.aim.is_some(),
            Self::Account => true,
        }
    }

    /// What is to be paid for a request whose body says this.
    pub fn price(self, words: &Words) -> Option<Price> {
        match self {
            Self::Free | Self::File => None,
            Self::Fixed(price) => Some(price),
            Self::Account => Some(match words.verb.as_str() {
                "sign_out" | "end" | "profile" => WRITE,
                "email" => MOVE,
                _ => GUESS,
            }),
        }
    }
}

/// What a body says that decides what its request costs.
#[derive(Default)]
pub(super) struct Words {
    /// What is to be done.
    verb: String,
    /// The email address that it aims at, however it is spelt; what is no address aims at nobody.
    email: Option<Email>,
}

impl Words {
    /// Those of a program's JSON. Of a name that comes twice the last counts, as it does for handlers.
    pub fn of_json(body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        Self { verb: String::new(), email: body["email"].as_str().and_then(|email| email.parse().ok()) }
    }

    /// Those of a page's form.
    pub fn of_form(body: &[u8]) -> Self {
        let form = Fields::parse(body);
        Self { verb: form.get("do"), email: form.get("email").parse().ok() }
    }
}

/// What is to be paid for a request, all at once.
pub(super) struct Bill<'r> {
    pub price: Price,
    /// What its body says.
    pub words: &'r Words,
    /// Whoever is signed in.
    pub caller: Option<&'r SignedIn>,
    /// Where it comes from.
    pub address: IpAddr,
    /// Whether a session goes on first.
    pub renews: bool,
}

impl Bill<'_> {
    /// The email address whose rule is charged. Nobody has a letter sent who is not signed in.
    fn aim(&self) -> Option<(Rule, &Email)> {
        let rule = self.price.aim.filter(|_| self.price.by_address || self.caller.is_some() || self.renews);
        rule.zip(self.words.email.as_ref())
    }
}

/// Counts a request; nothing is said where nothing limits it.
pub(super) async fn charge(backend: &Backend, bill: &Bill<'_>) -> Option<Verdict> {
    let payer = Payer::new(bill.caller.filter(|_| !bill.price.by_address), bill.address);
    let own = bill.price.rules.iter().map(|&(rule, cost)| {
        let more = if bill.renews && rule == Rule::Api { RENEWAL } else { 0 };
        Charge { rule, who: payer.name(), cost: cost + more }
    });
    // Theirs comes first: who is kept out for themselves does nothing to the address that they aim at.
    let aim = bill.aim().map(|(rule, email)| Charge { rule, who: email.as_str().as_bytes(), cost: 1 });
    backend.charge(&own.chain(aim).collect::<Vec<_>>()).await
}

/// Counts a request for a file where there is none.
pub(crate) async fn nothing_found(backend: &Backend, method: &Method, payer: &Payer) -> Result<Counted, Problem> {
    let rules = plain(method, "").rules.iter();
    let charges: Vec<Charge<'_>> = rules.map(|&(rule, cost)| Charge { rule, who: payer.name(), cost }).collect();
    let verdict = backend.charge(&charges).await;
    verdict.as_ref().and_then(refusal).map_or(Ok(Counted(verdict)), Err)
}

/// What is left to whoever was let in, on its way to the head of the answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted(Option<Verdict>);

impl IntoResponseParts for Counted {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut answer: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Some(verdict) = self.0 {
            tell(&verdict, answer.headers_mut());
        }
        Ok(answer)
    }
}

/// Why a request was kept out, if it was.
pub(super) fn refusal(verdict: &Verdict) -> Option<Problem> {
    let words = match verdict.refused? {
        Rule::Api => "That was a lot at once. Wait a moment, then go on.",
        Rule::Search => "That was a lot of searching at once. Wait a moment, then go on.",
        Rule::Booking => "That was a lot of booking at once, and nothing was booked. Wait a moment, then go on.",
        Rule::SignIn => "Those were a lot of passwords at once. Wait a moment, then try again.",
        Rule::Register => "Those were a lot of new accounts at once. Wait a moment, then try again.",
        Rule::Target => "A lot was tried with this email address. Wait a moment, then try again.",
        Rule::Letters => "A lot was sent to this email address, and this was not. Wait a while, then try again.",
        Rule::Change => "Those were a lot of changes at once, and nothing was changed. Wait a moment, then go on.",
    };
    Some(Problem::new(Kind::TooManyRequests).saying(words).counted(*verdict))
}

/// Says how much is left, as draft-ietf-httpapi-ratelimit-headers-06 has it.
pub(super) fn tell(verdict: &Verdict, headers: &mut HeaderMap) {
    headers.insert(LIMIT, verdict.limit.into());
    headers.insert(REMAINING, verdict.remaining.into());
    let seconds = verdict.wait.as_millis().div_ceil(1000);
    headers.insert(RESET, u64::try_from(seconds).unwrap_or(u64::MAX).into());
}

#[cfg(test)]
mod tests {
    use super::*;

    const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

    /// Everything that can be asked for: operations of the document, server functions, pages, and the files that the server writes.
    fn routes() -> Vec<(Method, String)> {
        let document = serde_json::to_value(crate::openapi::document()).unwrap();
        let mut routes = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let methods = METHODS.into_iter().filter(|method| !operations[method.as_str().to_lowercase()].is_null());
            routes.extend(methods.map(|method| (method, path.clone())));
        }
        routes.extend(leptos::server_fn::axum::server_fn_paths().map(|(path, method)| (method, path.to_owned())));
        for page in app::ssr::routes() {
            let methods = page.methods().map(|method| format!("{method:?}").to_uppercase().parse().unwrap());
            routes.extend(methods.map(|method| (method, page.path().to_owned())));
        }
        routes.push((Method::GET, "/account/export.json".to_owned()));
        routes
    }

    /// How much of everything it costs, for whatever its body says.
    fn weights(method: &Method, route: &str) -> Vec<u32> {
        let toll = toll_of(method, route);
        let verbs = ["profile", "email", "password"].map(|verb| Words { verb: verb.to_owned(), email: None });
        let prices = verbs.iter().filter_map(|words| toll.price(words));
        prices.map(|price| price.rules.iter().find(|(rule, _)| *rule == Rule::Api).unwrap().1).collect()
    }

    #[test]
    fn what_reads_weighs_one_what_writes_two_and_taking_everything_along_ten() {
        let routes = routes();
        assert!(routes.len() > 80, "{routes:?}");
        for (method, route) in &routes {
            let weight = match (method, route.as_str()) {
                (_, "/api/v1/me/export" | "/account/export.json") => 10,
                (&Method::GET | &Method::HEAD, _) => 1,
                (_, route) if route.starts_with("/ui/load_") => 1,
                _ => 2,
            };
            let weights = weights(method, route);
            assert!(weights.iter().all(|known| *known == weight), "{method} {route}: {weights:?}");
            let is_about_us = route.contains("/health/l") || route.contains("/health/r");
            assert_eq!(weights.is_empty(), is_about_us, "{method} {route}");
        }
    }

    #[test]
    fn every_route_that_is_named_exists() {
        let routes = routes();
        let source = include_str!("limits.rs");
        let table = source.split("fn toll_of").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
        let named = table.split('"').filter(|word| word.starts_with('/') && !word.ends_with('_'));
        for route in named {
            let exists = routes.iter().any(|(_, known)| known == route);
            let is_free = METHODS.iter().all(|method| toll_of(method, route) == Toll::Free);
            assert!(exists || is_free, "{route}");
            assert!(
                METHODS.iter().any(|method| toll_of(method, route) != Toll::Fixed(plain(method, route))),
                "{route} is named for nothing"
            );
        }
    }

    #[test]
    fn pages_programs_and_islands_pay_alike() {
        let post = |route| (Method::POST, route);
        for (price, routes) in [
            (
                BOOK,
                vec![
                    post("/api/v1/reservations"),
                    post("/ui/book_table"),
                    post("/book/{token}"),
                    post("/api/v1/venues/{slug}/holds"),
                    post("/ui/hold_table"),
                    post("/venues/{slug}"),
                ],
            ),
            (SEARCH, vec![(Method::GET, "/search"), (Method::GET, "/api/v1/venues"), post("/ui/load_search")]),
            (EXPORT, vec![(Method::GET, "/account/export.json"), (Method::GET, "/api/v1/me/export")]),
            (
                SIGN_IN,
                vec![post("/sign-in"), post("/api/v1/sessions"), post("/forgot"), post("/api/v1/password-resets")],
            ),
            (REGISTER, vec![post("/register"), post("/api/v1/accounts")]),
            (CONFIRM, vec![post("/account/confirm/{token}"), post("/api/v1/accounts/confirm")]),
            (GUESS, vec![post("/account/erase"), (Method::DELETE, "/api/v1/me"), (Method::PUT, "/api/v1/me/password")]),
            (
                CHANGE,
                vec![
                    (Method::PUT, "/api/v1/host/{slug}/reviews/{id}/answer"),
                    (Method::DELETE, "/api/v1/host/{slug}/reviews/{id}/answer"),
                    post("/ui/save_review"),
                    post("/bookings/{token}"),
                ],
            ),
            (WRITE, vec![post("/ui/keep_favorite"), post("/account/favorites"), (Method::PATCH, "/api/v1/me")]),
        ] {
            for (method, route) in routes {
                assert_eq!(toll_of(&method, route), Toll::Fixed(price), "{method} {route}");
            }
        }
    }

    #[test]
    fn the_page_of_an_account_pays_for_what_its_form_asks_for() {
        let asked = |form: &str| toll_of(&Method::POST, "/account").price(&Words::of_form(form.as_bytes()));
        for (form, price) in [
            ("do=sign_out", WRITE),
            ("do=profile&name=Ana", WRITE),
            ("do=email&email=ana%40example.com", MOVE),
            ("do=password", GUESS),
            ("", GUESS),
        ] {
            assert_eq!(asked(form), Some(price), "{form}");
        }
        assert_eq!(asked("do=email"), toll_of(&Method::PUT, "/api/v1/me/email").price(&Words::default()));
    }

    #[test]
    fn a_body_aims_at_the_address_that_its_handler_reads() {
        let aim = |words: Words| words.email.map(String::from);
        let ana = Some("ana@example.com".to_owned());
        assert_eq!(aim(Words::of_json(br#"{"email":"bo@example.com","email":"ana@example.com"}"#)), ana);
        assert_eq!(aim(Words::of_form(b"email=ana%40example.com&email=bo%40example.com")), ana);
        for nobody in
            [&b"{}"[..], b"[\"ana@example.com\"]", b"{\"email\":7}", b"{\"email\":\"ana\"}", b"ana@example.com", b""]
        {
            assert_eq!(aim(Words::of_json(nobody)), None);
        }
    }
}
