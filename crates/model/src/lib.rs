//! Pure rules and types of readmark.
//!
//! Nothing here does I/O, reads a clock, draws random numbers or knows a wire or storage format, so every rule
//! can be tested by calling it. The read state rules R1-R18 live in [`read_state`].

pub mod ids;

pub use ids::{ChatId, MessageId, Seq, Timestamp, UserId};
