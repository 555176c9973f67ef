//! A browser without a screen: keeps cookies, follows redirects, finds the forms of a page and sends them as they are.
//!
//! ```ignore
//! let browser = Browser::new(&house);
//! let page = browser.open("/restaurants/rst_…?date=2026-12-24&party=2").await.is(200);
//! let details = browser.press(&page, "/restaurants/rst_…/hold", "오후 7:00").await.is(200);
//! let form = details.form(&details.path()).with("guest/name", "Minji");
//! let booked = browser.send(&form).await.is(200);
//! ```
//!
//! It reads the markup of our own templates and no more: attributes in double quotes, no form in a comment.

use std::{collections::BTreeMap, sync::Mutex};

use reqwest::{Method, RequestBuilder, header, redirect::Policy};

use crate::{Answer, House, Person};

const MOST_REDIRECTS: usize = 5;
/// What a select holds until its first option has been read, which may be an empty one.
const UNCHOSEN: &str = "\0";

/// One visitor's browser. Several requests can be under way at once.
pub struct Browser<'h> {
    house: &'h House,
    client: reqwest::Client,
    cookies: Mutex<BTreeMap<String, String>>,
    language: &'static str,
}

/// What the browser shows: where it ended up, and what is there.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Path and query.
    pub address: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: header::HeaderMap,
    /// The page's source.
    pub html: String,
}

/// A form, filled in as the page has it.
#[derive(Clone, Debug)]
pub struct Form {
    /// `POST`, or `GET`.
    pub method: Method,
    /// Where it is sent.
    pub action: String,
    /// What it sends, in order, but for its buttons.
    pub inputs: Vec<(String, String)>,
    /// Its buttons: label, and what pressing one sends besides.
    pub buttons: Vec<(String, Option<(String, String)>)>,
}

impl<'h> Browser<'h> {
    /// A new one, of somebody who reads Korean.
    pub fn new(house: &'h House) -> Self {
        let client = reqwest::Client::builder().redirect(Policy::none());
        let client = client.timeout(std::time::Duration::from_mins(1)).build().unwrap();
        Self { house, client, cookies: Mutex::default(), language: "ko" }
    }

    /// Of somebody who reads English.
    pub fn in_english(mut self) -> Self {
        self.language = "en";
        self
    }

    /// With this person signed in, without the way through `/sign-in`.
    pub fn signed_in_as(self, person: &Person) -> Self {
        self.keep("__Host-jari-access", &self.house.token_of(person));
        self
    }

    /// Opens a page.
    pub async fn open(&self, address: &str) -> Shown {
        self.go(Method::GET, address, &[]).await
    }

    /// Sends a form, with no button's own value.
    pub async fn send(&self, form: &Form) -> Shown {
        self.go(form.method.clone(), &form.action, &form.inputs).await
    }

    /// Sends the page's form with that action by its button with that label.
    pub async fn press(&self, page: &Shown, action: &str, button: &str) -> Shown {
        self.send(&page.form_with(action, button).pressing(button)).await
    }

    /// A request with this browser's cookies, sent as it is: redirects are not followed, cookies are kept.
    pub async fn ask(&self, method: Method, address: &str, inputs: &[(String, String)]) -> Shown {
        let answer = Answer::to(self.request(method, address, inputs)).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.keep(name, value);
        }
        Shown {
            address: address.to_owned(),
            status: answer.status,
            headers: answer.headers,
            html: answer.text,
        }
    }

    /// The cookie of that name; none if it has none.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Keeps a cookie; an empty one is gone.
    pub fn keep(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        if value.is_empty() {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    async fn go(&self, method: Method, address: &str, inputs: &[(String, String)]) -> Shown {
        let mut shown = if method == Method::GET && !inputs.is_empty() {
            let path = address.split(['?', '#']).next().unwrap_or_default();
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(inputs).finish();
            self.ask(Method::GET, &format!("{path}?{query}"), &[]).await
        } else {
            self.ask(method, address, inputs).await
        };
        for _ in 0..MOST_REDIRECTS {
            let Some(location) = shown.redirects_to() else { return shown };
            shown = self.ask(Method::GET, &location, &[]).await;
        }
        panic!("{address} leads from page to page");
    }

    fn request(&self, method: Method, address: &str, inputs: &[(String, String)]) -> RequestBuilder {
        let path = address.split('#').next().unwrap_or_default();
        let is_form = method == Method::POST;
        let request = self
            .client
            .request(method, format!("{}{path}", self.house.url()))
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::ACCEPT_LANGUAGE, self.language);
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) };
        if is_form { request.form(inputs) } else { request }
    }
}

impl Shown {
    /// It, if it has that status; else the test ends and shows it.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}\n{}", self.address, self.html);
        self
    }

    /// It, if it says all of these.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.html.contains(text), "{text} is not on {}\n{}", self.address, self.html);
        }
        self
    }

    /// Where it is, without its query.
    pub fn path(&self) -> String {
        self.address.split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    /// Where a 303 leads.
    pub fn redirects_to(&self) -> Option<String> {
        (300..400).contains(&self.status).then(|| self.headers["location"].to_str().unwrap().to_owned())
    }

    /// All of its forms.
    pub fn forms(&self) -> Vec<Form> {
        let forms = self.html.split("<form").skip(1);
        forms.map(|rest| Form::read(rest.split("</form>").next().unwrap_or(rest))).collect()
    }

    /// The first form with that action.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let form = self.forms().into_iter().find(|form| form.action == action);
        form.unwrap_or_else(|| panic!("no form leads to {action} on {}\n{}", self.address, self.html))
    }

    /// Whether a form has that action.
    pub fn has_form(&self, action: &str) -> bool {
        self.forms().iter().any(|form| form.action == action)
    }

    /// The first form with that action that has that button.
    #[track_caller]
    pub fn form_with(&self, action: &str, button: &str) -> Form {
        let mut forms = self.forms().into_iter().filter(|form| form.action == action);
        let form = forms.find(|form| form.buttons.iter().any(|(label, _)| label == button));
        form.unwrap_or_else(|| panic!("no {button} leads to {action} on {}\n{}", self.address, self.html))
    }
}

impl Form {
    /// With this in an input, which need not be there yet.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.inputs.retain(|(known, _)| known != name);
        self.inputs.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without an input.
    pub fn without(mut self, name: &str) -> Self {
        self.inputs.retain(|(known, _)| known != name);
        self
    }

    /// What an input holds; empty if there is none.
    pub fn value(&self, name: &str) -> &str {
        let input = self.inputs.iter().rev().find(|(known, _)| known == name);
        input.map_or("", |(_, value)| value)
    }

    /// With what the button of that label sends.
    #[track_caller]
    pub fn pressing(mut self, button: &str) -> Self {
        let pressed = self.buttons.iter().find(|(label, _)| label == button);
        let (_, sends) = pressed.unwrap_or_else(|| panic!("no {button} in {self:?}"));
        if let Some((name, value)) = sends.clone() {
            self.inputs.push((name, value));
        }
        self
    }

    /// A form's source, from after `<form`.
    fn read(source: &str) -> Self {
        let (opening, content) = source.split_once('>').unwrap();
        let is_post = attribute(opening, "method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let mut form = Self {
            method: if is_post { Method::POST } else { Method::GET },
            action: attribute(opening, "action").unwrap_or_default(),
            inputs: Vec::new(),
            buttons: Vec::new(),
        };
        for rest in content.split('<').skip(1) {
            let (tag, after) = rest.split_once('>').unwrap_or((rest, ""));
            form.take(tag, after, content);
        }
        for (_, value) in form.inputs.iter_mut().filter(|(_, value)| value == UNCHOSEN) {
            value.clear();
        }
        form
    }

    /// Takes in one tag and the text after it.
    fn take(&mut self, tag: &str, after: &str, content: &str) {
        let has = |word: &str| tag.split_ascii_whitespace().any(|part| part == word);
        let named = || attribute(tag, "name").filter(|_| !has("disabled"));
        match tag.split_ascii_whitespace().next().unwrap_or_default() {
            "input" => {
                let kind = attribute(tag, "type").unwrap_or_default();
                let is_off = matches!(kind.as_str(), "checkbox" | "radio") && !has("checked");
                let value = attribute(tag, "value").unwrap_or_default();
                self.inputs.extend(named().filter(|_| !is_off).map(|name| (name, value)));
            }
            "textarea" => self.inputs.extend(named().map(|name| (name, unescaped(after)))),
            "select" => self.inputs.extend(named().map(|name| (name, UNCHOSEN.to_owned()))),
            "option" => {
                // Of the select above: what is selected, else the first.
                let value = attribute(tag, "value").unwrap_or_default();
                if let Some((_, chosen)) = self.inputs.last_mut()
                    && (has("selected") || chosen == UNCHOSEN)
                {
                    *chosen = value;
                }
            }
            "button" if attribute(tag, "type").as_deref() != Some("button") => {
                let from = content.find(&format!("<{tag}>")).map_or(0, |at| at + tag.len() + 2);
                let label = content[from..].split("</button>").next().unwrap_or_default();
                let value = attribute(tag, "value").unwrap_or_default();
                self.buttons.push((text_of(label), named().map(|name| (name, value))));
            }
            _ => {}
        }
    }
}

/// An attribute's value; none if the tag has no such attribute with a value.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[at..].split('"').next().map(unescaped)
}

/// A source's text, without its tags.
fn text_of(source: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in source.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    unescaped(text.trim())
}

/// What askama escapes, and `&amp;`.
fn unescaped(source: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&"), ("&amp;", "&")]
        .iter()
        .fold(source.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_a_browser_would_send_it() {
        let html = r#"<form method="post" action="/a?x=1&amp;y=2"><input type="hidden" name="t" value="1&#60;2">
            <input name="off" type="checkbox" value="true"><input name="on" type="checkbox" value="true" checked>
            <textarea name="note">a
b</textarea><select name="size"><option value="1">1</option><option value="2" selected>2</option></select>
            <select name="any"><option value="">any</option><option value="1">1</option></select>
            <button type="submit" name="at" value="19:00"><b>7</b> pm</button><button>Go</button></form>"#;
        let shown =
            Shown { address: "/".into(), status: 200, headers: header::HeaderMap::new(), html: html.into() };
        let form = shown.form("/a?x=1&y=2");
        let values: Vec<&str> =
            ["t", "off", "on", "note", "size", "any", "at"].map(|name| form.value(name)).to_vec();
        assert_eq!(values, ["1<2", "", "true", "a\nb", "2", "", ""]);
        assert_eq!(form.clone().pressing("7 pm").value("at"), "19:00");
        assert_eq!(form.pressing("Go").value("at"), "");
    }
}
