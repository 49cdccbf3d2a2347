//! The table top itself, and the daylight that falls on it.

use super::dice::Dice;
use super::palette::{Ground, Make};
use super::pen::{Pen, Short, Track};

/// The piece of table to cover, around the origin.
#[derive(Clone, Copy)]
pub struct Extent {
    pub width: f32,
    pub height: f32,
}

/// Draws the table top over the whole extent.
pub fn top(pen: &mut Pen, dice: &mut Dice, ground: Ground, extent: Extent, tag: &str) {
    let Extent { width, height } = extent;
    pen.slab(0.0, 0.0, width, height, 0.0, ground.base);
    match ground.make {
        Make::Wood => planks(pen, dice, ground, extent),
        Make::Linen => weave(pen, dice, ground, extent, tag),
        Make::Stripe => stripes(pen, dice, ground, extent),
        Make::Gingham => gingham(pen, ground, extent, tag),
        Make::Marble => veins(pen, dice, ground, extent),
        Make::Stone => grit(pen, dice, ground, extent),
        Make::Tile => tiles(pen, ground, extent, tag),
    }
}

fn planks(pen: &mut Pen, dice: &mut Dice, ground: Ground, Extent { width, height }: Extent) {
    let left = -width / 2.0;
    let mut y = -height / 2.0 + dice.between(10.0, 40.0);
    let (mut seams, mut grain, mut shine) = (Track::default(), Track::default(), Track::default());
    while y < height / 2.0 {
        let board = dice.between(46.0, 60.0);
        seams.add(format_args!("M{left:.0} {y:.0}h{width:.0}"));
        for share in [0.22, 0.5, 0.76] {
            let at = y + board * (share + dice.between(-0.08, 0.08));
            let line = if share > 0.6 { &mut shine } else { &mut grain };
            line.add(format_args!(
                "M{:.0} {at:.0}q{:.0} {:.0} {:.0} 0",
                dice.between(left, 0.0),
                width * 0.2,
                dice.between(-5.0, 5.0),
                width * dice.between(0.3, 0.5)
            ));
        }
        y += board;
    }
    pen.line(&grain, &format!("{}8c", ground.deep), 1.2);
    pen.line(&shine, &format!("{}8c", ground.pale), 1.6);
    pen.line(&seams, ground.deep, 1.6);
}

fn pattern(pen: &mut Pen, extent: Extent, tag: &str, size: f32, inside: impl FnOnce(&mut Pen)) {
    let size = Short(size);
    pen.put(format_args!("<pattern id=\"{tag}p\" width=\"{size}\" height=\"{size}\" patternUnits=\"userSpaceOnUse\">"));
    inside(pen);
    pen.raw("</pattern>");
    pen.slab(0.0, 0.0, extent.width, extent.height, 0.0, &format!("url(#{tag}p)"));
}

/// Linen shows its weave and the creases of the press.
fn weave(pen: &mut Pen, dice: &mut Dice, ground: Ground, extent: Extent, tag: &str) {
    pattern(pen, extent, tag, 4.0, |pen| {
        pen.line("M0 1h2M2 3h2", &format!("{}59", ground.pale), 0.8);
        pen.line("M3 0v2M1 2v2", &format!("{}59", ground.deep), 0.8);
    });
    let (x, y) =
        (dice.between(0.12, 0.3) * extent.width * dice.side(), dice.between(0.1, 0.2) * extent.height * dice.side());
    let (w, h) = (extent.width / 2.0, extent.height / 2.0);
    let crease = |shift: f32| format!("M{:.1} -{h:.0}V{h:.0}M-{w:.0} {:.1}H{w:.0}", x + shift, y + shift);
    pen.line(&crease(1.2), &format!("{}b3", ground.deep), 1.6);
    pen.line(&crease(-0.6), &format!("{}b3", ground.pale), 2.0);
}

fn stripes(pen: &mut Pen, dice: &mut Dice, ground: Ground, Extent { width, height }: Extent) {
    let half = height / 2.0;
    let mut x = -width / 2.0 + dice.between(0.0, 30.0);
    let (mut thick, mut thin) = (Track::default(), Track::default());
    while x < width / 2.0 {
        thick.add(format_args!("M{x:.0} -{half:.0}V{half:.0}"));
        thin.add(format_args!("M{:.0} -{half:.0}V{half:.0}M{:.0} -{half:.0}V{half:.0}", x - 7.0, x + 7.0));
        x += 44.0;
    }
    let tone = if ground.deep > "#6" { ground.pale } else { ground.deep };
    let tone = format!("{tone}80");
    pen.line(&thick, &tone, 6.0);
    pen.line(&thin, &tone, 1.2);
}

fn gingham(pen: &mut Pen, ground: Ground, extent: Extent, tag: &str) {
    pattern(pen, extent, tag, 26.0, |pen| {
        let thread = format!("{}78", ground.deep);
        pen.shape("M0 0h13v26h-13z", &thread);
        pen.shape("M0 0h26v13h-26z", &thread);
    });
}

fn veins(pen: &mut Pen, dice: &mut Dice, ground: Ground, Extent { width, height }: Extent) {
    let (mut broad, mut fine) = (Track::default(), Track::default());
    for _ in 0..5 {
        let x = dice.between(-width / 2.0, width / 2.0);
        let (lean, wave) = (dice.between(40.0, 120.0), dice.between(-40.0, 40.0));
        let (half, quarter) = (height / 2.0, height / 4.0);
        broad.add(format_args!(
            "M{x:.0} -{half:.0}q{wave:.0} {quarter:.0} {:.0} {half:.0}t{lean:.0} {half:.0}",
            lean * 0.6
        ));
        let y = dice.between(-half, 0.0);
        fine.add(format_args!(
            "M{:.0} {y:.0}q30 {wave:.0} {:.0} {:.0}",
            x + lean,
            dice.between(40.0, 90.0),
            dice.between(20.0, 70.0)
        ));
    }
    pen.line(&broad, &format!("{}99", ground.pale), 7.0);
    pen.line(&broad, &format!("{}99", ground.deep), 1.3);
    pen.line(&fine, &format!("{}99", ground.deep), 0.8);
}

fn grit(pen: &mut Pen, dice: &mut Dice, ground: Ground, Extent { width, height }: Extent) {
    for (colour, stroke) in [(ground.pale, 1.4), (ground.deep, 1.8)] {
        let mut flecks = Track::default();
        for _ in 0..20 {
            let (x, y) = (dice.between(-0.5, 0.5) * width, dice.between(-0.5, 0.5) * height);
            flecks.add(format_args!("M{x:.0} {y:.0}h{:.0}", dice.between(0.0, 7.0)));
        }
        pen.line(&flecks, colour, stroke);
    }
}

fn tiles(pen: &mut Pen, ground: Ground, extent: Extent, tag: &str) {
    pattern(pen, extent, tag, 44.0, |pen| {
        let paint = format!("{}bf", ground.deep);
        pen.shape("M22 4q5 8 4 14 6-1 14 4-8 5-14 4 1 6-4 14-5-8-4-14-6 1-14-4 8-5 14-4-1-6 4-14z", &paint);
        pen.line(
            "M0 12A12 12 0 0 0 12 0M32 0A12 12 0 0 0 44 12M44 32A12 12 0 0 0 32 44M12 44A12 12 0 0 0 0 32",
            &paint,
            2.4,
        );
        pen.disc(22.0, 22.0, 3.0, ground.base);
        pen.line("M0 0H44M0 0V44", ground.pale, 1.6);
    });
}

/// Daylight through a window: slanting bars over the table and all that is on it.
pub fn light(pen: &mut Pen, dice: &mut Dice, Extent { width, height }: Extent) {
    let (left, top, bottom) = (-width / 2.0, -height / 2.0, height / 2.0);
    let mut x = left + dice.between(0.1, 0.4) * width;
    let lean = height * dice.between(0.35, 0.6);
    let mut panes = Track::default();
    for _ in 0..3 {
        let pane = dice.between(0.09, 0.16) * width;
        panes.add(format_args!("M{:.0} {top:.0}h{pane:.0}L{:.0} {bottom:.0}h-{pane:.0}z", x + lean, x + pane));
        x += pane * 1.16;
    }
    pen.shape(&panes, "#fff6df24");
}
