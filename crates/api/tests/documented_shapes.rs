//! What the pages of the methods show is what the golden responses are like: every key and type of a documented result, and
//! every documented error code. What differs on purpose is named here, with its reason.
//!
//! `documented/results.json` has the keys of documented results with their types, `documented/errors.json` the codes; neither has
//! any documented values or sentences.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use readmark_api::{
    contract::coverage::{API, Coverage},
    methods,
};
use readmark_testkit::golden;
use serde_json::Value;

/// By path, the types that were seen there.
type Shape = BTreeMap<String, BTreeSet<String>>;

/// Documented keys that no response has, or has with another type: method, beginning of the path, reason. `*` stands for all
/// methods.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "im.notify.answer",
        ".result_message",
        "notifications with quick answers come from modules that are not here: the answer is always false",
    ),
    ("im.notify.confirm", ".result_message", "as above"),
    (
        "im.notify.schema.get",
        ".tasks",
        "the modules are those of the portal",
    ),
    (
        "im.recent.list",
        ".copilot.r",
        "there is no assistant: empty lists",
    ),
    (
        "user.get",
        "[].TIMESTAMP_X",
        "an empty sample object stands for a time",
    ),
    ("user.get", "[].LAST_ACTIVITY_DATE", "as above"),
    ("im.disk.file.commit", ".FILES.*.date", "as above"),
    (
        "im.disk.file.commit",
        ".FILE_MODELS.*.createTime",
        "as above",
    ),
    (
        "im.disk.file.commit",
        ".FILE_MODELS.*.updateTime",
        "as above",
    ),
    ("user.search", "[].TIMESTAMP_X", "as above"),
    ("user.search", "[].LAST_ACTIVITY_DATE", "as above"),
];

/// Documented keys that depend on what a user filled in, wherever the user is shown.
const OPTIONAL: &[&str] = &[
    "phones.work_phone",
    "phones.personal_mobile",
    "phones.inner_phone",
    "phones.personal_phone",
];

/// Keys whose value is `false` or an empty list where there is nothing to tell.
const FALSE_WITHOUT_VALUE: &[&str] = &["phones", "last_activity_date", "mute_list"];

/// Documented error codes that are never answered: method, code, reason.
const NEVER: &[(&str, &str, &str)] = &[
    (
        "*",
        "WRONG_AUTH_TYPE",
        "there are no browser sessions: every call comes by webhook or access token",
    ),
    (
        "app.info",
        "ACCESS_DENIED",
        "a webhook learns its scopes, which the official SDK for Python expects",
    ),
    (
        "imbot.chat.get",
        "AUTHORIZE_ERROR",
        "there are no guest sessions",
    ),
    (
        "im.v2.File.upload",
        "FOLDER_ERROR",
        "a chat's folder is a number of its own and is never missing",
    ),
    (
        "imbot.v2.Event.get",
        "AUTH_ERROR",
        "every call has a user, and is refused before it reaches the method otherwise",
    ),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Keys that are ids, and not names of fields.
fn is_number(key: &str) -> bool {
    let digits = key.strip_prefix("upload").unwrap_or(key);
    digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn note(shape: &mut Shape, path: &str, value: &Value) {
    let place = if path.is_empty() { "." } else { path };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        // An empty map is written as an empty list.
        Value::Array(items) if items.is_empty() => "empty",
        Value::Array(_) => "array",
        Value::Object(members) if members.is_empty() => "empty",
        Value::Object(_) => "object",
    };
    shape
        .entry(place.to_owned())
        .or_default()
        .insert(kind.to_owned());
    match value {
        Value::Array(items) => {
            for item in items {
                note(shape, &format!("{path}[]"), item);
            }
        }
        Value::Object(members) => {
            let numbered = !members.is_empty() && members.keys().all(|key| is_number(key));
            for (key, member) in members {
                let key = if numbered { "*" } else { key };
                note(shape, &format!("{path}.{key}"), member);
            }
        }
        _ => {}
    }
}

/// The shape of everything that a method's golden responses show.
fn real_shape(method: &str) -> Shape {
    let file: golden::GoldenFile = read(&folder().join(format!("golden/{method}.json")));
    let mut shape = Shape::new();
    for result in file.cases.iter().filter_map(|case| case.result.as_ref()) {
        note(&mut shape, "", result);
    }
    shape
}

fn is_named(method: &str, path: &str) -> bool {
    DIFFERENCES
        .iter()
        .any(|(of, beginning, _)| (*of == "*" || *of == method) && path.starts_with(beginning))
        || OPTIONAL.iter().any(|key| path.ends_with(key))
}

/// Whether a documented type is one of those seen. `null` says nothing about the type, on either side.
fn agrees(path: &str, documented: &str, seen: &BTreeSet<String>) -> bool {
    documented.split('|').any(|kind| {
        kind == "null"
            || seen.contains(kind)
            || (matches!(kind, "array" | "object") && seen.contains("empty"))
    }) || FALSE_WITHOUT_VALUE
        .iter()
        .any(|key| path.ends_with(key) && (seen.contains("boolean") || seen.contains("array")))
}

#[test]
fn results_have_the_documented_keys_and_types() {
    let documented: BTreeMap<String, BTreeMap<String, String>> =
        read(&folder().join("tests/documented/results.json"));
    let mut wrong = Vec::new();
    for (method, paths) in &documented {
        if methods::find(method).is_none() || method == "batch" {
            continue;
        }
        let real = real_shape(method);
        for (path, kinds) in paths {
            if is_named(method, path) {
                continue;
            }
            match real.get(path) {
                Some(seen) if agrees(path, kinds, seen) => {}
                Some(seen) => {
                    wrong.push(format!("{method}: {path} is {seen:?}, documented {kinds}"))
                }
                None => wrong.push(format!("{method}: {path} is never answered")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_documented_error_code_is_answered() {
    let documented: BTreeMap<String, BTreeSet<String>> =
        read(&folder().join("tests/documented/errors.json"));
    let golden = golden::codes(&folder().join("golden"));
    let mut missing = Vec::new();
    for (method, codes) in &documented {
        let Some(answered) = golden.get(method) else {
            continue;
        };
        for code in codes {
            let never = NEVER
                .iter()
                .any(|(of, named, _)| (*of == "*" || of == method) && named == code);
            if !never && !answered.iter().any(|(answered, _)| answered == code) {
                missing.push(format!("{method}: {code}"));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "never answered:\n{}",
        missing.join("\n")
    );
}

#[test]
fn every_named_difference_is_one() {
    let documented: BTreeMap<String, BTreeMap<String, String>> =
        read(&folder().join("tests/documented/results.json"));
    for (method, beginning, _) in DIFFERENCES {
        let real = real_shape(method);
        let differs = documented[*method].iter().any(|(path, kinds)| {
            path.starts_with(beginning)
                && !real.get(path).is_some_and(|seen| agrees(path, kinds, seen))
        });
        assert!(differs, "{method}: {beginning} is as documented");
    }
    let errors: BTreeMap<String, BTreeSet<String>> =
        read(&folder().join("tests/documented/errors.json"));
    for (method, code, _) in NEVER {
        let named = |of: &String| *method == "*" || of == method;
        assert!(
            errors
                .iter()
                .any(|(of, codes)| named(of) && codes.contains(*code)),
            "{method} does not document {code}"
        );
    }
}

#[test]
fn what_is_documented_is_of_methods_that_are_known() {
    let documented: BTreeMap<String, BTreeMap<String, String>> =
        read(&folder().join("tests/documented/results.json"));
    let done = API
        .iter()
        .filter(|covered| covered.coverage == Coverage::Done)
        .filter(|covered| documented.contains_key(covered.name))
        .count();
    assert!(done > 100, "only {done} methods are compared");
    for method in documented.keys() {
        let known = API.iter().any(|covered| covered.name == method);
        assert!(known || method == "batch", "{method} is no method");
    }
}
