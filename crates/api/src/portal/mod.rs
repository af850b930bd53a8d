//! What a call is given of its portal: settings, presence, where files are kept, and the file that it uploads.

pub mod context;
pub mod file_link;
pub mod upload;
