//! Chats: kinds, roles and permissions.

mod stored;

pub use stored::{Chat, Entity, Tail};

/// The kind of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChatKind {
    /// Between two users, or a user's chat with oneself.
    Private,
    /// A closed group.
    Group,
    /// A group that any intranet user may see and join.
    Open,
    /// A closed channel.
    Channel,
    /// A channel that any intranet user may see and join.
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

    /// Whether intranet users may see it without being members; nothing counts for them.
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

/// A user's role in a chat. A greater role may do more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Not a member, but allowed to see an open chat.
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

/// Who has a right.
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

/// What a kind of chat, or its entity, allows at all, whatever the role.
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

    /// What `role` may do: `restrictions` of `im.dialog.get`.
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
    fn stored_numbers_never_change_and_no_others_are_read() {
        let kinds = [
            (1, ChatKind::Private),
            (2, ChatKind::Group),
            (3, ChatKind::Open),
            (4, ChatKind::Channel),
            (5, ChatKind::OpenChannel),
        ];
        let roles = [Role::Guest, Role::Member, Role::Manager, Role::Owner];
        let permissions = [Permission::Member, Permission::Manager, Permission::Owner];
        for (code, kind) in kinds {
            assert_eq!((kind.code(), ChatKind::from_code(code)), (code, Some(kind)));
        }
        for (code, role) in (0..).zip(roles) {
            assert_eq!((role.code(), Role::from_code(code)), (code, Some(role)));
        }
        for (code, right) in (1..).zip(permissions) {
            assert_eq!(
                (right.code(), Permission::from_code(code)),
                (code, Some(right))
            );
        }
        assert_eq!(
            (ChatKind::from_code(0), ChatKind::from_code(6)),
            (None, None)
        );
        assert_eq!((Role::from_code(-1), Role::from_code(4)), (None, None));
        assert_eq!(
            (Permission::from_code(0), Permission::from_code(4)),
            (None, None)
        );
    }

    #[test]
    fn kinds_roles_and_rights_have_the_documented_names() {
        let types = [
            ChatKind::Private,
            ChatKind::Group,
            ChatKind::Open,
            ChatKind::Channel,
            ChatKind::OpenChannel,
        ]
        .map(ChatKind::message_type);
        assert_eq!(types, ["P", "C", "O", "N", "J"]);
        let roles = [Role::Guest, Role::Member, Role::Manager, Role::Owner].map(Role::as_str);
        assert_eq!(roles, ["guest", "member", "manager", "owner"]);
        let rights = [Permission::Member, Permission::Manager, Permission::Owner];
        assert_eq!(
            rights.map(Permission::as_str),
            ["member", "manager", "owner"]
        );
    }

    #[test]
    fn open_kinds_are_looked_into_and_channels_are_managed() {
        for (kind, open, channel) in [
            (ChatKind::Private, false, false),
            (ChatKind::Group, false, false),
            (ChatKind::Open, true, false),
            (ChatKind::Channel, false, true),
            (ChatKind::OpenChannel, true, true),
        ] {
            assert_eq!(
                (kind.is_open(), kind.is_channel()),
                (open, channel),
                "{kind:?}"
            );
            let rights = Permissions::default_of(kind);
            let posting = if channel {
                Permission::Manager
            } else {
                Permission::Member
            };
            assert_eq!(
                (rights.can_post, rights.manage_ui, rights.manage_messages),
                (posting, posting, posting)
            );
            assert_eq!(
                (
                    rights.manage_users_add,
                    rights.manage_users_delete,
                    rights.manage_settings
                ),
                (Permission::Member, Permission::Manager, Permission::Owner)
            );
        }
    }

    #[test]
    fn a_right_is_had_from_its_role_on() {
        let roles = [Role::Guest, Role::Member, Role::Manager, Role::Owner];
        for (right, had) in [
            (Permission::Member, [false, true, true, true]),
            (Permission::Manager, [false, false, true, true]),
            (Permission::Owner, [false, false, false, true]),
        ] {
            assert_eq!(roles.map(|role| right.allows(role)), had, "{right:?}");
        }
    }

    /// The restrictions in force, by name.
    fn denied(policy: Policy) -> String {
        let all = [
            ("avatar", policy.avatar),
            ("rename", policy.rename),
            ("extend", policy.extend),
            ("call", policy.call),
            ("mute", policy.mute),
            ("leave", policy.leave),
            ("leave_owner", policy.leave_owner),
            ("send", policy.send),
            ("user_list", policy.user_list),
        ];
        let denied: Vec<_> = all
            .into_iter()
            .filter(|(_, allowed)| !allowed)
            .map(|(name, _)| name)
            .collect();
        denied.join(" ")
    }

    #[test]
    fn a_chat_follows_its_kind_and_what_it_is_bound_to() {
        let fixed = "avatar rename extend leave leave_owner";
        for (kind, entity, expected) in [
            (ChatKind::Private, "", fixed),
            (ChatKind::Private, "ANNOUNCEMENT", fixed),
            (ChatKind::Group, "SONET_GROUP", fixed),
            (ChatKind::Group, "CRM", "avatar rename leave_owner"),
            (ChatKind::Group, "CALENDAR", "avatar rename leave_owner"),
            (ChatKind::Group, "MAIL", "avatar rename leave_owner"),
            (ChatKind::Group, "ANNOUNCEMENT", "call"),
            (ChatKind::Group, "", ""),
            (ChatKind::Open, "", ""),
            (ChatKind::Channel, "OTHER", ""),
            (ChatKind::OpenChannel, "", ""),
        ] {
            assert_eq!(
                denied(Policy::of(kind, entity)),
                expected,
                "{kind:?} {entity}"
            );
        }
    }

    #[test]
    fn what_a_role_may_do_is_what_the_chat_allows_and_the_right_gives() {
        let roles = [Role::Guest, Role::Member, Role::Manager, Role::Owner];
        for (kind, entity, expected) in [
            (
                ChatKind::Open,
                "",
                ["avatar rename extend call mute leave send", "", "", ""],
            ),
            (
                ChatKind::Channel,
                "",
                [
                    "avatar rename extend call mute leave send",
                    "avatar rename send",
                    "",
                    "",
                ],
            ),
            (
                ChatKind::Group,
                "CRM",
                [
                    "avatar rename extend call mute leave leave_owner send",
                    "avatar rename leave_owner",
                    "avatar rename leave_owner",
                    "avatar rename leave leave_owner",
                ],
            ),
            (
                ChatKind::Private,
                "",
                [
                    "avatar rename extend call mute leave leave_owner send",
                    "avatar rename extend leave leave_owner",
                    "avatar rename extend leave leave_owner",
                    "avatar rename extend leave leave_owner",
                ],
            ),
        ] {
            let rights = Permissions::default_of(kind);
            let policy = Policy::of(kind, entity);
            let seen = roles.map(|role| denied(policy.for_role(&rights, role)));
            assert_eq!(seen, expected, "{kind:?} {entity}");
        }
        let owners_alone = Permissions {
            manage_users_add: Permission::Owner,
            manage_users_delete: Permission::Owner,
            manage_ui: Permission::Owner,
            manage_settings: Permission::Owner,
            manage_messages: Permission::Owner,
            can_post: Permission::Owner,
        };
        let policy = Policy::of(ChatKind::Group, "");
        assert_eq!(
            roles.map(|role| denied(policy.for_role(&owners_alone, role))),
            [
                "avatar rename extend call mute leave send",
                "avatar rename extend send",
                "avatar rename extend send",
                ""
            ]
        );
        // A role never restores what the chat does not allow at all.
        let nothing = Policy {
            call: false,
            mute: false,
            send: false,
            user_list: false,
            ..Policy::of(ChatKind::Private, "")
        };
        let rights = Permissions::default_of(ChatKind::Private);
        for role in roles {
            assert_eq!(nothing.for_role(&rights, role), nothing, "{role:?}");
        }
    }
}
