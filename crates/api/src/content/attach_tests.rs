use serde_json::json;

use super::*;

/// The canonical form of one block.
fn one(block: Value) -> Result<Value, Malformed> {
    attachments(&json!([block])).map(|list| list[0]["BLOCKS"][0].clone())
}

#[test]
fn the_full_form_keeps_what_describes_the_attachment() {
    let given = json!({
        "ID": "4", "COLOR_TOKEN": "alert", "COLOR": "#29619b", "DESCRIPTION": "Build failed", "EXTRA": {"a": 1},
        "BLOCKS": [{"MESSAGE": "Step 3"}],
    });
    let stored = json!({
        "ID": 4, "COLOR_TOKEN": "alert", "COLOR": "#29619b", "DESCRIPTION": "Build failed",
        "BLOCKS": [{"MESSAGE": "Step 3"}],
    });
    assert_eq!(attachments(&given), Ok(vec![stored]));
}

#[test]
fn the_short_form_gets_the_defaults() {
    let stored = json!({"ID": 1, "COLOR_TOKEN": "base", "BLOCKS": [{"MESSAGE": "Hello"}]});
    for given in [
        json!([{"MESSAGE": "Hello"}]),
        json!({"0": {"message": "Hello"}}),
        json!({"blocks": [{"MESSAGE": "Hello"}], "color": "gold", "colorToken": "gold", "id": "x"}),
    ] {
        assert_eq!(attachments(&given), Ok(vec![stored.clone()]), "{given}");
    }
}

#[test]
fn several_attachments_are_numbered_and_empty_ones_left_out() {
    let given =
        json!([{"BLOCKS": [{"MESSAGE": "a"}]}, {"BLOCKS": []}, {"BLOCKS": [{"MESSAGE": "b"}]}]);
    let stored = attachments(&given).unwrap();
    let ids: Vec<_> = stored.iter().map(|one| one["ID"].clone()).collect();
    assert_eq!(ids, [1, 2]);
}

#[test]
fn every_block_keeps_its_documented_fields() {
    for (given, stored) in [
        (json!({"MESSAGE": 5}), json!({"MESSAGE": "5"})),
        (
            json!({"DELIMITER": {"SIZE": "300", "COLOR": "#c6c6c6"}}),
            json!({"DELIMITER": {"SIZE": 300, "COLOR": "#c6c6c6"}}),
        ),
        (
            json!({"DELIMITER": []}),
            json!({"DELIMITER": {"SIZE": 200}}),
        ),
        (
            json!({"DELIMITER": {"SIZE": "wide"}}),
            json!({"DELIMITER": {"SIZE": 200}}),
        ),
        (
            json!({"USER": {"NAME": "Ann", "AVATAR": "/a.png", "USER_ID": "7", "AVATAR_TYPE": "bot", "CHAT_ID": ""}}),
            json!({"USER": [{"NAME": "Ann", "AVATAR": "/a.png", "AVATAR_TYPE": "BOT", "USER_ID": 7}]}),
        ),
        (
            json!({"LINK": {"LINK": "/task/5/", "NAME": "Task", "DESC": "Due", "PREVIEW": "https://example.org/p.png",
                "WIDTH": 10, "HEIGHT": "20", "CHAT_ID": 3, "NETWORK_ID": "n1"}}),
            json!({"LINK": [{"NAME": "Task", "LINK": "/task/5/", "DESC": "Due", "PREVIEW": "https://example.org/p.png",
                "WIDTH": 10, "HEIGHT": 20, "CHAT_ID": 3, "NETWORK_ID": "n1"}]}),
        ),
        (
            json!({"RICH_LINK": [{"LINK": "/a"}, {"LINK": "/b"}]}),
            json!({"RICH_LINK": [{"LINK": "/a"}, {"LINK": "/b"}]}),
        ),
        (
            json!({"GRID": [{"DISPLAY": "row", "NAME": "Open", "VALUE": 4, "COLOR_TOKEN": "alert", "COLOR": "#f00",
                "LINK": "/list", "USER_ID": 7, "WIDTH": 100}, {"DISPLAY": "ROW", "NAME": "Owner", "VALUE": ""}]}),
            json!({"GRID": [{"DISPLAY": "ROW", "NAME": "Open", "VALUE": "4", "WIDTH": 100, "COLOR_TOKEN": "alert",
                "COLOR": "#f00", "LINK": "/list", "USER_ID": 7}, {"DISPLAY": "ROW", "NAME": "Owner"}]}),
        ),
        (
            json!({"IMAGE": {"LINK": "https://example.org/i.png", "NAME": "Map", "PREVIEW": "/p.png", "WIDTH": 0}}),
            json!({"IMAGE": [{"NAME": "Map", "LINK": "https://example.org/i.png", "PREVIEW": "/p.png"}]}),
        ),
        (
            json!({"FILE": {"LINK": "/f.pdf", "NAME": "Plan", "SIZE": "0"}}),
            json!({"FILE": [{"NAME": "Plan", "LINK": "/f.pdf", "SIZE": 0}]}),
        ),
    ] {
        assert_eq!(one(given.clone()), Ok(stored), "{given}");
    }
}

#[test]
fn a_block_that_is_not_as_documented_is_wrong() {
    for block in [
        json!("text"),
        json!({}),
        json!({"VIDEO": {"LINK": "/v.mp4"}}),
        json!({"MESSAGE": "a", "DELIMITER": {}}),
        json!({"MESSAGE": ""}),
        json!({"MESSAGE": {"TEXT": "a"}}),
        json!({"DELIMITER": "line"}),
        json!({"USER": {"USER_ID": 7}}),
        json!({"USER": {"NAME": "Ann", "USER_ID": "seven"}}),
        json!({"USER": {"NAME": "Ann", "AVATAR": "data:image/png;base64,AA"}}),
        json!({"LINK": {"NAME": "Task"}}),
        json!({"LINK": {"LINK": "javascript:alert(1)"}}),
        json!({"LINK": []}),
        json!({"LINK": "/task"}),
        json!({"GRID": [{"NAME": "a", "VALUE": "b"}]}),
        json!({"GRID": [{"DISPLAY": "CIRCLE", "NAME": "a"}]}),
        json!({"GRID": [{"DISPLAY": "ROW"}]}),
        json!({"GRID": [{"DISPLAY": "ROW", "NAME": "a", "LINK": "ftp://example.org"}]}),
        json!({"IMAGE": [{"NAME": "Map"}]}),
        json!({"IMAGE": [{"LINK": "/a.png", "PREVIEW": "//example.org/p.png"}]}),
        json!({"FILE": {"LINK": "file:///etc/hosts"}}),
    ] {
        assert_eq!(one(block.clone()), Err(Malformed), "{block}");
    }
}

#[test]
fn a_block_outside_a_list_is_wrong() {
    for given in [
        json!({"MESSAGE": "a"}),
        json!({"BLOCKS": {"MESSAGE": "a"}}),
        json!({"BLOCKS": 5}),
    ] {
        assert_eq!(attachments(&given), Err(Malformed), "{given}");
    }
}

#[test]
fn html_of_a_link_is_made_harmless() {
    let stored = one(json!({"LINK": {"LINK": "/a", "HTML": "<b>x</b><script>y</script>"}}));
    assert_eq!(
        stored,
        Ok(json!({"LINK": [{"LINK": "/a", "HTML": "<b>x</b>y"}]}))
    );
}

#[test]
fn html_without_any_text_is_left_out() {
    let stored = one(json!({"LINK": {"LINK": "/a", "HTML": "<img src=x>\u{0}"}}));
    assert_eq!(stored, Ok(json!({"LINK": [{"LINK": "/a"}]})));
}
