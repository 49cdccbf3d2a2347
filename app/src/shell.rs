//! The document around every page.

use leptos::config::LeptosOptions;
use leptos::hydration::{AutoReload, HydrationScripts};
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::App;
use crate::components::frame::{Foot, Masthead};
use crate::islands::{Notices, Tray};

/// The whole document.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let here = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    let (reload, styles) = (options.clone(), options.clone());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="theme-color" content="#faf6ee" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#171411" media="(prefers-color-scheme: dark)"/>
                <link rel="preload" href="/fonts/fraunces.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="manifest" href="/site.webmanifest"/>
                <HashedStylesheet id="style" options=styles/>
                <AutoReload options=reload/>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                {view! { <header><Masthead here/><Notices/></header> }.into_any()}
                <main id="main" tabindex="-1">
                    <App/>
                </main>
                {view! { <Foot/><Tray/> }.into_any()}
            </body>
        </html>
    }
}
