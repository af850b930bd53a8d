//! Methods about the API itself, the caller and the portal: `methods`, `scope`, `profile`, `server.time` and others.

pub mod access_name;
pub mod all_methods;
pub mod app_info;
pub mod feature_get;
pub mod method_get;
pub mod profile;
pub mod scope;
pub mod server_time;

use crate::contract::entry::Entry;

/// The methods of this family.
pub const METHODS: &[Entry] = &[
    Entry::of::<scope::Scope>(),
    Entry::of::<all_methods::Methods>(),
    Entry::of::<method_get::MethodGet>(),
    Entry::of::<profile::Profile>(),
    Entry::of::<server_time::ServerTime>(),
    Entry::of::<access_name::AccessName>(),
    Entry::of::<feature_get::FeatureGet>(),
    Entry::of::<app_info::AppInfo>(),
];
