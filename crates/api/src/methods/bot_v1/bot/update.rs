//! `imbot.update`: changes a bot and its event handlers.
//!
//! Where the page is silent: what is not given stays. Events of a second-generation bot are sent according to its mode, so addresses
//! given here are validated but have no effect on it.

use readmark_app::{
    Refused,
    bot::update::{self, Changes, UpdateRefusal},
};
use readmark_model::{Scope, bot::StreamEvent};

use crate::{
    bot_v1_error_set,
    contract::{
        method::{Access, Answer, Method, MethodCx},
        params::{Deferred, Given, ParamSpec, ParamType, Parameters, ReadCx, Source, Wrong},
    },
    methods::{
        bot_v1::{
            auth::BotClaim,
            properties::{Handlers, MAX_CODE_CHARS, V1Properties, WrongProperties},
        },
        bot_v2::fields::Callback,
        shared::text,
    },
    params,
};

/// `imbot.update`.
pub struct ImbotUpdate;

params! {
    /// Parameters of `imbot.update`.
    pub struct UpdateParams: UpdateError {
        group claim: BotClaim;
        /// The changes; what is left out stays.
        required fields: Deferred<UpdateFields> = "FIELDS", members;
    }
}

params! {
    /// `FIELDS`. Its errors are reported after the claim.
    pub struct UpdateFields: UpdateError {
        /// The bot's code, unique in the portal, up to 255 characters.
        optional code: String = "CODE", by(text::trimmed), kind(ParamType::String);
        group handlers: CheckedHandlers;
        /// How the bot looks.
        optional properties: V1Properties = "PROPERTIES", members;
    }
    check not_empty;
}

/// Validated [`Handlers`].
pub struct CheckedHandlers(Vec<(StreamEvent, String)>);

bot_v1_error_set! {
    /// Errors of `imbot.update`.
    pub enum UpdateError: "Bot was installed by another REST application" {
        /// `FIELDS.EVENT_MESSAGE_ADD` or `FIELDS.EVENT_HANDLER` is not an `http` or `https` address.
        MessageAddWrong = 400 "EVENT_MESSAGE_ADD_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_MESSAGE_UPDATE` is not an `http` or `https` address.
        MessageUpdateWrong = 400 "EVENT_MESSAGE_UPDATE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_MESSAGE_DELETE` is not an `http` or `https` address.
        MessageDeleteWrong = 400 "EVENT_MESSAGE_DELETE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_WELCOME_MESSAGE` is not an `http` or `https` address.
        WelcomeWrong = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_BOT_DELETE` is not an `http` or `https` address.
        BotDeleteWrong = 400 "EVENT_BOT_DELETE_ERROR" "Wrong handler URL",
        /// `NAME` and `LAST_NAME` are given and both empty.
        NameError = 400 "NAME_ERROR" "Bot name isn't specified",
        /// `FIELDS` has nothing that can be changed.
        Empty = 400 "WRONG_REQUEST" "Update fields can't be empty",
        /// The code is another bot's or longer than 255 characters, the email is a person's or invalid, the birthday or the picture is
        /// none.
        WrongRequest = 400 "WRONG_REQUEST" "Bot can't be updated",
    }
}

impl From<WrongProperties> for UpdateError {
    fn from(wrong: WrongProperties) -> Self {
        match wrong {
            WrongProperties::Nameless => Self::NameError,
            WrongProperties::Value => Self::WrongRequest,
        }
    }
}

impl From<UpdateRefusal> for UpdateError {
    fn from(refusal: UpdateRefusal) -> Self {
        match refusal {
            UpdateRefusal::Denied(denied) => denied.into(),
            UpdateRefusal::NoAddress
            | UpdateRefusal::TokenTaken
            | UpdateRefusal::CodeTaken
            | UpdateRefusal::EmailTaken => Self::WrongRequest,
        }
    }
}

impl Method for ImbotUpdate {
    const NAME: &'static str = "imbot.update";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Changes a bot, or where its events are sent.";
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let fields = match &params.fields.0 {
            Ok(fields) => fields,
            Err(error) => {
                params
                    .claim
                    .enter(cx)
                    .map_err(|denied| denied.map(Into::into))?;
                return Err(Refused::Because(*error));
            }
        };
        let changes = Changes {
            profile: fields.properties.as_profile(),
            code: Some(fields.code.as_str()).filter(|code| !code.is_empty()),
            handlers: &fields.handlers.0,
            ..Changes::default()
        };
        update::update(&mut cx.app, &params.claim.as_claim(), &changes)
            .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}

impl Parameters for CheckedHandlers {
    type Error = UpdateError;

    const SPEC: &'static [ParamSpec] = Handlers::SPEC;

    fn read(source: Source<'_>, cx: &ReadCx<'_>) -> Result<Self, Wrong<UpdateError>> {
        let mut handlers = Vec::new();
        for (event, address) in Handlers::read(source, cx)
            .map_err(Wrong::of_any)?
            .addresses()
        {
            match address {
                Given::Valid(Callback(url)) => handlers.push((event, url.clone())),
                Given::Absent => {}
                Given::Malformed => return Err(Wrong::Own(wrong(event))),
            }
        }
        Ok(Self(handlers))
    }
}

fn not_empty(fields: UpdateFields) -> Result<UpdateFields, UpdateError> {
    if fields.code.chars().count() > MAX_CODE_CHARS {
        return Err(UpdateError::WrongRequest);
    }
    if fields.code.is_empty() && fields.handlers.0.is_empty() && fields.properties.is_empty() {
        return Err(UpdateError::Empty);
    }
    Ok(fields)
}

fn wrong(event: StreamEvent) -> UpdateError {
    match event {
        StreamEvent::MessageUpdate => UpdateError::MessageUpdateWrong,
        StreamEvent::MessageDelete => UpdateError::MessageDeleteWrong,
        StreamEvent::JoinChat => UpdateError::WelcomeWrong,
        StreamEvent::Delete => UpdateError::BotDeleteWrong,
        _ => UpdateError::MessageAddWrong,
    }
}
