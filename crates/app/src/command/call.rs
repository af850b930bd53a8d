//! Calling commands by a message's buttons and menu. Sending a message can call them too.

use readmark_model::{
    MessageId, UserId,
    command::{self as rules, CommandContext},
    message::Message,
};
use readmark_store::{
    message_params,
    repo::{bot, command},
};

use crate::{
    Cx, Interrupt, Refused,
    message::{
        called::{allow_answer, record},
        find_visible,
    },
};

/// A press of a message's button or menu item.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// The message.
    pub message: MessageId,
    /// The bot whose command it is.
    pub bot: UserId,
    /// The command's name, without the slash.
    pub name: &'a str,
    /// The parameters.
    pub params: &'a str,
}

/// Why a press is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressRefusal {
    /// There is no such message, or the acting user is not a member of its chat or cannot see it.
    NoMessage,
    /// There is no such bot.
    NoBot,
    /// The bot has no such command, or it cannot be called here: the message does not offer it, and typing it would not call it.
    NoCommand,
}

/// Calls a command in the context of a message. Anyone who could call it by typing may; so may anyone the message offers it
/// to, but extranet users only if the command supports them.
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
    let offers = message_params::offers(&message.params);
    let offered = rules::offered(&offers, bot.user, press.name, press.params);
    let outsider = cx.is_extranet();
    let callable = command::lock_shared_callable(cx.tx, &folded, message.chat, outsider)?;
    let allowed = callable.iter().any(|other| other.id == command.id)
        || offered.is_some_and(|offered| offered.same_params)
            && (command.extranet_support || !outsider)
            && command::lock_shared(cx.tx, command.id)?;
    if !allowed {
        return Err(NO_COMMAND);
    }
    allow_answer(cx, command.id, message.chat, message.id)?;
    let context = offered.map_or(CommandContext::Keyboard, |offered| offered.context);
    let place = (message.chat, message.id);
    record(cx, &command, press.params, place, context);
    Ok(())
}

fn find_message(cx: &mut Cx<'_>, id: MessageId) -> Result<Message, Refused<PressRefusal>> {
    let found: Result<_, Interrupt> = find_visible(cx, id);
    match found? {
        Some((message, access)) if access.member.is_some() && !message.deleted => Ok(message),
        _ => Err(Refused::Because(PressRefusal::NoMessage)),
    }
}
