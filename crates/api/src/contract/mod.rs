//! The contract of a method as data.
//!
//! A method declares its name, scopes, parameters, result and errors once ([`method`]); [`entry`] erases its types, so that calls and
//! the generated documents can iterate over all methods.

pub mod coverage;
pub mod declaration;
pub mod entry;
pub mod error;
pub mod method;
pub mod params;
pub mod system_error;
