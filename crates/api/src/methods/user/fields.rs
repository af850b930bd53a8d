//! `user.fields`: the names of the fields visible to the scope.

use readmark_model::Scope;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx, NoError},
    methods::shared::people::field::{self, Level},
    wire::EmptyAsList,
};

/// `user.fields`.
pub struct UserFields;

impl Method for UserFields {
    const NAME: &'static str = "user.fields";
    const SCOPES: &'static [Scope] = &[Scope::User, Scope::UserBasic, Scope::UserBrief];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Lists the fields of people with their labels.";
    type Params = ();
    type Output = EmptyAsList<&'static str, &'static str>;
    type Error = NoError;

    fn call(cx: &mut MethodCx<'_>, (): &()) -> Answer<Self> {
        let visible = field::visible(Level::of(cx.app.caller.scopes));
        let names: EmptyAsList<_, _> = visible.map(|field| (field.name, field.label)).collect();
        Ok(names.into())
    }
}
