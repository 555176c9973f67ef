//! Who may import whom: the floors of the house, held over what cargo knows.

use std::collections::{BTreeMap, BTreeSet};

use jari_tests::workspace;
use serde_json::Value;

#[test]
fn nobody_imports_from_a_floor_above() {
    let domain: &[&str] = &["jari-domain"];
    let floors: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("jari-domain", &[] as &[&str]),
        ("jari-store", domain),
        ("jari-mail", domain),
        ("jari-settings", domain),
        ("jari-identity", domain),
        ("jari-telemetry", domain),
        ("jari-social", domain),
        ("jari-operations", &["jari-domain", "jari-store", "jari-identity", "jari-telemetry"]),
        ("jari-api", &["jari-domain", "jari-identity", "jari-telemetry"]),
    ]);
    let metadata = workspace::metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let place = |package: &Value| package["manifest_path"].as_str().unwrap().to_owned();
    let of_functions: BTreeSet<&str> = packages
        .iter()
        .filter(|package| place(package).contains("/functions/"))
        .map(|package| package["name"].as_str().unwrap())
        .collect();
    for package in packages {
        let (name, place) = (package["name"].as_str().unwrap(), place(package));
        let dependencies =
            package["dependencies"].as_array().unwrap().iter().filter(|one| one["kind"].is_null());
        let dependencies: BTreeSet<&str> = dependencies.map(|one| one["name"].as_str().unwrap()).collect();
        let ours = || dependencies.iter().filter(|one| one.starts_with("jari-"));
        if place.contains("/functions/") {
            for one in ours() {
                assert!(!of_functions.contains(one), "{name} imports another function's {one}");
                assert!(!["jari-local", "jari-tests"].contains(one), "{name} imports {one}");
            }
            assert!(!dependencies.contains("aws-sdk-dynamodb"), "{name}: only the store knows DynamoDB");
        } else if place.contains("/shared/") && name != "jari-wiring" {
            let allowed =
                floors.get(name).unwrap_or_else(|| panic!("{name} has no floor yet: give it one here"));
            for one in ours() {
                assert!(allowed.contains(one), "{name} imports {one} from a floor above");
            }
        } else if name == "jari-wiring" {
            for one in ours() {
                assert!(floors.contains_key(one), "{name} imports {one}");
            }
        }
        for (sdk, owner) in [
            ("aws-sdk-dynamodb", "jari-store"),
            ("aws-sdk-sesv2", "jari-mail"),
            ("aws-sdk-ssm", "jari-settings"),
        ] {
            let outside = place.contains("/shared/") || place.contains("/functions/");
            assert!(
                !outside || name == owner || !dependencies.contains(sdk),
                "{name} knows {sdk}; only {owner} does"
            );
        }
        if place.contains("/shared/") && !["jari-api", "jari-wiring"].contains(&name) {
            assert!(
                !dependencies.contains("axum") && !dependencies.contains("lambda_http"),
                "{name} knows HTTP"
            );
        }
    }
}
