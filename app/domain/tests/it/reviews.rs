//! Reviews: what they may say, where a list of them goes on, and what their stars come to.

use chrono::DateTime;
use domain::field::FieldErrors;
use domain::form::{ListForm, Opinion, Place, ReviewChange, ReviewChangeForm, ReviewForm, Slice, Sort};
use domain::review::{Average, Mark, Stars, Tally};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

fn wrong<F: DeserializeOwned, T: TryFrom<F, Error = FieldErrors> + std::fmt::Debug>(body: Value) -> Vec<String> {
    let errors = T::try_from(from_value::<F>(body).unwrap()).unwrap_err();
    assert!(errors.0.iter().all(|error| error.detail.ends_with('.')), "{errors:?}");
    errors.0.into_iter().map(|error| error.pointer).collect()
}

fn stars(marks: [i64; 4]) -> Value {
    json!({"food": marks[0], "service": marks[1], "ambience": marks[2], "overall": marks[3]})
}

#[test]
fn a_review_is_understood() {
    let form: ReviewForm = from_value(json!({"stars": stars([5, 4, 3, 2]), "body": " <i>Good</i>  fish. "})).unwrap();
    let opinion = Opinion::try_from(form).unwrap();
    let Stars { food, service, ambience, overall } = opinion.stars;
    assert_eq!([food, service, ambience, overall].map(Mark::get), [5, 4, 3, 2]);
    assert_eq!(opinion.body.as_str(), "Good fish.");
    let silent: ReviewForm = from_value(json!({"stars": stars([1, 1, 1, 1])})).unwrap();
    assert_eq!(Opinion::try_from(silent).unwrap().body.as_str(), "");
}

#[test]
fn every_field_of_a_review_is_complained_about_at_once() {
    let all = ["/body", "/stars/ambience", "/stars/food", "/stars/overall", "/stars/service"];
    let bad = json!({"stars": stars([0, 6, -1, i64::MAX]), "body": "x".repeat(10_000)});
    assert_eq!(wrong::<ReviewForm, Opinion>(bad), all);
    let bad = json!({"rev": 0, "stars": stars([0, 6, -1, 99]), "body": "x".repeat(2001)});
    assert_eq!(wrong::<ReviewChangeForm, ReviewChange>(bad), [&all[..1], &["/rev"], &all[1..]].concat());
    for unknown in [json!({"stars": stars([1, 1, 1, 1]), "author": "Ana"}), json!({"stars": {"food": 1}})] {
        assert!(from_value::<ReviewForm>(unknown).is_err());
    }
}

#[test]
fn what_a_change_leaves_out_stays() {
    let change = |body| ReviewChange::try_from(from_value::<ReviewChangeForm>(body).unwrap()).unwrap();
    assert_eq!(change(json!({"rev": 2})), ReviewChange { rev: 2, stars: None, body: None });
    let emptied = change(json!({"rev": 2, "body": "\u{200b}"}));
    assert_eq!(emptied.body.map(String::from).as_deref(), Some(""));
    assert!(change(json!({"rev": 2, "stars": stars([1, 2, 3, 4])})).stars.is_some());
}

#[test]
fn a_list_goes_on_where_its_cursor_says() {
    let wish = |body| Slice::try_from(from_value::<ListForm>(body).unwrap());
    assert_eq!(wish(json!({})), Ok(Slice { after: None, limit: 24 }));
    let cursor = "1795305600123456-0197f3c27b1e7c008000000000000001";
    let read = wish(json!({"cursor": cursor, "limit": "100"})).unwrap();
    assert_eq!((read.limit, read.after.map(|after| after.to_string()).as_deref()), (100, Some(cursor)));
    assert_eq!(wrong::<ListForm, Slice>(json!({"cursor": "x", "limit": "101"})), ["/cursor", "/limit"]);
    let slice = Slice { after: None, limit: 2 };
    let place = |id: &u128| Place {
        at: DateTime::from_timestamp_micros(1_795_305_600_123_456).unwrap(),
        id: uuid::Uuid::from_u128(*id),
    };
    assert_eq!(
        slice.cut(vec![7, 8, 9], place),
        (vec![7, 8], Some("1795305600123456-00000000000000000000000000000008".to_owned()))
    );
    assert_eq!(slice.cut(vec![7, 8], place), (vec![7, 8], None));
}

#[test]
fn venues_can_be_sorted_by_their_rating() {
    let search: domain::form::SearchForm = from_value(json!({"sort": "rating"})).unwrap();
    assert_eq!(domain::form::Search::try_from(search).unwrap().sort, Sort::Rating);
}

#[test]
fn nobody_wrote_is_no_rating() {
    assert_eq!(Tally::default().rating(), None);
    assert_eq!(Average::of(0, 0), None);
    assert_eq!(Average::of(u64::MAX, 1), None);
    assert_eq!(Average::of(6, 1), None);
}

#[test]
fn averages_have_one_decimal_and_halves_go_up() {
    for (stars, reviews, shown) in [(5, 1, "5.0"), (9, 2, "4.5"), (17, 4, "4.3"), (14, 3, "4.7"), (13, 3, "4.3")] {
        assert_eq!(Average::of(stars, reviews).map(|average| average.to_string()).as_deref(), Some(shown));
    }
    let average = Average::of(14, 3).unwrap();
    assert_eq!(to_value(average).unwrap(), json!(4.7));
    assert_eq!(from_value::<Average>(json!(4.7)).unwrap(), average);
    for wrong in [0.9, 5.1, 4.55, f64::NAN, f64::INFINITY] {
        assert!(Average::try_from(wrong).is_err(), "{wrong}");
    }
}

fn any_stars() -> impl Strategy<Value = Stars> {
    let mark = || proptest::sample::select(Mark::ALL.as_slice());
    (mark(), mark(), mark(), mark()).prop_map(|(food, service, ambience, overall)| Stars {
        food,
        service,
        ambience,
        overall,
    })
}

proptest! {
    #[test]
    fn an_average_is_the_mean_to_the_nearest_tenth(reviews in proptest::collection::vec(any_stars(), 1..200)) {
        let rating = reviews.iter().copied().collect::<Tally>().rating().unwrap();
        prop_assert_eq!(usize::try_from(rating.count).unwrap(), reviews.len());
        let mean = |mark: fn(&Stars) -> Mark| {
            reviews.iter().map(|stars| f64::from(mark(stars).get())).sum::<f64>() / f64::from(rating.count)
        };
        for (average, mean) in [
            (rating.food, mean(|stars| stars.food)),
            (rating.service, mean(|stars| stars.service)),
            (rating.ambience, mean(|stars| stars.ambience)),
            (rating.overall, mean(|stars| stars.overall)),
        ] {
            prop_assert!((average.stars() - mean).abs() < 0.05 + 1e-9, "{average} of {mean}");
            prop_assert_eq!(from_value::<Average>(to_value(average).unwrap()).unwrap(), average);
        }
    }
}
