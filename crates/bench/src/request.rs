//! Requests as bytes.

use std::io::Write;

/// The secret of every webhook of a prepared portal; the user in the path tells them apart.
pub(crate) const SECRET: &str = "b3nchm4rkwebhook";

/// Appends the request that calls a method by a user's webhook with JSON parameters.
pub(crate) fn write(out: &mut Vec<u8>, user: i64, method: &str, body: std::fmt::Arguments<'_>) {
    // Placeholder for the length, known only after the body is written. Writing into a vector cannot fail.
    let _ = write!(
        out,
        "POST /rest/{user}/{SECRET}/{method} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Accept: application/json\r\nContent-Length: 0000\r\n\r\n"
    );
    let head = out.len();
    let _ = out.write_fmt(body);
    let length = format!("{:04}", out.len() - head);
    // "0000\r\n\r\n" ends the head.
    out[head - 8..head - 4].copy_from_slice(length.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_is_that_of_the_body() {
        let mut request = Vec::new();
        write(
            &mut request,
            7,
            "im.dialog.get",
            format_args!("{{\"DIALOG_ID\":\"chat{}\"}}", 12),
        );
        let text = String::from_utf8(request).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /rest/7/b3nchm4rkwebhook/im.dialog.get HTTP/1.1\r\n"));
        assert!(head.ends_with("Content-Length: 0022"), "{head}");
        assert_eq!((body, body.len()), (r#"{"DIALOG_ID":"chat12"}"#, 22));
    }
}
