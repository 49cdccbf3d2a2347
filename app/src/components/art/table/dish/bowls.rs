//! What is eaten from bowls.

use super::super::dice::Dice;
use super::super::greens;
use super::super::pen::{Pen, Place, Track};
use super::super::ware;
use super::{around, scatter};

/// Noodles in broth: an egg, seaweed, greens, something red.
pub fn noodles(pen: &mut Pen, dice: &mut Dice) {
    let (body, rim) =
        dice.pick(&[("#2f4c5c", "#d9c08a"), ("#f4ecdd", "#b5472f"), ("#7c2f28", "#e0b865"), ("#3b3f3a", "#a9b09a")]);
    let broth = dice.pick(&["#c98f45", "#b5652f", "#d9b070"]);
    ware::bowl(pen, body, rim, broth, 56.0);
    pen.place(Place::HERE.turned(dice.between(0.0, 360.0)), |pen| {
        pen.shape("M14-41 36-30 24-8 4-18z", "#22302a");
        pen.line("M11-27 27-19", "#34473e", 1.4);
        for (y, colour) in [(-8, "#efd6a0"), (-1, "#f5e2b8"), (6, "#e9cb8e"), (13, "#f5e2b8"), (20, "#efd6a0")] {
            let d = format!("M-34 {y}q12-11 24 0t24 0 22-2");
            pen.line(&d, "#cfa862", 4.4);
            pen.line(&d, colour, 3.0);
        }
        pen.stamp(&[Place::at(-18.0, -21.0).turned(30.0), Place::at(0.0, -30.0).turned(24.0)], |pen| {
            pen.oval(0.0, 0.0, 12.0, 9.4, "#fdf8ea");
            pen.disc(1.0, 0.0, 5.6, "#e8962e");
            pen.disc(0.0, -1.0, 2.4, "#f4b95a");
        });
        pen.disc(20.0, 18.0, 13.0, "#b5705a");
        pen.line("M12 12q8-5 16 2M13 22q7 4 14-2", "#e3b09a", 1.8);
        greens::leaves(
            pen,
            &[Place::at(-34.0, 20.0).turned(20.0).scaled(0.9), Place::at(-24.0, 34.0).turned(-30.0).scaled(0.85)],
            "#5f8a4a",
        );
    });
    let rings = around(dice, 26.0, 7);
    pen.dots(&rings, 2.6, "#86a95b");
    pen.dots(&rings, 1.4, "#d9e0a8");
    scatter(pen, dice, 40.0, 9, "#c23f2a", 2.0);
}

/// Dumplings in a bamboo steamer.
pub fn dumplings(pen: &mut Pen, dice: &mut Dice) {
    ware::round_shadow(pen, 56.0);
    pen.disc(0.0, 0.0, 56.0, "#c4935a");
    pen.ring(52.5, "#a87842", 1.6);
    pen.dashes(54.5, "#a87842", 3.0, 26.0, 0.12);
    pen.disc(0.0, 0.0, 48.0, "#8f6536");
    pen.disc(0.6, 1.4, 46.6, "#e2c690");
    pen.line("M-34-30H34M-42-18H42M-46-6H46M-46 6H46M-42 18H42M-34 30H34", "#cda968", 1.6);
    greens::leaves(
        pen,
        &[Place::at(-16.0, 30.0).turned(20.0).scaled(1.1), Place::at(20.0, -28.0).turned(200.0).scaled(1.1)],
        "#8aa35a",
    );
    let mut spots = around(dice, 30.0, 5);
    spots.push(Place::HERE);
    let heart = dice.pick(&["#c9694a", "#e8962e", "#6c9448"]);
    pen.stamp(&spots, |pen| {
        pen.disc(1.6, 2.6, 14.4, "#2b1d102e");
        pen.disc(0.0, 0.0, 14.4, "#faf3e3");
        pen.dashes(8.0, "#e2d4b8", 7.4, 11.0, 0.2);
        pen.disc(0.0, 0.0, 3.0, "#f3e6cb");
        pen.disc(0.0, 0.0, 1.4, heart);
    });
}

/// A metal tray with curries, rice and a leaf.
pub fn thali(pen: &mut Pen, dice: &mut Dice) {
    let (bright, dim) = dice.pick(&[("#d9dad6", "#aeb0ab"), ("#d8ae5e", "#b28a40")]);
    ware::round_shadow(pen, 58.0);
    pen.disc(0.0, 0.0, 58.0, bright);
    pen.ring(55.0, dim, 1.6);
    pen.disc(0.0, 0.0, 51.0, dim);
    pen.disc(0.8, 1.6, 49.6, bright);
    let spots = around(dice, 34.0, 6);
    ware::bowls(pen, &spots, bright, dim, 13.8);
    let curries = ["#c8782a", "#8a9a3c", "#a83a28", "#e2b045", "#6f4a2c", "#f1e7d2"];
    let first = dice.pick(&[0_usize, 1, 2, 3, 4, 5]);
    for (index, place) in spots.iter().enumerate() {
        pen.disc(place.x + 0.2, place.y + 0.5, 11.4, curries[(first + index) % 6]);
    }
    let swirls = Track::over(&spots, |track, place| {
        track.add(format_args!("M{:.0} {:.0}q4-5 9-2m-7 6q4 3 8 0", place.x - 5.0, place.y - 2.0));
    });
    pen.line(&swirls, "#fff3d6cc", 1.2);
    pen.dots(&spots, 1.7, "#5f8a4a");
    pen.disc(0.0, 0.0, 16.0, "#fbf5e6");
    scatter(pen, dice, 14.0, 20, "#e9dcbd", 1.8);
    scatter(pen, dice, 11.0, 6, "#d9922e", 1.8);
    greens::leaves(pen, &[Place::at(-7.0, 2.0).turned(-30.0).scaled(0.6)], "#5f8a4a");
}

/// Five small bowls around a plate of hummus.
pub fn mezze(pen: &mut Pen, dice: &mut Dice) {
    ware::bowl(pen, "#e9ddc7", "#8a6b48", "#e6cfa0", 30.0);
    pen.line("M-16 6C-18-10 4-20 14-8 20 4 4 16-5 8-10 0 2-8 6-1", "#cfae74", 2.6);
    pen.line("M-12 4C-12-8 4-15 10-6", "#c8922e", 2.0);
    pen.disc(4.0, 0.0, 4.0, "#b5472fcc");
    let spots = around(dice, 46.0, 5);
    ware::bowls(pen, &spots, "#f4ecdd", "#8a6b48", 16.5);
    let fillings = [
        ("#5d6b3c", "#7f8f52"),
        ("#b5382a", "#d9664a"),
        ("#f2ede0", "#7c9a5c"),
        ("#6a3550", "#9a5a7a"),
        ("#d99a3a", "#efc068"),
    ];
    let first = dice.pick(&[0_usize, 1, 2, 3, 4]);
    for (index, place) in spots.iter().enumerate() {
        let (fill, dot) = fillings[(first + index) % 5];
        pen.disc(place.x + 0.2, place.y + 0.6, 13.6, fill);
        pen.place(Place::at(place.x, place.y), |pen| scatter(pen, dice, 9.0, 7, dot, 4.2));
    }
}

/// A small bowl for dipping.
pub fn dip(pen: &mut Pen, body: &str, sauce: &str, gleam: &str) {
    ware::bowl(pen, body, "#b99a6a", sauce, 15.0);
    pen.line("M-7-3A8 8 0 0 1-1-8", gleam, 1.6);
}

/// Tea in a small cup.
pub fn tea(pen: &mut Pen) {
    ware::bowl(pen, "#f4ecdd", "#7b8a5e", "#a9803a", 17.0);
    pen.line("M-8-4A9 9 0 0 1-1-9", "#e2c684", 1.6);
    greens::leaves(pen, &[Place::at(-6.0, 5.0).turned(-24.0).scaled(0.55)], "#6c8f50");
}

/// Red and green salsa, and a lime.
pub fn salsa(pen: &mut Pen, dice: &mut Dice) {
    let (red, green) = (Place::at(-13.0, -6.0), Place::at(17.0, 12.0));
    ware::bowls(pen, &[red], "#4a4440", "#6a625c", 17.0);
    ware::bowls(pen, &[green], "#4a4440", "#6a625c", 14.0);
    pen.disc(red.x, red.y + 0.5, 14.0, "#b5382a");
    pen.disc(green.x, green.y + 0.5, 11.4, "#7f9a48");
    pen.place(red, |pen| {
        scatter(pen, dice, 10.0, 7, "#e2785a", 3.0);
        scatter(pen, dice, 10.0, 5, "#6c8f50", 2.6);
    });
    pen.place(green, |pen| scatter(pen, dice, 8.0, 6, "#c3d08a", 2.4));
    greens::wedge(pen, Place::at(20.0, -16.0).turned(30.0).scaled(0.9), "#5f8a3c", "#b9cf7a");
}

/// Olives in oil.
pub fn olives(pen: &mut Pen, dice: &mut Dice) {
    ware::bowl(pen, "#f4ecdd", "#b5472f", "#c9a83e", 20.0);
    let (ripe, green): (Vec<Place>, Vec<Place>) = around(dice, 9.5, 6).into_iter().partition(|_| dice.chance(0.3));
    for (some, dark, pale) in [(&green, "#5d6b33", "#9aa95c"), (&ripe, "#4a2f3a", "#8a6272")] {
        if !some.is_empty() {
            let gleams: Vec<Place> = some.iter().map(|place| Place::at(place.x - 1.6, place.y - 1.8)).collect();
            pen.dots(some, 5.0, dark);
            pen.dots(&gleams, 0.9, pale);
        }
    }
    pen.disc(0.0, 0.0, 4.2, "#76853f");
}
