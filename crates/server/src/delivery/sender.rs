//! One attempt to send an event.

use std::{error::Error, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, StatusCode, Uri, header};
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use tokio::time::timeout;

use super::{connector::Connector, guard::Allowed};
use crate::config::Config;

/// How much of a response is read so that its connection can be reused.
const LONGEST_ANSWER: usize = 64 << 10;

/// How long it is read once the status is known.
const READING: Duration = Duration::from_secs(1);

/// How long an idle connection is kept.
const KEPT: Duration = Duration::from_secs(20);

/// Idle connections kept per host.
const KEPT_CONNECTIONS: usize = 8;

/// The server's `User-Agent`.
const NAME: &str = concat!("readmark/", env!("CARGO_PKG_VERSION"));

/// Sends requests to handlers. Follows no redirects, uses no proxy and keeps no cookies.
pub(super) struct Sender {
    client: Client<Connector, Full<Bytes>>,
    timeout: Duration,
}

/// A handler's response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// The status; 0 when there was no response.
    pub(super) status: u16,
    /// Why it is a failure; empty for a success.
    pub(super) problem: String,
}

impl Sender {
    /// # Errors
    /// When the certificate file cannot be read.
    pub(super) fn new(config: &Config) -> Result<Self> {
        let further = match &config.delivery_ca {
            None => Vec::new(),
            Some(path) => CertificateDer::pem_file_iter(path)
                .and_then(Iterator::collect)
                .with_context(|| format!("no certificates can be read from {}", path.display()))?,
        };
        let allowed = if config.delivery_private_addresses {
            Allowed::Private
        } else {
            Allowed::Public
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT)
            .pool_max_idle_per_host(KEPT_CONNECTIONS)
            .http1_max_headers(100)
            .build(Connector::new(allowed, further));
        Ok(Self {
            client,
            timeout: config.delivery_timeout.0,
        })
    }

    /// Posts a form and reports the outcome.
    pub(super) async fn send(&self, url: &str, form: String) -> Answer {
        let failed = |problem| Answer { status: 0, problem };
        let uri = match target(url) {
            Ok(uri) => uri,
            Err(problem) => return failed(problem.to_owned()),
        };
        let request = Request::post(uri)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::USER_AGENT, NAME)
            .header(header::ACCEPT, "*/*")
            .body(Full::from(form));
        let request = match request {
            Ok(request) => request,
            Err(error) => return failed(error.to_string()),
        };
        match timeout(self.timeout, self.client.request(request)).await {
            Err(_) => failed(format!("no answer within {:?}", self.timeout)),
            Ok(Err(error)) => failed(innermost(&error)),
            Ok(Ok(response)) => {
                let status = response.status();
                // Only a connection whose response was read to the end is reused.
                let body = Limited::new(response.into_body(), LONGEST_ANSWER);
                drop(timeout(READING.min(self.timeout), body.collect()).await);
                Answer {
                    status: status.as_u16(),
                    problem: problem_of(status),
                }
            }
        }
    }
}

/// The address of a handler, if events can be sent to it.
fn target(url: &str) -> Result<Uri, &'static str> {
    let url = url::Url::parse(url).map_err(|_| "the address of the handler is not a URL")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("the address of the handler is neither http nor https");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the address of the handler has a user or a password in it");
    }
    url.as_str()
        .parse()
        .map_err(|_| "the address of the handler cannot be used")
}

fn problem_of(status: StatusCode) -> String {
    if status.is_success() {
        String::new()
    } else if status.is_redirection() {
        "redirects are not followed".to_owned()
    } else {
        match status.canonical_reason() {
            Some(reason) => reason.to_owned(),
            None => "no success".to_owned(),
        }
    }
}

/// The root cause of an error: the outer layers say that something failed, not what.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_of_the_web_and_name_nobody() {
        for (url, uri) in [
            ("http://bot.example", "http://bot.example/"),
            (
                "https://bot.example:8443/in?key=a%20b&x[]=1",
                "https://bot.example:8443/in?key=a%20b&x[]=1",
            ),
            (
                "http://[2606:4700::1111]/x#part",
                "http://[2606:4700::1111]/x",
            ),
            (
                "http://B\u{fc}cher.example/",
                "http://xn--bcher-kva.example/",
            ),
            ("http://0x7f.1/", "http://127.0.0.1/"),
        ] {
            assert_eq!(target(url).unwrap().to_string(), uri, "{url}");
        }
        for url in [
            "",
            "bot.example",
            "ftp://bot.example/",
            "file:///etc/passwd",
            "http://ada@bot.example/",
            "http://:secret@bot.example/",
            "https://ada:secret@bot.example/",
        ] {
            assert!(target(url).is_err(), "{url}");
        }
    }

    #[test]
    fn only_a_status_of_success_is_one() {
        for (status, problem) in [
            (200, ""),
            (204, ""),
            (302, "redirects are not followed"),
            (404, "Not Found"),
            (503, "Service Unavailable"),
            (799, "no success"),
        ] {
            assert_eq!(problem_of(StatusCode::from_u16(status).unwrap()), problem);
        }
    }
}
