//! Chance that repeats: the same seed throws the same dice on every machine.

/// Splitmix64, small and even enough for laying tables.
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice for one drawing; the same venue drawn in another crop lays the same table.
    pub fn new(seed: u64, salt: &str) -> Self {
        let state = salt
            .bytes()
            .fold(seed ^ 0x7265_7374_6C65, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
        let mut dice = Self { state };
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A share from 0 up to 1.
    fn share(&mut self) -> f32 {
        let [high, low, ..] = self.next().to_be_bytes();
        f32::from(u16::from_be_bytes([high, low])) / 65536.0
    }

    /// A number between two others.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.share()
    }

    /// True that often, 0 to 1.
    pub fn chance(&mut self, odds: f32) -> bool {
        self.share() < odds
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        let [high, low, ..] = self.next().to_be_bytes();
        let at = usize::from(u16::from_be_bytes([high, low])) % list.len();
        list[at]
    }

    /// One side or the other.
    pub fn side(&mut self) -> f32 {
        if self.chance(0.5) { 1.0 } else { -1.0 }
    }

    /// A seed for dice of their own, for a part that must look the same whatever else is drawn.
    pub fn seed(&mut self) -> u64 {
        self.next()
    }

    /// Hexadecimal digits that tell two drawings on one page apart.
    pub fn tag(&mut self) -> String {
        format!("t{:08x}", self.next() >> 32)
    }
}
