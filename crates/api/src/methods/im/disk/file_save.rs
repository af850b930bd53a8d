//! `im.disk.file.save`: saves a file of a chat to the caller's drive.

use readmark_app::disk::{
    SAVED_FILES,
    save::{self, NoFile},
};
use readmark_model::{FileId, Scope, file::saved_folder};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    contract::method::{Access, Answer, Method, MethodCx},
    error_set, params,
};

/// `im.disk.file.save`.
pub struct ImDiskFileSave;

params! {
    /// Parameters of `im.disk.file.save`.
    pub struct SaveParams: SaveError {
        /// The file.
        required file: FileId = "FILE_ID" | "DISK_ID", or(FileIdEmpty);
    }
}

/// `folder` and `file` of `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NamedObject {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// `result`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SaveOutput {
    /// The folder on the caller's drive.
    pub folder: NamedObject,
    /// The file in it.
    pub file: NamedObject,
}

error_set! {
    /// Errors of `im.disk.file.save`.
    pub enum SaveError {
        /// `FILE_ID` is missing or not a positive whole number.
        FileIdEmpty = 400 "FILE_ID_EMPTY" "File ID can't be empty",
        /// There is no such file, or the caller cannot see it.
        FileSaveError = 400 "FILE_SAVE_ERROR" "File ID can't be saved",
    }
}

impl Method for ImDiskFileSave {
    const NAME: &'static str = "im.disk.file.save";
    const SCOPES: &'static [Scope] = &[Scope::Im];
    const ACCESS: Access = Access::Write;
    const SUMMARY: &'static str = "Saves a file of a chat on the caller's own drive.";
    type Params = SaveParams;
    type Output = SaveOutput;
    type Error = SaveError;

    fn call(cx: &mut MethodCx<'_>, params: &SaveParams) -> Answer<Self> {
        let (saved, file) = save::save(&mut cx.app, params.file)
            .map_err(|refused| refused.map(|NoFile| SaveError::FileSaveError))?;
        Ok(SaveOutput {
            folder: NamedObject {
                id: saved_folder(cx.app.user),
                name: SAVED_FILES.to_owned(),
            },
            file: NamedObject {
                id: saved.get(),
                name: file.name,
            },
        }
        .into())
    }
}
