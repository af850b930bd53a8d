//! Slash commands of bots: their names, and finding them in texts.

use std::iter::once;

use crate::{
    ids::{ChatId, MessageId, UserId},
    text,
};

/// The longest name of a command, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// The most commands that one message calls; further ones are ignored.
pub const MAX_CALLS: usize = 20;

/// How long a call may be answered, in milliseconds: as long as it can still be delivered to the bot.
pub const ANSWER_PERIOD: i64 = 24 * 60 * 60 * 1000;

/// The most commands of a bot.
pub const MAX_COMMANDS: i64 = 100;

/// How a command was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandContext {
    /// It was typed.
    TextArea,
    /// A button of a keyboard was pressed.
    Keyboard,
    /// It was chosen in the menu of a message.
    Menu,
}

/// A call of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandCall {
    /// The bot that owns the command. It need not be in the chat.
    pub bot: UserId,
    /// The command's id.
    pub command: i64,
    /// Its name, without the slash.
    pub name: String,
    /// What follows the name.
    pub params: String,
    /// How it was called.
    pub context: CommandContext,
    /// The chat.
    pub chat: ChatId,
    /// The message that calls it, or that has the button or menu item.
    pub message: MessageId,
    /// Who called it.
    pub user: UserId,
}

/// A command as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// Its name, without the slash.
    pub name: &'a str,
    /// The rest of the line, trimmed.
    pub params: &'a str,
}

/// A button or menu item of a message that calls a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Button or menu item.
    pub context: CommandContext,
    /// The bot whose command it calls.
    pub bot: UserId,
    /// The command as the sender wrote it, with or without a slash.
    pub command: String,
    /// The parameters with which it calls the command.
    pub params: String,
}

/// How a message offers a certain command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offered {
    /// By a button or by a menu item.
    pub context: CommandContext,
    /// Whether the parameters are the same.
    pub same_params: bool,
}

/// How a message with these offers, in message order, offers a bot's command: the first offer with the same parameters, else
/// the first offer of the command. `None` if the message does not offer it.
#[must_use]
pub fn offered(offers: &[Offer], bot: UserId, name: &str, params: &str) -> Option<Offered> {
    let folded_name = folded(name);
    let calls = |offer: &&Offer| {
        let called = self::name(&offer.command);
        offer.bot == bot && called.is_some_and(|called| folded(called) == folded_name)
    };
    let mut ways = offers.iter().filter(calls).map(|offer| Offered {
        context: offer.context,
        same_params: offer.params.trim() == params.trim(),
    });
    let first = ways.next()?;
    let same = once(first).chain(ways).find(|way| way.same_params);
    same.or(Some(first))
}

/// The name of a command, trimmed and without the slash that clients put before it; `None` if it could not be called: it is
/// empty or too long, or contains blanks, control characters or another slash.
#[must_use]
pub fn name(text: &str) -> Option<&str> {
    let text = text.trim();
    let name = text.strip_prefix('/').unwrap_or(text);
    let fits = !name.is_empty() && name.chars().nth(MAX_NAME_CHARS).is_none();
    let bad = |letter: char| letter == '/' || letter.is_whitespace() || letter.is_control();
    (fits && !name.contains(bad)).then_some(name)
}

/// The form in which names are compared: phone keyboards capitalise the first letter.
#[must_use]
pub fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// The commands in a text, in order: each at the beginning of a line, followed by its parameters on the same line. The
/// content of `[CODE]` is ignored. Whether the commands exist is not checked.
#[must_use]
pub fn written(text: &str) -> Vec<Written<'_>> {
    if !text.starts_with('/') && !text.contains("\n/") {
        return Vec::new();
    }
    let literals = text::literals(text);
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split('\n') {
        let at = start;
        start += line.len() + 1;
        let Some(rest) = line.strip_prefix('/') else {
            continue;
        };
        let (first, params) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let Some(name) = name(first).filter(|name| name.len() == first.len()) else {
            continue;
        };
        if literals.iter().any(|literal| literal.contains(&at)) {
            continue;
        }
        let params = params.trim();
        found.push(Written { name, params });
        if found.len() == MAX_CALLS {
            break;
        }
    }
    found
}

/// A command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its id, ignored when it is inserted.
    pub id: i64,
    /// The bot that it calls.
    pub bot: UserId,
    /// Its name, without the slash.
    pub name: String,
    /// Its name, case-folded for comparison.
    pub folded: String,
    /// Whether it can be called in chats that the bot is not a member of.
    pub common: bool,
    /// Whether it is left out of lists of commands.
    pub hidden: bool,
    /// Whether extranet users can call it.
    pub extranet_support: bool,
}

/// The texts of a command in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandText {
    /// The language: `en`…
    pub language: String,
    /// Its title.
    pub title: String,
    /// A description of its parameters.
    pub params: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(text: &str) -> Vec<(&str, &str)> {
        let written = written(text);
        written
            .iter()
            .map(|command| (command.name, command.params))
            .collect()
    }

    #[test]
    fn a_name_is_what_can_be_written_behind_a_slash() {
        for (given, expected) in [
            ("tide", "tide"),
            (" /Tide_2 ", "Tide_2"),
            ("прилив", "прилив"),
            ("a-b:c", "a-b:c"),
        ] {
            assert_eq!(name(given), Some(expected), "{given}");
        }
        let long = "я".repeat(MAX_NAME_CHARS);
        assert_eq!(name(&long), Some(&*long));
        for bad in [
            "",
            "  ",
            "/",
            "//tide",
            "high tide",
            "high/tide",
            "ti\0de",
            "ti\nde",
            &format!("{long}я"),
        ] {
            assert_eq!(name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_message_offers_a_command_best_with_the_same_parameters_and_first_by_a_button() {
        use CommandContext::{Keyboard, Menu};
        let offer = |context, bot, command: &str, params: &str| Offer {
            context,
            bot: UserId(bot),
            command: command.to_owned(),
            params: params.to_owned(),
        };
        let offers = [
            offer(Keyboard, 7, "/Tide", "noon"),
            offer(Keyboard, 7, "moon", ""),
            offer(Keyboard, 8, "wind", ""),
            offer(Menu, 7, "tide", " today "),
            offer(Menu, 7, "moon", ""),
            offer(Menu, 7, "two words", ""),
        ];
        let ask = |bot, name, params| {
            let found = offered(&offers, UserId(bot), name, params)?;
            Some((found.context, found.same_params))
        };
        assert_eq!(ask(7, "tide", "noon"), Some((Keyboard, true)));
        assert_eq!(ask(7, "TIDE", "today"), Some((Menu, true)));
        assert_eq!(ask(7, "tide", "tomorrow"), Some((Keyboard, false)));
        assert_eq!(ask(7, "moon", ""), Some((Keyboard, true)));
        assert_eq!(ask(8, "moon", ""), None);
        assert_eq!(ask(8, "wind", "north"), Some((Keyboard, false)));
        assert_eq!(ask(7, "two words", ""), None);
        assert_eq!(ask(9, "tide", "noon"), None);
    }

    #[test]
    fn commands_begin_their_line_and_take_the_rest_of_it() {
        assert_eq!(all("/tide"), [("tide", "")]);
        assert_eq!(all("/tide  at  noon \r\nand more"), [("tide", "at  noon")]);
        assert_eq!(
            all("hello\n/Tide tomorrow\n/moon\n/tide"),
            [("Tide", "tomorrow"), ("moon", ""), ("tide", "")]
        );
        assert_eq!(all("/tide\tnow"), [("tide", "now")]);
    }

    #[test]
    fn what_only_looks_like_a_command_is_none() {
        for text in [
            "tide",
            "a /tide",
            " /tide",
            "/",
            "/ tide",
            "//tide",
            "/usr/bin",
            "https://example.org/tide",
            "1/2",
            "[CODE]\n/tide\n[/CODE]",
            "[B]/tide[/B]",
        ] {
            assert_eq!(all(text), [], "{text}");
        }
    }

    #[test]
    fn code_hides_its_own_commands_and_no_others() {
        let text = "/one\n[code]\n/two\n[/code]\n/three";
        assert_eq!(all(text), [("one", ""), ("three", "")]);
    }

    #[test]
    fn a_call_can_be_answered_for_a_day() {
        assert_eq!(ANSWER_PERIOD, 86_400_000);
    }

    #[test]
    fn of_very_many_commands_the_first_are_taken() {
        assert_eq!(written(&"/tide\n".repeat(MAX_CALLS + 5)).len(), MAX_CALLS);
    }

    #[test]
    fn names_are_compared_without_regard_to_case() {
        assert_eq!(folded("Прилив2"), "прилив2");
        assert_eq!(folded("ПРИЛИВ2"), "прилив2");
    }

    proptest! {
        #[test]
        fn what_is_found_stands_in_the_text_as_a_command(text in "(/|\\n|\\[code\\]|\\[/code\\]|a| |\\t|é){0,40}") {
            for command in written(&text) {
                prop_assert_eq!(name(command.name), Some(command.name));
                prop_assert!(!command.params.contains('\n'));
                let line = format!("/{}", command.name);
                prop_assert!(text.split('\n').any(|other| other.starts_with(&line)));
            }
        }
    }
}
