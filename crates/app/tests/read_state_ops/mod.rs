//! The random operations that read state is compared with the naive model by.

#![allow(unreachable_pub, reason = "a module of one test program")]

use proptest::prelude::*;
use readmark_model::UserId;
use readmark_testkit::naive;

use crate::notified::Act;

/// Users 1 to 4; the first owns the chat, the second manages it.
pub(crate) const USERS: usize = 4;

#[derive(Clone, Debug)]
pub(crate) enum Op {
    Send(usize, naive::Mentioned),
    System(usize, naive::Mentioned),
    Edit(usize, naive::Mentioned),
    Notice(usize),
    SendElsewhere,
    Read(usize, Option<usize>),
    ReadSkippingViews(usize),
    Unread(usize, usize),
    ReadAll(usize),
    Delete(usize, usize, bool),
    Join(usize, bool),
    Leave(usize),
    Mute(usize, bool),
    Hide(usize),
    Pin(usize, bool),
    Flag(usize),
    HideReceipts(usize, bool),
    ClockBack,
    /// Merges the recent views, which changes nothing that can be asked about.
    MergeViews,
    Notified(Act),
}

/// What happens to notifications, which nothing that happens to messages changes.
fn acts() -> impl Strategy<Value = Act> {
    let tag = proptest::sample::select(vec!["", "one", "two"]);
    prop_oneof![
        4 => (1..=USERS, tag).prop_map(|(user, tag)| Act::Add(UserId(user as i64), tag)),
        2 => (0..12_usize, any::<bool>()).prop_map(|(index, read)| Act::Mark(index, read)),
        1 => (0..12_usize).prop_map(Act::ReadFrom),
        1 => (0..12_usize).prop_map(Act::Delete),
        1 => Just(Act::DeleteTag("one")),
    ]
}

fn mentioned() -> impl Strategy<Value = naive::Mentioned> {
    prop_oneof![
        3 => Just(naive::Mentioned::Nobody),
        2 => (1..=USERS).prop_map(naive::Mentioned::User),
        1 => Just(naive::Mentioned::Everybody),
    ]
}

pub(crate) fn ops() -> impl Strategy<Value = Vec<Op>> {
    let user = 1..=USERS;
    let op = prop_oneof![
        8 => (user.clone(), mentioned()).prop_map(|(user, mentioned)| Op::Send(user, mentioned)),
        1 => (user.clone(), mentioned()).prop_map(|(user, mentioned)| Op::System(user, mentioned)),
        2 => (0..60_usize, mentioned()).prop_map(|(message, mentioned)| Op::Edit(message, mentioned)),
        2 => user.clone().prop_map(Op::Notice),
        1 => Just(Op::SendElsewhere),
        6 => (user.clone(), proptest::option::of(0..60_usize)).prop_map(|(user, to)| Op::Read(user, to)),
        1 => user.clone().prop_map(Op::ReadSkippingViews),
        4 => (user.clone(), 0..60_usize).prop_map(|(user, from)| Op::Unread(user, from)),
        1 => user.clone().prop_map(Op::ReadAll),
        5 => (user.clone(), 0..60_usize, proptest::bool::weighted(0.2)).prop_map(|(u, m, c)| Op::Delete(u, m, c)),
        3 => (user.clone(), any::<bool>()).prop_map(|(user, history)| Op::Join(user, history)),
        2 => user.clone().prop_map(Op::Leave),
        1 => (user.clone(), any::<bool>()).prop_map(|(user, muted)| Op::Mute(user, muted)),
        2 => user.clone().prop_map(Op::Hide),
        1 => (user.clone(), any::<bool>()).prop_map(|(user, pinned)| Op::Pin(user, pinned)),
        2 => user.clone().prop_map(Op::Flag),
        1 => (user, any::<bool>()).prop_map(|(user, hide)| Op::HideReceipts(user, hide)),
        1 => Just(Op::ClockBack),
        1 => Just(Op::MergeViews),
        5 => acts().prop_map(Op::Notified),
    ];
    proptest::collection::vec(op, 1..50)
}

/// A text that mentions somebody.
pub(crate) const fn text(mentioned: naive::Mentioned) -> &'static str {
    match mentioned {
        naive::Mentioned::Nobody => "a word or two",
        naive::Mentioned::User(1) => "a word, [USER=1]Ada[/USER], or two",
        naive::Mentioned::User(2) => "a word, [user=2 replace]Ben[/user], or two",
        naive::Mentioned::User(3) => "a word, [USER=3]Cho[/USER], or two for [USER=3]you[/USER]",
        naive::Mentioned::User(_) => "a word, [USER=4]Dev[/USER], or two",
        naive::Mentioned::Everybody => {
            "a word or two, [USER=all]everybody[/USER] and [USER=2]Ben[/USER]"
        }
    }
}
