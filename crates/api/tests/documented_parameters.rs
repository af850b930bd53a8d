//! Every parameter that the pages of the methods name, and every member of one that is a map, is in the description of the method, with its
//! type. What differs on purpose is named here, with its reason.
//!
//! `documented/parameters.json` has the names of documented parameters with their types, and no documented sentences. A member of a
//! map is named by the path to it, as `fields.properties.name`; that of a map in a list has brackets before it, as `LANG[].TITLE`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use readmark_api::{
    contract::{
        coverage::{API, Coverage},
        entry::Entry,
        params::{ParamSpec, ParamType},
    },
    methods,
    wire::Params,
};
use serde_json::{Map, Value};

/// Paths of parameters with their types, by method.
type Documented = BTreeMap<String, BTreeMap<String, String>>;

/// Parameters that are described otherwise than documented, or not at all: method, path, reason. `*` stands for all methods.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "*",
        "AVATAR_HR",
        "a text that is Y or N is described as a boolean",
    ),
    ("*", "IS_EDITED", "as above"),
    ("*", "SYSTEM", "as above"),
    ("*", "URL_PREVIEW", "as above"),
    ("*", "COMMON", "as above"),
    ("*", "COMPLETE", "as above"),
    ("*", "EXTRANET_SUPPORT", "as above"),
    ("*", "FIELDS.EXTRANET_SUPPORT", "as above"),
    ("*", "FIELDS.HIDDEN", "as above"),
    ("*", "HIDDEN", "as above"),
    ("*", "IS_MANAGER", "as above"),
    ("*", "OPENLINE", "as above"),
    ("*", "SKIP_CONNECTOR", "as above"),
    ("*", "fields.urlPreview", "as above"),
    ("imbot.chat.user.add", "HIDE_HISTORY", "as above"),
    (
        "im.notify.history.search",
        "SEARCH_DATE",
        "a text that is a time is described as one",
    ),
    ("im.notify.history.search", "SEARCH_DATE_FROM", "as above"),
    ("im.notify.history.search", "SEARCH_DATE_TO", "as above"),
    ("*", "PERSONAL_BIRTHDAY", "as above"),
    (
        "*",
        "UF_DEPARTMENT",
        "a text that is a list of departments is described as a list",
    ),
    (
        "*",
        "FILTER",
        "the samples of the page show a map where its table has a text",
    ),
    (
        "department.get",
        "SORT",
        "the same name, in another case, as the field to sort by, which is a text",
    ),
];

fn documented() -> Documented {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let file = folder.join("tests/documented/parameters.json");
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// Whether parameters under these two names are one.
fn is_same(one: &str, other: &str) -> bool {
    let given = Map::from_iter([(one.to_owned(), Value::Null)]);
    Params::new(given).get(other).raw().is_some()
}

/// The parameter of this name.
fn named<'a>(mut specs: impl Iterator<Item = &'a ParamSpec>, name: &str) -> Option<&'a ParamSpec> {
    specs.find(|spec| {
        let mut names = [spec.name].into_iter().chain(spec.aliases.iter().copied());
        names.any(|known| is_same(known, name))
    })
}

/// The members of a map, or of the maps in a list.
fn members(kind: ParamType, in_list: bool) -> &'static [ParamSpec] {
    match kind {
        ParamType::ArrayOf(item) if in_list => members(*item, false),
        ParamType::Members(members) if !in_list => members,
        _ => &[],
    }
}

/// The parameter at a path.
fn find(entry: &Entry, path: &str) -> Option<&'static ParamSpec> {
    let mut steps = path.split('.');
    let mut step = steps.next()?;
    let mut found = named(entry.params(), step.trim_end_matches("[]"))?;
    for next in steps {
        let inner = members(found.kind, step.ends_with("[]"));
        found = named(inner.iter(), next.trim_end_matches("[]"))?;
        step = next;
    }
    Some(found)
}

/// Whether a type is the documented one. Where the pages tell no type, every one is.
fn agrees(kind: ParamType, documented: &str) -> bool {
    match documented {
        "unknown" => true,
        "string" => kind == ParamType::String,
        // In Base64, or a pair of its name and that.
        "file" => matches!(
            kind,
            ParamType::String | ParamType::Array | ParamType::ArrayOf(ParamType::String)
        ),
        "integer" => kind == ParamType::Integer,
        "integer[]" => kind == ParamType::ArrayOf(&ParamType::Integer),
        "boolean" => kind == ParamType::Boolean,
        "array" => matches!(kind, ParamType::Array | ParamType::ArrayOf(_)),
        "object" => matches!(kind, ParamType::Object | ParamType::Members(_)),
        "datetime" => kind == ParamType::DateTime,
        other => panic!("{other} is no documented type"),
    }
}

/// What is wrong with a parameter.
fn mistake(entry: &Entry, path: &str, kind: &str) -> Option<String> {
    match find(entry, path) {
        None => Some("is not described".to_owned()),
        Some(spec) if agrees(spec.kind, kind) => None,
        Some(spec) => Some(format!("is {:?}, documented {kind}", spec.kind)),
    }
}

/// The documented parameters of all methods that there are.
fn of_methods(documented: &Documented) -> impl Iterator<Item = (&'static Entry, &str, &str)> {
    documented.iter().flat_map(|(method, paths)| {
        let entry = methods::find(method);
        let of_entry = move |entry| {
            let paths = paths.iter();
            paths.map(move |(path, kind)| (entry, path.as_str(), kind.as_str()))
        };
        entry.into_iter().flat_map(of_entry)
    })
}

fn is_named(method: &str, path: &str) -> bool {
    DIFFERENCES
        .iter()
        .any(|(of, at, _)| (*of == "*" || *of == method) && *at == path)
}

#[test]
fn every_documented_parameter_is_described_with_its_type() {
    let documented = documented();
    let mut wrong = Vec::new();
    for (entry, path, kind) in of_methods(&documented) {
        if is_named(entry.name, path) {
            continue;
        }
        if let Some(mistake) = mistake(entry, path, kind) {
            wrong.push(format!("{}: {path} {mistake}", entry.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_named_difference_is_one() {
    let documented = documented();
    for (method, path, _) in DIFFERENCES {
        let differs = of_methods(&documented).any(|(entry, at, kind)| {
            (*method == "*" || *method == entry.name)
                && at == *path
                && mistake(entry, at, kind).is_some()
        });
        assert!(differs, "{method}: {path} is as documented");
    }
}

#[test]
fn members_are_found_by_their_paths() {
    let upload = methods::find("im.v2.File.upload").unwrap();
    assert_eq!(find(upload, "fields.content").unwrap().name, "content");
    assert_eq!(find(upload, "DIALOG_ID").unwrap().name, "dialogId");
    for unknown in [
        "fields.size",
        "fields[].content",
        "fields.content.name",
        "content",
        "",
    ] {
        assert!(find(upload, unknown).is_none(), "{unknown}");
    }
    assert!(mistake(upload, "fields", "string").is_some());
    assert_eq!(mistake(upload, "fields", "object"), None);
}

#[test]
fn what_is_documented_is_of_methods_that_are_known() {
    let documented = documented();
    let done = API
        .iter()
        .filter(|covered| covered.coverage == Coverage::Done)
        .filter(|covered| documented.contains_key(covered.name))
        .count();
    assert!(done > 100, "only {done} methods are compared");
    for method in documented.keys() {
        assert!(
            API.iter().any(|covered| covered.name == method),
            "{method} is no method"
        );
    }
}
