use proptest::prelude::*;

use super::*;

const TYPE: &str = "multipart/form-data; boundary=frame7";

fn read(body: &str) -> Result<Value, WireError> {
    decode(TYPE, &bytes(body), &Limits::DEFAULT).map(|(map, _)| Value::Object(map))
}

fn bytes(body: &str) -> Bytes {
    Bytes::copy_from_slice(body.as_bytes())
}

/// A body of parts, each given as its header and content.
fn body(parts: &[(&str, &str)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(header, content)| format!("--frame7\r\n{header}\r\n\r\n{content}\r\n"))
        .collect();
    parts + "--frame7--\r\n"
}

fn field(name: &str) -> String {
    format!("Content-Disposition: form-data; name=\"{name}\"")
}

#[test]
fn fields_follow_the_rules_of_forms() {
    let body = body(&[
        (&field("TITLE"), "Two\r\nlines & more"),
        (&field("USERS[]"), "4"),
        (&field("USERS[]"), "9"),
        (&field("filter[>ID]"), "%41+"),
        (&field("EMPTY"), ""),
    ]);
    assert_eq!(
        read(&body).unwrap(),
        json!({ "TITLE": "Two\r\nlines & more", "USERS": ["4", "9"], "filter": { ">ID": "%41+" }, "EMPTY": "" })
    );
}

#[test]
fn files_become_their_name_and_type_with_the_content_beside_them() {
    let body = body(&[
        (
            "Content-Disposition: form-data; name=\"FILE\"; filename=\"C:\\dir\\plan.txt\"\r\nContent-Type: text/plain",
            "hello",
        ),
        (
            "content-disposition: FORM-DATA; filename=plain.bin; name=LIST[]",
            "",
        ),
        (
            "Content-Disposition: form-data; name=\"none\"; filename=\"\"",
            "",
        ),
        (
            "Content-Disposition: form-data; name=\"u\"; filename*=UTF-8''%C3%BCber/n%C3%B6.md",
            "x",
        ),
    ]);
    assert_eq!(
        read(&body).unwrap(),
        json!({
            "FILE": { "name": "plan.txt", "type": "text/plain" },
            "LIST": [{ "name": "plain.bin", "type": "application/octet-stream" }],
            "u": { "name": "nö.md", "type": "application/octet-stream" },
        })
    );
    let (_, files) = decode(TYPE, &bytes(&body), &Limits::DEFAULT).unwrap();
    let content = |path: &[&str]| {
        let mut steps = path.iter();
        let found = steps.try_fold(&files, |files, key| files.at(key));
        found.and_then(Files::content).cloned()
    };
    assert_eq!(content(&["FILE"]), Some(Bytes::from("hello")));
    assert_eq!(content(&["LIST", "0"]), Some(Bytes::new()));
    assert_eq!(content(&["u"]), Some(Bytes::from("x")));
    for none in [&["LIST"][..], &["none"], &["FILE", "name"]] {
        assert_eq!(content(none), None, "{none:?}");
    }
}

#[test]
fn quotes_in_names_may_be_escaped() {
    let header = r#"Content-Disposition: form-data; name="a\"b;c=\\d"; filename="x\"y.txt""#;
    assert_eq!(
        read(&body(&[(header, "")])).unwrap(),
        json!({ "a\"b;c=\\d": { "name": "x\"y.txt", "type": "application/octet-stream" } })
    );
}

#[test]
fn a_boundary_is_a_whole_line() {
    let text = "--frame7\r\n\r\n--frame7x\r\n--frame";
    assert_eq!(
        read(&body(&[(&field("TEXT"), &text[10..])])).unwrap(),
        json!({ "TEXT": &text[10..] })
    );
}

#[test]
fn text_around_the_parts_is_dropped() {
    let body = format!(
        "preamble\r\n{}epilogue",
        body(&[(&field("A"), "1")]).replacen("--frame7", "--frame7 \t", 1)
    );
    assert_eq!(read(&body).unwrap(), json!({ "A": "1" }));
}

#[test]
fn a_body_may_have_no_parts() {
    assert_eq!(read("--frame7--").unwrap(), json!({}));
}

#[test]
fn a_boundary_may_be_quoted() {
    let read = decode(
        "Multipart/Form-Data; charset=utf-8; Boundary=\"frame7\"",
        &bytes(&body(&[(&field("A"), "1")])),
        &Limits::DEFAULT,
    );
    assert_eq!(Value::Object(read.unwrap().0), json!({ "A": "1" }));
}

#[test]
fn without_a_boundary_nothing_can_be_read() {
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"x",
    ] {
        let read = decode(content_type, &bytes("--x--"), &Limits::DEFAULT);
        assert!(
            matches!(read, Err(WireError::Malformed(_))),
            "{content_type}"
        );
    }
    let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
    assert!(
        decode(
            &long,
            &bytes(&format!("--{}--", "x".repeat(71))),
            &Limits::DEFAULT
        )
        .is_err()
    );
}

#[test]
fn a_wrong_frame_is_malformed() {
    let good = body(&[(&field("A"), "1")]);
    assert!(read(&good).is_ok());
    for end in 0..good.len() - "--\r\n".len() {
        assert!(
            matches!(read(&good[..end]), Err(WireError::Malformed(_))),
            "cut off after {end} bytes"
        );
    }
    for wrong in [
        "A=1",
        &good.replace("form-data", "attachment"),
        &good.replace("name=", "nome="),
        &good.replace("Content-Disposition:", "Content-Disposition"),
        &good.replace("\r\n\r\n", "\r\n"),
        &good.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
        &body(&[(
            &format!("{}\r\nX: {}", field("A"), "x".repeat(MAX_HEADER)),
            "1",
        )]),
    ] {
        assert!(
            matches!(read(wrong), Err(WireError::Malformed(_))),
            "{wrong:?}"
        );
    }
}

#[test]
fn parts_are_counted() {
    let limits = Limits {
        pairs: 2,
        ..Limits::DEFAULT
    };
    let parts = [(field("A"), "1"), (field("B"), "2"), (field("C"), "3")];
    let parts: Vec<_> = parts
        .iter()
        .map(|(header, content)| (header.as_str(), *content))
        .collect();
    assert!(decode(TYPE, &bytes(&body(&parts[..2])), &limits).is_ok());
    assert_eq!(
        decode(TYPE, &bytes(&body(&parts)), &limits),
        Err(WireError::TooManyParameters(2))
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        let framed = [b"--frame7\r\n", &bytes[..], b"\r\n--frame7--"].concat();
        let _ = decode(TYPE, &bytes.into(), &Limits::DEFAULT);
        let _ = decode(TYPE, &framed.into(), &Limits::DEFAULT);
    }

    #[test]
    fn any_file_is_read_back(content in any::<Vec<u8>>()) {
        prop_assume!(memmem::find(&content, b"--frame7").is_none());
        let header = b"--frame7\r\nContent-Disposition: form-data; name=F; filename=f\r\n\r\n";
        let framed = [header, &content[..], b"\r\n--frame7--"].concat();
        let (_, files) = decode(TYPE, &framed.into(), &Limits::DEFAULT).unwrap();
        prop_assert_eq!(files.at("F").and_then(Files::content), Some(&content.into()));
    }
}
