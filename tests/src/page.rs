//! A page as a browser without JavaScript sees it: text, and forms to fill in.

use crate::actor::Actor;
use crate::answer::Answer;

/// A form of a page, with what is filled in already.
#[derive(Clone, Debug)]
pub struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of the page that contains these words, such as the name of one of its fields.
    #[must_use]
    pub fn with(page: &Answer, words: &str) -> Self {
        let html = page.text();
        let forms = html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
        let form = forms.into_iter().find(|form| form.contains(words));
        let form = form.unwrap_or_else(|| panic!("no form with {words}: {page:?}"));
        let (head, body) = form.split_once('>').expect("the tag of a form ends");
        let mut fields = Vec::new();
        for tag in body.split("<input").skip(1).filter_map(|rest| rest.split('>').next()) {
            let kind = attribute(tag, "type").unwrap_or_default();
            let is_on = kind != "radio" && kind != "checkbox" || tag.contains("checked");
            if let Some(name) = attribute(tag, "name").filter(|_| is_on) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
        Self { action: attribute(head, "action").unwrap_or_default(), fields }
    }

    /// What a field says.
    #[must_use]
    pub fn says(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The form with a field filled in.
    #[must_use]
    pub fn fill(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends it from the page it stands on.
    pub async fn send(&self, guest: &Actor, page: &str) -> Answer {
        self.send_with(guest, page, &[]).await
    }

    /// Sends it with these headers too.
    pub async fn send_with(&self, guest: &Actor, page: &str, headers: &[(&str, &str)]) -> Answer {
        let action = self.action.split('#').next().unwrap_or_default();
        let to = if action.is_empty() { page } else { action };
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ask = guest.ask(reqwest::Method::POST, to).header("accept", "text/html").form(&fields);
        headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send().await
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
    Some(read(rest.split('"').next()?))
}

/// The text that this HTML stands for.
#[must_use]
pub fn read(html: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    entities.iter().fold(html.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

impl Answer {
    /// What this page wants put right, in its order: the field that each complaint leads to, and its words, which stand at
    /// that field too.
    #[must_use]
    #[track_caller]
    pub fn to_put_right(&self) -> Vec<(String, String)> {
        let text = read(&self.text());
        let summary = text.split("id=\"problems\"").nth(1).unwrap_or_else(|| panic!("nothing to put right: {text}"));
        let summary = summary.split("</ul>").next().unwrap_or_default();
        let link =
            |link: &str| link.split("</a>").next()?.split_once("\">").map(|(to, words)| (to.into(), words.into()));
        let complaints: Vec<(String, String)> = summary.split("href=\"#").skip(1).filter_map(link).collect();
        for (name, words) in &complaints {
            let place = text.split(&format!("id=\"{name}-wrong\"")).nth(1).and_then(|rest| rest.split("</p>").next());
            let is_said = place.is_some_and(|place| place.ends_with(words) && !place.starts_with(" hidden"));
            assert!(is_said, "{name}: {place:?}");
            assert!(text.contains(&format!("id=\"{name}\"")), "{name} is not where its complaint leads");
        }
        complaints
    }
}

impl Actor {
    /// Opens a page.
    pub async fn open(&self, path: &str) -> Answer {
        self.ask(reqwest::Method::GET, path).header("accept", "text/html").send().await
    }
}
