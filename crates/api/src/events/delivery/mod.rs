//! Requests to event handlers: the body of one request (sources: handlers, first generation).
//!
//! An event is stored without anything that is known only when it is sent. [`HandlerRequest::body`] puts in the tokens, the time and
//! the portal's address, and writes the whole as PHP writes a form. The server decides when to send and where to.

mod auth;
mod body;
pub mod form;
mod snapshot;

pub use auth::{Access, Grant, PortalFacts};
pub use body::{HandlerRequest, Unsendable};
pub use snapshot::BotSnapshot;
