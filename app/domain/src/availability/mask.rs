//! Arithmetic on masks of ticks.

use super::TICKS;

/// The lowest `bits` bits.
pub(super) const fn below(bits: u32) -> u128 {
    match 1_u128.checked_shl(bits) {
        Some(bit) => bit - 1,
        None => u128::MAX,
    }
}

/// The ticks from which `length` ticks on are all set; what lies beyond the view is not.
pub(super) const fn runs(mut set: u128, length: u8) -> u128 {
    let mut have = 1;
    while have < length {
        let step = if have < length - have { have } else { length - have };
        set &= set >> step;
        have += step;
    }
    set
}

/// The positions of the set bits, lowest first.
pub(super) fn bits(mut mask: u128) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        let bit = u8::try_from(mask.trailing_zeros()).ok().filter(|bit| *bit < TICKS)?;
        mask &= mask - 1;
        Some(bit)
    })
}

/// Set ticks in a row just before a tick.
pub(super) const fn set_before(mask: u128, tick: u8) -> u32 {
    if tick == 0 { 0 } else { (mask << (TICKS - tick)).leading_ones() }
}

/// Set ticks in a row from a tick on.
pub(super) const fn set_from(mask: u128, tick: u8) -> u32 {
    if tick >= TICKS { 0 } else { (mask >> tick).trailing_ones() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_set(mask: u128, tick: i32) -> bool {
        (0..i32::from(TICKS)).contains(&tick) && mask >> tick & 1 == 1
    }

    proptest! {
        #[test]
        fn runs_are_what_counting_says(set in any::<u128>(), more in any::<u128>(), length in 1..129_u8) {
            // Two random masks together have runs long enough to be of interest.
            let found = runs(set | more, length);
            for tick in 0..i32::from(TICKS) {
                let all = (tick..tick + i32::from(length)).all(|tick| is_set(set | more, tick));
                prop_assert_eq!(is_set(found, tick), all, "{} at {}", length, tick);
            }
        }

        #[test]
        fn neighbours_are_what_counting_says(set in any::<u128>(), more in any::<u128>(), tick in 0..129_u8) {
            let (mask, at) = (set | more, i32::from(tick));
            let before = (1..=128).take_while(|back| is_set(mask, at - back)).count();
            let after = (0..=128).take_while(|ahead| is_set(mask, at + ahead)).count();
            prop_assert_eq!(u32::try_from(before), Ok(set_before(mask, tick)));
            prop_assert_eq!(u32::try_from(after), Ok(set_from(mask, tick)));
        }

        #[test]
        fn bits_are_the_ticks_that_are_set(mask in any::<u128>()) {
            let set: Vec<u8> = (0..TICKS).filter(|tick| is_set(mask, i32::from(*tick))).collect();
            prop_assert_eq!(bits(mask).collect::<Vec<_>>(), set);
        }
    }

    #[test]
    fn masks_reach_to_the_last_tick() {
        assert_eq!((below(0), below(1), below(127), below(128)), (0, 1, u128::MAX >> 1, u128::MAX));
        assert_eq!(runs(u128::MAX, 8), u128::MAX >> 7);
        assert_eq!(runs(u128::MAX, 128), 1);
        assert_eq!((bits(0).count(), bits(u128::MAX).count()), (0, 128));
    }
}
