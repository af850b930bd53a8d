//! From a request to an answer: credentials, transaction, method, events.

pub mod cancel;
pub mod credentials;
pub mod download;
pub mod execute;
