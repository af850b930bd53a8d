//! `im.dialog.users.list`: lists a chat's members in pages.

use readmark_app::{
    Refused,
    chat::people::{self, PeopleRefusal},
};
use readmark_model::{DialogId, Scope};
use readmark_store::repo::user::MemberPage;

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType, Reply},
        parse,
    },
    error_set,
    objects::user::ClassicUser,
    wire::Params,
};

/// Members on a page.
const PAGE: i64 = 50;
/// Members on the largest page.
const MAX_PAGE: i64 = 200;

/// See the module.
pub struct ImDialogUsersList;

/// Parameters.
pub struct UsersParams {
    dialog: DialogId,
    page: MemberPage,
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "DIALOG_ID",
            ParamType::String,
            "The dialog: `chatN`, `sgN`, or the id of a user.",
        ),
        ParamSpec::optional(
            "SKIP_EXTERNAL",
            ParamType::String,
            "`Y` leaves out bots, the only users of the system here.",
        ),
        ParamSpec::optional(
            "SKIP_EXTERNAL_EXCEPT_TYPES",
            ParamType::String,
            "Types that `SKIP_EXTERNAL` keeps, separated by commas: `bot`.",
        ),
        ParamSpec::optional(
            "LIMIT",
            ParamType::Integer,
            "Members on a page: 50 when left out, 200 at most.",
        ),
        ParamSpec::optional(
            "LAST_ID",
            ParamType::Integer,
            "The last user of the page before.",
        ),
        ParamSpec::optional(
            "OFFSET",
            ParamType::Integer,
            "Members to be passed over; 0 when left out.",
        ),
        ParamSpec::optional(
            "start",
            ParamType::Integer,
            "The same, as clients send it that follow `next` by themselves; `OFFSET` goes first.",
        ),
    ]];
    type Params = UsersParams;
    type Output = Vec<ClassicUser>;
    type Error = UsersListError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<Self::Params, UsersListError> {
        let dialog = parse::dialog(params, "DIALOG_ID")
            .ok_or(UsersListError::DialogIdEmpty)?
            .id;
        let kept = params
            .get("SKIP_EXTERNAL_EXCEPT_TYPES")
            .as_text()
            .unwrap_or_default();
        let keeps_bots = kept
            .split(',')
            .any(|kind| kind.trim().eq_ignore_ascii_case("bot"));
        let offset = if params.get("OFFSET").is_absent() {
            "start"
        } else {
            "OFFSET"
        };
        let page = MemberPage {
            after: parse::user(params, "LAST_ID").unwrap_or_default(),
            bots: keeps_bots || !parse::flag(params, "SKIP_EXTERNAL", false),
            offset: parse::positive(params, offset).unwrap_or(0),
            limit: parse::limit(params, "LIMIT", PAGE, MAX_PAGE),
        };
        Ok(UsersParams { dialog, page })
    }

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        let found = people::list(&mut cx.app, params.dialog, params.page).map_err(
            |refused: Refused<_>| {
                refused.map(|reason| match reason {
                    PeopleRefusal::NoDialog => UsersListError::NoDialog,
                    PeopleRefusal::NoAccess => UsersListError::NoAccess,
                })
            },
        )?;
        let next = found
            .has_more
            .then_some(params.page.offset + params.page.limit);
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
