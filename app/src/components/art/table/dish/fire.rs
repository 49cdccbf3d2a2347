//! What comes off the fire.

use super::super::dice::Dice;
use super::super::greens;
use super::super::palette::Palette;
use super::super::pen::{Pen, Place, SHADE};
use super::super::ware;
use super::{around, lemon, scatter};

/// A steak on its board, half of it sliced, with rosemary and salt.
pub fn steak(pen: &mut Pen, dice: &mut Dice) {
    pen.place(Place::HERE.turned(dice.between(-10.0, 10.0)), |pen| {
        ware::board(pen, 130.0, 80.0, false);
        pen.place(Place::at(-22.0, -2.0), |pen| {
            let d = "M-30-4Q-32-24-8-27T28-20Q30 0 26 16T-4 26Q-28 22-30-4z";
            pen.solid(d, 4.0, "#f0dcc2");
            pen.shape("M-27-4Q-28-21-8-24T25-18Q27 0 23 14T-4 23Q-25 19-27-4z", "#6d3a26");
            pen.line("M-22-8 8-20M-22 3 18-15M-18 13 21-4M-8 19 20 7", "#3b1e13", 3.0);
        });
        let slices = [14.0, 25.0, 36.0, 47.0].map(|x: f32| {
            Place::at(x, 2.0 + dice.between(-2.0, 2.0)).turned(10.0 + dice.between(-4.0, 8.0)).scaled(1.2 - x * 0.008)
        });
        pen.stamp(&slices, |pen| {
            pen.line("M2-12V18", "#5b3a20", 10.0);
            pen.line("M0-15V15", "#6d3a26", 10.0);
            pen.line("M-.5-15V15", "#c4574a", 6.6);
            pen.line("M-2-11V11", "#dd8173", 1.6);
        });
        pen.place(Place::at(-14.0, -5.0).turned(64.0).scaled(0.86), |pen| {
            greens::sprig(pen, dice, "#6f8a5c", "#50693f");
        });
        pen.place(Place::at(-52.0, 24.0), |pen| {
            ware::bowl(pen, "#59615f", "#7d8683", "#f7f2e6", 10.0);
        });
        scatter(pen, dice, 44.0, 18, "#fdf8ec", 1.6);
    });
}

fn taco(pen: &mut Pen, filling: &str) {
    pen.shape("M-28 14A30 26 0 0 1 32 14Q2 26-28 14z", "#2b1d1038");
    pen.shape("M-28-2Q-24-20 0-22T28-2L26 8H-26z", "#86a95b");
    pen.line("M-20-7h0M-9-14h0M3-16h0M14-12h0M22-5h0", filling, 12.0);
    pen.line("M-16-10h3M-4-18h3M9-16h3M17-7h2", "#faf2e2", 3.2);
    pen.line("M-11-8h2M2-11h2M21-11h1", "#c7402c", 3.6);
    pen.shape("M-30 10A30 22 0 0 1 30 10Q0 22-30 10z", "#e7bd72");
    pen.line("M-17 5h4M-2 2h6M12 7h4M-6 11h3M4 12h3", "#c08a44", 2.0);
}

/// Three tacos in a row.
pub fn tacos(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::platter(pen, palette.china, 74.0, 46.0);
    let filling = dice.pick(&["#9c5a34", "#b5472f", "#d9a24c"]);
    let row = [-30.0, -1.0, 28.0].map(|x| Place::at(x, 2.0).turned(-70.0 + dice.between(-6.0, 6.0)));
    pen.stamp(&row, |pen| taco(pen, filling));
    greens::wedge(pen, Place::at(55.0, -10.0).turned(60.0).scaled(0.9), "#5f8a3c", "#b9cf7a");
    greens::wedge(pen, Place::at(54.0, 10.0).turned(130.0).scaled(0.9), "#5f8a3c", "#b9cf7a");
    scatter(pen, dice, 38.0, 10, "#5f8a4a", 2.0);
}

/// A tagine from above: its painted lid, or what is under it.
pub fn tagine(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    let (clay, deep, paint) = dice.pick(&[
        ("#b8613c", "#97492a", "#f1e2c4"),
        ("#2f6f7a", "#235660", "#f1e2c4"),
        ("#e9dcc2", "#cdbb98", "#2f6f7a"),
    ]);
    ware::round_shadow(pen, 57.0);
    pen.disc(0.0, 0.0, 57.0, deep);
    pen.disc(0.0, 0.0, 53.5, clay);
    if dice.chance(0.55) {
        pen.dashes(50.0, paint, 3.0, 30.0, 0.5);
        pen.tint(1.6, 3.2, 44.0, SHADE, 64);
        pen.disc(0.0, 0.0, 43.5, clay);
        pen.dashes(36.0, paint, 8.0, 16.0, 0.3);
        pen.ring(30.0, paint, 1.6);
        pen.disc(0.0, 0.0, 27.0, deep);
        pen.disc(-1.0, -1.5, 26.0, clay);
        pen.dashes(19.0, palette.napkin, 5.0, 10.0, 0.42);
        pen.ring(14.0, paint, 1.4);
        pen.tint(2.0, 3.4, 9.6, SHADE, 76);
        pen.disc(0.0, 0.0, 9.0, deep);
        pen.disc(-0.8, -1.2, 7.6, clay);
        pen.disc(-2.0, -3.0, 2.2, paint);
        return;
    }
    pen.dashes(50.0, paint, 3.0, 30.0, 0.5);
    pen.disc(0.0, 0.0, 45.0, deep);
    pen.disc(0.5, 1.4, 43.6, "#e0b65c");
    scatter(pen, dice, 42.0, 44, "#f0d38a", 2.8);
    scatter(pen, dice, 42.0, 24, "#c08f3a", 1.8);
    let spokes = around(dice, 25.0, 6);
    for (colour, share) in
        [(dice.pick(&["#c8642c", "#d98a3a"]), &spokes[..3]), (dice.pick(&["#7f8f4c", "#a8482c"]), &spokes[3..])]
    {
        pen.stamp(share, |pen| {
            pen.line("M-8 2H10", "#a4742e", 10.0);
            pen.line("M-9 0H9", colour, 9.6);
            pen.line("M-9-2H7", "#f3c98e", 1.4);
        });
    }
    let dates = [Place::at(-5.0, -4.0), Place::at(7.0, 3.0), Place::at(-2.0, 8.0)];
    pen.dots(&dates, 6.0, "#6b3a2a");
    pen.dots(&dates.map(|place| Place::at(place.x - 1.0, place.y - 1.6)), 1.8, "#a8705a");
    scatter(pen, dice, 34.0, 8, "#5f8a4a", 3.0);
    pen.line("M-12-14h0M14-10h0M10 14h0M-15 6h0", "#a51f34", 3.4);
}

/// A wide pan of rice with prawns and mussels.
pub fn paella(pen: &mut Pen, dice: &mut Dice) {
    pen.put(format_args!("<path d=\"M-66-9q-7 9 0 18l8-2v-14zM66-9q7 9 0 18l-8-2v-14z\" fill=\"#3b3733\"/>"));
    ware::round_shadow(pen, 58.0);
    pen.disc(0.0, 0.0, 58.0, "#3b3733");
    pen.ring(56.0, "#6a645d", 1.4);
    pen.disc(0.0, 0.0, 52.0, "#d9992e");
    scatter(pen, dice, 50.0, 56, "#efc25c", 3.0);
    scatter(pen, dice, 50.0, 30, "#b9761f", 1.9);
    let prawns: Vec<Place> =
        around(dice, 37.0, 5).into_iter().map(|place| Place { turn: place.turn + 60.0, ..place }).collect();
    pen.stamp(&prawns, |pen| {
        pen.circle(1.0, 2.0, 10.0, "stroke=\"#8a4a1c99\" stroke-width=\"6\" stroke-dasharray=\"40 99\"");
        pen.circle(0.0, 0.0, 10.0, "stroke=\"#e2694a\" stroke-width=\"6.6\" stroke-dasharray=\"40 99\"");
        pen.circle(0.0, 0.0, 10.0, "stroke=\"#f6b59c\" stroke-width=\"5\" stroke-linecap=\"butt\" stroke-dasharray=\"0 4 1.2 5.6 1.2 5.6 1.2 5.6 1.2 5.6 1.2 99\"");
    });
    let mussels = around(dice, 17.0, 4);
    pen.stamp(&mussels, |pen| {
        pen.shape("M-10 1Q-8-8 2-8 12-6 12 1 10 8 0 8-9 7-10 1z", "#26262c");
        pen.shape("M-6 1Q-5-4 2-5 8-4 8 1 7 5 0 5-5 5-6 1z", "#e8923c");
        pen.line("M-7-3Q-3-7 3-6", "#5d5d6a", 1.2);
    });
    scatter(pen, dice, 46.0, 16, "#6c9448", 4.0);
    pen.stamp(&around(dice, 0.0, 3), |pen| pen.line("M30-7q6 7 1 15", "#b5312a", 4.0));
    lemon(pen, 0.0, 0.0);
}
