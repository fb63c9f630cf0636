//! Merges what was given: a flag goes over the environment, the environment over the file, the file over the default.

use std::path::PathBuf;

use clap::ArgMatches;

use super::config::Config;
use super::failure::Failure;
use super::options::{ROWS, Row, Used};
use super::value::{Given, Value};
use super::{file, near};

/// The file is named by a flag and a variable of its own.
pub(super) const CONFIG: &str = "config";
const CONFIG_VARIABLE: &str = "ROOMGATE_CONFIG";
const PREFIX: &str = "ROOMGATE_";
/// Variables that are no options.
const OTHERS: &[&str] = &[
    CONFIG_VARIABLE,
    #[cfg(feature = "wrong-gateways")]
    roomgate::base::wrong::VARIABLE,
];

/// Environment variables, so that a test can have its own.
pub(super) type Environment = Vec<(String, String)>;

/// What came of it.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) config: Config,
    /// The file, where there was one.
    pub(super) file: Option<PathBuf>,
    /// What nobody asked for but somebody should know.
    pub(super) warnings: Vec<String>,
}

/// Merges everything for a command that is `using` its options to serve or to call.
pub(super) fn load(using: Used, flags: &ArgMatches, environment: &Environment) -> Result<Loaded, Failure> {
    let file = config_file(flags, environment);
    let layers = [
        file.as_deref().map(file::read).transpose()?.unwrap_or_default(),
        from_environment(environment),
        from_flags(flags),
    ];
    let mut config = Config::default();
    for layer in layers {
        for row in ROWS.iter().filter(|row| row.is_for(using)) {
            let Some(given) = layer.iter().find(|given| given.key == row.key) else { continue };
            (row.field)(&mut config).set(given).map_err(Failure::usage)?;
        }
    }
    Ok(Loaded { config, file, warnings: unknown_variables(environment) })
}

/// This process's variables that could be ours. An empty one counts as not set, as it does in most tools that set them.
pub(super) fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty())
        .collect()
}

fn config_file(flags: &ArgMatches, environment: &Environment) -> Option<PathBuf> {
    let flag = flags.get_one::<String>(CONFIG);
    flag.map(String::as_str).or_else(|| variable(environment, CONFIG_VARIABLE)).map(PathBuf::from)
}

fn variable<'a>(environment: &'a Environment, name: &str) -> Option<&'a str> {
    environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn from_environment(environment: &Environment) -> Vec<Given> {
    let given = |row: &Row| {
        let name = row.variable();
        let value = Value::Text(variable(environment, &name)?.to_owned());
        Some(Given { key: row.key, source: name, value })
    };
    ROWS.iter().filter_map(given).collect()
}

fn from_flags(flags: &ArgMatches) -> Vec<Given> {
    let given = |row: &Row| {
        // Not every command has every flag.
        let values: Vec<&str> = flags.try_get_many::<String>(row.key).ok()??.map(String::as_str).collect();
        Some(Given { key: row.key, source: format!("--{}", row.flag()), value: Value::Text(values.join(",")) })
    };
    ROWS.iter().filter_map(given).collect()
}

/// A misspelt variable would otherwise do nothing, silently. It is no error: somebody else's variable may begin the same way.
fn unknown_variables(environment: &Environment) -> Vec<String> {
    let known = || ROWS.iter().map(Row::variable).chain(OTHERS.iter().map(ToString::to_string));
    let unknown = |name: &&str| name.starts_with(PREFIX) && !known().any(|known| known == **name);
    let warning = |name| format!("unknown environment variable {name}{}", near::suggestion(name, known()));
    environment.iter().map(|(name, _)| name.as_str()).filter(unknown).map(warning).collect()
}
