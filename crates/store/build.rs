//! Rebuilds the crate when a migration is added: `embed_migrations!` itself only notices changes of known files.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
