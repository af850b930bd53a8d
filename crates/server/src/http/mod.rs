//! Connections: TLS and plain HTTP on one port, HTTP/1.1 and HTTP/2, limits for slow and numerous clients, and a graceful stop
//! that answers what was accepted.

mod connection;
pub mod gate;
mod listener;
mod proxy_protocol;
mod serving;
mod timeouts;

pub use self::{listener::Listener, serving::Serving, timeouts::Timeouts};
