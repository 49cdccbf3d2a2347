//! Every zone over every change of its clock; midnight; days of 23 and 25 hours; dates that were skipped.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::availability::{Ask, Claim, Day, Floor, Plan, Reason};
use domain::rules::{Hours, House};
use domain::time::{TICK, Zone};

use crate::house::{date, every_day, hours, party, seats_for, small_house, table, time, turn_for_all, zone};

fn zone_of(tz: Tz) -> Zone {
    tz.name().parse().unwrap()
}

fn wall(tz: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&tz).naive_local()
}

/// The first instant at which the clock shows this time or a later one. Asks only what the clock shows, never the reverse.
fn first_at_or_after(tz: Tz, target: NaiveDateTime) -> DateTime<Utc> {
    let mut at = target.and_utc() - Duration::hours(26);
    while wall(tz, at) < target {
        at += TICK;
    }
    at
}

/// Whether the clock showed the same time up to three hours before.
fn is_repeated(tz: Tz, at: DateTime<Utc>) -> bool {
    (1..=12).any(|ticks| wall(tz, at - TICK * ticks) == wall(tz, at))
}

/// The dates of a span of time on which this zone's clock changes.
fn changes(tz: Tz, from: NaiveDate, days: usize) -> Vec<NaiveDate> {
    let offset = |date: NaiveDate| wall(tz, noon(date)) - noon(date).naive_utc();
    let dates = from.iter_days().take(days);
    dates.filter(|date| offset(*date) != offset(*date + Days::new(1))).map(|date| wall(tz, noon(date)).date()).collect()
}

fn noon(date: NaiveDate) -> DateTime<Utc> {
    Utc.from_utc_datetime(&date.and_time(time("12:00")))
}

/// Open without a break, a start every quarter of an hour.
fn round_the_clock(zone: Zone, rollover: NaiveTime) -> House {
    let around = Hours { first_seating: rollover, last_seating: rollover - TICK, ends: rollover };
    House { zone, rollover, min_notice_minutes: 0, services: vec![every_day(0, around)], ..small_house() }
}

fn plan(house: House, text: &str) -> Arc<Plan> {
    Plan::new(&Floor::new(house), date(text))
}

fn clocks(plan: &Plan) -> Vec<String> {
    plan.sittings.iter().map(|sitting| sitting.start.clock()).collect()
}

/// Every date on which something may go wrong: three around each change.
fn around_changes(tz: Tz, from: NaiveDate, days: usize) -> BTreeSet<NaiveDate> {
    changes(tz, from, days).into_iter().flat_map(|date| [date - Days::new(1), date, date + Days::new(1)]).collect()
}

/// What must hold on a date of a zone, seen from the clock's face alone.
fn check(tz: Tz, date: NaiveDate, rollover: NaiveTime) {
    let zone = zone_of(tz);
    let start = first_at_or_after(tz, date.and_time(rollover));
    let end = first_at_or_after(tz, (date + Days::new(1)).and_time(rollover));
    assert_eq!(zone.day_start(date, rollover), start, "{tz} {date} {rollover}");

    let mut starts = Vec::new();
    let mut at = start;
    while at < end {
        assert_eq!(zone.service_date(at, rollover), date, "{tz} {at} {rollover}");
        assert_eq!(zone.resolve(wall(tz, at)) == Some(at), !is_repeated(tz, at), "{tz} {at}");
        if !is_repeated(tz, at) {
            starts.push(at);
        }
        at += TICK;
    }
    let plan = Plan::new(&Floor::new(round_the_clock(zone, rollover)), date);
    let sold: Vec<DateTime<Utc>> = plan.sittings.iter().map(|sitting| sitting.start.utc()).collect();
    assert_eq!(sold, starts, "{tz} {date} {rollover}");
    assert!(plan.sittings.iter().all(|sitting| plan.instant(sitting.tick) == sitting.start.utc()), "{tz} {date}");
    assert!(
        plan.sittings.iter().all(|sitting| sitting.start.0.naive_local() == wall(tz, sitting.start.utc())),
        "{tz} {date}"
    );
}

#[test]
fn every_zone_sells_each_quarter_hour_of_its_clock_once_over_every_change() {
    let mut zones_with_changes = 0;
    for tz in TZ_VARIANTS {
        let dates = around_changes(tz, date("2026-01-01"), 365);
        zones_with_changes += usize::from(!dates.is_empty());
        for date in dates {
            for rollover in ["00:00", "01:30", "04:00"] {
                check(tz, date, time(rollover));
            }
        }
    }
    assert!(zones_with_changes > 150, "{zones_with_changes} zones change their clocks");
}

#[test]
fn zones_that_moved_for_good_are_no_exception() {
    let moves = [
        ("America/Caracas", "2007-12-09"),
        ("America/St_Johns", "2010-11-07"),
        ("Pacific/Apia", "2011-12-30"),
        ("Pacific/Fakaofo", "2011-12-30"),
        ("Asia/Pyongyang", "2015-08-15"),
        ("America/Caracas", "2016-05-01"),
        ("Asia/Pyongyang", "2018-05-05"),
        ("Africa/Juba", "2021-02-01"),
        ("Asia/Almaty", "2024-03-01"),
        ("Pacific/Kwajalein", "1993-08-21"),
        ("Pacific/Kiritimati", "1994-12-31"),
    ];
    for (name, moved) in moves {
        let tz: Tz = name.parse().unwrap();
        for date in (date(moved) - Days::new(2)).iter_days().take(5) {
            for rollover in ["00:00", "04:00", "06:00"] {
                check(tz, date, time(rollover));
            }
        }
    }
}

#[test]
fn a_skipped_date_sells_only_what_its_clock_showed() {
    for (name, skipped) in [("Pacific/Apia", "2011-12-30"), ("Pacific/Kwajalein", "1993-08-21")] {
        let dinner = House { zone: zone(name), ..small_house() };
        assert!(plan(dinner, skipped).sittings.is_empty(), "{name}");
        let midnight = plan(round_the_clock(zone(name), time("00:00")), skipped);
        assert!(midnight.sittings.is_empty(), "{name}");
        assert_eq!(midnight.origin, midnight.next_origin, "{name}");
        // With a rollover at four, what is left of it are the small hours of the next morning.
        let four = plan(round_the_clock(zone(name), time("04:00")), skipped);
        assert_eq!(clocks(&four).first().map(String::as_str), Some("00:00"), "{name}");
        assert_eq!(clocks(&four).len(), 16, "{name}");
    }
}

#[test]
fn offsets_of_thirty_and_forty_five_minutes_are_on_the_grid() {
    for name in [
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Pacific/Chatham",
        "Australia/Eucla",
        "Pacific/Marquesas",
        "America/St_Johns",
    ] {
        let plan = plan(House { zone: zone(name), ..small_house() }, "2026-11-21");
        assert_eq!(clocks(&plan).first().map(String::as_str), Some("18:00"), "{name}");
        assert_eq!(clocks(&plan).len(), 20, "{name}");
    }
}

#[test]
fn round_the_clock_has_92_starts_on_the_short_day_and_96_on_the_long_one() {
    let lisbon = || round_the_clock(zone("Europe/Lisbon"), time("04:00"));
    let short = plan(lisbon(), "2027-03-27");
    assert_eq!((short.next_origin - short.origin, short.sittings.len()), (Duration::hours(23), 92));
    let long = plan(lisbon(), "2026-10-24");
    assert_eq!((long.next_origin - long.origin, long.sittings.len()), (Duration::hours(25), 96));
    let lord_howe = || round_the_clock(zone("Australia/Lord_Howe"), time("04:00"));
    assert_eq!(plan(lord_howe(), "2026-10-03").sittings.len(), 94);
    assert_eq!(plan(lord_howe(), "2026-04-04").sittings.len(), 96);
}

#[test]
fn round_the_clock_may_be_written_from_midnight_or_from_the_rollover() {
    let from_midnight = |zone| {
        let services = vec![every_day(0, hours("00:00", "23:45", "24:00"))];
        House { services, ..round_the_clock(zone, time("04:00")) }
    };
    for day in ["2026-11-21", "2027-03-27", "2027-03-28", "2026-10-24", "2026-10-25"] {
        let lisbon = zone("Europe/Lisbon");
        let expected = plan(round_the_clock(lisbon, time("04:00")), day).sittings.clone();
        assert_eq!(plan(from_midnight(lisbon), day).sittings, expected, "{day}");
    }
}

/// Seats from 18:00, the last at 01:30, and closes at two.
fn bar() -> House {
    House { services: vec![every_day(0, hours("18:00", "01:30", "02:00"))], min_notice_minutes: 0, ..small_house() }
}

#[test]
fn a_bar_loses_the_hour_that_the_clock_skips() {
    let saturday = plan(bar(), "2027-03-27");
    assert_eq!(clocks(&saturday).last().map(String::as_str), Some("00:45"));
    assert_eq!(saturday.sittings.len(), 28);
    let usual = plan(bar(), "2027-03-26");
    assert_eq!((clocks(&usual).last().map(String::as_str), usual.sittings.len()), (Some("01:30"), 31));
}

#[test]
fn a_bar_sells_a_repeated_hour_once_and_the_first_time() {
    let saturday = plan(bar(), "2026-10-24");
    assert_eq!(clocks(&saturday), clocks(&plan(bar(), "2026-10-23")));
    let half_past_one = saturday.sittings.last().unwrap().start;
    assert_eq!(half_past_one.0.to_rfc3339(), "2026-10-25T01:30:00+01:00");
    // New York repeats an hour in which the bar is open, and the tables rest through both.
    let new_york = plan(House { zone: zone("America/New_York"), ..bar() }, "2026-10-31");
    assert_eq!(new_york.sittings.last().unwrap().start.0.to_rfc3339(), "2026-11-01T01:30:00-04:00");
}

fn claim(plan: &Plan, from: DateTime<Utc>, minutes: i64) -> Claim {
    let house = &plan.floor.house;
    let date = house.zone.service_date(from, house.rollover);
    Claim { table: table(0), date, from, to: from + Duration::minutes(minutes), covers: 2, online: 2, expires_at: None }
}

/// The clock faces of the starts that cannot be had once one claim is made.
fn taken_by(plan: &Arc<Plan>, from: DateTime<Utc>, minutes: i64) -> Vec<String> {
    let day = Day::new(plan.clone(), 1, &[claim(plan, from, minutes)], &[]);
    let ask = Ask::guest(party(2), plan.origin - Duration::days(1));
    let starts = day.starts(&ask);
    starts.into_iter().filter(|start| start.reason == Some(Reason::NoTable)).map(|start| start.local).collect()
}

fn one_table(house: House) -> House {
    House { tables: vec![seats_for(0, 4)], ..house }
}

#[test]
fn two_hours_are_two_hours_whatever_the_clock_shows() {
    let night = |zone_name: &str, day: &str, at: &str| {
        let plan = plan(one_table(round_the_clock(zone(zone_name), time("04:00"))), day);
        taken_by(&plan, at.parse().unwrap(), 120)
    };
    // From 00:15 until 02:15 by the old clock, which is 03:15 by the new one.
    let taken = night("Europe/Lisbon", "2027-03-27", "2027-03-28T00:15:00Z");
    assert_eq!(
        (taken.first().map(String::as_str), taken.last().map(String::as_str), taken.len()),
        (Some("22:30"), Some("03:00"), 15)
    );
    // From the first 01:00 until the second: starts in the second hour are not sold, those after it are.
    let taken = night("Europe/Lisbon", "2026-10-24", "2026-10-25T00:00:00Z");
    assert_eq!(
        (taken.first().map(String::as_str), taken.last().map(String::as_str), taken.len()),
        (Some("23:15"), Some("01:45"), 11)
    );
    // Half an hour is lost on Lord Howe.
    let taken = night("Australia/Lord_Howe", "2026-10-03", "2026-10-03T15:00:00Z");
    assert_eq!(
        (taken.first().map(String::as_str), taken.last().map(String::as_str), taken.len()),
        (Some("23:45"), Some("03:45"), 15)
    );
}

#[test]
fn a_quarter_to_eleven_for_two_hours_takes_half_past_eleven() {
    let plan = plan(one_table(bar()), "2026-11-21");
    let taken = taken_by(&plan, "2026-11-21T22:45:00Z".parse().unwrap(), 120);
    assert!(taken.contains(&"23:30".to_owned()) && taken.contains(&"00:30".to_owned()));
    assert_eq!((taken.first().map(String::as_str), taken.last().map(String::as_str)), (Some("21:00"), Some("00:30")));
    let half_past_midnight = plan.sittings.iter().find(|sitting| sitting.start.clock() == "00:30").unwrap().start;
    assert_eq!(half_past_midnight.date(), date("2026-11-22"));
    assert_eq!(plan.floor.house.zone.service_date(half_past_midnight.utc(), time("04:00")), date("2026-11-21"));
}

#[test]
fn what_lasts_past_the_rollover_is_seen_from_both_dates() {
    let house = || one_table(round_the_clock(zone("Asia/Tokyo"), time("04:00")));
    let tomorrow = plan(house(), "2026-11-22");
    // 03:00 on the 22nd is of the 21st, and takes the first hour of the next date.
    assert_eq!(taken_by(&tomorrow, "2026-11-21T18:00:00Z".parse().unwrap(), 120), ["04:00", "04:15", "04:30", "04:45"]);
    // 04:30 on the 22nd is of the 22nd, and nobody of the 21st can stay that long.
    let today = plan(house(), "2026-11-21");
    let taken = taken_by(&today, "2026-11-21T19:30:00Z".parse().unwrap(), 120);
    assert_eq!(
        (taken.first().map(String::as_str), taken.last().map(String::as_str), taken.len()),
        (Some("02:45"), Some("03:45"), 5)
    );
}

#[test]
fn the_longest_turn_from_the_last_start_of_the_longest_day_is_in_view() {
    for (name, day) in [("Europe/Lisbon", "2026-10-24"), ("Australia/Lord_Howe", "2026-04-04")] {
        let house =
            House { turns: vec![turn_for_all(360, 60)], ..one_table(round_the_clock(zone(name), time("04:00"))) };
        let plan = plan(house, day);
        let day = Day::new(plan.clone(), 1, &[], &[]);
        let starts = day.starts(&Ask::guest(party(2), plan.origin - Duration::days(1)));
        assert!(starts.iter().all(|start| start.reason.is_none()), "{name} {:?}", starts.last());
        let last = plan.sittings.last().unwrap().start.utc();
        let seven_hours_later = claim(&plan, last + Duration::minutes(405), 15);
        let starts = day.with(&[seven_hours_later], 2).starts(&Ask::guest(party(2), plan.origin - Duration::days(1)));
        assert_eq!(starts.last().unwrap().reason, Some(Reason::NoTable), "{name}");
    }
}
