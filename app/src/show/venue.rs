//! A venue's page.

use backend::Backend;
use chrono::Days;
use domain::form::Search;
use domain::text::Slug;
use domain::venue::{Access, Card, MenuItem as Dish, PolicyRule, Profile};

use super::{area_choices, art, cuisines, dear, favorite, hours, json_ld, review};
use crate::api::{Fact, Link, MenuItem, MenuPart, Tick, Venue};
use crate::error::UiError;
use crate::format;

/// What a guest reads about a venue.
pub async fn venue(backend: &Backend, slug: &str) -> Result<Venue, UiError> {
    let slug: Slug = slug.parse().map_err(|_| UiError::NotFound)?;
    let profile = backend.venue(&slug).await?;
    let now = backend.now();
    let card = &profile.card;
    let today = super::today(&profile, now);
    Ok(Venue {
        slug: card.slug.to_string(),
        name: card.name.clone(),
        kept: favorite::kept(backend, [&card.slug]).await?.of(&card.slug),
        tagline: card.tagline.clone(),
        about: profile.description.split("\n\n").filter(|text| !text.is_empty()).map(str::to_owned).collect(),
        cuisines: cuisines(card),
        price: dear(card),
        neighbourhood: card.neighbourhood.clone(),
        city: card.city.clone(),
        open: hours::now(&profile, now),
        art: art(card),
        rating: card.rating.map(review::rating),
        reviews: backend.latest_reviews(&slug).await?.iter().map(review::review).collect(),
        street: profile.street.clone(),
        reach: reach(&profile),
        lat: card.lat,
        lon: card.lon,
        others: others(backend, card).await?,
        maps: (map(card), way(card)),
        hours: hours::week(&profile, today),
        special: hours::special(&profile, today),
        menu: menu(&profile),
        diets: diets(&profile),
        access: access(&profile),
        facts: facts(&profile),
        areas: area_choices(&profile.areas),
        first_day: today.to_string(),
        last_day: (today + Days::new(profile.horizon_days.into())).to_string(),
        json_ld: json_ld::restaurant(&profile, &crate::ssr::facts().public_url),
    })
}

/// Where the city's other venues are.
async fn others(backend: &Backend, card: &Card) -> Result<Vec<(f64, f64)>, UiError> {
    let search = Search { city: Some(card.city.clone()), limit: 100, ..Search::default() };
    let found = backend.search(&search).await?.items;
    Ok(found
        .iter()
        .filter(|found| found.card.slug != card.slug)
        .map(|found| (found.card.lat, found.card.lon))
        .collect())
}

fn reach(profile: &Profile) -> Vec<Link> {
    let phone = profile.phone.iter().map(|phone| Link { href: format!("tel:{phone}"), text: phone.clone() });
    let email = profile.email.iter().map(|email| Link { href: format!("mailto:{email}"), text: email.clone() });
    let site = profile.website.iter().filter(|site| site.starts_with("https://") || site.starts_with("http://"));
    let site = site.map(|site| Link { href: site.clone(), text: bare(site).to_owned() });
    phone.chain(email).chain(site).collect()
}

/// An address without what everybody skips.
fn bare(site: &str) -> &str {
    let site = site.strip_prefix("https://").or_else(|| site.strip_prefix("http://")).unwrap_or(site);
    site.strip_prefix("www.").unwrap_or(site).trim_end_matches('/')
}

/// A map that shows the venue.
fn map(card: &Card) -> String {
    format!("https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}", card.lat, card.lon)
}

/// The way to the venue.
pub fn way(card: &Card) -> String {
    format!("https://www.openstreetmap.org/directions?to={}%2C{}", card.lat, card.lon)
}

fn menu(profile: &Profile) -> Vec<MenuPart> {
    let item = |dish: &Dish| MenuItem {
        name: dish.name.clone(),
        description: dish.description.clone(),
        price: dish.price_minor.map(|minor| format::price(minor, &profile.card.currency)).unwrap_or_default(),
        diets: dish
            .diets
            .iter()
            .filter_map(|word| diet(word))
            .map(|(sign, words)| (sign.to_owned(), words.to_owned()))
            .collect(),
    };
    let part = |section: &domain::venue::MenuSection| MenuPart {
        name: section.name.clone(),
        items: section.items.iter().map(item).collect(),
    };
    profile.menu.iter().map(part).collect()
}

/// A diet's short sign and its words.
fn diet(word: &str) -> Option<(&'static str, &'static str)> {
    match word {
        "vegan" => Some(("VG", "vegan")),
        "vegetarian" => Some(("V", "vegetarian")),
        "gluten_free" => Some(("GF", "gluten-free")),
        _ => None,
    }
}

fn diets(profile: &Profile) -> String {
    let words = ["vegetarian", "vegan", "gluten_free"].into_iter();
    let used = words.filter(|word| {
        profile.menu.iter().flat_map(|part| &part.items).any(|dish| dish.diets.iter().any(|diet| diet == word))
    });
    let signs: Vec<String> = used.filter_map(diet).map(|(sign, words)| format!("{sign} {words}")).collect();
    if signs.is_empty() {
        String::new()
    } else {
        format!("{}. Tell us about allergies when you book.", signs.join(", "))
    }
}

/// What is there, and of what many ask for, what is not.
fn access(profile: &Profile) -> Vec<Tick> {
    let there = profile.accessibility.iter().map(|access| Tick { label: access.label().to_owned(), there: true });
    let asked_for = [Access::StepFreeEntrance, Access::AccessibleToilet, Access::WheelchairSpaces];
    let missing = asked_for.into_iter().filter(|access| !profile.accessibility.contains(access));
    let missing = missing.map(|access| Tick { label: format!("No {}", access.label().to_lowercase()), there: false });
    there.chain(missing).collect()
}

fn facts(profile: &Profile) -> Vec<Fact> {
    let fact = |term: &str, text: String, small: String| Fact { term: term.to_owned(), text, small };
    let notice = u32::try_from(profile.min_notice_minutes).unwrap_or(0);
    let mut facts = vec![
        cancelling(profile),
        fact("Running late", "One tap on your link tells the restaurant".to_owned(), String::new()),
        larger_parties(profile.largest_instant_party),
        fact("Booking ahead", format!("Up to {} days", profile.horizon_days), String::new()),
    ];
    if notice > 0 {
        facts[3].small = format!("At least {} in advance.", format::duration(notice));
    }
    if profile.areas.len() > 1 {
        let areas: Vec<String> = profile.areas.iter().map(|area| area.name.clone()).collect();
        facts.push(fact("Where you sit", format::list(&areas), String::new()));
    }
    facts
}

/// The terms of most, and what differs for larger parties or in one service.
fn cancelling(profile: &Profile) -> Fact {
    let words = |rule: &PolicyRule| {
        let rest = format::cancelling_rule(rule.policy.free_cancel_minutes);
        let party = format!("from {}", format::count(rule.min_party.into(), "guest", "guests"));
        let whom = match (&rule.service, rule.min_party) {
            (None, ..=1) => return rest,
            (None, _) => format::capital(&party),
            (Some(service), ..=1) => service.clone(),
            (Some(service), _) => format!("{service}, {party}"),
        };
        format!("{whom}: {}", format::decapital(&rest))
    };
    let (first, others) =
        profile.policies.split_first().map_or((None, &[][..]), |(first, others)| (Some(first), others));
    let mut small: Vec<String> = first.map(|rule| rule.policy.text.clone()).into_iter().collect();
    for rule in others {
        small.push(format!("{}.", words(rule)));
        small.push(rule.policy.text.clone());
    }
    small.retain(|text| !text.is_empty());
    small.dedup();
    Fact { term: "Cancelling".to_owned(), text: first.map(words).unwrap_or_default(), small: small.join(" ") }
}

fn larger_parties(instant: u8) -> Fact {
    let (text, small) = if instant == 0 {
        ("Every table is on request".to_owned(), "The restaurant replies by email.".to_owned())
    } else {
        let text = format!("Up to {} are confirmed instantly", format::number(instant.into()));
        (text, "Larger ones are on request; the restaurant replies by email.".to_owned())
    };
    Fact { term: "Larger parties".to_owned(), text, small }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_bare() {
        assert_eq!(bare("https://www.taberna.example/"), "taberna.example");
        assert_eq!(bare("http://taberna.example/menu"), "taberna.example/menu");
    }

    #[test]
    fn only_pages_are_linked() {
        let mut profile = super::super::tests::profile();
        profile.website = Some("javascript:alert(1)".to_owned());
        assert!(reach(&profile).is_empty());
        profile.phone = Some("+351210000000".to_owned());
        assert_eq!(reach(&profile)[0].href, "tel:+351210000000");
    }

    #[test]
    fn what_is_missing_is_said() {
        let mut profile = super::super::tests::profile();
        profile.accessibility = vec![Access::StepFreeEntrance];
        let ticks = access(&profile);
        assert!(ticks[0].there && ticks[1..].iter().all(|tick| !tick.there));
        assert_eq!(ticks[1].label, "No accessible toilet");
    }
}
