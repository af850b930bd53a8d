//! The portal: one organisation.

use crate::ids::Timestamp;

/// What is stored of a portal itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalInfo {
    /// Name, as given at `portal create`.
    pub name: String,
    /// Host name that clients use.
    pub host: String,
    /// Unique id of the installation, 32 hexadecimal digits.
    pub member_id: String,
    /// Time zone in which times are written.
    pub time_zone: String,
    /// When it was created.
    pub created_at: Timestamp,
}
