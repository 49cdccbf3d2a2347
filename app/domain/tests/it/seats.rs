//! Who sits where: needs, areas, combinations, turns, pace, holds, and which table is best.

use chrono::Duration;
use domain::availability::{Ask, Audience, Claim, Pace, Reason, StartState};
use domain::floor::{Channel, Combo, Need, Table};
use domain::rules::{House, Pacing, Turn, TurnRule};

use crate::evening::{at, best, claim, day, guests, held, reason, staff, yesterday};
use crate::house::{area, date, party, room, seats_for, service, small_house, table, together, turn_for_all};

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
fn letting_one_table_go_leaves_the_others_on_hold() {
    let until = yesterday() + Duration::minutes(5);
    let one = held(0, "20:00", 120, 2, until);
    let day = day(small_house()).with(&[one.clone(), held(1, "20:00", 120, 2, until)], 2);
    assert_eq!(reason(&day, &guests(2), "20:00"), Some(Reason::Held));
    let day = day.without(&[one], 3);
    assert_eq!(best(&day, &guests(2), "20:00"), [[table(0)], [table(1)]]);
    assert_eq!(reason(&day.with(&[claim(0, "20:00", 120, 2)], 4), &guests(2), "20:00"), Some(Reason::Held));
}

#[test]
fn the_pace_of_a_claim_is_that_of_its_own_date() {
    let house = House { tables: (0..3).map(|n| seats_for(n, 4)).collect(), ..small_house() };
    let day = day(House { pacing: Pacing { total: 4, online: 4 }, ..house });
    // Booked when the day still rolled over at eight in the evening, and counted there.
    let of_yesterday = Claim { date: date("2026-11-20"), ..claim(0, "19:00", 120, 4) };
    let day = day.with(std::slice::from_ref(&of_yesterday), 2);
    assert_eq!(reason(&day, &guests(4), "19:00"), None);
    assert_eq!(reason(&day.with(&[claim(1, "19:00", 120, 4)], 3), &guests(1), "19:00"), Some(Reason::Pacing));
    let day = day.with(&[claim(1, "19:00", 120, 4)], 3).without(&[of_yesterday], 4);
    assert_eq!(reason(&day, &guests(1), "19:00"), Some(Reason::Pacing));
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
