//! An archive that is not as it should be is refused with the file and the reason.

mod support;

use readmark_import::Limits;
use serde_json::json;
use support::{Archive, Bytes, NAME, channel, open, refusal, said, user};

#[test]
fn what_is_no_zip_is_refused_by_name() {
    for bytes in [&b""[..], b"PK", b"no archive at all"] {
        let refused = refusal(open(Bytes::new(bytes.to_vec()), Limits::default()));
        assert!(
            refused.starts_with("export.zip: is no zip archive"),
            "{refused}"
        );
    }
}

#[test]
fn a_zip_that_was_cut_off_is_refused() {
    let archive =
        Archive::small().day("2024-03-01", json!([said("U1", "1709280001.000100", "hi")]));
    let whole = archive.zip().into_inner();
    for length in [whole.len() - 1, whole.len() / 2] {
        let cut = Bytes::new(whole[..length].to_vec());
        assert!(open(cut, Limits::default()).is_err(), "{length} bytes");
    }
}

#[test]
fn content_that_was_changed_is_refused_by_file() {
    let archive =
        Archive::small().day("2024-03-01", json!([said("U1", "1709280001.000100", "hi")]));
    let mut bytes = archive.zip().into_inner();
    let name = b"general/2024-03-01.json";
    let start = bytes
        .windows(name.len())
        .position(|part| part == name)
        .unwrap()
        + name.len();
    for byte in &mut bytes[start..start + 20] {
        *byte ^= 0x55;
    }
    let refused = refusal(open(Bytes::new(bytes), Limits::default()));
    assert!(
        refused.starts_with("general/2024-03-01.json: cannot be unpacked"),
        "{refused}"
    );
}

#[test]
fn missing_lists_are_named() {
    assert_eq!(
        Archive::small().without("users.json").refusal(),
        "users.json: is missing"
    );
    assert_eq!(
        Archive::small().without("channels.json").refusal(),
        "channels.json: is missing"
    );
}

#[test]
fn direct_messages_alone_are_an_export_too() {
    let archive = Archive::small()
        .without("channels.json")
        .json("dms.json", json!([{"id": "D1", "members": ["U1", "U2"]}]));
    assert!(archive.open().is_ok());
}

#[test]
fn json_that_is_broken_or_of_another_type_is_refused_with_its_place() {
    for (file, content, reason) in [
        ("users.json", "", "EOF while parsing"),
        ("users.json", "{}", "invalid type: map, expected a list"),
        ("users.json", "[{]", "key must be a string at line 1"),
        ("users.json", "[] []", "trailing characters"),
        (
            "users.json",
            r#"[{"id": 7}]"#,
            "invalid type: integer `7`, expected a string",
        ),
        ("users.json", r#"[{"name": "mia"}]"#, "missing field `id`"),
        (
            "users.json",
            r#"[{"id": "U1", "deleted": "no"}]"#,
            "expected a boolean",
        ),
        (
            "channels.json",
            r#"[{"id": "C1", "name": "general", "members": "U1"}]"#,
            "expected a sequence",
        ),
        (
            "channels.json",
            r#"[{"id": "C1", "name": "general", "created": "then"}]"#,
            "expected i64",
        ),
        (
            "general/2024-03-01.json",
            r#"[{"text": "hi"}]"#,
            "missing field `ts`",
        ),
        (
            "general/2024-03-01.json",
            r#"[{"ts": 1709280001.1}]"#,
            "expected a string",
        ),
        (
            "general/2024-03-01.json",
            r#"["hi"]"#,
            "expected struct RawMessage",
        ),
        (
            "general/2024-03-01.json",
            "[{\"ts\": \"1709280001.1\", \"text\": \"\u{1}\"}]",
            "control character",
        ),
    ] {
        let refused = Archive::small().file(file, content).refusal();
        assert!(
            refused.starts_with(&format!("{file}: ")) && refused.contains(reason),
            "{content}: {refused}"
        );
    }
}

#[test]
fn text_that_is_no_unicode_is_refused() {
    let content = b"[{\"ts\": \"1709280001.1\", \"text\": \"\xff\"}]".to_vec();
    let refused = Archive::small()
        .file("general/2024-03-01.json", content)
        .refusal();
    assert!(
        refused.starts_with("general/2024-03-01.json: invalid unicode"),
        "{refused}"
    );
}

#[test]
fn deep_nesting_overflows_no_stack() {
    let deep = format!(
        "[{{\"ts\": \"1709280001.1\", \"blocks\": {}",
        "[".repeat(1_000_000)
    );
    let refused = Archive::small()
        .file("general/2024-03-01.json", deep)
        .refusal();
    assert!(
        refused.starts_with("general/2024-03-01.json: EOF while parsing"),
        "{refused}"
    );
}

#[test]
fn a_time_that_is_none_is_refused_with_its_message() {
    let good = said("U1", "1709280001.000100", "hi");
    for (bad, reason) in [
        (
            said("U1", "yesterday", "hi"),
            r#"ts "yesterday" is no time"#,
        ),
        (
            json!({"ts": "1.1", "thread_ts": "x"}),
            r#"thread_ts "x" is no time"#,
        ),
        (
            json!({"ts": "1.1", "edited": {"ts": "x"}}),
            r#"edited: ts "x" is no time"#,
        ),
    ] {
        let refused = Archive::small()
            .day("2024-03-01", json!([good, bad]))
            .refusal();
        assert_eq!(
            refused,
            format!("general/2024-03-01.json: message 2: {reason}")
        );
    }
}

#[test]
fn members_must_be_users() {
    let channels = json!([channel("C1", "general", &["U1", "U9"])]);
    assert_eq!(
        Archive::small().json("channels.json", channels).refusal(),
        r#"channels.json: general: member "U9" is not in users.json"#
    );
}

#[test]
fn what_is_there_twice_is_refused() {
    let users = json!([user("U1", "Mia Sørli"), user("U1", "Noor Haddad")]);
    assert_eq!(
        Archive::small().json("users.json", users).refusal(),
        r#"users.json: user 2: id "U1" is there twice"#
    );
    let same_name = json!([
        channel("C1", "general", &["U1"]),
        channel("C2", "general", &[])
    ]);
    assert_eq!(
        Archive::small().json("channels.json", same_name).refusal(),
        r#"channels.json: general: the folder "general" belongs to another one"#
    );
    let same_id = json!([channel("C1", "random", &[])]);
    assert_eq!(
        Archive::small().json("groups.json", same_id).refusal(),
        "groups.json: random: its id is there twice"
    );
    let same_pair =
        json!([{"id": "D1", "members": ["U1", "U2"]}, {"id": "D2", "members": ["U2", "U1"]}]);
    assert_eq!(
        Archive::small().json("dms.json", same_pair).refusal(),
        "dms.json: D2: the same two people are in another one"
    );
}

#[test]
fn a_direct_message_has_two_sides() {
    let dms = json!([{"id": "D1", "members": []}]);
    assert_eq!(
        Archive::small().json("dms.json", dms).refusal(),
        "dms.json: D1: 0 members instead of two"
    );
}

#[test]
fn a_channel_whose_name_is_no_folder_is_refused() {
    for (name, reason) in [
        ("", "C1: has no name"),
        ("a/b", "a/b: its name is no name of a folder"),
    ] {
        let channels = json!([channel("C1", name, &[])]);
        assert_eq!(
            Archive::small().json("channels.json", channels).refusal(),
            format!("channels.json: {reason}")
        );
    }
}

#[test]
fn names_that_lead_out_of_the_archive_are_refused() {
    for name in [
        "../users.json",
        "general/../../2024-03-01.json",
        "/etc/passwd",
        "general\\2024-03-01.json",
        "C:/users.json",
        "general//2024-03-01.json",
    ] {
        let refused = Archive::small().file(name, "[]").refusal();
        assert_eq!(refused, format!("{name}: leads out of the archive"));
    }
}

#[test]
fn a_file_that_unpacks_to_too_much_is_refused() {
    let limits = Limits {
        file_bytes: 10_000,
        ..Limits::default()
    };
    let bomb = Archive::small().file("general/2024-03-01.json", vec![b' '; 10_001]);
    assert_eq!(
        refusal(open(bomb.zip(), limits)),
        "general/2024-03-01.json: is larger than 10000 bytes unpacked"
    );
}

#[test]
fn the_size_that_an_archive_claims_is_not_trusted() {
    let limits = Limits {
        file_bytes: 10_000,
        ..Limits::default()
    };
    let content = vec![b' '; 1_000_000];
    let mut bytes = Archive::small()
        .file("general/2024-03-01.json", content)
        .zip()
        .into_inner();
    // Wherever the size stands, in the file's head and in the table of contents, it is said to be 100.
    let (size, lie) = (1_000_000_u32.to_le_bytes(), 100_u32.to_le_bytes());
    let mut lies = 0;
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&lie);
            lies += 1;
        }
    }
    assert!(lies >= 1);
    let refused = refusal(open(Bytes::new(bytes), limits));
    assert!(
        refused.starts_with("general/2024-03-01.json: "),
        "{refused}"
    );
}

#[test]
fn an_archive_of_too_much_is_refused() {
    let archive = Archive::small().day("2024-03-01", json!([]));
    for (limits, reason) in [
        (
            Limits {
                files: 2,
                ..Limits::default()
            },
            "has more than 2 files",
        ),
        (
            Limits {
                total_bytes: 50,
                ..Limits::default()
            },
            "is larger than 50 bytes unpacked",
        ),
    ] {
        assert_eq!(
            refusal(open(archive.zip(), limits)),
            format!("{NAME}: {reason}")
        );
    }
    let limits = Limits {
        list_entries: 1,
        ..Limits::default()
    };
    let refused = refusal(open(archive.zip(), limits));
    assert!(
        refused.starts_with("users.json: has more than 1 entries"),
        "{refused}"
    );
}

#[test]
fn many_files_of_the_same_time_are_refused_where_they_do_not_fit_into_memory() {
    let both = |first: &str, second: &str| json!([said("U1", first, "a"), said("U1", second, "b")]);
    let limits = Limits {
        list_entries: 3,
        ..Limits::default()
    };
    let apart = Archive::small()
        .day("2024-03-01", both("1709280001.0", "1709280002.0"))
        .day("2024-03-02", both("1709366401.0", "1709366402.0"));
    assert!(open(apart.zip(), limits).is_ok());
    let mixed = Archive::small()
        .day("2024-03-01", both("1709280001.0", "1709366402.0"))
        .day("2024-03-02", both("1709280002.0", "1709366401.0"));
    let refused = refusal(open(mixed.zip(), limits));
    assert!(
        refused.starts_with("general/2024-03-02.json: its messages are of the same time"),
        "{refused}"
    );
}
