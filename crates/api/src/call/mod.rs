//! From a request to an answer: credentials, transaction, method, events.

pub mod dispatch;
pub mod download;
