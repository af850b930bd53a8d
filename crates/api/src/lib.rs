//! The contract of the REST API: one file a method, with its name, scope, parameters, result, errors and handler.
//!
//! [`registry`] lists the methods; dispatch, the generated documents and the coverage test come from it. Nothing here
//! knows SQL or HTTP: bytes come in through [`wire`], answers leave as JSON text.

pub mod app_fields;
pub mod bot_auth;
pub mod bot_fields;
pub mod bot_message_fields;
pub mod bot_v1_auth;
pub mod bot_v1_call;
pub mod bot_v1_fields;
pub mod command_fields;
pub mod content;
pub mod coverage;
pub mod delivery;
pub mod departments;
pub mod disk_fields;
pub mod dispatch;
pub mod docs;
pub mod download;
pub mod events;
pub mod file_link;
pub mod find_fields;
pub mod manager_fields;
pub mod method;
pub mod methods;
pub mod notify_fields;
pub mod objects;
pub mod page_fields;
pub mod parse;
pub mod period;
pub mod portal;
pub mod reaction_fields;
pub mod registry;
pub mod staff_fields;
pub mod system_error;
pub mod upload;
pub mod upload_fields;
pub mod users;
pub mod wire;
