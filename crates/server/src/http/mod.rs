//! Connections: TLS and plain on one port, HTTP/1.1 and HTTP/2, limits for slow and many clients, and stopping without
//! losing what was accepted.

mod connection;
pub mod gate;
mod listener;
mod pace;
mod timeouts;

pub use self::{listener::Listener, timeouts::Timeouts};
