//! Every field with every rule broken: all complaints at once, each at its place, and nothing panics.

use std::collections::BTreeSet;

use domain::field::{Complaint, FieldErrors};
use domain::form::{
    AvailabilityForm, Booking, BookingForm, CancelForm, Change, ChangeForm, DayWish, HoldForm, LateForm, Search,
    SearchForm, Sort, Wish,
};
use domain::reservation::Occasion;
use domain::text::Note;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json};

const AREA: &str = "0197f3c2-7b1e-7c00-8000-000000000001";

fn pointers(errors: &FieldErrors) -> Vec<&str> {
    errors.0.iter().map(|error| error.pointer.as_str()).collect()
}

/// What is wrong with a JSON body, as pointers.
fn wrong<F: DeserializeOwned, T: TryFrom<F, Error = FieldErrors> + std::fmt::Debug>(body: Value) -> Vec<String> {
    let form: F = from_value(body).unwrap();
    let errors = T::try_from(form).unwrap_err();
    assert!(errors.0.iter().all(|error| error.detail.ends_with('.')), "{errors:?}");
    pointers(&errors).into_iter().map(str::to_owned).collect()
}

fn booking() -> Value {
    json!({
        "venue": "taberna-do-rio", "start": "2026-11-21T19:30:00+00:00", "party": 2, "area": AREA, "hold": "abc.def",
        "guest": {"name": "Ana", "email": "ana@example.com", "phone": "+351 912 345 678"},
        "notes": "By the window", "needs": ["step_free", "quiet", "step_free"], "occasion": "birthday"
    })
}

/// A body with one field replaced; the field is a JSON pointer.
fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[name] = value;
    body
}

fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}

#[test]
fn a_booking_is_understood() {
    let form: BookingForm = from_value(booking()).unwrap();
    let booking = Booking::try_from(form).unwrap();
    assert_eq!(booking.wish.party.get(), 2);
    assert_eq!(booking.wish.start.to_rfc3339(), "2026-11-21T19:30:00+00:00");
    assert_eq!(booking.wish.needs.len(), 2);
    assert_eq!(booking.guest.phone.map(String::from).as_deref(), Some("+351912345678"));
    assert_eq!(booking.occasion, Some(Occasion::Birthday));
    assert_eq!(booking.hold.as_deref(), Some("abc.def"));
}

#[test]
fn what_a_page_leaves_empty_is_not_given() {
    let mut body = booking();
    for pointer in ["/area", "/hold", "/guest/phone", "/occasion", "/notes"] {
        body = with(body, pointer, json!(""));
    }
    let booking = Booking::try_from(from_value::<BookingForm>(body).unwrap()).unwrap();
    assert_eq!((booking.wish.area, booking.hold, booking.guest.phone, booking.occasion), (None, None, None, None));
}

#[test]
fn every_field_of_a_booking_is_complained_about_at_once() {
    let body = json!({
        "venue": "No Such Venue", "start": "tonight", "party": 51, "area": "terrace", "hold": "a b",
        "guest": {"name": "", "email": "ana", "phone": "912345678"},
        "notes": "x".repeat(501), "needs": ["champagne"], "occasion": "divorce"
    });
    let all = [
        "/area",
        "/guest/email",
        "/guest/name",
        "/guest/phone",
        "/hold",
        "/needs",
        "/notes",
        "/occasion",
        "/party",
        "/start",
        "/venue",
    ];
    assert_eq!(wrong::<BookingForm, Booking>(body), all);
}

#[test]
fn what_is_needed_and_left_empty_is_named() {
    let empty = json!({"venue": "", "start": "", "party": 0, "guest": {}});
    assert_eq!(wrong::<BookingForm, Booking>(empty), ["/guest/email", "/guest/name", "/party", "/start", "/venue"]);
    assert_eq!(wrong::<AvailabilityForm, DayWish>(json!({})), ["/date", "/party"]);
    assert_eq!(wrong::<AvailabilityForm, DayWish>(json!({"date": "", "party": " "})), ["/date", "/party"]);
}

/// One way to break each rule of each field, and one complaint each time.
#[test]
fn each_rule_of_a_booking_is_its_own_complaint() {
    let long = "x".repeat(10_000);
    let broken = [
        (
            "/venue",
            vec![json!(""), json!("Taberna"), json!("a--b"), json!("-a"), json!("é"), json!("../x"), json!(long)],
        ),
        (
            "/start",
            vec![
                json!(""),
                json!("2026-11-21"),
                json!("2026-11-21T19:30:00"),
                json!("2026-11-21T19:31:00Z"),
                json!("2026-11-21T19:30:01Z"),
                json!("2026-11-21T19:30:00.5Z"),
                json!("2026-02-30T19:30:00Z"),
                json!("9999-12-31T23:45:00Z"),
                json!("-0001-01-01T00:00:00Z"),
                json!("+10000-01-01T00:00:00Z"),
                json!("1999-12-31T23:45:00Z"),
                json!("2026-11-21T25:00:00Z"),
                json!("2026-11-21T19:30:00+25:00"),
                json!(long),
            ],
        ),
        ("/party", vec![json!(0), json!(-1), json!(51), json!(i64::MIN), json!(i64::MAX)]),
        ("/area", vec![json!("terrace"), json!("0"), json!(long)]),
        ("/hold", vec![json!("a b"), json!("é"), json!("\n"), json!(long)]),
        (
            "/guest/name",
            vec![json!(""), json!(" "), json!("\u{200b}\u{202e}"), json!("42"), json!("x".repeat(81)), json!(long)],
        ),
        ("/guest/email", vec![json!(""), json!("ana"), json!("ana@example"), json!(format!("{long}@example.com"))]),
        ("/guest/phone", vec![json!("912345678"), json!("+12"), json!("+351 nine"), json!(long)]),
        ("/notes", vec![json!("x".repeat(501)), json!(long)]),
        ("/needs", vec![json!(["champagne"]), json!([""]), json!(["step_free", "STEP_FREE"]), json!([long])]),
        ("/occasion", vec![json!("divorce"), json!("Birthday"), json!(long)]),
    ];
    for (pointer, values) in broken {
        for value in values {
            assert_eq!(
                wrong::<BookingForm, Booking>(with(booking(), pointer, value.clone())),
                [pointer],
                "{value:.80}"
            );
        }
    }
}

#[test]
fn the_other_forms_complain_of_everything_too() {
    assert_eq!(
        wrong::<HoldForm, Wish>(json!({"start": "", "party": 0, "area": "x", "needs": ["x"]})),
        ["/area", "/needs", "/party", "/start"]
    );
    assert_eq!(
        wrong::<ChangeForm, Change>(
            json!({"rev": 0, "start": "x", "party": 99, "area": "x", "notes": "x".repeat(501)})
        ),
        ["/area", "/notes", "/party", "/rev", "/start"]
    );
    assert_eq!(
        wrong::<CancelForm, (i32, Note)>(json!({"rev": i64::MAX, "reason": "x".repeat(501)})),
        ["/reason", "/rev"]
    );
    for minutes in [i16::MIN, -1, 0, 121, i16::MAX] {
        assert_eq!(
            wrong::<LateForm, (Option<i32>, i16)>(json!({"rev": -1, "minutes": minutes})),
            ["/minutes", "/rev"],
            "{minutes}"
        );
    }
    assert_eq!(
        wrong::<AvailabilityForm, DayWish>(
            json!({"date": "tomorrow", "party": "two", "area": "x", "needs": "quiet,loud"})
        ),
        ["/area", "/date", "/needs", "/party"]
    );
    let long = "x".repeat(81);
    assert_eq!(
        wrong::<SearchForm, Search>(json!({
            "q": long, "city": long, "cuisine": "soup", "price": "5", "lat": "91", "lon": "181", "date": "soon", "time": "late", "party": "0",
            "sort": "taste", "cursor": "Not A Slug", "limit": "101"
        })),
        ["/city", "/cuisine", "/cursor", "/date", "/lat", "/limit", "/lon", "/party", "/price", "/q", "/sort", "/time"]
    );
}

#[test]
fn unknown_fields_are_refused() {
    let unknown = |body: &Value, pointer: &str| with(body.clone(), pointer, json!(1));
    assert!(from_value::<BookingForm>(unknown(&booking(), "/tables")).is_err());
    assert!(from_value::<BookingForm>(unknown(&booking(), "/guest/vip")).is_err());
    assert!(from_value::<HoldForm>(json!({"start": "", "party": 1, "x": 1})).is_err());
    assert!(from_value::<ChangeForm>(json!({"rev": 1, "status": "seated"})).is_err());
    assert!(from_value::<CancelForm>(json!({"rev": 1, "x": 1})).is_err());
    assert!(from_value::<LateForm>(json!({"minutes": 5, "x": 1})).is_err());
    assert!(from_value::<SearchForm>(json!({"x": "1"})).is_err());
    assert!(from_value::<AvailabilityForm>(json!({"x": "1"})).is_err());
}

#[test]
fn a_change_says_what_moves() {
    let change = |body| Change::try_from(from_value::<ChangeForm>(body).unwrap()).unwrap();
    assert!(!change(json!({"rev": 1})).moves());
    assert!(!change(json!({"rev": 1, "notes": ""})).moves());
    assert_eq!(change(json!({"rev": 1, "area": ""})).area, Some(None));
    assert!(change(json!({"rev": 1, "area": ""})).moves());
    assert!(change(json!({"rev": i32::MAX, "party": 3})).moves());
    assert!(change(json!({"rev": 1, "start": "2026-11-21T19:30:00+05:45"})).moves());
}

#[test]
fn degrees_that_are_no_place_are_refused() {
    for value in ["NaN", "nan", "inf", "-inf", "infinity", "1e999", "90.0000001", "-91", "", "north", "1,5", "0x10"] {
        let given = Search::try_from(from_value::<SearchForm>(json!({"lat": value, "lon": "0"})).unwrap());
        assert!(given.is_err(), "{value}");
    }
    let search =
        Search::try_from(from_value::<SearchForm>(json!({"lat": "-38.7", "lon": "180", "sort": "distance"})).unwrap())
            .unwrap();
    assert_eq!((search.near, search.sort), (Some((-38.7, 180.0)), Sort::Distance));
}

#[test]
fn half_a_place_is_no_place() {
    assert_eq!(wrong::<SearchForm, Search>(json!({"lat": "38.7"})), ["/lon"]);
    assert_eq!(wrong::<SearchForm, Search>(json!({"lon": "-9.1", "price": "0"})), ["/lat", "/price"]);
    assert_eq!(wrong::<SearchForm, Search>(json!({"sort": "distance"})), ["/lat", "/lon"]);
}

#[test]
fn half_an_evening_is_no_evening() {
    assert_eq!(wrong::<SearchForm, Search>(json!({"date": "2026-11-21"})), ["/party"]);
    assert_eq!(wrong::<SearchForm, Search>(json!({"party": "2"})), ["/date"]);
    assert_eq!(wrong::<SearchForm, Search>(json!({"time": "20:00"})), ["/date", "/party"]);
}

#[test]
fn a_page_goes_on_where_the_last_one_ended() {
    for text in ["azul", "azul.full"] {
        let search = Search::try_from(from_value::<SearchForm>(json!({"cursor": text})).unwrap()).unwrap();
        assert_eq!(search.cursor.unwrap().to_string(), text);
    }
    assert_eq!(wrong::<SearchForm, Search>(json!({"cursor": "azul.half"})), ["/cursor"]);
}

#[test]
fn a_search_has_defaults() {
    let search = |body| Search::try_from(from_value::<SearchForm>(body).unwrap()).unwrap();
    let all = search(json!({}));
    assert_eq!((all.limit, all.sort, all.when, all.near), (24, Sort::Best, None, None));
    assert_eq!(search(json!({"q": "", "city": " ", "limit": "", "sort": "", "price": "", "lat": "", "lon": ""})), all);
    let when = search(json!({"date": "2026-11-21", "party": "2"})).when.unwrap();
    assert_eq!(when.time.to_string(), "19:30:00");
    assert_eq!(search(json!({"q": " Fish, soup  TODAY"})).words, ["fish", "soup", "today"]);
}

#[test]
fn dates_and_times_are_written_one_way() {
    let day = |date: &str| {
        DayWish::try_from(AvailabilityForm {
            date: Some(date.to_owned()),
            party: Some("2".to_owned()),
            ..AvailabilityForm::default()
        })
    };
    assert_eq!(day(" 2026-11-21 ").unwrap().date.to_string(), "2026-11-21");
    for wrong in [
        "2026-11-31",
        "21.11.2026",
        "9999-01-01",
        "-1-01-01",
        "-0001-01-01",
        "+2026-11-21",
        "2026-1-1",
        "26-11-21",
        "2026-11-21T00:00",
        "٢٠٢٦-١١-٢١",
        "262143-12-31",
    ] {
        assert!(day(wrong).is_err(), "{wrong}");
    }
    let at = |time: &str| Search::try_from(SearchForm { time: Some(time.to_owned()), ..SearchForm::default() });
    for wrong in ["24:00", "7pm", "19:60", "1930", "19:30:00Z", "-1:00", "7:5"] {
        assert!(at(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn errors_read_as_one_sentence_or_more() {
    let mut errors = FieldErrors::one("/party", &Complaint::new("Too many."));
    assert_eq!(
        (errors.to_string(), errors.about("/party"), errors.about("/start")),
        ("Too many.".to_owned(), Some("Too many."), None)
    );
    errors.add("/start", &Complaint::new("Too late."));
    errors.add("/area", &Complaint::new("Too far."));
    assert_eq!(errors.to_string(), "Too many. And 2 more.");
}

/// Any JSON at all in a field.
fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[0-9:.+TZ-]{0,30}".prop_map(Value::from),
        proptest::collection::vec(any::<String>(), 0..4).prop_map(Value::from),
        Just(json!({})),
    ]
}

proptest! {
    #[test]
    fn no_body_makes_a_form_panic_and_complaints_are_about_its_fields(
        changes in proptest::collection::vec((proptest::sample::select(FIELDS), anything()), 1..12), drop in proptest::sample::select(FIELDS),
    ) {
        let mut body = without(booking(), drop.trim_start_matches('/'));
        for (pointer, value) in changes {
            if body.pointer(pointer.rsplit_once('/').map_or("", |(parent, _)| parent)).is_some_and(Value::is_object) {
                body = with(body, pointer, value);
            }
        }
        if let Ok(form) = from_value::<BookingForm>(body.clone())
            && let Err(errors) = Booking::try_from(form)
        {
            let named: BTreeSet<&str> = pointers(&errors).into_iter().collect();
            prop_assert_eq!(named.len(), errors.0.len(), "a field named twice in {}", body);
            prop_assert!(!named.is_empty() && named.iter().all(|pointer| FIELDS.contains(pointer)), "{:?}", named);
        }
    }

    #[test]
    fn no_query_makes_a_form_panic(
        words in proptest::collection::vec(prop_oneof![any::<String>(), "[0-9:., +-]{0,12}", Just("NaN".to_owned())], 12),
    ) {
        let form = SearchForm {
            q: Some(words[0].clone()), city: Some(words[1].clone()), cuisine: Some(words[2].clone()), price: Some(words[3].clone()),
            lat: Some(words[4].clone()), lon: Some(words[5].clone()), date: Some(words[6].clone()), time: Some(words[7].clone()),
            party: Some(words[8].clone()), sort: Some(words[9].clone()), cursor: Some(words[10].clone()), limit: Some(words[11].clone()),
        };
        if let Err(errors) = Search::try_from(form) {
            prop_assert!(!errors.0.is_empty());
        }
        let form = AvailabilityForm {
            date: Some(words[0].clone()), party: Some(words[1].clone()), area: Some(words[2].clone()), needs: Some(words[3].clone()),
        };
        if let Err(errors) = DayWish::try_from(form) {
            prop_assert!(!errors.0.is_empty());
        }
    }
}

/// The fields of a booking.
const FIELDS: &[&str] = &[
    "/venue",
    "/start",
    "/party",
    "/area",
    "/hold",
    "/guest",
    "/guest/name",
    "/guest/email",
    "/guest/phone",
    "/notes",
    "/needs",
    "/occasion",
];
