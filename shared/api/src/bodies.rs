//! What all bodies of requests have in common, said here once for the whole document: a field that is not described is
//! refused, as [`crate::Fields`] does, and who has nothing to say sends no body rather than `null`.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, SchemaType};
use utoipa::openapi::{OpenApi, RefOr, Schema, Type};

const SCHEMAS: &str = "#/components/schemas/";

/// Completes every body, and every schema that one is made of.
pub fn describe(document: &mut OpenApi) {
    let mut waiting = Vec::new();
    for item in document.paths.paths.values_mut() {
        for operation in crate::parameters::operations(item) {
            let Some(RefOr::T(body)) = &mut operation.request_body else { continue };
            for content in body.content.values_mut() {
                if let RefOr::T(content) = content
                    && let Some(schema) = &mut content.schema
                {
                    leave_out_null(schema);
                    named(schema, &mut waiting);
                }
            }
        }
    }
    let Some(components) = &mut document.components else { return };
    let mut closed = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(schema) = components.schemas.get_mut(&name)
            && closed.insert(name)
        {
            close(schema);
            named(schema, &mut waiting);
        }
    }
}

/// An `Option` in a handler is a body that may be missing.
fn leave_out_null(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::OneOf(choice)) = schema {
        let is_null = |item: &RefOr<Schema>| matches!(item, RefOr::T(Schema::Object(object)) if object.schema_type == SchemaType::Type(Type::Null));
        choice.items.retain(|item| !is_null(item));
        if choice.items.len() == 1 {
            *schema = choice.items.remove(0);
        }
    }
}

fn close(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            if !object.properties.is_empty() && object.additional_properties.is_none() {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            }
            object.properties.values_mut().for_each(close);
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                close(items);
            }
        }
        RefOr::T(Schema::OneOf(choice)) => choice.items.iter_mut().for_each(close),
        RefOr::T(Schema::AnyOf(choice)) => choice.items.iter_mut().for_each(close),
        // What is put together of several parts may hold what any of them does; none alone is all.
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

/// Adds the names of the schemas that `schema` refers to.
fn named(schema: &RefOr<Schema>, names: &mut Vec<String>) {
    fn gather(value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                let name = members.get("$ref").and_then(|name| name.as_str()?.strip_prefix(SCHEMAS));
                names.extend(name.map(str::to_owned));
                members.values().for_each(|value| gather(value, names));
            }
            Value::Array(values) => values.iter().for_each(|value| gather(value, names)),
            _ => {}
        }
    }
    gather(&serde_json::to_value(schema).unwrap_or_default(), names);
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use utoipa::openapi::path::OperationBuilder;
    use utoipa::openapi::request_body::RequestBodyBuilder;
    use utoipa::openapi::{Content, HttpMethod, PathItem, PathsBuilder, Ref};
    use utoipa::{PartialSchema, ToSchema};

    use super::*;

    #[derive(ToSchema)]
    #[allow(dead_code, reason = "describes a body")]
    struct Outer {
        #[schema(max_items = 3)]
        inner: Option<Vec<Inner>>,
    }

    #[derive(ToSchema)]
    #[allow(dead_code, reason = "describes a part of a body")]
    struct Inner {
        text: String,
    }

    #[derive(ToSchema)]
    #[allow(dead_code, reason = "describes an answer")]
    struct Answer {
        text: String,
    }

    #[test]
    fn a_body_and_all_it_is_made_of_hold_what_is_described_and_nothing_else() {
        // As a handler's `Option<Outer>` is described.
        let maybe = json!({ "oneOf": [{ "type": "null" }, Ref::from_schema_name("Outer")] });
        let maybe: RefOr<Schema> = serde_json::from_value(maybe).unwrap();
        let body = RequestBodyBuilder::new().content("application/json", Content::new(Some(maybe))).build();
        let operation = OperationBuilder::new().request_body(Some(body));
        let mut document = crate::openapi::base();
        document.paths = PathsBuilder::new().path("/", PathItem::new(HttpMethod::Put, operation)).build();
        let schemas = &mut document.components.as_mut().unwrap().schemas;
        schemas.insert("Outer".into(), Outer::schema());
        schemas.insert("Inner".into(), Inner::schema());
        schemas.insert("Answer".into(), Answer::schema());

        describe(&mut document);
        let document = serde_json::to_value(document).unwrap();
        let body = &document["paths"]["/"]["put"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(*body, json!({ "$ref": "#/components/schemas/Outer" }));
        let schemas = &document["components"]["schemas"];
        assert_eq!(schemas["Outer"]["additionalProperties"], false);
        assert_eq!(schemas["Inner"]["additionalProperties"], false);
        assert_eq!(schemas["Answer"].get("additionalProperties"), None);
    }
}
