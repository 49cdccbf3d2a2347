//! How much a client may ask for, as people write it: `100 per minute, 2000 per hour, burst 20`.

use std::fmt::Write;
use std::str::FromStr;

use super::window::Window;

/// How many windows an allowance may have.
const WINDOWS: usize = 4;

/// How much further the burst looks back than the longest window.
const BURST: u64 = 10;

/// Several windows that all must have room, or none; and what may go beyond them for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The windows; without any, everything is let through.
    pub(super) windows: Vec<Window>,
    /// What may go beyond the windows within ten times the longest.
    pub(super) burst: Option<Window>,
}

/// What an allowance must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write up to four windows and perhaps a burst, such as 100 per minute, 2000 per hour, burst 20; or off.")]
pub struct NoAllowance;

impl FromStr for Allowance {
    type Err = NoAllowance;

    fn from_str(words: &str) -> Result<Self, NoAllowance> {
        let mut allowance = Self { windows: Vec::new(), burst: None };
        if words.trim() == "off" {
            return Ok(allowance);
        }
        let (mut longest, mut burst) = (0, 0);
        for part in words.split(',') {
            let part: Vec<&str> = part.split_whitespace().collect();
            match part[..] {
                ["burst", limit] if burst == 0 => burst = number(limit, 1_000_000_000)?,
                [limit, "per", ref time @ ..] => {
                    let seconds = seconds(time)?;
                    longest = longest.max(seconds);
                    allowance.windows.push(Window::new(number(limit, 1_000_000_000)?, seconds));
                }
                _ => return Err(NoAllowance),
            }
        }
        if !(1..=WINDOWS).contains(&allowance.windows.len()) {
            return Err(NoAllowance);
        }
        allowance.burst = (burst > 0).then(|| Window::new(burst, longest * BURST));
        Ok(allowance)
    }
}

/// `minute`, `15 minutes`.
fn seconds(time: &[&str]) -> Result<u64, NoAllowance> {
    let (many, unit) = match *time {
        [unit] => (1, unit),
        [many, unit] => (number(many, 100)?, unit),
        _ => return Err(NoAllowance),
    };
    let unit = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" => 1,
        "minute" => 60,
        "hour" => 3600,
        "day" => 86_400,
        _ => return Err(NoAllowance),
    };
    Ok(many * unit)
}

fn number(words: &str, most: u64) -> Result<u64, NoAllowance> {
    words.parse().ok().filter(|number| (1..=most).contains(number)).ok_or(NoAllowance)
}

impl Allowance {
    /// Whether it keeps anybody out.
    pub(super) const fn is_off(&self) -> bool {
        self.windows.is_empty()
    }

    /// How long it takes until one offence is forgiven: the length of the longest window.
    pub(super) fn forgives(&self) -> u64 {
        self.windows.iter().map(Window::span).max().unwrap_or(1)
    }

    /// How long anything counts at most.
    pub(super) fn span(&self) -> u64 {
        self.burst.as_ref().map_or_else(|| self.forgives(), Window::span)
    }

    /// As `window.lua` reads it: when an offence is forgiven, then the limit and the slice of the burst and of each window.
    pub(super) fn numbers(&self) -> String {
        let mut numbers = self.forgives().to_string();
        let none = Window { limit: 0, slice: 1 };
        for window in std::iter::once(self.burst.as_ref().unwrap_or(&none)).chain(&self.windows) {
            // Writing into a String cannot fail.
            let _ = write!(numbers, " {} {}", window.limit, window.slice);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_is_written_in_words() {
        let allowance: Allowance = "100 per minute, 2000 per 2 hours, burst 20".parse().unwrap();
        assert_eq!(allowance.windows, [Window::new(100, 60), Window::new(2000, 7200)]);
        assert_eq!(allowance.burst, Some(Window::new(20, 72_000)));
        assert_eq!(allowance.numbers(), "7440000 20 2400000 100 2000 2000 240000");
        assert!("off".parse::<Allowance>().unwrap().is_off());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for wrong in [
            "",
            "100",
            "burst 5",
            "0 per minute",
            "many per minute",
            "5 per fortnight",
            "5 per 15",
            "5 per 1000 days",
            "5 per minute, burst 0",
            "5 per minute, burst 1, burst 2",
            "5 per minute,",
            "1 per second, 2 per second, 3 per second, 4 per second, 5 per second",
            "off, 5 per minute",
        ] {
            assert_eq!(wrong.parse::<Allowance>(), Err(NoAllowance), "{wrong}");
        }
    }
}
