//! Times of a day as buttons.

use leptos::either::Either;
use leptos::prelude::*;

use crate::api::{Part, Sitting, State};

/// The times of a day by service, as radio buttons; those that are gone say why.
#[component]
pub fn Parts(
    parts: Vec<Part>,
    /// The start that is chosen.
    chosen: RwSignal<String>,
    /// The start of the booking that is being changed.
    #[prop(optional)]
    own: String,
) -> impl IntoView {
    let group = move |part: Part| {
        let own = own.clone();
        let times = part.sittings.into_iter().map(move |sitting| view! { <Time own=sitting.start == own sitting chosen/> });
        view! {
            <fieldset class="slot-group">
                <legend>{part.name}</legend>
                <div class="slots">{times.collect_view()}</div>
            </fieldset>
        }
    };
    parts.into_iter().map(group).collect_view()
}

#[component]
fn Time(sitting: Sitting, chosen: RwSignal<String>, own: bool) -> impl IntoView {
    let note = (!sitting.note.is_empty()).then(|| view! { <small>{sitting.note.clone()}</small> });
    if own {
        return Either::Left(view! { <span class="slot" aria-current="true">{sitting.clock}<small>"yours now"</small></span> });
    }
    if !sitting.state.is_free() {
        let class = if sitting.state == State::Held { "slot held" } else { "slot full" };
        return Either::Right(Either::Left(view! { <span class=class><b>{sitting.clock}</b>{note}</span> }));
    }
    let class = if sitting.state == State::Request { "slot request" } else { "slot" };
    let start = StoredValue::new(sitting.start.clone());
    let is_chosen = move || chosen.with(|chosen| start.with_value(|start| chosen == start));
    Either::Right(Either::Right(view! {
        <label class=class>
            <input
                type="radio"
                name="start"
                required
                value=sitting.start
                checked=chosen.with_untracked(|chosen| start.with_value(|start| chosen == start))
                prop:checked=is_chosen
                on:change=move |_| chosen.set(start.get_value())
            />
            <span>{sitting.clock}</span>
            {note}
        </label>
    }))
}

/// What the borders of the buttons mean.
#[component]
pub fn Key(parts: Vec<Part>) -> impl IntoView {
    let any = |state| parts.iter().flat_map(|part| &part.sittings).any(|sitting| sitting.state == state);
    let (request, full) = (any(State::Request), any(State::Full) || any(State::Held));
    (request || full).then(|| {
        view! {
            <ul class="slot-key" aria-label="What the borders mean">
                <li>"book at once"</li>
                {request.then(|| view! { <li class="request">"the restaurant answers"</li> })}
                {full.then(|| view! { <li class="full">"taken, with the reason"</li> })}
            </ul>
        }
    })
}
