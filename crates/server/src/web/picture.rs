//! `GET /file/TOKEN`: the pictures of users, bots and chats.

use hyper::{
    StatusCode,
    header::{self, HeaderValue},
};
use readmark_api::{contract::system_error, portal::context::Portal};
use readmark_app::file;
use readmark_model::file::PublicFile;
use readmark_store::StoreError;
use tokio::sync::oneshot;

use crate::rest::{Reply, refusal};

/// Types that a browser may display; all others are attachments.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const UNTYPED: &str = "application/octet-stream";

/// The file with this token.
pub(super) async fn answer(portal: &Portal, token: String) -> Reply {
    let (sender, receiver) = oneshot::channel();
    portal.store.read_then(
        move |tx| file::find(tx, &token),
        move |found: Result<_, StoreError>| drop(sender.send(found)),
    );
    match receiver.await {
        Ok(Ok(Some(file))) => shown(file),
        Ok(Ok(None)) => refusal(system_error::NOT_FOUND),
        Ok(Err(error)) => {
            tracing::error!(%error, "a file cannot be read");
            refusal(system_error::of_fault(&error))
        }
        Err(_) => refusal(system_error::INTERNAL),
    }
}

fn shown(file: PublicFile) -> Reply {
    let picture = PICTURES.iter().find(|kind| **kind == file.media_type);
    let reply = Reply::new(
        StatusCode::OK,
        picture.copied().unwrap_or(UNTYPED),
        file.content.into(),
    );
    let disposition = if picture.is_some() {
        "inline"
    } else {
        "attachment"
    };
    let value = HeaderValue::from_static;
    reply
        .with(header::CONTENT_DISPOSITION, value(disposition))
        .with(
            header::CONTENT_SECURITY_POLICY,
            value("default-src 'none'; sandbox"),
        )
        // The content behind a token never changes.
        .with(
            header::CACHE_CONTROL,
            value("private, max-age=31536000, immutable"),
        )
}
