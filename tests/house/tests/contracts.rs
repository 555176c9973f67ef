//! What is said in several places is the same everywhere: functions and routes in the template, the routers, the API
//! document, cargo-lambda's router and `events/`; the table in the template and in the store. And who may do what.

use std::collections::{BTreeMap, BTreeSet};

use jari_domain::StaffRole;
use jari_identity::{Operation, Who};
use jari_tests::{House, runtime_api::HEAP, workspace};
use serde_json::{Value, json};
use serde_yaml_ng::Value as Yaml;

/// Function, method and path.
type Routes = BTreeSet<(String, String, String)>;

/// The template as JSON; its tags (`!Ref`, `!Sub`, `!GetAtt`) fall away, their text stays.
fn template() -> Value {
    fn plain(yaml: Yaml) -> Value {
        match yaml {
            Yaml::Tagged(tagged) => plain(tagged.value),
            Yaml::Mapping(map) => {
                let name = |key: &Yaml| key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
                map.into_iter().map(|(key, value)| (name(&key), plain(value))).collect()
            }
            Yaml::Sequence(list) => list.into_iter().map(plain).collect(),
            other => serde_json::to_value(other).unwrap(),
        }
    }
    plain(serde_yaml_ng::from_str(&workspace::text("template.yaml")).unwrap())
}

/// The template's functions by the name of their binary.
fn functions(template: &Value) -> BTreeMap<String, Value> {
    let resources = template["Resources"].as_object().unwrap();
    let functions = resources.values().filter(|resource| resource["Type"] == "AWS::Serverless::Function");
    let named = functions.map(|function| {
        let properties = &function["Properties"];
        let name = properties["FunctionName"].as_str().unwrap().strip_prefix("jari-${Stage}-").unwrap();
        assert_eq!(properties["CodeUri"], format!("target/lambda/{name}/"));
        (name.to_owned(), properties.clone())
    });
    named.collect()
}

fn triple(function: &str, method: &str, path: &str) -> (String, String, String) {
    (function.to_owned(), method.to_uppercase(), path.to_owned())
}

/// Without `$default`, which is every path that nobody else has.
fn template_routes() -> Routes {
    let mut routes = Routes::new();
    for (name, properties) in functions(&template()) {
        let events = properties["Events"].as_object().cloned().unwrap_or_default();
        for event in events.values().filter(|event| event["Type"] == "HttpApi") {
            let text = |name: &str| event["Properties"][name].as_str().unwrap_or_default().to_owned();
            if text("Path") != "$default" && !text("Path").is_empty() {
                routes.insert(triple(&name, &text("Method"), &text("Path")));
            }
        }
    }
    routes
}

fn router_routes() -> Routes {
    let mut routes = Routes::new();
    for endpoint in jari_local::endpoints() {
        let document = serde_json::to_value((endpoint.describe)()).unwrap();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            let methods = ["get", "post", "put", "patch", "delete"]
                .into_iter()
                .filter(|method| item[*method].is_object());
            routes.extend(methods.map(|method| triple(endpoint.function, method, path)));
        }
    }
    routes
}

fn without_functions(routes: Routes) -> BTreeSet<(String, String)> {
    routes.into_iter().map(|(_, method, path)| (method, path)).collect()
}

#[test]
fn the_template_routes_what_the_routers_answer() {
    let (template, routers) = (template_routes(), router_routes());
    assert!(routers.len() >= 11, "{routers:?}");
    assert_eq!(template, routers);
}

#[test]
fn cargo_lambda_routes_what_the_routers_answer() {
    let metadata = workspace::metadata();
    let table = metadata["metadata"]["lambda"]["watch"]["router"].as_object().unwrap().clone();
    let mut routes = Routes::new();
    for (path, entries) in &table {
        // A path that one function has for every method, as `web` has what no other path takes, is a text.
        for entry in entries.as_array().into_iter().flatten() {
            routes.insert(triple(
                entry["function"].as_str().unwrap(),
                entry["method"].as_str().unwrap(),
                path,
            ));
        }
    }
    assert_eq!(table["/{*path}"], "web");
    assert_eq!(routes, router_routes());
}

#[test]
fn the_document_that_is_served_is_the_one_that_the_code_describes() {
    const FILE: &str = "functions/platform/openapi.json";
    let described = jari_local::document_text().unwrap();
    if std::env::var_os("JARI_UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(workspace::root().join(FILE), &described).unwrap();
    }
    assert!(workspace::text(FILE) == described, "{FILE} is out of date: run this test with JARI_UPDATE=1");
    let document: Value = serde_json::from_str(&described).unwrap();
    let mut routes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys().filter(|method| *method != "parameters");
        routes.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
    }
    assert_eq!(routes, without_functions(router_routes()));
}

/// Merging the descriptions keeps the first of two schemas with one name, and says nothing.
#[test]
fn a_schemas_name_has_one_meaning_in_the_whole_document() {
    let mut known: BTreeMap<String, (&str, Value)> = BTreeMap::new();
    for endpoint in jari_local::endpoints() {
        let document = serde_json::to_value((endpoint.describe)()).unwrap();
        for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
            let (function, first) =
                known.entry(name.clone()).or_insert_with(|| (endpoint.function, schema.clone()));
            assert_eq!(
                first, schema,
                "{name} is one thing in {function} and another in {}",
                endpoint.function
            );
        }
    }
    assert!(known.len() > 50, "{:?}", known.keys());
}

#[test]
fn every_function_has_a_binary_a_place_in_the_template_and_an_event() {
    let metadata = workspace::metadata();
    let mut binaries = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        if package["manifest_path"].as_str().unwrap().contains("/functions/") {
            let targets = package["targets"].as_array().unwrap().iter();
            let bins = targets.filter(|target| target["kind"] == json!(["bin"]));
            binaries.extend(bins.map(|target| target["name"].as_str().unwrap().to_owned()));
        }
    }
    let template: BTreeSet<String> = functions(&template()).into_keys().collect();
    let event = |file: std::io::Result<std::fs::DirEntry>| {
        file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()
    };
    let events: BTreeSet<String> =
        std::fs::read_dir(workspace::root().join("events")).unwrap().map(event).collect();
    assert!(binaries.len() >= 12);
    assert_eq!(binaries, template);
    assert_eq!(binaries, events);
    let endpoints: BTreeSet<String> =
        jari_local::endpoints().map(|endpoint| endpoint.function.to_owned()).collect();
    let not_http = [
        "decline-stale-requests",
        "expire-holds",
        "finish-erasures",
        "record-mail-feedback",
        "send-mail",
        "send-reminders",
    ];
    let not_http = not_http.map(str::to_owned).into();
    assert_eq!(endpoints.union(&not_http).cloned().collect::<BTreeSet<_>>(), binaries);
}

#[test]
fn every_event_is_of_a_route_of_its_function() {
    let routes = router_routes();
    for endpoint in jari_local::endpoints().filter(|endpoint| endpoint.function != "web") {
        let event: Value =
            serde_json::from_str(&workspace::text(&format!("events/{}.json", endpoint.function))).unwrap();
        let key = event["routeKey"].as_str().unwrap();
        let (method, path) = key.split_once(' ').unwrap();
        assert!(routes.contains(&triple(endpoint.function, method, path)), "{}: {key}", endpoint.function);
        assert_eq!(
            (&event["requestContext"]["http"]["method"], event["version"].as_str()),
            (&json!(method), Some("2.0"))
        );
        let mut filled = path.to_owned();
        for (name, value) in event["pathParameters"].as_object().into_iter().flatten() {
            filled = filled.replace(&format!("{{{name}}}"), value.as_str().unwrap());
        }
        assert_eq!(event["rawPath"], filled);
    }
}

#[test]
fn functions_are_measured_with_the_heap_that_the_template_gives_them() {
    let (name, value) = HEAP;
    assert_eq!(template()["Globals"]["Function"]["Environment"]["Variables"][name], value);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_templates_table_is_the_stores() {
    let house = House::open().await;
    let config = aws_sdk_dynamodb::config::Builder::from(house.local().house().aws());
    let client =
        aws_sdk_dynamodb::Client::from_conf(config.endpoint_url(house.local().dynamodb_endpoint()).build());
    let table = client.describe_table().table_name("jari-test").send().await.unwrap().table.unwrap();
    let schema = |schema: &[aws_sdk_dynamodb::types::KeySchemaElement]| -> Vec<Value> {
        schema
            .iter()
            .map(|key| json!({ "AttributeName": key.attribute_name(), "KeyType": key.key_type().as_str() }))
            .collect()
    };
    let index = |index: &aws_sdk_dynamodb::types::GlobalSecondaryIndexDescription| {
        let projection = index.projection().unwrap().projection_type().unwrap().as_str();
        json!({ "IndexName": index.index_name(), "KeySchema": schema(index.key_schema()), "Projection": { "ProjectionType": projection } })
    };
    let attribute = |one: &aws_sdk_dynamodb::types::AttributeDefinition| json!({ "AttributeName": one.attribute_name(), "AttributeType": one.attribute_type().as_str() });
    let sorted = |mut list: Vec<Value>| {
        list.sort_by_key(Value::to_string);
        list
    };
    let properties = &template()["Resources"]["Table"]["Properties"];
    let list = |name: &str| sorted(properties[name].as_array().unwrap().clone());
    assert_eq!(list("KeySchema"), sorted(schema(table.key_schema())));
    assert_eq!(
        list("GlobalSecondaryIndexes"),
        sorted(table.global_secondary_indexes().iter().map(index).collect())
    );
    assert_eq!(
        list("AttributeDefinitions"),
        sorted(table.attribute_definitions().iter().map(attribute).collect())
    );
    let stream = table.stream_specification().unwrap().stream_view_type().unwrap().as_str();
    assert_eq!(properties["StreamSpecification"]["StreamViewType"], stream);
    let ttl = client.describe_time_to_live().table_name("jari-test").send().await.unwrap();
    let ttl = ttl.time_to_live_description.unwrap().attribute_name.unwrap();
    assert_eq!(properties["TimeToLiveSpecification"], json!({ "AttributeName": ttl, "Enabled": true }));
    assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
}

/// Every action that a function's policies allow.
fn actions(properties: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for policy in properties["Policies"].as_array().into_iter().flatten() {
        let statements =
            policy["Statement"].as_array().unwrap_or_else(|| panic!("policies are spelled out: {policy}"));
        for statement in statements {
            assert_eq!(statement["Effect"], "Allow");
            match &statement["Action"] {
                Value::String(action) => found.push(action.clone()),
                actions => found.extend(
                    actions.as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned()),
                ),
            }
        }
    }
    found
}

#[test]
fn only_send_mail_may_send_and_no_reader_may_write() {
    for (name, properties) in functions(&template()) {
        let actions = actions(&properties);
        assert!(
            actions.iter().all(|action| !action.contains('*')),
            "{name} may do more than it says: {actions:?}"
        );
        let mails = actions.iter().any(|action| action.starts_with("ses:"));
        assert_eq!(mails, name == "send-mail", "{name}: {actions:?}");
        let writes = |action: &&String| {
            let read = [
                "GetItem",
                "Query",
                "BatchGetItem",
                "DescribeStream",
                "GetRecords",
                "GetShardIterator",
                "ListStreams",
            ];
            action.strip_prefix("dynamodb:").is_some_and(|action| !read.contains(&action))
        };
        if name.starts_with("get-") || name.starts_with("list-") {
            assert_eq!(actions.iter().find(writes), None, "{name} only reads");
            assert!(!actions.iter().any(|action| action.starts_with("sqs:")), "{name} only reads");
        }
        assert!(!actions.iter().any(|action| action == "dynamodb:Scan"), "{name} must not scan");
    }
}

#[test]
fn the_streams_mapping_fails_in_parts_and_never_gets_stuck() {
    let stream = &functions(&template())["send-mail"]["Events"]["Stream"]["Properties"];
    assert_eq!(stream["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]));
    assert_eq!(stream["BisectBatchOnFunctionError"], true);
    assert!(stream["MaximumRetryAttempts"].as_i64().unwrap() > 0);
    assert!(stream["MaximumRecordAgeInSeconds"].as_i64().unwrap() > 0);
    assert_eq!(stream["DestinationConfig"]["OnFailure"]["Type"], "SQS");
}

/// The table of permissions for people to read: who is let in, staff by what their role includes.
fn permissions_in_words() -> String {
    let columns = ["anyone", "its guest", "signed in", "host", "manager", "owner", "concierge", "admin"];
    let head = format!("| operation | {} |\n|---|{}\n", columns.join(" | "), ":-:|".repeat(columns.len()));
    let row = |operation: &Operation| {
        let to = |who: Who| operation.admits().contains(&who);
        let [host, manager, owner] =
            StaffRole::ALL.map(|role| operation.admits_staff(role) && !to(Who::Anyone));
        let (concierge, admin) = (to(Who::Concierge), to(Who::Admin));
        let others = [to(Who::Anyone), to(Who::Guest), to(Who::SignedIn)];
        let cells = others.into_iter().chain([host, manager, owner, concierge, admin]);
        let cells: Vec<_> = cells.map(|admitted| if admitted { "x" } else { "" }).collect();
        format!("| `{}` | {} |\n", operation.name(), cells.join(" | "))
    };
    head + &Operation::ALL.iter().map(row).collect::<String>()
}

#[test]
fn the_printed_table_of_permissions_is_the_one_that_handlers_ask() {
    const FILE: &str = "ARCHITECTURE.md";
    let text = workspace::text(FILE);
    let (begin, end) = ("<!-- permissions: begin -->\n", "<!-- permissions: end -->");
    let (before, rest) = text.split_once(begin).unwrap();
    let (printed, after) = rest.split_once(end).unwrap();
    let table = permissions_in_words();
    if std::env::var_os("JARI_UPDATE").is_some_and(|value| value == "1") {
        let updated = format!("{before}{begin}{table}{end}{after}");
        std::fs::write(workspace::root().join(FILE), updated).unwrap();
        return;
    }
    assert!(printed == table, "{FILE} is out of date: run this test with JARI_UPDATE=1");
}
