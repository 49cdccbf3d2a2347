//! The dish in the middle of a table, told by its kitchen; each fits a circle of radius 58.

use super::dice::Dice;
use super::greens;
use super::kitchen::Kitchen;
use super::palette::Palette;
use super::pen::{Pen, Place, Track};

mod bar;
mod bowls;
mod fire;
mod oven;
mod plates;
mod sea;

/// How guests eat it, which decides what lies beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    ForkAndKnife,
    Spoon,
    Chopsticks,
    Fingers,
}

/// How a kitchen's guests eat.
pub const fn hand(kitchen: Kitchen) -> Hand {
    match kitchen {
        Kitchen::Sushi | Kitchen::Noodles | Kitchen::Dumplings => Hand::Chopsticks,
        Kitchen::Bar | Kitchen::Bakery | Kitchen::Mezze => Hand::Fingers,
        Kitchen::Indian | Kitchen::Moroccan => Hand::Spoon,
        _ => Hand::ForkAndKnife,
    }
}

/// Draws the dish with the ware it comes on.
pub fn draw(pen: &mut Pen, dice: &mut Dice, palette: &Palette, kitchen: Kitchen) {
    match kitchen {
        Kitchen::Seafood => sea::fish(pen, dice, palette),
        Kitchen::Sushi => sea::sushi(pen, dice),
        Kitchen::Portuguese => sea::sardines(pen, dice, palette),
        Kitchen::Noodles => bowls::noodles(pen, dice),
        Kitchen::Dumplings => bowls::dumplings(pen, dice),
        Kitchen::Indian => bowls::thali(pen, dice),
        Kitchen::Mezze => bowls::mezze(pen, dice),
        Kitchen::Italian if dice.chance(0.4) => plates::pasta(pen, dice, palette),
        Kitchen::Italian => oven::pizza(pen, dice),
        Kitchen::Bakery if dice.chance(0.4) => oven::croissants(pen, dice, palette),
        Kitchen::Bakery => oven::bread(pen, dice),
        Kitchen::Brunch => oven::eggs(pen, dice, palette),
        Kitchen::Bar => bar::coupe(pen, dice, 0),
        Kitchen::Grill => fire::steak(pen, dice),
        Kitchen::Mexican => fire::tacos(pen, dice, palette),
        Kitchen::Moroccan => fire::tagine(pen, dice, palette),
        Kitchen::Paella => fire::paella(pen, dice),
        Kitchen::Garden => plates::salad(pen, dice, palette),
        Kitchen::French => plates::bistro(pen, dice, palette),
        Kitchen::Tasting => plates::tasting(pen, dice, palette),
    }
}

/// The small thing that stands beside the dish.
pub fn aside(pen: &mut Pen, dice: &mut Dice, palette: &Palette, kitchen: Kitchen) {
    match kitchen {
        Kitchen::Sushi => bowls::dip(pen, "#3b2a22", "#2a1a12", "#5a3a28"),
        Kitchen::Dumplings => bowls::dip(pen, "#f2eadb", "#8f2f22", "#5a2018"),
        Kitchen::Indian => oven::naan(pen, dice),
        Kitchen::Mexican => bowls::salsa(pen, dice),
        Kitchen::Noodles | Kitchen::Moroccan => bowls::tea(pen),
        Kitchen::Bakery | Kitchen::Brunch => oven::coffee(pen, dice, palette),
        Kitchen::Bar => bar::nibbles(pen, dice),
        Kitchen::Seafood | Kitchen::Portuguese => sea::oysters(pen, dice, palette),
        Kitchen::Paella | Kitchen::Mezze | Kitchen::Italian => bowls::olives(pen, dice),
        Kitchen::Grill | Kitchen::Garden | Kitchen::French | Kitchen::Tasting => oven::rolls(pen, dice, palette),
    }
}

/// A second helping for a wide table: what shares the middle with the dish that `main` threw.
pub fn shared(pen: &mut Pen, dice: &mut Dice, palette: &Palette, kitchen: Kitchen, main: &mut Dice) {
    match kitchen {
        Kitchen::Bar => bar::coupe(pen, dice, 1),
        Kitchen::Bakery if main.chance(0.4) => oven::bread(pen, dice),
        Kitchen::Bakery => oven::croissants(pen, dice, palette),
        Kitchen::Sushi => sea::maki(pen, dice),
        Kitchen::Seafood | Kitchen::Grill | Kitchen::Italian | Kitchen::Paella | Kitchen::Portuguese => {
            plates::salad(pen, dice, palette);
        }
        Kitchen::Moroccan | Kitchen::Mezze | Kitchen::Indian => bowls::mezze(pen, dice),
        Kitchen::Garden | Kitchen::French | Kitchen::Tasting | Kitchen::Brunch => oven::bread(pen, dice),
        Kitchen::Mexican => bowls::salsa(pen, dice),
        Kitchen::Noodles | Kitchen::Dumplings => bowls::dumplings(pen, dice),
    }
}

/// Crumbs, seeds, peppercorns: dots scattered within a circle, one path.
fn scatter(pen: &mut Pen, dice: &mut Dice, r: f32, count: u8, colour: &str, size: f32) {
    let mut dots = Track::default();
    for _ in 0..count {
        let (turn, away) = (dice.between(0.0, std::f32::consts::TAU), r * dice.between(0.05, 1.0).sqrt());
        dots.add(format_args!("M{:.0} {:.0}h0", away * turn.cos(), away * turn.sin()));
    }
    pen.line(&dots, colour, size);
}

/// Places set evenly on a circle, a little astray, each turned outward.
fn around(dice: &mut Dice, r: f32, count: u8) -> Vec<Place> {
    let start = dice.between(0.0, 360.0);
    (0..count)
        .map(|index| {
            let turn = start + 360.0 * f32::from(index) / f32::from(count) + dice.between(-9.0, 9.0);
            let away = r * dice.between(0.92, 1.06);
            let (sin, cos) = turn.to_radians().sin_cos();
            Place::at(away * cos, away * sin).turned(turn % 360.0)
        })
        .collect()
}

/// A slice of lemon where nothing else is meant.
fn lemon(pen: &mut Pen, x: f32, y: f32) {
    greens::citrus(pen, Place::at(x, y), "#e7b93c", "#f4d66a");
}
