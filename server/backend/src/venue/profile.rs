//! What guests read about a venue, put into words that leave the house's rules behind.

use chrono::{NaiveDate, NaiveTime};
use domain::rules::{Hours, House, SpecialDay, Terms, TermsRule};
use domain::venue::{MenuItem, MenuSection, Policy, PolicyRule, ServiceHours, Special, Weekday};

use super::row::MenuRow;

/// The menu by its parts.
pub fn sections(rows: &[MenuRow]) -> Vec<MenuSection> {
    rows.chunk_by(|a, b| a.section == b.section)
        .map(|rows| MenuSection {
            name: rows[0].section.clone(),
            items: rows
                .iter()
                .map(|row| MenuItem {
                    name: row.name.clone(),
                    description: row.description.clone(),
                    price_minor: row.price_minor,
                    diets: row.diets.clone(),
                })
                .collect(),
        })
        .collect()
}

/// Every rule about terms, those of all services first.
pub fn policies(house: &House) -> Vec<PolicyRule> {
    let name = |id| house.services.iter().find(|service| service.id == id).map(|service| service.name.clone());
    let rule = |rule: &TermsRule| PolicyRule {
        service: rule.service.and_then(name),
        min_party: rule.min_party,
        policy: policy(&rule.terms),
    };
    if house.terms.is_empty() {
        return vec![PolicyRule { service: None, min_party: 1, policy: policy(&Terms::default()) }];
    }
    let mut policies: Vec<PolicyRule> = house.terms.iter().map(rule).collect();
    policies.sort_by(|a, b| (&a.service, a.min_party).cmp(&(&b.service, b.min_party)));
    policies
}

/// Terms as guests read them.
pub fn policy(terms: &Terms) -> Policy {
    Policy { free_cancel_minutes: terms.free_cancel_minutes, text: terms.text.clone() }
}

/// A time as a clock shows it.
pub fn clock(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// The week, Monday first.
pub fn week(house: &House) -> Vec<Weekday> {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    [
        (Mon, "Monday"),
        (Tue, "Tuesday"),
        (Wed, "Wednesday"),
        (Thu, "Thursday"),
        (Fri, "Friday"),
        (Sat, "Saturday"),
        (Sun, "Sunday"),
    ]
    .into_iter()
    .map(|(day, name)| Weekday {
        day: name.to_owned(),
        services: house
            .services
            .iter()
            .filter(|service| service.runs_on(day))
            .map(|service| hours(&service.name, service.hours, service.seatings.as_deref().unwrap_or_default()))
            .collect(),
    })
    .collect()
}

/// A day that differs from its weekday.
pub fn special(date: NaiveDate, day: &SpecialDay) -> Special {
    Special { date, hours: day.hours.map(|special| hours("", special, &[])), note: day.note.clone() }
}

fn hours(name: &str, hours: Hours, seatings: &[NaiveTime]) -> ServiceHours {
    ServiceHours {
        name: name.to_owned(),
        first_seating: clock(hours.first_seating),
        last_seating: clock(hours.last_seating),
        ends: clock(hours.ends),
        seatings: seatings.iter().copied().map(clock).collect(),
    }
}
