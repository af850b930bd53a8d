use std::sync::Arc;

use readmark_app::{Random, Rules, presence::Presence};
use readmark_model::{
    ChatId, Document, FileId, MessageId, MessageParams, Seq, Timestamp, UserId,
    message_params::Notice,
};
use serde_json::json;

use super::*;
use crate::portal::{context::FileRules, file_link::LinkKey};

struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, _: &mut [u8]) {}
}

fn portal() -> PortalContext {
    PortalContext {
        base_url: "https://portal.example".into(),
        time_zone: jiff::tz::TimeZone::UTC,
        rules: Rules::default(),
        files: FileRules {
            most: 1,
            link_key: LinkKey::new(&[]),
        },
        random: Arc::new(NoRandom),
        presence: Presence::default(),
    }
}

fn message(kind: MessageKind, params: MessageParams) -> Message {
    Message {
        id: MessageId(8),
        chat: ChatId(3),
        seq: Seq(2),
        author: UserId(5),
        kind,
        deleted: false,
        created_at: Timestamp(1_768_467_600_000),
        edited_at: None,
        reply: None,
        text: "Noted".into(),
        params,
        uuid: (kind == MessageKind::Post).then(|| "external".into()),
    }
}

fn reaction(user: i64, kind: &str) -> Reaction {
    Reaction {
        user: UserId(user),
        kind: kind.into(),
    }
}

#[test]
fn the_newer_form_has_an_empty_map_and_an_empty_uuid_where_there_is_nothing() {
    let message = message(MessageKind::Notice, MessageParams::default());
    assert_eq!(
        json!(V2Message::new(&message, &[], false, &portal())),
        json!({
            "id": 8, "chatId": 3, "authorId": 0, "date": "2026-01-15T09:00:00+00:00", "text": "Noted",
            "isSystem": true, "uuid": "", "forward": null, "params": {}, "viewedByOthers": false,
        })
    );
}

#[test]
fn a_forwarded_message_tells_its_origin_and_keeps_its_attachment_only() {
    let original = message(
        MessageKind::Post,
        MessageParams {
            attach: Some(Document::new("[1]")),
            keyboard: Some(Document::new("[2]")),
            menu: Some(Document::new("[3]")),
            plain_links: true,
            edited: true,
            ..MessageParams::default()
        },
    );
    let mut copy = message(MessageKind::Post, original.forwarded_params(&[]));
    copy.id = MessageId(9);
    let shown = json!(V2Message::new(&copy, &[], true, &portal()));
    assert_eq!(
        shown["forward"],
        json!({"id": 8, "userId": 5, "chatId": 3, "date": "2026-01-15T09:00:00+00:00"})
    );
    assert_eq!(shown["params"], json!({"ATTACH": [1], "URL_PREVIEW": "N"}));
}

#[test]
fn every_parameter_is_shown_under_its_name() {
    let mut message = message(
        MessageKind::Post,
        MessageParams {
            attach: Some(Document::new(r#"[{"ID":1}]"#)),
            keyboard: Some(Document::new(r#"[{"TYPE":"NEWLINE"}]"#)),
            menu: Some(Document::new(r#"[{"TEXT":"Go"}]"#)),
            plain_links: true,
            edited: true,
            files: vec![FileId(6), FileId(7)],
            ..MessageParams::default()
        },
    );
    message.reply = Some(MessageId(4));
    let shown = message_params::of(&message, &[reaction(2, "like")]);
    let expected = json!({
        "ATTACH": [{"ID": 1}], "KEYBOARD": [{"TYPE": "NEWLINE"}], "MENU": [{"TEXT": "Go"}], "URL_PREVIEW": "N",
        "IS_EDITED": "Y", "FILE_ID": [6, 7], "REPLY_ID": 4, "LIKE": [2],
    });
    assert_eq!(Value::Object(shown), expected);
}

#[test]
fn a_notice_tells_who_came_and_went_and_a_tombstone_that_it_is_one() {
    for (params, expected) in [
        (
            MessageParams::of_notice(Notice::Joined),
            json!({"CODE": ["CHAT_JOIN"], "NOTIFY": "N"}),
        ),
        (
            MessageParams::of_notice(Notice::Left),
            json!({"CODE": ["CHAT_LEAVE"], "NOTIFY": "N"}),
        ),
        (
            MessageParams::of_notice(Notice::Other),
            json!({"NOTIFY": "N"}),
        ),
        (MessageParams::tombstone(), json!({"IS_DELETED": "Y"})),
    ] {
        let shown = message_params::of(&message(MessageKind::Notice, params), &[]);
        assert_eq!(Value::Object(shown), expected);
    }
}

#[test]
fn reactions_are_counted_by_kind_and_users_are_listed_once() {
    let shown = Shown {
        message: message(MessageKind::Post, MessageParams::default()),
        unread: false,
        reactions: vec![
            reaction(4, "like"),
            reaction(2, "fire"),
            reaction(2, "like"),
        ],
    };
    assert_eq!(
        json!(MessageReactions::new(&shown, 2)),
        json!({
            "messageId": 8, "reactionCounters": {"like": 2, "fire": 1},
            "reactionUsers": {"like": [4, 2], "fire": [2]}, "ownReactions": ["like", "fire"],
        })
    );
    let classic = json!(ClassicMessage::new(&shown, &portal()));
    assert_eq!(classic["params"], json!({"LIKE": [4, 2]}));
}
