//! What can be read from a row: the types of single columns, and how they are put together.

use readmark_model::{
    ApplicationId, BotKind, BotOwner, ChatId, ChatKind, EventMode, FileId, GrantId, MessageId,
    MessageKind, MessageParams, NotificationId, Permission, Role, Scopes, SecretHash, Seq,
    Timestamp, UserId, UserKind, application::Audience, bot::Generation,
};

use super::FromRow;
use crate::{error::StoreError, message_params, tx::Row};

/// Types of one column, each with the accessor of [`Row`] that reads it and what makes the value of it.
macro_rules! values {
    ($($type:ty = $read:ident => $make:expr),+ $(,)?) => {$(
        impl FromRow for $type {
            const WIDTH: usize = 1;

            fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError> {
                Ok(row.$read(first)?.map($make))
            }
        }
    )+};
}

values! {
    i64 = opt_int => |value| value,
    bool = opt_int => |value| value != 0,
    String = opt_text => str::to_owned,
    Vec<u8> = opt_blob => <[u8]>::to_vec,
    UserId = opt_int => UserId,
    ChatId = opt_int => ChatId,
    MessageId = opt_int => MessageId,
    NotificationId = opt_int => NotificationId,
    FileId = opt_int => FileId,
    ApplicationId = opt_int => ApplicationId,
    GrantId = opt_int => GrantId,
    Seq = opt_int => Seq,
    Timestamp = opt_int => Timestamp,
    MessageParams = opt_text => message_params::decode,
}

/// Types of one column that has a code, each with the accessor of [`Row`] that reads the code, what makes the value of it or
/// knows none, and the error then.
macro_rules! codes {
    ($($type:ty = $read:ident => $parse:path, $unknown:literal;)+) => {$(
        impl $crate::columns::FromRow for $type {
            const WIDTH: usize = 1;

            fn find(
                row: &dyn $crate::tx::Row,
                first: usize,
            ) -> Result<Option<Self>, $crate::StoreError> {
                match row.$read(first)? {
                    Some(code) => $parse(code)
                        .map(Some)
                        .ok_or($crate::StoreError::Decode($unknown)),
                    None => Ok(None),
                }
            }
        }
    )+};
}
pub(crate) use codes;

codes! {
    ChatKind = opt_int => ChatKind::from_code, "unknown kind of chat";
    MessageKind = opt_int => MessageKind::from_code, "unknown kind of message";
    UserKind = opt_int => UserKind::from_code, "unknown kind of user";
    Role = opt_int => Role::from_code, "unknown role";
    Permission = opt_int => Permission::from_code, "unknown permission";
    Generation = opt_int => Generation::from_code, "unknown generation of bot";
    BotKind = opt_text => BotKind::parse, "unknown kind of bot";
    BotOwner = opt_text => BotOwner::parse, "unknown owner of a bot";
    EventMode = opt_text => EventMode::parse, "unknown event mode";
    Scopes = opt_text => Scopes::parse, "unknown scope";
    Audience = opt_text => Audience::parse, "unknown audience of an application";
    SecretHash = opt_blob => SecretHash::from_slice, "a hash of another length";
}

impl<T: FromRow> FromRow for Option<T> {
    const WIDTH: usize = T::WIDTH;

    fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError> {
        T::find(row, first).map(Some)
    }

    fn get(row: &dyn Row, first: usize) -> Result<Self, StoreError> {
        T::find(row, first)
    }
}

impl<A: FromRow, B: FromRow> FromRow for (A, B) {
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError> {
        match A::find(row, first)? {
            Some(a) => Ok(Some((a, B::get(row, first + A::WIDTH)?))),
            None => Ok(None),
        }
    }

    fn get(row: &dyn Row, first: usize) -> Result<Self, StoreError> {
        Ok((A::get(row, first)?, B::get(row, first + A::WIDTH)?))
    }
}

impl<T: FromRow> FromRow for [T; 3] {
    const WIDTH: usize = 3 * T::WIDTH;

    fn find(row: &dyn Row, first: usize) -> Result<Option<Self>, StoreError> {
        match T::find(row, first)? {
            Some(_) => Self::get(row, first).map(Some),
            None => Ok(None),
        }
    }

    fn get(row: &dyn Row, first: usize) -> Result<Self, StoreError> {
        Ok([
            T::get(row, first)?,
            T::get(row, first + T::WIDTH)?,
            T::get(row, first + 2 * T::WIDTH)?,
        ])
    }
}
