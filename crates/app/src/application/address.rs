//! The addresses of applications.

use url::Url;

/// Maximum length of an address, in bytes.
const MAX_URL_BYTES: usize = 2_000;

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is no `http` or `https` address with a host.
    Malformed,
    /// It is the portal's own.
    Own,
}

/// Checks the address of an application. `portal` is scheme, host and port of the portal.
pub(super) fn check(text: &str, portal: &str) -> Result<(), Wrong> {
    // The parser accepts blanks and control characters within an address; here they are errors.
    if text.len() > MAX_URL_BYTES || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(Wrong::Malformed);
    }
    // The parser corrects missing or extra slashes; here they are errors.
    let host_follows = text
        .split_once("://")
        .is_some_and(|(_, rest)| rest.starts_with(|c: char| c != '/' && c != '\\'));
    let url = Url::parse(text).map_err(|_| Wrong::Malformed)?;
    let web = matches!(url.scheme(), "http" | "https");
    let named = !url.username().is_empty() || url.password().is_some();
    if !web || !host_follows || !url.has_host() || named || url.fragment().is_some() {
        return Err(Wrong::Malformed);
    }
    let own = Url::parse(portal).map_err(|_| Wrong::Malformed)?;
    // A browser sends the portal's cookies to the same host by either scheme.
    if url.host() == own.host() && url.port_or_known_default() == own.port_or_known_default() {
        return Err(Wrong::Own);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PORTAL: &str = "https://chat.example:8443";

    #[test]
    fn addresses_are_web_addresses_of_other_places_than_the_portal() {
        for good in [
            "https://app.example/handler?x=1",
            "http://localhost:9000/",
            "HTTP://127.0.0.1/a",
            "https://chat.example/app",
            "http://[::1]:9/",
        ] {
            assert_eq!(check(good, PORTAL), Ok(()), "{good}");
        }
        for own in [
            "https://chat.example:8443/app",
            "https://CHAT.example:8443",
            "http://chat.example:8443/",
        ] {
            assert_eq!(check(own, PORTAL), Err(Wrong::Own), "{own}");
        }
        assert_eq!(
            check("https://portal.example/x", "https://portal.example"),
            Err(Wrong::Own)
        );
        let long = format!("https://app.example/{}", "a".repeat(2_000));
        for bad in [
            "",
            "app.example/handler",
            "//app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://app.example/",
            "https:///handler",
            "https:app.example",
            "https://app.example/a b",
            "https://app.example/\nSet-Cookie:x",
            "https://user@app.example/",
            "https://:secret@app.example/",
            "https://app.example/#fragment",
            &long,
        ] {
            assert_eq!(check(bad, PORTAL), Err(Wrong::Malformed), "{bad}");
        }
    }
}
