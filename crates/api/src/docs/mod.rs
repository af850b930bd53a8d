//! The generated documents under `docs/api`.

pub mod render;
