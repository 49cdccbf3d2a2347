//! A venue's zone: what its clock shows, and when it shows it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::LocalInstant;
use crate::field::Complaint;

/// A venue's time zone, by its IANA name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

impl std::str::FromStr for Zone {
    type Err = Complaint;

    fn from_str(name: &str) -> Result<Self, Complaint> {
        name.parse()
            .map(Self)
            .map_err(|_| Complaint::new("This is not the name of a time zone, such as Europe/Lisbon."))
    }
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(chrono_tz::Tz::UTC);

    /// The instant of a wall-clock time: its first occurrence where it is repeated, `None` where the clock skips it.
    #[must_use]
    pub fn resolve(self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        wall.and_local_timezone(self.0).earliest().map(|at| at.to_utc())
    }

    /// The instant of a wall-clock time, or the first one after the gap that swallowed it.
    #[must_use]
    pub fn resolve_forward(self, wall: NaiveDateTime) -> DateTime<Utc> {
        let after_gap = || chrono_tz::GapInfo::new(&wall, &self.0)?.end;
        self.resolve(wall).or_else(|| Some(after_gap()?.to_utc())).unwrap_or_else(|| wall.and_utc())
    }

    /// What the venue's clock shows at an instant.
    #[must_use]
    pub fn show(self, at: DateTime<Utc>) -> LocalInstant {
        LocalInstant(at.with_timezone(&self.0).fixed_offset())
    }

    /// The first instant of a service date.
    #[must_use]
    pub fn day_start(self, date: NaiveDate, rollover: NaiveTime) -> DateTime<Utc> {
        self.resolve_forward(date.and_time(rollover))
    }

    /// The service date an instant belongs to, the last that has begun: until the rollover it is still yesterday evening.
    #[must_use]
    pub fn service_date(self, at: DateTime<Utc>, rollover: NaiveTime) -> NaiveDate {
        let date = self.show(at).date();
        // A clock put back past the rollover shows the old date again, although the new one has begun.
        let dates = [date.succ_opt(), Some(date), date.pred_opt()];
        dates.into_iter().flatten().find(|date| self.day_start(*date, rollover) <= at).unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn wall(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_skipped_time_does_not_exist() {
        assert_eq!(zone("Europe/Lisbon").resolve(wall("2027-03-28T01:30:00")), None);
        assert_eq!(
            zone("Europe/Lisbon").resolve_forward(wall("2027-03-28T01:30:00")).to_rfc3339(),
            "2027-03-28T01:00:00+00:00"
        );
    }

    #[test]
    fn a_repeated_time_is_its_first_occurrence() {
        let first = zone("America/New_York").resolve(wall("2026-11-01T01:30:00")).unwrap();
        assert_eq!(first.to_rfc3339(), "2026-11-01T05:30:00+00:00");
    }

    #[test]
    fn after_midnight_is_still_last_evening() {
        let lisbon = zone("Europe/Lisbon");
        let four = NaiveTime::from_hms_opt(4, 0, 0).unwrap();
        let at = |text| lisbon.resolve(wall(text)).unwrap();
        assert_eq!(lisbon.service_date(at("2026-11-22T00:30:00"), four).to_string(), "2026-11-21");
        assert_eq!(lisbon.service_date(at("2026-11-22T03:59:00"), four).to_string(), "2026-11-21");
        assert_eq!(lisbon.service_date(at("2026-11-22T04:00:00"), four).to_string(), "2026-11-22");
    }

    #[test]
    fn a_service_date_has_23_to_25_hours_in_every_zone() {
        let four = NaiveTime::from_hms_opt(4, 0, 0).unwrap();
        let dates: Vec<NaiveDate> = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().iter_days().take(730).collect();
        for tz in chrono_tz::TZ_VARIANTS {
            for pair in dates.windows(2) {
                let hours = Zone(tz).day_start(pair[1], four) - Zone(tz).day_start(pair[0], four);
                assert!((22 * 60..=26 * 60).contains(&hours.num_minutes()), "{tz} {} {hours}", pair[0]);
                assert_eq!(Zone(tz).service_date(Zone(tz).day_start(pair[0], four), four), pair[0], "{tz}");
            }
        }
    }
}
