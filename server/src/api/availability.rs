//! Which starts of a day can be had.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use backend::{Availability, Backend};
use domain::form::{AvailabilityForm, DayWish};
use domain::text::Slug;
use http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::extract::{Path, Query};
use crate::openapi::{Lookup, Question};
use crate::problem::Answer;

/// Lists the starts of one service date and whether this party can have them.
///
/// Repeat it with `If-None-Match` and the last `ETag` to hear only of changes. The answer may be a second old; only booking decides.
#[utoipa::path(get, path = "/api/v1/venues/{slug}/availability", tag = "venues", params(("slug" = Slug, Path), AvailabilityForm), responses(
    (status = 200, body = Availability, headers(("ETag" = String, description = "Names exactly this answer."))),
    (status = 304, description = "Nothing changed since the answer named in If-None-Match."),
    Lookup, Question
))]
pub(super) async fn show(
    State(backend): State<Backend>,
    Path(slug): Path<Slug>,
    headers: HeaderMap,
    Query(form): Query<AvailabilityForm>,
) -> Answer<Response> {
    let availability = backend.availability(&slug, &DayWish::try_from(form)?).await?;
    let json = availability.json();
    let tag =
        HeaderValue::try_from(format!("\"{}\"", json.tag)).expect("digits, a hyphen and quotes are visible ASCII");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let kind = HeaderValue::from_static("application/json");
    Ok(([(ETAG, tag), (CONTENT_TYPE, kind)], Bytes::from_owner(json.text.clone())).into_response())
}

/// Whether `If-None-Match` names this tag; weakly compared, as RFC 9110 section 13.1.2 has it.
fn names(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let Ok(known) = known.to_str() else { return false };
    known
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|known| known == "*" || known.as_bytes() == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_among_others() {
        let tag = HeaderValue::from_static("\"7-00ff\"");
        for known in ["\"7-00ff\"", "W/\"7-00ff\"", "\"1-2\", \"7-00ff\"", "*"] {
            assert!(names(&HeaderValue::from_static(known), &tag), "{known}");
        }
        for other in ["", "7-00ff", "\"7-00fe\"", "\"8-00ff\""] {
            assert!(!names(&HeaderValue::from_static(other), &tag), "{other}");
        }
    }
}
