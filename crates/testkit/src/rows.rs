//! The only access to the store's statements for code above `app`: for tests that inspect rows which no use case shows or need a
//! state that no use case produces, such as a chat locked by another transaction, and for benchmarks that fill a store faster than
//! use cases could. Everything else goes through use cases.

pub use readmark_store::repo::{
    chat, chat_app, counter, delivery, disk, event_handler, file, import, member, message,
    reaction, stream, user, view, word,
};
