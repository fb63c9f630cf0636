//! docs/openapi.yaml, and whether the parameters of a call and its answer are what it says. Knows no gateway.

use std::sync::LazyLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, ValidatorMap};
use serde_json::{Map, Value, json};

static DOCUMENT: LazyLock<Document> = LazyLock::new(Document::read);

/// The document, with its schemas compiled.
pub struct Document {
    pub root: Value,
    schemas: ValidatorMap,
}

/// The document; it is read once.
pub fn document() -> &'static Document {
    &DOCUMENT
}

/// The answer of an action, such as `chatroom/create`, must be what the document says, whether it is done or refused.
#[track_caller]
pub fn check_answer(path: &str, answer: &Value) {
    let violations = violations(path, answer);
    assert!(violations.is_empty(), "{path} answers what docs/openapi.yaml does not say:\n{violations:#?}\n{answer:#}");
}

/// Where an answer of an action is not what the document says.
#[track_caller]
pub fn violations(path: &str, answer: &Value) -> Vec<String> {
    document().violations(document().answer_schema(path, answer), answer)
}

/// What refuses a call must be what the document says, whatever was called.
#[track_caller]
pub fn check_refusal(answer: &Value) {
    let violations = document().violations("Refusal", answer);
    assert!(violations.is_empty(), "no refusal as docs/openapi.yaml has it:\n{violations:#?}\n{answer:#}");
}

/// The document must have every parameter of a call: a misspelt one has no effect, and its test would prove nothing.
#[track_caller]
pub fn check_params(path: &str, params: &[(&str, &str)]) {
    let form = &document().operation(path)["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    for (name, _) in params {
        assert!(document().has_property(form, name), "{path}: docs/openapi.yaml has no parameter {name}");
    }
}

impl Document {
    fn read() -> Document {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.yaml");
        let text = std::fs::read_to_string(file).expect("the document is there");
        let root: Value = serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let names = root["components"]["schemas"].as_object().expect("schemas").keys();
        let defs: Map<_, _> =
            names.map(|name| (name.clone(), json!({"$ref": format!("#/components/schemas/{name}")}))).collect();
        let all = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": defs,
            "components": root["components"]});
        let schemas = jsonschema::validator_map_for(&all).unwrap_or_else(|error| panic!("{file}: {error}"));
        Document { root, schemas }
    }

    /// What the document says of an action that is asked for by POST.
    #[track_caller]
    pub fn operation(&self, path: &str) -> &Value {
        let operation = &self.root["paths"][format!("/{path}.action")]["post"];
        assert!(operation.is_object(), "docs/openapi.yaml has no action {path}");
        operation
    }

    /// The name of the schema that an answer must follow: an action's own, or where it is refused that of every refusal.
    #[track_caller]
    fn answer_schema(&self, path: &str, answer: &Value) -> &str {
        let done = answer["code"] == 200;
        let either = &self.operation(path)["responses"]["200"]["content"]["application/json"]["schema"]["oneOf"];
        let reference = either[usize::from(!done)]["$ref"].as_str();
        reference.and_then(|reference| reference.rsplit('/').next()).expect("an answer and a refusal")
    }

    /// Where a value is not what a schema says: a place and what is wrong there, one line each.
    #[track_caller]
    pub fn violations(&self, schema: &str, value: &Value) -> Vec<String> {
        let validator = self.schemas.get(&format!("#/$defs/{schema}"));
        let errors = validator.unwrap_or_else(|| panic!("no valid schema {schema}")).iter_errors(value);
        errors.filter_map(|error| self.say(&error)).collect()
    }

    /// A schema made of parts knows no member of a part that is violated itself. Of the members it calls unexpected only those are told that
    /// are in no part.
    fn say(&self, error: &ValidationError<'_>) -> Option<String> {
        let place = error.instance_path();
        let ValidationErrorKind::UnevaluatedProperties { unexpected } = error.kind() else {
            return Some(format!("{place}: {error}"));
        };
        let schema = error.schema_path().as_str().strip_suffix("/unevaluatedProperties").expect("its own place");
        let schema = self.root.pointer(schema).expect("a schema of the document");
        let more: Vec<_> = unexpected.iter().filter(|name| !self.has_property(schema, name)).collect();
        (!more.is_empty()).then(|| format!("{place}: not documented: {more:?}"))
    }

    /// What stands at a reference such as `#/components/schemas/Room`.
    pub fn at(&self, reference: &str) -> Option<&Value> {
        self.root.pointer(reference.strip_prefix('#')?)
    }

    fn has_property(&self, schema: &Value, name: &str) -> bool {
        let referred = schema["$ref"].as_str().and_then(|reference| self.at(reference));
        let parts = schema["allOf"].as_array().into_iter().flatten();
        schema["properties"].get(name).is_some() || parts.chain(referred).any(|part| self.has_property(part, name))
    }
}
