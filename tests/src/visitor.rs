//! Somebody in front of a browser without JavaScript, which keeps its cookies.

use reqwest::Method;

use crate::actor::Actor;
use crate::answer::Answer;
use crate::page::Form;

/// The cookies that a browser was given.
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<(String, String)>);

impl Jar {
    fn take_from(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("a cookie is ASCII");
            let (name, rest) = cookie.split_once('=').expect("a cookie has a name");
            let value = rest.split(';').next().unwrap_or_default();
            self.0.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    /// The header `Cookie`.
    #[must_use]
    pub fn header(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same browser ten minutes later: the access token has run out and is thrown away.
    #[must_use]
    pub fn later(mut self) -> Self {
        self.0.retain(|(name, _)| !name.ends_with("access"));
        self
    }
}

/// Somebody in front of a browser.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who it is.
    pub actor: Actor,
    /// Their browser's cookies.
    pub jar: Jar,
}

impl Visitor {
    /// A browser without cookies.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self { actor: actor.clone(), jar: Jar::default() }
    }

    /// A browser in which this person has signed in.
    pub async fn signed_in(actor: &Actor) -> Self {
        let mut visitor = Self::of(actor);
        let known = [("email", actor.email.as_str()), ("password", Actor::PASSWORD)];
        let _ = visitor.send("/sign-in", "name=\"password\"", &known).await.is(303);
        visitor
    }

    /// Opens a page.
    pub async fn open(&mut self, path: &str) -> Answer {
        let ask = self.actor.ask(Method::GET, path).header("accept", "text/html").header("cookie", &self.jar.header());
        let page = ask.send().await;
        self.jar.take_from(&page);
        page
    }

    /// Opens a page, fills in the form of it that contains these words, and sends it.
    pub async fn send(&mut self, path: &str, with: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.open(path).await.is(200);
        self.fill(&page, path, with, fields).await
    }

    /// Fills in the form of this page that contains these words, and sends it.
    pub async fn fill(&mut self, page: &Answer, path: &str, with: &str, fields: &[(&str, &str)]) -> Answer {
        let form = fields.iter().fold(Form::with(page, with), |form, (name, value)| form.fill(name, value));
        let answer = form.send_with(&self.actor, path, &[("cookie", &self.jar.header())]).await;
        self.jar.take_from(&answer);
        answer
    }
}
