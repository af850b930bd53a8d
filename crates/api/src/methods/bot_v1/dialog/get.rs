//! `imbot.dialog.get`: a dialog as the caller sees it: `im.dialog.get` for applications that only have the scope of bots.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    methods::im::dialog::get::ImDialogGet,
};

/// `imbot.dialog.get`.
pub struct ImbotDialogGet;

impl Method for ImbotDialogGet {
    const NAME: &'static str = "imbot.dialog.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = ImDialogGet::ACCESS;
    const SUMMARY: &'static str = "Describes a chat and the caller's read state in it.";
    type Params = <ImDialogGet as Method>::Params;
    type Output = <ImDialogGet as Method>::Output;
    type Error = <ImDialogGet as Method>::Error;

    fn call(cx: &mut MethodCx<'_>, params: &Self::Params) -> Answer<Self> {
        ImDialogGet::call(cx, params)
    }
}
