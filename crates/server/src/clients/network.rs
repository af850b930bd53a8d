//! Where a client is: the network that it counts to, and its address behind proxies.

use std::{
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use hyper::{HeaderMap, header::HeaderName};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// The unit in which anonymous clients are counted: an IPv4 address, or the `/64` that one IPv6 subscriber has to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The network of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        const SUBSCRIBER: u128 = !0 << 64;
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) & SUBSCRIBER)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// The header in which proxies hand on the address of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses, the nearest last.
    #[default]
    XForwardedFor,
    /// `Forwarded` of RFC 7239.
    Forwarded,
}

/// The proxies whose word about their clients is taken.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    header: ProxyHeader,
}

impl TrustedProxies {
    /// Parses addresses and networks such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// The first text that is neither.
    pub fn parse(proxies: &[String], header: ProxyHeader) -> Result<Self, String> {
        let network = |text: &String| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            address
                .or_else(|_| IpNet::from_str(text))
                .map_err(|_| text.clone())
        };
        Ok(Self {
            networks: proxies.iter().map(network).collect::<Result<_, _>>()?,
            header,
        })
    }

    /// Whether this is the address of one.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The address of the client of a request that came from `peer`: the last one that a trusted proxy saw and that is none itself.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        if !self.contains(client) {
            return client;
        }
        let name = match self.header {
            ProxyHeader::XForwardedFor => HeaderName::from_static("x-forwarded-for"),
            ProxyHeader::Forwarded => hyper::header::FORWARDED,
        };
        // Repeated headers are one list. Everything before an address that cannot be read was said by somebody unknown.
        let lists = headers.get_all(name).into_iter().rev();
        for list in lists {
            let Ok(list) = list.to_str() else {
                return client;
            };
            for element in list.rsplit(',') {
                let Some(address) = self.address(element) else {
                    return client;
                };
                client = address;
                if !self.contains(client) {
                    return client;
                }
            }
        }
        client
    }

    fn address(&self, element: &str) -> Option<IpAddr> {
        let text = match self.header {
            ProxyHeader::XForwardedFor => element,
            ProxyHeader::Forwarded => element.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                name.eq_ignore_ascii_case("for").then_some(value)
            })?,
        };
        let text = text.trim().trim_matches('"');
        // With a port, IPv6 addresses stand in brackets.
        let bare = match text.strip_prefix('[') {
            Some(rest) => rest.split_once(']')?.0,
            None if text.matches(':').count() == 1 => text.split_once(':')?.0,
            None => text,
        };
        bare.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn client(header: ProxyHeader, name: &'static str, values: &[&'static str]) -> String {
        let trusted = ["10.0.0.0/8".to_owned(), "2001:db8::1".to_owned()];
        let proxies = TrustedProxies::parse(&trusted, header).unwrap();
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        let client = proxies.client(address("10.1.2.3"), &headers);
        assert_eq!(
            proxies.client(address("192.0.2.9"), &headers),
            address("192.0.2.9"),
            "a stranger's word is not taken"
        );
        client.to_string()
    }

    #[test]
    fn the_last_address_that_is_no_proxy_is_the_clients() {
        let forwarded_for =
            |values: &[&'static str]| client(ProxyHeader::XForwardedFor, "x-forwarded-for", values);
        assert_eq!(forwarded_for(&["192.0.2.1"]), "192.0.2.1");
        assert_eq!(forwarded_for(&["203.0.113.5, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(forwarded_for(&["192.0.2.1, 10.9.9.9"]), "192.0.2.1");
        assert_eq!(forwarded_for(&["192.0.2.1", "10.9.9.9"]), "192.0.2.1");
        assert_eq!(forwarded_for(&["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(forwarded_for(&["[2001:db8::7]:4711"]), "2001:db8::7");
        assert_eq!(forwarded_for(&["203.0.113.5, nonsense"]), "10.1.2.3");
        assert_eq!(forwarded_for(&["10.0.0.7"]), "10.0.0.7");
        assert_eq!(forwarded_for(&[]), "10.1.2.3");
    }

    #[test]
    fn the_other_header_is_read_where_it_is_configured_and_only_there() {
        let forwarded =
            |values: &[&'static str]| client(ProxyHeader::Forwarded, "forwarded", values);
        assert_eq!(
            forwarded(&["for=192.0.2.1;proto=https, for=10.9.9.9"]),
            "192.0.2.1"
        );
        assert_eq!(
            forwarded(&["proto=https; For=\"[2001:db8::7]:4711\""]),
            "2001:db8::7"
        );
        assert_eq!(forwarded(&["for=unknown"]), "10.1.2.3");
        assert_eq!(
            client(ProxyHeader::Forwarded, "x-forwarded-for", &["203.0.113.5"]),
            "10.1.2.3"
        );
    }

    #[test]
    fn one_subscriber_is_one_network() {
        let network = |text| Network::of(address(text));
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[test]
    fn what_is_no_address_is_named() {
        let wrong = ["192.0.2.0/24".to_owned(), "proxy.example.org".to_owned()];
        let refused = TrustedProxies::parse(&wrong, ProxyHeader::default());
        assert_eq!(refused.unwrap_err(), "proxy.example.org");
    }
}
