//! The one door through which tests of `api`, `server` and `import` look beneath the use cases of `readmark_app`: at rows that no
//! use case shows, and past the rules, at states that no use case brings about, such as a chat that is being written to
//! by somebody else. What a use case shows or does is asked of the use case.

pub use readmark_store::repo::{
    chat, chat_app, command, counter, delivery, disk, event_handler, file, import, member, message,
    reaction, stream, user, view, word,
};
