//! What a call gets from its portal: settings, presence, file storage, and the file being uploaded.

pub mod context;
pub mod file_link;
pub mod upload;
