//! `im.search.last.get`: the caller's recent picks from search results.

use readmark_app::find::picks::{self, Skipped};
use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    objects::found::PickObject,
    params,
};

/// `im.search.last.get`.
pub struct ImSearchLastGet;

params! {
    /// Parameters of `im.search.last.get`.
    pub struct LastParams: NoError {
        /// `Y` leaves out chats of open channels.
        optional skip_lines: bool = "SKIP_OPENLINES", yes_no(false);
        /// `Y` leaves out other chats.
        optional skip_chats: bool = "SKIP_CHAT", yes_no(false);
        /// `Y` leaves out users.
        optional skip_dialogs: bool = "SKIP_DIALOG", yes_no(false);
    }
}

impl Method for ImSearchLastGet {
    const NAME: &'static str = "im.search.last.get";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str =
        "Returns the caller's recent picks from search results, the latest first.";
    type Params = LastParams;
    type Output = Vec<PickObject>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, params: &LastParams) -> Answer<Self> {
        let skipped = Skipped {
            open_channels: params.skip_lines,
            chats: params.skip_chats,
            users: params.skip_dialogs,
        };
        let picked = picks::list(&mut cx.app, skipped)?;
        let objects = picked
            .iter()
            .map(|picked| PickObject::new(picked, cx.portal));
        Ok(objects.collect::<Vec<_>>().into())
    }
}
