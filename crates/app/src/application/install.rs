//! Installing applications.

use readmark_model::{Application, ApplicationId};
use readmark_store::repo::application;

use super::Refusal;
use crate::{Cx, Refused};

/// Begins the installation of an application anew. One that has pages which install it is used by administrators alone until it is
/// finished; any other is installed at once.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn install(cx: &mut Cx<'_>, id: ApplicationId) -> Result<Application, Refused<Refusal>> {
    set_installed(cx, id, Application::installs_itself)
}

/// Finishes the installation of an application; one that is installed stays so.
///
/// # Errors
/// [`Refusal::Unknown`].
pub fn finish(cx: &mut Cx<'_>, id: ApplicationId) -> Result<Application, Refused<Refusal>> {
    set_installed(cx, id, |_| true)
}

fn set_installed(
    cx: &mut Cx<'_>,
    id: ApplicationId,
    installed: impl FnOnce(&Application) -> bool,
) -> Result<Application, Refused<Refusal>> {
    let Some(mut application) = application::lock_exclusive(cx.tx, id)? else {
        return Err(Refused::Because(Refusal::Unknown));
    };
    application.installed_at = if installed(&application) {
        application.installed_at.or(Some(cx.now))
    } else {
        None
    };
    application::update(cx.tx, &application)?;
    Ok(application)
}
