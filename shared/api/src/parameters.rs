//! What parameters of one name have in common wherever they stand: said here once for the whole document, as the
//! extractors of [`crate::request`] read them.

use serde_json::Value;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn, PathItem};
use utoipa::openapi::schema::{AnyOfBuilder, SchemaFormat, SchemaType};
use utoipa::openapi::{KnownFormat, Object, ObjectBuilder, OpenApi, RefOr, Schema, Type};

use crate::paging::{LONGEST_CURSOR, MOST_LIMIT};

/// The 26 digits of an id. The first has only three bits.
const DIGITS: &str = "[0-7][0-9a-hjkmnp-tv-z]{25}";

/// Completes the parameters that are known by their name.
pub fn describe(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    complete(parameter);
                }
            }
        }
    }
}

pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten()
}

fn complete(parameter: &mut Parameter) {
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else {
        return;
    };
    // What is left out is not there; it is never null.
    if let SchemaType::Array(types) = &schema.schema_type
        && let [one, Type::Null] | [Type::Null, one] = &types[..]
    {
        schema.schema_type = one.clone().into();
    }
    match (&parameter.parameter_in, parameter.name.as_str()) {
        (ParameterIn::Path, "restaurantId") => id(schema, "rst", Some("rst_01jar100000000000000000001")),
        (ParameterIn::Path, "reservationId") => id(schema, "rsv", None),
        (ParameterIn::Path, "tableId") => id(schema, "tbl", None),
        (ParameterIn::Path, "accountId") => id(schema, "acc", None),
        (ParameterIn::Path | ParameterIn::Query, "date" | "from" | "to") => {
            schema.format = Some(SchemaFormat::KnownFormat(KnownFormat::Date));
        }
        (ParameterIn::Query, "limit") => {
            schema.minimum = Some(1_usize.into());
            schema.maximum = Some((MOST_LIMIT as usize).into());
        }
        (ParameterIn::Query, "cursor") => {
            (schema.min_length, schema.max_length) = (Some(1), Some(LONGEST_CURSOR));
        }
        (ParameterIn::Header, "Idempotency-Key") => {
            (schema.min_length, schema.max_length) = (Some(1), Some(255));
            schema.pattern = Some("^[!-~]+$".into());
        }
        (ParameterIn::Header, "If-Match") => {
            let told = parameter.description.take().unwrap_or_default();
            parameter.description = Some(format!("{told} `*`: whichever it is now.").trim().to_owned());
            parameter.schema = Some(RefOr::T(if_match()));
        }
        _ => {}
    }
}

/// `*`, or an `ETag` as it was given.
fn if_match() -> Schema {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let any = text().enum_values(Some(["*"]));
    let tag = text().pattern(Some(r#"^(W/)?"[0-9]{1,19}"$"#));
    AnyOfBuilder::new().item(any).item(tag).build().into()
}

fn id(schema: &mut Object, prefix: &str, example: Option<&str>) {
    schema.pattern = Some(format!("^{prefix}_{DIGITS}$"));
    schema.example = example.map(Value::from);
}

#[cfg(test)]
mod tests {
    use jari_domain::{ReservationId, RestaurantId};
    use jiff::Timestamp;
    use serde_json::json;
    use utoipa::openapi::path::{OperationBuilder, ParameterBuilder};
    use utoipa::openapi::{HttpMethod, PathsBuilder};

    use super::*;

    fn described(name: &str, place: ParameterIn, types: SchemaType) -> Value {
        let schema = ObjectBuilder::new().schema_type(types).build();
        let parameter = ParameterBuilder::new().name(name).parameter_in(place).schema(Some(schema));
        let operation = OperationBuilder::new().parameter(parameter);
        let mut document = crate::openapi::base();
        document.paths = PathsBuilder::new().path("/", PathItem::new(HttpMethod::Get, operation)).build();
        describe(&mut document);
        serde_json::to_value(document).unwrap()["paths"]["/"]["get"]["parameters"][0]["schema"].clone()
    }

    #[test]
    fn an_ids_pattern_fits_ids_of_its_kind() {
        let schema = described("restaurantId", ParameterIn::Path, Type::String.into());
        let example: RestaurantId = schema["example"].as_str().unwrap().parse().unwrap();
        let pattern = schema["pattern"].as_str().unwrap();
        assert!(pattern.starts_with("^rst_") && pattern.ends_with("]{25}$"), "{pattern}");
        // The highest of all ids begins with the highest digit that the pattern lets in, and with no other letter.
        let last = ReservationId::new(Timestamp::MAX, [0xff; 10]);
        assert!(last.digits().starts_with(|digit: char| ('0'..='7').contains(&digit)));
        for digits in [example.digits(), last.digits()] {
            assert!(digits.len() == 26 && !digits.contains(['i', 'l', 'o', 'u']), "{digits}");
        }
    }

    #[test]
    fn a_header_may_be_missing_but_is_never_null_and_if_match_is_a_tag_or_anything() {
        let maybe = || SchemaType::Array(vec![Type::String, Type::Null]);
        let schema = described("Idempotency-Key", ParameterIn::Header, maybe());
        assert_eq!(schema["type"], "string");
        let schema = described("If-Match", ParameterIn::Header, maybe());
        assert_eq!(
            schema,
            json!({ "anyOf": [
                { "type": "string", "enum": ["*"] },
                { "type": "string", "pattern": r#"^(W/)?"[0-9]{1,19}"$"# },
            ] })
        );
    }

    #[test]
    fn a_pages_bounds_are_those_that_are_held() {
        let schema = described("limit", ParameterIn::Query, Type::Integer.into());
        assert_eq!(schema, json!({ "type": "integer", "minimum": 1, "maximum": MOST_LIMIT }));
    }
}
