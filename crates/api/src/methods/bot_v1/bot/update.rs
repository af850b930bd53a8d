//! `imbot.update`: changes a bot and where its events are sent.
//!
//! Where the page is silent: what is not given stays. The events of a bot of the second generation are sent where its mode says, so
//! that addresses given here are checked and change nothing for it.

use readmark_app::{
    Refused,
    bot::update::{self, Changes, UpdateRefusal},
};
use readmark_model::{Scope, bot::StreamEvent};

use crate::{
    bot_v1_error_set,
    contract::method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
    methods::bot_v1::{
        auth::{self, V1Claim},
        properties::{self, MAX_CODE_CHARS, V1Properties, WrongProperties},
    },
    wire::{Members, Params},
};

/// See the module.
pub struct ImbotUpdate;

/// Parameters.
pub struct UpdateParams {
    claim: V1Claim,
    /// What is wrong with it is answered after the claim.
    wish: Result<Wish, UpdateError>,
}

/// What is to be changed.
struct Wish {
    code: Option<String>,
    handlers: Vec<(StreamEvent, String)>,
    properties: V1Properties,
}

bot_v1_error_set! {
    /// Errors of `imbot.update`.
    pub enum UpdateError: "Bot was installed by another REST application" {
        /// `FIELDS.EVENT_MESSAGE_ADD` or `FIELDS.EVENT_HANDLER` is no `http` or `https` address.
        MessageAddWrong = 400 "EVENT_MESSAGE_ADD_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_MESSAGE_UPDATE` is no `http` or `https` address.
        MessageUpdateWrong = 400 "EVENT_MESSAGE_UPDATE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_MESSAGE_DELETE` is no `http` or `https` address.
        MessageDeleteWrong = 400 "EVENT_MESSAGE_DELETE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_WELCOME_MESSAGE` is no `http` or `https` address.
        WelcomeWrong = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Wrong handler URL",
        /// `FIELDS.EVENT_BOT_DELETE` is no `http` or `https` address.
        BotDeleteWrong = 400 "EVENT_BOT_DELETE_ERROR" "Wrong handler URL",
        /// `NAME` and `LAST_NAME` are given and both empty.
        NameError = 400 "NAME_ERROR" "Bot name isn't specified",
        /// `FIELDS` has nothing that can be changed.
        Empty = 400 "WRONG_REQUEST" "Update fields can't be empty",
        /// The code is another bot's or longer than 255 characters, the email is a person's or none, the birthday or the picture is
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        auth::BOT_ID,
        ParamSpec::required(
            "FIELDS",
            ParamType::Object,
            "What is to be changed: `CODE`, `EVENT_HANDLER` or an address for each event, `PROPERTIES`.",
        ),
        auth::CLIENT_ID,
    ]];
    type Params = UpdateParams;
    type Output = bool;
    type Error = UpdateError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<UpdateParams, UpdateError> {
        Ok(UpdateParams {
            claim: auth::claim(params),
            wish: Wish::read(params.get("FIELDS").as_map().unwrap_or_default()),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &UpdateParams) -> Answer<Self> {
        let wish = match &params.wish {
            Ok(wish) => wish,
            Err(error) => {
                auth::enter(cx, &params.claim).map_err(|denied| denied.map(Into::into))?;
                return Err(Refused::Because(*error));
            }
        };
        let changes = Changes {
            profile: wish.properties.as_profile(),
            code: wish.code.as_deref(),
            handlers: &wish.handlers,
            ..Changes::default()
        };
        update::update(&mut cx.app, &params.claim.as_claim(), &changes)
            .map_err(|refused| refused.map(UpdateError::from))?;
        Ok(true.into())
    }
}

impl Wish {
    fn read(fields: Members<'_>) -> Result<Self, UpdateError> {
        let mut handlers = Vec::new();
        for (event, address) in properties::addresses(|name| fields.any_case(name)) {
            match address {
                Ok(Some(url)) => handlers.push((event, url)),
                Ok(None) => {}
                Err(_) => return Err(wrong(event)),
            }
        }
        let properties = fields.any_case("PROPERTIES").as_map().unwrap_or_default();
        let properties = V1Properties::read(properties)?;
        let code = properties::code(fields.any_case("CODE"));
        if code.chars().count() > MAX_CODE_CHARS {
            return Err(UpdateError::WrongRequest);
        }
        if code.is_empty() && handlers.is_empty() && properties.is_empty() {
            return Err(UpdateError::Empty);
        }
        Ok(Self {
            code: Some(code).filter(|code| !code.is_empty()),
            handlers,
            properties,
        })
    }
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
