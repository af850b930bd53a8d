//! Who is in the portal, and adding and changing people.

pub mod change;
pub mod look;
