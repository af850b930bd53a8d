//! The one door to the statements of the store for those above `app`: for tests that look at rows which no use case shows, or
//! need a state that no use case brings about, such as a chat that somebody else has locked; and for measurements that fill a store
//! faster than use cases could. What a use case shows or does is asked of the use case.

pub use readmark_store::repo::{
    chat, chat_app, counter, delivery, disk, event_handler, file, import, member, message,
    reaction, stream, user, view, word,
};
