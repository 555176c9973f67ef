//! The reservation as a calendar file.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use jari_mail::calendar_file;

use crate::{
    Desk,
    booking::{reservation::as_confirmed, word::Word},
    trouble::TroublePage,
};

/// The visit, to be put into a calendar; what is not certain leads to its page.
pub(crate) async fn download(State(desk): State<Desk>, word: Word) -> Result<Response, TroublePage> {
    let viewed = word.view(&desk).await?;
    let site = desk.site.trim_end_matches('/');
    let link = format!("{site}{}", word.address());
    let visit = as_confirmed(&viewed.reservation, &viewed.restaurant, Some(link), site);
    let Some(file) = calendar_file(&visit, desk.clock.now()) else {
        return Ok(Redirect::to(&word.address()).into_response());
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"reservation.ics\"")),
    ];
    Ok((headers, file).into_response())
}
