//! What comes out of the sea.

use super::super::dice::Dice;
use super::super::greens;
use super::super::palette::Palette;
use super::super::pen::{Pen, Place};
use super::super::ware;
use super::{around, lemon, scatter};

const FISH: &str = "M-46 1C-38-13-16-19 6-15 20-12 30-5 36-2L50-14Q46 0 51 14L36 3C26 11 10 17-8 16-26 15-40 9-46 1z";

fn one_fish(pen: &mut Pen, back: &str, belly: &str) {
    pen.solid(FISH, 4.0, back);
    pen.shape("M-12-16Q2-26 14-21L8-14zM-4 15Q2 22 10 21L6 14z", back);
    pen.shape("M-46 1C-34 4-10 8 36 3 26 11 10 17-8 16-26 15-40 9-46 1z", belly);
    pen.line("M-27-12Q-21 0-28 12M40-5l6-4M40 4l6 5", "#2b1d1099", 1.0);
    pen.line("M-35-2h0", "#f8f1e2", 5.2);
    pen.line("M-35-2h0", "#231a14", 2.6);
}

/// A whole fish from the grill on an oval platter.
pub fn fish(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    let (back, belly) =
        dice.pick(&[("#8fa0a0", "#c9cfc8"), ("#c98d6a", "#e8c4a4"), ("#7f8f96", "#c4c7bd"), ("#cf7f68", "#ecc3ae")]);
    ware::platter(pen, palette.china, 74.0, 46.0);
    let herbs =
        [(-30.0, 16.0, 40.0), (0.0, 23.0, 12.0), (30.0, 18.0, -30.0), (-10.0, -20.0, 200.0), (12.0, -21.0, -28.0)];
    let herbs: Vec<Place> = herbs
        .iter()
        .map(|(x, y, turn)| Place::at(*x, *y).turned(turn + dice.between(-20.0, 20.0)).scaled(0.85))
        .collect();
    greens::leaves(pen, &herbs, dice.pick(&["#5f7d4a", "#7c9a5c", "#48673c"]));
    pen.place(Place::at(1.0, -2.0).scaled(1.14), |pen| {
        one_fish(pen, back, belly);
        pen.line("M-15-14-4 10M-3-15 8 10M9-14 19 7", "#4a302080", 2.2);
    });
    lemon(pen, 14.0, 27.0);
    lemon(pen, 28.0, 22.0);
    scatter(pen, dice, 34.0, 12, "#3d3128", 1.2);
}

/// Three sardines, the way they are eaten in June.
pub fn sardines(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 56.0);
    let garnish: Vec<Place> = around(dice, 30.0, 4).into_iter().map(|place| place.scaled(0.5)).collect();
    greens::leaves(pen, &garnish, "#6c8a50");
    pen.place(Place::at(0.0, 2.0).turned(dice.between(-16.0, 16.0)).scaled(0.8), |pen| {
        let row =
            [Place::at(0.0, -24.0).turned(4.0), Place::at(-1.0, -2.0).turned(-3.0), Place::at(1.0, 19.0).turned(2.0)];
        pen.stamp(&row, |pen| {
            pen.group("transform=\"scale(1 .62)\"", |pen| one_fish(pen, "#6d8290", "#c3cbc9"));
            pen.line("M-16-7-9 7M-3-8 5 7M10-7 17 5", "#33251a80", 2.2);
        });
    });
    greens::wedge(pen, Place::at(27.0, 29.0).turned(150.0), "#e2b33a", "#f3d874");
    scatter(pen, dice, 30.0, 14, "#fdf9ef", 1.6);
}

/// Five oysters on ice.
pub fn oysters(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::saucer(pen, palette.china, 31.0);
    pen.disc(0.0, 0.0, 25.0, "#dfe8e6");
    scatter(pen, dice, 23.0, 16, "#ffffff", 4.0);
    let ring: Vec<Place> = around(dice, 16.0, 5).into_iter().map(|place| place.scaled(0.9)).collect();
    pen.stamp(&ring, |pen| {
        pen.shape("M-10 0Q-9-7 0-7 12-7 12 0 11 6 1 7-9 7-10 0z", "#6f6a5f");
        pen.shape("M-7 0Q-6-5 1-5 9-5 9 0 8 4 1 5-6 5-7 0z", "#e9e4d6");
        pen.oval(1.0, 0.0, 5.0, 3.0, "#b9b3a2");
    });
    greens::wedge(pen, Place::at(0.0, -2.0).scaled(0.7), "#e2b33a", "#f3d874");
}

const TOPPINGS: [(&str, &str); 5] = [
    ("#e8825c", "#f7c7ae"),
    ("#b8323a", "#d9646a"),
    ("#f2d98a", "#e0bd5c"),
    ("#f4ece2", "#e6d4c8"),
    ("#ef9f80", "#fbe4d6"),
];

fn nigiri(pen: &mut Pen, topping: usize) {
    let (fish, line) = TOPPINGS[topping];
    pen.shape("M-6-16q9-5 17 0 3 19 0 38-8 5-17 0-3-19 0-38z", "#2b1d1038");
    pen.slab(0.0, 0.0, 17.0, 40.0, 8.0, "#fbf6ea");
    pen.shape("M-9-17q9-6 18 0 4 17 0 34-9 6-18 0-4-17 0-34z", fish);
    if topping == 2 {
        pen.slab(0.0, 0.0, 20.5, 7.0, 1.0, "#25302a");
    } else {
        pen.line("M-8-9Q0-14 8-9M-9 1Q0-4 9 1M-8 11Q0 6 8 11", line, 1.8);
    }
}

/// A row of nigiri on a cypress stand, with ginger and wasabi.
pub fn sushi(pen: &mut Pen, dice: &mut Dice) {
    let d = "M-66-33h132q5 0 5 5v56q0 5-5 5h-132q-5 0-5-5v-56q0-5 5-5z";
    let (wood, grain) =
        dice.pick(&[("#d9b583", "#c79f6b"), ("#2f2a28", "#433c39"), ("#e6cfa6", "#d3b88a"), ("#8f3a2c", "#a85040")]);
    pen.solid(d, 7.0, wood);
    pen.line("M-62-20H62M-50 4H66M-66 22H40", grain, 1.2);
    let first = dice.pick(&[0_usize, 1, 2, 3, 4]);
    for (index, x) in [-51.0, -27.0, -3.0, 21.0].into_iter().enumerate() {
        pen.place(Place::at(x, dice.between(-1.0, 1.0)).turned(dice.between(10.0, 15.0)), |pen| {
            nigiri(pen, (first + index) % 5);
        });
    }
    pen.shape("M42 8q5-6 11-3 7-2 8 5 4 8-5 10-9 3-13-1-5-5-1-11z", "#f0b6a4");
    pen.line("M46 11q6-3 11 1M47 16q5-2 9 1", "#fbe3da", 1.3);
    pen.disc(52.0, -12.0, 6.0, "#93ad5c");
    pen.disc(51.0, -13.5, 3.4, "#a9c173");
}

/// Rolls, cut and set in two rows.
pub fn maki(pen: &mut Pen, dice: &mut Dice) {
    let d = "M-44-24h88q4 0 4 4v40q0 4-4 4h-88q-4 0-4-4v-40q0-4 4-4z";
    pen.solid(d, 6.0, dice.pick(&["#8f3a2c", "#59615f", "#d9b583"]));
    for y in [-10.5, 11.0] {
        let row = [-33.0, -11.0, 11.0, 33.0].map(|x| Place::at(x, y));
        pen.dots(&row, 9.6, "#1f2a24");
        pen.dots(&row, 7.8, "#faf4e6");
        pen.dots(&row, 3.6, dice.pick(&["#e8825c", "#b8323a", "#8aa35a", "#f0cf6c"]));
    }
}
