//! Pages of words: where to find a booking, what the house does with what it knows, and for whom it is built.

use leptos::prelude::*;
use leptos_meta::Title;

/// Where the private link to a booking is.
#[component]
pub fn BookingsPage() -> impl IntoView {
    view! {
        <Title text="Your booking"/>
        <div class="page narrow">
            <article class="section near prose stack loose">
                <h1 class="title">"Your booking is in your email."</h1>
                <p class="lead">
                    "When you booked, we sent you a private link. It opens your booking, and lets you change it, run late, or cancel. There is no password."
                </p>
                <h2>"The email is not there?"</h2>
                <ul class="stack">
                    <li>"Look for the restaurant's name, and check your spam folder too."</li>
                    <li>"The calendar entry you saved has the same link."</li>
                    <li>"The restaurant finds you by your name, or by the six letters and digits of your booking. Its telephone number is on its page."</li>
                </ul>
                <p class="row"><a class="button" href="/">"Find a restaurant"</a></p>
            </article>
        </div>
    }
}

/// What is kept, and for what.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    view! {
        <Title text="Privacy"/>
        <div class="page narrow">
            <article class="section near prose stack loose">
                <h1 class="title">"What we know about you."</h1>
                <p class="lead">"What you write into a booking, and nothing else."</p>
                <h2>"When you look around"</h2>
                <p>"No cookie is set before you sign in, nothing is loaded from anybody else, and nobody is told that you were here. Logs hold no name, address or number."</p>
                <h2>"When you book"</h2>
                <p>
                    "Your name, email address, telephone number if you give it, and your notes and needs go to the restaurant you book, and to nobody else. We email you only about your booking."
                </p>
                <h2>"When you write about a visit"</h2>
                <p>"Everybody reads your stars and words, your first name with an initial, and the month you were there. You can delete it at any time."</p>
                <h2>"When you have an account"</h2>
                <p>
                    "Your name, your email address and a fingerprint of your password, what you add to them (a number, needs, notes, favourites), what you booked, and where you are signed in: a browser's name and a day, never where it stood. Two cookies keep you signed in, and nothing else."
                </p>
                <p>
                    "You can download all of it as a file, or erase it: restaurants then keep only the dates and the number of guests, and nobody keeps a name."
                </p>
                <h2>"Your private link"</h2>
                <p>"Whoever has the link can see and change the booking. We keep only a fingerprint of it, so that it cannot be read from our books."</p>
            </article>
        </div>
    }
}

/// For whom the pages are built, and how.
#[component]
pub fn AccessibilityPage() -> impl IntoView {
    view! {
        <Title text="Accessibility"/>
        <div class="page narrow">
            <article class="section near prose stack loose">
                <h1 class="title">"A table for everyone."</h1>
                <p class="lead">"These pages are made to meet WCAG 2.2 AA."</p>
                <ul class="stack">
                    <li>"Every step of booking, changing and cancelling works by keyboard, with a screen reader, and without JavaScript."</li>
                    <li>"A held table has a clock. You can ask for more time with one button, up to a quarter of an hour."</li>
                    <li>"Times that are gone say why in words, not by colour alone."</li>
                    <li>"Light and dark, reduced motion and larger text follow your own settings."</li>
                </ul>
                <h2>"At the restaurant"</h2>
                <p>"Each restaurant's page says what it has. If you need a step-free way or space for a wheelchair, choose it with the time: only tables that have it are then offered."</p>
            </article>
        </div>
    }
}
