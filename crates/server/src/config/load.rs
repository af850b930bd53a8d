//! Reads the settings from all sources, and reports what is wrong with them.

use std::{
    collections::BTreeSet,
    fmt,
    path::{Path, PathBuf},
};

use figment::{
    Figment, Provider,
    providers::{Format, Serialized, Toml},
    value::{Dict, Value},
};

use super::{Config, FILE};

/// Prefix of settings in the environment.
const PREFIX: &str = "READMARK_";

/// Environment names that are not server settings: those of single commands, and of the project's own tests.
const NO_SETTINGS: [&str; 4] = ["config", "portal", "demo", "limited_webhook"];

/// Why the settings cannot be used, in one line.
#[derive(Debug)]
pub struct ConfigError(String);

impl ConfigError {
    /// A value that is well-formed but invalid, from any source.
    pub(super) fn of_value(name: &str, problem: impl fmt::Display) -> Self {
        Self(format!("setting `{name}`: {problem}"))
    }

    fn of_setting(name: &str, place: &str, problem: impl fmt::Display) -> Self {
        Self(format!("setting `{name}` ({place}): {problem}"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// Settings from the command line.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// The file to read instead of `readmark.toml`; it must exist.
    pub file: Option<PathBuf>,
    /// Settings by name, as text.
    pub settings: Vec<(String, String)>,
}

/// One source of settings.
struct Layer {
    place: String,
    values: Dict,
}

impl Config {
    /// Reads all settings.
    ///
    /// # Errors
    /// The first setting that is unknown or invalid, and its source.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let value = value.into_string().ok()?;
            Some((name, value))
        });
        Self::from_sources(flags, environment)
    }

    pub(super) fn from_sources(
        flags: &Flags,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults = defaults()?;
        let known: BTreeSet<_> = defaults.keys().cloned().collect();
        let layers = [
            file_layer(flags.file.as_deref())?,
            Some(environment_layer(environment, &defaults)),
            Some(Layer {
                place: "command line".to_owned(),
                values: texts(flags.settings.iter().cloned(), &defaults),
            }),
        ];
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        for layer in layers.into_iter().flatten() {
            if let Some(name) = layer.values.keys().find(|name| !known.contains(*name)) {
                return Err(ConfigError::of_setting(
                    name,
                    &layer.place,
                    format_args!("there is no such setting{}", suggestion(name, &known)),
                ));
            }
            figment = figment.merge(Serialized::defaults(&layer.values));
            // Each layer is read separately, so that an invalid value is attributed to its source.
            figment
                .extract::<Self>()
                .map_err(|error| blame(&error, &layer.place))?;
        }
        let config: Self = figment
            .extract()
            .map_err(|error| blame(&error, "defaults"))?;
        config.check()?;
        Ok(config)
    }
}

/// Every setting with its default.
pub(super) fn defaults() -> Result<Dict, ConfigError> {
    let defaults = Serialized::defaults(Config::default()).data();
    let defaults = defaults.map_err(|error| blame(&error, "defaults"))?;
    Ok(defaults.into_values().flatten().collect())
}

fn file_layer(named: Option<&Path>) -> Result<Option<Layer>, ConfigError> {
    let path = named.unwrap_or(Path::new(FILE));
    let place = path.display().to_string();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            return Ok(None);
        }
        Err(error) => return Err(ConfigError(format!("{place} cannot be read: {error}"))),
    };
    let values = Toml::string(&text).data().map_err(|error| {
        let problem = error.to_string();
        let problem = problem.split_whitespace().collect::<Vec<_>>().join(" ");
        ConfigError(format!("{place} is no TOML: {problem}"))
    })?;
    let values = values.into_values().flatten().collect();
    Ok(Some(Layer { place, values }))
}

fn environment_layer(
    environment: impl IntoIterator<Item = (String, String)>,
    defaults: &Dict,
) -> Layer {
    let settings = environment.into_iter().filter_map(|(name, value)| {
        let name = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        let ignored = NO_SETTINGS.contains(&name.as_str()) || name.starts_with("test_");
        (!ignored).then_some((name, value))
    });
    Layer {
        place: "environment".to_owned(),
        values: texts(settings, defaults),
    }
}

/// Values given as text; converted to numbers and booleans where the default is not a string.
fn texts(settings: impl Iterator<Item = (String, String)>, defaults: &Dict) -> Dict {
    let value = |name: &str, text: String| {
        if matches!(defaults.get(name), Some(Value::String(..))) {
            return Value::from(text);
        }
        let whole = text.parse().map(|number: u64| Value::from(number));
        let number = whole.or_else(|_| text.parse().map(|number: f64| Value::from(number)));
        let boolean = number.or_else(|_| text.parse().map(|boolean: bool| Value::from(boolean)));
        boolean.unwrap_or_else(|_| Value::from(text))
    };
    settings
        .map(|(name, text)| (name.clone(), value(&name, text)))
        .collect()
}

/// The error of a setting with its name and source, in one line.
fn blame(error: &figment::Error, place: &str) -> ConfigError {
    let problem = error.kind.to_string();
    match error.path.last() {
        Some(name) => ConfigError::of_setting(name, place, problem),
        None => ConfigError(format!("{place}: {problem}")),
    }
}

/// A setting with a similar name, if there is one.
fn suggestion(name: &str, known: &BTreeSet<String>) -> String {
    let letters = |name: &str| name.replace(['_', '-', '.'], "").to_ascii_lowercase();
    let wanted = letters(name);
    let similar = known.iter().find(|other| {
        let other = letters(other);
        other == wanted || other.contains(&wanted) || wanted.contains(&other)
    });
    similar.map_or_else(String::new, |other| format!("; did you mean `{other}`?"))
}
