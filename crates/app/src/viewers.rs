//! The exact viewers of any message, in pages (rule R13).

use readmark_model::{MessageId, MessageKind, UserId, view::Viewer};
use readmark_store::repo::{message, view};

use crate::{Cx, Refused, access};

/// A page of viewers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewersPage {
    /// In user id order.
    pub viewers: Vec<Viewer>,
    /// Whether more follow.
    pub has_more: bool,
    /// The exact number of all viewers.
    pub total: i64,
}

/// There is no such message, or the acting user may not see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFound;

/// Lists who viewed a message, after a user id. Costs one look-up per member, whatever the history.
///
/// # Errors
/// [`NotFound`].
pub fn list(
    cx: &mut Cx<'_>,
    id: MessageId,
    after: UserId,
    limit: i64,
) -> Result<ViewersPage, Refused<NotFound>> {
    let message = message::find(cx.tx, id)?.ok_or(Refused::Because(NotFound))?;
    let access = access::look(cx, message.chat)?.ok_or(Refused::Because(NotFound))?;
    if access
        .member
        .is_some_and(|member| message.seq < member.read.visible_from)
    {
        return Err(Refused::Because(NotFound));
    }
    if message.kind == MessageKind::Notice {
        return Ok(ViewersPage {
            viewers: Vec::new(),
            has_more: false,
            total: 0,
        });
    }
    let of = message.as_viewed();
    let mut viewers = view::list_page(cx.tx, of, after, limit + 1)?;
    let has_more = viewers.len() as i64 > limit;
    viewers.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(ViewersPage {
        viewers,
        has_more,
        total: view::count(cx.tx, of)?,
    })
}
