//! The description as a page: every operation, its parameters, bodies with examples and answers, the
//! shapes they are made of, and the codes of problems. No script; it reads the document as data, so a
//! new endpoint needs nothing here.

use std::fmt::Write;

use askama::Template;
use jari_api::{Code, FieldCode};
use jari_domain::Language;
use serde_json::{Map, Value};

/// The page's one style sheet, in the page itself; the answer's policy allows it by its hash.
pub(crate) const STYLE: &str = include_str!("../templates/docs.css");

/// A longer list is folded away.
const LONGEST_LIST: usize = 8;
/// More choices are a matter of the description.
const MOST_CHOICES: usize = 12;
/// As deep as an example is made; no shape of ours nests deeper.
const DEEPEST: usize = 8;

/// Why the page can't be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DocsError {
    #[error("the document is not JSON: {0}")]
    Document(#[from] serde_json::Error),
    #[error("the page can't be written: {0}")]
    Page(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    style: &'static str,
    title: String,
    version: String,
    groups: Vec<Group>,
    shapes: Vec<Shape>,
    codes: Vec<CodeRow>,
    field_codes: Vec<&'static str>,
}

struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    needs_bearer: bool,
    parameters: Vec<Field>,
    body: Option<Content>,
    answers: Vec<Answer>,
}

struct Answer {
    status: String,
    is_problem: bool,
    description: String,
    headers: Vec<String>,
    content: Option<Content>,
}

struct Content {
    shape: String,
    example: String,
}

struct Field {
    name: String,
    place: String,
    required: bool,
    shape: String,
    description: String,
}

struct Shape {
    name: String,
    description: String,
    fields: Vec<Field>,
    /// For a shape without fields: what it is.
    is: String,
}

struct CodeRow {
    code: &'static str,
    status: u16,
    ko: &'static str,
    en: &'static str,
}

/// The page of a document.
pub(crate) fn render(document: &str) -> Result<String, DocsError> {
    let document: Value = serde_json::from_str(document)?;
    let reader = Reader { document: &document };
    let page = Page {
        style: STYLE,
        title: text(&document["info"]["title"]),
        version: text(&document["info"]["version"]),
        groups: reader.groups(),
        shapes: reader.shapes(),
        codes: Code::ALL
            .iter()
            .map(|code| CodeRow {
                code: code.as_str(),
                status: code.status().as_u16(),
                ko: code.title(Language::Ko),
                en: code.title(Language::En),
            })
            .collect(),
        field_codes: FieldCode::ALL.iter().map(|code| code.as_str()).collect(),
    };
    Ok(page.render()?)
}

struct Reader<'d> {
    document: &'d Value,
}

impl<'d> Reader<'d> {
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = list(&self.document["tags"])
            .iter()
            .map(|tag| Group {
                name: text(&tag["name"]),
                description: prose(&text(&tag["description"])),
                operations: Vec::new(),
            })
            .collect();
        for (path, item) in object(&self.document["paths"]) {
            for method in ["get", "post", "put", "patch", "delete"] {
                let Some(operation) = item.get(method) else {
                    continue;
                };
                let name = list(&operation["tags"]).first().map_or_else(|| "other".to_owned(), text);
                let operation = self.operation(method, path, operation);
                if let Some(group) = groups.iter_mut().find(|group| group.name == name) {
                    group.operations.push(operation);
                } else {
                    groups.push(Group { name, description: String::new(), operations: vec![operation] });
                }
            }
        }
        groups.retain(|group| !group.operations.is_empty());
        groups
    }

    fn operation(&self, method: &str, path: &str, operation: &'d Value) -> Operation {
        Operation {
            id: operation["operationId"].as_str().map_or_else(|| format!("{method}{path}"), str::to_owned),
            method: method.to_uppercase(),
            // A phone breaks a path before a slash rather than anywhere.
            path: escaped(path).replace('/', "<wbr>/"),
            summary: text(&operation["summary"]),
            description: prose(&text(&operation["description"])),
            needs_bearer: !list(&operation["security"]).is_empty(),
            parameters: list(&operation["parameters"])
                .iter()
                .map(|parameter| Field {
                    name: text(&parameter["name"]),
                    place: text(&parameter["in"]),
                    required: parameter["required"] == true,
                    shape: shape_of(&parameter["schema"]),
                    description: prose(&described(parameter, &parameter["schema"])),
                })
                .collect(),
            body: self.content(&operation["requestBody"]["content"]),
            answers: object(&operation["responses"])
                .map(|(status, answer)| Answer {
                    status: status.clone(),
                    is_problem: answer["content"].get("application/problem+json").is_some(),
                    description: linked(&prose(&text(&answer["description"]))),
                    headers: object(&answer["headers"]).map(|(name, _)| name.clone()).collect(),
                    content: self.content(&answer["content"]),
                })
                .collect(),
        }
    }

    fn content(&self, content: &'d Value) -> Option<Content> {
        let (kind, media) = object(content).next()?;
        if kind == "application/problem+json" {
            return None;
        }
        let given = media.get("example").or_else(|| {
            let (_, example) = object(&media["examples"]).next()?;
            example.get("value")
        });
        let example = given.cloned().or_else(|| self.example(&media["schema"], 0));
        let is_json = kind == "application/json";
        Some(Content {
            shape: if is_json {
                shape_of(&media["schema"])
            } else {
                format!("<code>{}</code>", escaped(kind))
            },
            example: example
                .filter(|example| is_json && example.as_object().is_none_or(|fields| !fields.is_empty()))
                .and_then(|example| serde_json::to_string_pretty(&example).ok())
                .unwrap_or_default(),
        })
    }

    fn shapes(&self) -> Vec<Shape> {
        object(&self.document["components"]["schemas"])
            .map(|(name, schema)| Shape {
                name: name.clone(),
                description: prose(&text(&schema["description"])),
                fields: self.fields(schema),
                is: shape_of(schema),
            })
            .collect()
    }

    fn fields(&self, schema: &'d Value) -> Vec<Field> {
        let required = list(&schema["required"]);
        let own = object(&schema["properties"]).map(|(name, property)| Field {
            name: name.clone(),
            place: String::new(),
            required: required.iter().any(|other| other == name),
            shape: shape_of(property),
            description: prose(&described(property, &Value::Null)),
        });
        let joined = list(&schema["allOf"]).iter().flat_map(|part| self.fields(self.resolved(part)));
        own.chain(joined).collect()
    }

    fn resolved(&self, schema: &'d Value) -> &'d Value {
        match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/components/schemas/")) {
            Some(name) => &self.document["components"]["schemas"][name],
            None => schema,
        }
    }

    /// A value of a schema: what it gives as its example, or one put together from its parts.
    fn example(&self, schema: &'d Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let schema = self.resolved(schema);
        let given = schema.get("example").or_else(|| list(&schema["examples"]).first());
        if let Some(example) = given.or_else(|| schema.get("default")) {
            return Some(example.clone());
        }
        for joint in ["oneOf", "anyOf"] {
            if let Some(part) = list(&schema[joint]).iter().find(|part| part["type"] != "null") {
                return self.example(part, depth + 1);
            }
        }
        if let Some(choice) = list(&schema["enum"]).first() {
            return Some(choice.clone());
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind {
            Some("string") => Some(match schema["format"].as_str() {
                Some("date-time") => "2026-12-24T19:00:00+09:00".into(),
                Some("date") => "2026-12-24".into(),
                Some("email") => "minji@example.kr".into(),
                _ => "…".into(),
            }),
            Some("integer" | "number") => Some(schema.get("minimum").cloned().unwrap_or_else(|| 1.into())),
            Some("boolean") => Some(true.into()),
            Some("array") => Some(self.example(&schema["items"], depth + 1).into_iter().collect()),
            _ => {
                let mut fields: Map<String, Value> = object(&schema["properties"])
                    .filter_map(|(name, property)| Some((name.clone(), self.example(property, depth + 1)?)))
                    .collect();
                for part in list(&schema["allOf"]) {
                    if let Some(Value::Object(more)) = self.example(part, depth + 1) {
                        fields.extend(more);
                    }
                }
                (!fields.is_empty()).then_some(Value::Object(fields))
            }
        }
    }
}

/// What a value is, in a line of HTML; a named shape is a link to it.
fn shape_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        let name = escaped(name);
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    for joint in ["oneOf", "anyOf"] {
        let parts: Vec<String> = list(&schema[joint]).iter().map(shape_of).collect();
        if !parts.is_empty() {
            return parts.join(" or ");
        }
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let choices = list(&schema["enum"]);
    let mut parts = Vec::new();
    for kind in kinds {
        parts.push(match kind {
            "array" => format!("list of {}", shape_of(&schema["items"])),
            "string" if (1..=MOST_CHOICES).contains(&choices.len()) => {
                let words = choices.iter().filter_map(Value::as_str);
                words.map(|word| format!("<code>{}</code>", escaped(word))).collect::<Vec<_>>().join(" or ")
            }
            kind => match schema["format"].as_str() {
                Some(format) if kind == "string" => escaped(format),
                _ => escaped(kind),
            },
        });
    }
    let mut line = parts.join(" or ");
    match (&schema["minimum"], &schema["maximum"]) {
        (Value::Null, Value::Null) => {}
        (least, Value::Null) => _ = write!(line, ", at least {least}"),
        (Value::Null, most) => _ = write!(line, ", at most {most}"),
        (least, most) => _ = write!(line, ", {least}–{most}"),
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        _ = write!(line, ", at most {most} characters");
    }
    line
}

fn described(value: &Value, or_else: &Value) -> String {
    let own = text(&value["description"]);
    if own.is_empty() { text(&or_else["description"]) } else { own }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The little of Markdown that descriptions use: paragraphs, lists, and code between backticks.
fn prose(markdown: &str) -> String {
    let mut html = String::new();
    for block in markdown.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        if block.starts_with("- ") {
            let entries: Vec<&str> = block.split("\n- ").collect();
            let list = entries.iter().fold(String::new(), |mut list, entry| {
                _ = write!(list, "<li>{}</li>", inline(entry.trim_start_matches("- ")));
                list
            });
            if entries.len() > LONGEST_LIST {
                let count = entries.len();
                _ = write!(html, "<details><summary>All {count}</summary><ul>{list}</ul></details>");
            } else {
                _ = write!(html, "<ul>{list}</ul>");
            }
        } else {
            _ = write!(html, "<p>{}</p>", inline(block));
        }
    }
    html
}

/// An answer's description, in which each problem's code leads to its line.
fn linked(html: &str) -> String {
    Code::ALL.iter().map(|code| code.as_str()).fold(html.to_owned(), |html, code| {
        let plain = format!("<code>{code}</code>");
        html.replace(&plain, &format!("<a href=\"#{code}\">{plain}</a>"))
    })
}

fn inline(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in escaped(text).split('`').enumerate() {
        if index % 2 == 1 {
            _ = write!(html, "<code>{part}</code>");
        } else {
            html.push_str(part);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page() -> String {
        let document = json!({
            "info": { "title": "Jari", "version": "1" },
            "tags": [{ "name": "things", "description": "Things" }, { "name": "unused" }],
            "paths": { "/v1/things/{thingId}": { "post": {
                "operationId": "make-thing", "tags": ["things"], "summary": "Make <one>",
                "description": "First.\n\n- a `b`\n- c", "security": [{ "bearer": [] }],
                "parameters": [{ "name": "thingId", "in": "path", "required": true,
                                 "schema": { "type": "integer", "minimum": 1, "maximum": 9 } }],
                "requestBody": { "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Thing" } } } },
                "responses": {
                    "201": { "description": "Made.", "headers": { "ETag": {} } },
                    "404": { "description": "`not_found`", "content": { "application/problem+json": {} } }
                }
            } } },
            "components": { "schemas": { "Thing": { "type": "object", "required": ["name"], "properties": {
                "name": { "type": "string", "maxLength": 80, "example": "자리" },
                "parts": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } },
                "kind": { "type": ["string", "null"], "enum": ["a", "b"] }
            } } } }
        });
        render(&document.to_string()).unwrap()
    }

    #[test]
    fn an_operation_is_shown_with_all_it_takes_and_answers() {
        let page = page();
        for shown in [
            "id=\"make-thing\"",
            "<wbr>/v1<wbr>/things<wbr>/{thingId}",
            "<a href=\"#not_found\"><code>not_found</code></a>",
            "Make &#60;one&#62;",
            "<p>First.</p><ul><li>a <code>b</code></li><li>c</li></ul>",
            "integer, 1–9",
            "<a href=\"#shape-Thing\">Thing</a>",
            "list of <a href=\"#shape-Thing\">Thing</a>",
            "<code>a</code> or <code>b</code>",
            "string, at most 80 characters",
            "자리",
        ] {
            assert!(page.contains(shown), "{shown}\n{page}");
        }
        assert!(!page.contains("unused"));
    }

    #[test]
    fn every_code_has_an_anchor_that_problems_refer_to() {
        let page = page();
        for code in Code::ALL {
            assert!(page.contains(&format!("id=\"{}\"", code.as_str())), "{code:?}");
        }
    }

    #[test]
    fn a_shape_that_holds_itself_still_has_an_end() {
        assert!(page().len() < 100_000);
    }

    #[test]
    fn what_a_description_says_is_never_markup() {
        assert_eq!(prose("<img onerror=x> `<b>`"), "<p>&lt;img onerror=x&gt; <code>&lt;b&gt;</code></p>");
    }
}
