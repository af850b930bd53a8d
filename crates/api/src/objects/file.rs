//! The file object of messages, `im.v2.File.upload` and `im.disk.file.commit`.

use readmark_app::disk::show::Shown;
use readmark_model::{
    FileId, FileKind,
    file::{self, chat_folder, saved_folder},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{False, date};
use crate::{
    contract::method::MethodCx,
    portal::file_link::{Grant, PATH},
};

/// The API of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkApi {
    /// `im.*`.
    Im,
    /// `imbot.*`.
    Imbot,
}

/// A download link to a file, for the acting user.
#[must_use]
pub fn download_link(cx: &MethodCx<'_>, api: LinkApi, file: FileId) -> String {
    let prefix = match api {
        LinkApi::Im => "im",
        LinkApi::Imbot => "imbot",
    };
    let grant = Grant {
        user: cx.app.user,
        file,
    };
    let token = cx.portal.files.link_key.issue(grant, cx.app.now);
    format!("{}{PATH}?token={prefix}%7C{token}", cx.portal.base_url)
}

/// The same link for display: pictures are not offered for saving.
fn show_link(download: &str) -> String {
    format!("{download}&show=1")
}

/// `image` of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum FilePixels {
    /// Of a picture.
    Of {
        /// Pixels.
        height: i64,
        /// Pixels.
        width: i64,
    },
    /// `false` for anything else.
    No(False),
}

/// `viewerAttrs` of a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ViewerAttrs {
    /// Always empty.
    pub viewer: &'static str,
    /// What shows it.
    pub viewer_type: &'static str,
    /// Link to the content.
    pub src: String,
    /// Empty, of a picture only: there are no smaller versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer_resized: Option<&'static str>,
    /// The file's id.
    pub object_id: String,
    /// The chat's id: files of one chat are shown one after the other.
    pub viewer_group_by: String,
    /// The chat's id.
    pub im_chat_id: i64,
    /// The file's name.
    pub title: String,
    /// Link for showing it, from `im.v2.File.upload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unified_link: Option<String>,
    /// What can be done with it, a list as JSON.
    pub actions: String,
}

/// `mediaUrl` of a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MediaUrl {
    /// By width.
    pub preview: Previews,
}

/// `mediaUrl.preview` of a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Previews {
    /// Link to a picture, or empty.
    #[serde(rename = "250")]
    pub w250: String,
}

/// The file object.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileObject {
    /// Its id.
    pub id: i64,
    /// Its chat; 0 on a drive.
    pub chat_id: i64,
    /// When it came.
    pub date: String,
    /// `image`, `video`, `audio` or `file`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The end of its name, in lower case.
    pub extension: String,
    /// Bytes.
    pub size: i64,
    /// Width and height of a picture.
    pub image: FilePixels,
    /// Always `done`.
    pub status: &'static str,
    /// Always 100.
    pub progress: i64,
    /// Who sent it.
    pub author_id: i64,
    /// Name of who sent it.
    pub author_name: String,
    /// Link to a picture, or empty.
    pub url_preview: String,
    /// Link for showing it.
    pub url_show: String,
    /// Link for saving it.
    pub url_download: String,
    /// What a viewer needs.
    pub viewer_attrs: ViewerAttrs,
    /// Links to previews.
    pub media_url: MediaUrl,
    /// Whether it can be turned into text; never.
    pub is_transcribable: bool,
    /// Whether it is a video note; never.
    pub is_video_note: bool,
    /// Whether it is a voice note; never.
    pub is_voice_note: bool,
}

impl FileObject {
    /// The object of a file. Its links are for the acting user.
    #[must_use]
    pub fn new(shown: &Shown, cx: &MethodCx<'_>) -> Self {
        let Shown { file, author } = shown;
        let kind = FileKind::of(&file.content.media_type);
        let picture = kind == FileKind::Image;
        let download = download_link(cx, LinkApi::Im, file.id);
        let show = show_link(&download);
        let preview = if picture { show.clone() } else { String::new() };
        let chat = file.chat.map_or(0, |chat| chat.get());
        Self {
            id: file.id.get(),
            chat_id: chat,
            date: date(file.created_at, cx.portal),
            kind: kind.name(),
            name: file.name.clone(),
            extension: extension(&file.name),
            size: file.content.size,
            image: match file.content.pixels {
                Some((width, height)) if picture => FilePixels::Of { height, width },
                _ => FilePixels::No(False),
            },
            status: "done",
            progress: 100,
            author_id: file.user.get(),
            author_name: author.clone(),
            url_preview: preview.clone(),
            url_show: show.clone(),
            url_download: download,
            viewer_attrs: ViewerAttrs {
                viewer: "",
                viewer_type: match kind {
                    FileKind::File => "code",
                    other => other.name(),
                },
                src: show,
                viewer_resized: picture.then_some(""),
                object_id: file.id.to_string(),
                viewer_group_by: chat.to_string(),
                im_chat_id: chat,
                title: file.name.clone(),
                unified_link: None,
                actions: json!([{ "type": "download" }]).to_string(),
            },
            media_url: MediaUrl {
                preview: Previews { w250: preview },
            },
            is_transcribable: false,
            is_video_note: false,
            is_voice_note: false,
        }
    }
}

/// The file object of `imbot.v2.File.upload`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotFileObject {
    /// Its id.
    pub id: i64,
    /// Its chat.
    pub chat_id: i64,
    /// When it came.
    pub date: String,
    /// `image`, `video`, `audio` or `file`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The end of its name, in lower case.
    pub extension: String,
    /// Bytes.
    pub size: i64,
    /// Width and height of a picture.
    pub image: FilePixels,
    /// Who sent it.
    pub author_id: i64,
    /// Name of who sent it.
    pub author_name: String,
    /// Whether it can be turned into text; never.
    pub is_transcribable: bool,
    /// Whether it is a video note; never.
    pub is_video_note: bool,
    /// Whether it is a voice note; never.
    pub is_voice_note: bool,
}

impl From<FileObject> for BotFileObject {
    fn from(file: FileObject) -> Self {
        Self {
            id: file.id,
            chat_id: file.chat_id,
            date: file.date,
            kind: file.kind,
            name: file.name,
            extension: file.extension,
            size: file.size,
            image: file.image,
            author_id: file.author_id,
            author_name: file.author_name,
            is_transcribable: file.is_transcribable,
            is_video_note: file.is_video_note,
            is_voice_note: file.is_voice_note,
        }
    }
}

/// Links of a file model.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelLinks {
    /// For saving it.
    pub download: String,
    /// For showing it in its folder; the same as `preview`.
    pub show_in_grid: String,
    /// For showing it.
    pub preview: String,
}

/// `FILE_MODELS` of `im.disk.file.commit`: a file as a drive has it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileModel {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// When it came.
    pub create_time: String,
    /// The same.
    pub update_time: String,
    /// Never.
    pub delete_time: Option<String>,
    /// Always `media_original`.
    pub code: &'static str,
    /// None.
    pub xml_id: Option<String>,
    /// The chat, or the user whose drive it is on.
    pub storage_id: i64,
    /// Its id.
    pub real_object_id: i64,
    /// Its folder.
    pub parent_id: i64,
    /// Always 0.
    pub deleted_type: i64,
    /// Who sent it.
    pub created_by: String,
    /// The same.
    pub updated_by: String,
    /// Always 0.
    pub deleted_by: String,
    /// A text that no other content has.
    pub unique_code: String,
    /// 2 for a picture, 3 for a film, 4 for a sound, 1 for anything else.
    pub type_file: i64,
    /// Always 1.
    pub global_content_version: i64,
    /// Its id.
    pub file_id: i64,
    /// Bytes.
    pub size: i64,
    /// Changes with the content.
    pub etag: String,
    /// Links for the acting user.
    pub links: ModelLinks,
}

impl FileModel {
    /// The model of a file.
    #[must_use]
    pub fn new(shown: &Shown, cx: &MethodCx<'_>) -> Self {
        let file = &shown.file;
        let id = file.id.get();
        let at = date(file.created_at, cx.portal);
        let (storage, parent) = match file.chat {
            Some(chat) => (chat.get(), chat_folder(chat)),
            None => (file.user.get(), saved_folder(file.user)),
        };
        let download = download_link(cx, LinkApi::Im, file.id);
        let show = show_link(&download);
        let author = file.user.to_string();
        Self {
            id,
            name: file.name.clone(),
            create_time: at.clone(),
            update_time: at,
            delete_time: None,
            code: "media_original",
            xml_id: None,
            storage_id: storage,
            real_object_id: id,
            parent_id: parent,
            deleted_type: 0,
            created_by: author.clone(),
            updated_by: author,
            deleted_by: "0".to_owned(),
            unique_code: format!("f{id}"),
            type_file: match FileKind::of(&file.content.media_type) {
                FileKind::File => 1,
                FileKind::Image => 2,
                FileKind::Video => 3,
                FileKind::Audio => 4,
            },
            global_content_version: 1,
            file_id: id,
            size: file.content.size,
            etag: file.content.hash.chars().take(32).collect(),
            links: ModelLinks {
                download,
                show_in_grid: show.clone(),
                preview: show,
            },
        }
    }
}

fn extension(name: &str) -> String {
    file::extension(name).to_lowercase()
}
