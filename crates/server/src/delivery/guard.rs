//! Which addresses the server may connect to.
//!
//! A bot's handler address is chosen by whoever registers the bot. Unguarded, it would give access to everything that only the
//! server can reach: its own machine, its neighbours, a cloud's metadata service. The check is made on the resolved addresses
//! that are connected to, so a name that resolves differently the second time (DNS rebinding) gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Globally reachable ones.
    Public,
    /// Private ones as well: every address that can be connected to.
    Private,
}

impl Allowed {
    /// Whether connecting to it is allowed.
    pub(super) const fn has(self, address: IpAddr) -> bool {
        match self {
            Self::Public => is_public(address),
            Self::Private => {
                !(address.is_unspecified() || address.is_multicast() || is_broadcast(address))
            }
        }
    }
}

const fn is_broadcast(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_broadcast())
}

const fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Follows the registry of special-purpose addresses (RFC 6890 and its successors).
const fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private, loopback.
        [0 | 10 | 127, ..] => true,
        // Shared address space of providers (carrier-grade NAT).
        [100, b, ..] => b & 0xc0 == 64,
        // Link-local, where clouds serve their metadata.
        [169, 254, ..] => true,
        // Private.
        [172, b, ..] => b & 0xf0 == 16,
        [192, 168, ..] => true,
        // Protocol assignments, documentation, 6to4 relay.
        [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        // Benchmarking, documentation.
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        // Multicast, reserved, broadcast.
        [224..=255, ..] => true,
        _ => false,
    };
    !special
}

/// Only 2000::/3 is allocated; the special-purpose ranges within it are excluded. Outside it lie loopback, unique-local,
/// link-local and multicast addresses, IPv4 embedded in IPv6, and NAT64.
const fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Protocol assignments, including Teredo; documentation; 6to4, which embeds any IPv4 address.
        [0x2001, b, ..] => b >= 0x200 && b != 0xdb8,
        [0x2002, ..] => false,
        [0x3fff, b, ..] => b >= 0x1000,
        [a, ..] => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_reachable_from_anywhere_is_public() {
        for text in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2001:200::1",
            "2a00:1450::1",
            "3fff:1000::1",
        ] {
            assert!(Allowed::Public.has(address(text)), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused_unless_it_is_allowed() {
        for text in [
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.254",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.254",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.254",
            "198.51.100.1",
            "203.0.113.1",
            "240.0.0.1",
            "0.1.2.3",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:1ff::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff:fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
        ] {
            assert!(!Allowed::Public.has(address(text)), "{text}");
            assert!(Allowed::Private.has(address(text)), "{text}");
        }
    }

    #[test]
    fn nobody_connects_to_no_address_or_to_many() {
        for text in ["0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "ff02::1"] {
            assert!(!Allowed::Public.has(address(text)), "{text}");
            assert!(!Allowed::Private.has(address(text)), "{text}");
        }
    }
}
