//! Where a venue lies: rings of distance around its door, and the city's other venues as points.

use super::pen::{Pen, Place, Short};

/// A place on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub latitude: f64,
    pub longitude: f64,
}

const WIDTH: f32 = 480.0;
const HEIGHT: f32 = 300.0;
/// How far apart the rings are drawn.
const RING: f32 = 66.0;
/// Rings to choose from, in metres; the smallest that shows two neighbours is taken.
const RINGS: [(f32, &str, &str); 6] = [
    (125.0, "125 m", "250 m"),
    (250.0, "250 m", "500 m"),
    (500.0, "500 m", "1 km"),
    (1_000.0, "1 km", "2 km"),
    (2_000.0, "2 km", "4 km"),
    (5_000.0, "5 km", "10 km"),
];

/// How far another spot lies to the east and to the south, in metres; good enough within a city.
fn offset(from: Spot, to: Spot) -> (f32, f32) {
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let south = (from.latitude - to.latitude) * METRES_PER_DEGREE;
    let east = (to.longitude - from.longitude) * METRES_PER_DEGREE * from.latitude.to_radians().cos();
    (metres(east), metres(south))
}

/// Metres as the drawing counts them.
#[expect(clippy::cast_possible_truncation, reason = "a drawing needs no finer than a millimetre within a city")]
const fn metres(value: f64) -> f32 {
    value as f32
}

/// Draws the map of 480 by 300; its colours come from the style sheet.
pub fn draw(here: Spot, others: &[Spot]) -> String {
    let mut near: Vec<(f32, f32)> =
        others.iter().map(|spot| offset(here, *spot)).filter(|(x, y)| x.hypot(*y) > 5.0).collect();
    near.sort_by(|a, b| a.0.hypot(a.1).total_cmp(&b.0.hypot(b.1)));
    let reach = near.get(1).or(near.first()).map_or(500.0, |(x, y)| x.hypot(*y));
    let (step, first, second) = RINGS.into_iter().find(|(step, ..)| reach < step * 2.2).unwrap_or(RINGS[5]);
    let scale = RING / step;
    let mut pen = Pen::new(String::new());
    pen.put(format_args!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"xMidYMid slice\" aria-hidden=\"true\">"
    ));
    pen.put(format_args!("<path class=\"ground\" d=\"M0 0H{WIDTH}V{HEIGHT}H0z\"/>"));
    pen.place(Place::at(WIDTH / 2.0, HEIGHT / 2.0), |pen| {
        pen.raw("<path class=\"cross\" d=\"M-240 0H240M0-150V150\"/>");
        for ring in [1.0, 2.0, 3.0, 4.0] {
            pen.circle(0.0, 0.0, ring * RING, "class=\"ring\"");
        }
        pen.put(format_args!("<text x=\"6\" y=\"-71\">{first}</text><text x=\"6\" y=\"-130\">{second}</text>"));
        for (x, y) in near.iter().map(|(x, y)| (x * scale, y * scale)).filter(|(x, y)| x.abs() < 232.0 && y.abs() < 142.0) {
            pen.circle(x, y, 5.0, "class=\"near\"");
        }
        pen.circle(0.0, 0.0, 30.0, "class=\"glow\"");
        pen.raw("<path class=\"pin\" d=\"M0 0C-5-9-15-17-15-28a15 15 0 0 1 30 0C15-17 5-9 0 0z\"/><circle class=\"eye\" cy=\"-28\" r=\"5.5\"/>");
    });
    pen.put(format_args!("<g transform=\"translate({} 34)\"><path class=\"pin\" d=\"M0-16 5 0H-5z\"/><text x=\"-5\" y=\"15\">N</text></g>", Short(WIDTH - 30.0)));
    pen.raw("</svg>");
    pen.into_svg()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISBON: Spot = Spot { latitude: 38.7066, longitude: -9.1459 };

    #[test]
    fn distance_is_measured_on_the_ground() {
        let (east, south) = offset(LISBON, Spot { latitude: 38.7156, longitude: -9.1459 });
        assert!(east.abs() < 1.0 && (south + 1_002.0).abs() < 5.0, "{east} {south}");
        let (east, _) = offset(LISBON, Spot { latitude: 38.7066, longitude: -9.1344 });
        assert!((east - 999.0).abs() < 5.0, "{east}");
    }

    #[test]
    fn rings_widen_until_the_neighbours_fit() {
        let alone = draw(LISBON, &[]);
        let close = draw(
            LISBON,
            &[Spot { latitude: 38.7070, longitude: -9.1462 }, Spot { latitude: 38.7060, longitude: -9.1450 }],
        );
        let far = draw(
            LISBON,
            &[Spot { latitude: 38.7366, longitude: -9.1459 }, Spot { latitude: 38.7466, longitude: -9.1459 }],
        );
        assert!(alone.contains("500 m") && close.contains("125 m") && far.contains("5 km"));
    }

    #[test]
    fn a_venue_is_not_its_own_neighbour() {
        assert!(!draw(LISBON, &[LISBON]).contains("near"));
    }
}
