//! `readmark verify` (rule R17) finds no drift, whatever users do, on both stores.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod in_use;

use in_use::{
    ADA, BEN, CHO, GROUP, PRIVATE, lived_in, make_group, note, private_chat, read, recount, say,
};
use readmark_app::{
    Cx, Random,
    chat::members,
    dialog,
    message::delete::{self, Deletion},
    recent,
    verify::verify,
};
use readmark_model::{DialogId, MessageId, UserId};
use readmark_store::{
    StoreError, TxError,
    repo::{chat, member},
};
use readmark_testkit::{TestPortal, for_each_store, portal::FixedRandom};

#[test]
fn r17_a_portal_in_use_has_no_drift() {
    for_each_store(|portal| {
        lived_in(portal);
        let report = recount(portal);
        assert_eq!(report.drift, []);
        let counted = (
            report.users,
            report.chats,
            report.members,
            report.messages,
            report.views,
        );
        assert_eq!(counted, (5, 2, 6, 7, 2));
    });
}

#[test]
fn progress_ends_where_it_said_it_would() {
    for_each_store(|portal| {
        lived_in(portal);
        let steps = portal.portal.store.read(|tx| {
            let mut steps = Vec::new();
            verify(tx, &mut |done, of| steps.push((done, of)))?;
            Ok::<_, StoreError>(steps)
        });
        let steps = steps.unwrap();
        assert_eq!((steps[0], steps[steps.len() - 1]), ((0, 7), (7, 7)));
        assert!(steps.is_sorted());
    });
}

/// Random numbers that are the same in every run.
#[derive(Default)]
struct Dice(FixedRandom);

impl Dice {
    /// From 0 up to `sides`, which is left out.
    fn roll(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::from_le_bytes(bytes) % sides
    }
}

/// Runs a use case whose answer is not the question here.
fn act<T: Send + 'static, E: TxError>(
    portal: &TestPortal,
    user: UserId,
    f: impl FnMut(&mut Cx<'_>) -> Result<T, E> + Send + 'static,
) {
    if let Err(error) = portal.run(user, f) {
        assert!(error.as_store().is_none(), "the store failed");
    }
}

fn operate(portal: &TestPortal, dice: &Dice, ids: &mut Vec<MessageId>) {
    let user = [ADA, BEN, CHO, UserId(4)][dice.roll(4)];
    let chat = if dice.roll(4) == 0 { PRIVATE } else { GROUP };
    let role = portal
        .portal
        .store
        .read(move |tx| member::find_role(tx, chat, user));
    let id = ids
        .get(dice.roll(ids.len() + 1))
        .copied()
        .unwrap_or(MessageId(1));
    let yes = dice.roll(2) == 0;
    match dice.roll(14) {
        0..=3 if role.unwrap().is_some() => ids.push(say(portal, user, chat)),
        4 => note(portal, chat),
        5 => read(portal, user, chat, Some(id)),
        6 => read(portal, user, chat, None),
        7 => act(portal, user, move |cx| dialog::unread::unread(cx, chat, id)),
        8 => act(portal, user, move |cx| {
            delete::delete(cx, id, Deletion::ByRule)
        }),
        9 => join_or_leave(portal, user, yes),
        10 => act(portal, user, move |cx| recent::hide(cx, chat)),
        11 => act(portal, user, move |cx| recent::set_flag(cx, chat)),
        12 => act(portal, user, move |cx| {
            recent::mute(cx, DialogId::Chat(chat), yes)
        }),
        13 => act(portal, user, dialog::read_all::read_all),
        _ => {}
    }
}

fn join_or_leave(portal: &TestPortal, user: UserId, history_shown: bool) {
    portal
        .run(user, move |cx| {
            let Some(chat) = chat::lock_exclusive(cx.tx, GROUP)? else {
                return Err(StoreError::Decode("the chat is missing"));
            };
            if !members::remove(cx, &chat, user)? {
                members::add(cx, &chat, &[user], history_shown)?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn r17_random_operations_leave_no_drift() {
    for_each_store(|portal| {
        assert_eq!((make_group(portal), private_chat(portal)), (GROUP, PRIVATE));
        let dice = Dice::default();
        let mut ids = Vec::new();
        for step in 0..600 {
            operate(portal, &dice, &mut ids);
            if step % 50 == 0 {
                assert_eq!(
                    recount(portal).drift,
                    [],
                    "after {step} operations on {:?}",
                    portal.kind
                );
            }
        }
        let report = recount(portal);
        assert_eq!(report.drift, []);
        assert!(report.messages > 80 && report.views > 10, "{report:?}");
    });
}
