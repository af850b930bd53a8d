//! The PROXY protocol, versions 1 and 2: the address of a client, said by a proxy before anything else on a connection.

use std::{io, net::IpAddr};

use ppp::{HeaderResult, PartialResult as _, v1, v2};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    net::TcpStream,
};

/// The longest header of version 1, with its line end.
const LONGEST_LINE: usize = 107;

/// The fixed part of a header of version 2.
const FIXED: usize = 16;

/// The longest rest of a header of version 2 that is read: addresses, and what proxies add to them.
const LONGEST_REST: usize = 4 << 10;

/// Reads the header from a connection and answers the address in it; `None` when the proxy speaks for itself, as in a health check.
///
/// # Errors
/// When the connection does not begin with a header.
pub(super) async fn read(stream: &mut TcpStream) -> io::Result<Option<IpAddr>> {
    read_from(stream).await
}

async fn read_from(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<IpAddr>> {
    // No header of either version is shorter than the signature of version 2.
    let mut header = vec![0_u8; v2::PROTOCOL_PREFIX.len()];
    stream.read_exact(&mut header).await?;
    if header == v2::PROTOCOL_PREFIX {
        header.resize(FIXED, 0);
        stream
            .read_exact(&mut header[v2::PROTOCOL_PREFIX.len()..])
            .await?;
        let rest = usize::from(u16::from_be_bytes([header[FIXED - 2], header[FIXED - 1]]));
        if rest > LONGEST_REST {
            return Err(malformed());
        }
        header.resize(FIXED + rest, 0);
        stream.read_exact(&mut header[FIXED..]).await?;
    } else {
        while !header.ends_with(b"\r\n") {
            if header.len() == LONGEST_LINE || !header.starts_with(v1::PROTOCOL_PREFIX.as_bytes()) {
                return Err(malformed());
            }
            header.push(stream.read_u8().await?);
        }
    }
    address(&header)
}

fn address(header: &[u8]) -> io::Result<Option<IpAddr>> {
    let parsed = HeaderResult::parse(header);
    if !parsed.is_complete() {
        return Err(malformed());
    }
    match parsed {
        HeaderResult::V1(Ok(header)) => Ok(match header.addresses {
            v1::Addresses::Tcp4(tcp) => Some(tcp.source_address.into()),
            v1::Addresses::Tcp6(tcp) => Some(tcp.source_address.into()),
            v1::Addresses::Unknown => None,
        }),
        HeaderResult::V2(Ok(header)) if header.command == v2::Command::Local => Ok(None),
        HeaderResult::V2(Ok(header)) => Ok(match header.addresses {
            v2::Addresses::IPv4(ip) => Some(ip.source_address.into()),
            v2::Addresses::IPv6(ip) => Some(ip.source_address.into()),
            v2::Addresses::Unix(_) | v2::Addresses::Unspecified => None,
        }),
        HeaderResult::V1(Err(_)) | HeaderResult::V2(Err(_)) => Err(malformed()),
    }
}

fn malformed() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the connection of a proxy does not begin with a header of the PROXY protocol",
    )
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    /// The address, and what is left to read.
    async fn read(bytes: &[u8]) -> io::Result<(Option<String>, Vec<u8>)> {
        let mut stream = bytes;
        let address = read_from(&mut stream).await?;
        Ok((address.map(|address| address.to_string()), stream.to_vec()))
    }

    #[tokio::test]
    async fn a_line_of_version_1_says_the_address_and_leaves_the_rest() {
        let (address, rest) = read(b"PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\nGET /")
            .await
            .unwrap();
        assert_eq!(
            (address.as_deref(), rest.as_slice()),
            (Some("192.0.2.1"), &b"GET /"[..])
        );
        let (address, _) = read(b"PROXY TCP6 2001:db8::7 2001:db8::8 4711 443\r\n")
            .await
            .unwrap();
        assert_eq!(address.as_deref(), Some("2001:db8::7"));
        let (address, _) = read(b"PROXY UNKNOWN\r\n").await.unwrap();
        assert_eq!(address, None);
    }

    #[tokio::test]
    async fn a_header_of_version_2_says_the_address_and_leaves_the_rest() {
        let source: SocketAddr = "192.0.2.1:4711".parse().unwrap();
        let target: SocketAddr = "192.0.2.2:443".parse().unwrap();
        let of = |command| {
            let header = v2::Builder::with_addresses(
                v2::Version::Two | command,
                v2::Protocol::Stream,
                (source, target),
            );
            let mut bytes = header.build().unwrap();
            bytes.extend(b"\x16\x03");
            bytes
        };
        let (address, rest) = read(&of(v2::Command::Proxy)).await.unwrap();
        assert_eq!(
            (address.as_deref(), rest.as_slice()),
            (Some("192.0.2.1"), &b"\x16\x03"[..])
        );
        assert_eq!(read(&of(v2::Command::Local)).await.unwrap().0, None);
    }

    #[tokio::test]
    async fn anything_else_is_refused() {
        let endless = format!("PROXY TCP4 {}", "1".repeat(200));
        for bytes in [
            &b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
            b"PROXY TCP4 nonsense 192.0.2.2 4711 443\r\n",
            endless.as_bytes(),
            b"PROXY",
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
        ] {
            assert!(read(bytes).await.is_err(), "{bytes:?}");
        }
    }
}
