//! One connection of the load generator: writes a request, reads the complete response.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// The most headers that a response has.
const MOST_HEADERS: usize = 32;

/// A keep-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A response.
pub(crate) struct Answer<'c> {
    pub(crate) status: u16,
    pub(crate) body: &'c [u8],
}

impl Answer<'_> {
    /// Whether it is what a benchmark expects: a result other than `false`, which means no access.
    pub(crate) fn is_good(&self) -> bool {
        self.status == 200
            && !self.body.starts_with(b"{\"error")
            && !self.body.starts_with(b"{\"result\":false")
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            received: Vec::with_capacity(16 << 10),
        })
    }

    /// Sends a request and waits for the complete response.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>> {
        self.stream.write_all(request).await?;
        self.received.clear();
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                bail!("the connection was closed within an answer");
            }
            if let Some((status, start, length)) = head(&self.received)? {
                while self.received.len() < start + length {
                    if self.stream.read_buf(&mut self.received).await? == 0 {
                        bail!("the connection was closed within a body");
                    }
                }
                let body = &self.received[start..start + length];
                return Ok(Answer { status, body });
            }
        }
    }
}

/// Status, start and length of the body, once the head is complete.
fn head(received: &[u8]) -> Result<Option<(u16, usize, usize)>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(received)? else {
        return Ok(None);
    };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("an answer without a length")?;
    let length = std::str::from_utf8(length.value)?.trim().parse()?;
    Ok(Some((response.code.unwrap_or(0), start, length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_when_it_is_complete() {
        let answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 12\r\n\r\n{\"error\":1}";
        assert_eq!(head(&answer[..30]).unwrap(), None);
        assert_eq!(head(answer).unwrap(), Some((403, 46, 12)));
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"nonsense\r\n\r\n").is_err());
    }

    #[test]
    fn refusals_of_either_kind_are_no_good_answers() {
        let good = |status, body: &[u8]| Answer { status, body }.is_good();
        assert!(good(200, br#"{"result":true}"#));
        assert!(!good(200, br#"{"result":false,"time":{}}"#));
        assert!(!good(200, br#"{"error":"X"}"#));
        assert!(!good(401, br#"{"result":true}"#));
    }
}
