//! The API's `OpenAPI` document, put together from what each function says of itself. The committed copy
//! that `get-openapi` serves is held against it by a test.

use utoipa::openapi::OpenApi;

use crate::gateway::endpoints;

/// The whole document. Paths and components are sorted by name, so it only changes when the API does.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = endpoints()
        .fold(jari_api::openapi::base(), |whole, endpoint| whole.merge_from((endpoint.describe)()));
    if let Some(servers) = &mut document.servers {
        servers.sort_by(|one, other| one.url.cmp(&other.url));
    }
    if let Some(tags) = &mut document.tags {
        tags.sort_by(|one, other| one.name.cmp(&other.name));
        tags.dedup_by(|one, other| one.name == other.name);
    }
    jari_api::parameters::describe(&mut document);
    jari_api::bodies::describe(&mut document);
    document
}

/// The document as it is committed: pretty JSON with a newline at its end.
pub fn document_text() -> Result<String, serde_json::Error> {
    Ok(document().to_pretty_json()? + "\n")
}
