//! First-generation bot methods that do, on behalf of a bot, what a user method does.

use std::marker::PhantomData;

use readmark_app::{Refused, bot::access::Denied};

use crate::{
    contract::{
        method::{Method, MethodCx, Reply},
        params::{Deferred, ParamSpec, Parameters, ReadCx, Source, Wrong, count, join},
    },
    methods::bot_v1::auth::AnyBotClaim,
};

/// The parameters `P` of a user method, and the acting bot, in a method with the errors `E`. Errors of the parameters are answered
/// after those of the bot, as nobody is told anything about a bot that is not theirs.
pub struct ForBot<P: Parameters, E> {
    claim: AnyBotClaim,
    params: Deferred<P>,
    error: PhantomData<fn() -> E>,
}

impl<P, E> ForBot<P, E>
where
    P: Parameters,
    P::Error: Send + Sync + 'static,
    E: 'static,
{
    /// All parameters, with room for more than any method has.
    const JOINED: [ParamSpec; 64] = join(Self::GROUPS);
}

impl<P, E> Parameters for ForBot<P, E>
where
    P: Parameters,
    P::Error: Send + Sync + 'static,
    E: 'static,
{
    type Error = E;

    const SPEC: &'static [ParamSpec] = Self::JOINED.split_at(count(Self::GROUPS)).0;
    const GROUPS: &'static [&'static [ParamSpec]] = &[P::SPEC, AnyBotClaim::SPEC];

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<E>> {
        Ok(Self {
            claim: AnyBotClaim::read(source, cx).map_err(Wrong::of_any)?,
            params: Deferred::read(source, cx).map_err(Wrong::of_any)?,
            error: PhantomData,
        })
    }
}

impl<P, E> ForBot<P, E>
where
    P: Parameters,
    P::Error: Copy,
    E: From<Denied> + From<P::Error>,
{
    /// Lets the call act for its bot, and returns the parameters.
    ///
    /// # Errors
    /// The error of the bot, then that of the parameters.
    pub fn enter(&self, cx: &mut MethodCx<'_>) -> Result<&P, Refused<E>> {
        self.claim.enter(cx).map_err(|denied| denied.map(E::from))?;
        self.params.get()
    }

    /// Runs the user method as the bot.
    ///
    /// # Errors
    /// Those of [`ForBot::enter`] and of the method.
    pub fn call<M>(&self, cx: &mut MethodCx<'_>) -> Result<Reply<M::Output>, Refused<E>>
    where
        M: Method<Params = P>,
        E: From<M::Error>,
    {
        let params = self.enter(cx)?;
        M::call(cx, params).map_err(|refused| refused.map(E::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contract::method::NoError, methods::im::chat::leave::LeaveParams};

    #[test]
    fn a_call_for_a_bot_has_the_parameters_of_the_method_and_of_the_claim() {
        type Sample = ForBot<LeaveParams, NoError>;
        let names: Vec<&str> = Sample::SPEC.iter().map(|spec| spec.name).collect();
        assert_eq!(names, ["CHAT_ID", "BOT_ID", "CLIENT_ID"]);
        let in_groups: Vec<_> = Sample::GROUPS.iter().copied().flatten().collect();
        assert_eq!(in_groups, Sample::SPEC.iter().collect::<Vec<_>>());
    }
}
