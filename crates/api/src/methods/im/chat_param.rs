//! A chat by `CHAT_ID`, a number, or by `DIALOG_ID`; `CHAT_ID` takes precedence.

use readmark_model::{ChatId, DialogId};

use crate::{
    contract::{
        method::NoError,
        params::{Given, ParamSpec, ParamType, ParamValue, Parameters, ReadCx, Source, Wrong},
    },
    params,
    wire::Field,
};

/// Invalid parameters for a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongChat {
    /// `CHAT_ID` is missing or not a number, and `DIALOG_ID` is missing.
    ChatId,
    /// `DIALOG_ID` is not of the wanted kind.
    DialogId,
}

/// Converts the two errors into those of the same names in a method.
macro_rules! from_wrong_chat {
    ($error:ty) => {
        impl From<$crate::methods::im::chat_param::WrongChat> for $error {
            fn from(wrong: $crate::methods::im::chat_param::WrongChat) -> Self {
                match wrong {
                    $crate::methods::im::chat_param::WrongChat::ChatId => Self::ChatIdEmpty,
                    $crate::methods::im::chat_param::WrongChat::DialogId => Self::DialogIdEmpty,
                }
            }
        }
    };
}
pub(crate) use from_wrong_chat;

params! {
    /// The names of a chat of any kind.
    struct AnyNames: NoError {
        /// The chat's number; this or `DIALOG_ID` is needed.
        optional chat: Given<ChatId> = "CHAT_ID", given;
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        optional dialog: Option<Option<DialogId>> = "DIALOG_ID", by(dialog), kind(ParamType::String);
    }
}

params! {
    /// The names of a group chat.
    struct GroupNames: NoError {
        /// The chat's number; this or `DIALOG_ID` is needed.
        optional chat: Given<ChatId> = "CHAT_ID", given;
        /// The chat as `chatN`.
        optional dialog: Option<Option<DialogId>> = "DIALOG_ID", by(dialog), kind(ParamType::String);
    }
}

/// The dialog: `Some(None)` if given but invalid, including null and an empty text.
fn dialog(field: Field<'_>, cx: &ReadCx<'_>) -> Result<Option<Option<DialogId>>, NoError> {
    let given = field.raw().is_some();
    Ok(given.then(|| DialogId::read(field, cx).valid()))
}

/// A chat of any kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyChat(pub DialogId);

impl Parameters for AnyChat {
    type Error = WrongChat;

    const SPEC: &'static [ParamSpec] = AnyNames::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<WrongChat>> {
        let AnyNames { chat, dialog } = AnyNames::read(source, cx).map_err(Wrong::of_any)?;
        match (chat, dialog) {
            (Given::Valid(chat), _) => Ok(Self(DialogId::Chat(chat))),
            (Given::Malformed, _) | (Given::Absent, None) => Err(Wrong::Own(WrongChat::ChatId)),
            (Given::Absent, Some(dialog)) => {
                dialog.map(Self).ok_or(Wrong::Own(WrongChat::DialogId))
            }
        }
    }
}

/// A group chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupChat(pub ChatId);

impl Parameters for GroupChat {
    type Error = WrongChat;

    const SPEC: &'static [ParamSpec] = GroupNames::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<WrongChat>> {
        let GroupNames { chat, dialog } = GroupNames::read(source, cx).map_err(Wrong::of_any)?;
        match (chat, dialog) {
            (Given::Valid(chat), _) => Ok(Self(chat)),
            (Given::Malformed, _) | (Given::Absent, None) => Err(Wrong::Own(WrongChat::ChatId)),
            (Given::Absent, Some(Some(DialogId::Chat(chat)))) => Ok(Self(chat)),
            (Given::Absent, Some(_)) => Err(Wrong::Own(WrongChat::DialogId)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::wire::Params;

    fn read<P: Parameters>(params: Value) -> Result<P, Wrong<P::Error>> {
        let Value::Object(params) = params else {
            panic!("a map is expected")
        };
        let params = Params::new(params);
        P::read(Source::Call(&params), &ReadCx::utc())
    }

    #[test]
    fn chat_id_goes_before_dialog_id() {
        let both = json!({"CHAT_ID": 5, "DIALOG_ID": "nonsense"});
        assert_eq!(read(both.clone()), Ok(GroupChat(ChatId(5))));
        assert_eq!(read(both), Ok(AnyChat(DialogId::Chat(ChatId(5)))));
        let empty = json!({"CHAT_ID": "", "DIALOG_ID": "chat6"});
        assert_eq!(read(empty.clone()), Ok(GroupChat(ChatId(6))));
        assert_eq!(read(empty), Ok(AnyChat(DialogId::Chat(ChatId(6)))));
    }

    #[test]
    fn what_is_wrong_is_told_of_the_name_that_counts() {
        for (params, wrong) in [
            (json!({}), WrongChat::ChatId),
            (
                json!({"CHAT_ID": "x", "DIALOG_ID": "chat6"}),
                WrongChat::ChatId,
            ),
            (json!({"CHAT_ID": 0}), WrongChat::ChatId),
            (json!({"DIALOG_ID": ""}), WrongChat::DialogId),
            (json!({"DIALOG_ID": null}), WrongChat::DialogId),
            (json!({"DIALOG_ID": "x"}), WrongChat::DialogId),
        ] {
            let wrong = Wrong::Own(wrong);
            assert_eq!(read::<GroupChat>(params.clone()), Err(wrong), "{params}");
            assert_eq!(read::<AnyChat>(params.clone()), Err(wrong), "{params}");
        }
    }

    #[test]
    fn only_chats_are_group_chats() {
        let user = json!({"DIALOG_ID": 7});
        assert_eq!(
            read::<GroupChat>(user.clone()),
            Err(Wrong::Own(WrongChat::DialogId))
        );
        assert!(read::<AnyChat>(user).is_ok());
        assert_eq!(
            read::<GroupChat>(json!({"DIALOG_ID": "sg2"})),
            Err(Wrong::Own(WrongChat::DialogId))
        );
    }
}
