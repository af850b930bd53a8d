//! `imbot.v2.Event.get`: a bot fetches its events.
//!
//! Where the page is silent: a `limit` outside of 1 to 1000 is clamped; an `offset` of 0 acknowledges nothing, as a missing one;
//! without events `nextOffset` is the given offset. The bot in an event is its current state. A bot in `webhook` mode may fetch too,
//! and gets what was recorded while it was not. `AUTH_ERROR` is never answered, as every caller has a user.

use std::collections::BTreeSet;

use readmark_app::{
    Refused,
    bot::{access::Claim, details},
    stream,
};
use readmark_model::Scope;

use crate::{
    bot_error_set,
    contract::method::{Access, Answer, Method, MethodCx},
    methods::bot_v2::auth,
    objects::{
        bot::BotObject,
        stream::{EventPage, PageParams},
    },
    params,
};

/// `imbot.v2.Event.get`.
pub struct ImbotV2EventGet;

params! {
    /// Parameters of `imbot.v2.Event.get`.
    pub struct GetParams: EventGetError {
        group claim: Claim;
        group page: PageParams;
        /// Whether the caller's own events are among them.
        optional with_user_events: bool = "withUserEvents", default(false);
    }
}

bot_error_set! {
    /// Errors of `imbot.v2.Event.get`.
    pub enum EventGetError {
        /// `withUserEvents` is set, and the webhook or token has no scope `im`.
        ScopeError = 403 "SCOPE_ERROR" "Scope error",
        /// `withUserEvents` is set, and the caller has not called `im.v2.Event.subscribe`.
        UserNotSubscribed = 400 "USER_NOT_SUBSCRIBED" "User not subscribed",
    }
}

impl Method for ImbotV2EventGet {
    const NAME: &'static str = "imbot.v2.Event.get";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Read;
    const SUMMARY: &'static str = "Fetches the events of a bot, and acknowledges earlier ones.";
    type Params = GetParams;
    type Output = EventPage;
    type Error = EventGetError;

    fn call(cx: &mut MethodCx<'_>, params: &GetParams) -> Answer<Self> {
        let bot = auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
        let id = bot.user;
        let mut owners = BTreeSet::from([id]);
        if params.with_user_events {
            let caller = cx.app.caller;
            if !caller.scopes.has(Scope::Im) {
                return Err(Refused::Because(EventGetError::ScopeError));
            }
            if !stream::is_subscribed(&mut cx.app, caller.user)? {
                return Err(Refused::Because(EventGetError::UserNotSubscribed));
            }
            owners.insert(caller.user);
        }
        let (offset, limit) = (params.page.offset(), params.page.limit());
        let page = stream::fetch(&mut cx.app, &owners, offset, limit)?;
        let details = details::of_owned(&mut cx.app, bot)?;
        let object = BotObject::new(&details);
        Ok(EventPage::new(&page, Some((id, &object)), cx.portal)?.into())
    }
}
