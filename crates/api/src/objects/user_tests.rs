use std::sync::Arc;

use jiff::tz::TimeZone;
use readmark_app::{Random, Rules, presence::Presence};
use readmark_model::UserId;
use serde_json::{Value, json};

use super::*;
use crate::portal::{context::FileRules, file_link::LinkKey};

struct NoRandom;

impl Random for NoRandom {
    fn fill(&self, _: &mut [u8]) {}
}

fn portal() -> PortalContext {
    PortalContext {
        base_url: "https://pier.example".into(),
        time_zone: TimeZone::fixed(jiff::tz::offset(2)),
        rules: Rules::default(),
        files: FileRules {
            most: 1,
            link_key: LinkKey::new(&[]),
        },
        random: Arc::new(NoRandom),
        presence: Presence::default(),
    }
}

fn nora() -> User {
    User {
        id: UserId(12),
        kind: UserKind::Person,
        active: true,
        admin: false,
        extranet: false,
        hide_receipts: false,
        name: "Nora".into(),
        last_name: "Vane".into(),
        email: "nora@example.com".into(),
        work_position: "Pilot".into(),
        gender: "F".into(),
        birthday: "1988-02-09".into(),
        color: "#64a513".into(),
        avatar: "/file/aa11".into(),
        external_auth_id: "default".into(),
        status: "dnd".into(),
        time_zone: String::new(),
        departments: vec![3],
        profile:
            json!({ "WORK_PHONE": "+1 555 0100", "PERSONAL_WWW": "nora.example", "XML_ID": 7 })
                .to_string(),
        registered_at: Timestamp(0),
        updated_at: Timestamp(0),
        last_login_at: None,
        last_activity_at: Some(Timestamp(1_767_225_600_000)),
        idle_since: Some(Timestamp(0)),
        absent_until: None,
        bot: None,
    }
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn the_classic_forms_differ_in_letter_case_alone() {
    let snake = serde_json::to_value(ClassicUser::new(&nora(), &portal())).unwrap();
    let camel = serde_json::to_value(CamelUser::new(&nora(), &portal())).unwrap();
    let folded: Vec<String> = keys(&snake)
        .iter()
        .map(|key| key.replace('_', ""))
        .collect();
    let camel_folded: Vec<String> = keys(&camel).iter().map(|key| key.to_lowercase()).collect();
    assert_eq!(folded, camel_folded);
    let values = |object: &Value| {
        object
            .as_object()
            .unwrap()
            .values()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&snake), values(&camel));
    assert_eq!(snake["avatar_hr"], "https://pier.example/file/aa11");
    assert_eq!(snake["birthday"], "09-02");
    assert_eq!(snake["phones"], json!({ "work_phone": "+1 555 0100" }));
    assert_eq!(snake["last_activity_date"], "2026-01-01T02:00:00+02:00");
    assert_eq!(
        (&snake["absent"], &snake["bot_data"]),
        (&json!(false), &Value::Null)
    );
    assert_eq!(
        (&snake["website"], &snake["type"]),
        (&json!("nora.example"), &json!("user"))
    );
}

#[test]
fn the_second_form_is_leaner() {
    let user = serde_json::to_value(V2User::new(&nora(), &portal())).unwrap();
    for gone in ["network", "botData", "avatarHr"] {
        assert!(user.get(gone).is_none(), "{gone}");
    }
    assert_eq!(user["phones"], json!({ "workPhone": "+1 555 0100" }));
    assert_eq!(
        (&user["type"], &user["status"]),
        (&json!("employee"), &json!("dnd"))
    );
}

#[test]
fn events_do_not_tell_presence() {
    let event = serde_json::to_value(V2User::in_event(&nora(), &portal())).unwrap();
    for key in [
        "idle",
        "lastActivityDate",
        "mobileLastDate",
        "desktopLastDate",
    ] {
        assert_eq!(event[key], json!(false), "{key}");
    }
    assert_eq!(event["name"], "Nora Vane");
}

#[test]
fn a_bot_shows_what_everybody_may_know() {
    let mut bot = nora();
    bot.kind = UserKind::Bot;
    bot.bot = Some(BotTraits {
        code: "lantern".into(),
        kind: "personal".into(),
        hidden: true,
        openline: false,
        background_id: Some("steel".into()),
    });
    let camel = serde_json::to_value(CamelUser::new(&bot, &portal())).unwrap();
    let data = json!({
        "code": "lantern", "type": "personal", "appId": "", "isHidden": true, "isSupportOpenline": false, "backgroundId": "steel",
    });
    assert_eq!(
        (&camel["botData"], &camel["type"], &camel["bot"]),
        (&data, &json!("bot"), &json!(true))
    );
}

#[test]
fn an_extranet_user_says_so_and_a_broken_profile_says_nothing() {
    let mut user = nora();
    user.extranet = true;
    user.profile = "no JSON".into();
    user.birthday = "soon".into();
    let object = ClassicUser::new(&user, &portal());
    assert_eq!(
        (object.kind, object.phones, object.birthday.as_str()),
        ("extranet", OrFalse::FALSE, "")
    );
}
