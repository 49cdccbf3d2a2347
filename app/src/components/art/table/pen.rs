//! Writes small SVG: short numbers, groups that place things, and the few shapes a table needs.

use std::fmt::{self, Display, Write};
use std::ops::Deref;

/// The colour of every shadow.
pub const SHADE: &str = "#2b1d10";

/// A number with one decimal at most, in the fewest characters.
#[derive(Clone, Copy)]
pub struct Short(pub f32);

impl Display for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.1}", self.0);
        let text = text.strip_suffix(".0").unwrap_or(&text);
        f.write_str(&match text.strip_prefix("-0.") {
            Some(rest) => format!("-.{rest}"),
            None if text == "-0" => "0".to_owned(),
            None => match text.strip_prefix("0.") {
                Some(rest) => format!(".{rest}"),
                None => text.to_owned(),
            },
        })
    }
}

/// Where a thing lies, how it is turned (degrees) and how large it is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub x: f32,
    pub y: f32,
    pub turn: f32,
    pub scale: f32,
}

impl Place {
    pub const HERE: Self = Self { x: 0.0, y: 0.0, turn: 0.0, scale: 1.0 };

    pub const fn at(x: f32, y: f32) -> Self {
        Self { x, y, ..Self::HERE }
    }

    pub const fn turned(self, turn: f32) -> Self {
        Self { turn, ..self }
    }

    pub const fn scaled(self, scale: f32) -> Self {
        Self { scale, ..self }
    }
}

/// Writes just what differs from lying still at the origin; a scale needs a second decimal.
impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.x.abs() >= 0.5 || self.y.abs() >= 0.5 {
            write!(f, "translate({:.0} {:.0})", self.x, self.y)?;
        }
        if self.turn.abs() >= 0.5 {
            write!(f, "rotate({:.0})", self.turn)?;
        }
        if (self.scale - 1.0).abs() > 0.004 {
            let text = format!("{:.2}", self.scale);
            write!(f, "scale({})", text.trim_start_matches('0'))?;
        }
        Ok(())
    }
}

/// The drawing as it grows.
pub struct Pen {
    out: String,
    tag: String,
    stamps: u8,
}

impl Pen {
    /// A pen whose ids all begin with the tag, so that many drawings can share a page.
    pub fn new(tag: String) -> Self {
        Self { out: String::with_capacity(6 * 1024), tag, stamps: 0 }
    }

    /// An id of this drawing that was not used before.
    pub fn id(&mut self) -> String {
        self.stamps += 1;
        format!("{}{}", self.tag, self.stamps)
    }

    /// Draws a thing once and sets it in several places.
    pub fn stamp(&mut self, places: &[Place], inside: impl FnOnce(&mut Self)) {
        let Some((first, others)) = places.split_first() else { return };
        let id = self.id();
        self.place(*first, |pen| pen.group(&format!("id=\"{id}\""), inside));
        for place in others {
            self.put(format_args!("<use href=\"#{id}\" transform=\"{place}\"/>"));
        }
    }

    /// The finished drawing.
    pub fn into_svg(self) -> String {
        self.out
    }

    /// Writes an element as it is.
    pub fn raw(&mut self, element: &str) {
        self.out.push_str(element);
    }

    /// Writes formatted elements.
    pub fn put(&mut self, element: fmt::Arguments<'_>) {
        self.out.write_fmt(element).expect("a String takes all that is written");
    }

    /// A group with attributes of its own.
    pub fn group(&mut self, attributes: &str, inside: impl FnOnce(&mut Self)) {
        self.put(format_args!("<g {attributes}>"));
        inside(self);
        self.raw("</g>");
    }

    /// A group that lies somewhere.
    pub fn place(&mut self, place: Place, inside: impl FnOnce(&mut Self)) {
        let transform = place.to_string();
        if transform.is_empty() {
            inside(self);
        } else {
            self.group(&format!("transform=\"{transform}\""), inside);
        }
    }

    /// A filled circle.
    pub fn disc(&mut self, x: f32, y: f32, r: f32, fill: &str) {
        self.circle(x, y, r, &format!("fill=\"{fill}\""));
    }

    /// A drawn circle.
    pub fn ring(&mut self, r: f32, stroke: &str, width: f32) {
        self.circle(0.0, 0.0, r, &format!("stroke=\"{stroke}\" stroke-width=\"{}\"", Short(width)));
    }

    /// A circle cut into equal dashes: slices of a lemon, slats of a steamer, the flutes of a rim.
    pub fn dashes(&mut self, r: f32, stroke: &str, width: f32, count: f32, share: f32) {
        let step = std::f32::consts::TAU * r / count;
        self.circle(
            0.0,
            0.0,
            r,
            &format!(
                "stroke=\"{stroke}\" stroke-width=\"{}\" stroke-linecap=\"butt\" stroke-dasharray=\"{:.2} {:.2}\"",
                Short(width),
                step * share,
                step * (1.0 - share)
            ),
        );
    }

    /// Many discs of one size and colour, as one path of round dots.
    pub fn dots(&mut self, middles: &[Place], r: f32, colour: &str) {
        let d = Track::over(middles, |track, place| track.add(format_args!("M{:.0} {:.0}h0", place.x, place.y)));
        self.line(&d, colour, r * 2.0);
    }

    /// A disc of shadow or light that lets through what is under it.
    pub fn tint(&mut self, x: f32, y: f32, r: f32, colour: &str, alpha: u8) {
        self.circle(x, y, r, &format!("fill=\"{colour}{alpha:02x}\""));
    }

    /// A circle with any attributes.
    pub fn circle(&mut self, x: f32, y: f32, r: f32, attributes: &str) {
        self.raw("<circle");
        if x.abs() > 0.04 {
            self.put(format_args!(" cx=\"{}\"", Short(x)));
        }
        if y.abs() > 0.04 {
            self.put(format_args!(" cy=\"{}\"", Short(y)));
        }
        self.put(format_args!(" r=\"{}\" {attributes}/>", Short(r)));
    }

    /// A filled ellipse around the origin.
    pub fn oval(&mut self, x: f32, y: f32, rx: f32, ry: f32, fill: &str) {
        self.put(format_args!(
            "<ellipse cx=\"{}\" cy=\"{}\" rx=\"{}\" ry=\"{}\" fill=\"{fill}\"/>",
            Short(x),
            Short(y),
            Short(rx),
            Short(ry)
        ));
    }

    /// A filled rectangle with round corners, around a point.
    pub fn slab(&mut self, x: f32, y: f32, width: f32, height: f32, round: f32, fill: &str) {
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{fill}\"/>",
            Short(x - width / 2.0),
            Short(y - height / 2.0),
            Short(width),
            Short(height),
            Short(round)
        ));
    }

    /// A filled path.
    pub fn shape(&mut self, d: &str, fill: &str) {
        self.put(format_args!("<path d=\"{}\" fill=\"{fill}\"/>", tight(d)));
    }

    /// A filled path and the shadow it casts, its outline written once.
    pub fn solid(&mut self, d: &str, depth: f32, fill: &str) {
        let id = self.id();
        self.put(format_args!(
            "<g transform=\"translate({} {})\" fill=\"{SHADE}38\"><path id=\"{id}\" d=\"{}\"/></g><use href=\"#{id}\" fill=\"{fill}\"/>",
            Short(depth * 0.6),
            Short(depth),
            tight(d)
        ));
    }

    /// A drawn path.
    pub fn line(&mut self, d: &str, stroke: &str, width: f32) {
        self.put(format_args!("<path d=\"{}\" stroke=\"{stroke}\" stroke-width=\"{}\"/>", tight(d), Short(width)));
    }
}

/// The data of a path as it grows.
#[derive(Default)]
pub struct Track {
    d: String,
}

impl Track {
    /// A path with a piece for each thing.
    pub fn over<T>(things: impl IntoIterator<Item = T>, mut piece: impl FnMut(&mut Self, T)) -> Self {
        let mut track = Self::default();
        for thing in things {
            piece(&mut track, thing);
        }
        track
    }

    /// Goes on with a formatted piece.
    pub fn add(&mut self, piece: fmt::Arguments<'_>) {
        self.d.write_fmt(piece).expect("a String takes all that is written");
    }
}

impl Deref for Track {
    type Target = str;

    fn deref(&self) -> &str {
        &self.d
    }
}

/// A path needs no space before a minus.
fn tight(d: &str) -> String {
    d.replace(" -", "-")
}
