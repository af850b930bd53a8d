//! `im.dialog.read` and `imbot.v2.Chat.Message.read` (rules R1, R8, R12, R13).

use readmark_model::{
    ChatId, Event, MessageId, Seq, Target, Timestamp, ViewRange, chat::Tail, member::Member,
    read_state,
};
use readmark_store::{
    StoreError,
    repo::{
        counter::{self, ReadContext, ReadQuery},
        member::{self, Membership},
        message, reading,
    },
};

use crate::{Cx, Rules};

/// The state after a read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadDone {
    /// The chat.
    pub chat: ChatId,
    /// The last read message, 0 for none.
    pub last_id: MessageId,
    /// Unread messages left.
    pub counter: i64,
    /// The seqs that this read viewed for the first time.
    pub viewed: Option<ViewRange>,
}

/// Whether a read records views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewing {
    /// It records a view row (rule R13).
    Recorded,
    /// It only moves the cursor (rules R8, R11).
    Skipped,
}

/// Reads a chat up to a message, or to its end. `None` when the acting user is not a member. A target older than the cursor
/// changes nothing and returns the current state.
pub fn read(
    cx: &mut Cx<'_>,
    chat: ChatId,
    up_to: Option<MessageId>,
    viewing: Viewing,
) -> Result<Option<ReadDone>, StoreError> {
    let Some(found) = member::lock_exclusive(cx.tx, chat, cx.user)? else {
        return Ok(None);
    };
    let Membership { tail, member, .. } = &found;
    let aim = match up_to {
        None => Aim::at(Target::End),
        Some(id) => aim(cx, member, tail, id)?,
    };
    let Some(read) = read_state::read(member.read, aim.target, tail.last_seq) else {
        let context = read_context(cx, &found, member.read.cursor, None, None)?;
        return Ok(Some(state(cx, member, tail, &context, None)));
    };
    let mut after = Member {
        read,
        ..member.clone()
    };
    let end = match aim.target {
        Target::End => tail.last_seq,
        Target::UpTo(seq) => seq.min(tail.last_seq),
    };
    let range = match viewing {
        Viewing::Recorded => newly_viewed(cx, &after, end)?,
        Viewing::Skipped => None,
    };
    let place = aim
        .message
        .filter(|_| aim.target == Target::UpTo(read.cursor));
    let context = read_context(cx, &found, read.cursor, range, place)?;
    let viewed = context.viewable.filter(|_| range.is_some());
    if let Some(viewed) = viewed {
        after.read.viewed = viewed.to;
    }
    let done = state(cx, &after, tail, &context, viewed);
    if after.read != member.read {
        // A message is never viewed before it was sent, even if the clock went back.
        let at: Timestamp = cx.now.max(tail.last_activity_at);
        let recorded = viewed.map(|range| (range, at));
        reading::record(cx.tx, &after, recorded, cx.now)?;
        cx.record(Event::DialogRead {
            chat,
            user: cx.user,
            last_read: done.last_id,
            counter: done.counter,
            viewed,
            awaited: viewed.is_some() && context.heard,
        });
    }
    Ok(Some(done))
}

/// How far a read goes, and the message there, if known.
#[derive(Clone, Copy)]
struct Aim {
    target: Target,
    message: Option<MessageId>,
}

impl Aim {
    const fn at(target: Target) -> Self {
        Self {
            target,
            message: None,
        }
    }
}

/// What a message id means as a target (rule R1): the chat's greatest message at or below it.
fn aim(cx: &mut Cx<'_>, member: &Member, tail: &Tail, id: MessageId) -> Result<Aim, StoreError> {
    if id >= tail.last_message {
        // Even if deleted messages follow the last one: nothing else is left to read.
        let end = if tail.last_message_seq == Seq::ZERO {
            Seq::ZERO
        } else {
            tail.last_seq
        };
        return Ok(Aim::at(Target::UpTo(end)));
    }
    let Some(place) = message::find_at_or_below_id(cx.tx, member.chat, id, tail.last_seq)? else {
        return Ok(Aim::at(Target::UpTo(Seq::ZERO)));
    };
    let cursor = member.read.cursor;
    if place.seq < cursor && message::find_at_or_before(cx.tx, member.chat, cursor)? == Some(place)
    {
        return Ok(Aim::at(Target::UpTo(cursor)));
    }
    Ok(Aim {
        target: Target::UpTo(place.seq),
        message: Some(place.id),
    })
}

/// What a read up to `end` views for the first time, by seqs alone (rule R13).
fn newly_viewed(
    cx: &mut Cx<'_>,
    member: &Member,
    end: Seq,
) -> Result<Option<ViewRange>, StoreError> {
    let Some(mut range) = read_state::newly_viewed(member.read, end) else {
        return Ok(None);
    };
    if cx.rules.compat_caps
        && let Some(start) = message::find_viewable_start(
            cx.tx,
            member.chat,
            member.user,
            range.to,
            Rules::CAPPED_VIEWS,
        )?
    {
        range.from = range.from.max(start);
    }
    Ok(Some(range))
}

fn read_context(
    cx: &mut Cx<'_>,
    found: &Membership,
    cursor: Seq,
    range: Option<ViewRange>,
    last_read: Option<MessageId>,
) -> Result<ReadContext, StoreError> {
    let query = ReadQuery {
        chat: found.member.chat,
        user: found.member.user,
        range,
        cursor,
        last: found.tail.last_seq,
        bounds: found.bounds,
        last_read,
    };
    counter::get_read_context(cx.tx, &query)
}

fn state(
    cx: &Cx<'_>,
    member: &Member,
    tail: &Tail,
    context: &ReadContext,
    viewed: Option<ViewRange>,
) -> ReadDone {
    ReadDone {
        chat: member.chat,
        last_id: if member.read.cursor >= tail.last_message_seq {
            tail.last_message
        } else {
            context.last_read
        },
        counter: cx.rules.cap(context.counter),
        viewed,
    }
}
