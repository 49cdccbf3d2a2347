//! A laid table seen from above, drawn from a venue's seed and cuisine.
//!
//! The same seed and cuisine always give the same table, so nothing is stored. The drawing runs on
//! the server only; pages carry it as ready SVG, and none of it is in the browser's module.

use leptos::prelude::*;

mod crop;
mod dice;
mod dish;
mod feast;
mod greens;
mod kitchen;
mod map;
mod palette;
mod pen;
mod scene;
mod surface;
mod ware;

pub use crop::Crop;
pub use map::Spot;

/// A venue's table as SVG of 4 to 13 kB, without text, told apart from others on the page by its ids.
#[must_use]
pub fn svg(seed: u64, cuisine: &str, crop: Crop) -> String {
    scene::table(seed, cuisine, crop)
}

/// The picture of one venue.
#[component]
pub fn VenueArt(seed: u64, #[prop(into)] cuisine: String, crop: Crop) -> impl IntoView {
    view! { <div class="art" inner_html=svg(seed, &cuisine, crop)></div> }
}

/// The long table across the home page.
#[component]
pub fn LongTable(seed: u64) -> impl IntoView {
    view! { <div class="art" aria-hidden="true" inner_html=feast::band(seed)></div> }
}

/// Where a venue lies among the others of its city; the label says the same in words.
#[component]
pub fn NeighbourMap(here: Spot, others: Vec<Spot>, #[prop(into)] label: String) -> impl IntoView {
    view! { <figure class="drawing" role="img" aria-label=label inner_html=map::draw(here, &others)></figure> }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const CUISINES: &str = "seafood sushi ramen dim-sum italian bar bakery vegetarian grill mexican indian french \
        moroccan mezze spanish portuguese brunch tasting-menu unheard-of";

    fn all() -> impl Iterator<Item = (Crop, String)> {
        CUISINES.split_whitespace().flat_map(|cuisine| {
            (1..=12_u64).flat_map(move |seed| {
                [Crop::Card, Crop::Hero, Crop::Round].map(|crop| (crop, svg(seed * 104_729, cuisine, crop)))
            })
        })
    }

    /// Every tag that is opened is closed, in order.
    fn well_formed(svg: &str) -> bool {
        let mut open = Vec::new();
        for tag in svg.split('<').skip(1) {
            let Some((tag, _)) = tag.split_once('>') else { return false };
            let Some(name) = tag.split([' ', '/']).find(|part| !part.is_empty()) else { return false };
            if tag.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !tag.ends_with('/') {
                open.push(name);
            }
            if tag.matches('"').count() % 2 != 0 {
                return false;
            }
        }
        open.is_empty()
    }

    fn ids(svg: &str) -> Vec<&str> {
        svg.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn the_same_venue_always_has_the_same_table() {
        assert_eq!(svg(42, "seafood", Crop::Card), svg(42, "seafood", Crop::Card));
        assert_ne!(svg(42, "seafood", Crop::Card), svg(43, "seafood", Crop::Card));
        assert_ne!(svg(42, "seafood", Crop::Card), svg(42, "sushi", Crop::Card));
    }

    #[test]
    fn every_table_is_well_formed_and_small() {
        for (crop, svg) in all() {
            assert!(well_formed(&svg), "{svg}");
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(
                !svg.contains("<text") && !svg.contains("style="),
                "no words and nothing the page's policy refuses"
            );
            let limit = if crop == Crop::Hero { 14_000 } else { 7_500 };
            assert!(svg.len() < limit, "{} bytes", svg.len());
        }
    }

    #[test]
    fn what_is_used_is_defined_and_ids_are_unique() {
        for (_, svg) in all() {
            let defined: HashSet<&str> = ids(&svg).into_iter().collect();
            assert_eq!(defined.len(), ids(&svg).len());
            for used in svg.split("#t").skip(1).filter_map(|rest| rest.split(['"', ')']).next()) {
                assert!(defined.contains(format!("t{used}").as_str()), "{used}");
            }
        }
    }

    #[test]
    fn two_venues_and_two_crops_share_a_page_without_sharing_ids() {
        let mut seen = HashSet::new();
        for svg in [
            svg(1, "bar", Crop::Card),
            svg(2, "bar", Crop::Card),
            svg(1, "bar", Crop::Hero),
            svg(1, "grill", Crop::Card),
        ] {
            for id in ids(&svg) {
                assert!(seen.insert(id.to_owned()), "{id} twice");
            }
        }
    }

    #[test]
    fn the_long_table_is_well_formed_and_bounded() {
        for seed in 0..8 {
            let svg = feast::band(seed);
            assert!(well_formed(&svg) && svg.len() < 32_000, "{} bytes", svg.len());
        }
    }
}
