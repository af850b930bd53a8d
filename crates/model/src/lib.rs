//! Pure rules and types of readmark.
//!
//! Nothing here does I/O, reads a clock, draws random numbers or knows a wire or storage format, so every rule
//! can be tested by calling it. Those of the read state rules (`docs/read-state.md`) that need
//! no store are in [`read_state`].

pub mod application;
pub mod auth;
pub mod bot;
pub mod chat;
pub mod chat_app;
pub mod color;
pub mod command;
pub mod delivery;
pub mod department;
pub mod dialog_id;
pub mod event;
pub mod file;
pub mod ids;
pub mod input_action;
pub mod member;
pub mod message;
pub mod message_params;
pub mod notification;
pub mod ownership;
pub mod portal;
pub mod reaction;
pub mod read_state;
pub mod secret;
pub mod session;
pub mod stream;
pub mod text;
pub mod user;
pub mod view;

pub use application::Application;
pub use auth::{Caller, Credential, Scope, Scopes, Webhook};
pub use bot::{Bot, BotKind, BotOwner, EventMode};
pub use chat::{Chat, ChatKind, Entity, Permission, Permissions, Policy, Role};
pub use command::Command;
pub use delivery::Delivery;
pub use department::Department;
pub use dialog_id::DialogId;
pub use event::Event;
pub use file::FileKind;
pub use ids::{
    ApplicationId, ChatId, FileId, GrantId, MessageId, NotificationId, Seq, Timestamp, UserId,
};
pub use input_action::{InputAction, InputStatus};
pub use member::Member;
pub use message::{Message, MessageKind};
pub use message_params::{Document, MessageParams, ParamChanges};
pub use notification::{Notification, NotificationKind};
pub use ownership::{CommitNumber, Holder};
pub use portal::PortalInfo;
pub use reaction::Reaction;
pub use read_state::{ReadState, Target, ViewRange};
pub use secret::SecretHash;
pub use user::{Status, User, UserKind};
