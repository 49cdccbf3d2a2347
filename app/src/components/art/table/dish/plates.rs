//! What is arranged on a plate.

use super::super::dice::Dice;
use super::super::greens;
use super::super::palette::Palette;
use super::super::pen::{Pen, Place, Short};
use super::super::ware;
use super::{around, scatter};

/// Leaves, radishes, tomatoes and flowers.
pub fn salad(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 56.0);
    for (r, count, green, size) in
        [(21.0, 6, "#47703c", 0.95), (17.0, 7, "#6c9448", 0.9), (8.0, 5, "#86a95b", 1.0), (12.0, 3, "#a9c173", 0.8)]
    {
        let places: Vec<Place> = around(dice, r, count).into_iter().map(|place| place.scaled(size)).collect();
        greens::leaves(pen, &places, green);
    }
    let radishes = around(dice, 23.0, 4);
    pen.dots(&radishes, 7.0, "#c23f5e");
    pen.dots(&radishes, 5.8, "#fdf4f1");
    pen.dots(&radishes, 2.2, "#f3d3d8");
    let tomatoes = around(dice, 12.0, 3);
    pen.dots(&tomatoes, 7.4, "#c7402c");
    pen.dots(&tomatoes, 5.8, "#e2694a");
    pen.stamp(&tomatoes, |pen| pen.dashes(3.2, "#f6c08a", 2.4, 4.0, 0.5));
    let petals = dice.pick(&["#8a6ab0", "#efb23c", "#e58aa0"]);
    let flowers = around(dice, 28.0, 3);
    pen.stamp(&flowers, |pen| pen.dashes(3.2, petals, 4.6, 5.0, 0.8));
    pen.dots(&flowers, 1.7, "#f6d36a");
    pen.line("M-22 8q14 9 30-3M-9-24q12 5 22 2", "#e2873a", 3.0);
    scatter(pen, dice, 30.0, 12, "#efe2c0", 2.0);
}

/// Fillet, asparagus, small potatoes and butter sauce.
pub fn bistro(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 57.0);
    pen.place(Place::HERE.turned(dice.between(-30.0, 30.0)), |pen| {
        pen.shape("M-30 14Q-34-10-6-14T30-4Q34 16 8 22T-30 14z", "#f0d88f");
        pen.line("M-22 10q6 8 18 8M14 18q10-2 13-10", "#fdf3cf99", 2.6);
        let potatoes = [(-21.0, -13.0), (-10.0, -20.0), (4.0, -22.0)].map(|(x, y)| Place::at(x, y));
        let (below, gleams) = (
            potatoes.map(|place| Place::at(place.x + 1.0, place.y + 1.6)),
            potatoes.map(|place| Place::at(place.x - 1.6, place.y - 2.0)),
        );
        pen.dots(&below, 7.0, "#b58a3e");
        pen.dots(&potatoes, 7.0, "#e7c266");
        pen.dots(&gleams, 2.6, "#f5df9e");
        pen.stamp(
            &[
                Place::at(10.0, -8.0).turned(66.0),
                Place::at(15.0, -8.0).turned(72.0),
                Place::at(20.0, -8.0).turned(62.0),
            ],
            |pen| {
                pen.line("M0 26V-14", "#6c9448", 4.2);
                pen.shape("M-3-12Q-2-24 0-26 2-24 3-12z", "#4f7538");
                pen.line("M-1 2l2-3M-1 12l2-3", "#4f7538", 1.4);
            },
        );
        pen.place(Place::at(-2.0, 7.0).turned(-8.0), |pen| {
            let d = "M-26 4Q-26-10-4-11T26-4Q28 8 10 11T-26 4z";
            pen.solid(d, 3.0, "#d99a5a");
            pen.shape("M-22 2Q-21-7-4-8T22-3Q23 5 8 7T-22 2z", "#e9b87e");
            pen.line("M-12-6-8 7M-1-8 3 8M10-7 13 6", "#b9713a", 1.8);
        });
    });
    let drops = around(dice, 30.0, 5);
    pen.dots(&drops, 2.0, "#6f9048");
    scatter(pen, dice, 18.0, 8, "#4c6a34", 1.8);
}

/// Very little on a very large plate, placed with tweezers.
pub fn tasting(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 58.0);
    let (sauce, gem) =
        dice.pick(&[("#b5472f", "#8f2f4a"), ("#6c8a4a", "#d9a441"), ("#c98a3a", "#6a3550"), ("#8f2f4a", "#efb23c")]);
    pen.place(Place::HERE.turned(dice.between(0.0, 360.0)), |pen| {
        pen.circle(0.0, 0.0, 24.0, &format!("stroke=\"{sauce}\" stroke-width=\"6\" stroke-dasharray=\"92 99\""));
        let on_arc = |degrees: f32| {
            let (sin, cos) = degrees.to_radians().sin_cos();
            Place::at(24.0 * cos, 24.0 * sin).turned(degrees + 70.0)
        };
        let scallops = [10.0, 112.0].map(on_arc);
        pen.dots(&scallops.map(|place| Place::at(place.x + 0.8, place.y + 1.6)), 7.0, "#9c8f7899");
        pen.dots(&scallops, 7.0, "#f3dfba");
        pen.dots(&scallops, 4.6, "#d99a5a");
        greens::leaves(pen, &[42.0, 150.0, 86.0].map(on_arc).map(|place| place.scaled(0.6)), "#6c9448");
        for place in [78.0, 188.0].map(on_arc) {
            pen.put(format_args!(
                "<rect x=\"{}\" y=\"{}\" width=\"9\" height=\"9\" rx=\"1.5\" fill=\"{gem}\"/>",
                Short(place.x - 4.5),
                Short(place.y - 4.5)
            ));
        }
        let flowers = [Place::at(-20.0, -15.0), Place::at(21.0, -6.0)];
        pen.stamp(&flowers, |pen| pen.dashes(3.4, "#a98ac4", 4.8, 5.0, 0.8));
        pen.dots(&flowers, 1.8, "#f6d36a");
    });
    scatter(pen, dice, 30.0, 7, sauce, 2.2);
}

/// Spaghetti in a nest, tomato and basil on top.
pub fn pasta(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    ware::plate(pen, dice, palette.china, 57.0);
    let sauce = dice.pick(&["#c7462b", "#d9772e", "#6c8a4a"]);
    pen.disc(1.0, 2.0, 31.0, "#2b1d1026");
    pen.disc(0.0, 0.0, 30.0, "#dcae56");
    pen.place(Place::HERE.turned(dice.between(0.0, 360.0)), |pen| {
        for (r, colour) in
            [(28.0, "#f2d48c"), (24.0, "#e6bf6c"), (20.0, "#f6dd9e"), (16.0, "#e6bf6c"), (12.0, "#f2d48c")]
        {
            pen.circle(
                0.0,
                0.0,
                r,
                &format!("stroke=\"{colour}\" stroke-width=\"2.6\" stroke-dasharray=\"{:.0} 7 {:.0} 5\"", r * 2.1, r),
            );
        }
        pen.line("M-27 10Q-38 18-30 28M26-12Q38-20 33-29M-8-29Q2-40 14-32", "#ecca7a", 2.6);
        pen.shape("M-17 2Q-19-12-6-14 4-20 12-12 20-6 16 5 17 14 6 15-4 20-11 13-17 11-17 2z", sauce);
        pen.line("M-9-4q5-6 11-4M-5 8q6 4 12-1", "#fff3d699", 2.0);
    });
    let tomatoes = around(dice, 10.0, 3);
    pen.dots(&tomatoes, 5.0, "#a93620");
    pen.dots(&tomatoes, 3.4, "#e2694a");
    greens::leaves(
        pen,
        &[
            Place::at(0.0, 1.0).turned(-30.0).scaled(0.8),
            Place::at(0.0, 1.0).turned(100.0).scaled(0.7),
            Place::at(-1.0, 0.0).turned(215.0).scaled(0.75),
        ],
        "#4c7a3c",
    );
    scatter(pen, dice, 30.0, 16, "#fdf6e2", 1.8);
}
