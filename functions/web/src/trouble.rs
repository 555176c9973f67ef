//! When there is no page to show: kind words in both languages, the reader's first, and the status that fits.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use jari_domain::Language;
use jari_store::StoreError;

use crate::page::{Frame, answer};

/// Why there is no page to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No page has that address.
    NoPage,
    /// The link's token is not one of ours.
    BadLink,
    /// The link was good, and its time is over.
    LinkExpired,
    /// The link in a mail about an account was used, is too old, or was never ours.
    UsedLink,
    /// The link is good and its reservation is not there.
    NoReservation,
    /// The table can't be reached right now.
    Unavailable,
    /// Our own fault.
    Broken,
}

/// A trouble and who reads of it.
#[derive(Debug)]
pub(crate) struct TroublePage {
    pub(crate) trouble: Trouble,
    pub(crate) language: Language,
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct Page<'p> {
    frame: &'p Frame,
    texts: [Text; 2],
}

#[derive(Clone, Copy)]
struct Text {
    lang: &'static str,
    heading: &'static str,
    advice: &'static str,
    home: &'static str,
}

impl Trouble {
    /// The trouble with the store, its cause logged.
    pub(crate) fn of_store(error: &StoreError) -> Self {
        if let StoreError::Unavailable(_) = error {
            tracing::warn!(%error, "a page can't be shown now");
            Self::Unavailable
        } else {
            tracing::error!(%error, "a page can't be shown");
            Self::Broken
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::NoPage | Self::BadLink | Self::NoReservation => StatusCode::NOT_FOUND,
            Self::LinkExpired => StatusCode::UNAUTHORIZED,
            Self::UsedLink => StatusCode::GONE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Heading and advice, Korean first.
    fn texts(self) -> [(&'static str, &'static str); 2] {
        match self {
            Self::NoPage => [
                ("찾으시는 페이지가 없습니다", "주소가 바뀌었거나 잘못 입력되었을 수 있습니다."),
                ("There is no such page", "It may have moved, or the address may have a slip in it."),
            ],
            Self::BadLink => [
                (
                    "이 링크로는 예약을 열 수 없습니다",
                    "링크가 중간에 잘렸을 수 있습니다. 예약 메일의 버튼을 다시 눌러 주세요.",
                ),
                (
                    "This link opens no reservation",
                    "It may have been cut short. Please use the button in your reservation’s mail once more.",
                ),
            ],
            Self::LinkExpired => [
                (
                    "기간이 끝난 링크입니다",
                    "예약 링크는 방문 다음 날까지만 열립니다. 지난 예약에 대해서는 식당에 문의해 주세요.",
                ),
                (
                    "This link has ended",
                    "A reservation’s link works until the day after the visit. For anything about a past visit, please ask the restaurant.",
                ),
            ],
            Self::UsedLink => [
                (
                    "더는 쓸 수 없는 링크입니다",
                    "이미 사용했거나 기간이 끝난 링크입니다. 아직 필요하시면 가입이나 비밀번호 재설정을 다시 신청해 주세요.",
                ),
                (
                    "This link can’t be used any more",
                    "It was used already, or its time is over. If you still need it, please sign up or ask for a new password again.",
                ),
            ],
            Self::NoReservation => [
                (
                    "예약을 찾을 수 없습니다",
                    "더 이상 남아 있지 않은 예약입니다. 궁금하신 점은 식당에 문의해 주세요.",
                ),
                (
                    "The reservation is not there",
                    "It is no longer kept. If you have a question, please ask the restaurant.",
                ),
            ],
            Self::Unavailable => [
                ("지금은 열 수 없습니다", "잠시 뒤에 다시 열어 주세요. 예약은 안전하게 보관되어 있습니다."),
                (
                    "This can’t be opened right now",
                    "Please open it again in a moment. Your reservation is safe with us.",
                ),
            ],
            Self::Broken => [
                ("문제가 생겼습니다", "저희 쪽 문제이며 기록해 두었습니다. 급하시면 식당으로 전화해 주세요."),
                (
                    "Something went wrong",
                    "It is our fault, and we have a note of it. If it is urgent, please call the restaurant.",
                ),
            ],
        }
    }
}

impl IntoResponse for TroublePage {
    fn into_response(self) -> Response {
        let [ko, en] = self.trouble.texts();
        let text = |lang, (heading, advice), home| Text { lang, heading, advice, home };
        let mut texts = [text("ko", ko, "처음으로"), text("en", en, "To the first page")];
        if self.language == Language::En {
            texts.reverse();
        }
        let frame = &Frame::new(self.language, None, true);
        let mut response = answer(self.trouble.status(), frame, &Page { frame, texts });
        let headers = response.headers_mut();
        match self.trouble {
            // A 401 has to say how else one could ask.
            Trouble::LinkExpired => {
                let bearer = HeaderValue::from_static(r#"Bearer error="invalid_token""#);
                headers.insert(header::WWW_AUTHENTICATE, bearer);
            }
            Trouble::Unavailable => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}
