//! Names of parameters.

/// Whether two names are equal, ignoring letter case and inner underscores.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a == b || folded(a).eq(folded(b))
}

/// The bytes by which names are compared.
pub(super) fn folded(name: &str) -> impl Iterator<Item = u8> {
    let inner = name.trim_start_matches('_');
    let leading = &name.as_bytes()[..name.len() - inner.len()];
    let inner = inner.bytes().filter(|&byte| byte != b'_');
    leading
        .iter()
        .copied()
        .chain(inner.map(|byte| byte.to_ascii_lowercase()))
}
