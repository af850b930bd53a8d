use serde_json::{Map, Value, json};

use super::*;
use crate::contract::method::NoError;

crate::error_set! {
    /// Errors of the sample.
    enum SampleError {
        /// `DIALOG_ID` is missing.
        Missing = 400 "MISSING" "Missing",
        /// `DIALOG_ID` is malformed.
        Malformed = 400 "MALFORMED" "Malformed",
        /// `LIMIT` is given twice.
        Twice = 400 "TWICE" "Twice",
    }
}

crate::params! {
    /// Members of a map.
    #[derive(Debug, PartialEq)]
    struct InnerParams: NoError {
        /// A chat.
        optional chat: Option<ChatId> = "CHAT_ID", lenient;
    }
}

crate::params! {
    /// A group.
    #[derive(Debug, PartialEq)]
    struct PagingParams: NoError {
        /// How many.
        optional limit: i64 = "LIMIT", limit(10, 50);
        /// Where to begin.
        optional offset: Given<i64> = "OFFSET", given;
    }
}

crate::params! {
    /// The sample.
    #[derive(Debug, PartialEq)]
    struct SampleParams: SampleError {
        /// The dialog.
        required dialog: DialogId = "DIALOG_ID" | "DIALOG", missing(Missing), or(Malformed);
        group paging: PagingParams;
        /// Whether it is muted.
        optional mute: bool = "MUTE", yes_no(true);
        /// A map.
        optional inner: InnerParams = "INNER", members;
        /// Has no effect.
        optional _unused: Ignored = "UNUSED", ignored(ParamType::DateTime);
        /// A text.
        optional text: String = "TEXT", by(shouted), kind(ParamType::String);
    }
    check not_twice;
}

fn shouted(field: Field<'_>, _: &ReadCx<'_>) -> Result<String, NoError> {
    Ok(field.as_text().unwrap_or_default().to_uppercase())
}

fn not_twice(sample: SampleParams) -> Result<SampleParams, SampleError> {
    if sample.text == "TWICE" {
        return Err(SampleError::Twice);
    }
    Ok(sample)
}

fn params(value: Value) -> Params {
    let Value::Object(map) = value else {
        panic!("a map is expected");
    };
    Params::new(map)
}

fn read<P: Parameters>(value: Value) -> Result<P, Wrong<P::Error>> {
    let params = params(value);
    P::read(Source::Call(&params), &ReadCx::utc())
}

fn value<T: ParamValue>(value: &Value) -> Given<T> {
    T::read(Field::from(value), &ReadCx::utc())
}

#[test]
fn a_declaration_is_read_and_described() {
    let given = json!({
        "dialog_id": "chat5", "LIMIT": "70", "OFFSET": "x", "MUTE": "N", "INNER": {"chatId": 3}, "UNUSED": [1], "TEXT": "Hi",
    });
    let expected = SampleParams {
        dialog: DialogId::Chat(ChatId(5)),
        paging: PagingParams {
            limit: 50,
            offset: Given::Malformed,
        },
        mute: false,
        inner: InnerParams {
            chat: Some(ChatId(3)),
        },
        _unused: Ignored,
        text: "HI".into(),
    };
    assert_eq!(read(given), Ok(expected));
    let described: Vec<_> = SampleParams::SPEC
        .iter()
        .map(|spec| (spec.name, spec.kind, spec.required, spec.doc.trim()))
        .collect();
    assert_eq!(
        described,
        [
            ("DIALOG_ID", ParamType::String, true, "The dialog."),
            ("LIMIT", ParamType::Integer, false, "How many."),
            ("OFFSET", ParamType::Integer, false, "Where to begin."),
            ("MUTE", ParamType::String, false, "Whether it is muted."),
            (
                "INNER",
                ParamType::Members(InnerParams::SPEC),
                false,
                "A map."
            ),
            ("UNUSED", ParamType::DateTime, false, "Has no effect."),
            ("TEXT", ParamType::String, false, "A text."),
        ]
    );
    assert_eq!(SampleParams::SPEC[0].aliases, ["DIALOG"]);
}

#[test]
fn what_is_missing_or_unreadable_gets_its_error_or_its_default() {
    let error = |value| match read::<SampleParams>(value) {
        Err(Wrong::Own(error)) => error,
        other => panic!("no error of its own: {other:?}"),
    };
    assert_eq!(error(json!({})), SampleError::Missing);
    assert_eq!(error(json!({"DIALOG_ID": ""})), SampleError::Missing);
    assert_eq!(error(json!({"DIALOG_ID": "x"})), SampleError::Malformed);
    assert_eq!(
        error(json!({"DIALOG": "7", "TEXT": "twice"})),
        SampleError::Twice
    );
    let bare = read::<SampleParams>(json!({"DIALOG": 7, "LIMIT": -1})).unwrap();
    assert_eq!(bare.dialog, DialogId::User(UserId(7)));
    assert_eq!(
        bare.paging,
        PagingParams {
            limit: 10,
            offset: Given::Absent
        }
    );
    assert!(bare.mute && bare.inner.chat.is_none());
}

#[test]
fn a_deferred_mistake_is_kept() {
    let deferred = read::<Deferred<SampleParams>>(json!({})).unwrap();
    let got = deferred.get::<SampleError>();
    assert!(matches!(got, Err(Refused::Because(SampleError::Missing))));
    let wrong_type = json!({"DIALOG_ID": "chat5", "LIMIT": "many"});
    let told = read::<Deferred<SampleParams>>(wrong_type);
    assert!(matches!(told, Err(Wrong::Type(_))));
}

#[test]
fn all_values_of_a_source_are_seen_in_order() {
    let map = json!({"b": 1, "a": {"d": 2, "c": 3}});
    let params = params(map.clone());
    let names = |source: Source<'_>| -> Vec<String> {
        source.iter().map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(names(Source::Call(&params)), ["b", "a"]);
    let inner = Field::from(&map["a"]).as_map().unwrap();
    assert_eq!(names(Source::Members(inner)), ["d", "c"]);
}

#[test]
fn ids_are_positive_whole_numbers() {
    for good in [json!(7), json!("7"), json!(" 7.0 ")] {
        assert_eq!(value(&good), Given::Valid(FileId(7)), "{good}");
        assert_eq!(value(&good), Given::Valid(NotificationId(7)), "{good}");
    }
    for bad in [json!(0), json!(-7), json!("x"), json!(true), json!([7])] {
        assert_eq!(value::<FileId>(&bad), Given::Malformed, "{bad}");
        assert_eq!(value::<NotificationId>(&bad), Given::Malformed, "{bad}");
    }
    for none in [json!(null), json!("")] {
        assert_eq!(value::<FileId>(&none), Given::Absent, "{none}");
    }
}

#[test]
fn colors_have_names() {
    let mint = Color::from_name("MINT").unwrap();
    assert_eq!(value(&json!("mint")), Given::Valid(mint));
    for bad in [json!("no such"), json!(1), json!(["MINT"])] {
        assert_eq!(value::<Color>(&bad), Given::Malformed, "{bad}");
    }
    assert_eq!(value::<Color>(&Value::Null), Given::Absent);
    assert_eq!(read::<()>(Value::Object(Map::new())), Ok(()));
}

#[test]
fn a_list_of_users_in_which_is_nobody_is_none() {
    let users = |ids: &[i64]| Given::Valid(ids.iter().copied().map(UserId).collect::<Vec<_>>());
    assert_eq!(value(&json!([3, "5", 0, "x"])), users(&[3, 5]));
    assert_eq!(value(&json!({"0": 3})), users(&[3]));
    assert_eq!(value(&json!("3")), users(&[3]));
    assert_eq!(value(&json!("3, 5")), users(&[3, 5]));
    assert_eq!(value(&json!("[\"3\",\"5\"]")), users(&[3, 5]));
    for none in [json!(""), json!(null), json!([]), json!([""]), json!("[]")] {
        assert_eq!(value::<Vec<UserId>>(&none), Given::Absent, "{none}");
    }
    for nobody in [
        json!("x"),
        json!(0),
        json!(["x"]),
        json!([0, -1]),
        json!("[3"),
        json!("x,y"),
    ] {
        assert_eq!(value::<Vec<UserId>>(&nobody), Given::Malformed, "{nobody}");
    }
}

crate::params! {
    /// Every rule under which a wrong type is refused.
    #[derive(Debug, PartialEq)]
    struct StrictParams: NoError {
        /// An id.
        optional id: Option<MessageId> = "ID", typed;
        /// Whole number.
        optional offset: i64 = "OFFSET", default(0);
        /// How many.
        optional limit: i64 = "LIMIT", limit(10, 50);
        /// Switch.
        optional mute: bool = "MUTE", yes_no(true);
        /// Time.
        optional since: Option<Timestamp> = "SINCE", typed;
        /// Users.
        optional users: Vec<UserId> = "USERS", default(Vec::new());
        /// Name.
        optional color: Option<Color> = "COLOR", lenient;
    }
}

#[test]
fn what_is_not_of_its_type_never_counts_as_left_out() {
    let literal = "$result[a][ID]";
    for name in ["ID", "OFFSET", "LIMIT", "MUTE", "SINCE", "USERS"] {
        for wrong in [json!(literal), json!("some"), json!([[]]), json!({"a": {}})] {
            let Err(Wrong::Type(error)) = read::<StrictParams>(json!({ name: wrong })) else {
                panic!("{name} may be {wrong}")
            };
            assert_eq!((error.code, error.status), ("INVALID_ARG_VALUE", 400));
            assert_eq!(error.text, format!("Invalid value of parameter {name}"));
        }
        for nothing in [json!(""), json!(null)] {
            let bare = read::<StrictParams>(json!({}));
            assert_eq!(
                read::<StrictParams>(json!({ name: nothing })),
                bare,
                "{name}"
            );
        }
    }
    let lenient = read::<StrictParams>(json!({"ID": 0, "LIMIT": -1, "COLOR": literal})).unwrap();
    assert_eq!((lenient.id, lenient.limit, lenient.color), (None, 10, None));
}
