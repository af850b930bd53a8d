//! `imbot.register`: makes a bot of the first generation, or answers the one that the same application made with the same code.
//!
//! Where the page is silent: registering again puts the handlers that are given in the place of those before and changes nothing else.
//! A bot of type `H` is one of type `B` that may show that it is writing. Each bot has handlers of its own, which need not be those of
//! the application's first bot. Of the five bots of an application those of both generations count.

use readmark_app::{
    Refused,
    bot::{
        access,
        register::{self, Plan, RegisterRefusal},
    },
};
use readmark_model::{
    BotKind, BotOwner, EventMode, Scope, SecretHash,
    bot::{Generation, StreamEvent},
};

use crate::{
    contract::{
        method::{Access, Answer, Method, MethodCx, ParamSpec, ParamType},
        parse,
    },
    error_set,
    methods::{
        bot_v1::{
            auth,
            properties::{self, MAX_CODE_CHARS, V1Properties, WrongProperties},
        },
        bot_v2::fields,
    },
    wire::Params,
};

/// See the module.
pub struct ImbotRegister;

/// Parameters.
pub struct RegisterParams {
    client: Option<SecretHash>,
    /// What is wrong with it is answered after the client.
    wish: Result<Wish, RegisterError>,
}

/// The bot that is wanted.
struct Wish {
    code: String,
    kind: BotKind,
    openline: bool,
    handlers: Vec<(StreamEvent, String)>,
    properties: V1Properties,
}

error_set! {
    /// Errors of `imbot.register`.
    pub enum RegisterError {
        /// The call comes by a webhook and gives no `CLIENT_ID`.
        ClientIdMissing = 403 "ACCESS_DENIED" "Access denied! Client ID not specified",
        /// `EVENT_MESSAGE_ADD` is missing.
        MessageAddMissing = 400 "EVENT_MESSAGE_ADD_ERROR" "Handler for \"Message add\" event isn't specified",
        /// `EVENT_MESSAGE_ADD` or `EVENT_HANDLER` is no `http` or `https` address.
        MessageAddWrong = 400 "EVENT_MESSAGE_ADD_ERROR" "Wrong handler URL",
        /// `EVENT_MESSAGE_UPDATE` is no `http` or `https` address; it is passed over unless the bot serves open channels or sees all.
        MessageUpdateWrong = 400 "EVENT_MESSAGE_UPDATE_ERROR" "Wrong handler URL",
        /// `EVENT_MESSAGE_DELETE` is no `http` or `https` address; it is passed over unless the bot serves open channels or sees all.
        MessageDeleteWrong = 400 "EVENT_MESSAGE_DELETE_ERROR" "Wrong handler URL",
        /// `EVENT_WELCOME_MESSAGE` is missing.
        WelcomeMissing = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Handler for \"Welcome message\" event isn't specified",
        /// `EVENT_WELCOME_MESSAGE` is no `http` or `https` address.
        WelcomeWrong = 400 "EVENT_WELCOME_MESSAGE_ERROR" "Wrong handler URL",
        /// `EVENT_BOT_DELETE` is missing.
        BotDeleteMissing = 400 "EVENT_BOT_DELETE_ERROR" "Handler for \"Bot delete\" event isn't specified",
        /// `EVENT_BOT_DELETE` is no `http` or `https` address.
        BotDeleteWrong = 400 "EVENT_BOT_DELETE_ERROR" "Wrong handler URL",
        /// `CODE` is missing or blank.
        CodeError = 400 "CODE_ERROR" "Bot code isn't specified",
        /// `PROPERTIES` has neither `NAME` nor `LAST_NAME`.
        NameError = 400 "NAME_ERROR" "Bot name isn't specified",
        /// The application has five bots.
        MaxCountError = 400 "MAX_COUNT_ERROR" "Has reached the maximum number of bots for application (max: 5)",
        /// The code is another application's or longer than 255 characters, the email is a person's or none, the birthday or the
        /// picture is none, the caller comes from outside, or its webhook made 100 bots.
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
    const PARAMS: &'static [&'static [ParamSpec]] = &[&[
        ParamSpec::required(
            "CODE",
            ParamType::String,
            "The bot's code, one in the portal.",
        ),
        ParamSpec::optional(
            "TYPE",
            ParamType::String,
            "`B`, the default, or `H`: sees what is said to it; `S`: sees everything; `O`: for open channels.",
        ),
        ParamSpec::optional(
            "OPENLINE",
            ParamType::Boolean,
            "`Y` when the bot serves open channels.",
        ),
        ParamSpec::optional(
            "EVENT_HANDLER",
            ParamType::String,
            "Where all events are sent, in place of the five addresses that follow.",
        ),
        ParamSpec::optional(
            "EVENT_MESSAGE_ADD",
            ParamType::String,
            "Where new messages are sent.",
        ),
        ParamSpec::optional(
            "EVENT_MESSAGE_UPDATE",
            ParamType::String,
            "Where changed messages are sent.",
        ),
        ParamSpec::optional(
            "EVENT_MESSAGE_DELETE",
            ParamType::String,
            "Where deleted messages are sent.",
        ),
        ParamSpec::optional(
            "EVENT_WELCOME_MESSAGE",
            ParamType::String,
            "Where it is told that the bot came into a chat.",
        ),
        ParamSpec::optional(
            "EVENT_BOT_DELETE",
            ParamType::String,
            "Where it is told that the bot was taken away.",
        ),
        auth::CLIENT_ID,
        ParamSpec::required(
            "PROPERTIES",
            ParamType::Object,
            "How the bot looks: `NAME`, `LAST_NAME`, `COLOR`, `EMAIL`, `PERSONAL_BIRTHDAY`, `WORK_POSITION`, `PERSONAL_WWW`, \
             `PERSONAL_GENDER`, `PERSONAL_PHOTO`.",
        ),
    ]];
    type Params = RegisterParams;
    type Output = i64;
    type Error = RegisterError;

    fn parse(
        params: &Params,
        _: &crate::contract::params::ReadCx<'_>,
    ) -> Result<RegisterParams, RegisterError> {
        Ok(RegisterParams {
            client: auth::client(params),
            wish: Wish::read(params),
        })
    }

    fn call(cx: &mut MethodCx<'_>, params: &RegisterParams) -> Answer<Self> {
        let owner = access::owner(&cx.app, params.client)
            .map_err(|_| Refused::Because(RegisterError::ClientIdMissing))?;
        let wish = params
            .wish
            .as_ref()
            .map_err(|error| Refused::Because(*error))?;
        let details = register::register(&mut cx.app, &wish.plan(owner))
            .map_err(|refused| refused.map(RegisterError::from))?;
        Ok(details.bot.user.get().into())
    }
}

impl Wish {
    fn read(params: &Params) -> Result<Self, RegisterError> {
        let kind = kind(params);
        let openline = kind == BotKind::OpenLine || parse::flag(params, "OPENLINE", false);
        let mut handlers = Vec::new();
        for (event, address) in properties::addresses(|name| params.get(name)) {
            let of_changes = matches!(
                event,
                StreamEvent::MessageUpdate | StreamEvent::MessageDelete
            );
            if of_changes && kind == BotKind::Bot && !openline {
                continue;
            }
            match address {
                Ok(Some(url)) => handlers.push((event, url)),
                Ok(None) if of_changes => {}
                Ok(None) => return Err(missing(event)),
                Err(_) => return Err(wrong(event)),
            }
        }
        let code = properties::code(params.get("CODE"));
        if code.is_empty() {
            return Err(RegisterError::CodeError);
        }
        let properties = params.get("PROPERTIES").as_map().unwrap_or_default();
        let properties = V1Properties::read(properties)?;
        if !properties.has_name() {
            return Err(RegisterError::NameError);
        }
        if code.chars().count() > MAX_CODE_CHARS {
            return Err(RegisterError::WrongRequest);
        }
        Ok(Self {
            code,
            kind,
            openline,
            handlers,
            properties,
        })
    }

    fn plan(&self, owner: BotOwner) -> Plan<'_> {
        let messages = self
            .handlers
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
            openline: self.openline,
            background: None,
            profile: self.properties.as_profile(),
            generation: Generation::First,
            handlers: &self.handlers,
        }
    }
}

/// An unknown type is the default.
fn kind(params: &Params) -> BotKind {
    let given = fields::text(params.get("TYPE")).unwrap_or_default();
    match given.to_ascii_uppercase().as_str() {
        "O" => BotKind::OpenLine,
        "S" => BotKind::Supervisor,
        _ => BotKind::Bot,
    }
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
