//! The colours of a table: what it is made of, and the linen and china that go with it.

use super::dice::Dice;
use super::kitchen::Kitchen;

/// What the table top is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Make {
    Wood,
    Linen,
    Stripe,
    Gingham,
    Marble,
    Stone,
    Tile,
}

/// A table top with its three tones.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    pub make: Make,
    pub base: &'static str,
    pub deep: &'static str,
    pub pale: &'static str,
    /// Napkins and rims that look well on it.
    pub linens: &'static [&'static str],
}

const fn ground(
    make: Make,
    base: &'static str,
    deep: &'static str,
    pale: &'static str,
    linens: &'static [&'static str],
) -> Ground {
    Ground { make, base, deep, pale, linens }
}

const WARM: &[&str] = &["#b5472f", "#f1e7d6", "#5f7355", "#d9a441"];
const COOL: &[&str] = &["#3f5f77", "#f1e7d6", "#b5533a", "#7f9a8c"];
const FRESH: &[&str] = &["#f4ecdd", "#d9a441", "#c2573c", "#e7c9b4"];

const OAK: Ground = ground(Make::Wood, "#c39a6b", "#ac8255", "#d2ae82", COOL);
const PINE: Ground = ground(Make::Wood, "#dcc198", "#c9aa7c", "#e8d3b0", COOL);
const WALNUT: Ground = ground(Make::Wood, "#6f4e39", "#5b3e2c", "#825f48", FRESH);
const SMOKED: Ground = ground(Make::Wood, "#463b33", "#372e27", "#57493f", FRESH);
const LINEN: Ground = ground(Make::Linen, "#e9dfcd", "#d9ccb5", "#f3ecdf", WARM);
const SEA: Ground = ground(Make::Stripe, "#86a39a", "#6f8f86", "#f1e8d8", FRESH);
const HARBOUR: Ground = ground(Make::Stripe, "#e8dfce", "#4c6b80", "#f4eee2", COOL);
const NIGHT: Ground = ground(Make::Linen, "#33475b", "#28394a", "#41576c", FRESH);
const SAGE: Ground = ground(Make::Linen, "#a7af8b", "#929b75", "#b8bf9e", WARM);
const CLAY: Ground = ground(Make::Linen, "#c27b5b", "#ad6848", "#d19074", FRESH);
const OCHRE: Ground =
    ground(Make::Linen, "#d3a957", "#be9342", "#dfbb74", &["#8c3b2a", "#f4ecdd", "#4c6350", "#3f5f77"]);
const ROSE: Ground =
    ground(Make::Stripe, "#dcb09f", "#c99583", "#f2e2d6", &["#8c3b2a", "#f4ecdd", "#5f7355", "#a8564a"]);
const PLUM: Ground = ground(Make::Linen, "#6a4250", "#573441", "#7d5463", FRESH);
const TEAL: Ground = ground(Make::Linen, "#41706b", "#345e5a", "#55847f", FRESH);
const MARBLE: Ground = ground(Make::Marble, "#ebe6dd", "#cfc8bb", "#f7f3ec", WARM);
const VERDE: Ground = ground(Make::Marble, "#47635a", "#6f8d82", "#567469", FRESH);
const SLATE: Ground = ground(Make::Stone, "#4d504c", "#3f423e", "#5c605b", FRESH);
const CHECK: Ground = ground(Make::Gingham, "#f3eadc", "#c4523d", "#faf4ea", &["#f6efe3", "#5f7355", "#d9a441"]);
const FIELD: Ground = ground(Make::Gingham, "#f1ebdc", "#7d9270", "#f9f5ea", &["#c2573c", "#f6efe3", "#d9a441"]);
const AZULEJO: Ground = ground(Make::Tile, "#ece4d3", "#55789a", "#f6f0e4", &["#d9a441", "#f4ecdd", "#b5533a"]);
const ZELLIGE: Ground = ground(Make::Tile, "#d9b48c", "#2f6f6b", "#e6cba9", &["#b5472f", "#f4ecdd", "#33475b"]);
const TALAVERA: Ground = ground(Make::Tile, "#e9d9bb", "#c2673f", "#f5ebd6", &["#3f6f8a", "#f4ecdd", "#5f7355"]);

/// The tables such a kitchen would lay.
const fn grounds(cuisine: Kitchen) -> &'static [Ground] {
    match cuisine {
        Kitchen::Seafood => &[SEA, HARBOUR, MARBLE, PINE, TEAL],
        Kitchen::Sushi => &[SMOKED, SLATE, PINE, NIGHT, SAGE],
        Kitchen::Noodles => &[WALNUT, CLAY, NIGHT, PINE, TEAL],
        Kitchen::Dumplings => &[TEAL, WALNUT, CLAY, PINE, PLUM],
        Kitchen::Italian => &[CHECK, OAK, MARBLE, FIELD, LINEN],
        Kitchen::Bar => &[VERDE, SMOKED, PLUM, MARBLE, NIGHT],
        Kitchen::Bakery => &[LINEN, PINE, MARBLE, ROSE, SEA],
        Kitchen::Garden => &[FIELD, PINE, LINEN, SAGE, ROSE],
        Kitchen::Grill => &[SMOKED, OAK, SLATE, WALNUT, CLAY],
        Kitchen::Mexican => &[TALAVERA, TEAL, CLAY, ROSE, OCHRE],
        Kitchen::Indian => &[OCHRE, PLUM, TEAL, WALNUT, CLAY],
        Kitchen::French => &[LINEN, MARBLE, NIGHT, ROSE, SAGE],
        Kitchen::Moroccan => &[ZELLIGE, CLAY, OCHRE, TEAL, PLUM],
        Kitchen::Mezze => &[SAGE, SEA, OAK, ZELLIGE, LINEN],
        Kitchen::Paella => &[OAK, TALAVERA, OCHRE, SEA, CHECK],
        Kitchen::Portuguese => &[AZULEJO, OCHRE, OAK, HARBOUR, LINEN],
        Kitchen::Brunch => &[ROSE, PINE, LINEN, SEA, FIELD],
        Kitchen::Tasting => &[NIGHT, SMOKED, LINEN, SLATE, SAGE],
    }
}

/// Everything that has a colour on one table.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    pub ground: Ground,
    pub napkin: &'static str,
    pub trim: &'static str,
    pub china: China,
    pub metal: (&'static str, &'static str),
}

/// A plate's body, its shaded well and its painted rim.
#[derive(Clone, Copy, Debug)]
pub struct China {
    pub body: &'static str,
    pub well: &'static str,
    pub rim: &'static str,
}

const CHINA: &[China] = &[
    China { body: "#fbf7ef", well: "#e9e1d3", rim: "#b5533a" },
    China { body: "#fbf7ef", well: "#e9e1d3", rim: "#4c6b80" },
    China { body: "#f7f1e5", well: "#e3d9c6", rim: "#7b8a5e" },
    China { body: "#f4ede0", well: "#ddd1bd", rim: "#c9a25a" },
    China { body: "#efe6d6", well: "#d9ccb6", rim: "#8a7a66" },
];
const DARK_CHINA: China = China { body: "#59615f", well: "#464d4b", rim: "#7d8683" };
const METALS: &[(&str, &str)] = &[("#e3e1da", "#a8a59c"), ("#e3e1da", "#a8a59c"), ("#d8b36a", "#a5813f")];

impl Palette {
    /// The long table of the home page: dark wood, and china from many houses.
    pub fn long_table(dice: &mut Dice) -> Self {
        let mut table = Self { ground: WALNUT, napkin: "#d9a441", trim: "#f4ecdd", china: CHINA[0], metal: METALS[0] };
        table.change_linen(dice);
        table
    }

    /// Another guest's plate and napkin on the same table.
    pub fn change_linen(&mut self, dice: &mut Dice) {
        self.china = dice.pick(CHINA);
        self.napkin = dice.pick(&["#d9a441", "#c2573c", "#7f9a8c", "#f1e7d6", "#b8bf9e"]);
        self.trim = dice.pick(&["#f4ecdd", "#8c3b2a"]);
    }

    /// The colours of one venue's table.
    pub fn of(kitchen: Kitchen, dice: &mut Dice) -> Self {
        let ground = dice.pick(grounds(kitchen));
        let napkin = dice.pick(ground.linens);
        let trim = dice.pick(ground.linens);
        let stoneware = matches!(kitchen, Kitchen::Sushi | Kitchen::Noodles | Kitchen::Tasting)
            && matches!(ground.make, Make::Wood | Make::Linen)
            && ground.base > "#5";
        let china = if stoneware && dice.chance(0.4) { DARK_CHINA } else { dice.pick(CHINA) };
        Self { ground, napkin, trim, china, metal: dice.pick(METALS) }
    }
}
