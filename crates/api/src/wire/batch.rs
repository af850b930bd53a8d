//! The commands and the answer of `batch` (sources: batch).

use std::fmt;

use serde_json::{Map, Value};

pub use super::reference::resolve;
use super::{Field, Files, JsonOrText, Limits, Params, WireError, body::positional, php};

/// Maximum number of commands that run; further ones are answered with `ERROR_BATCH_LENGTH_EXCEEDED`.
pub const MAX_COMMANDS: usize = 50;

/// A parsed batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Whether to stop at the first failure.
    pub halt: bool,
    /// The commands with their keys, in the order in which they are run and answered. The keys of a list are "0", "1"…
    pub commands: Vec<(String, Command)>,
}

/// One command. `Debug` shows only the names of the parameters, since their values may be secrets.
#[derive(Clone, PartialEq)]
pub enum Command {
    /// A call.
    Call {
        /// Name of the method, trimmed and without a suffix `.json`; it may be empty.
        method: String,
        /// The decoded parameters; references to results are yet to be [resolved](resolve).
        params: Map<String, Value>,
        /// The contents of the files among the parameters.
        files: Files,
    },
    /// Beyond the first [`MAX_COMMANDS`].
    OverLength,
    /// Not a command, or cannot be decoded.
    Malformed(WireError),
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { method, params, .. } => {
                let names = params.keys().collect::<Vec<_>>();
                f.debug_struct("Call")
                    .field("method", method)
                    .field("params", &names)
                    .finish()
            }
            Self::OverLength => f.write_str("OverLength"),
            Self::Malformed(error) => f.debug_tuple("Malformed").field(error).finish(),
        }
    }
}

impl Command {
    fn call(method: &str, params: Map<String, Value>, files: Option<&Files>) -> Self {
        Self::Call {
            method: without_suffix(method.trim()).to_owned(),
            params,
            files: files.cloned().unwrap_or_default(),
        }
    }
}

impl Batch {
    /// Reads `cmd` and `halt`.
    ///
    /// `cmd` is a map or list, or a text that holds one as JSON; if it is missing or empty there are no commands. A command is
    /// `method?query` with the query encoded as in a URL, or `method` alone, or `{"method": …, "params": …}`, or `[method, params]`,
    /// where `params` is a map, a list, or a URL-encoded text. Fields of the method itself, such as `auth`, are left among its
    /// parameters.
    ///
    /// # Errors
    /// [`WireError::Malformed`] if `cmd` is a plain text or number, [`WireError::TooManyParameters`] if there are more commands than
    /// [`Limits::pairs`]. Errors of single commands are reported in their place.
    pub fn parse(params: &Params, limits: &Limits) -> Result<Self, WireError> {
        let halt = params.get("halt").as_bool() == Some(true);
        let cmd = params.get("cmd");
        let commands = match &cmd.as_json_or_text() {
            JsonOrText::Absent => Vec::new(),
            JsonOrText::Json(value) => {
                commands(Field::from(&**value).with_files(cmd.files()), limits)?
            }
            JsonOrText::Text(_) => {
                return Err(WireError::malformed("cmd is a map or a list of commands"));
            }
        };
        Ok(Self { halt, commands })
    }
}

fn commands(cmd: Field<'_>, limits: &Limits) -> Result<Vec<(String, Command)>, WireError> {
    let keyed: Vec<(String, Field<'_>)> = match cmd.raw() {
        Some(Value::Object(_)) => {
            let members = cmd.as_map().unwrap_or_default();
            members
                .iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect()
        }
        _ => {
            let items = cmd.as_list().unwrap_or_default().into_iter().enumerate();
            items.map(|(at, value)| (at.to_string(), value)).collect()
        }
    };
    if keyed.len() > limits.pairs {
        return Err(WireError::TooManyParameters(limits.pairs));
    }
    let numbered = keyed.into_iter().enumerate();
    Ok(numbered
        .map(|(at, (key, value))| {
            let command = if at < MAX_COMMANDS {
                command(value, limits).unwrap_or_else(Command::Malformed)
            } else {
                Command::OverLength
            };
            (key, command)
        })
        .collect())
}

fn command(command: Field<'_>, limits: &Limits) -> Result<Command, WireError> {
    let (method, params) = match command.raw() {
        Some(Value::String(text)) => {
            let (method, query) = text.split_once('?').unwrap_or((text, ""));
            let params = php::decode(query.as_bytes(), limits)?;
            return Ok(Command::call(method, params, None));
        }
        Some(Value::Object(_)) => {
            let members = command.as_map().unwrap_or_default();
            (members.any_case("method"), members.any_case("params"))
        }
        Some(Value::Array(items)) => {
            let at = |index: usize| {
                items
                    .get(index)
                    .map_or(Field::new(None), |item| command.item(index, item))
            };
            (at(0), at(1))
        }
        _ => return Err(not_a_command()),
    };
    let (method, values) = (method_of(method)?, params_of(params, limits)?);
    Ok(Command::call(method, values, params.files()))
}

fn not_a_command() -> WireError {
    WireError::malformed("a command is a method and its parameters")
}

fn method_of(field: Field<'_>) -> Result<&str, WireError> {
    field
        .raw()
        .and_then(Value::as_str)
        .ok_or_else(not_a_command)
}

fn params_of(field: Field<'_>, limits: &Limits) -> Result<Map<String, Value>, WireError> {
    match field.raw() {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(members)) => Ok(members.clone()),
        Some(Value::Array(items)) => Ok(positional(items.clone())),
        Some(Value::String(query)) => php::decode(query.as_bytes(), limits),
        Some(_) => Err(not_a_command()),
    }
}

fn without_suffix(method: &str) -> &str {
    const SUFFIX: &str = ".json";
    let at = method.len().saturating_sub(SUFFIX.len());
    match method.get(at..) {
        Some(end) if end.eq_ignore_ascii_case(SUFFIX) => &method[..at],
        _ => method,
    }
}

/// Shapes one of the five maps of the answer: `[]` if it is empty, a list if its keys are exactly 0, 1, 2… in this order, else an
/// object in the given order.
#[must_use]
pub fn shape(entries: Vec<(String, Value)>) -> Value {
    if php::are_indices(entries.iter().map(|(key, _)| key)) {
        entries
            .into_iter()
            .map(|(_, value)| value)
            .collect::<Vec<_>>()
            .into()
    } else {
        Value::Object(entries.into_iter().collect())
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
