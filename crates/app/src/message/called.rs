//! Commands called by messages.

use readmark_model::{
    ChatId, Event, MessageId, Timestamp, UserKind,
    command::{self as rules, ANSWER_PERIOD, Command, CommandCall, CommandContext},
};
use readmark_store::{
    StoreError,
    repo::{
        command::{self, Pass},
        user,
    },
};

use crate::Cx;

/// Calls the commands in a message that the acting user, if a person, has just sent: those of the chat's bots and common
/// ones; for an extranet user only those that support it. Each call lets its bot answer. No look-up happens unless a line
/// begins like a command.
pub(super) fn by_text(
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

/// Records a call by the message at `place`.
pub(crate) fn record(
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

/// Lets the command's bot answer until a deadline.
pub(crate) fn allow_answer(
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
