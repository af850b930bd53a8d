//! The read state of one member in one chat: rules R1, R3, R5, R8 and R13 as pure functions. Sending and reading all (rules R4,
//! R11) always lead to the chat's end, which is one statement of the store.
//!
//! Invariants of a [`ReadState`], kept by every function here:
//! - the cursor is never before what the member may see: `cursor + 1 >= visible_from`;
//! - only [`unread`] moves the cursor back;
//! - a view range never overlaps an earlier one of the same member.

use crate::ids::Seq;

/// What a member has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadState {
    /// Everything up to it is read; `last_id` on the wire is the last message at or before it.
    pub cursor: Seq,
    /// Everything visible up to it has been viewed (rule R13).
    pub viewed: Seq,
    /// The first seq that the member may see (rules R2, R5).
    pub visible_from: Seq,
    /// The message marked by `im.dialog.unread`, 0 for none; `marked_id` on the wire.
    pub marked: Seq,
    /// The flag of `im.recent.unread` (rule R8).
    pub unread_flag: bool,
}

/// How far a read goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// No id given: to the chat's end.
    End,
    /// To this seq: of the chat's greatest message at or below the given id, 0 when there is none (rule R1).
    UpTo(Seq),
}

/// A range of seqs, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewRange {
    /// First seq.
    pub from: Seq,
    /// Last seq.
    pub to: Seq,
}

impl ReadState {
    /// The state of a member who joins a chat whose last seq is `last`: nothing is unread, whether the history is shown or
    /// not (rule R5). `viewed` is where the member's views from an earlier membership end.
    #[must_use]
    pub fn joined(last: Seq, history_shown: bool, viewed: Seq) -> Self {
        Self {
            cursor: last,
            viewed,
            visible_from: if history_shown { Seq(1) } else { last.next() },
            marked: Seq::ZERO,
            unread_flag: false,
        }
    }
}

/// Reads up to `target` in a chat whose last seq is `last` (rules R1, R8). `None`: nothing changes, as the target is older
/// than the cursor or names no message.
///
/// A target at the cursor is given as the cursor itself, even if the message there was deleted.
#[must_use]
pub fn read(state: ReadState, target: Target, last: Seq) -> Option<ReadState> {
    let to = match target {
        Target::End => last.max(state.cursor),
        Target::UpTo(Seq::ZERO) => return None,
        Target::UpTo(seq) if seq < state.cursor => return None,
        Target::UpTo(seq) => seq.min(last),
    };
    Some(ReadState {
        cursor: to.max(state.cursor),
        marked: Seq::ZERO,
        unread_flag: false,
        ..state
    })
}

/// The seqs that a read up to `to` views for the first time (rule R13), before leaving out what cannot be viewed: own
/// messages, notices and deleted ones. `None` when there are none.
#[must_use]
pub fn newly_viewed(state: ReadState, to: Seq) -> Option<ViewRange> {
    let from = state.viewed.next().max(state.visible_from);
    (from <= to).then_some(ViewRange { from, to })
}

/// Marks as unread from `first`, the chat's first visible message at or above the given id (rule R3).
#[must_use]
pub fn unread(state: ReadState, first: Seq) -> ReadState {
    ReadState {
        cursor: state.cursor.min(first.prev()),
        marked: first,
        ..state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: ReadState = ReadState {
        cursor: Seq(5),
        viewed: Seq(3),
        visible_from: Seq(1),
        marked: Seq(0),
        unread_flag: false,
    };

    #[test]
    fn r1_reading_moves_the_cursor_forward_only() {
        assert_eq!(
            read(START, Target::UpTo(Seq(7)), Seq(9)).map(|s| s.cursor),
            Some(Seq(7))
        );
        assert_eq!(
            read(START, Target::End, Seq(9)).map(|s| s.cursor),
            Some(Seq(9))
        );
        assert_eq!(read(START, Target::UpTo(Seq(4)), Seq(9)), None);
        assert_eq!(read(START, Target::UpTo(Seq(0)), Seq(9)), None);
    }

    #[test]
    fn r1_a_target_past_the_end_stops_at_the_end() {
        assert_eq!(
            read(START, Target::UpTo(Seq(50)), Seq(9)).map(|s| s.cursor),
            Some(Seq(9))
        );
    }

    #[test]
    fn r3_marking_unread_moves_back_and_never_forward() {
        assert_eq!(
            unread(START, Seq(2)),
            ReadState {
                cursor: Seq(1),
                marked: Seq(2),
                ..START
            }
        );
        assert_eq!(
            unread(START, Seq(8)),
            ReadState {
                cursor: Seq(5),
                marked: Seq(8),
                ..START
            }
        );
        assert_eq!(
            unread(START, Seq(1)),
            ReadState {
                cursor: Seq(0),
                marked: Seq(1),
                ..START
            }
        );
    }

    #[test]
    fn r5_joining_starts_at_zero_with_and_without_history() {
        let hidden = ReadState::joined(Seq(8), false, Seq(0));
        assert_eq!((hidden.cursor, hidden.visible_from), (Seq(8), Seq(9)));
        let shown = ReadState::joined(Seq(8), true, Seq(2));
        assert_eq!(
            (shown.cursor, shown.visible_from, shown.viewed),
            (Seq(8), Seq(1), Seq(2))
        );
    }

    #[test]
    fn r8_a_read_at_the_cursor_clears_flag_and_mark() {
        let flagged = ReadState {
            marked: Seq(6),
            unread_flag: true,
            ..START
        };
        assert_eq!(read(flagged, Target::UpTo(Seq(5)), Seq(9)), Some(START));
        assert_eq!(read(flagged, Target::UpTo(Seq(4)), Seq(9)), None);
    }

    #[test]
    fn r13_views_go_on_where_the_earlier_ones_ended() {
        assert_eq!(
            newly_viewed(START, Seq(7)),
            Some(ViewRange {
                from: Seq(4),
                to: Seq(7)
            })
        );
        assert_eq!(newly_viewed(START, Seq(3)), None);
        let late = ReadState {
            visible_from: Seq(6),
            ..START
        };
        assert_eq!(
            newly_viewed(late, Seq(7)),
            Some(ViewRange {
                from: Seq(6),
                to: Seq(7)
            })
        );
    }
}
