//! A venue for search engines, as schema.org has it.

use domain::venue::Profile;
use serde_json::{Value, json};

/// The `Restaurant` of schema.org as JSON-LD, safe inside a script element.
pub fn restaurant(profile: &Profile, public_url: &str) -> String {
    let card = &profile.card;
    let url = format!("{public_url}/venues/{}", card.slug);
    let mut thing = json!({
        "@context": "https://schema.org",
        "@type": "Restaurant",
        "@id": url,
        "url": url,
        "name": card.name,
        "description": card.tagline,
        "image": format!("{public_url}/share.png"),
        "servesCuisine": card.cuisines.iter().map(|cuisine| cuisine.label()).collect::<Vec<_>>(),
        "priceRange": crate::format::dear(card.price, &card.currency).0,
        "currenciesAccepted": card.currency,
        "acceptsReservations": format!("{url}#book"),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": profile.street,
            "addressLocality": card.city,
            "addressCountry": card.country,
        },
        "geo": { "@type": "GeoCoordinates", "latitude": card.lat, "longitude": card.lon },
        "openingHoursSpecification": opening_hours(profile),
        "potentialAction": {
            "@type": "ReserveAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{url}#book"), "inLanguage": "en" },
            "result": { "@type": "FoodEstablishmentReservation", "name": "Book a table" },
        },
    });
    if let Some(phone) = &profile.phone {
        thing["telephone"] = phone.clone().into();
    }
    if let Some(website) = &profile.website {
        thing["sameAs"] = website.clone().into();
    }
    if let Some(rating) = &card.rating {
        thing["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": rating.overall,
            "reviewCount": rating.count,
            "bestRating": 5,
            "worstRating": 1,
        });
    }
    if !profile.menu.is_empty() {
        thing["hasMenu"] = format!("{url}#menu").into();
    }
    // "</script>" and "<!--" end or change the element that holds the text.
    thing.to_string().replace('<', "\\u003c")
}

fn opening_hours(profile: &Profile) -> Vec<Value> {
    let rows = profile.hours.iter().flat_map(|day| day.services.iter().map(move |service| (day, service)));
    rows.map(|(day, service)| {
        json!({
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": format!("https://schema.org/{}", day.day),
            "opens": service.first_seating,
            "closes": service.ends,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_reviewed_has_a_rating() {
        let mut profile = super::super::tests::profile();
        let thing = |profile: &Profile| -> Value { serde_json::from_str(&restaurant(profile, "")).unwrap() };
        assert_eq!(thing(&profile).get("aggregateRating"), None);
        let tally = domain::review::Tally { count: 3, food: 14, service: 15, ambience: 3, overall: 13 };
        profile.card.rating = tally.rating();
        let rating = &thing(&profile)["aggregateRating"];
        assert_eq!((&rating["ratingValue"], &rating["reviewCount"]), (&json!(4.3), &json!(3)));
    }

    #[test]
    fn a_name_cannot_end_the_script() {
        let mut profile = super::super::tests::profile();
        profile.card.name = "</script><b>".to_owned();
        let text = restaurant(&profile, "https://trestle.example");
        assert!(!text.contains('<'));
        let thing: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(thing["name"], "</script><b>");
        assert_eq!(thing["@type"], "Restaurant");
        assert_eq!(thing["url"], "https://trestle.example/venues/taberna-do-rio");
    }
}
