//! Proofreads the guide: what the types cannot say about a city and its venues.

use std::collections::HashSet;

use chrono::{NaiveTime, Timelike};
use domain::floor::Channel;
use domain::text::clean;

use super::{AreaEntry, City, Joins, Listing, ServiceEntry};

/// Everything that is wrong in a city's file.
pub fn faults(city: &City) -> Vec<String> {
    let mut faults = Faults::default();
    let capitals = |word: &str, length| word.len() == length && word.bytes().all(|b| b.is_ascii_uppercase());
    faults.unless(capitals(&city.country, 2), "country");
    faults.unless(capitals(&city.currency, 3), "currency");
    faults.unless(!city.names.is_empty(), "names");
    for listing in &city.venues {
        faults.place = format!("{}: ", listing.slug);
        faults.venue(city, listing);
        faults.rules(listing);
        faults.floor(listing);
        faults.menu(listing);
    }
    faults.found
}

#[derive(Default)]
struct Faults {
    place: String,
    found: Vec<String>,
}

impl Faults {
    fn unless(&mut self, right: bool, what: &str) {
        if !right {
            self.found.push(format!("{}{what}", self.place));
        }
    }

    fn text(&mut self, text: &str, most: usize) {
        let fits = (1..=most).contains(&text.chars().count()) && clean(text) == text;
        self.unless(fits, &format!("text `{text}`"));
    }

    fn venue(&mut self, city: &City, listing: &Listing) {
        for text in [&listing.name, &listing.street, &listing.neighbourhood] {
            self.text(text, 60);
        }
        self.text(&listing.tagline, 100);
        self.text(listing.description.trim(), 400);
        self.unless((1..=4).contains(&listing.price), "price");
        self.unless((1..=6).contains(&listing.cuisines.len()) && is_without_doubles(&listing.cuisines), "cuisines");
        self.unless(is_without_doubles(&listing.accessibility), "accessibility");
        // A fifth of a degree is at most 22 km.
        self.unless(
            listing.at.iter().zip(city.centre).all(|(at, centre)| (at - centre).abs() < 0.2),
            "far from its city",
        );
        self.unless(is_of_shape(listing.phone.as_str(), &city.lines), "telephone outside the fictional range");
        self.unless([15, 30, 60].contains(&listing.slot), "slot");
    }

    fn rules(&mut self, listing: &Listing) {
        for service in &listing.services {
            self.text(&service.name, 60);
            self.service(listing, service);
        }
        let names: HashSet<&str> = listing.services.iter().map(|service| service.name.as_str()).collect();
        self.unless(!names.is_empty() && names.len() == listing.services.len(), "services");
        let areas: HashSet<&str> = listing.areas.iter().map(|area| area.name.as_str()).collect();
        for turn in &listing.turns {
            let known = turn.service.as_deref().is_none_or(|name| names.contains(name))
                && turn.area.as_deref().is_none_or(|name| areas.contains(name));
            let fits = turn.minutes.is_multiple_of(15)
                && turn.buffer.is_multiple_of(15)
                && (15..=360).contains(&turn.minutes)
                && turn.buffer <= 60;
            self.unless(known && fits && is_range(turn.party), "turns");
        }
        self.unless(listing.terms.first().is_some_and(|terms| terms.from == 1), "terms for the smallest party");
        for special in &listing.special {
            self.text(&special.note, 120);
            let hours = [special.first, special.last, special.ends];
            self.unless(
                hours.iter().all(Option::is_none) || hours.into_iter().all(|time| time.is_some_and(is_on_tick)),
                "special hours",
            );
        }
    }

    fn service(&mut self, listing: &Listing, service: &ServiceEntry) {
        let slot = i64::from(listing.slot);
        let fits = |time: NaiveTime| {
            let since = |from: NaiveTime, to: NaiveTime| (to - from).num_minutes().rem_euclid(24 * 60);
            since(service.first, time) <= since(service.first, service.last) && since(service.first, time) % slot == 0
        };
        let times = [service.first, service.last, service.ends].into_iter().all(is_on_tick);
        let seatings = service.at.iter().flatten().all(|time| fits(*time));
        self.unless(
            times && seatings && fits(service.last) && fits(service.peak),
            &format!("times of {}", service.name),
        );
        self.unless((0.0..=1.0).contains(&service.fills), "fills");
        let pace = service.pace.unwrap_or(listing.pace);
        self.unless((12..=40).contains(&pace[0]) && pace[1] <= pace[0], "pace");
    }

    fn floor(&mut self, listing: &Listing) {
        let labels: Vec<&str> = listing
            .areas
            .iter()
            .flat_map(|area| &area.tables)
            .flat_map(|run| &run.labels.0)
            .map(String::as_str)
            .collect();
        self.unless((12..=60).contains(&labels.len()), "12 to 60 tables");
        self.unless(is_without_doubles(&labels), "a table twice");
        for area in &listing.areas {
            self.text(&area.name, 60);
            for run in &area.tables {
                let paced = run.channel != Channel::Online || u16::from(run.seats[1]) <= listing.pace[1];
                self.unless(is_range(run.seats) && paced, &format!("seats of {:?}", run.labels.0));
            }
            for joins in &area.joins {
                for joined in &joins.tables {
                    self.unless(is_sound(area, joins, joined), &format!("tables {joined}"));
                }
            }
        }
    }

    fn menu(&mut self, listing: &Listing) {
        let dishes = || listing.menu.iter().flat_map(|part| &part.items);
        self.unless(
            (3..=4).contains(&listing.menu.len()) && (9..=18).contains(&dishes().count()),
            "9 to 18 dishes in 3 or 4 parts",
        );
        for part in &listing.menu {
            self.text(&part.section, 40);
        }
        for dish in dishes() {
            self.text(&dish.name, 60);
            self.unless(dish.about.is_empty() || clean(&dish.about) == dish.about, &dish.name);
            self.unless(dish.price.is_none_or(|price| price > 0) && is_without_doubles(&dish.diets), &dish.name);
        }
    }
}

/// Whether joined tables stand in the area and seat fewer together than apart, but more than the largest of them.
fn is_sound(area: &AreaEntry, joins: &Joins, joined: &str) -> bool {
    let seats = |label: &str| {
        area.tables.iter().find(|run| run.labels.0.iter().any(|own| own == label)).map(|run| run.seats[1])
    };
    let members: Option<Vec<u8>> = joined.split('+').map(seats).collect();
    members.is_some_and(|members| {
        (2..=3).contains(&members.len())
            && is_range(joins.seats)
            && joins.seats[1] < members.iter().sum()
            && members.iter().all(|seats| joins.seats[0] > *seats)
    })
}

fn is_on_tick(time: NaiveTime) -> bool {
    time.minute().is_multiple_of(15) && time.second() == 0
}

const fn is_range(seats: [u8; 2]) -> bool {
    1 <= seats[0] && seats[0] <= seats[1] && seats[1] <= 50
}

/// Whether a number is of this shape; signs and spaces apart.
fn is_of_shape(number: &str, shape: &str) -> bool {
    let shape: Vec<char> = shape.chars().filter(|c| !c.is_whitespace()).collect();
    number.chars().count() == shape.len()
        && number.chars().zip(shape).all(|(c, s)| c == s || (s == '#' && c.is_ascii_digit()))
}

fn is_without_doubles<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().all(|(place, one)| !list[..place].contains(one))
}

#[cfg(test)]
mod tests {
    use super::super::cities;
    use super::*;

    #[test]
    fn a_slip_is_found() {
        let broken = |slip: fn(&mut Listing)| {
            let mut city = cities().unwrap().remove(0);
            slip(&mut city.venues[0]);
            faults(&city).len()
        };
        assert_eq!(broken(|_| ()), 0);
        assert_eq!(broken(|venue| venue.tagline = String::new()), 1);
        assert_eq!(broken(|venue| venue.name.push_str(" <b>now</b>")), 1);
        assert_eq!(broken(|venue| venue.at = [0.0, 0.0]), 1);
        assert_eq!(broken(|venue| venue.phone = "+351912345678".parse().unwrap()), 1);
        assert_eq!(broken(|venue| venue.areas[0].joins[0].tables.push("1+99".to_owned())), 1);
        assert_eq!(broken(|venue| venue.areas[0].joins[0].seats = [3, 4]), 3);
        assert_eq!(broken(|venue| venue.services[0].last = NaiveTime::from_hms_opt(14, 40, 0).unwrap()), 1);
        assert_eq!(broken(|venue| venue.turns[0].area = Some("Roof".to_owned())), 1);
    }
}
