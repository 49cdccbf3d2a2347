//! The small line drawings that stand beside words; they take the colour of the text.

use leptos::prelude::*;

/// An icon of 24 by 24, always beside words that say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Arrow,
    Back,
    Calendar,
    Check,
    Clock,
    Cross,
    Heart,
    Hourglass,
    Info,
    Key,
    Pencil,
    Seal,
    Star,
    Warning,
}

impl Icon {
    /// The strokes, as the insides of an SVG.
    const fn strokes(self) -> &'static str {
        match self {
            Self::Arrow => r#"<path d="M4.5 12h15M14 6.5l5.5 5.5-5.5 5.5"/>"#,
            Self::Back => r#"<path d="M19.5 12h-15M10 6.5 4.5 12l5.5 5.5"/>"#,
            Self::Calendar => {
                r#"<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4m7-4v4"/>"#
            }
            Self::Check => r#"<path d="m5 12.5 4.6 4.6L19 7.4"/>"#,
            Self::Clock => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>"#,
            Self::Cross => r#"<path d="m6.5 6.5 11 11m0-11-11 11"/>"#,
            Self::Heart => r#"<path d="M12 20S4 15 4 9.2A4.2 4.2 0 0 1 12 7a4.2 4.2 0 0 1 8 2.2C20 15 12 20 12 20z"/>"#,
            Self::Hourglass => {
                r#"<path d="M7 3.5h10M7 20.5h10M8 3.5c0 4.5 3 5.5 4 8.5-1 3-4 4-4 8.5m8-17c0 4.5-3 5.5-4 8.5 1 3 4 4 4 8.5"/>"#
            }
            Self::Info => r#"<circle cx="12" cy="12" r="8.8"/><path d="M12 11v5.5m0-9v.1"/>"#,
            Self::Key => r#"<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7l3 3"/>"#,
            Self::Pencil => {
                r#"<path d="m4.5 19.5 1-4.2L16.2 4.6a1.6 1.6 0 0 1 2.3 0l.9.9a1.6 1.6 0 0 1 0 2.3L8.7 18.5z"/>"#
            }
            Self::Seal => r#"<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.8 5.3-5.6"/>"#,
            Self::Star => r#"<path d="m12 3.6 2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6-4.4-4.2 6-.8z"/>"#,
            Self::Warning => r#"<path d="M12 4 2.8 19.5h18.4zM12 10v4.5m0 2.5v.1"/>"#,
        }
    }
}

/// Shows an icon.
#[component]
pub fn Sign(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" inner_html=icon.strokes()></svg> }
}
