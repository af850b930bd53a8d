//! Golden requests and responses: the exact response of each method, on both stores.
//!
//! A method has one file, `<method>.json`, with cases. A case starts on a new portal, makes its `setup` calls, then one call
//! whose response must equal the one in the file. `UPDATE_GOLDEN=1` writes the responses into the files instead.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Answered, StoreKind, TestPortal};

/// The file of one method.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenFile {
    /// Its cases.
    pub cases: Vec<Case>,
}

/// One request and its response.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The behaviour, in words.
    pub name: String,
    /// Preceding calls, all of which must succeed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup: Vec<Step>,
    /// The caller.
    #[serde(rename = "as")]
    pub caller: String,
    /// Its parameters.
    pub params: Value,
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// `result`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// `next`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
    /// `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// `error_description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// A call before the tested one.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The caller.
    #[serde(rename = "as")]
    pub caller: String,
    /// The method.
    pub method: String,
    /// Its parameters.
    pub params: Value,
    /// The name under which later calls can use the result, as `$name` or `$name.field`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub save: Option<String>,
    /// Number of repetitions, 1 by default; `$n` is the current one, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
}

/// Checks, or with `UPDATE_GOLDEN` rewrites, every file of a folder on one store.
///
/// # Panics
/// When responses differ, naming all of them.
pub fn check_folder(folder: &Path, kind: StoreKind) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some() && kind == StoreKind::Sqlite;
    let only = std::env::var("GOLDEN_ONLY").ok();
    let mut differences = Vec::new();
    let mut portal = TestPortal::new(kind);
    for path in files(folder) {
        let method = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if only
            .as_ref()
            .is_some_and(|only| !method.contains(only.as_str()))
        {
            continue;
        }
        let mut file = read(&path);
        for case in &mut file.cases {
            portal = portal.renewed();
            let got = run(&portal, &method, case);
            if update {
                *case = answered(std::mem::replace(case, empty_case()), got);
            } else if let Some(difference) = difference(case, &got) {
                differences.push(format!("{method}, {}:\n{difference}", case.name));
            }
        }
        if update {
            let text = serde_json::to_string_pretty(&file).expect("a golden file is JSON") + "\n";
            fs::write(&path, text).expect("the golden file can be written");
        }
    }
    assert!(
        differences.is_empty(),
        "{} cases differ\n{}",
        differences.len(),
        differences.join("\n")
    );
}

/// The error codes returned by the cases of each method.
#[must_use]
pub fn codes(folder: &Path) -> BTreeMap<String, Vec<(String, String)>> {
    files(folder)
        .into_iter()
        .map(|path| {
            let method = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let codes = read(&path)
                .cases
                .into_iter()
                .filter_map(|case| case.error.zip(case.error_description));
            (method, codes.collect())
        })
        .collect()
}

/// The methods with a case that succeeds.
#[must_use]
pub fn successful(folder: &Path) -> BTreeSet<String> {
    files(folder)
        .iter()
        .filter(|path| read(path).cases.iter().any(|case| case.error.is_none()))
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of golden files");
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> GoldenFile {
    let text = fs::read_to_string(path).expect("a golden file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(portal: &TestPortal, method: &str, case: &Case) -> Answered {
    let mut saved = BTreeMap::new();
    for step in &case.setup {
        for n in 1..=step.repeat.unwrap_or(1) {
            saved.insert("n".to_owned(), Value::from(n));
            let params = replace(&step.params, &saved);
            let result = portal.ok(&step.caller, &step.method, params);
            if let Some(name) = &step.save {
                saved.insert(name.clone(), result);
            }
        }
        saved.remove("n");
    }
    portal.call(&case.caller, method, &replace(&case.params, &saved))
}

/// Replaces `$name` and `$name.field` in strings by saved results; a string that is only a reference keeps the result's type.
fn replace(value: &Value, saved: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::String(text) => replace_text(text, saved),
        Value::Array(items) => items.iter().map(|item| replace(item, saved)).collect(),
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), replace(value, saved)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

fn replace_text(text: &str, saved: &BTreeMap<String, Value>) -> Value {
    let Some((before, reference)) = text.split_once('$') else {
        return Value::String(text.to_owned());
    };
    let end = reference
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')
        .unwrap_or(reference.len());
    let (path, after) = reference.split_at(end);
    let mut steps = path.split('.');
    let Some(mut value) = steps.next().and_then(|name| saved.get(name)) else {
        return Value::String(text.to_owned());
    };
    for step in steps {
        value = match value {
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            other => other.get(step),
        }
        .unwrap_or_else(|| panic!("nothing is saved at {path}"));
    }
    if before.is_empty() && after.is_empty() {
        return value.clone();
    }
    let printed = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    replace_text(&format!("{before}{printed}{after}"), saved)
}

fn answered(case: Case, got: Answered) -> Case {
    let (error, error_description) = got.error.unzip();
    let result = error.is_none().then_some(got.result);
    Case {
        status: got.status,
        result,
        total: got.total,
        next: got.next,
        error,
        error_description,
        ..case
    }
}

fn difference(case: &Case, got: &Answered) -> Option<String> {
    let expected = Answered {
        status: case.status,
        result: case.result.clone().unwrap_or_default(),
        total: case.total,
        next: case.next,
        error: case.error.clone().zip(case.error_description.clone()),
    };
    // Compared as text, so that the order of keys matters.
    let (expected, got) = (pretty(&expected), pretty(got));
    (expected != got).then(|| format!("expected {expected}\ngot      {got}"))
}

fn pretty(answered: &Answered) -> String {
    format!(
        "{} {:?} {:?} {:?} {}",
        answered.status, answered.error, answered.total, answered.next, answered.result
    )
}

fn empty_case() -> Case {
    Case {
        name: String::new(),
        setup: Vec::new(),
        caller: String::new(),
        params: Value::Null,
        status: 0,
        result: None,
        total: None,
        next: None,
        error: None,
        error_description: None,
    }
}
