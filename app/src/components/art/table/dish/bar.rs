//! What stands on a bar.

use super::super::dice::Dice;
use super::super::greens;
use super::super::pen::{Pen, Place, SHADE};
use super::super::ware;
use super::around;

const DRINKS: &[(&str, &str)] = &[
    ("#e8a85a", "#f4cf96"),
    ("#d98a96", "#f3c9cc"),
    ("#c9503a", "#e58a6c"),
    ("#b9c27a", "#dde2ae"),
    ("#8a4a6a", "#b9829c"),
    ("#efe0b0", "#faf2d6"),
];

/// A cocktail in a coupe on its coaster; a small wheel decides its garnish.
pub fn coupe(pen: &mut Pen, dice: &mut Dice, more: u8) {
    let (drink, foam) = dice.pick(DRINKS);
    let paper = dice.pick(&["#f1e7d6", "#c2573c", "#d9a441", "#3f5f77"]);
    pen.tint(3.0, 5.0, 50.0, SHADE, 46);
    pen.disc(0.0, 0.0, 50.0, paper);
    pen.circle(0.0, 0.0, 46.0, "stroke=\"#ffffff99\" stroke-width=\"1.4\" stroke-dasharray=\"2 4\"");
    pen.tint(5.0, 9.0, 42.0, SHADE, 51);
    pen.tint(0.0, 0.0, 42.0, "#ffffff", 97);
    pen.disc(0.0, 0.0, 37.0, drink);
    pen.tint(2.0, 3.0, 31.0, foam, 115);
    match (dice.between(0.0, 4.0) + f32::from(more)) % 4.0 {
        kind if kind < 1.0 => {
            pen.line("M-46-30 30 22", "#e2b86a", 2.0);
            for (x, y) in [(-13.0, -7.6), (0.0, 1.4), (13.0, 10.2)] {
                pen.oval(x, y, 7.6, 6.4, "#76853f");
                pen.disc(x + 3.6, y + 2.0, 2.0, "#c7402c");
            }
        }
        kind if kind < 2.0 => {
            pen.line("M-16 6C-22-14 8-24 14-8 17 6-4 10-4-2-4-9 8-8 9 0", "#c98f22", 6.4);
            pen.line("M-16 6C-22-14 8-24 14-8 17 6-4 10-4-2-4-9 8-8 9 0", "#f2cb4c", 4.4);
        }
        kind if kind < 3.0 => {
            greens::citrus(pen, Place::at(25.0, -24.0).turned(20.0).scaled(1.35), "#d9762e", "#eda24c");
            pen.place(Place::at(-6.0, 8.0).turned(200.0), |pen| greens::sprig(pen, dice, "#7f9f6a", "#55764a"));
        }
        _ => {
            let mint = Place::at(-4.0, 2.0);
            greens::leaves(pen, &[mint.turned(-80.0), mint.turned(40.0).scaled(0.8)], "#7ca35c");
            greens::leaves(pen, &[mint.turned(-20.0)], "#5f8a4a");
            pen.disc(-6.0, 4.0, 7.0, "#8f1f34");
            pen.disc(-8.4, 1.4, 2.0, "#d97a8a");
        }
    }
    let bubbles = around(dice, 29.0, 6);
    pen.dots(&bubbles, 1.4, "#ffffff99");
    pen.circle(0.0, 0.0, 42.0, "stroke=\"#ffffffd9\" stroke-width=\"2\"");
    pen.line("M-32-19A38 38 0 0 1-7-37", "#ffffffcc", 2.2);
}

/// Almonds and olives to go with it.
pub fn nibbles(pen: &mut Pen, dice: &mut Dice) {
    ware::bowl(pen, "#59615f", "#7d8683", "#3f4543", 21.0);
    for (r, count, colour) in [(11.0, 6, "#c08443"), (5.0, 4, "#d9a562")] {
        let almonds: Vec<Place> = around(dice, r, count)
            .into_iter()
            .map(|place| Place { turn: dice.between(0.0, 360.0), scale: 0.55, ..place })
            .collect();
        greens::leaves(pen, &almonds, colour);
    }
}
