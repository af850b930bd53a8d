//! The commands and the answer of `batch` (`spec_auth_transport` §8, `spec_clients` §5).

use std::fmt;

use serde_json::{Map, Value};

pub use super::reference::resolve;
use super::{Field, JsonOrText, Limits, Params, WireError, body::positional, php};

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
    },
    /// Beyond the first [`MAX_COMMANDS`].
    OverLength,
    /// Not a command, or cannot be decoded.
    Malformed(WireError),
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { method, params } => {
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
        let cmd = params.get("cmd").as_json_or_text();
        let commands = match &cmd {
            JsonOrText::Absent => Vec::new(),
            JsonOrText::Json(value) => commands(value, limits)?,
            JsonOrText::Text(_) => {
                return Err(WireError::malformed("cmd is a map or a list of commands"));
            }
        };
        Ok(Self { halt, commands })
    }
}

fn commands(cmd: &Value, limits: &Limits) -> Result<Vec<(String, Command)>, WireError> {
    let keyed: Vec<(String, &Value)> = match cmd {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), value))
            .collect(),
        _ => {
            let items = Field::from(cmd).as_list().unwrap_or_default();
            let values = items.into_iter().filter_map(Field::raw).enumerate();
            values.map(|(at, value)| (at.to_string(), value)).collect()
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

fn command(value: &Value, limits: &Limits) -> Result<Command, WireError> {
    let (method, params) = match value {
        Value::String(text) => {
            let (method, query) = text.split_once('?').unwrap_or((text, ""));
            (method, php::decode(query.as_bytes(), limits)?)
        }
        Value::Object(_) => {
            let members = Field::from(value).as_map().unwrap_or_default();
            (
                method_of(members.any_case("method"))?,
                params_of(members.any_case("params"), limits)?,
            )
        }
        Value::Array(items) => {
            let at = |index: usize| Field::new(items.get(index));
            (method_of(at(0))?, params_of(at(1), limits)?)
        }
        _ => return Err(not_a_command()),
    };
    let method = without_suffix(method.trim()).to_owned();
    Ok(Command::Call { method, params })
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
