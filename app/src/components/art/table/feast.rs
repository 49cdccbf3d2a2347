//! The long table of the home page, with something from every kitchen and a place for everyone.

use super::dice::Dice;
use super::kitchen::Kitchen;
use super::palette::Palette;
use super::pen::{Pen, Place};
use super::scene::Table;
use super::surface::{self, Extent};
use super::ware::{self, Drink, Tool};

/// What stands along the middle of the long table: how far from the centre, and how large.
const FEAST: [(Kitchen, f32, f32); 10] = [
    (Kitchen::Moroccan, -462.0, 0.74),
    (Kitchen::Paella, -352.0, 0.78),
    (Kitchen::Garden, -248.0, 0.74),
    (Kitchen::Bakery, -134.0, 0.7),
    (Kitchen::Seafood, -6.0, 0.82),
    (Kitchen::Italian, 114.0, 0.78),
    (Kitchen::Mezze, 222.0, 0.78),
    (Kitchen::Indian, 324.0, 0.74),
    (Kitchen::Sushi, 422.0, 0.72),
    (Kitchen::Dumplings, 516.0, 0.7),
];

/// The long table of the home page, from edge to edge: 1920 by 460.
pub fn band(seed: u64) -> String {
    let mut dice = Dice::new(seed, "band");
    let tag = dice.tag();
    let mut pen = Pen::new(tag.clone());
    pen.raw("<svg viewBox=\"0 0 1920 460\" preserveAspectRatio=\"xMidYMid slice\" fill=\"none\" stroke-linecap=\"round\" aria-hidden=\"true\">");
    pen.place(Place::at(960.0, 230.0).scaled(1.9), |pen| {
        let mut palette = Palette::long_table(&mut dice);
        surface::top(pen, &mut dice, palette.ground, Extent { width: 1020.0, height: 250.0 }, &tag);
        runner(pen);
        for first in [0_u8, 1, 2] {
            palette.change_linen(&mut dice);
            guests(pen, &mut dice, palette, first);
        }
        for (kitchen, x, size) in FEAST {
            palette.change_linen(&mut dice);
            let serving = dice.seed();
            let mut table = Table { dice: &mut dice, palette, kitchen, serving };
            let place = table.astray(Place::at(x, 0.0).scaled(size));
            table.main_dish(pen, place);
        }
        let mut table = Table { dice: &mut dice, palette, kitchen: Kitchen::French, serving: seed };
        for x in [-302.0, -66.0, 60.0, 274.0] {
            table.garnish(pen, Place::at(x, if x < 0.0 { -30.0 } else { 34.0 }).scaled(0.8));
        }
        surface::light(pen, &mut dice, Extent { width: 1010.0, height: 250.0 });
    });
    pen.raw("</svg>");
    pen.into_svg()
}

/// The cloth along the middle of a long table.
fn runner(pen: &mut Pen) {
    pen.slab(0.0, 4.0, 1030.0, 98.0, 0.0, "#2b1d1038");
    pen.slab(0.0, 0.0, 1030.0, 98.0, 0.0, "#e6dac4");
    pen.line("M-515-42H515M-515 42H515", "#b5472f", 1.6);
    pen.line("M-515-38H515M-515 38H515", "#b5472f", 0.7);
}

/// Every third guest on both sides, with the same napkin, plate and drink.
fn guests(pen: &mut Pen, dice: &mut Dice, palette: Palette, first: u8) {
    let mut places = Vec::new();
    for step in 0..8_u8 {
        let x = (f32::from(step) - 3.5) * 134.0;
        if step % 3 == first {
            places.push(Place::at(x - 14.0, 108.0));
        }
        if (step + 1) % 3 == first {
            places.push(Place::at(x + 30.0, -108.0).turned(180.0));
        }
    }
    let drink = dice.pick(&[Drink::Red, Drink::White, Drink::Rose, Drink::Water]);
    pen.stamp(&places, |pen| {
        pen.place(Place::at(-55.0, 0.0).scaled(0.74), |pen| ware::napkin(pen, dice, &palette));
        pen.place(Place::at(-54.0, 0.0).scaled(0.74), |pen| ware::tool(pen, &palette, Tool::Fork));
        pen.place(Place::at(54.0, 0.0).scaled(0.74), |pen| ware::tool(pen, &palette, Tool::Knife));
        ware::plate(pen, dice, palette.china, 42.0);
        pen.place(Place::at(52.0, -48.0), |pen| ware::glass(pen, drink, 11.5));
    });
}
