//! What comes out of the oven, and the coffee that goes with it.

use super::super::dice::Dice;
use super::super::greens;
use super::super::palette::Palette;
use super::super::pen::{Pen, Place, SHADE, Short, Track};
use super::super::ware;
use super::{around, scatter};

/// A whole pizza on its board, cut in six.
pub fn pizza(pen: &mut Pen, dice: &mut Dice) {
    ware::round_shadow(pen, 60.0);
    pen.disc(0.0, 0.0, 60.0, "#a9764a");
    pen.ring(57.5, "#8c5c36", 1.2);
    pen.tint(1.5, 3.0, 53.0, SHADE, 64);
    pen.disc(0.0, 0.0, 53.0, "#dda35a");
    scorched(pen, dice);
    pen.disc(0.0, 0.0, 45.0, "#c7462b");
    pen.ring(44.0, "#a93620", 1.8);
    let mut cheese = around(dice, 28.0, 6);
    cheese.extend(around(dice, 7.0, 2));
    let blobs: Vec<Place> = cheese
        .iter()
        .map(|place| Place { turn: place.turn + 70.0, scale: dice.between(0.8, 1.15), ..*place })
        .collect();
    pen.stamp(&blobs, |pen| {
        pen.shape("M-10 0Q-10-9 0-9 9-8 10 1 9 10 0 9-9 9-10 0z", "#f6e6c0");
        pen.disc(1.5, -1.0, 4.2, "#fffaf0");
    });
    let basil: Vec<Place> = around(dice, 19.0, 5)
        .into_iter()
        .map(|place| Place { turn: dice.between(0.0, 360.0), scale: dice.between(0.6, 0.8), ..place })
        .collect();
    greens::leaves(pen, &basil, dice.pick(&["#4c7a3c", "#5f8f48"]));
    scatter(pen, dice, 42.0, 9, "#3d2a1c", 1.6);
    pen.line("M-53 0H53M-26-46 26 46M26-46-26 46", "#6b2a1666", 1.3);
}

/// Where the oven was hottest.
fn scorched(pen: &mut Pen, dice: &mut Dice) {
    for (count, colour, width) in [(9, "#b9743a", 5.0), (7, "#8f4f24", 3.0), (8, "#f0c384", 3.2)] {
        let marks = around(dice, 49.4, count);
        let d = Track::over(&marks, |track, place| {
            track.add(format_args!(
                "M{:.0} {:.0}l{} {}",
                place.x,
                place.y,
                Short(place.y * -0.1),
                Short(place.x * 0.1)
            ));
        });
        pen.line(&d, colour, width);
    }
}

const LOAF: &str = "M-50 4C-52-16-30-24 0-24S52-16 50 4 30 24 0 24-48 22-50 4z";

fn loaf(pen: &mut Pen) {
    pen.solid(LOAF, 5.0, "#b5763a");
    pen.shape("M-44 2C-44-13-26-19 0-19S45-13 44 2 26 17 0 17-43 16-44 2z", "#c98d4c");
    for x in [-26.0, -6.0, 14.0] {
        let d = format!(
            "M{} 12Q{} -2 {} -15 {} -4 {} 12z",
            Short(x - 7.0),
            Short(x - 1.0),
            Short(x + 13.0),
            Short(x + 7.0),
            Short(x - 7.0)
        );
        pen.shape(&d, "#f0d6a4");
    }
}

/// A loaf on its board, two slices cut.
pub fn bread(pen: &mut Pen, dice: &mut Dice) {
    pen.place(Place::HERE.turned(dice.between(-10.0, 10.0)), |pen| {
        ware::board(pen, 122.0, 74.0, true);
        pen.place(Place::at(-10.0, -6.0).turned(-8.0).scaled(0.92), loaf);
        pen.stamp(&[Place::at(36.0, 12.0).turned(18.0), Place::at(44.0, -4.0).turned(30.0)], |pen| {
            let d = "M-9-17Q-12-22 0-23 12-22 9-17L10 15Q9 19 0 19-9 19-10 15z";
            pen.solid(d, 3.0, "#b5763a");
            pen.shape("M-7-16Q-8-20 0-20 8-20 7-16L8 14Q7 16 0 16-7 16-8 14z", "#f3e0b8");
            pen.line("M-3-10h0M3-3h1M-4 3h1M2 9h0M4-12h0", "#d9bd88", 2.4);
        });
        scatter(pen, dice, 50.0, 14, "#e7c48a", 1.5);
    });
}

fn croissant(pen: &mut Pen) {
    let d = "M-34 16Q-40 6-32-2-22-24 0-25 22-24 32-2 40 6 34 16 29 17 26 9 16-3 0-3-16-3-26 9-29 17-34 16z";
    pen.solid(d, 4.0, "#c98640");
    pen.shape("M-30 4Q-20-20 0-21 20-20 30 4 18-11 0-11-18-11-30 4z", "#e2ab62");
    pen.line("M-25-7Q-22 1-25 8M-13-18Q-14-8-13-2M0-24V-4M13-18Q14-8 13-2M25-7Q22 1 25 8", "#9c5f28", 1.6);
}

/// Croissants on a plate, with a little jam.
pub fn croissants(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 54.0);
    pen.place(Place::at(-4.0, -8.0).turned(dice.between(-24.0, 0.0)), croissant);
    pen.place(Place::at(8.0, 22.0).turned(dice.between(150.0, 190.0)).scaled(0.8), croissant);
    scatter(pen, dice, 36.0, 12, "#c98d4c", 1.6);
}

/// Coffee with a leaf drawn in the milk, its spoon on the saucer.
pub fn coffee(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::saucer(pen, palette.china, 28.0);
    pen.place(Place::HERE.turned(dice.between(-60.0, 40.0)), |pen| {
        pen.slab(21.0, 0.0, 14.0, 6.0, 3.0, palette.china.rim);
        ware::bowl(pen, palette.china.body, palette.china.rim, "#8a5a34", 18.0);
        pen.shape("M0 10Q-11 2-8-6-4-10 0-5 4-10 8-6 11 2 0 10z", "#f1dfc0");
        pen.line("M0-4V8M-5-3Q-1 2 0 6M5-3Q1 2 0 6", "#b98a5a", 1.2);
    });
}

/// Two eggs on toast, tomatoes, something green.
pub fn eggs(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 57.0);
    pen.place(Place::HERE.turned(dice.between(-20.0, 20.0)), |pen| {
        let toast = "M-30-22Q-32-30-12-30T24-28Q32-26 30-18L30 20Q30 27 22 27L-22 27Q-30 27-30 20z";
        pen.solid(toast, 3.5, "#b5763a");
        pen.shape("M-26-20Q-27-26-12-26T22-24Q27-23 26-17L26 19Q26 23 21 23L-21 23Q-26 23-26 19z", "#eccb93");
        pen.stamp(&[Place::at(-10.0, -8.0), Place::at(10.0, 9.0).turned(140.0)], |pen| {
            pen.shape("M-17 2Q-18-12-4-14 4-20 12-12 20-6 16 4 18 14 5 14-4 20-11 13-17 11-17 2z", "#fffaf0");
            pen.disc(0.0, 0.0, 7.4, "#eda32e");
            pen.disc(-2.0, -2.2, 2.4, "#f9cf78");
        });
        greens::leaves(
            pen,
            &[Place::at(-34.0, 16.0).turned(60.0), Place::at(-36.0, 6.0).turned(110.0).scaled(0.9)],
            "#6c8f50",
        );
        pen.line("M34 10h0M31 23h0M37-3h0", "#c7402c", 12.4);
        pen.line("M32 8h1M29 21h1M35-5h1", "#f0a08c", 1.8);
    });
    scatter(pen, dice, 24.0, 14, "#3d3128", 1.1);
}

/// Bread rolls on a side plate, with butter.
pub fn rolls(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::saucer(pen, palette.china, 29.0);
    for (x, y, r) in [(-7.0, -5.0, 13.0), (9.0, 6.0, 11.5)] {
        pen.tint(x + 1.5, y + 2.5, r, SHADE, 51);
        pen.disc(x, y, r, "#c08443");
        pen.disc(x - 1.5, y - 2.0, r * 0.72, "#d9a562");
        pen.line(
            &format!("M{} {}q5-5 10 0M{} {}v7", Short(x - 6.0), Short(y), Short(x - 1.0), Short(y - 5.0)),
            "#f2dcae",
            1.6,
        );
    }
    pen.place(Place::at(-6.0, 14.0).turned(dice.between(-30.0, 30.0)), |pen| {
        pen.slab(0.0, 0.0, 11.0, 7.0, 1.0, "#f6e29a");
    });
}

/// Flat bread, blistered.
pub fn naan(pen: &mut Pen, dice: &mut Dice) {
    pen.place(Place::HERE.turned(dice.between(0.0, 180.0)), |pen| {
        let d = "M-30 6Q-34-12-10-19T26-12Q38 0 26 12T-8 18Q-26 18-30 6z";
        pen.solid(d, 4.0, "#e3be84");
        pen.shape("M-25 4Q-27-9-8-14T22-9Q31 0 22 9T-7 14Q-21 14-25 4z", "#efd3a2");
        scatter(pen, dice, 20.0, 9, "#b5763abf", 4.0);
    });
    let coriander: Vec<Place> = around(dice, 12.0, 4).into_iter().map(|place| place.scaled(0.32)).collect();
    greens::leaves(pen, &coriander, "#6c8f50");
}
