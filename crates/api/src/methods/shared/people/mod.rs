//! Shared parts of `user.get`, `user.search`, `user.current`, `user.fields`, `user.add` and `user.update`: the fields of a person,
//! who may see them, filtering, ordering and editing.
//!
//! A portal has thousands of people, not millions, and any field may be filtered with any operator. So people are read from the
//! store, narrowed by id if a condition allows it, and everything else is evaluated here: it is exact, the same on both stores, and
//! no query is built from input.

pub mod access_code;
pub mod card;
pub mod edit;
pub mod field;
pub mod filter;
pub mod listing;
pub mod order;
pub mod select;
pub mod value;
