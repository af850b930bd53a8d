//! The readmark program.
fn main() {}
