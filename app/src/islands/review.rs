//! Writing about a visit: what is sent stands there at once, and is taken back when it is refused or the line drops.

use domain::field::{Complaint, FieldError};
use domain::review::Part;
use domain::text::ReviewText;
use leptos::ev::{Event, SubmitEvent};
use leptos::prelude::*;

use super::Problems;

/// What is wrong with a field, by the constructor of the value it becomes.
#[cfg_attr(not(any(test, feature = "hydrate")), expect(dead_code, reason = "only the browser looks at single fields"))]
fn complaint(field: &str, value: &str) -> Option<Complaint> {
    match field {
        "body" => value.parse::<ReviewText>().err(),
        _ => Part::ALL.into_iter().find(|part| part.word() == field)?.mark(value.trim().parse().unwrap_or(0)).err(),
    }
}

/// How much can still be written, in words; what will be cleaned away does not count.
#[cfg_attr(not(any(test, feature = "hydrate")), expect(dead_code, reason = "only the browser counts while one types"))]
fn room_left(body: &str) -> String {
    let typed = domain::text::clean(body).chars().count();
    match (ReviewText::MOST.checked_sub(typed), typed.saturating_sub(ReviewText::MOST)) {
        (Some(1), _) => "1 character left.".to_owned(),
        (Some(left), _) => format!("{left} characters left."),
        (None, 1) => "1 character too many.".to_owned(),
        (None, over) => format!("{over} characters too many."),
    }
}

/// Wakes the review and the forms it is wrapped around.
#[island]
pub fn ReviewDesk(children: Children) -> impl IntoView {
    let wrong = RwSignal::new(Vec::new());
    #[cfg(feature = "hydrate")]
    awake::begin(wrong);
    view! {
        <div class="stack" on:submit=move |event| submit(wrong, &event) on:input=move |event| input(&event)>
            {move || view! { <Problems wrong=wrong.get()/> }}
            {children()}
        </div>
    }
}

#[cfg(feature = "hydrate")]
use awake::{input, submit};

#[cfg(not(feature = "hydrate"))]
const fn submit(_wrong: RwSignal<Vec<FieldError>>, _event: &SubmitEvent) {}

#[cfg(not(feature = "hydrate"))]
const fn input(_event: &Event) {}

#[cfg(feature = "hydrate")]
mod awake {
    use std::cell::OnceCell;

    use leptos::prelude::{ArcAction, Effect, Get, GetUntracked, Set, event_target_value};
    use leptos::task::spawn_local;
    use web_sys::{Element, FormData};

    use super::super::complaints::{check, forget, mark, tell};
    use super::super::measure::Errand;
    use super::super::{dom, line, tray};
    use super::{Event, FieldError, RwSignal, SubmitEvent, complaint, room_left};
    use crate::api::{RemovalAsk, RemoveReview, ReviewAsk, SaveReview};
    use crate::error::UiError;

    /// Saves a review; its value is what the server has last, its input what is on its way there.
    type Saving = ArcAction<ReviewAsk, Option<ReviewAsk>>;

    thread_local! {
        /// The one desk of a page.
        static SAVING: OnceCell<Saving> = const { OnceCell::new() };
    }

    fn saving() -> Option<Saving> {
        SAVING.with(|saving| saving.get().cloned())
    }

    pub fn begin(wrong: RwSignal<Vec<FieldError>>) {
        let saving = Saving::new_unsync(move |ask: &ReviewAsk| save(wrong, ask.clone()));
        let drawn = dom::find("#mine").map(|mine| (mine.inner_html(), mine.has_attribute("hidden")));
        let (sent, kept) = (saving.input(), saving.value());
        // What is on its way stands there as if it had arrived; when it does not arrive, what was there before does again.
        Effect::new(move |_| match (sent.get().or_else(|| kept.get().flatten()), &drawn) {
            (Some(ask), _) => draw(&ask),
            (None, Some((html, is_hidden))) => {
                if let Some(mine) = dom::find("#mine").filter(|mine| mine.inner_html() != *html) {
                    mine.set_inner_html(html);
                    dom::show(Some(&mine), !is_hidden);
                }
            }
            (None, None) => {}
        });
        // Islands wake once a page.
        let _ = SAVING.with(|cell| cell.set(saving));
        if let Some(form) = dom::find("#writing form").and_then(dom::contents) {
            dom::write(dom::find("#body-left").as_ref(), &room_left(&dom::field(&form, "body")));
        }
    }

    /// Shows a review as others will read it.
    fn draw(ask: &ReviewAsk) {
        let mine = dom::find("#mine");
        let rows = ["#mine > .stars", ".parts > :nth-child(1)", ".parts > :nth-child(2)", ".parts > :nth-child(3)"];
        for (row, stars) in rows.into_iter().zip([&ask.overall, &ask.food, &ask.service, &ask.ambience]) {
            let part = |what: &str| dom::find(&format!("#mine :is({row}) {what}"));
            // The part of a row of 120 that is full.
            let width = stars.parse::<u8>().unwrap_or(0) * 24;
            dom::set(part("svg svg").as_ref(), "width", Some(&width.to_string()));
            dom::write(part(".hidden-text").as_ref(), &format!("{stars} of 5 stars"));
            dom::write(part("[aria-hidden]:not(svg)").as_ref(), stars);
        }
        dom::write(dom::find("#mine > .said").as_ref(), &domain::text::clean(&ask.body));
        dom::show(mine.as_ref(), true);
    }

    pub fn input(event: &Event) {
        let Some(field) = dom::target(event) else { return };
        let name = dom::said(&field, "name");
        let value = event_target_value(event);
        if name == "body" {
            dom::write(dom::find("#body-left").as_ref(), &room_left(&value));
        }
        if complaint(&name, &value).is_none() {
            mark(&name, None);
        }
    }

    pub fn submit(wrong: RwSignal<Vec<FieldError>>, event: &SubmitEvent) {
        event.prevent_default();
        let (Some(form), button) = (dom::submitted(event), dom::button(event)) else { return };
        if dom::find("#review [aria-busy]").is_some() {
            return;
        }
        if dom::field(&form, "do") == "delete_review" {
            return remove(&form, button);
        }
        forget(&ReviewAsk::FIELDS);
        let found = check(&form, &ReviewAsk::FIELDS, complaint);
        if !found.is_empty() {
            return tell(wrong, found);
        }
        wrong.set(found);
        dom::busy(button.as_ref(), true);
        if let Some(saving) = saving() {
            dom::set(dom::find("#writing").as_ref(), "open", None);
            dom::focus(dom::find("#review-title"));
            saving.dispatch_local(read(&form));
        }
    }

    fn read(form: &FormData) -> ReviewAsk {
        let field = |name| dom::field(form, name);
        ReviewAsk {
            token: field("token"),
            review: field("review"),
            key: format!("{}/{}", field("key"), field("rev")),
            rev: field("rev"),
            overall: field("overall"),
            food: field("food"),
            service: field("service"),
            ambience: field("ambience"),
            body: field("body"),
        }
    }

    /// Sends a review and answers what the server has now.
    async fn save(wrong: RwSignal<Vec<FieldError>>, ask: ReviewAsk) -> Option<ReviewAsk> {
        let answer = line::call(Errand::change(&ask.key), SaveReview { ask: ask.clone() }).await;
        dom::busy(dom::find("#review [aria-busy]").as_ref(), false);
        match answer {
            Ok(saved) => {
                for (name, value) in [("review", saved.review.as_str()), ("rev", &saved.rev.to_string())] {
                    know(name, value);
                }
                dom::write(dom::find("#writing summary b").as_ref(), "Change your review");
                dom::show(dom::find("#removal").as_ref(), true);
                tray::say(tray::Tone::Success, "Your review is on the restaurant’s page.");
                Some(ask)
            }
            Err(error) => {
                dom::set(dom::find("#writing").as_ref(), "open", Some(""));
                complain(wrong, &error);
                saving().and_then(|saving| saving.value().get_untracked()).flatten()
            }
        }
    }

    /// What was typed stays in its form, and the news says what kept it.
    fn complain(wrong: RwSignal<Vec<FieldError>>, error: &UiError) {
        tray::say(tray::Tone::Error, &error.to_string());
        match error {
            UiError::Invalid(errors) if !errors.0.is_empty() => tell(wrong, errors.0.clone()),
            _ => dom::focus(dom::find("#writing button[type=submit]")),
        }
    }

    /// Tells the forms of the desk what the review is called now.
    fn know(name: &str, value: &str) {
        for form in ["#writing", "#removal"] {
            dom::set(dom::find(&format!("{form} [name={name}]")).as_ref(), "value", Some(value));
        }
    }

    fn remove(form: &FormData, button: Option<Element>) {
        let ask = RemovalAsk { token: dom::field(form, "token"), review: dom::field(form, "review") };
        dom::busy(button.as_ref(), true);
        dom::show(dom::find("#mine").as_ref(), false);
        let toast = tray::say(tray::Tone::Loading, "Deleting your review");
        spawn_local(async move {
            match line::call(Errand::REMOVAL, RemoveReview { ask }).await {
                Ok(onward) => dom::go(&onward.href),
                Err(error) => {
                    dom::busy(button.as_ref(), false);
                    dom::show(dom::find("#mine").as_ref(), true);
                    tray::unsay(toast);
                    tray::say(tray::Tone::Error, &error.to_string());
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_knows_the_rules_of_a_review() {
        assert!(complaint("food", "").is_some() && complaint("overall", "6").is_some());
        assert!(complaint("service", "5").is_none() && complaint("key", "").is_none());
        assert!(complaint("body", &"x".repeat(2000)).is_none() && complaint("body", &"x".repeat(2001)).is_some());
    }

    #[test]
    fn what_is_left_is_counted_as_it_will_be_kept() {
        assert_eq!(room_left(""), "2000 characters left.");
        assert_eq!(room_left(" <b>é</b>\u{200b} "), "1999 characters left.");
        assert_eq!(room_left(&"x".repeat(1999)), "1 character left.");
        assert_eq!(room_left(&"x".repeat(2001)), "1 character too many.");
        assert_eq!(room_left(&"x".repeat(2010)), "10 characters too many.");
    }
}
