//! Creating chats, their members and their appearance (rules R5, R6).

pub mod appearance;
pub mod create;
pub mod depart;
pub mod find;
pub mod group;
pub mod invite;
mod lock;
pub mod managers;
pub mod members;
mod notices;
pub mod owner;
pub mod people;
pub mod share;
pub mod text_field;
