//! Calling commands: by writing them, or by the buttons and the menu of a message.

use readmark_model::{
    ChatId, Event, MessageId, Timestamp, UserId, UserKind,
    command::{self as rules, ANSWER_PERIOD, Command, CommandCall, CommandContext},
    message::Message,
};
use readmark_store::{
    StoreError,
    repo::{
        bot,
        command::{self, Pass},
        user,
    },
};

use crate::{Cx, Fault, Refused, message::find_visible};

/// Calls the commands in a message that the one who acts has just sent, if that is a person: those of the chat's bots, and common
/// ones, and for somebody from outside only such as support it. Each call lets its bot answer. Looks nothing up when no line
/// begins as a command does.
pub fn write(
    cx: &mut Cx<'_>,
    chat: ChatId,
    message: MessageId,
    text: &str,
) -> Result<(), StoreError> {
    let written = rules::written(text);
    if written.is_empty() {
        return Ok(());
    }
    let author = user::find(cx.tx, cx.user)?;
    let Some(author) = author.filter(|author| author.kind == UserKind::Person) else {
        return Ok(());
    };
    let mut known: Vec<(String, Vec<Command>)> = Vec::new();
    for one in written {
        let folded = rules::folded(one.name);
        let at = match known.iter().position(|(name, _)| *name == folded) {
            Some(at) => at,
            None => {
                let callable =
                    command::lock_shared_callable(cx.tx, &folded, chat, author.extranet)?;
                for command in &callable {
                    allow_answer(cx, command.id, chat, message)?;
                }
                known.push((folded, callable));
                known.len() - 1
            }
        };
        for command in &known[at].1 {
            record(
                cx,
                command,
                one.params,
                (chat, message),
                CommandContext::TextArea,
            );
        }
    }
    Ok(())
}

/// What somebody pressed: a button below a message, or an item of its menu.
#[derive(Clone, Copy)]
pub struct Press<'a> {
    /// The message.
    pub message: MessageId,
    /// The bot whose command it is.
    pub bot: UserId,
    /// The command's name, without the slash.
    pub name: &'a str,
    /// The parameters.
    pub params: &'a str,
    /// How the message offers it, if it does.
    pub offer: &'a dyn Fn(&Message) -> Option<Offer>,
}

/// A button or menu item of a message that calls a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which of the two it is.
    pub context: CommandContext,
    /// Whether it calls the command with the same parameters.
    pub same_params: bool,
}

/// Why nothing was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressRefusal {
    /// There is no such message, or the one who acts is no member of its chat or cannot see it.
    NoMessage,
    /// There is no such bot.
    NoBot,
    /// The bot has no such command, or it cannot be called here: the message does not offer it, and writing it would not call it.
    NoCommand,
}

/// Calls a command in the context of a message. Whoever can call it by writing it can; beside, everybody whom the message offers it,
/// except that users from outside only call what supports them.
///
/// # Errors
/// [`PressRefusal`]; then nothing changes.
pub fn press(cx: &mut Cx<'_>, press: &Press<'_>) -> Result<(), Refused<PressRefusal>> {
    const NO_COMMAND: Refused<PressRefusal> = Refused::Because(PressRefusal::NoCommand);
    let message = find_message(cx, press.message)?;
    let bot = bot::find(cx.tx, press.bot)?
        .filter(|bot| bot.active)
        .ok_or(Refused::Because(PressRefusal::NoBot))?;
    let folded = rules::folded(press.name);
    let command = command::find_of_bot(cx.tx, bot.user, &folded)?.ok_or(NO_COMMAND)?;
    let offer = (press.offer)(&message);
    let outsider = cx.is_extranet();
    let callable = command::lock_shared_callable(cx.tx, &folded, message.chat, outsider)?;
    let allowed = callable.iter().any(|other| other.id == command.id)
        || offer.is_some_and(|offer| offer.same_params)
            && (command.extranet_support || !outsider)
            && command::lock_shared(cx.tx, command.id)?;
    if !allowed {
        return Err(NO_COMMAND);
    }
    allow_answer(cx, command.id, message.chat, message.id)?;
    let context = offer.map_or(CommandContext::Keyboard, |offer| offer.context);
    let place = (message.chat, message.id);
    record(cx, &command, press.params, place, context);
    Ok(())
}

/// Records a call by the message at `place`.
fn record(
    cx: &mut Cx<'_>,
    command: &Command,
    params: &str,
    (chat, message): (ChatId, MessageId),
    context: CommandContext,
) {
    let user = cx.user;
    let call = CommandCall {
        bot: command.bot,
        command: command.id,
        name: command.name.clone(),
        params: params.to_owned(),
        context,
        chat,
        message,
        user,
    };
    cx.record(Event::CommandCalled {
        call: Box::new(call),
    });
}

fn find_message(cx: &mut Cx<'_>, id: MessageId) -> Result<Message, Refused<PressRefusal>> {
    let found: Result<_, Fault> = find_visible(cx, id);
    match found? {
        Some((message, access)) if access.member.is_some() && !message.deleted => Ok(message),
        _ => Err(Refused::Because(PressRefusal::NoMessage)),
    }
}

/// Stores that the command's bot may answer, and until when.
fn allow_answer(
    cx: &mut Cx<'_>,
    command: i64,
    chat: ChatId,
    message: MessageId,
) -> Result<(), StoreError> {
    let pass = Pass {
        message,
        command,
        chat,
        user: cx.user,
        expires_at: Timestamp(cx.now.get() + ANSWER_PERIOD),
    };
    command::put_pass(cx.tx, &pass)
}
