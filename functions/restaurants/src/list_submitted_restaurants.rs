//! `list-submitted-restaurants`: those that wait for approval.

use axum::{extract::State, response::Response};
use jari_api::{Caller, Cursors, Items, Problem, QueryFields, openapi, paging, respond};
use jari_domain::{LocalizedText, RestaurantId};
use jari_identity::Operation;
use jari_operations::admit_to_platform;
use jari_store::{ListPosition, Listed, Listing};
use jari_wiring::{Endpoint, admission_problem, store_problem};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    LocalizedTextView,
    office::{Archive, Office},
};

/// The function.
pub const ENDPOINT: Endpoint = Endpoint {
    function: "list-submitted-restaurants",
    describe: || routes().into_openapi(),
    open: |house| {
        Box::pin(async move {
            let archive = Archive { office: Office::open(&house)?, cursors: house.cursor_key().await? };
            Ok(routes().with_state(archive).into())
        })
    },
};

fn routes() -> OpenApiRouter<Archive> {
    OpenApiRouter::new().routes(routes!(list_submitted_restaurants))
}

/// A restaurant that waits for approval.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubmittedRestaurant {
    #[schema(value_type = String, example = "rst_01jar100000000000000000001")]
    id: RestaurantId,
    #[schema(value_type = LocalizedTextView)]
    name: LocalizedText,
    #[schema(value_type = LocalizedTextView)]
    address: LocalizedText,
    /// E.164.
    #[schema(example = "+82200001234")]
    phone: String,
    #[schema(format = Email)]
    email: String,
}

/// List restaurants that wait for approval
///
/// The one that waits longest first; as an index tells, which may lag by a moment.
#[utoipa::path(get, path = "/v1/submitted-restaurants", tag = openapi::tags::MANAGEMENT,
    operation_id = "list-submitted-restaurants", security(("bearer" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "1 to 100; 20 unless said otherwise."),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before."),
    ),
    responses((status = 200, description = "A page.", body = Items<SubmittedRestaurant>), openapi::BadFields,
        openapi::Unauthenticated, openapi::Forbidden, openapi::Common))]
async fn list_submitted_restaurants(
    State(archive): State<Archive>,
    caller: Caller,
    query: QueryFields,
) -> Result<Response, Problem> {
    admit_to_platform(&caller.0, Operation::ListSubmittedRestaurants).map_err(admission_problem)?;
    let mut fields = query.fields();
    let (limit, cursor) = paging::read(&mut fields);
    fields.finish(())?;
    let cursors = Cursors::new(&archive.cursors, "submitted-restaurants", &())?;
    let after: Option<ListPosition> = cursor.map(|cursor| cursors.open(&cursor)).transpose()?;
    let limit = i32::try_from(limit).unwrap_or(i32::MAX);
    let page = archive.office.store.listed_restaurants(Listing::Submitted, after.as_ref(), limit).await;
    let (listed, more) = page.map_err(store_problem)?;
    let last = listed.last().filter(|_| more).map(|last| &last.position);
    let next = last.map(|position| cursors.seal(position)).transpose()?;
    Ok(respond::ok(&Items { items: listed.into_iter().map(view).collect(), next }))
}

fn view(listed: Listed) -> SubmittedRestaurant {
    let profile = listed.profile;
    SubmittedRestaurant {
        id: listed.id,
        name: profile.name,
        address: profile.address,
        phone: profile.phone.as_str().to_owned(),
        email: profile.email.as_str().to_owned(),
    }
}
