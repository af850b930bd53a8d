use readmark_app::presence::Presence;
use readmark_model::{Timestamp, UserId, UserKind, user::User};
use serde_json::{Value as Json, json};

use super::*;

fn person(id: i64, name: &str, last_name: &str) -> User {
    User {
        id: UserId(id),
        kind: UserKind::Person,
        active: true,
        admin: false,
        extranet: false,
        hide_receipts: false,
        name: name.into(),
        last_name: last_name.into(),
        email: format!("{}@example.com", name.to_lowercase()),
        work_position: "Lamp keeper".into(),
        gender: String::new(),
        birthday: "1999-12-31".into(),
        color: String::new(),
        avatar: String::new(),
        external_auth_id: "default".into(),
        status: "online".into(),
        time_zone: String::new(),
        departments: vec![1, 7],
        profile: json!({ "PERSONAL_CITY": "Łódź", "WORK_DEPARTMENT": "Harbour" }).to_string(),
        registered_at: Timestamp(1_767_225_600_500),
        updated_at: Timestamp(0),
        last_login_at: None,
        last_activity_at: Some(Timestamp(0)),
        idle_since: None,
        absent_until: None,
        bot: None,
    }
}

fn given(filter: &Json) -> Vec<Given> {
    let members = wire::Field::from(filter).as_map().unwrap();
    members
        .iter()
        .filter_map(|(key, value)| Given::new(key, value))
        .collect()
}

fn filter(filter: &Json, mode: Mode, level: Level) -> Filter {
    Filter::new(given(filter).iter(), mode, level, &TimeZone::UTC)
}

/// Whether Nora Ångström, number 12, meets a condition.
fn meets(conditions: Json) -> bool {
    let user = person(12, "Nora", "Ångström");
    filter(&conditions, Mode::Get, Level::Full).is_met(&Card::new(
        &user,
        &Presence::default(),
        Timestamp(0),
    ))
}

/// The same in a search that knows the departments.
fn searched(conditions: Json) -> bool {
    let user = person(12, "Nora", "Ångström");
    let mut filter = filter(&conditions, Mode::Search, Level::Full);
    if filter.asks_for_departments() {
        filter.know_departments([(1, "Pier"), (7, "Buoys and Ships"), (8, "Kitchen")]);
    }
    filter.is_met(&Card::new(&user, &Presence::default(), Timestamp(0)))
}

#[test]
fn every_operator_compares_numbers() {
    for (key, value, met) in [
        ("ID", json!(12), true),
        ("=ID", json!("12"), true),
        ("id", json!(["3", "12"]), true),
        ("@ID", json!([3, 4]), false),
        ("!@ID", json!([3, 4]), true),
        ("!ID", json!(12), false),
        ("!=ID", json!(13), true),
        (">ID", json!(12), false),
        (">=ID", json!(12), true),
        ("<ID", json!(12), false),
        ("<=ID", json!(12), true),
        ("%ID", json!(2), true),
        ("@ID", json!([]), false),
        ("!@ID", json!([]), true),
    ] {
        assert_eq!(meets(json!({ key: value.clone() })), met, "{key} {value}");
    }
}

#[test]
fn every_operator_compares_text_without_regard_to_case() {
    for (key, value, met) in [
        ("NAME", json!("nora"), true),
        ("NAME", json!("nor"), false),
        ("NAME", json!(["Max", "Nora"]), true),
        ("!NAME", json!(["Max", "Nora"]), false),
        ("%LAST_NAME", json!("NGSTR"), true),
        ("!%LAST_NAME", json!("ngstr"), false),
        ("!%LAST_NAME", json!("son"), true),
        ("=%NAME", json!("no%"), true),
        ("%=NAME", json!("%ra"), true),
        ("=%NAME", json!("%o%a"), true),
        ("=%NAME", json!("or"), false),
        ("!=%NAME", json!("no%"), false),
        ("!%=NAME", json!("%x%"), true),
        (">=NAME", json!("nor"), true),
        ("<NAME", json!("nor"), false),
        ("PERSONAL_CITY", json!("ŁÓDŹ"), true),
        ("PERSONAL_CITY", json!(["Gdynia", "Łódź"]), true),
        ("SECOND_NAME", json!(""), true),
        ("!SECOND_NAME", json!(""), false),
        ("NAME", json!(""), false),
    ] {
        assert_eq!(meets(json!({ key: value.clone() })), met, "{key} {value}");
    }
}

#[test]
fn departments_are_met_by_one_of_them() {
    assert!(meets(json!({ "UF_DEPARTMENT": 7 })) && meets(json!({ "UF_DEPARTMENT": ["9", "1"] })));
    assert!(!meets(json!({ "UF_DEPARTMENT": 9 })) && !meets(json!({ "!UF_DEPARTMENT": 7 })));
    assert!(meets(json!({ ">UF_DEPARTMENT": 6 })) && !meets(json!({ ">UF_DEPARTMENT": 7 })));
}

#[test]
fn times_are_compared_as_they_are_shown() {
    assert!(meets(
        json!({ "DATE_REGISTER": "2026-01-01T02:00:00+02:00" })
    ));
    assert!(
        meets(json!({ ">=DATE_REGISTER": "2026-01-01" }))
            && !meets(json!({ ">DATE_REGISTER": "2026-01-01" }))
    );
    assert!(meets(json!({ "<=DATE_REGISTER": "01.01.2026" })));
    assert!(meets(
        json!({ "PERSONAL_BIRTHDAY": "1999-12-31T00:00:00+03:00" })
    ));
    assert!(meets(json!({ "<PERSONAL_BIRTHDAY": "01.01.2000" })));
    assert!(
        !meets(json!({ ">LAST_LOGIN": "1970-01-01" })),
        "nothing is neither more nor less"
    );
    assert!(meets(json!({ "LAST_LOGIN": "" })));
}

#[test]
fn a_value_that_does_not_fit_is_met_by_nobody() {
    for (key, value) in [
        ("ID", json!("soon")),
        ("!ID", json!("soon")),
        ("!DATE_REGISTER", json!("soon")),
        ("ACTIVE", json!("maybe")),
        ("IS_ONLINE", json!("maybe")),
        ("!UF_DEPARTMENT", json!("Harbour")),
    ] {
        assert!(!meets(json!({ key: value.clone() })), "{key} {value}");
    }
}

#[test]
fn flags_and_types() {
    assert!(
        meets(json!({ "ACTIVE": true }))
            && meets(json!({ "ACTIVE": "Y" }))
            && !meets(json!({ "ACTIVE": false }))
    );
    assert!(meets(json!({ "IS_ONLINE": "Y" })) && !meets(json!({ "IS_ONLINE": "N" })));
    assert!(meets(json!({ "USER_TYPE": "employee" })) && !meets(json!({ "USER_TYPE": "email" })));
}

#[test]
fn unknown_fields_and_nulls_are_passed_over() {
    assert!(meets(
        json!({ "NONSENSE": 1, "ID": null, "LOGIN": "x", "": 3, "%": "" })
    ));
}

#[test]
fn what_the_scope_hides_is_met_by_nobody() {
    let user = person(12, "Nora", "Ångström");
    let presence = Presence::default();
    let card = Card::new(&user, &presence, Timestamp(0));
    for key in ["EMAIL", "!EMAIL", "%EMAIL"] {
        let conditions = json!({ key: "nora@example.com" });
        assert!(
            !filter(&conditions, Mode::Get, Level::Brief).is_met(&card),
            "{key}"
        );
    }
    assert!(
        filter(
            &json!({ "EMAIL": "Nora@Example.com" }),
            Mode::Get,
            Level::Basic
        )
        .is_met(&card)
    );
}

#[test]
fn a_search_goes_by_the_beginnings_of_words() {
    for query in ["nor", "ångst", "ÅNG no", "keep", "lamp nora"] {
        assert!(meets(json!({ "NAME_SEARCH": query })), "{query}");
        assert!(searched(json!({ "FIND": query })), "{query}");
    }
    assert!(!searched(json!({ "FIND": "ora" })) && !searched(json!({ "FIND": "nora max" })));
    assert!(
        searched(json!({ "NAME": "no", "LAST_NAME": "ån" })) && !searched(json!({ "NAME": "ån" }))
    );
    assert!(searched(json!({ "WORK_POSITION": "keep" })) && !searched(json!({ "=NAME": "no" })));
    assert!(searched(json!({ "FIND": "" })) && !searched(json!({ "FIND": "?!" })));
}

#[test]
fn a_search_goes_by_the_names_of_departments_too() {
    for query in ["ships", "BUOY pier", "nora ships"] {
        assert!(searched(json!({ "FIND": query })), "{query}");
        assert!(searched(json!({ "NAME_SEARCH": query })), "{query}");
    }
    assert!(searched(json!({ "UF_DEPARTMENT_NAME": "ship" })));
    for query in ["kitchen", "harbour", "hips"] {
        assert!(!searched(json!({ "FIND": query })), "{query}");
        assert!(!searched(json!({ "UF_DEPARTMENT_NAME": query })), "{query}");
    }
    assert!(!searched(json!({ "UF_DEPARTMENT_NAME": "nora" })));
    assert!(!searched(json!({ "NAME": "ships" })));
    let names = |conditions: Json| filter(&conditions, Mode::Search, Level::Full);
    assert!(!names(json!({ "NAME": "ships", "ID": 3 })).asks_for_departments());
}

#[test]
fn find_leaves_the_other_names_out_and_nothing_else() {
    assert!(searched(
        json!({ "FIND": "nora", "NAME": "max", "WORK_POSITION": "cook" })
    ));
    assert!(!searched(json!({ "FIND": "nora", "ACTIVE": "N" })));
}

#[test]
fn ids_are_narrowed_down() {
    for (conditions, range) in [
        (json!({}), 1..=i64::MAX),
        (json!({ "ID": 5 }), 5..=5),
        (json!({ "@ID": [9, 4] }), 4..=9),
        (json!({ ">ID": 5, "<=ID": "8" }), 6..=8),
        (json!({ "!ID": 5 }), 1..=i64::MAX),
        (json!({ ">ID": i64::MAX }), i64::MAX..=i64::MAX),
    ] {
        assert_eq!(
            filter(&conditions, Mode::Get, Level::Full).ids(),
            range,
            "{conditions}"
        );
    }
}

#[test]
fn patterns_stand_for_anything_between_their_parts() {
    for (text, pattern, met) in [
        ("abc", "abc", true),
        ("abc", "a%c", true),
        ("abc", "%", true),
        ("", "%", true),
        ("", "", true),
        ("abc", "", false),
        ("abab", "ab%ab", true),
        ("ab", "ab%ab", false),
        ("a_c", "a_c", true),
        ("abc", "a_c", false),
        ("aXbXc", "a%X%X%c", true),
        ("aXc", "a%X%X%c", false),
    ] {
        assert_eq!(is_like(text, pattern), met, "{text} {pattern}");
    }
}
