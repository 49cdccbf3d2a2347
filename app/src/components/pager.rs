//! The ways between the pages of a list.

use leptos::prelude::*;

use super::art::{Icon, Sign};

/// The way back to the first page and on to the next one, left out where there is only one page.
#[component]
pub fn Pager(
    /// The first page's address, empty on the first page itself.
    first: String,
    /// The next page's address, empty on the last one.
    next: String,
    #[prop(default = "Pages")] label: &'static str,
    /// What leads on, in words.
    #[prop(default = "Next page")]
    onward: &'static str,
) -> impl IntoView {
    let first = (!first.is_empty()).then(|| view! { <a href=first rel="prev"><Sign icon=Icon::Back/>"First page"</a> });
    let next = (!next.is_empty()).then(|| view! { <a href=next rel="next">{onward}<Sign icon=Icon::Arrow/></a> });
    (first.is_some() || next.is_some()).then(|| view! { <nav class="pager" aria-label=label>{first}{next}</nav> })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(first: &str, next: &str) -> String {
        let (first, next) = (first.to_owned(), next.to_owned());
        Owner::new().with(|| view! { <Pager first next/> }.to_html())
    }

    #[test]
    fn each_page_leads_where_there_are_others() {
        assert!(!drawn("", "").contains("<nav"));
        let (start, middle, end) = (drawn("", "/b"), drawn("/a", "/b"), drawn("/a", ""));
        for (html, back, on) in [(start, false, true), (middle, true, true), (end, true, false)] {
            assert_eq!(html.contains("<a href=\"/a\" rel=\"prev\">"), back, "{html}");
            assert_eq!(html.contains("<a href=\"/b\" rel=\"next\">Next page"), on, "{html}");
        }
    }
}
