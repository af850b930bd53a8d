//! The readmark server: configuration, command line, TLS, the REST transport, and demonstration data.
//!
//! [`Running::start`] starts a server within a process; [`cli::main`] is the program. The domain below is synchronous: a
//! request is handed to the store and answered from there, so no thread of the asynchronous runtime blocks on it.

pub mod catalog;
pub mod cli;
pub mod clients;
pub mod clock;
pub mod config;
pub mod data;
mod delivery;
#[cfg(unix)]
pub mod door;
pub mod files;
pub mod http;
pub mod log;
mod maintenance;
mod oauth;
pub mod operating;
pub mod operator;
mod pages;
mod parameters;
pub mod portals;
pub mod rest;
mod running;
pub mod site;
mod sweep;
pub mod tls;
pub mod version;
mod web;

pub use cli::demo;
pub use running::Running;
