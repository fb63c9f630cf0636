//! docs/openapi.yaml itself: whole, without loose ends, strict, and about the same actions as the table.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::support::openapi::{check_answer, check_params, document};

/// Every value of the document with its place, the outer ones first.
fn places(value: &Value) -> Vec<(String, &Value)> {
    let mut found = vec![(String::new(), value)];
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let name = name.replace('~', "~0").replace('/', "~1");
        found.extend(places(value).into_iter().map(|(place, value)| (format!("/{name}{place}"), value)));
    }
    found
}

/// Every operation with its path and method.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = document().root["paths"].as_object().expect("paths");
    let of = |(path, item): (&'static String, &'static Value)| {
        let methods = item.as_object().expect("operations");
        methods.iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    };
    paths.iter().flat_map(of).collect()
}

fn components() -> Vec<(String, &'static Value)> {
    let kinds = document().root["components"].as_object().expect("components");
    let of = |(kind, members): (&'static String, &'static Value)| {
        let members = members.as_object().expect("named components");
        members.iter().map(move |(name, component)| (format!("#/components/{kind}/{name}"), component))
    };
    kinds.iter().flat_map(of).collect()
}

fn references() -> BTreeSet<&'static str> {
    places(&document().root).iter().filter_map(|(_, value)| value.get("$ref")?.as_str()).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

#[test]
fn the_document_and_the_table_name_the_same_actions() {
    let documented: BTreeSet<_> = operations().iter().map(|(path, ..)| *path).collect();
    let served: BTreeSet<_> = roomgate::actions().into_iter().collect();
    let missing: Vec<_> = documented.difference(&served).collect();
    let undocumented: Vec<_> = served.difference(&documented).collect();
    assert!(
        missing.is_empty() && undocumented.is_empty(),
        "documented and not served: {missing:#?}\nserved and not documented: {undocumented:#?}"
    );
}

#[test]
fn it_is_of_this_version() {
    let root = &document().root;
    assert!(text(root, "openapi").starts_with("3.1."), "{}", root["openapi"]);
    assert_eq!(text(&root["info"], "version"), env!("CARGO_PKG_VERSION"));
    assert_eq!(root["servers"][0]["url"], "/nimserver");
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let references = references();
    for reference in &references {
        assert!(document().at(reference).is_some(), "nothing is at {reference}");
    }
    for (place, component) in components() {
        let signing =
            component["in"] == "header" && document().root["security"][0].get(text(component, "name")).is_some();
        assert!(signing || references.contains(place.as_str()), "{place} is not used");
    }
}

#[test]
fn operations_are_named_after_their_actions() {
    let mut paths_by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations() {
        let name = path.strip_suffix(".action").and_then(|path| path.rsplit('/').next());
        let name = name.unwrap_or_else(|| panic!("{path} does not end in .action"));
        assert!(ids.insert(text(operation, "operationId")), "{path}: its operationId stands twice");
        if method == "post" {
            paths_by_name.entry(name).or_default().push(path);
        }
    }
    for (name, paths) in paths_by_name {
        let capital = name[..1].to_uppercase() + &name[1..];
        for path in &paths {
            let family = path.trim_start_matches('/').rsplit_once('/').expect("a family").0;
            let expected = if paths.len() == 1 { name.to_owned() } else { format!("{family}{capital}") };
            assert_eq!(text(&document().root["paths"][*path]["post"], "operationId"), expected, "{path}");
        }
    }
}

#[test]
fn every_operation_says_what_it_does_takes_and_answers() {
    let tags: BTreeSet<_> =
        document().root["tags"].as_array().expect("tags").iter().map(|tag| text(tag, "name")).collect();
    for (path, method, operation) in operations() {
        for said in ["summary", "description"] {
            assert!(!text(operation, said).is_empty(), "{path} has no {said}");
        }
        assert!(operation["tags"][0].as_str().is_some_and(|tag| tags.contains(tag)), "{path} is of no family");
        let signed = operation.get("security").is_none();
        let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
        assert_eq!(signed, form.is_object(), "{path} takes a form if it is signed");
        assert!(method == "post" || !signed, "{path} is signed and is asked for by {method}");
        let answers = operation["responses"]["200"]["content"]["application/json"]["schema"]["oneOf"].as_array();
        let answers: Vec<_> = answers.into_iter().flatten().map(|answer| text(answer, "$ref")).collect();
        assert!(matches!(answers[..], [_, "#/components/schemas/Refusal"]), "{path}: {answers:?}");
        for status in ["404", "408", "413", "500"].into_iter().chain(signed.then_some("405")) {
            assert!(operation["responses"][status].is_object(), "{path} does not say {status}");
        }
    }
}

#[test]
fn every_schema_is_one() {
    for (place, schema) in places(&document().root) {
        if place.ends_with("/schema") || place.ends_with("/contentSchema") {
            assert!(jsonschema::meta::is_valid(schema), "{place}");
        }
    }
    for name in document().root["components"]["schemas"].as_object().expect("schemas").keys() {
        document().violations(name, &Value::Null);
    }
}

/// Each answer has an example. It fits; with one more member anywhere, or one value of another type, it does not.
#[test]
fn answers_are_strict_to_the_last_member() {
    let schemas = document().root["components"]["schemas"].as_object().expect("schemas");
    for (name, schema) in schemas.iter().filter(|(name, _)| name.ends_with("Answer") || *name == "Refusal") {
        let example = &schema["examples"][0];
        assert_eq!(document().violations(name, example), [""; 0], "the example of {name}");
        for (place, _) in places(example) {
            let mut changed = example.clone();
            spoil(changed.pointer_mut(&place).expect("a place of the example"));
            assert!(!document().violations(name, &changed).is_empty(), "{name} takes {changed}");
        }
    }
}

fn spoil(value: &mut Value) {
    match value {
        Value::Object(members) => drop(members.insert("undocumented".into(), Map::new().into())),
        Value::String(_) | Value::Null => *value = json!(1),
        Value::Number(_) | Value::Bool(_) => *value = value.to_string().into(),
        Value::Array(_) => *value = json!({}),
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let mut answer = document().root["components"]["schemas"]["RoomAnswer"]["examples"][0].clone();
    let room = answer["chatroom"].as_object_mut().expect("a room");
    room.remove("valid");
    room.extend([("roomid".into(), json!("36")), ("roomId".into(), json!(36))]);
    let expected = [
        r#"/chatroom: "valid" is a required property"#,
        r#"/chatroom/roomid: "36" is not of type "integer""#,
        r#"/chatroom: not documented: ["roomId"]"#,
    ];
    assert_eq!(document().violations("RoomAnswer", &answer), expected);
}

#[test]
#[should_panic(expected = "user/update answers what docs/openapi.yaml does not say")]
fn an_answer_that_is_not_documented_is_noticed() {
    check_answer("user/update", &json!({"code": 200, "desc": {}}));
}

#[test]
#[should_panic(expected = "chatroom/get: docs/openapi.yaml has no parameter roomId")]
fn a_misspelt_parameter_is_noticed() {
    check_params("chatroom/get", &[("roomid", "1"), ("roomId", "1")]);
}

#[test]
#[should_panic(expected = "docs/openapi.yaml has no action chatroom/nothing")]
fn an_unknown_action_is_noticed() {
    check_params("chatroom/nothing", &[]);
}
