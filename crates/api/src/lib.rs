//! The contract of the REST API: one file per method, with its name, scope, parameters, result, errors and handler.
//!
//! [`methods`] lists them all; calls, the generated documents and the coverage test are based on it. Nothing here knows SQL or HTTP:
//! bytes come in through [`wire`], answers leave as JSON text.

pub mod call;
pub mod content;
pub mod contract;
pub mod docs;
pub mod events;
pub mod methods;
pub mod objects;
pub mod portal;
pub mod wire;
