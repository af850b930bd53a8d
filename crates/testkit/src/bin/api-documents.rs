//! Prints the generated documents as one JSON object, from file name to content, for `cargo xtask gen`.
//!
//! It is a separate program so that `xtask` does not depend on the code that it checks: otherwise a change of the contract would
//! build the contract twice, once with the features of `xtask` alone and once with those of the tests.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    process::ExitCode,
};

fn main() -> ExitCode {
    let documents: BTreeMap<_, _> = readmark_api::docs::render::render().into_iter().collect();
    let mut output = io::stdout().lock();
    let written = serde_json::to_writer(&mut output, &documents)
        .map_err(io::Error::from)
        .and_then(|()| output.flush());
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}
