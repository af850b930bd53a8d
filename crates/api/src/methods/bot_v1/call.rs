//! Methods of the first generation of bots that do, on behalf of a bot, what a method of users does.

use readmark_app::{Refused, bot::access::Denied};

use crate::{
    contract::{
        method::{Method, MethodCx, Reply},
        params::ReadCx,
    },
    methods::bot_v1::auth::{self, V1Claim},
    wire::Params,
};

/// A call of a bot: whose it is, and the parameters of the method of users, or what is wrong with them. That is answered after
/// whatever is wrong with the bot, as nobody is told anything about a bot that is not theirs.
pub struct BotCall<P, E> {
    claim: V1Claim,
    params: Result<P, E>,
}

/// Reads a call of a bot, the first one of the application where it names none.
pub fn read<M: Method, E: From<M::Error>>(
    params: &Params,
    cx: &ReadCx<'_>,
) -> BotCall<M::Params, E> {
    read_with(params, M::parse(params, cx).map_err(E::from))
}

/// The same with parameters that are read otherwise.
pub fn read_with<P, E>(params: &Params, own: Result<P, E>) -> BotCall<P, E> {
    BotCall {
        claim: auth::claim_any(params),
        params: own,
    }
}

/// Lets the call act for its bot; answers the parameters.
///
/// # Errors
/// What is wrong with the bot, then what is wrong with the parameters.
pub fn enter<'c, P, E>(cx: &mut MethodCx<'_>, call: &'c BotCall<P, E>) -> Result<&'c P, Refused<E>>
where
    E: Copy + From<Denied>,
{
    auth::enter(cx, &call.claim).map_err(|denied| denied.map(E::from))?;
    call.params
        .as_ref()
        .map_err(|error| Refused::Because(*error))
}

/// Does what the method of users does, as the bot.
///
/// # Errors
/// Those of [`enter`] and of the method.
pub fn run<M: Method, E>(
    cx: &mut MethodCx<'_>,
    call: &BotCall<M::Params, E>,
) -> Result<Reply<M::Output>, Refused<E>>
where
    E: Copy + From<Denied> + From<M::Error>,
{
    let params = enter(cx, call)?;
    M::call(cx, params).map_err(|refused| refused.map(E::from))
}
