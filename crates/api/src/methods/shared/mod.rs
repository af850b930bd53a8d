//! What methods of several families have in common.

pub mod command;
pub mod departments;
pub mod disk_params;
pub mod page;
pub mod people;
pub mod period;
pub mod upload;
