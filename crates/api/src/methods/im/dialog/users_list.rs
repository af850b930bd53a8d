//! `im.dialog.users.list`: the members of a chat, in pages.

use readmark_app::{
    Refused,
    chat::people::{self, MemberPage, PeopleRefusal},
};
use readmark_model::{DialogId, Scope, UserId};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError, Reply},
        params::{ParamType, ReadCx},
    },
    error_set,
    methods::shared::page::OffsetParams,
    objects::user::ClassicUser,
    params,
    wire::Field,
};

/// Default page size.
const PAGE: i64 = 50;
/// Maximum page size.
const MAX_PAGE: i64 = 200;

/// `im.dialog.users.list`.
pub struct ImDialogUsersList;

params! {
    /// Parameters of `im.dialog.users.list`.
    pub struct UsersParams: UsersListError {
        /// The dialog: `chatN`, `sgN`, or the id of a user.
        required dialog: DialogId = "DIALOG_ID", or(DialogIdEmpty);
        /// `Y` leaves out bots, the only users of the system here.
        optional skip_external: bool = "SKIP_EXTERNAL", yes_no(false);
        /// Types that `SKIP_EXTERNAL` keeps, separated by commas: `bot`.
        optional keep_bots: bool = "SKIP_EXTERNAL_EXCEPT_TYPES", by(names_bots), kind(ParamType::String);
        /// Members on a page: 50 when left out, 200 at most.
        optional limit: i64 = "LIMIT", limit(PAGE, MAX_PAGE);
        /// The last user of the page before.
        optional after: Option<UserId> = "LAST_ID", typed;
        group offset: OffsetParams;
    }
}

error_set! {
    /// Errors of `im.dialog.users.list`.
    pub enum UsersListError {
        /// `DIALOG_ID` is missing, empty or malformed.
        DialogIdEmpty = 400 "DIALOG_ID_EMPTY" "Dialog ID can't be empty",
        /// The dialog names no user that the caller may see, or a workgroup without a chat.
        NoDialog = 403 "ACCESS_ERROR" "You do not have access to the specified dialog",
        /// There is no such chat, or the caller may not look into it.
        NoAccess = 403 "ACCESS_ERROR" "You don't have access to this chat",
    }
}

impl Method for ImDialogUsersList {
    const NAME: &'static str = "im.dialog.users.list";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists a chat's members, in the order of their ids.";
    type Params = UsersParams;
    type Output = Vec<ClassicUser>;
    type Error = UsersListError;

    fn call(cx: &mut MethodCx<'_>, params: &UsersParams) -> Answer<Self> {
        let page = MemberPage {
            after: params.after.unwrap_or_default(),
            bots: params.keep_bots || !params.skip_external,
            offset: params.offset.skipped(),
            limit: params.limit,
        };
        let found =
            people::list(&mut cx.app, params.dialog, page).map_err(|refused: Refused<_>| {
                refused.map(|reason| match reason {
                    PeopleRefusal::NoDialog => UsersListError::NoDialog,
                    PeopleRefusal::NoAccess => UsersListError::NoAccess,
                })
            })?;
        let next = found.has_more.then_some(page.offset + page.limit);
        let result = found
            .users
            .iter()
            .map(|user| ClassicUser::new(user, cx.portal))
            .collect();
        Ok(Reply {
            result,
            total: Some(found.total),
            next,
        })
    }
}

fn names_bots(field: Field<'_>, _: &ReadCx<'_>) -> Result<bool, NoError> {
    let types = field.as_text().unwrap_or_default();
    let mut types = types.split(',');
    Ok(types.any(|kind| kind.trim().eq_ignore_ascii_case("bot")))
}
