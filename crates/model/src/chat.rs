//! Chats: kinds, roles, and who may do what.

mod stored;

pub use stored::{Chat, Entity, Tail};

/// What a chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatKind {
    /// Between two users, or a user's chat with oneself.
    Private,
    /// A closed group.
    Group,
    /// A group that any intranet user may look into and join.
    Open,
    /// A closed channel.
    Channel,
    /// A channel that any intranet user may look into and join.
    OpenChannel,
}

impl ChatKind {
    /// The number stored in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Private => 1,
            Self::Group => 2,
            Self::Open => 3,
            Self::Channel => 4,
            Self::OpenChannel => 5,
        }
    }

    /// The reverse of [`ChatKind::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Private),
            2 => Some(Self::Group),
            3 => Some(Self::Open),
            4 => Some(Self::Channel),
            5 => Some(Self::OpenChannel),
            _ => None,
        }
    }

    /// `message_type` on the wire.
    #[must_use]
    pub const fn message_type(self) -> &'static str {
        match self {
            Self::Private => "P",
            Self::Group => "C",
            Self::Open => "O",
            Self::Channel => "N",
            Self::OpenChannel => "J",
        }
    }

    /// Whether intranet users who are no members may look, uncounted.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::OpenChannel)
    }

    /// Whether it is a channel, where deleting is always complete (rule R9).
    #[must_use]
    pub const fn is_channel(self) -> bool {
        matches!(self, Self::Channel | Self::OpenChannel)
    }
}

/// `type` on the wire: of the chat itself, or, where it is bound to an entity, the entity's type in camel case.
#[must_use]
pub fn wire_type(kind: ChatKind, entity_type: &str) -> String {
    if entity_type.is_empty() {
        return match kind {
            ChatKind::Private => "private",
            ChatKind::Group => "chat",
            ChatKind::Open => "open",
            ChatKind::Channel => "channel",
            ChatKind::OpenChannel => "openChannel",
        }
        .to_owned();
    }
    let mut name = String::with_capacity(entity_type.len());
    let mut upper = false;
    for letter in entity_type.chars() {
        match letter {
            '_' => upper = !name.is_empty(),
            _ if upper => {
                name.extend(letter.to_uppercase());
                upper = false;
            }
            _ => name.extend(letter.to_lowercase()),
        }
    }
    name
}

/// What somebody is in a chat. Greater may do more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Not a member, but allowed to look into an open chat.
    Guest,
    /// A member.
    Member,
    /// A manager.
    Manager,
    /// The owner.
    Owner,
}

impl Role {
    /// The number stored in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Guest => 0,
            Self::Member => 1,
            Self::Manager => 2,
            Self::Owner => 3,
        }
    }

    /// The reverse of [`Role::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            0 => Some(Self::Guest),
            1 => Some(Self::Member),
            2 => Some(Self::Manager),
            3 => Some(Self::Owner),
            _ => None,
        }
    }

    /// In lower case, as `im.dialog.get` writes it; `im.recent.*` write it in upper case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }
}

/// Who a right is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Every member.
    Member,
    /// Owner and managers.
    Manager,
    /// The owner alone.
    Owner,
}

impl Permission {
    /// The number stored in the database.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Member => 1,
            Self::Manager => 2,
            Self::Owner => 3,
        }
    }

    /// The reverse of [`Permission::code`].
    #[must_use]
    pub const fn from_code(code: i64) -> Option<Self> {
        match code {
            1 => Some(Self::Member),
            2 => Some(Self::Manager),
            3 => Some(Self::Owner),
            _ => None,
        }
    }

    /// As on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }

    /// Whether `role` has the right.
    #[must_use]
    pub fn allows(self, role: Role) -> bool {
        role.code() >= self.code()
    }
}

/// The rights in a chat, as `permissions` of `im.dialog.get` reports and every method enforces them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Add members.
    pub manage_users_add: Permission,
    /// Remove members.
    pub manage_users_delete: Permission,
    /// Change title, colour and avatar.
    pub manage_ui: Permission,
    /// Change settings.
    pub manage_settings: Permission,
    /// Pin and manage messages.
    pub manage_messages: Permission,
    /// Send messages.
    pub can_post: Permission,
}

impl Permissions {
    /// The rights of a new chat.
    #[must_use]
    pub const fn default_of(kind: ChatKind) -> Self {
        let (ui, messages, post) = if kind.is_channel() {
            (
                Permission::Manager,
                Permission::Manager,
                Permission::Manager,
            )
        } else {
            (Permission::Member, Permission::Member, Permission::Member)
        };
        Self {
            manage_users_add: Permission::Member,
            manage_users_delete: Permission::Manager,
            manage_ui: ui,
            manage_settings: Permission::Owner,
            manage_messages: messages,
            can_post: post,
        }
    }
}

/// What a kind of chat, or its entity, allows at all, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a field of `restrictions` on the wire"
)]
pub struct Policy {
    /// Change the avatar.
    pub avatar: bool,
    /// Change the title.
    pub rename: bool,
    /// Add members.
    pub extend: bool,
    /// Call.
    pub call: bool,
    /// Mute.
    pub mute: bool,
    /// Leave.
    pub leave: bool,
    /// Leave as the owner.
    pub leave_owner: bool,
    /// Send messages.
    pub send: bool,
    /// See who is a member.
    pub user_list: bool,
}

impl Policy {
    const ALL: Self = Self {
        avatar: true,
        rename: true,
        extend: true,
        call: true,
        mute: true,
        leave: true,
        leave_owner: true,
        send: true,
        user_list: true,
    };

    /// The policy of a chat. A private chat has a fixed pair of members; a workgroup's chat follows the workgroup; the
    /// chats of CRM objects, calendar events and mail carry the name of their object and keep their owner.
    #[must_use]
    pub fn of(kind: ChatKind, entity_type: &str) -> Self {
        if kind == ChatKind::Private {
            return Self {
                avatar: false,
                rename: false,
                extend: false,
                leave: false,
                leave_owner: false,
                ..Self::ALL
            };
        }
        match entity_type {
            "SONET_GROUP" => Self {
                avatar: false,
                rename: false,
                extend: false,
                leave: false,
                leave_owner: false,
                ..Self::ALL
            },
            "CRM" | "CALENDAR" | "MAIL" => Self {
                avatar: false,
                rename: false,
                leave_owner: false,
                ..Self::ALL
            },
            "ANNOUNCEMENT" => Self {
                call: false,
                ..Self::ALL
            },
            _ => Self::ALL,
        }
    }

    /// What somebody with `role` may do: `restrictions` of `im.dialog.get`.
    #[must_use]
    pub fn for_role(self, permissions: &Permissions, role: Role) -> Self {
        let member = role >= Role::Member;
        Self {
            avatar: self.avatar && permissions.manage_ui.allows(role),
            rename: self.rename && permissions.manage_ui.allows(role),
            extend: self.extend && permissions.manage_users_add.allows(role),
            call: self.call && member,
            mute: self.mute && member,
            leave: self.leave && member && (role < Role::Owner || self.leave_owner),
            leave_owner: self.leave_owner,
            send: self.send && permissions.can_post.allows(role),
            user_list: self.user_list,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_on_the_wire_follows_the_entity() {
        assert_eq!(wire_type(ChatKind::Group, ""), "chat");
        assert_eq!(wire_type(ChatKind::Group, "CRM"), "crm");
        assert_eq!(wire_type(ChatKind::Group, "SONET_GROUP"), "sonetGroup");
        assert_eq!(wire_type(ChatKind::OpenChannel, ""), "openChannel");
    }

    #[test]
    fn a_guest_may_only_look() {
        let guest = Policy::of(ChatKind::Open, "")
            .for_role(&Permissions::default_of(ChatKind::Open), Role::Guest);
        assert!(
            guest.user_list
                && !guest.send
                && !guest.rename
                && !guest.extend
                && !guest.leave
                && !guest.mute
        );
    }

    #[test]
    fn a_member_of_a_channel_reads_but_does_not_post() {
        let permissions = Permissions::default_of(ChatKind::Channel);
        assert!(
            !permissions.can_post.allows(Role::Member)
                && permissions.can_post.allows(Role::Manager)
        );
    }

    #[test]
    fn the_owner_of_a_crm_chat_cannot_leave_it() {
        let policy = Policy::of(ChatKind::Group, "CRM")
            .for_role(&Permissions::default_of(ChatKind::Group), Role::Owner);
        assert!(!policy.leave && !policy.leave_owner && !policy.rename);
    }
}
