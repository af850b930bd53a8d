//! Archives of other messengers: read, checked as a whole, and handed to `readmark_app::import` as plain data.
//!
//! Nothing is ever unpacked to the disk, and what is read is bounded by [`Limits`], whatever the archive claims about itself.

mod archive;
mod damaged;
pub mod slack;

pub use archive::{Limits, Source, fingerprint};
pub use damaged::Damaged;
