//! Who is in the portal, adding and changing people, and the status that they choose.

pub mod change;
pub mod look;
pub mod status;
