//! Random operations against the naive model, on both stores: after each one, everything that can be asked about the read
//! state of every user is equal.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod notified;
mod read_state_ops;

use notified::Inbox;
use proptest::{prelude::*, test_runner::TestRunner};
use readmark_app::{
    Cx, Interrupt, Refused, Rules,
    chat::{create, members},
    counters, dialog,
    dialog::read::Viewing,
    message::{
        delete::{self, Deletion},
        mention::{self, Mentioned},
        send::{self, Draft},
        update::{self, Edit},
    },
    recent, verify, viewers,
};
use readmark_model::{
    ChatId, ChatKind, DialogId, MessageId, MessageKind, MessageParams, ParamChanges, UserId,
    chat::Entity, message_params::Notice,
};
use readmark_store::{
    HotMemory,
    repo::{
        chat, member, message,
        recent::{self as repo_recent, RecentFilter},
        user, view,
    },
};
use readmark_testkit::{StoreKind, TestPortal, naive};

use read_state_ops::{Op, USERS, ops, text};

/// The real chat and the model, side by side.
struct World<'a> {
    portal: &'a TestPortal,
    chat: ChatId,
    elsewhere: ChatId,
    ids: Vec<MessageId>,
    model: naive::Chat,
    inbox: Inbox,
}

/// Everybody.
const ALL: [UserId; USERS] = [UserId(1), UserId(2), UserId(3), UserId(4)];

const fn id(user: usize) -> UserId {
    UserId(user as i64)
}

fn draft(kind: MessageKind, mentioned: naive::Mentioned) -> Draft<'static> {
    Draft {
        kind,
        text: text(mentioned),
        params: MessageParams::empty(),
        reply: None,
        uuid: None,
    }
}

impl<'a> World<'a> {
    fn new(portal: &'a TestPortal) -> Self {
        let make = |members: &'static [UserId], managers: &'static [UserId]| {
            portal
                .run(UserId(1), move |cx| {
                    create::create(
                        cx,
                        &create::Plan {
                            kind: ChatKind::Group,
                            title: "model",
                            description: "",
                            color: "#ffffff",
                            avatar: "",
                            entity: &Entity::default(),
                            owner: UserId(1),
                            managers,
                            members,
                        },
                    )
                })
                .unwrap()
        };
        let chat = make(&[UserId(3)], &[UserId(2)]);
        let elsewhere = make(&[], &[]);
        let mut model = naive::Chat {
            managers: vec![1, 2],
            ..naive::Chat::default()
        };
        for member in 1..=3 {
            model.join(member, true);
        }
        for user in 1..=USERS {
            model.viewed.entry(user).or_default();
            set_discreet(portal, user, false);
        }
        Self {
            portal,
            chat,
            elsewhere,
            ids: Vec::new(),
            model,
            inbox: Inbox::emptied(portal, &ALL),
        }
    }

    fn run<T: Send + 'static>(
        &self,
        user: usize,
        f: impl FnMut(&mut Cx<'_>) -> Result<T, Interrupt> + Send + 'static,
    ) -> T {
        self.portal.run(id(user), f).unwrap()
    }

    /// The id of the message with this number; past the end a number that no message of this chat has.
    fn raw_id(&self, index: usize) -> MessageId {
        self.ids.get(index).copied().unwrap_or_else(|| {
            let beyond = index.saturating_sub(self.ids.len()) as i64;
            MessageId(self.ids.last().map_or(0, |last| last.get()) + beyond)
        })
    }

    fn index_at_or_below(&self, raw: MessageId) -> Option<usize> {
        self.ids.iter().rposition(|known| *known <= raw)
    }

    fn apply(&mut self, op: &Op) {
        let chat = self.chat;
        match *op {
            Op::Send(user, mentioned) => self.send(user, MessageKind::Post, mentioned),
            Op::System(user, mentioned) => self.send(user, MessageKind::System, mentioned),
            Op::Edit(index, mentioned) => self.edit(index, mentioned),
            Op::Notice(user) => {
                let sent = self.run(user, move |cx| {
                    Ok(send::notice(cx, chat, "something happened", Notice::Other)?)
                });
                self.ids.push(sent);
                self.model.send(user, true);
            }
            Op::SendElsewhere => {
                let elsewhere = self.elsewhere;
                let sent = self.portal.run(id(1), move |cx| {
                    let draft = draft(MessageKind::Post, naive::Mentioned::Everybody);
                    send::send(cx, elsewhere, &draft)
                });
                assert!(sent.is_ok());
            }
            Op::Read(user, to) => self.read(user, to),
            Op::ReadSkippingViews(user) => {
                let done = self.run(user, move |cx| Ok(recent::clear_flag(cx, chat)?));
                assert_eq!(done, self.model.read(user, None, false).is_some());
            }
            Op::Unread(user, from) => {
                let raw = self.raw_id(from);
                if raw.get() <= 0 {
                    return;
                }
                let done = self.run(user, move |cx| Ok(dialog::unread::unread(cx, chat, raw)?));
                let first = self
                    .ids
                    .iter()
                    .position(|known| *known >= raw)
                    .unwrap_or(self.ids.len());
                assert_eq!(done, self.model.unread(user, first));
            }
            Op::ReadAll(user) => {
                self.run(user, |cx| Ok(dialog::read_all::read_all(cx)?));
                if self.model.has_unread(user) {
                    self.model.read(user, None, false);
                }
            }
            Op::Delete(user, index, complete) => self.delete(user, index, complete),
            Op::Join(user, history) => {
                self.run(user, move |cx| {
                    let chat = chat::lock_exclusive(cx.tx, chat)?.unwrap();
                    Ok(members::add(cx, &chat, &[id(user)], history)?)
                });
                self.model.join(user, history);
                self.sync_managers();
            }
            Op::Leave(user) => {
                self.run(user, move |cx| {
                    let chat = chat::lock_exclusive(cx.tx, chat)?.unwrap();
                    Ok(members::remove(cx, &chat, id(user))?)
                });
                self.model.leave(user);
                self.sync_managers();
            }
            Op::Mute(user, muted) => {
                let done = self.run(user, move |cx| {
                    recent::mute(cx, DialogId::Chat(chat), muted)
                });
                let member = self.model.members.get_mut(&user);
                assert_eq!(done, member.is_some());
                if let Some(member) = member {
                    member.muted = muted;
                }
            }
            Op::Hide(user) => {
                let done = self.run(user, move |cx| Ok(recent::hide(cx, chat)?));
                let member = self.model.members.get_mut(&user);
                assert_eq!(done, member.is_some());
                if let Some(member) = member {
                    member.hidden = true;
                }
            }
            Op::Pin(user, pinned) => {
                let done = self.run(user, move |cx| Ok(recent::pin(cx, chat, pinned)?));
                let member = self.model.members.get_mut(&user);
                assert_eq!(done, member.is_some());
                if let Some(member) = member {
                    member.hidden &= !pinned;
                }
            }
            Op::Flag(user) => {
                let done = self.run(user, move |cx| Ok(recent::set_flag(cx, chat)?));
                let member = self.model.members.get_mut(&user);
                assert_eq!(done, member.is_some());
                if let Some(member) = member {
                    member.flag = true;
                    member.hidden = false;
                }
            }
            Op::HideReceipts(user, hide) => {
                set_discreet(self.portal, user, hide);
                self.model.discreet.retain(|discreet| *discreet != user);
                if hide {
                    self.model.discreet.push(user);
                }
            }
            Op::ClockBack => self.portal.shift_clock(-30_000),
            Op::MergeViews => self.run(1, |cx| Ok(view::merge_recent(cx.tx)?)),
            Op::Notified(ref act) => self.inbox.apply(self.portal, act),
        }
    }

    fn send(&mut self, user: usize, kind: MessageKind, mentioned: naive::Mentioned) {
        let chat = self.chat;
        let sent = self.portal.run(id(user), move |cx| {
            send::send(cx, chat, &draft(kind, mentioned))
        });
        match sent {
            Ok(sent) => {
                assert!(self.model.members.contains_key(&user));
                self.ids.push(sent);
                let index = self.model.send(user, false);
                self.model.messages[index].mentions = mentioned;
            }
            Err(Refused::Because(_)) => assert!(!self.model.members.contains_key(&user)),
            Err(Refused::Interrupted(fault)) => panic!("{fault}"),
        }
    }

    /// Its author changes whom a message mentions.
    fn edit(&mut self, index: usize, mentioned: naive::Mentioned) {
        let Some(&message) = self.ids.get(index) else {
            return;
        };
        let author = self.model.messages[index].author;
        let edited = self.portal.run(id(author), move |cx| {
            let edit = Edit {
                text: Some(text(mentioned)),
                params: &ParamChanges::default(),
                mark_edited: false,
            };
            update::update(cx, message, &edit)
        });
        let model = &mut self.model.messages[index];
        let member = self.model.members.get(&author);
        let allowed = model.exists
            && !model.notice
            && !model.tombstone
            && member.is_some_and(|member| member.visible[index]);
        assert_eq!(edited.is_ok(), allowed, "editing {index} by {author}");
        if allowed {
            model.mentions = mentioned;
        }
    }

    fn read(&mut self, user: usize, to: Option<usize>) {
        let chat = self.chat;
        let raw = to.map(|index| self.raw_id(index));
        let done = self.run(user, move |cx| {
            let done = dialog::read::read(cx, chat, raw, Viewing::Recorded)?;
            let viewed = match done.as_ref().and_then(|done| done.viewed) {
                Some(range) => message::list_viewable(cx.tx, chat, id(user), range.from, range.to)?,
                None => Vec::new(),
            };
            Ok(done.map(|done| (done.last_id, done.counter, viewed)))
        });
        let expected = match raw {
            None => self.model.read(user, None, true),
            Some(raw) => match self.index_at_or_below(raw) {
                Some(index) => self.model.read(user, Some(index), true),
                None => self.model.state(user),
            },
        };
        let expected = expected.map(|answer| {
            let last = answer
                .last
                .map_or_else(MessageId::default, |index| self.ids[index]);
            let viewed: Vec<MessageId> =
                answer.viewed.iter().map(|index| self.ids[*index]).collect();
            (last, answer.counter as i64, viewed)
        });
        assert_eq!(done, expected);
    }

    fn delete(&mut self, user: usize, index: usize, complete: bool) {
        let Some(&message) = self.ids.get(index) else {
            return;
        };
        let deletion = if complete {
            Deletion::Complete
        } else {
            Deletion::ByRule
        };
        let deleted = self
            .portal
            .run(id(user), move |cx| delete::delete(cx, message, deletion));
        let model = &self.model.messages[index];
        let member = self.model.members.get(&user);
        let manages = self.model.managers.contains(&user);
        let allowed = model.exists
            && !model.notice
            && member.is_some_and(|member| member.visible[index])
            && (manages || model.author == user)
            && (!model.tombstone || complete || manages || self.model.viewers(index).is_empty());
        assert_eq!(deleted.is_ok(), allowed, "deleting {index} by {user}");
        if allowed {
            self.model.delete(user, index, complete);
        }
    }

    /// Who manages the chat after somebody joined or left is the real chat's business.
    fn sync_managers(&mut self) {
        let chat = self.chat;
        let managers = self.run(1, move |cx| Ok(member::list_manager_ids(cx.tx, chat)?));
        self.model.managers = managers.iter().map(|user| user.get() as usize).collect();
    }

    /// Everything that can be asked is as the model says.
    fn check(&self) {
        let chat = self.chat;
        self.inbox.check(self.portal, &ALL);
        for user in 1..=USERS {
            let seen = self.portal.run(id(user), move |cx| {
                let detail = dialog::detail::get(cx, DialogId::Chat(chat))?;
                let recent = repo_recent::list(cx.tx, cx.user, &RecentFilter::ALL)?;
                let row = recent
                    .into_iter()
                    .find(|row| row.chat.id == chat)
                    .map(|row| row.counter);
                Ok::<_, Refused<dialog::detail::NoAccess>>((detail, counters::totals(cx)?, row))
            });
            let Some(member) = self.model.members.get(&user) else {
                assert!(seen.is_err());
                continue;
            };
            let (detail, totals, recent) =
                seen.unwrap_or_else(|_| panic!("user {user} is a member"));
            let shown = |index: Option<usize>| {
                index.map_or_else(MessageId::default, |index| self.ids[index])
            };
            let counter = self.model.counter(user) as i64;
            assert_eq!(detail.position.counter, counter);
            assert_eq!(
                detail.position.unread_id,
                shown(self.model.first_unread(user))
            );
            assert_eq!(detail.position.last_id, shown(self.model.last_read(member)));
            assert_eq!(
                detail.position.marked_id,
                shown(self.model.shown_mark(user))
            );
            assert_eq!(
                detail.access.chat.tail.last_message,
                shown(self.model.last_existing())
            );
            let existing = self
                .model
                .messages
                .iter()
                .filter(|message| message.exists)
                .count();
            assert_eq!(detail.access.chat.message_count, existing as i64);
            self.check_viewers_of_last(&detail);
            self.check_readers(user, &detail);
            self.check_mentions(user, member.hidden);

            let counted = |list: &[(ChatId, i64)]| {
                list.iter()
                    .find(|(found, _)| *found == chat)
                    .map(|found| found.1)
            };
            let in_totals = (counter > 0 && !member.hidden).then_some(counter);
            assert_eq!(
                counted(&totals.by_chat),
                in_totals.filter(|_| !member.muted)
            );
            assert_eq!(
                counted(&totals.by_muted_chat),
                in_totals.filter(|_| member.muted)
            );
            assert_eq!(
                totals.flagged_chats.contains(&chat),
                member.flag && !member.hidden
            );
            assert_eq!(recent, (!member.hidden).then_some(counter));
        }
        for (index, message) in self
            .model
            .messages
            .iter()
            .enumerate()
            .filter(|(_, message)| message.exists)
        {
            let asked = self.ids[index];
            let asker = self
                .model
                .members
                .iter()
                .find(|(_, member)| member.visible[index]);
            let Some((&asker, _)) = asker else { continue };
            let page = self
                .portal
                .run(id(asker), move |cx| viewers::list(cx, asked, UserId(0), 50));
            let page = page.unwrap_or_else(|_| panic!("message {index} can be seen"));
            let listed: Vec<usize> = page
                .viewers
                .iter()
                .map(|viewer| viewer.user.get() as usize)
                .collect();
            let expected = if message.notice {
                Vec::new()
            } else {
                self.model.viewers(index)
            };
            assert_eq!(listed, expected, "viewers of {index}");
            assert_eq!(page.total, expected.len() as i64);
        }
    }

    fn check_viewers_of_last(&self, detail: &dialog::detail::Detail) {
        let Some(last) = self.model.last_existing() else {
            return;
        };
        let expected = if self.model.messages[last].notice {
            Vec::new()
        } else {
            self.model.viewers(last)
        };
        let mut first: Vec<usize> = detail
            .first_viewers
            .iter()
            .map(|viewer| viewer.user.get() as usize)
            .collect();
        first.sort_unstable();
        assert_eq!(first, expected);
        assert_eq!(detail.viewer_count, expected.len() as i64);
    }
}

impl World<'_> {
    /// Unread mentions are listed, the newest first, and counted while the chat is not hidden.
    fn check_mentions(&self, user: usize, hidden: bool) {
        let chat = self.chat;
        let query = mention::Query {
            mentioned: Mentioned::Me,
            within: Some(DialogId::Chat(chat)),
            unread_only: true,
            before: None,
            limit: 100,
        };
        let (page, counters) = self
            .portal
            .run(id(user), move |cx| {
                let page = mention::list(cx, &query)?;
                Ok::<_, Refused<mention::NoAccess>>((page, mention::count(cx)?))
            })
            .unwrap_or_else(|_| panic!("user {user} is a member"));
        let expected = self.model.unread_mentions(user);
        let listed: Vec<MessageId> = page.messages.iter().map(|shown| shown.message.id).collect();
        let newest_first: Vec<MessageId> = expected
            .iter()
            .rev()
            .map(|index| self.ids[*index])
            .collect();
        assert_eq!(listed, newest_first, "mentions of {user}");
        let counted = counters.by_chat.iter().find(|(found, _)| *found == chat);
        let shown = (!hidden && !expected.is_empty()).then_some(expected.len() as i64);
        assert_eq!(
            counted.map(|(_, unread)| *unread),
            shown,
            "mentions of {user}"
        );
    }

    fn check_readers(&self, user: usize, detail: &dialog::detail::Detail) {
        let last_viewed = |reader: usize, member: &naive::Member| {
            let viewed = &self.model.viewed[&reader];
            let seen = |index: &usize| {
                viewed[*index] && member.visible[*index] && self.model.messages[*index].exists
            };
            let last = (0..viewed.len()).rev().find(seen);
            last.filter(|_| !self.model.discreet.contains(&reader))
                .map(|index| self.ids[index])
        };
        let others = self
            .model
            .members
            .iter()
            .filter(|(reader, _)| **reader != user);
        let expected: Vec<_> = others
            .map(|(reader, member)| (id(*reader), last_viewed(*reader, member)))
            .collect();
        let shown = detail
            .readers
            .iter()
            .map(|reader| (reader.user, reader.viewed.map(|(message, _)| message)));
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }
}

fn set_discreet(portal: &TestPortal, who: usize, hide: bool) {
    let done: Result<(), Interrupt> = portal.run(id(1), move |cx| {
        let mut found = user::find(cx.tx, id(who))?.unwrap();
        found.hide_receipts = hide;
        Ok(user::update(cx.tx, &found)?)
    });
    done.unwrap();
}

fn agrees_with_the_model(kind: StoreKind, memory: HotMemory, cases: u32) {
    let portal = TestPortal::with_memory(kind, Rules::default(), memory);
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&ops(), |ops| {
        let mut world = World::new(&portal);
        for op in &ops {
            world.apply(op);
            world.check();
        }
        Ok(())
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
    let report: Result<_, Interrupt> = portal
        .portal
        .store
        .read(|tx| Ok(verify::verify(tx, &mut |_, _| {})?));
    assert_eq!(report.unwrap().drift, []);
}

/// In a memory of so many bytes that is compared with the database after each change.
const fn compared(bytes: usize) -> HotMemory {
    HotMemory {
        bytes,
        compared: true,
    }
}

#[test]
fn r1_to_r13_random_operations_agree_with_the_naive_model_on_sqlite() {
    agrees_with_the_model(StoreKind::Sqlite, HotMemory::COMPARED, 48);
}

#[test]
fn r1_to_r13_random_operations_agree_where_nothing_stays_in_memory() {
    agrees_with_the_model(StoreKind::Sqlite, compared(0), 24);
}

#[test]
fn r1_to_r13_random_operations_agree_where_memory_is_full_all_the_time() {
    // Room for about a third of what one operation and its checks need.
    agrees_with_the_model(StoreKind::Sqlite, compared(3 << 10), 24);
}

#[test]
fn r1_to_r13_random_operations_agree_with_the_naive_model_on_postgres() {
    agrees_with_the_model(StoreKind::Postgres, HotMemory::default(), 24);
}
