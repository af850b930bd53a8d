//! Bots: kinds, owners, and how they receive events.

use std::fmt;

use crate::{auth::Credential, ids::UserId, secret::SecretHash};

/// The type of a bot, which decides the events that it gets (`fields.type` of `imbot.v2.Bot.register`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BotKind {
    /// Answers when it is mentioned, and in private chats.
    #[default]
    Bot,
    /// As [`BotKind::Bot`], for a bot of a network of portals.
    Network,
    /// For open channels.
    OpenLine,
    /// Sees every message of its chats.
    Supervisor,
    /// An assistant that sees every message of its chats.
    Personal,
}

impl BotKind {
    /// Every kind, in the documented order.
    pub const ALL: [Self; 5] = [
        Self::Bot,
        Self::Network,
        Self::OpenLine,
        Self::Supervisor,
        Self::Personal,
    ];

    /// As on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Network => "network",
            Self::OpenLine => "openline",
            Self::Supervisor => "supervisor",
            Self::Personal => "personal",
        }
    }

    /// Whether it may see every message of its chats, whatever the author or addressee: it is told of all, and can ask for any.
    #[must_use]
    pub const fn sees_everything(self) -> bool {
        match self {
            Self::Supervisor | Self::Personal => true,
            Self::Bot | Self::Network | Self::OpenLine => false,
        }
    }

    /// The reverse of [`BotKind::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How a bot gets its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventMode {
    /// It polls for them.
    #[default]
    Fetch,
    /// They are sent to its address.
    Webhook,
}

impl EventMode {
    /// As on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Webhook => "webhook",
        }
    }

    /// The reverse of [`EventMode::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Fetch, Self::Webhook]
            .into_iter()
            .find(|mode| mode.as_str() == text)
    }
}

/// The generation of the API that a bot was registered with. It decides the format of the bot's events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// `imbot.register`: events are always sent, as maps of strings.
    First,
    /// `imbot.v2.Bot.register`.
    #[default]
    Second,
}

impl Generation {
    /// The number stored in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }

    /// The reverse of [`Generation::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::First),
            2 => Some(Self::Second),
            _ => None,
        }
    }
}

/// The events that bots and subscribed users receive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamEvent {
    /// A message was sent.
    MessageAdd,
    /// A message was changed.
    MessageUpdate,
    /// A message was deleted.
    MessageDelete,
    /// A bot joined a chat; in a user's stream, anybody.
    JoinChat,
    /// The bot was unregistered.
    Delete,
    /// A dialog with the bot was opened with a context.
    ContextGet,
    /// A command of the bot was called.
    CommandAdd,
    /// A reaction was set or removed.
    ReactionChange,
    /// A member viewed messages: an extension, for bots that asked for it.
    MessageRead,
}

impl StreamEvent {
    /// The default events of a second-generation bot: in webhook mode it has one handler for each.
    pub const ALL: [Self; 8] = [
        Self::MessageAdd,
        Self::MessageUpdate,
        Self::MessageDelete,
        Self::JoinChat,
        Self::Delete,
        Self::ContextGet,
        Self::CommandAdd,
        Self::ReactionChange,
    ];

    /// Its name for a bot; `None` for what the bot's generation does not know.
    #[must_use]
    pub const fn bot_name(self, generation: Generation) -> Option<&'static str> {
        match generation {
            Generation::Second => Some(match self {
                Self::MessageAdd => "ONIMBOTV2MESSAGEADD",
                Self::MessageUpdate => "ONIMBOTV2MESSAGEUPDATE",
                Self::MessageDelete => "ONIMBOTV2MESSAGEDELETE",
                Self::JoinChat => "ONIMBOTV2JOINCHAT",
                Self::Delete => "ONIMBOTV2DELETE",
                Self::ContextGet => "ONIMBOTV2CONTEXTGET",
                Self::CommandAdd => "ONIMBOTV2COMMANDADD",
                Self::ReactionChange => "ONIMBOTV2REACTIONCHANGE",
                Self::MessageRead => "ONREADMARKMESSAGEREAD",
            }),
            Generation::First => match self {
                Self::MessageAdd => Some("ONIMBOTMESSAGEADD"),
                Self::MessageUpdate => Some("ONIMBOTMESSAGEUPDATE"),
                Self::MessageDelete => Some("ONIMBOTMESSAGEDELETE"),
                Self::JoinChat => Some("ONIMBOTJOINCHAT"),
                Self::Delete => Some("ONIMBOTDELETE"),
                Self::CommandAdd => Some("ONIMCOMMANDADD"),
                Self::ContextGet | Self::ReactionChange | Self::MessageRead => None,
            },
        }
    }

    /// Its name for a subscribed user; `None` for events that only bots receive.
    #[must_use]
    pub const fn user_name(self) -> Option<&'static str> {
        match self {
            Self::MessageAdd => Some("ONIMV2MESSAGEADD"),
            Self::MessageUpdate => Some("ONIMV2MESSAGEUPDATE"),
            Self::MessageDelete => Some("ONIMV2MESSAGEDELETE"),
            Self::JoinChat => Some("ONIMV2JOINCHAT"),
            Self::ReactionChange => Some("ONIMV2REACTIONCHANGE"),
            Self::Delete | Self::ContextGet | Self::CommandAdd | Self::MessageRead => None,
        }
    }
}

/// The background of a bot's chats under its documented name; `None` for any other name, which means the user's own.
#[must_use]
pub fn background(name: &str) -> Option<&'static str> {
    const NAMES: [&str; 9] = [
        "azure",
        "mint",
        "steel",
        "slate",
        "teal",
        "cornflower",
        "sky",
        "peach",
        "frost",
    ];
    NAMES.into_iter().find(|known| *known == name)
}

/// The application that a bot belongs to. By an access token it is the token's application; a webhook has none, so the
/// `botToken` stands for it: any caller that knows it owns every bot registered with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BotOwner {
    /// An application, by its client id.
    Application(String),
    /// Any caller that knows the token with this hash.
    Token(SecretHash),
}

impl BotOwner {
    /// The owner that a caller acts as; `None` for a webhook without a token.
    #[must_use]
    pub fn of(credential: &Credential, token: Option<SecretHash>) -> Option<Self> {
        match credential {
            Credential::Application(client) => Some(Self::Application(client.clone())),
            Credential::Webhook(_) | Credential::Operator => token.map(Self::Token),
            Credential::FileLink => None,
        }
    }

    /// The client id of an application; `None` where a token stands for one.
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        match self {
            Self::Application(client) => Some(client),
            Self::Token(_) => None,
        }
    }

    /// Reads what [`fmt::Display`] writes; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("app", client) => Some(Self::Application(client.to_owned())),
            ("token", hash) => SecretHash::parse(hash).map(Self::Token),
            _ => None,
        }
    }
}

/// As stored: `app:` and the client id, or `token:` and the hash in hexadecimal digits.
impl fmt::Display for BotOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application(client) => write!(f, "app:{client}"),
            Self::Token(hash) => write!(f, "token:{hash}"),
        }
    }
}

/// A bot as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bot {
    /// Its user.
    pub user: UserId,
    /// Its owner.
    pub owner: BotOwner,
    /// Unique in the portal.
    pub code: String,
    /// Its type.
    pub kind: BotKind,
    /// How it gets its events.
    pub event_mode: EventMode,
    /// Where its events are sent, or empty.
    pub webhook_url: String,
    /// Whether the contact list leaves it out.
    pub hidden: bool,
    /// Whether its messages take reactions.
    pub reactions_enabled: bool,
    /// Whether it serves open channels.
    pub openline: bool,
    /// The background of its chats, or `None` for the user's own.
    pub background: Option<String>,
    /// Its default language.
    pub language: String,
    /// How many messages it sent, deleted ones included.
    pub count_message: i64,
    /// The generation of the API that it was registered with.
    pub generation: Generation,
    /// Identifies the portal to its handlers: 32 hexadecimal digits.
    pub application_token: String,
    /// Whether its user is not dismissed.
    pub active: bool,
}

/// Where the events of a bot are sent, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// Its id, which is part of what it is sent.
    pub id: i64,
    /// The bot whose events it receives.
    pub bot: UserId,
    /// Name of the event.
    pub event: String,
    /// The command that it is for, 0 for none.
    pub command: i64,
    /// Its address.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_modes_and_backgrounds_have_one_spelling() {
        for kind in BotKind::ALL {
            assert_eq!(BotKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(BotKind::parse("Bot"), None);
        assert_eq!(EventMode::parse("webhook"), Some(EventMode::Webhook));
        assert_eq!(EventMode::parse("poll"), None);
        assert_eq!(background("sky"), Some("sky"));
        assert_eq!(background("Sky"), None);
    }

    #[test]
    fn supervisors_and_personal_bots_see_everything() {
        let everything = [BotKind::Supervisor, BotKind::Personal];
        for kind in BotKind::ALL {
            let expected = everything.contains(&kind);
            assert_eq!(kind.sees_everything(), expected, "{kind:?}");
        }
    }

    #[test]
    fn only_an_application_is_named_by_its_client_id() {
        let owner = BotOwner::Application("app.1".to_owned());
        assert_eq!(owner.application(), Some("app.1"));
        assert_eq!(BotOwner::Token(SecretHash::of("t")).application(), None);
    }

    #[test]
    fn stored_generations_never_change_and_no_others_are_read() {
        for (code, generation) in [(1, Generation::First), (2, Generation::Second)] {
            assert_eq!(generation.code(), code);
            assert_eq!(Generation::from_code(code), Some(generation));
        }
        assert_eq!(Generation::from_code(0), None);
        assert_eq!(Generation::from_code(3), None);
    }

    #[test]
    fn each_stream_has_its_own_names_for_what_it_is_told_of() {
        let named = |name: &dyn Fn(StreamEvent) -> Option<&'static str>| -> Vec<&'static str> {
            StreamEvent::ALL.into_iter().filter_map(name).collect()
        };
        assert_eq!(
            named(&|event| event.bot_name(Generation::First)),
            [
                "ONIMBOTMESSAGEADD",
                "ONIMBOTMESSAGEUPDATE",
                "ONIMBOTMESSAGEDELETE",
                "ONIMBOTJOINCHAT",
                "ONIMBOTDELETE",
                "ONIMCOMMANDADD",
            ]
        );
        assert_eq!(
            named(&|event| event.bot_name(Generation::Second)),
            [
                "ONIMBOTV2MESSAGEADD",
                "ONIMBOTV2MESSAGEUPDATE",
                "ONIMBOTV2MESSAGEDELETE",
                "ONIMBOTV2JOINCHAT",
                "ONIMBOTV2DELETE",
                "ONIMBOTV2CONTEXTGET",
                "ONIMBOTV2COMMANDADD",
                "ONIMBOTV2REACTIONCHANGE",
            ]
        );
        assert_eq!(
            named(&|event| event.user_name()),
            [
                "ONIMV2MESSAGEADD",
                "ONIMV2MESSAGEUPDATE",
                "ONIMV2MESSAGEDELETE",
                "ONIMV2JOINCHAT",
                "ONIMV2REACTIONCHANGE",
            ]
        );
        // readmark's extensions are for second-generation bots only.
        let read = StreamEvent::MessageRead;
        assert_eq!(
            (
                read.bot_name(Generation::Second),
                read.bot_name(Generation::First),
                read.user_name()
            ),
            (Some("ONREADMARKMESSAGEREAD"), None, None)
        );
    }

    #[test]
    fn a_webhook_owns_bots_by_token_and_an_application_by_its_client_id() {
        let hash = SecretHash::of("secret");
        let webhook = Credential::Webhook(1);
        let application = Credential::Application("local.1".into());
        assert_eq!(BotOwner::of(&webhook, None), None);
        assert_eq!(
            BotOwner::of(&webhook, Some(hash)),
            Some(BotOwner::Token(hash))
        );
        assert_eq!(BotOwner::of(&Credential::FileLink, Some(hash)), None);
        // An application's own bots need no token; one that is sent anyway is ignored.
        for token in [None, Some(hash)] {
            assert_eq!(
                BotOwner::of(&application, token),
                Some(BotOwner::Application("local.1".to_owned()))
            );
        }
    }

    #[test]
    fn an_owner_is_stored_as_text() {
        let hash = SecretHash::of("secret");
        let cases = [
            (BotOwner::Token(hash), format!("token:{hash}")),
            (
                BotOwner::Application("local.1:2".into()),
                "app:local.1:2".to_owned(),
            ),
        ];
        for (owner, text) in cases {
            assert_eq!(owner.to_string(), text);
            assert_eq!(BotOwner::parse(&text), Some(owner));
        }
        for text in ["", "local.1", "webhook:1", "token:ab"] {
            assert_eq!(BotOwner::parse(text), None, "{text}");
        }
    }
}
