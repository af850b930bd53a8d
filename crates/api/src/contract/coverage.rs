//! Every method of the API, and how far readmark implements it.

/// How far readmark implements a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Works as documented.
    Done,
    /// Planned.
    Pending,
    /// Will not be implemented.
    Declined {
        /// Why.
        reason: &'static str,
    },
}

/// A method of the API.
#[derive(Clone, Copy, Debug)]
pub struct Covered {
    /// Name.
    pub name: &'static str,
    /// How far it is implemented.
    pub coverage: Coverage,
}

/// Prefix of readmark's own extensions.
pub const EXTENSION: &str = "readmark.";

/// Handled by the transport, as they call other methods.
pub const TRANSPORT: &[&str] = &["batch"];

const fn done(name: &'static str) -> Covered {
    Covered {
        name,
        coverage: Coverage::Done,
    }
}

const fn pending(name: &'static str) -> Covered {
    Covered {
        name,
        coverage: Coverage::Pending,
    }
}

const fn declined(name: &'static str, reason: &'static str) -> Covered {
    Covered {
        name,
        coverage: Coverage::Declined { reason },
    }
}

/// All methods, in alphabetical order.
pub static API: &[Covered] = &[
    done("access.name"),
    done("app.info"),
    pending("app.option.get"),
    pending("app.option.set"),
    done("batch"),
    done("department.add"),
    done("department.delete"),
    done("department.fields"),
    done("department.get"),
    done("department.update"),
    pending("event.bind"),
    pending("event.get"),
    pending("event.offline.clear"),
    pending("event.offline.error"),
    pending("event.offline.get"),
    pending("event.offline.list"),
    pending("event.unbind"),
    pending("events"),
    done("feature.get"),
    done("im.chat.add"),
    done("im.chat.get"),
    done("im.chat.leave"),
    done("im.chat.mute"),
    done("im.chat.setOwner"),
    done("im.chat.updateAvatar"),
    done("im.chat.updateColor"),
    done("im.chat.updateTitle"),
    done("im.chat.user.add"),
    done("im.chat.user.delete"),
    done("im.chat.user.list"),
    done("im.counters.get"),
    done("im.department.colleagues.list"),
    done("im.department.employees.get"),
    done("im.department.get"),
    done("im.department.managers.get"),
    done("im.dialog.get"),
    done("im.dialog.messages.get"),
    done("im.dialog.messages.search"),
    done("im.dialog.read"),
    done("im.dialog.read.all"),
    done("im.dialog.unread"),
    done("im.dialog.users.list"),
    done("im.dialog.writing"),
    done("im.disk.file.commit"),
    done("im.disk.file.delete"),
    done("im.disk.file.save"),
    done("im.disk.folder.get"),
    done("im.message.add"),
    done("im.message.command"),
    done("im.message.delete"),
    done("im.message.like"),
    done("im.message.share"),
    done("im.message.update"),
    done("im.notify"),
    done("im.notify.answer"),
    done("im.notify.confirm"),
    done("im.notify.delete"),
    done("im.notify.get"),
    done("im.notify.history.search"),
    done("im.notify.personal.add"),
    done("im.notify.read"),
    done("im.notify.read.all"),
    done("im.notify.read.list"),
    done("im.notify.schema.get"),
    done("im.notify.system.add"),
    done("im.recent.get"),
    done("im.recent.hide"),
    done("im.recent.list"),
    done("im.recent.pin"),
    done("im.recent.unread"),
    done("im.revision.get"),
    done("im.search.chat.list"),
    done("im.search.department.list"),
    done("im.search.last.add"),
    done("im.search.last.delete"),
    done("im.search.last.get"),
    done("im.search.user.list"),
    done("im.user.get"),
    done("im.user.list.get"),
    done("im.user.status.get"),
    done("im.user.status.idle.end"),
    done("im.user.status.idle.start"),
    done("im.user.status.set"),
    done("im.v2.Chat.Bot.sendContext"),
    done("im.v2.Event.get"),
    done("im.v2.Event.subscribe"),
    done("im.v2.Event.unsubscribe"),
    done("im.v2.File.download"),
    done("im.v2.File.upload"),
    done("imbot.app.register"),
    done("imbot.app.unregister"),
    done("imbot.app.update"),
    done("imbot.bot.list"),
    done("imbot.chat.add"),
    done("imbot.chat.get"),
    done("imbot.chat.leave"),
    done("imbot.chat.sendTyping"),
    done("imbot.chat.setManager"),
    done("imbot.chat.setOwner"),
    done("imbot.chat.updateAvatar"),
    done("imbot.chat.updateColor"),
    done("imbot.chat.updateTitle"),
    done("imbot.chat.user.add"),
    done("imbot.chat.user.delete"),
    done("imbot.chat.user.list"),
    done("imbot.command.answer"),
    done("imbot.command.register"),
    done("imbot.command.unregister"),
    done("imbot.command.update"),
    done("imbot.dialog.get"),
    done("imbot.message.add"),
    done("imbot.message.delete"),
    done("imbot.message.like"),
    done("imbot.message.update"),
    done("imbot.register"),
    done("imbot.unregister"),
    done("imbot.update"),
    done("imbot.v2.Bot.get"),
    done("imbot.v2.Bot.list"),
    done("imbot.v2.Bot.register"),
    done("imbot.v2.Bot.unregister"),
    done("imbot.v2.Bot.update"),
    done("imbot.v2.Chat.add"),
    done("imbot.v2.Chat.get"),
    done("imbot.v2.Chat.InputAction.notify"),
    done("imbot.v2.Chat.leave"),
    done("imbot.v2.Chat.Manager.add"),
    done("imbot.v2.Chat.Manager.delete"),
    done("imbot.v2.Chat.Message.delete"),
    done("imbot.v2.Chat.Message.get"),
    done("imbot.v2.Chat.Message.getContext"),
    done("imbot.v2.Chat.Message.Reaction.add"),
    done("imbot.v2.Chat.Message.Reaction.delete"),
    done("imbot.v2.Chat.Message.read"),
    done("imbot.v2.Chat.Message.send"),
    done("imbot.v2.Chat.Message.update"),
    done("imbot.v2.Chat.setOwner"),
    done("imbot.v2.Chat.TextField.enabled"),
    done("imbot.v2.Chat.update"),
    done("imbot.v2.Chat.User.add"),
    done("imbot.v2.Chat.User.delete"),
    done("imbot.v2.Chat.User.list"),
    done("imbot.v2.Command.answer"),
    done("imbot.v2.Command.list"),
    done("imbot.v2.Command.register"),
    done("imbot.v2.Command.unregister"),
    done("imbot.v2.Command.update"),
    done("imbot.v2.Event.get"),
    done("imbot.v2.File.download"),
    done("imbot.v2.File.upload"),
    done("imbot.v2.Revision.get"),
    done("method.get"),
    done("methods"),
    done("profile"),
    pending("pull.application.config.get"),
    pending("pull.application.event.add"),
    declined(
        "pull.application.push.add",
        "mobile push goes through the vendor's own service",
    ),
    pending("pull.channel.public.get"),
    pending("pull.channel.public.list"),
    pending("pull.config.get"),
    pending("pull.watch.extend"),
    done("scope"),
    done("server.time"),
    done("user.access"),
    done("user.add"),
    done("user.admin"),
    done("user.current"),
    done("user.fields"),
    done("user.get"),
    pending("user.option.get"),
    pending("user.option.set"),
    done("user.search"),
    done("user.update"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::METHODS;

    #[test]
    fn every_method_of_the_registry_is_listed_as_done_or_is_an_extension() {
        for entry in METHODS {
            let listed = API
                .iter()
                .any(|known| known.name == entry.name && known.coverage == Coverage::Done);
            assert!(
                listed != entry.name.starts_with(EXTENSION),
                "{}",
                entry.name
            );
        }
    }

    #[test]
    fn every_method_listed_as_done_is_in_the_registry_once() {
        for known in API.iter().filter(|known| !TRANSPORT.contains(&known.name)) {
            let entries = METHODS
                .iter()
                .filter(|entry| entry.name == known.name)
                .count();
            assert_eq!(
                entries,
                usize::from(known.coverage == Coverage::Done),
                "{}",
                known.name
            );
        }
    }

    #[test]
    fn no_method_is_listed_twice_in_any_letter_case() {
        let mut names: Vec<String> = API.iter().map(|known| known.name.to_lowercase()).collect();
        let sorted = names.clone();
        names.sort();
        assert_eq!(names, sorted);
        names.dedup();
        assert_eq!(names.len(), API.len());
    }
}
