//! Lays the table: what lies where, for each crop.

use super::crop::Crop;
use super::dice::Dice;
use super::dish::{self, Hand};
use super::greens;
use super::kitchen::Kitchen;
use super::palette::Palette;
use super::pen::{Pen, Place, Short};
use super::surface::{self, Extent};
use super::ware::{self, Drink, Tool};

/// A whole drawing of one venue's table.
pub fn table(seed: u64, cuisine: &str, crop: Crop) -> String {
    let mut dice = Dice::new(seed, cuisine);
    let kitchen = Kitchen::of(cuisine, &mut dice);
    let palette = Palette::of(kitchen, &mut dice);
    let serving = dice.seed();
    let tag = format!("{}{}", dice.tag(), crop.letter());
    let lean = dice.between(7.0, 17.0) * dice.side();
    let mut pen = Pen::new(tag.clone());
    framed(&mut pen, crop, |pen| {
        let room =
            Place { x: crop.width() / 2.0, y: crop.height() / 2.0, turn: lean * crop.lean(), scale: crop.zoom() };
        pen.place(room, |pen| {
            let reach = (crop.width() + crop.height() * 0.6) / crop.zoom();
            let extent = Extent { width: reach, height: (crop.height() + crop.width() * 0.42) / crop.zoom() };
            surface::top(pen, &mut dice, palette.ground, extent, &tag);
            let mut table = Table { dice: &mut dice, palette, kitchen, serving };
            match crop {
                Crop::Card => table.card(pen),
                Crop::Hero => table.hero(pen),
                Crop::Round => table.bare(pen),
            }
            surface::light(pen, &mut dice, Extent { width: crop.width() / crop.zoom(), height: extent.height });
        });
    });
    pen.into_svg()
}

fn framed(pen: &mut Pen, crop: Crop, inside: impl FnOnce(&mut Pen)) {
    pen.put(format_args!(
        "<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"xMidYMid slice\" fill=\"none\" stroke-linecap=\"round\" aria-hidden=\"true\">",
        Short(crop.width()),
        Short(crop.height())
    ));
    inside(pen);
    pen.raw("</svg>");
}

/// One table while it is being laid.
pub struct Table<'a> {
    pub dice: &'a mut Dice,
    pub palette: Palette,
    pub kitchen: Kitchen,
    /// The seed of the dish, so that a venue serves the same in every crop.
    pub serving: u64,
}

impl Table<'_> {
    /// Nobody lays a table with a ruler.
    pub fn astray(&mut self, place: Place) -> Place {
        let dice = &mut *self.dice;
        Place {
            x: place.x + dice.between(-4.0, 4.0),
            y: place.y + dice.between(-4.0, 4.0),
            turn: place.turn + dice.between(-7.0, 6.0),
            ..place
        }
    }

    /// The dish that the table is about.
    pub fn main_dish(&mut self, pen: &mut Pen, place: Place) {
        let (palette, kitchen) = (self.palette, self.kitchen);
        let mut dice = Dice::new(self.serving, "dish");
        pen.place(place, |pen| dish::draw(pen, &mut dice, &palette, kitchen));
    }

    fn aside(&mut self, pen: &mut Pen, place: Place) {
        let place = self.astray(place);
        let (palette, kitchen) = (self.palette, self.kitchen);
        pen.place(place, |pen| dish::aside(pen, self.dice, &palette, kitchen));
    }

    fn shared(&mut self, pen: &mut Pen, place: Place) {
        let place = self.astray(place);
        let (palette, kitchen) = (self.palette, self.kitchen);
        let mut main = Dice::new(self.serving, "dish");
        pen.place(place, |pen| dish::shared(pen, self.dice, &palette, kitchen, &mut main));
    }

    fn napkin(&mut self, pen: &mut Pen, place: Place) {
        let place = self.astray(place);
        let palette = self.palette;
        pen.place(place, |pen| ware::napkin(pen, self.dice, &palette));
    }

    fn glass(&mut self, pen: &mut Pen, place: Place, r: f32) {
        let place = self.astray(place);
        let drinks: &[Drink] = match self.kitchen {
            Kitchen::Bakery | Kitchen::Brunch | Kitchen::Moroccan | Kitchen::Indian => &[Drink::Water, Drink::Tea],
            Kitchen::Sushi | Kitchen::Noodles | Kitchen::Dumplings | Kitchen::Mexican => {
                &[Drink::Beer, Drink::Tea, Drink::Water]
            }
            Kitchen::Seafood | Kitchen::Garden | Kitchen::Portuguese => &[Drink::White, Drink::Rose, Drink::Water],
            _ => &[Drink::Red, Drink::White, Drink::Water],
        };
        let drink = self.dice.pick(drinks);
        pen.place(place, |pen| ware::glass(pen, drink, r));
    }

    /// Cutlery left and right of a dish of that radius.
    fn cutlery(&mut self, pen: &mut Pen, middle: Place, r: f32) {
        let palette = self.palette;
        let hand = dish::hand(self.kitchen);
        pen.place(middle, |pen| match hand {
            Hand::ForkAndKnife => {
                pen.place(Place::at(-r - 15.0, 4.0).turned(-2.0), |pen| ware::tool(pen, &palette, Tool::Fork));
                pen.place(Place::at(r + 15.0, 4.0).turned(2.0), |pen| ware::tool(pen, &palette, Tool::Knife));
            }
            Hand::Spoon => {
                pen.place(Place::at(-r - 15.0, 4.0).turned(-2.0), |pen| ware::tool(pen, &palette, Tool::Fork));
                pen.place(Place::at(r + 15.0, 4.0).turned(3.0), |pen| ware::tool(pen, &palette, Tool::Spoon));
            }
            Hand::Chopsticks => {
                let lacquer = if palette.ground.base < "#5" { "#b5472f" } else { "#3a2a22" };
                pen.place(Place::at(r + 17.0, 2.0).turned(4.0), |pen| ware::chopsticks(pen, lacquer));
            }
            Hand::Fingers => {}
        });
    }

    /// A candle, or a sprig of something green.
    pub fn garnish(&mut self, pen: &mut Pen, place: Place) {
        if self.dice.chance(0.4) {
            pen.place(place, ware::candle);
        } else {
            let dice = &mut *self.dice;
            let (green, dark) = dice.pick(&[("#7c9a5c", "#55764a"), ("#93a88a", "#6d8468"), ("#8a9a4c", "#5d6b33")]);
            let turn = dice.between(20.0, 70.0);
            pen.place(Place { turn, ..place }, |pen| greens::sprig(pen, dice, green, dark));
        }
    }

    /// How wide the dish is, for what lies beside it.
    fn breadth(&self) -> f32 {
        match self.kitchen {
            Kitchen::Seafood | Kitchen::Mexican | Kitchen::Sushi => 76.0,
            Kitchen::Bakery | Kitchen::Grill | Kitchen::Paella => 66.0,
            _ => 58.0,
        }
    }

    /// One place, close by: 320 by 200. Sometimes from across the table, sometimes leaning in.
    fn card(&mut self, pen: &mut Pen) {
        let side = self.dice.side();
        let view = match self.dice.between(0.0, 10.0) {
            mood if mood < 5.0 => Place::HERE,
            mood if mood < 7.0 => Place::HERE.turned(180.0),
            _ => Place::at(side * 26.0, 10.0).scaled(1.24),
        };
        pen.place(view, |pen| self.setting(pen, -side * 12.0));
    }

    fn setting(&mut self, pen: &mut Pen, shift: f32) {
        let big = if self.breadth() > 70.0 { 1.06 } else { 1.2 };
        let middle = self.astray(Place::at(shift, 6.0)).turned(0.0);
        let r = self.breadth() * big;
        let (left, right) = (middle.x - r - 18.0, middle.x + r + 18.0);
        let napkin = if dish::hand(self.kitchen) == Hand::Fingers {
            Place::at(left + 6.0, middle.y + 36.0).turned(28.0)
        } else {
            Place::at(left, middle.y + 14.0)
        };
        self.napkin(pen, napkin);
        self.cutlery(pen, Place { y: middle.y + 8.0, ..middle }, r);
        self.main_dish(pen, middle.scaled(big));
        self.aside(pen, Place::at(left - 16.0, middle.y - 72.0));
        if self.kitchen == Kitchen::Bar {
            self.shared(pen, Place::at(right + 44.0, middle.y - 52.0).scaled(0.86));
        } else {
            self.glass(pen, Place::at(right + 4.0, middle.y - 70.0), 19.0);
            if self.dice.chance(0.35) {
                self.guest_plate(pen, Place::at(right + 74.0, middle.y + 8.0));
                return;
            }
            if self.dice.chance(0.6) {
                self.glass(pen, Place::at(right + 48.0, middle.y - 44.0), 15.0);
            }
        }
        self.garnish(pen, Place::at(right + 42.0, middle.y + 58.0));
    }

    /// Someone else's plate, just in view.
    fn guest_plate(&mut self, pen: &mut Pen, place: Place) {
        let (china, dice) = (self.palette.china, &mut *self.dice);
        pen.place(place, |pen| ware::plate(pen, dice, china, 52.0));
    }

    /// A stretch of table: 1200 by 420.
    fn hero(&mut self, pen: &mut Pen) {
        let r = self.breadth() * 1.26;
        let middle = Place::at(-88.0, 6.0);
        let edge = middle.x + r + 16.0;
        self.guest_plate(pen, Place::at(-284.0, 70.0));
        self.guest_plate(pen, Place::at(276.0, -48.0));
        self.napkin(pen, Place::at(middle.x - r - 19.0, 12.0).scaled(1.1));
        self.cutlery(pen, Place { y: 12.0, ..middle }, r);
        self.main_dish(pen, middle.scaled(1.26));
        self.shared(pen, Place::at(edge + 132.0, 22.0).scaled(1.1));
        self.aside(pen, Place::at(edge + 40.0, 62.0).scaled(0.84));
        self.aside(pen, Place::at(-254.0, -52.0));
        if self.kitchen != Kitchen::Bar {
            self.glass(pen, Place::at(edge + 26.0, -52.0), 21.0);
            self.glass(pen, Place::at(edge + 68.0, -70.0), 17.0);
            self.glass(pen, Place::at(-200.0, -80.0), 18.0);
        }
        self.glass(pen, Place::at(edge + 196.0, -62.0), 18.0);
        self.garnish(pen, Place::at(edge + 134.0, -84.0));
        self.garnish(pen, Place::at(252.0, 74.0));
    }

    /// A plate with nothing on it, for pages about something missing: 400 by 400.
    fn bare(&mut self, pen: &mut Pen) {
        let palette = self.palette;
        let middle = Place::at(0.0, 2.0);
        self.napkin(pen, Place::at(-92.0, 6.0));
        pen.place(Place::at(-86.0, 4.0).turned(-2.0), |pen| ware::tool(pen, &palette, Tool::Fork));
        pen.place(Place::at(86.0, 4.0).turned(14.0), |pen| ware::tool(pen, &palette, Tool::Knife));
        let dice = &mut *self.dice;
        pen.place(middle.scaled(1.2), |pen| ware::plate(pen, dice, palette.china, 56.0));
        pen.line("M-14-6h0M9 8h0M3-14h1M-8 14h1M19-3h0M-22 6h0", "#c08443", 2.6);
        self.glass(pen, Place::at(78.0, -84.0), 18.0);
        self.garnish(pen, Place::at(-70.0, -92.0));
    }
}
