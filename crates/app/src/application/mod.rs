//! Local applications: registering, changing, installing and removing them. Only operators and administrators do; who may use one is a
//! rule of [`readmark_model::application`].

mod address;
mod install;
mod register;

use readmark_model::{Application, ApplicationId, Scopes, UserId, application::Audience};
use readmark_store::{StoreError, Tx, repo::application};

pub use self::{
    install::{finish, install},
    register::{MAX_NAME, SECRET_LENGTH, add, change, remove, replace_secret},
};
use crate::users::NoPerson;

/// What an administrator says of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its name for people.
    pub name: String,
    /// Where it is opened and users return to.
    pub handler_url: String,
    /// The address that installs it, or empty.
    pub install_url: String,
    /// The most that it may be used for.
    pub scopes: Scopes,
    /// Whether it is opened in the portal.
    pub has_ui: bool,
    /// Who may use it.
    pub audience: Audience,
    /// The chosen users, for [`Audience::Chosen`]; nobody else's audience has any.
    pub users: Vec<UserId>,
}

/// An application that was just registered, with its secret, which cannot be retrieved later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Its number.
    pub id: ApplicationId,
    /// Its client id.
    pub client_id: String,
    /// Its secret: [`SECRET_LENGTH`] letters and digits.
    pub secret: String,
}

/// Why an application is not registered or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none with this number.
    Unknown,
    /// Its name is blank or longer than [`MAX_NAME`] characters.
    Name,
    /// An address is no `http` or `https` one with a host, or too long; `true` for the one that installs it.
    Address(bool),
    /// An address is the portal's own, where an application could take its users' sessions; `true` for the one that installs it.
    OwnAddress(bool),
    /// A chosen user is no person of the portal.
    User(UserId, NoPerson),
}

/// An application by its number.
pub fn find(tx: &mut dyn Tx, id: ApplicationId) -> Result<Option<Application>, StoreError> {
    application::find(tx, id)
}

/// An application by its client id.
pub fn find_by_client(tx: &mut dyn Tx, client_id: &str) -> Result<Option<Application>, StoreError> {
    application::find_by_client(tx, client_id)
}

/// Every application, in the order of numbers.
pub fn list(tx: &mut dyn Tx) -> Result<Vec<Application>, StoreError> {
    application::list(tx)
}

/// The users who were chosen for an application, in the order of ids.
pub fn chosen(tx: &mut dyn Tx, id: ApplicationId) -> Result<Vec<UserId>, StoreError> {
    application::list_users(tx, id)
}
