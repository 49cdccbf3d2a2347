use axum::body::Body;
use axum::response::IntoResponse;
use domain::form::{AvailabilityForm, BookingForm, LateForm};
use http::StatusCode;
use serde_json::json;

use super::*;

fn body<T: DeserializeOwned + Validate>(kind: &str, text: impl Into<Body>) -> Result<T, Problem> {
    let request = Request::post("/").header(CONTENT_TYPE, kind).body(text.into()).unwrap();
    futures::executor::block_on(Json::from_request(request, &())).map(|json: Json<T>| json.0)
}

fn query(text: &str) -> Result<AvailabilityForm, Problem> {
    let (mut parts, ()) = Request::get(format!("/?{text}")).body(()).unwrap().into_parts();
    futures::executor::block_on(Query::from_request_parts(&mut parts, &()))
        .map(|query: Query<AvailabilityForm>| query.0)
}

fn status<T>(result: Result<T, Problem>) -> StatusCode {
    result.map(|_| ()).unwrap_err().into_response().status()
}

fn pointers<T: DeserializeOwned + Validate>(value: Value) -> Vec<String> {
    shape::complaints::<T>(value).0.into_iter().map(|error| error.pointer).collect()
}

#[test]
fn what_is_no_json_is_told_apart() {
    assert_eq!(status(body::<BookingForm>("text/plain", "{}")), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    for malformed in ["", "{", "{\"venue\": }", "[1,2", "{} {}", "\u{0}", "{'a': 1}"] {
        assert_eq!(status(body::<BookingForm>("application/json", malformed)), StatusCode::BAD_REQUEST, "{malformed}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(status(body::<BookingForm>("application/json; charset=utf-8", deep)), StatusCode::BAD_REQUEST);
    for wrong in ["[]", "null", "1", "\"x\"", "{}"] {
        assert_eq!(
            status(body::<BookingForm>("application/problem+json", wrong)),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{wrong}"
        );
    }
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let value = json!({
        "venue": 7, "party": "two", "area": ["x"], "guest": {"name": 1, "email": "nobody", "mail": "x"}, "notes": "fine", "needs": "step_free",
        "occasion": "funeral", "colour/~": "red"
    });
    let expected = [
        "/area",
        "/colour~1~0",
        "/guest/email",
        "/guest/mail",
        "/guest/name",
        "/needs",
        "/occasion",
        "/party",
        "/start",
        "/venue",
    ];
    assert_eq!(pointers::<BookingForm>(value), expected);
}

#[test]
fn what_is_left_out_is_named_too() {
    assert_eq!(pointers::<BookingForm>(json!({})), ["/guest", "/party", "/start", "/venue"]);
    assert_eq!(pointers::<LateForm>(json!({"minutes": 100_000})), ["/minutes"]);
    assert_eq!(pointers::<LateForm>(json!({"minutes": 0, "rev": "x"})), ["/minutes", "/rev"]);
}

#[test]
fn no_complaint_repeats_what_was_sent() {
    let errors = shape::complaints::<BookingForm>(json!({"party": "ana@example.com", "guest": "ana@example.com"}));
    assert!(!errors.0.iter().any(|error| error.detail.contains("ana")), "{errors:?}");
}

#[test]
fn a_million_unknown_fields_end_soon() {
    let many: serde_json::Map<String, Value> = (0..1000).map(|n| (format!("f{n}"), n.into())).collect();
    assert_eq!(shape::complaints::<BookingForm>(Value::Object(many)).0.len(), 32);
}

#[test]
fn parameters_are_fields_too() {
    assert!(query("date=2026-11-21&party=2").is_ok());
    assert!(query("date=2026-11-21&party=two").is_ok(), "its rule is checked when it becomes a wish");
    assert_eq!(status(query("date=2026-11-21&party=2&party=3")), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(query("date=2026-11-21&people=2")), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(query("date=%ff&party=").is_ok());
}
