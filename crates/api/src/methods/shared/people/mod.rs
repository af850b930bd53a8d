//! What `user.get`, `user.search`, `user.current`, `user.fields`, `user.add` and `user.update` share: the fields of a
//! person, who may see which, conditions on them, their order, and changing them.
//!
//! A portal has thousands of people, not millions, and any field may be asked for with any operator. So people are read
//! from the store, narrowed down by id where a condition says so, and everything else is decided here: it is exact, it is
//! the same on both stores, and no query is put together from input.

pub mod access_code;
pub mod card;
pub mod edit;
pub mod field;
pub mod filter;
pub mod listing;
pub mod order;
pub mod select;
pub mod value;
