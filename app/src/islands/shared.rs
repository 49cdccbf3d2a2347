//! What the islands of one page know together: they have no common parent.

use leptos::prelude::*;

use crate::api::Standing;

macro_rules! shared {
    ($($(#[$doc:meta])* $name:ident: $kind:ty;)+) => {$(
        $(#[$doc])*
        pub fn $name() -> ArcRwSignal<$kind> {
            #[cfg(feature = "hydrate")]
            {
                thread_local! {
                    static IT: ArcRwSignal<$kind> = ArcRwSignal::new(<$kind>::default());
                }
                IT.with(Clone::clone)
            }
            // On the server a thread serves many visitors: nothing may be shared there.
            #[cfg(not(feature = "hydrate"))]
            ArcRwSignal::new(<$kind>::default())
        }
    )+};
}

shared! {
    /// Short news in the corner.
    toasts: Vec<Toast>;
    /// How many seconds the server asked us to wait, and for what.
    pause: Option<Pause>;
    /// Whether the hold of this page has run out.
    hold_is_over: bool;
    /// The revision of this page's booking after what was done to it here.
    latest_rev: Option<i32>;
    /// Where this page's booking stands after what was done to it here.
    standing: Option<Standing>;
}

/// The server asked us to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Why, as a sentence without its seconds.
    pub why: &'static str,
    /// For so many seconds.
    pub seconds: u32,
}

/// What kind of news a toast has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something is being done.
    Loading,
    /// It was done.
    Success,
    /// It failed.
    Error,
}

/// Short news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Tells it from others.
    pub number: u32,
    /// What kind.
    pub tone: Tone,
    /// The news.
    pub text: String,
}
