//! The mailbox as pages, and the clock with buttons. A mail's HTML is shown only in a frame without any
//! right: no script, no form, no way out of it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form, Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    catcher::{Attachment, Encoding, Mail, QueuedMessage},
    clock::seoul,
    house::{ResetError, Rooms},
    local_routes::{Move, Refusal, move_to},
};

/// Mails on the list; the rest is in `/_local/mail`.
const LISTED: usize = 200;

/// Styles stand in the page and in mails; frames, forms and pictures are only our own. The frame of a
/// mail inherits it, so a mail can't load anything from elsewhere either.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub(crate) fn routes() -> Router<Arc<Rooms>> {
    Router::new()
        .route("/_local/", get(mailbox))
        .route("/_local/mails/{id}", get(mail))
        .route("/_local/mails/{id}/attachments/{number}", get(attachment))
        .route("/_local/forms/clock", post(move_clock))
        .route("/_local/forms/empty", post(empty))
        .route("/_local/forms/reset", post(reset))
}

#[derive(Template)]
#[template(path = "mailbox.html")]
struct MailboxPage<'a> {
    notice: Option<&'a str>,
    now: String,
    now_field: String,
    mails: Vec<ListedMail<'a>>,
    more: usize,
    failures: Vec<ListedFailure>,
    dynamodb: &'a str,
    table: &'a str,
    data: String,
}

struct ListedMail<'a> {
    mail: &'a Mail,
    sent_at: String,
}

struct ListedFailure {
    sent_at: String,
    body: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
    sent_at: String,
    text: Vec<Piece<'a>>,
}

/// A piece of a mail's text: a web address, or what stands between two.
struct Piece<'a> {
    text: &'a str,
    is_link: bool,
}

async fn mailbox(State(rooms): State<Arc<Rooms>>) -> Response {
    mailbox_page(&rooms, None)
}

fn mailbox_page(rooms: &Rooms, notice: Option<&Refusal>) -> Response {
    let mails = rooms.mailbox.newest_first();
    let queued = rooms.queue.newest_first();
    let now = rooms.clock.now();
    let page = MailboxPage {
        notice: notice.map(|refusal| refusal.detail.as_str()),
        now: readable(now),
        now_field: seoul(now).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        mails: mails
            .iter()
            .take(LISTED)
            .map(|mail| ListedMail { mail, sent_at: readable(mail.sent_at) })
            .collect(),
        more: mails.len().saturating_sub(LISTED),
        failures: queued.iter().take(LISTED).map(|message| listed_failure(message)).collect(),
        dynamodb: rooms.dynamodb_endpoint(),
        table: rooms.table(),
        data: rooms.data.as_ref().map_or("nowhere: --memory".to_owned(), |data| data.display().to_string()),
    };
    let status = if notice.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    (status, html(&page)).into_response()
}

fn listed_failure(message: &QueuedMessage) -> ListedFailure {
    let body = serde_json::to_string_pretty(&message.body).unwrap_or_default();
    ListedFailure { sent_at: readable(message.sent_at), body }
}

async fn mail(State(rooms): State<Arc<Rooms>>, Path(id): Path<String>) -> Response {
    match find(&rooms, &id) {
        Some(mail) => {
            html(&MailPage { mail: &mail, sent_at: readable(mail.sent_at), text: pieces(&mail.text) })
        }
        None => gone(),
    }
}

async fn attachment(State(rooms): State<Arc<Rooms>>, Path((id, number)): Path<(String, usize)>) -> Response {
    let Some(mail) = find(&rooms, &id) else {
        return gone();
    };
    let Some(Attachment { file_name, content_type, content, encoding }) = mail.attachments.get(number) else {
        return gone();
    };
    let content = match encoding {
        Encoding::Text => content.clone().into_bytes(),
        Encoding::Base64 => BASE64_STANDARD.decode(content).unwrap_or_default(),
    };
    // A name that a header can't hold is left out; the browser then makes one from the address.
    let name: String =
        file_name.chars().filter(|c| c.is_ascii_alphanumeric() || "._- ".contains(*c)).collect();
    let content_type =
        HeaderValue::try_from(content_type).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    (
        [
            (header::CONTENT_TYPE, content_type),
            (
                header::CONTENT_DISPOSITION,
                HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
                    .unwrap_or(HeaderValue::from_static("attachment")),
            ),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        ],
        content,
    )
        .into_response()
}

/// Buttons send `advance`, the field sends `now`; a form sends the empty one along, too.
#[derive(Deserialize)]
struct MoveForm {
    #[serde(default)]
    advance: String,
    #[serde(default)]
    now: String,
}

async fn move_clock(State(rooms): State<Arc<Rooms>>, Form(form): Form<MoveForm>) -> Response {
    let given = |text: String| (!text.trim().is_empty()).then_some(text);
    // A button beats the field, which is always filled in.
    let advance = given(form.advance);
    let now = if advance.is_some() { None } else { given(form.now) };
    match move_to(&rooms, Move { advance, now }).await {
        Ok(()) => Redirect::to("/_local/").into_response(),
        Err(refusal) => mailbox_page(&rooms, Some(&refusal)),
    }
}

async fn empty(State(rooms): State<Arc<Rooms>>) -> Response {
    match rooms.mailbox.clear() {
        Ok(()) => Redirect::to("/_local/").into_response(),
        Err(error) => mailbox_page(&rooms, Some(&ResetError::from(error).into())),
    }
}

async fn reset(State(rooms): State<Arc<Rooms>>) -> Response {
    match rooms.reset().await {
        Ok(()) => Redirect::to("/_local/").into_response(),
        Err(error) => mailbox_page(&rooms, Some(&error.into())),
    }
}

fn find(rooms: &Rooms, id: &str) -> Option<Arc<Mail>> {
    rooms.mailbox.newest_first().into_iter().find(|mail| mail.id == id)
}

fn gone() -> Response {
    let page = "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
                <title>Not here</title><p>This mail is not here any more. <a href=\"/_local/\">To the mailbox</a>";
    (StatusCode::NOT_FOUND, [(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response()
}

fn html(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn readable(instant: Timestamp) -> String {
    seoul(instant).strftime("%a %-d %b %Y, %H:%M:%S").to_string()
}

/// Cuts a text at its web addresses. A full stop or bracket after one belongs to the sentence.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("http://").into_iter().chain(rest.find("https://")).min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "<>\"'()".contains(c)).unwrap_or(from.len());
        let end = from[..end].trim_end_matches(['.', ',', ';', '!', '?']).len();
        let (link, after) = from.split_at(end);
        pieces.extend([Piece { text: before, is_link: false }, Piece { text: link, is_link: true }]);
        rest = after;
    }
    pieces.push(Piece { text: rest, is_link: false });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_a_text_become_links_without_the_sentences_full_stop() {
        let text = "보기: http://localhost:3000/r?t=a.b-c_d. Or (https://jari.example/x)!";
        let links: Vec<_> =
            pieces(text).into_iter().filter(|piece| piece.is_link).map(|piece| piece.text).collect();
        assert_eq!(links, ["http://localhost:3000/r?t=a.b-c_d", "https://jari.example/x"]);
        assert_eq!(pieces(text).iter().map(|piece| piece.text).collect::<String>(), text);
    }

    #[test]
    fn a_mails_html_can_only_be_in_a_frame_without_rights() {
        let html = "<script>alert(1)</script><p class=\"x\">Hello</p>".to_owned();
        let mail = Mail {
            id: "1".into(),
            from: "a@jari.test".into(),
            to: "<b>@example.com".into(),
            reply_to: String::new(),
            subject: "</title><script>".into(),
            sent_at: Timestamp::UNIX_EPOCH,
            text: "<script>".into(),
            html,
            headers: vec![],
            attachments: vec![],
            tags: vec![],
        };
        let page =
            MailPage { mail: &mail, sent_at: String::new(), text: pieces(&mail.text) }.render().unwrap();
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("sandbox=\"\""), "{page}");
        assert_eq!(page.matches("alert(1)").count(), 1, "only inside srcdoc");
    }
}
