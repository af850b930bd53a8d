//! `im.dialog.read.all`: marks every chat of the caller as read (rule R11).

use readmark_app::dialog::read_all;
use readmark_model::Scope;

use crate::contract::method::{Access, Answer, Method, MethodCx, NoError};

/// `im.dialog.read.all`.
pub struct ImDialogReadAll;

impl Method for ImDialogReadAll {
    const NAME: &'static str = "im.dialog.read.all";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str =
        "Marks every chat of the caller as read, without recording views.";
    type Params = ();
    type Output = bool;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        read_all::read_all(&mut cx.app)?;
        Ok(true.into())
    }
}
