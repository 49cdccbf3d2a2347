//! Who may do what: one table, which everything that asks goes through.

use crate::floor::words;

words! {
    /// What somebody is at a venue.
    Role("There is no such role.") {
        /// Runs the room.
        Host = "host" / "Host",
        /// Runs the house.
        Manager = "manager" / "Manager",
        /// Answers for it.
        Owner = "owner" / "Owner",
    }
}

/// What somebody is to a venue, all in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Their role there.
    pub role: Option<Role>,
    /// Whether they run the platform.
    pub admin: bool,
}

/// What the table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    Allowed,
    /// They belong here, but this is for others.
    Forbidden,
    /// They have no business here, and do not learn what there is.
    Hidden,
}

/// Something that takes more than being signed in, as a type: what proves the right to one deed is no proof for another.
pub trait Deed: Send + Sync + 'static {
    /// Its row of the table.
    const ACT: Act;
}

macro_rules! table {
    ($($(#[$doc:meta])* $act:ident = $word:literal: $($who:ident)+;)+) => {
        /// Everything that takes more than being signed in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $act),+ }

        impl Act {
            /// Every row of the table.
            pub const ALL: &'static [Self] = &[$(Self::$act),+];

            /// Its name in logs.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$act => $word),+ }
            }

            const fn is_for(self, who: Who) -> bool {
                match self { $(Self::$act => matches!(who, $(Who::$who)|+)),+ }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $act;

            impl Deed for $act {
                const ACT: Act = Act::$act;
            }
        )+
    };
}

table! {
    /// Sees who comes, when, and what they told the venue.
    SeeBookings = "see_bookings": Host Manager Owner;
    /// Answers what guests say.
    AnswerReviews = "answer_reviews": Manager Owner;
    /// Sees who works here.
    SeeStaff = "see_staff": Manager Owner Admin;
    /// Says who works here.
    ChangeStaff = "change_staff": Owner Admin;
    /// Sees who changed what.
    SeeAudit = "see_audit": Manager Owner Admin;
    /// Sees how the servers are.
    SeeOperations = "see_operations": Admin;
}

/// The columns of the table.
#[derive(Clone, Copy)]
enum Who {
    Host,
    Manager,
    Owner,
    Admin,
}

impl From<Role> for Who {
    fn from(role: Role) -> Self {
        match role {
            Role::Host => Self::Host,
            Role::Manager => Self::Manager,
            Role::Owner => Self::Owner,
        }
    }
}

impl Act {
    /// Whether somebody of this standing may.
    #[must_use]
    pub fn judge(self, standing: Standing) -> Verdict {
        let allowed =
            standing.role.is_some_and(|role| self.is_for(role.into())) || standing.admin && self.is_for(Who::Admin);
        match (allowed, standing) {
            (true, _) => Verdict::Allowed,
            (false, Standing { role: None, admin: false }) => Verdict::Hidden,
            (false, _) => Verdict::Forbidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: Option<Role>, admin: bool) -> Standing {
        Standing { role, admin }
    }

    #[test]
    fn nobody_without_a_role_learns_what_there_is() {
        for act in Act::ALL {
            assert_eq!(act.judge(Standing::default()), Verdict::Hidden, "{act:?}");
        }
    }

    #[test]
    fn whoever_has_more_to_say_may_do_what_others_may() {
        for act in Act::ALL {
            let allowed = |role: &Role| act.judge(standing(Some(*role), false)) == Verdict::Allowed;
            let first = Role::ALL.iter().position(allowed).unwrap_or(Role::ALL.len());
            assert!(Role::ALL[first..].iter().all(allowed), "{act:?}");
        }
    }

    #[test]
    fn who_runs_the_platform_reads_nothing_about_guests() {
        assert_eq!(Act::SeeBookings.judge(standing(None, true)), Verdict::Forbidden);
        assert_eq!(Act::SeeBookings.judge(standing(Some(Role::Host), true)), Verdict::Allowed);
        assert_eq!(Act::SeeOperations.judge(standing(Some(Role::Owner), false)), Verdict::Forbidden);
        assert_eq!(Act::SeeOperations.judge(standing(None, true)), Verdict::Allowed);
    }

    #[test]
    fn words_tell_acts_apart() {
        let mut words: Vec<&str> = Act::ALL.iter().map(|act| act.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Act::ALL.len());
    }
}
