//! The generated documents: OpenAPI, the list of methods and the catalogue of errors. They are rendered from the contract alone.

use std::{collections::BTreeMap, fmt::Write as _};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    contract::{
        coverage::{API, Coverage, EXTENSION},
        entry::Entry,
        method::ErrorSpec,
        params::{ParamSpec, ParamType},
        system_error,
    },
    methods::METHODS,
};

/// File names and contents, as kept in `docs/api`.
#[must_use]
pub fn render() -> Vec<(&'static str, String)> {
    vec![
        ("errors.md", errors()),
        ("methods.md", methods()),
        ("openapi.json", openapi()),
    ]
}

fn openapi() -> String {
    let settings = SchemaSettings::openapi3().with(|settings| settings.inline_subschemas = false);
    let mut generator = SchemaGenerator::new(settings);
    let mut paths = Map::new();
    for entry in METHODS {
        let operation = operation(entry, &mut generator);
        paths.insert(
            format!("/rest/{{user}}/{{secret}}/{}", entry.name),
            json!({ "post": operation }),
        );
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("time".into(), time_schema());
    schemas.insert("error".into(), error_schema());
    let document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": "readmark",
            "description": "The REST chat API, called by incoming webhook. Parameters are also read from the query \
                            string and from forms; names ignore case.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0" }
        },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn operation(entry: &Entry, generator: &mut SchemaGenerator) -> Value {
    let result = (entry.output)(generator);
    let scopes: Vec<&str> = entry.scopes.iter().map(|scope| scope.as_str()).collect();
    let mut responses = Map::new();
    responses.insert(
        "200".into(),
        json!({
            "description": "Success",
            "content": { "application/json": { "schema": {
                "type": "object",
                "required": ["result", "time"],
                "properties": {
                    "result": result,
                    "total": { "type": "integer" },
                    "next": { "type": "integer" },
                    "time": { "$ref": "#/components/schemas/time" },
                },
            } } },
        }),
    );
    let mut by_status: BTreeMap<u16, Vec<&ErrorSpec>> = BTreeMap::new();
    for error in entry.errors {
        by_status.entry(error.status).or_default().push(error);
    }
    for (status, errors) in by_status {
        let lines: Vec<String> = errors
            .iter()
            .map(|e| format!("`{}`: {}", e.code, e.doc.trim()))
            .collect();
        responses.insert(
            status.to_string(),
            json!({
                "description": lines.join("\n"),
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/error" } } },
            }),
        );
    }
    json!({
        "operationId": entry.name,
        "summary": entry.summary,
        "description": format!("Scope: {}", if scopes.is_empty() { "none".into() } else { scopes.join(" or ") }),
        "parameters": [
            { "name": "user", "in": "path", "required": true, "schema": { "type": "integer" } },
            { "name": "secret", "in": "path", "required": true, "schema": { "type": "string" } },
        ],
        "requestBody": { "content": { "application/json": { "schema": members_schema(entry.params()) } } },
        "responses": responses,
    })
}

/// The schema of a map with these members: the parameters of a method, or a parameter that is a map.
fn members_schema(members: impl Iterator<Item = &'static ParamSpec>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for param in members {
        let mut schema = type_schema(param.kind);
        schema["description"] = described(param).into();
        properties.insert(param.name.into(), schema);
        if param.required {
            required.push(param.name);
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn type_schema(kind: ParamType) -> Value {
    match kind {
        ParamType::String => json!({ "type": "string" }),
        ParamType::Integer => json!({ "type": "integer" }),
        ParamType::Boolean => json!({ "type": "boolean" }),
        ParamType::Array => json!({ "type": "array", "items": {} }),
        ParamType::ArrayOf(item) => json!({ "type": "array", "items": type_schema(*item) }),
        ParamType::Object => json!({ "type": "object" }),
        ParamType::Members(members) => members_schema(members.iter()),
        ParamType::DateTime => json!({ "type": "string", "format": "date-time" }),
    }
}

/// The description of a parameter, with its aliases.
fn described(param: &ParamSpec) -> String {
    let names: Vec<String> = param
        .aliases
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    match names.as_slice() {
        [] => param.doc.trim().to_owned(),
        names => format!("{} Also found as {}.", param.doc.trim(), names.join(", ")),
    }
}

fn time_schema() -> Value {
    let number = json!({ "type": "number" });
    let text = json!({ "type": "string", "format": "date-time" });
    json!({
        "type": "object",
        "properties": {
            "start": number, "finish": number, "duration": number, "processing": number,
            "date_start": text, "date_finish": text,
            "operating_reset_at": { "type": "integer" }, "operating": number,
        },
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error", "error_description"],
        "properties": { "error": { "type": "string" }, "error_description": { "type": "string" } },
    })
}

fn methods() -> String {
    let mut text = String::from("# Methods\n\nGenerated from the contract by `cargo xtask gen`.\n");
    let count =
        |wanted: fn(&Coverage) -> bool| API.iter().filter(|known| wanted(&known.coverage)).count();
    let _ = writeln!(
        text,
        "\nOf {} methods of the API {} work, {} come later and {} are declined. Extensions begin with `{EXTENSION}`.",
        API.len(),
        count(|coverage| *coverage == Coverage::Done),
        count(|coverage| *coverage == Coverage::Pending),
        count(|coverage| matches!(coverage, Coverage::Declined { .. })),
    );
    for entry in METHODS {
        let _ = writeln!(text, "\n## `{}`\n\n{}\n", entry.name, entry.summary);
        let scopes: Vec<String> = entry
            .scopes
            .iter()
            .map(|scope| format!("`{}`", scope.as_str()))
            .collect();
        let _ = writeln!(
            text,
            "Scope: {}",
            if scopes.is_empty() {
                "none".into()
            } else {
                scopes.join(" or ")
            }
        );
        if entry.params().next().is_some() {
            text.push_str("\n| parameter | type | required | |\n|---|---|---|---|\n");
        }
        for param in entry.params() {
            parameter_rows(&mut text, "", param);
        }
        if !entry.errors.is_empty() {
            text.push_str("\n| status | error | when |\n|---|---|---|\n");
        }
        for error in entry.errors {
            let _ = writeln!(
                text,
                "| {} | `{}` | {} |",
                error.status,
                error.code,
                cell(error.doc)
            );
        }
    }
    text.push_str("\n## Later or never\n\n| method | |\n|---|---|\n");
    for known in API {
        match known.coverage {
            Coverage::Done => {}
            Coverage::Pending => {
                let _ = writeln!(text, "| `{}` | comes later |", known.name);
            }
            Coverage::Declined { reason } => {
                let _ = writeln!(text, "| `{}` | declined: {} |", known.name, cell(reason));
            }
        }
    }
    text
}

/// A row for a parameter, and one for each of its members or of those of its items, named by path.
fn parameter_rows(text: &mut String, path: &str, param: &ParamSpec) {
    let name = format!("{path}{}", param.name);
    let required = if param.required { "yes" } else { "" };
    let _ = writeln!(
        text,
        "| `{name}` | {} | {required} | {} |",
        type_name(param.kind),
        cell(&described(param))
    );
    let (path, members) = match param.kind {
        ParamType::Members(members) => (format!("{name}."), members),
        ParamType::ArrayOf(ParamType::Members(members)) => (format!("{name}[]."), *members),
        _ => return,
    };
    for member in members {
        parameter_rows(text, &path, member);
    }
}

fn errors() -> String {
    let mut text = String::from(
        "# Errors\n\nGenerated from the contract by `cargo xtask gen`.\n\n## Of every method\n\n\
         | status | error | description | when |\n|---|---|---|---|\n",
    );
    for error in system_error::ALL {
        push_error(&mut text, error.0, "");
    }
    text.push_str("\n## Of single methods\n\n| status | error | description | when | method |\n|---|---|---|---|---|\n");
    let mut rows: Vec<(&ErrorSpec, &str)> = METHODS
        .iter()
        .flat_map(|entry| entry.errors.iter().map(move |error| (error, entry.name)))
        .collect();
    rows.sort_by_key(|(error, method)| (error.code, *method));
    for (error, method) in rows {
        push_error(&mut text, error, &format!(" `{method}` |"));
    }
    text
}

fn push_error(text: &mut String, error: &ErrorSpec, last: &str) {
    let _ = writeln!(
        text,
        "| {} | `{}` | {} | {} |{last}",
        error.status,
        error.code,
        cell(error.text),
        cell(error.doc)
    );
}

/// Text escaped for one cell of a table.
fn cell(text: &str) -> String {
    text.trim().replace('|', "\\|")
}

const fn type_name(kind: ParamType) -> &'static str {
    match kind {
        ParamType::String => "string",
        ParamType::Integer => "integer",
        ParamType::Boolean => "boolean",
        ParamType::Array | ParamType::ArrayOf(_) => "array",
        ParamType::Object | ParamType::Members(_) => "object",
        ParamType::DateTime => "datetime",
    }
}
