//! When the house seats: services, special days, notice, horizon, terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::availability::{Ask, Floor, Plan, Reason, StartState};
use domain::rules::{Accept, House, Pacing, Service, SpecialDay, Terms, TermsRule};

use crate::evening::{EVENING, at, claim, clocks, day, day_on, guests, reason, said, staff};
use crate::house::{area, date, every_day, hours, party, seats_for, service, small_house, time};

#[test]
fn an_empty_house_is_open_all_evening() {
    let day = day(small_house());
    let starts = day.starts(&guests(2));
    assert_eq!((starts.len(), starts[0].local.as_str(), starts[19].local.as_str()), (20, "18:00", "22:45"));
    assert!(starts.iter().all(|start| start.state == StartState::Open && start.areas == [area(0)]));
}

#[test]
fn a_closed_day_has_no_starts_and_says_why() {
    let closed = SpecialDay { hours: None, note: "Closed for the holiday".to_owned() };
    let house = House { special_days: BTreeMap::from([(date(EVENING), closed)]), ..small_house() };
    let day = day(house);
    assert!(day.starts(&guests(2)).is_empty());
    assert_eq!(day.offer(at("19:00"), &guests(2)).err(), Some(Reason::Closed));
    assert_eq!(day.plan.note.as_deref(), Some("Closed for the holiday"));
}

#[test]
fn a_special_day_has_its_own_hours_even_where_the_week_has_none() {
    let special = |hours| BTreeMap::from([(date(EVENING), SpecialDay { hours: Some(hours), note: String::new() })]);
    let lunch = special(hours("12:00", "13:00", "15:00"));
    let seatings = Some(vec![time("19:00"), time("21:00")]);
    let saturdays_off = Service { days: 0b101_1111, seatings, ..every_day(0, hours("18:00", "22:45", "01:00")) };
    let house = House { special_days: lunch, services: vec![saturdays_off], ..small_house() };
    assert_eq!(clocks(&day(house.clone())), ["12:00", "12:15", "12:30", "12:45", "13:00"]);
    assert_eq!(day(house.clone()).plan.note, None);
    assert_eq!(clocks(&day_on(house.clone(), "2026-11-22")), ["19:00", "21:00"]);
    assert!(day_on(House { special_days: BTreeMap::new(), ..house.clone() }, EVENING).plan.sittings.is_empty());
    assert!(day(House { services: Vec::new(), ..house }).plan.sittings.is_empty());
}

#[test]
fn a_house_open_on_some_days_is_closed_on_the_others() {
    let weekends = Service { days: 0b110_0000, ..every_day(0, hours("18:00", "20:00", "23:00")) };
    let house = House { services: vec![weekends], ..small_house() };
    let open: Vec<bool> = date("2026-11-16")
        .iter_days()
        .take(7)
        .map(|date: NaiveDate| !Plan::new(&Floor::new(house.clone()), date).sittings.is_empty())
        .collect();
    assert_eq!(open, [false, false, false, false, false, true, true]);
}

#[test]
fn only_the_seatings_are_sold_where_there_are_any() {
    let seatings = Some(vec![time("21:30"), time("19:00"), time("00:15"), time("19:07")]);
    let house = House {
        services: vec![Service { seatings, ..every_day(0, hours("19:00", "00:15", "02:00")) }],
        ..small_house()
    };
    let day = day(house);
    assert_eq!(clocks(&day), ["19:00", "21:30", "00:15"]);
    assert_eq!(day.offer(at("19:15"), &guests(2)).err(), Some(Reason::Closed));
}

#[test]
fn the_slot_length_sets_the_grid_from_the_first_seating_on() {
    let services = vec![every_day(0, hours("18:15", "20:30", "23:00"))];
    assert_eq!(clocks(&day(House { services, slot_minutes: 60, ..small_house() })), ["18:15", "19:15", "20:15"]);
}

#[test]
fn where_services_overlap_the_first_of_them_has_the_start() {
    let by_request = Service { accept: Accept::Request, ..every_day(1, hours("19:00", "20:00", "23:00")) };
    let services = vec![every_day(0, hours("19:30", "19:30", "23:00")), by_request];
    let pacing_of = BTreeMap::from([(service(1), Pacing { total: 3, online: 3 })]);
    let day = day(House { services, pacing_of, ..small_house() });
    assert_eq!(clocks(&day), ["19:00", "19:15", "19:30", "19:45", "20:00"]);
    assert_eq!(said(&day, &guests(3), "19:30").0, StartState::Open);
    assert_eq!(said(&day, &guests(3), "19:45").0, StartState::Request);
    assert_eq!(said(&day, &guests(4), "19:30"), (StartState::Open, None));
    assert_eq!(said(&day, &guests(4), "19:45"), (StartState::Full, Some(Reason::Pacing)));
}

#[test]
fn a_service_past_the_rollover_goes_on_in_the_next_date() {
    let saturday_night = Service { days: 0b010_0000, ..every_day(0, hours("22:00", "05:30", "07:00")) };
    let house = House { services: vec![saturday_night], slot_minutes: 30, ..small_house() };
    let saturday = day_on(house.clone(), EVENING);
    assert_eq!(
        clocks(&saturday).first().zip(clocks(&saturday).last()),
        Some((&"22:00".to_owned(), &"03:30".to_owned()))
    );
    assert_eq!(clocks(&day_on(house.clone(), "2026-11-22")), ["04:00", "04:30", "05:00", "05:30"]);
    assert!(day_on(house, "2026-11-20").plan.sittings.is_empty());
}

#[test]
fn a_service_from_before_the_rollover_is_of_its_own_morning() {
    let saturday = |hours| vec![Service { days: 0b010_0000, ..every_day(0, hours) }];
    let bakery = House { services: saturday(hours("03:30", "05:00", "10:00")), slot_minutes: 30, ..small_house() };
    assert_eq!(clocks(&day_on(bakery.clone(), "2026-11-20")), ["03:30"]);
    assert_eq!(clocks(&day_on(bakery.clone(), EVENING)), ["04:00", "04:30", "05:00"]);
    assert!(day_on(bakery, "2026-11-22").plan.sittings.is_empty());
    // Wholly before the rollover, it is the end of the evening.
    let nightcap = House { services: saturday(hours("00:30", "02:30", "04:00")), slot_minutes: 60, ..small_house() };
    assert_eq!(clocks(&day_on(nightcap.clone(), EVENING)), ["00:30", "01:30", "02:30"]);
    assert!(day_on(nightcap, "2026-11-20").plan.sittings.is_empty());
    let at_the_rollover = House { services: saturday(hours("04:00", "04:00", "06:00")), ..small_house() };
    assert_eq!(clocks(&day_on(at_the_rollover, EVENING)), ["04:00"]);
}

#[test]
fn notice_and_horizon_bind_guests_but_not_staff() {
    let day = day(House { horizon_days: 7, ..small_house() });
    let asked = |ask: &Ask<'static>, now| Ask { now, ..ask.clone() };
    let noon = |days| at("12:00") - Duration::days(days);
    assert_eq!(reason(&day, &asked(&guests(2), noon(7)), "19:00"), None);
    assert_eq!(reason(&day, &asked(&guests(2), noon(8)), "19:00"), Some(Reason::TooFar));
    assert_eq!(reason(&day, &asked(&staff(2), noon(8)), "19:00"), None);
    assert_eq!(day.offer(at("19:00"), &asked(&guests(2), noon(8))).err(), Some(Reason::TooFar));
    // At half past two in the morning it is still yesterday, and a day longer to wait.
    assert_eq!(reason(&day, &asked(&guests(2), at("02:30") - Duration::days(7)), "19:00"), Some(Reason::TooFar));

    assert_eq!(reason(&day, &asked(&guests(2), at("18:00")), "18:45"), Some(Reason::TooSoon));
    assert_eq!(reason(&day, &asked(&guests(2), at("18:00")), "19:00"), None);
    assert_eq!(reason(&day, &asked(&staff(2), at("20:00")), "18:00"), None);
    assert_eq!(day.offer(at("18:45"), &asked(&guests(2), at("18:00"))).err(), Some(Reason::TooSoon));
    assert_eq!(reason(&day, &asked(&staff(2), at("18:00") + Duration::hours(13)), "18:00"), Some(Reason::TooSoon));
}

#[test]
fn after_the_last_seating_is_not_the_same_as_closed() {
    let day = day(small_house());
    assert_eq!(day.offer(at("23:00"), &guests(2)).err(), Some(Reason::PastLastSeating));
    assert_eq!(day.offer(at("17:45"), &guests(2)).err(), Some(Reason::Closed));
    assert_eq!(day.offer(at("19:00") + Duration::seconds(1), &guests(2)).err(), Some(Reason::Closed));
}

#[test]
fn larger_parties_ask_and_staff_never_do() {
    let accept = Accept::InstantUpTo(6);
    let services = vec![Service { accept, ..every_day(0, hours("18:00", "22:45", "01:00")) }];
    let day = day(House { tables: vec![seats_for(0, 20)], services, max_online_party: 8, ..small_house() });
    let state = |ask: &Ask<'_>| (said(&day, ask, "19:00").0, day.offer(at("19:00"), ask).unwrap().instant);
    assert_eq!(state(&guests(6)), (StartState::Open, true));
    assert_eq!(state(&guests(7)), (StartState::Request, false));
    assert_eq!(state(&guests(9)), (StartState::Request, false));
    assert_eq!(state(&staff(9)), (StartState::Open, true));
    assert!(Accept::Instant.is_instant(party(50)) && !Accept::Request.is_instant(party(1)));
}

#[test]
fn terms_are_those_of_the_service_and_the_largest_party_they_name() {
    let rule = |of: Option<usize>, min_party, text: &str| TermsRule {
        service: of.map(service),
        min_party,
        terms: Terms { text: text.to_owned(), ..Terms::default() },
    };
    let terms = vec![rule(None, 1, "all"), rule(None, 6, "six"), rule(Some(0), 4, "dinner"), rule(Some(1), 1, "lunch")];
    let day = day(House { tables: vec![seats_for(0, 9)], terms, ..small_house() });
    let said = |people| day.offer(at("19:00"), &guests(people)).unwrap().terms.text;
    assert_eq!([2, 4, 8].map(said), ["all", "dinner", "dinner"]);
    assert_eq!(small_house().terms(service(0), party(2)), Terms::default());
}

#[test]
fn the_nearest_starts_come_in_order_of_time() {
    let house = House { tables: vec![seats_for(0, 4)], ..small_house() };
    let day = day(house).with(&[claim(0, "20:00", 75, 2)], 2);
    let locals = |wanted, most| -> Vec<String> {
        day.nearest(at(wanted), &guests(2), most).into_iter().map(|start| start.local).collect()
    };
    assert_eq!(locals("20:00", 3), ["21:15", "21:30", "21:45"]);
    assert_eq!(locals("19:30", 3), ["18:00", "21:15", "21:30"]);
    assert_eq!(locals("21:30", 2), ["21:15", "21:45"], "not the wanted one itself");
    assert_eq!(locals("12:00", 1), ["18:00"]);
    assert!(locals("20:00", 0).is_empty());
}

#[test]
fn instants_and_ticks_are_two_names_of_one_thing() {
    let plan: Arc<Plan> = day(small_house()).plan;
    assert_eq!((plan.instant(0), plan.tick(plan.origin)), (plan.origin, Some(0)));
    assert_eq!(plan.tick(plan.origin - Duration::minutes(15)), None);
    assert_eq!(plan.tick(plan.origin - Duration::minutes(1)), None);
    assert_eq!(plan.tick(plan.origin + Duration::minutes(1)), None);
    assert_eq!(plan.tick(plan.origin + Duration::minutes(127 * 15)), Some(127));
    assert_eq!(plan.tick(plan.origin + Duration::hours(32)), None);
    let span = |from, to| plan.span(plan.origin + Duration::minutes(from), plan.origin + Duration::minutes(to));
    assert_eq!(
        [span(0, 15), span(-60, 30), span(1, 16), span(14, 15), span(15, 15), span(30, 15)],
        [0b1, 0b11, 0b11, 0b1, 0, 0]
    );
    assert_eq!([span(-999, 9999), span(127 * 15, 9999), span(-60, -15), span(9000, 9999)], [u128::MAX, 1 << 127, 0, 0]);
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    assert_eq!((plan.span(first, last), plan.tick(first), plan.tick(last)), (u128::MAX, None, None));
}
