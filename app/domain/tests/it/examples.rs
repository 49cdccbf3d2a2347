//! One reason at a time, in houses small enough to work out by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::availability::{Ask, Audience, Claim, Day, Floor, Pace, Plan, Reason, StartState};
use domain::floor::{Channel, Combo, Need, Table};
use domain::id::TableId;
use domain::rules::{Accept, House, Pacing, Service, SpecialDay, Terms, TermsRule, Turn, TurnRule};

use crate::house::{
    area, date, every_day, hours, party, room, seats_for, service, small_house, table, time, together, turn_for_all,
};

const EVENING: &str = "2026-11-21";

fn day(house: House) -> Day {
    day_on(house, EVENING)
}

fn day_on(house: House, text: &str) -> Day {
    Day::new(Plan::new(&Floor::new(house), date(text)), 1, &[], &[])
}

/// An instant of the evening, which in Lisbon is written as in Greenwich.
fn at(clock: &str) -> DateTime<Utc> {
    format!("{EVENING}T{clock}:00Z").parse().unwrap()
}

fn yesterday() -> DateTime<Utc> {
    at("12:00") - Duration::days(1)
}

fn guests(people: i64) -> Ask<'static> {
    Ask::guest(party(people), yesterday())
}

fn staff(people: i64) -> Ask<'static> {
    Ask { audience: Audience::Staff, ..guests(people) }
}

fn claim(n: usize, from: &str, minutes: i64, people: u16) -> Claim {
    let from = at(from);
    let to = from + Duration::minutes(minutes);
    Claim { table: table(n), date: date(EVENING), from, to, covers: people, online: people, expires_at: None }
}

fn held(n: usize, from: &str, minutes: i64, people: u16, until: DateTime<Utc>) -> Claim {
    Claim { expires_at: Some(until), ..claim(n, from, minutes, people) }
}

/// What is said of the start at this time.
fn said(day: &Day, ask: &Ask<'_>, clock: &str) -> (StartState, Option<Reason>) {
    let start = day.starts(ask).into_iter().find(|start| start.local == clock).unwrap();
    (start.state, start.reason)
}

fn reason(day: &Day, ask: &Ask<'_>, clock: &str) -> Option<Reason> {
    said(day, ask, clock).1
}

fn clocks(day: &Day) -> Vec<String> {
    day.plan.sittings.iter().map(|sitting| sitting.start.clock()).collect()
}

fn best(day: &Day, ask: &Ask<'_>, clock: &str) -> Vec<Vec<TableId>> {
    day.offer(at(clock), ask).unwrap().options.into_iter().map(|option| option.tables).collect()
}

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
fn size_needs_and_channel_are_told_apart() {
    let upstairs = Table { step_free: false, ..seats_for(0, 4) };
    let by_telephone = Table { channel: Channel::InHouse, min_party: 5, ..seats_for(1, 6) };
    let at_the_door = Table { channel: Channel::WalkIn, min_party: 7, step_free: false, ..seats_for(2, 8) };
    let day = day(House { tables: vec![upstairs, by_telephone, at_the_door], ..small_house() });
    let step_free = |people| Ask { needs: vec![Need::StepFree].into(), ..guests(people) };
    assert_eq!(reason(&day, &guests(4), "19:00"), None);
    assert_eq!(reason(&day, &step_free(4), "19:00"), Some(Reason::Needs));
    assert_eq!(reason(&day, &guests(5), "19:00"), Some(Reason::Access));
    assert_eq!(reason(&day, &step_free(5), "19:00"), Some(Reason::Access));
    assert_eq!(reason(&day, &guests(8), "19:00"), Some(Reason::Access));
    assert_eq!(reason(&day, &step_free(8), "19:00"), Some(Reason::Needs));
    assert_eq!(reason(&day, &guests(9), "19:00"), Some(Reason::PartySize));
    assert_eq!(reason(&day, &staff(8), "19:00"), None);
}

#[test]
fn needs_of_a_combination_are_those_of_all_its_tables() {
    let with_space = Table { wheelchair_spaces: 1, ..seats_for(0, 2) };
    let upstairs = Table { step_free: false, ..seats_for(2, 2) };
    let combos = vec![together(0, &[0, 1], 2, 4), together(1, &[0, 2], 4, 5)];
    let day = day(House { tables: vec![with_space, seats_for(1, 2), upstairs], combos, ..small_house() });
    let asked = |people, need| Ask { needs: vec![need].into(), ..guests(people) };
    assert_eq!(reason(&day, &asked(4, Need::WheelchairSpace), "19:00"), None);
    assert_eq!(reason(&day, &asked(5, Need::WheelchairSpace), "19:00"), Some(Reason::Needs));
    assert_eq!(reason(&day, &asked(5, Need::StepFree), "19:00"), Some(Reason::Needs));
    assert_eq!(reason(&day, &asked(5, Need::HighChair), "19:00"), None, "staff bring it");
}

#[test]
fn an_area_without_a_table_for_so_many_says_so() {
    let terrace = Table { area: area(1), ..seats_for(1, 2) };
    let house = House { areas: vec![room(0), room(1)], tables: vec![seats_for(0, 4), terrace], ..small_house() };
    let day = day(house);
    let outside = |people| Ask { area: Some(area(1)), ..guests(people) };
    assert_eq!(day.starts(&outside(2))[0].areas, [area(1)]);
    assert_eq!(day.starts(&guests(2))[0].areas, [area(0), area(1)]);
    assert_eq!(reason(&day, &outside(4), "19:00"), Some(Reason::PartySize));
    assert_eq!(reason(&day, &Ask { area: Some(area(7)), ..guests(2) }, "19:00"), Some(Reason::PartySize));
}

#[test]
fn a_combination_across_areas_is_for_those_who_do_not_mind_where() {
    let terrace = Table { area: area(1), ..seats_for(1, 2) };
    let tables = vec![seats_for(0, 2), terrace];
    let combos = vec![together(0, &[1, 0], 2, 4)];
    let day = day(House { areas: vec![room(0), room(1)], tables, combos, ..small_house() });
    let starts = day.starts(&guests(4));
    assert!(starts.iter().all(|start| start.state == StartState::Open && start.areas.is_empty()));
    for n in [0, 1] {
        assert_eq!(reason(&day, &Ask { area: Some(area(n)), ..guests(4) }, "19:00"), Some(Reason::PartySize));
    }
    assert_eq!(best(&day, &guests(4), "19:00"), [[table(1), table(0)]]);
}

#[test]
fn what_a_floor_cannot_place_is_left_out() {
    let lost = Table { area: area(9), ..seats_for(1, 8) };
    let unknown = together(0, &[0, 8], 2, 6);
    let with_lost = together(1, &[0, 1], 2, 6);
    let twice_the_same = together(2, &[0, 0], 2, 6);
    let alone = Combo { tables: vec![table(0)], ..together(3, &[0], 2, 6) };
    let combos = vec![unknown, with_lost, twice_the_same, alone];
    let day = day(House { tables: vec![seats_for(0, 2), lost], combos, ..small_house() });
    assert_eq!(best(&day, &guests(2), "19:00"), [[table(0)]]);
    assert_eq!(reason(&day, &guests(3), "19:00"), Some(Reason::PartySize));
    let nowhere = House { areas: Vec::new(), ..small_house() };
    assert_eq!(reason(&self::day(nowhere), &guests(2), "19:00"), Some(Reason::PartySize));
}

#[test]
fn a_table_rests_for_the_buffer_and_not_a_minute_longer() {
    let house = House { tables: vec![seats_for(0, 4)], turns: vec![turn_for_all(90, 15)], ..small_house() };
    let day = day(house).with(&[claim(0, "20:00", 105, 2)], 2);
    for (clock, reason_then) in [
        ("18:15", None),
        ("18:30", Some(Reason::NoTable)),
        ("20:00", Some(Reason::NoTable)),
        ("21:30", Some(Reason::NoTable)),
        ("21:45", None),
    ] {
        assert_eq!(reason(&day, &guests(2), clock), reason_then, "{clock}");
    }
    let offer = day.offer(at("18:15"), &guests(2)).unwrap();
    assert_eq!((offer.options[0].end, offer.options[0].free_again), (at("19:45"), at("20:00")));
}

#[test]
fn the_most_specific_turn_rule_wins() {
    let rule = |place: Option<usize>, of: Option<usize>, minutes| TurnRule {
        area: place.map(area),
        service: of.map(service),
        ..TurnRule { turn: Turn::minutes(minutes, 0), ..turn_for_all(15, 0) }
    };
    let turns =
        vec![rule(Some(0), Some(0), 60), rule(None, Some(0), 75), rule(Some(0), None, 90), rule(None, None, 105)];
    let turn = |skip: usize, people| {
        let house = House { turns: turns[skip..].to_vec(), ..small_house() };
        i64::from(house.turn(area(0), service(0), party(people)).ticks) * 15
    };
    assert_eq!([turn(0, 2), turn(1, 2), turn(2, 2), turn(3, 2), turn(4, 2)], [60, 75, 90, 105, 90]);
    assert_eq!(
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 50].map(|people| turn(4, people)),
        [90, 90, 105, 105, 120, 120, 135, 135, 150, 150]
    );
    let large = TurnRule { min_party: 3, ..rule(Some(0), Some(0), 180) };
    let house = House { turns: [vec![large], turns].concat(), ..small_house() };
    assert_eq!(house.turn(area(0), service(0), party(4)).ticks, 4, "of equals the last");
    assert_eq!(house.turn(area(1), service(0), party(4)).ticks, 5);
}

#[test]
fn turns_are_whole_quarters_within_bounds() {
    for ((turn, buffer), (ticks, rest)) in [
        ((90, 0), (6, 0)),
        ((91, 1), (7, 1)),
        ((0, -5), (1, 0)),
        ((-1, 61), (1, 4)),
        ((360, 60), (24, 4)),
        ((361, 600), (24, 4)),
        ((i64::MAX, i64::MAX), (24, 4)),
        ((i64::MIN, i64::MIN), (1, 0)),
    ] {
        assert_eq!(Turn::minutes(turn, buffer), Turn { ticks, buffer: rest }, "{turn} {buffer}");
    }
    assert_eq!(Turn::minutes(360, 60).taken(), Turn::MAX_TICKS);
}

#[test]
fn pace_counts_covers_of_the_same_start_only() {
    let house = House { tables: (0..9).map(|n| seats_for(n, 4)).collect(), ..small_house() };
    let day = day(House { pacing: Pacing { total: 8, online: 6 }, ..house });
    let phone = Claim { online: 0, ..claim(0, "19:00", 120, 4) };
    let day = day.with(&[phone], 2);
    assert_eq!([4, 2].map(|people| reason(&day, &guests(people), "19:00")), [None, None]);
    let day = day.with(&[claim(1, "19:00", 120, 3)], 3);
    assert_eq!([1, 2].map(|people| reason(&day, &guests(people), "19:00")), [None, Some(Reason::Pacing)]);
    assert_eq!(reason(&day, &guests(4), "19:15"), None);
    assert_eq!([1, 2].map(|people| reason(&day, &staff(people), "19:00")), [None, Some(Reason::Pacing)]);
    let day = day.without(&[claim(1, "19:00", 120, 3)], 4);
    assert_eq!(reason(&day, &guests(4), "19:00"), None);
}

#[test]
fn a_start_above_its_cap_takes_nobody_and_a_raised_cap_only_what_it_says() {
    let admits = |total, online, covers, audience| {
        Pace { total, online }.admits(covers, audience, Pacing { total: 10, online: 8 })
    };
    assert!(!admits(14, 0, 1, Audience::Staff));
    assert!(admits(9, 0, 1, Audience::Staff) && !admits(9, 0, 2, Audience::Staff));
    assert!(admits(0, 0, 8, Audience::Guest) && !admits(0, 0, 9, Audience::Guest));
    assert!(admits(0, 9, 10, Audience::Staff) && !admits(0, 9, 1, Audience::Guest));
    assert!(!admits(u16::MAX, u16::MAX, u16::MAX, Audience::Staff));
}

#[test]
fn the_last_table_on_hold_may_come_back_and_does() {
    let until = yesterday() + Duration::minutes(5);
    let house = House { tables: vec![seats_for(0, 4)], ..small_house() };
    let day = day(house).with(&[held(0, "20:00", 120, 2, until)], 2);
    assert_eq!(reason(&day, &guests(2), "19:00"), Some(Reason::Held));
    assert_eq!(reason(&day, &guests(2), "18:00"), None);
    let later = Ask { now: until, ..guests(2) };
    assert_eq!(reason(&day, &later, "19:00"), None);
    // Where a booking has it as well, waiting is no use.
    let day = day.with(&[claim(0, "18:30", 90, 2)], 3);
    assert_eq!(reason(&day, &guests(2), "19:00"), Some(Reason::NoTable));
}

#[test]
fn covers_on_hold_count_until_the_hold_expires() {
    let until = yesterday() + Duration::minutes(5);
    let day = day(House { pacing: Pacing { total: 4, online: 4 }, ..small_house() });
    let day = day.with(&[held(0, "20:00", 120, 3, until)], 2);
    assert_eq!([1, 2].map(|people| reason(&day, &guests(people), "20:00")), [None, Some(Reason::Held)]);
    assert_eq!(reason(&day, &Ask { now: until, ..guests(4) }, "20:00"), None);
    // Another hold of the same table later that evening stays when this one is let go.
    let both = day.with(&[held(0, "22:00", 120, 3, until)], 3).without(&[held(0, "20:00", 120, 3, until)], 4);
    assert_eq!(reason(&both, &guests(4), "20:00"), None);
    assert_eq!(reason(&both.with(&[claim(1, "22:00", 120, 1)], 5), &guests(1), "22:00"), Some(Reason::Held));
}

#[test]
fn an_extended_hold_is_let_go_whatever_expiry_its_reader_knew() {
    let until = yesterday() + Duration::minutes(5);
    let day = day(House { tables: vec![seats_for(0, 4)], ..small_house() });
    let day = day.with(&[held(0, "20:00", 120, 2, until)], 2);
    let day = day.without(&[held(0, "20:00", 120, 2, until + Duration::minutes(10))], 3);
    assert_eq!(reason(&day, &guests(2), "20:00"), None);
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
fn the_smallest_table_that_leaves_no_useless_gap_is_best() {
    let tables = vec![seats_for(0, 4), seats_for(1, 2), seats_for(2, 2), Table { rank: -1, ..seats_for(3, 2) }];
    let combos = vec![together(0, &[2, 3], 1, 2)];
    let day = day(House { tables, combos, turns: vec![turn_for_all(90, 0)], ..small_house() });
    // All alike for two: table 1 is in no combination, 3 ranks before 2, the large one wastes seats, two tables are last.
    let singles = |order: [usize; 4]| order.map(|n| vec![table(n)]).to_vec();
    let with_pair = |order| [singles(order), vec![vec![table(3), table(2)]]].concat();
    assert_eq!(best(&day, &guests(2), "18:00"), with_pair([1, 3, 2, 0]));
    // A start at 20:00 leaves table 1 half an hour after its last party, which nobody can use.
    let day = day.with(&[claim(1, "18:00", 90, 2)], 2);
    assert_eq!(best(&day, &guests(2), "20:00"), with_pair([3, 2, 1, 0]));
    // A taken table is offered last: the database may know that it is free again.
    let day = day.with(&[claim(3, "20:00", 90, 2)], 3);
    assert_eq!(
        best(&day, &guests(2), "20:00"),
        [singles([2, 1, 0, 3])[..3].to_vec(), vec![vec![table(3)], vec![table(3), table(2)]]].concat()
    );
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
fn claims_on_other_tables_and_other_days_change_nothing() {
    let empty = day(House { tables: vec![seats_for(0, 4)], ..small_house() });
    let elsewhere = Claim { table: table(77), ..claim(0, "20:00", 120, 4) };
    let tomorrow = Claim {
        from: at("20:00") + Duration::days(1),
        to: at("22:00") + Duration::days(1),
        ..claim(0, "20:00", 120, 4)
    };
    let days_ago =
        Claim { from: at("20:00") - Duration::days(9), to: at("22:00") - Duration::days(9), ..tomorrow.clone() };
    let claims = [
        elsewhere,
        Claim { date: date("2026-11-22"), ..tomorrow },
        Claim { date: date("2026-11-12"), expires_at: Some(yesterday() + Duration::hours(1)), ..days_ago },
    ];
    let full = empty.with(&claims, 2);
    assert_eq!(full.starts(&guests(2)), empty.starts(&guests(2)));
    assert_eq!(full.without(&claims, 3).starts(&guests(2)), empty.starts(&guests(2)));
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
