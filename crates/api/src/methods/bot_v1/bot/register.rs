//! `imbot.register`: registers a first-generation bot, or answers the one that the same application registered with the same code.
//!
//! Where the page is silent: registering again replaces the given handlers and changes nothing else. A bot of type `H` is one of type
//! `B` that may show that it is typing. Each bot has its own handlers, which may differ from those of the application's first bot.
//! The limit of five bots per application counts both generations.

use readmark_app::{
    Refused,
    bot::{
        access,
        register::{self, Plan, RegisterRefusal},
    },
};
use readmark_model::{
    BotKind, BotOwner, EventMode, Scope,
    bot::{Generation, StreamEvent},
};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, NoError},
        params::{Deferred, Given, ParamType, ReadCx},
    },
    error_set,
    methods::{
        bot_v1::{
            auth::Client,
            properties::{Handlers, MAX_CODE_CHARS, V1Properties, WrongProperties},
        },
        bot_v2::fields::{self, Callback},
        shared::text,
    },
    params,
    wire::Field,
};

/// `imbot.register`.
pub struct ImbotRegister;

params! {
    /// Parameters of `imbot.register`.
    pub struct RegisterParams: RegisterError {
        /// The bot's code, unique in the portal, up to 255 characters.
        required code: String = "CODE", by(text::trimmed), kind(ParamType::String);
        /// `B`, the default, or `H`: sees what is said to it; `S`: sees everything; `O`: for open channels.
        optional kind: BotKind = "TYPE", by(kind), kind(ParamType::String);
        /// `Y` when the bot serves open channels; always so with `TYPE` `O`.
        optional openline: bool = "OPENLINE", default(false);
        group handlers: Handlers;
        group client: Client;
        /// How the bot looks.
        required properties: Deferred<V1Properties> = "PROPERTIES", members;
    }
}

error_set! {
    /// Errors of `imbot.register`.
    pub enum RegisterError {
        /// The call comes by a webhook and gives no `CLIENT_ID`.
        ClientIdMissing = 403 "ACCESS_DENIED" "Access denied! Client ID not specified",
        /// `EVENT_MESSAGE_ADD` is missing.
        MessageAddMissing = 400 "EVENT_MESSAGE_ADD_ERROR" "Handler for \"Message add\" event isn't specified",
        /// `EVENT_MESSAGE_ADD` or `EVENT_HANDLER` is not an `http` or `https` address.
        MessageAddWrong = 400 "EVENT_MESSAGE_ADD_ERROR" "Wrong handler URL",
        /// `EVENT_MESSAGE_UPDATE` is not an `http` or `https` address; it is ignored unless the bot serves open channels or sees all.
        MessageUpdateWrong = 400 "EVENT_MESSAGE_UPDATE_ERROR" "Wrong handler URL",
        /// `EVENT_MESSAGE_DELETE` is not an `http` or `https` address; it is ignored unless the bot serves open channels or sees all.
        MessageDeleteWrong = 400 "EVENT_MESSAGE_DELETE_ERROR" "Wrong handler URL",
        /// `EVENT_WELCOME_MESSAGE` is missing.
        WelcomeMissing = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Handler for \"Welcome message\" event isn't specified",
        /// `EVENT_WELCOME_MESSAGE` is not an `http` or `https` address.
        WelcomeWrong = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Wrong handler URL",
        /// `EVENT_BOT_DELETE` is missing.
        BotDeleteMissing = 400 "EVENT_BOT_DELETE_ERROR" "Handler for \"Bot delete\" event isn't specified",
        /// `EVENT_BOT_DELETE` is not an `http` or `https` address.
        BotDeleteWrong = 400 "EVENT_BOT_DELETE_ERROR" "Wrong handler URL",
        /// `CODE` is missing or blank.
        CodeError = 400 "CODE_ERROR" "Bot code isn't specified",
        /// `PROPERTIES` has neither `NAME` nor `LAST_NAME`.
        NameError = 400 "NAME_ERROR" "Bot name isn't specified",
        /// The application has five bots.
        MaxCountError = 400 "MAX_COUNT_ERROR" "Has reached the maximum number of bots for application (max: 5)",
        /// The code is another application's or longer than 255 characters, the email is a person's or invalid, the birthday or the
        /// picture is invalid, the caller is an extranet user, or its webhook registered 100 bots.
        WrongRequest = 400 "WRONG_REQUEST" "Bot can't be created",
    }
}

impl From<WrongProperties> for RegisterError {
    fn from(wrong: WrongProperties) -> Self {
        match wrong {
            WrongProperties::Nameless => Self::NameError,
            WrongProperties::Value => Self::WrongRequest,
        }
    }
}

impl From<RegisterRefusal> for RegisterError {
    fn from(refusal: RegisterRefusal) -> Self {
        match refusal {
            RegisterRefusal::LimitExceeded => Self::MaxCountError,
            RegisterRefusal::RegistrarLimitExceeded
            | RegisterRefusal::CodeTaken
            | RegisterRefusal::EmailTaken
            | RegisterRefusal::Outsider => Self::WrongRequest,
        }
    }
}

impl Method for ImbotRegister {
    const NAME: &'static str = "imbot.register";
    const SCOPES: &'static [Scope] = &[Scope::Imbot];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Registers a bot of the first generation.";
    type Params = RegisterParams;
    type Output = i64;
    type Error = RegisterError;

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let owner = access::owner(&cx.app, params.client.hash)
            .map_err(|_| Refused::Because(RegisterError::ClientIdMissing))?;
        let handlers = params.wanted_handlers().map_err(Refused::Because)?;
        let properties = params.checked_properties()?;
        let plan = params.plan(owner, &handlers, properties);
        let details = register::register(&mut cx.app, &plan)
            .map_err(|refused| refused.map(RegisterError::from))?;
        Ok(details.bot.user.get().into())
    }
}

impl RegisterParams {
    fn serves_openline(&self) -> bool {
        self.openline || self.kind == BotKind::OpenLine
    }

    /// Event handlers. Bots that see only messages addressed to them are not notified of changes to messages.
    fn wanted_handlers(&self) -> Result<Vec<(StreamEvent, String)>, RegisterError> {
        let mut handlers = Vec::new();
        for (event, address) in self.handlers.addresses() {
            let of_changes = matches!(
                event,
                StreamEvent::MessageUpdate | StreamEvent::MessageDelete
            );
            if of_changes && self.kind == BotKind::Bot && !self.serves_openline() {
                continue;
            }
            match address {
                Given::Valid(Callback(url)) => handlers.push((event, url.clone())),
                Given::Absent if of_changes => {}
                Given::Absent => return Err(missing(event)),
                Given::Malformed => return Err(wrong(event)),
            }
        }
        Ok(handlers)
    }

    fn checked_properties(&self) -> Result<&V1Properties, Refused<RegisterError>> {
        if self.code.is_empty() {
            return Err(Refused::Because(RegisterError::CodeError));
        }
        let properties = self.properties.get::<RegisterError>()?;
        if !properties.has_name() {
            return Err(Refused::Because(RegisterError::NameError));
        }
        if self.code.chars().count() > MAX_CODE_CHARS {
            return Err(Refused::Because(RegisterError::WrongRequest));
        }
        Ok(properties)
    }

    fn plan<'a>(
        &'a self,
        owner: BotOwner,
        handlers: &'a [(StreamEvent, String)],
        properties: &'a V1Properties,
    ) -> Plan<'a> {
        let messages = handlers
            .iter()
            .find(|(event, _)| *event == StreamEvent::MessageAdd);
        Plan {
            owner,
            code: &self.code,
            kind: self.kind,
            event_mode: EventMode::Webhook,
            webhook_url: messages.map_or("", |(_, url)| url),
            hidden: false,
            reactions_enabled: true,
            openline: self.serves_openline(),
            background: None,
            profile: properties.as_profile(),
            generation: Generation::First,
            handlers,
        }
    }
}

/// An unknown type is the default.
fn kind(field: Field<'_>, cx: &ReadCx<'_>) -> Result<BotKind, NoError> {
    let given = fields::text(field, cx)?.unwrap_or_default();
    Ok(match given.to_ascii_uppercase().as_str() {
        "O" => BotKind::OpenLine,
        "S" => BotKind::Supervisor,
        _ => BotKind::Bot,
    })
}

fn missing(event: StreamEvent) -> RegisterError {
    match event {
        StreamEvent::JoinChat => RegisterError::WelcomeMissing,
        StreamEvent::Delete => RegisterError::BotDeleteMissing,
        _ => RegisterError::MessageAddMissing,
    }
}

fn wrong(event: StreamEvent) -> RegisterError {
    match event {
        StreamEvent::MessageUpdate => RegisterError::MessageUpdateWrong,
        StreamEvent::MessageDelete => RegisterError::MessageDeleteWrong,
        StreamEvent::JoinChat => RegisterError::WelcomeWrong,
        StreamEvent::Delete => RegisterError::BotDeleteWrong,
        _ => RegisterError::MessageAddWrong,
    }
}
