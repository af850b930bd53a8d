use std::sync::Arc;

use readmark_app::{Random, Rules, presence::Presence};
use readmark_model::{ChatId, MessageId, Seq, UserId};
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

fn message(kind: MessageKind, params: &str) -> Message {
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
        params: params.into(),
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
    let message = message(MessageKind::Notice, "{}");
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
        r#"{"ATTACH":[1],"KEYBOARD":[2],"MENU":[3],"IS_EDITED":"Y","URL_PREVIEW":"N"}"#,
    );
    let mut copy = message(
        MessageKind::Post,
        &message_params::forwarded(&original, &[]),
    );
    copy.id = MessageId(9);
    let shown = json!(V2Message::new(&copy, &[], true, &portal()));
    assert_eq!(
        shown["forward"],
        json!({"id": 8, "userId": 5, "chatId": 3, "date": "2026-01-15T09:00:00+00:00"})
    );
    assert_eq!(shown["params"], json!({"ATTACH": [1], "URL_PREVIEW": "N"}));
}

#[test]
fn an_origin_that_is_not_whole_is_none() {
    for params in [r#"{"FORWARD":7}"#, r#"{"FORWARD":{"id":8}}"#] {
        let message = message(MessageKind::Post, params);
        assert_eq!(Forward::of(&message, &portal()), None);
    }
}

#[test]
fn reactions_are_counted_by_kind_and_users_are_listed_once() {
    let shown = Shown {
        message: message(MessageKind::Post, "{}"),
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
