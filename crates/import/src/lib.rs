//! Archives of other messengers: read, checked as a whole, and passed to `readmark_app::import` as plain data.
//!
//! Nothing is unpacked to disk, and what is read is bounded by [`Limits`], whatever sizes the archive claims.

mod archive;
mod damaged;
pub mod slack;

pub use archive::{Limits, Source, fingerprint};
pub use damaged::Damaged;
