use super::*;

fn document(json: &str) -> Option<Document> {
    Some(Document::new(json))
}

const ORIGIN: Origin = Origin {
    message: MessageId(8),
    author: UserId(0),
    chat: ChatId(3),
    sent_at: Timestamp(1_768_467_600_000),
};

fn stored(params: &MessageParams) -> String {
    encode(params).unwrap().into_owned()
}

#[test]
fn each_parameter_has_its_name() {
    for (params, expected) in [
        (MessageParams::default(), "{}"),
        (
            MessageParams {
                attach: document(r#"[{"ID":1}]"#),
                ..MessageParams::default()
            },
            r#"{"ATTACH":[{"ID":1}]}"#,
        ),
        (
            MessageParams {
                keyboard: document(r#"[{"TYPE":"NEWLINE"}]"#),
                menu: document(r#"[{"TEXT":"Go"}]"#),
                plain_links: true,
                edited: true,
                ..MessageParams::default()
            },
            r#"{"KEYBOARD":[{"TYPE":"NEWLINE"}],"MENU":[{"TEXT":"Go"}],"URL_PREVIEW":"N","IS_EDITED":"Y"}"#,
        ),
        (
            MessageParams::with_files(&[FileId(6), FileId(7)]),
            r#"{"FILE_ID":[6,7]}"#,
        ),
        (MessageParams::tombstone(), r#"{"IS_DELETED":"Y"}"#),
        (
            MessageParams::of_notice(Notice::Joined),
            r#"{"CODE":["CHAT_JOIN"],"NOTIFY":"N"}"#,
        ),
        (
            MessageParams::of_notice(Notice::Left),
            r#"{"CODE":["CHAT_LEAVE"],"NOTIFY":"N"}"#,
        ),
        (MessageParams::of_notice(Notice::Other), r#"{"NOTIFY":"N"}"#),
        (
            MessageParams {
                origin: Some(ORIGIN),
                ..MessageParams::default()
            },
            r#"{"FORWARD":{"id":8,"userId":0,"chatId":3,"date":1768467600000}}"#,
        ),
    ] {
        assert_eq!(stored(&params), expected);
        assert_eq!(decode(expected), params);
    }
}

#[test]
fn every_set_of_parameters_is_read_as_it_was_written() {
    for bits in 0..1_u32 << 9 {
        let has = |bit: u32| bits & (1 << bit) != 0;
        let document = |bit, json: &str| has(bit).then(|| Document::new(json));
        let params = MessageParams {
            attach: document(0, r#"[{"ID":1,"BLOCKS":[{"MESSAGE":"\"tide\" \\ щ\n"}]}]"#),
            keyboard: document(1, r#"[{"TEXT":"Go","LINK":"/"}]"#),
            menu: document(2, "[3]"),
            plain_links: has(3),
            edited: has(4),
            deleted: has(5),
            files: if has(6) {
                vec![FileId(6), FileId(i64::MAX)]
            } else {
                Vec::new()
            },
            origin: has(7).then_some(ORIGIN),
            notice: has(8).then_some(Notice::Left),
        };
        assert_eq!(decode(&stored(&params)), params);
    }
}

/// Earlier versions wrote parameters in the order in which they were set.
#[test]
fn rows_of_earlier_versions_are_read() {
    let attach = r##"[{"ID":1,"COLOR_TOKEN":"base","COLOR":"#fff","BLOCKS":[{"MESSAGE":"a"},{"DELIMITER":{"SIZE":200}}]}]"##;
    let keyboard = r#"[{"BOT_ID":7,"TYPE":"BUTTON","TEXT":"b","COMMAND":"tide","BLOCK":"N","DISABLED":"N","CONTEXT":"ALL"}]"#;
    let menu = r#"[{"TEXT":"c","LINK":"/c","DISABLED":"N","CONTEXT":"ALL"}]"#;
    for (row, expected) in [
        (
            format!(r#"{{"FILE_ID":[6],"ATTACH":{attach},"IS_EDITED":"Y"}}"#),
            MessageParams {
                attach: document(attach),
                files: vec![FileId(6)],
                edited: true,
                ..MessageParams::default()
            },
        ),
        (
            format!(r#"{{"URL_PREVIEW":"N","IS_EDITED":"Y","MENU":{menu},"KEYBOARD":{keyboard}}}"#),
            MessageParams {
                keyboard: document(keyboard),
                menu: document(menu),
                plain_links: true,
                edited: true,
                ..MessageParams::default()
            },
        ),
        (
            format!(
                r#"{{"ATTACH":{attach},"URL_PREVIEW":"N","FILE_ID":[9,10],"FORWARD":{{"id":8,"userId":0,"chatId":3,"date":1768467600000}},"KEYBOARD":{keyboard}}}"#
            ),
            MessageParams {
                attach: document(attach),
                keyboard: document(keyboard),
                plain_links: true,
                files: vec![FileId(9), FileId(10)],
                origin: Some(ORIGIN),
                ..MessageParams::default()
            },
        ),
        (
            r#"{"IS_DELETED":"Y"}"#.to_owned(),
            MessageParams::tombstone(),
        ),
    ] {
        assert_eq!(decode(&row), expected, "{row}");
        assert_eq!(decode(&stored(&expected)), expected);
    }
}

#[test]
fn parameters_that_cannot_be_read_are_none() {
    for row in [
        "",
        "{",
        "[]",
        "[[1]]",
        "nonsense",
        "7",
        "null",
        r#"{"LIKE":[5]}"#,
    ] {
        assert_eq!(decode(row), MessageParams::default(), "{row}");
    }
}

#[test]
fn a_malformed_value_is_ignored_and_the_rest_is_read() {
    let menu = || MessageParams {
        menu: document("[1]"),
        ..MessageParams::default()
    };
    for odd in [
        r#""FORWARD":7"#,
        r#""FORWARD":{"id":8}"#,
        r#""FILE_ID":"6""#,
        r#""FILE_ID":[6,"7"]"#,
        r#""URL_PREVIEW":"Y""#,
        r#""IS_EDITED":true"#,
        r#""IS_DELETED":null"#,
        r#""ATTACH":null"#,
        r#""CODE":["CHAT_JOIN"]"#,
        r#""NOTIFY":"Y""#,
        r#""UNKNOWN":{"a":[1]}"#,
    ] {
        assert_eq!(decode(&format!(r#"{{{odd},"MENU":[1]}}"#)), menu(), "{odd}");
    }
}

#[test]
fn a_document_that_is_not_json_is_refused() {
    for text in ["", "[", "[1]]", "tide"] {
        let params = MessageParams {
            keyboard: document(text),
            ..MessageParams::default()
        };
        assert!(matches!(encode(&params), Err(StoreError::Encode(_))));
        let attach = Document::new(text);
        assert!(matches!(encode_attach(&attach), Err(StoreError::Encode(_))));
    }
}

#[test]
fn the_attachments_of_a_notification_are_stored_as_those_of_a_message() {
    let attach = Document::new("[1]");
    let stored = encode_attach(&attach).unwrap();
    assert_eq!(stored, r#"{"ATTACH":[1]}"#);
    assert_eq!(decode(&stored).attach, Some(attach));
}

#[test]
fn buttons_and_menu_items_offer_the_commands_that_they_call() {
    let params = MessageParams {
        keyboard: document(
            r#"[{"BOT_ID":7,"TYPE":"BUTTON","TEXT":"a","COMMAND":"tide","COMMAND_PARAMS":"noon","DISABLED":"N"},
                {"TYPE":"NEWLINE"},
                {"BOT_ID":7,"TYPE":"BUTTON","TEXT":"b","COMMAND":"off","DISABLED":"Y"},
                {"TYPE":"BUTTON","TEXT":"c","COMMAND":"nobodys","DISABLED":"N"},
                {"BOT_ID":7,"TYPE":"BUTTON","TEXT":"d","LINK":"/d","WIDTH":150,"DISABLED":"N"}]"#,
        ),
        menu: document(r#"[{"BOT_ID":8,"TEXT":"e","COMMAND":"/wind","DISABLED":"N"}]"#),
        ..MessageParams::default()
    };
    let offer = |context, bot, command: &str, params: &str| Offer {
        context,
        bot: UserId(bot),
        command: command.to_owned(),
        params: params.to_owned(),
    };
    assert_eq!(
        offers(&params),
        [
            offer(CommandContext::Keyboard, 7, "tide", "noon"),
            offer(CommandContext::Menu, 8, "/wind", ""),
        ]
    );
}

#[test]
fn a_message_without_buttons_offers_nothing() {
    assert_eq!(offers(MessageParams::empty()), []);
    let odd = MessageParams {
        keyboard: document(r#"{"BOT_ID":7,"COMMAND":"tide"}"#),
        ..MessageParams::default()
    };
    assert_eq!(offers(&odd), []);
}
