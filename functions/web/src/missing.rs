//! What is asked for and is not there: a page for people, a problem for programs.
//!
//! As `$default` this also gets the API's own paths with a method that none of its functions takes.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use jari_api::{Code, Problem, Text};

use crate::{
    trouble::Trouble,
    visitor::{Visitor, reads_html},
};

pub(crate) async fn show(visitor: Visitor, request: Request) -> Response {
    let path = request.uri().path();
    let of_the_api = path == "/v1" || path.starts_with("/v1/");
    if of_the_api || !reads_html(request.headers()) {
        let detail = Text::fixed(
            "그런 경로가 없거나, 그 경로에서 쓸 수 없는 메서드입니다.",
            "There is no such path, or it does not take this method.",
        );
        return Problem::new(Code::NotFound).with_detail(detail).into_response();
    }
    visitor.trouble(Trouble::NoPage).into_response()
}
