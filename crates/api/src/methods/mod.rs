//! The methods, one file each. Adding one: a file here, a line below, a line in [`crate::registry::METHODS`], its golden
//! cases, its line in [`crate::coverage`].

pub mod im_dialog_read;
