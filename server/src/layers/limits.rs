//! What a request counts as: which rules it falls under, how much it weighs, and what is said about it.

use axum::extract::{FromRef, FromRequestParts, MatchedPath};
use axum::response::{IntoResponseParts, ResponseParts};
use backend::{Backend, Charge, Payer, Rule, Verdict};
use domain::text::Email;
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use crate::extract::{Client, Json};
use crate::problem::{Kind, Problem};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// What a request costs at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Toll {
    /// Nothing, whoever sends it: nobody looks who that is.
    Free,
    /// Nothing yet: it is for a file, or its handler knows more and counts it.
    Later,
    /// So much of what these rules allow.
    Now(&'static [(Rule, u32)]),
}

const READ: Toll = Toll::Now(&[(Rule::Api, 1)]);
const EXPORT: Toll = Toll::Now(&[(Rule::Api, 10)]);
const SEARCH: Toll = Toll::Now(&[(Rule::Api, 1), (Rule::Search, 1)]);
const BOOK: Toll = Toll::Now(&[(Rule::Api, 2), (Rule::Booking, 1)]);
const CHANGE: Toll = Toll::Now(&[(Rule::Api, 2), (Rule::Change, 1)]);
const NONSENSE: Toll = Toll::Now(&[(Rule::Api, 2)]);
const GUESS: Toll = Toll::Now(&[(Rule::Api, 2), (Rule::SignIn, 1)]);

/// What it costs to go on with a session.
pub(super) const RENEWAL: Toll = READ;

/// What a request costs.
pub(super) fn toll(method: &Method, route: Option<&MatchedPath>) -> Toll {
    route.map_or(Toll::Later, |route| toll_of(method, route.as_str()))
}

/// What a request to this route costs. Whatever is not named here is a plain request.
fn toll_of(method: &Method, route: &str) -> Toll {
    match (method.as_str(), route) {
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
            | "/bookings/{token}"
            | "/api/v1/host/{slug}/staff",
        )
        | ("DELETE", "/api/v1/host/{slug}/staff/{id}")
        | ("PUT" | "DELETE", "/api/v1/host/{slug}/reviews/{id}/answer") => CHANGE,
        ("PUT", "/api/v1/me/password" | "/api/v1/me/email")
        | ("DELETE", "/api/v1/me")
        | ("POST", "/api/v1/accounts/confirm" | "/account/confirm/{token}" | "/account/erase") => GUESS,
        // The handlers of these know more, and count them: see `Till`, and `attempt` and `count` of the pages.
        (
            "POST",
            "/api/v1/sessions"
            | "/api/v1/accounts"
            | "/api/v1/password-resets"
            | "/sign-in"
            | "/register"
            | "/forgot"
            | "/account",
        ) => Toll::Later,
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
        ) => Toll::Free,
        _ => READ,
    }
}

/// Counts a request; nothing is said where nothing limits it.
pub(super) async fn charge(backend: &Backend, toll: Toll, payer: &Payer) -> Option<Verdict> {
    let Toll::Now(rules) = toll else { return None };
    let mut charges = [Charge { rule: Rule::Api, who: payer.name(), cost: 0 }; 2];
    for (charge, (rule, cost)) in charges.iter_mut().zip(rules) {
        *charge = Charge { rule: *rule, who: payer.name(), cost: *cost };
    }
    backend.charge(&charges[..rules.len()]).await
}

/// Counts a request whose handler knows more than its route: whoever signs in, registers or forgot a password aims at a mail address.
pub(crate) struct Till {
    backend: Backend,
    payer: Payer,
}

impl<S> FromRequestParts<S> for Till
where
    Backend: FromRef<S>,
    S: Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Client(payer) = Client::from_request_parts(parts, state).await?;
        Ok(Self { backend: Backend::from_ref(state), payer })
    }
}

impl Till {
    /// Takes a body in, once the request is counted under this rule, and under another with everybody else's that aim at the same.
    pub async fn take<T>(
        &self,
        body: Result<Json<T>, Problem>,
        rule: Rule,
        aim: impl Fn(&T) -> &str,
    ) -> Result<(T, Counted), Problem> {
        let Json(form) = match body {
            Ok(form) => form,
            Err(problem) => {
                let verdict = charge(&self.backend, NONSENSE, &self.payer).await;
                return Err(verdict.as_ref().and_then(refusal).unwrap_or(problem));
            }
        };
        let verdict = self.backend.charge_attempt(&self.payer, rule, aim(&form)).await;
        match verdict.as_ref().and_then(refusal) {
            Some(refusal) => Err(refusal),
            None => Ok((form, Counted(verdict))),
        }
    }

    /// Counts a letter to this address, of a request whose route was counted before.
    pub async fn letter(&self, to: &Email) -> Result<(), Problem> {
        let verdict = self.backend.charge_letter(to).await;
        verdict.as_ref().and_then(refusal).map_or(Ok(()), Err)
    }
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

    #[test]
    fn every_route_that_is_named_exists() {
        let document = crate::openapi::document();
        let pages: Vec<String> = app::ssr::routes().iter().map(|page| page.path().to_owned()).collect();
        let exists = |route: &str| {
            document.paths.paths.contains_key(route)
                || pages.iter().any(|page| page == route)
                || leptos::server_fn::axum::server_fn_paths().any(|(path, _)| path == route)
        };
        for route in [
            "/api/v1/venues",
            "/search",
            "/ui/load_search",
            "/api/v1/venues/{slug}/holds",
            "/api/v1/reservations",
            "/ui/hold_table",
            "/ui/book_table",
            "/venues/{slug}",
            "/book/{token}",
            "/api/v1/reservations/{id}",
            "/api/v1/reservations/{id}/cancel",
            "/api/v1/reservations/{id}/late",
            "/api/v1/reservations/{id}/review",
            "/api/v1/reviews/{id}",
            "/ui/save_review",
            "/ui/remove_review",
            "/api/v1/holds/{token}/extend",
            "/ui/extend_hold",
            "/ui/change_booking",
            "/ui/cancel_booking",
            "/ui/report_late",
            "/bookings/{token}",
            "/api/v1/me",
            "/api/v1/me/export",
            "/api/v1/me/password",
            "/api/v1/me/email",
            "/api/v1/host/{slug}/staff",
            "/api/v1/host/{slug}/staff/{id}",
            "/api/v1/accounts/confirm",
            "/account/confirm/{token}",
            "/account/erase",
            "/account",
            "/sign-in",
            "/register",
            "/forgot",
            "/api/v1/sessions",
            "/api/v1/accounts",
            "/api/v1/password-resets",
            "/api/v1/health/liveness",
            "/api/v1/health/readiness",
        ] {
            assert!(exists(route), "{route}");
        }
    }

    #[test]
    fn pages_programs_and_islands_pay_alike() {
        for routes in [
            ["/api/v1/reservations", "/ui/book_table", "/book/{token}"],
            ["/api/v1/venues/{slug}/holds", "/ui/hold_table", "/venues/{slug}"],
        ] {
            assert!(routes.iter().all(|route| toll_of(&Method::POST, route) == BOOK), "{routes:?}");
        }
        assert_eq!(toll_of(&Method::GET, "/search"), toll_of(&Method::GET, "/api/v1/venues"));
        assert_eq!(toll_of(&Method::GET, "/api/v1/venues/{slug}/availability"), READ);
        assert_eq!(toll_of(&Method::GET, "/venues/{slug}"), READ);
        assert_eq!(toll_of(&Method::GET, "/livez"), Toll::Free);
        assert_eq!(toll_of(&Method::GET, "/account/export.json"), EXPORT);
        assert_eq!(toll_of(&Method::GET, "/api/v1/me/export"), EXPORT);
        assert_eq!(toll_of(&Method::GET, "/api/v1/me"), READ);
        for method in [Method::PUT, Method::DELETE] {
            assert_eq!(toll_of(&method, "/api/v1/host/{slug}/reviews/{id}/answer"), CHANGE);
        }
    }
}
