//! Plates, bowls, boards, cutlery, glasses and linen, each around its own middle.

use super::dice::Dice;
use super::palette::{China, Palette};
use super::pen::{Pen, Place, SHADE, Short};

/// A soft shadow under something round: two discs, the wider one fainter.
pub fn round_shadow(pen: &mut Pen, r: f32) {
    pen.tint(4.0, 7.0, r + 1.5, SHADE, 26);
    pen.tint(2.0, 3.5, r, SHADE, 51);
}

/// A plate; the painted rim varies with the house.
pub fn plate(pen: &mut Pen, dice: &mut Dice, china: China, r: f32) {
    round_shadow(pen, r);
    pen.disc(0.0, 0.0, r, china.body);
    match dice.between(0.0, 4.0) {
        kind if kind < 1.0 => pen.ring(r * 0.93, china.rim, r * 0.03),
        kind if kind < 2.0 => {
            pen.ring(r * 0.95, china.rim, r * 0.022);
            pen.ring(r * 0.76, china.rim, r * 0.014);
        }
        kind if kind < 3.0 => pen.dashes(r * 0.86, china.rim, r * 0.06, 28.0, 0.3),
        _ => pen.ring(r * 0.97, china.rim, r * 0.05),
    }
    pen.disc(0.0, 0.0, r * 0.68, china.well);
    pen.disc(r * 0.012, r * 0.022, r * 0.66, china.body);
}

/// A plain small plate.
pub fn saucer(pen: &mut Pen, china: China, r: f32) {
    round_shadow(pen, r);
    pen.disc(0.0, 0.0, r, china.body);
    pen.ring(r * 0.9, china.rim, 1.1);
    pen.disc(0.0, 0.0, r * 0.62, china.well);
    pen.disc(0.4, 0.6, r * 0.6, china.body);
}

/// An oval platter.
pub fn platter(pen: &mut Pen, china: China, rx: f32, ry: f32) {
    pen.oval(3.0, 5.0, rx, ry, "#2b1d1033");
    pen.oval(0.0, 0.0, rx, ry, china.body);
    pen.put(format_args!(
        "<ellipse rx=\"{}\" ry=\"{}\" stroke=\"{}\" stroke-width=\"1.6\"/>",
        Short(rx * 0.94),
        Short(ry * 0.92),
        china.rim
    ));
    pen.oval(0.0, 0.0, rx * 0.8, ry * 0.74, china.well);
    pen.oval(0.5, 1.0, rx * 0.785, ry * 0.72, china.body);
}

/// A bowl with something in it up to a little under the rim.
pub fn bowl(pen: &mut Pen, body: &str, rim: &str, inside: &str, r: f32) {
    round_shadow(pen, r);
    pen.disc(0.0, 0.0, r, body);
    pen.ring(r * 0.97, rim, r * 0.06);
    pen.tint(0.0, 0.0, r * 0.87, SHADE, 56);
    pen.disc(r * 0.015, r * 0.04, r * 0.83, inside);
}

/// Small bowls of one kind; the caller fills them.
pub fn bowls(pen: &mut Pen, middles: &[Place], body: &str, rim: &str, r: f32) {
    let below: Vec<Place> = middles.iter().map(|place| Place::at(place.x + 1.6, place.y + 2.8)).collect();
    pen.dots(&below, r, "#2b1d1038");
    pen.dots(middles, r, rim);
    pen.dots(middles, r * 0.94, body);
    pen.dots(middles, r * 0.85, "#2b1d1038");
}

/// A wooden board, with a handle where one is wanted.
pub fn board(pen: &mut Pen, width: f32, height: f32, handle: bool) {
    let (w, h) = (width / 2.0, height / 2.0);
    let d = if handle {
        format!(
            "M-{} -{}h{}q10 0 10 10v{}q0 2 3 2h18q8 0 8 6t-8 6h-18q-3 0-3 2v{}q0 10-10 10h-{}q-10 0-10-10v-{}q0-10 10-10z",
            Short(w - 10.0),
            Short(h),
            Short(width - 20.0),
            Short(h - 18.0),
            Short(h - 18.0),
            Short(width - 20.0),
            Short(height - 20.0)
        )
    } else {
        format!(
            "M-{} -{}h{}q10 0 10 10v{}q0 10-10 10h-{}q-10 0-10-10v-{}q0-10 10-10z",
            Short(w - 10.0),
            Short(h),
            Short(width - 20.0),
            Short(height - 20.0),
            Short(width - 20.0),
            Short(height - 20.0)
        )
    };
    pen.solid(&d, 6.0, "#a9764a");
    pen.line(
        &format!(
            "M-{a} -{b}q{c} -6 {e} 0M-{c} {b}q{c} 5 {e} -1M-{a} 2q{c} 4 {c} 0",
            a = Short(w - 12.0),
            b = Short(h * 0.55),
            c = Short(w * 0.7),
            e = Short(w * 1.3)
        ),
        "#8c5c3680",
        1.3,
    );
}

/// A fork, a knife or a spoon, its handle toward the guest.
#[derive(Clone, Copy)]
pub enum Tool {
    Fork,
    Knife,
    Spoon,
}

/// Lays one piece of cutlery, 98 long.
pub fn tool(pen: &mut Pen, palette: &Palette, tool: Tool) {
    let (bright, dim) = palette.metal;
    let d = match tool {
        Tool::Fork => {
            "M-7-49q-1.5 0-1.5 2v17q0 10 5.5 14L-3.6 44q0 6 3.6 6t3.6-6L3-16q5.5-4 5.5-14v-17q0-2-1.5-2t-1.5 2v17h-2v-17q0-2-1.5-2t-1.5 2v17h-2v-17q0-2-1.5-2t-1.5 2v17h-1.5v-17q0-2-1.5-2z"
        }
        Tool::Knife => "M-3.5 6V-38q0-11 3-12 5.5 4 5.5 18V6zM-3.5 6 -3.8 44q0 6 3.8 6t3.8-6L3.5 6z",
        Tool::Spoon => "M0-50q9 1 9 15 0 11-6 14L3.6 44q0 6-3.6 6t-3.6-6L-3-21q-6-3-6-14 0-14 9-15z",
    };

    pen.solid(d, 2.6, bright);
    match tool {
        Tool::Spoon => pen.oval(0.3, -35.0, 5.6, 10.5, dim),
        Tool::Knife => pen.line("M3-40V4M-3.5 6h7", dim, 1.2),
        Tool::Fork => {}
    }
    pen.line("M.8-10 1 42", dim, 1.1);
}

/// Two chopsticks on their rest.
pub fn chopsticks(pen: &mut Pen, colour: &str) {
    let d = "M-5-52h2l2.5 104h-6zM3-52h2l3.5 104h-6z";
    pen.slab(1.5, -30.0, 24.0, 7.0, 3.5, "#2b1d1038");
    pen.slab(0.5, -32.0, 24.0, 7.0, 3.5, "#f2eadb");
    pen.solid(d, 3.0, colour);
    pen.line("M-4 30v18M5 30v18", "#e7c26f", 1.4);
}

/// What is in a glass.
#[derive(Clone, Copy)]
pub enum Drink {
    Water,
    Red,
    White,
    Rose,
    Beer,
    Tea,
}

/// A glass from above: foot, bowl, what is in it, and the light on its rim.
pub fn glass(pen: &mut Pen, drink: Drink, r: f32) {
    let (fill, depth) = match drink {
        Drink::Water => ("#dcebea", 140),
        Drink::Red => ("#6d1f2c", 235),
        Drink::White => ("#ecd987", 190),
        Drink::Rose => ("#e8a18c", 205),
        Drink::Beer => ("#d79a35", 242),
        Drink::Tea => ("#a96a2c", 217),
    };
    pen.tint(5.0, 8.0, r, SHADE, 41);
    pen.tint(0.0, 0.0, r, "#ffffff", 76);
    pen.tint(0.0, 0.0, r * 0.8, fill, depth);
    if matches!(drink, Drink::Beer) {
        pen.circle(1.0, 1.0, r * 0.66, "fill=\"#fbf3df\"");
        pen.dashes(r * 0.4, "#efe2c4", r * 0.2, 7.0, 0.35);
    }
    pen.circle(0.0, 0.0, r, "stroke=\"#ffffffd9\" stroke-width=\"1.6\"");
    let h = r * 0.55;
    pen.line(
        &format!(
            "M-{} -{}A{} {} 0 0 1 {} -{}",
            Short(h),
            Short(h * 0.35),
            Short(h * 1.1),
            Short(h * 1.1),
            Short(h * 0.1),
            Short(h * 1.05)
        ),
        "#ffffffcc",
        1.5,
    );
}

/// A folded napkin, its hem in the trim's colour.
pub fn napkin(pen: &mut Pen, dice: &mut Dice, palette: &Palette) {
    let folded = dice.chance(0.5);
    let d = if folded { "M-19-42 18-43 20 43-18 42z" } else { "M-22-40 24-36 2 46z" };
    pen.solid(d, 3.5, palette.napkin);
    let fold = if folded { "M0-42.5 18-43 20 43 1 42.5z" } else { "M-22-40 2 46-2-38z" };
    pen.put(format_args!("<path d=\"{fold}\" fill=\"{SHADE}17\"/>"));
    let hem = if palette.trim == palette.napkin { "#fbf7ef" } else { palette.trim };
    let line = if folded { "M-14-38v76M-11-38v76" } else { "M-18-37 20-33" };
    pen.line(line, hem, 1.4);
}

/// A candle in a glass and the circle of light around it.
pub fn candle(pen: &mut Pen) {
    pen.tint(0.0, 0.0, 40.0, "#ffdf9a", 26);
    pen.tint(0.0, 0.0, 26.0, "#ffdf9a", 41);
    round_shadow(pen, 12.0);
    pen.disc(0.0, 0.0, 12.0, "#c98a45");
    pen.disc(0.0, 0.0, 9.4, "#f6e6c2");
    pen.ring(12.0, "#efc98c", 1.4);
    pen.disc(0.0, 0.0, 4.6, "#ffd56b");
    pen.disc(0.0, 0.0, 2.0, "#fff8e2");
}
