//! `user.current`: the caller's user, as far as the scope allows.

use readmark_app::{Refused, users::look};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    methods::shared::people::{
        card::Card,
        field::Level,
        select::{GivenSelect, Row, Select},
    },
};

/// `user.current`.
pub struct UserCurrent;

impl Method for UserCurrent {
    const NAME: &'static str = "user.current";
    const SCOPES: &'static [Scope] = &[Scope::User, Scope::UserBasic, Scope::UserBrief];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Returns the fields of the caller's user.";
    type Params = ();
    type Output = Row;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let me = cx.app.user;
        let user = match look::get(&mut cx.app, me) {
            Ok(user) => user,
            Err(Refused::Because(_)) => return Ok(Row::default().into()),
            Err(Refused::Interrupted(fault)) => return Err(fault.into()),
        };
        let select = Select::new(&GivenSelect::default(), Level::of(cx.app.caller.scopes));
        let card = Card::new(&user, &cx.portal.presence, cx.app.now);
        Ok(select.row(&card, cx.portal).into())
    }
}
