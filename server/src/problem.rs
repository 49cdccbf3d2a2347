//! What went wrong, as RFC 9457 problem documents.

mod kind;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use backend::{Error, Verdict};
use domain::availability::{Reason, Start};
use domain::field::{FieldError, FieldErrors};
use domain::reservation::Refusal;
use domain::review;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

pub use self::kind::Kind;

/// What a handler answers.
pub type Answer<T> = Result<T, Problem>;

/// One problem on its way out; the layer that knows the request's id writes it down.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    reason: Option<&'static str>,
    rev: Option<i32>,
    alternatives: Option<Vec<Start>>,
    retry_after: Option<Duration>,
    verdict: Option<Verdict>,
    cause: Option<Arc<Error>>,
}

impl Problem {
    /// A problem of this kind, in the kind's own words.
    #[must_use]
    pub const fn new(kind: Kind) -> Self {
        let detail = Cow::Borrowed(kind.words());
        Self {
            kind,
            detail,
            errors: Vec::new(),
            reason: None,
            rev: None,
            alternatives: None,
            retry_after: None,
            verdict: None,
            cause: None,
        }
    }

    /// The same in these words.
    #[must_use]
    pub fn saying(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same, with when to come back.
    #[must_use]
    pub const fn again_in(mut self, pause: Duration) -> Self {
        self.retry_after = Some(pause);
        self
    }

    /// The same of a request that was counted and kept out: with when to come back, and what the head of the answer says of it.
    #[must_use]
    pub(crate) const fn counted(mut self, verdict: Verdict) -> Self {
        (self.retry_after, self.verdict) = (Some(verdict.wait), Some(verdict));
        self
    }

    /// How it was counted, when that is the problem.
    pub(crate) const fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Its status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.kind.status()
    }

    /// The problem that a bare error status stands for: what the router or an outer layer answers by itself.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Option<Self> {
        let kind = match status {
            StatusCode::BAD_REQUEST => Kind::Malformed,
            StatusCode::UNAUTHORIZED => Kind::Unauthenticated,
            StatusCode::FORBIDDEN => Kind::Forbidden,
            StatusCode::NOT_FOUND => Kind::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Kind::WrongMethod,
            StatusCode::REQUEST_TIMEOUT => Kind::TooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Kind::NotJson,
            StatusCode::UNPROCESSABLE_ENTITY => Kind::InvalidInput,
            StatusCode::TOO_MANY_REQUESTS => Kind::TooManyRequests,
            StatusCode::SERVICE_UNAVAILABLE => Kind::Unavailable,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Kind::HeadTooLarge,
            StatusCode::INTERNAL_SERVER_ERROR => Kind::Internal,
            _ => return None,
        };
        Some(Self::new(kind))
    }

    /// Seconds until another try makes sense; rounded up, or the client would come too early.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        let seconds = self.retry_after?.as_millis().div_ceil(1000).max(1);
        Some(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// What is behind it when the fault is ours, for the log.
    pub(crate) fn cause(&self) -> Option<&Error> {
        self.cause.as_deref()
    }

    fn refused(refusal: &Refusal, alternatives: Vec<Start>) -> Self {
        let kind = match refusal {
            Refusal::Unavailable(reason) => match reason {
                Reason::NoTable | Reason::Held => Kind::TableTaken,
                Reason::Pacing => Kind::KitchenFull,
                Reason::Closed
                | Reason::TooSoon
                | Reason::TooFar
                | Reason::PartySize
                | Reason::Needs
                | Reason::Access
                | Reason::PastLastSeating => Kind::NotOnOffer,
            },
            Refusal::OverlappingBooking => Kind::OverlappingBooking,
            Refusal::HoldExpired => Kind::HoldExpired,
            Refusal::HoldMismatch => Kind::HoldMismatch,
            Refusal::HoldAtLimit => Kind::HoldAtLimit,
            Refusal::Stale(_) => Kind::StaleRevision,
            Refusal::TooLate => Kind::TooLate,
            Refusal::NotNow(_) => Kind::NotNow,
            Refusal::LastOwner => Kind::LastOwner,
        };
        let rev = if let Refusal::Stale(rev) = refusal { Some(*rev) } else { None };
        let alternatives = matches!(refusal, Refusal::Unavailable(_)).then_some(alternatives);
        Self { reason: Some(refusal.code()), rev, alternatives, ..Self::new(kind).saying(refusal.to_string()) }
    }

    fn review_refused(refusal: &review::Refusal) -> Self {
        let kind = match refusal {
            review::Refusal::NotOver | review::Refusal::NoVisit | review::Refusal::LongAgo => Kind::NoVisit,
            review::Refusal::Written => Kind::AlreadyReviewed,
            review::Refusal::Settled | review::Refusal::Deleted => Kind::ReviewSettled,
            review::Refusal::Stale(_) => Kind::StaleRevision,
        };
        let rev = if let review::Refusal::Stale(rev) = refusal { Some(*rev) } else { None };
        Self { reason: Some(refusal.code()), rev, ..Self::new(kind).saying(refusal.to_string()) }
    }
}

impl From<FieldErrors> for Problem {
    fn from(errors: FieldErrors) -> Self {
        Self { detail: errors.to_string().into(), errors: errors.0, ..Self::new(Kind::InvalidInput) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused { refusal, alternatives } => Self::refused(&refusal, alternatives),
            Error::ReviewRefused(refusal) => Self::review_refused(&refusal),
            Error::NotFound => Self::new(Kind::NotFound),
            Error::Forbidden => Self::new(Kind::Forbidden),
            Error::Unauthenticated => Self::new(Kind::SignedOut),
            Error::SignInFailed => Self::new(Kind::SignInFailed),
            Error::Throttled { retry_after } => Self::new(Kind::TooManyRequests).again_in(retry_after),
            Error::Invalid(errors) => errors.into(),
            Error::KeyReused => Self::new(Kind::KeyReused),
            Error::Unavailable { service: _, retry_after } => Self::new(Kind::Unavailable).again_in(retry_after),
            ours @ (Error::Corrupt(_) | Error::Database(_) | Error::Broken(_)) => {
                Self { cause: Some(Arc::new(ours)), ..Self::new(Kind::Internal) }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A problem as it is sent: `application/problem+json`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct Document<'p> {
    /// What kind of problem, as a relative address that stays and can be read: `/problems/table-taken`.
    #[serde(rename = "type")]
    #[schema(format = "uri-reference", example = "/problems/table-taken")]
    kind: String,
    /// The kind in a few words.
    title: &'p str,
    /// The HTTP status.
    status: u16,
    /// What happened, for people.
    detail: &'p str,
    /// The request, for questions to us.
    request_id: &'p str,
    /// Every field that is wrong.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'p [FieldError],
    /// Why it was refused, as a word: `no_table`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'p str>,
    /// The present revision of what was to be changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    rev: Option<i32>,
    /// What can be had instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<&'p [Start]>,
    /// Seconds until another try makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// Writes a problem into the answer that carries it.
pub(crate) fn write(problem: &Problem, request_id: &str, response: &mut Response) {
    let retry_after = problem.retry_after();
    let document = Document {
        kind: problem.kind.address(),
        title: problem.kind.title(),
        status: problem.status().as_u16(),
        detail: &problem.detail,
        request_id,
        errors: &problem.errors,
        reason: problem.reason,
        rev: problem.rev,
        alternatives: problem.alternatives.as_deref(),
        retry_after,
    };
    let body = serde_json::to_vec(&document).expect("a problem is plain values with string keys");
    *response.body_mut() = body.into();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.remove(CONTENT_LENGTH);
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    let challenge = match problem.kind {
        Kind::Unauthenticated => Some("ManageToken header=\"X-Manage-Token\""),
        Kind::SignedOut | Kind::SignInFailed => Some("Bearer realm=\"trestle\""),
        _ => None,
    };
    if let Some(challenge) = challenge {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
}

#[cfg(test)]
mod tests {
    use domain::field::Complaint;

    use super::*;

    fn sent(problem: impl Into<Problem>) -> (Response, serde_json::Value) {
        let mut response = problem.into().into_response();
        let problem = response.extensions().get::<Arc<Problem>>().cloned().unwrap();
        write(&problem, "r-1", &mut response);
        let body = std::mem::take(response.body_mut());
        let bytes = futures::executor::block_on(axum::body::to_bytes(body, 10_000)).unwrap();
        (response, serde_json::from_slice(&bytes).unwrap())
    }

    #[test]
    fn a_taken_table_is_a_conflict_with_a_reason_and_alternatives() {
        let (response, body) = sent(Error::unavailable(Reason::NoTable));
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(
            body,
            serde_json::json!({
                "type": "/problems/table-taken", "title": "This table is taken", "status": 409, "reason": "no_table", "request_id": "r-1",
                "detail": "Every table that fits is taken at that time.", "alternatives": []
            })
        );
    }

    #[test]
    fn a_stale_revision_names_the_present_one() {
        let (_, body) = sent(Error::refused(Refusal::Stale(7)));
        assert_eq!((&body["status"], &body["reason"], &body["rev"]), (&409.into(), &"stale".into(), &7.into()));
        assert!(body.get("alternatives").is_none());
    }

    #[test]
    fn a_review_is_refused_with_a_sentence_and_a_reason() {
        let (response, body) = sent(Error::ReviewRefused(review::Refusal::Written));
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(
            (&body["type"], &body["reason"]),
            (&"/problems/already-reviewed".into(), &"already_reviewed".into())
        );
        assert_eq!(body["detail"], "You have written about this visit already.");
        let (_, body) = sent(Error::ReviewRefused(review::Refusal::Stale(7)));
        assert_eq!((&body["type"], &body["rev"]), (&"/problems/stale-revision".into(), &7.into()));
    }

    #[test]
    fn invalid_input_names_every_field() {
        let mut errors = FieldErrors::one("/party", &Complaint::new("A party has at least one guest."));
        errors.add("/guest/email", &Complaint::new("No."));
        let (response, body) = sent(errors);
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(body["errors"][1], serde_json::json!({"pointer": "/guest/email", "detail": "No."}));
        assert_eq!(body["detail"], "A party has at least one guest. And 1 more.");
    }

    #[test]
    fn an_absent_database_says_when_to_come_back() {
        let (response, body) =
            sent(Error::Unavailable { service: "postgres", retry_after: Duration::from_millis(2100) });
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            (&response.headers()[RETRY_AFTER], &body["retry_after"]),
            (&HeaderValue::from_static("3"), &3.into())
        );
        assert!(!body.to_string().contains("postgres"));
    }

    #[test]
    fn our_own_faults_stay_inside() {
        for fault in [
            Error::Corrupt("row 17".into()),
            Error::Broken("row 17".into()),
            Error::Database(sqlx::Error::ColumnNotFound("row 17".into())),
        ] {
            let problem = Problem::from(fault);
            assert!(problem.cause().is_some());
            let (response, body) = sent(problem);
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(!body.to_string().contains("17"));
        }
    }
}
