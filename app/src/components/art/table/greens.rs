//! Leaves, sprigs and citrus, which go with everything.

use super::dice::Dice;
use super::pen::{Pen, Place, SHADE, Track};

/// Adds the outline of a pointed leaf of that length, its stalk at the place.
fn outline(track: &mut Track, place: Place, length: f32) {
    let (sin, cos) = place.turn.to_radians().sin_cos();
    let (length, belly) = (length * place.scale, length * place.scale * 0.46);
    let half = length * 0.36;
    let (x, y) = (length * cos, length * sin);
    let (ax, ay) = (half * cos + belly * sin, half * sin - belly * cos);
    let (bx, by) = (half * cos - belly * sin - x, half * sin + belly * cos - y);
    track.add(format_args!(
        "M{:.0} {:.0}q{ax:.0} {ay:.0} {x:.0} {y:.0} {bx:.0} {by:.0} {:.0} {:.0}",
        place.x, place.y, -x, -y
    ));
}

/// Leaves of one green, 24 long, with their veins.
pub fn leaves(pen: &mut Pen, places: &[Place], green: &str) {
    pen.shape(&Track::over(places, |track, place| outline(track, *place, 24.0)), green);
    let veins = Track::over(places, |track, place| {
        let (sin, cos) = place.turn.to_radians().sin_cos();
        let length = 19.0 * place.scale;
        track.add(format_args!("M{:.0} {:.0}l{:.0} {:.0}", place.x, place.y, length * cos, length * sin));
    });
    pen.line(&veins, "#ffffff55", 0.9);
}

/// A sprig of herbs or olive, 60 long.
pub fn sprig(pen: &mut Pen, dice: &mut Dice, green: &str, dark: &str) {
    let (mut near, mut far) = (Track::default(), Track::default());
    outline(&mut near, Place::at(-2.0, -28.0).turned(-95.0), 16.0);
    for (y, turned) in [(25.0_f32, false), (14.0, true), (3.0, false), (-8.0, true), (-18.0, false)] {
        let x = 1.4 - (y / 20.0).powi(2);
        let (lean, size) = (dice.between(-58.0, -28.0), dice.between(12.0, 17.0));
        let (one, other) = (Place::at(x, y).turned(lean), Place::at(x, y + 1.0).turned(-180.0 - lean));
        let (one, other) = if turned { (other, one) } else { (one, other) };
        outline(&mut near, one, size);
        outline(&mut far, other, size);
    }
    pen.line("M0 34Q4 0-2-30", dark, 1.6);
    pen.shape(&far, dark);
    pen.shape(&near, green);
}

/// A slice of lemon, lime or orange.
pub fn citrus(pen: &mut Pen, place: Place, peel: &str, flesh: &str) {
    pen.place(place, |pen| {
        pen.tint(1.2, 1.8, 10.0, SHADE, 46);
        pen.disc(0.0, 0.0, 10.0, peel);
        pen.disc(0.0, 0.0, 8.6, "#fdf6dc");
        pen.dashes(4.4, flesh, 6.6, 8.0, 0.84);
    });
}

/// A wedge of lemon or lime.
pub fn wedge(pen: &mut Pen, place: Place, peel: &str, flesh: &str) {
    pen.place(place, |pen| {
        pen.shape("M-11 0A11 11 0 0 0 11 0z", peel);
        pen.shape("M-9 0A9 8.4 0 0 0 9 0z", flesh);
        pen.line("M-8.5 0h17M-3 1-4 6M3 1 4 6", "#fdf6dc", 1.0);
    });
}
