//! The modules of a crate, found by following its `mod` declarations from file to file.

use std::collections::{BTreeMap, HashMap};

use syn::{Expr, ExprLit, Item, ItemMod, Lit, Meta};

use super::super::SourceFile;
use super::ModulePath;
use super::references::{self, References};

/// How many `use` declarations are followed to resolve a name. Bounds declarations that refer to themselves.
const MAX_HOPS: usize = 16;

/// The modules of a crate that have their own file, except test modules.
pub(super) struct ModuleTree {
    /// The folder of the crate root, usually `src`.
    pub(super) folder: String,
    pub(super) modules: BTreeMap<ModulePath, Module>,
}

/// A module with its own file. Inline modules are part of the module whose file they are in.
pub(super) struct Module {
    /// The path of the file, relative to the root of the repository.
    pub(super) file: String,
    pub(super) references: References,
}

impl ModuleTree {
    /// Reads the crate with this root.
    ///
    /// # Errors
    /// A finding when a file cannot be parsed.
    pub(super) fn read(
        root: &SourceFile,
        files: &HashMap<&str, &SourceFile>,
    ) -> Result<Self, String> {
        let mut tree = Self {
            folder: folder_of(&root.path).to_owned(),
            modules: BTreeMap::new(),
        };
        let mut pending = vec![(ModulePath::new(), root)];
        while let Some((path, file)) = pending.pop() {
            let parsed = syn::parse_file(&file.text).map_err(|error| {
                let line = error.span().start().line;
                format!("{}:{line}: {error}", file.path)
            })?;
            let folder = child_folder(&path, &file.path);
            for child in children(&parsed.items, &folder, folder_of(&file.path)) {
                let mut candidates = child.candidates.iter();
                if let Some(file) = candidates.find_map(|path| files.get(path.as_str())) {
                    pending.push((path.iter().cloned().chain(child.path).collect(), file));
                }
            }
            let module = Module {
                file: file.path.clone(),
                references: references::collect(&parsed, &path),
            };
            tree.modules.insert(path, module);
        }
        Ok(tree)
    }

    /// The module that defines the item at a path. Imports and re-exports are followed to the definition, except through globs. An
    /// item of another crate counts as defined by the module that imports it.
    pub(super) fn defining_module(&self, path: &[String]) -> &[String] {
        let mut path = path.to_vec();
        for _ in 0..MAX_HOPS {
            let (module, rest) = path.split_at(self.module_depth(&path));
            let target = rest
                .first()
                .and_then(|name| self.modules.get(module)?.references.imported.get(name));
            match target {
                Some(target) => path = target.iter().chain(&rest[1..]).cloned().collect(),
                None => break,
            }
        }
        let module = &path[..self.module_depth(&path)];
        self.modules
            .get_key_value(module)
            .map_or(&[], |(module, _)| module.as_slice())
    }

    /// The length of the longest prefix of a path that is a module.
    fn module_depth(&self, path: &[String]) -> usize {
        (0..=path.len())
            .rev()
            .find(|&length| self.modules.contains_key(&path[..length]))
            .unwrap_or(0)
    }
}

/// A `mod` declaration without a body.
struct Child {
    /// The path relative to the declaring file's module: longer than one name inside an inline module.
    path: ModulePath,
    /// The files that can contain it.
    candidates: Vec<String>,
}

/// The modules that items declare. Their files are in `folder`; those of `#[path]` attributes are relative to `declaring_folder`.
fn children(items: &[Item], folder: &str, declaring_folder: &str) -> Vec<Child> {
    let mut found = Vec::new();
    for item in items {
        let Item::Mod(module) = item else { continue };
        if references::is_test_only(&module.attrs) {
            continue;
        }
        let name = references::name_of(&module.ident);
        if let Some((_, items)) = &module.content {
            let inner = format!("{folder}/{name}");
            for mut child in children(items, &inner, &inner) {
                child.path.insert(0, name.clone());
                found.push(child);
            }
            continue;
        }
        let candidates = match path_attribute(module) {
            Some(file) => vec![format!("{declaring_folder}/{file}")],
            None => vec![
                format!("{folder}/{name}.rs"),
                format!("{folder}/{name}/mod.rs"),
            ],
        };
        found.push(Child {
            path: vec![name],
            candidates,
        });
    }
    found
}

/// The value of `#[path = "…"]`.
fn path_attribute(module: &ItemMod) -> Option<String> {
    let mut values = module.attrs.iter().filter_map(|attribute| {
        let Meta::NameValue(meta) = &attribute.meta else {
            return None;
        };
        match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) if meta.path.is_ident("path") => Some(text.value()),
            _ => None,
        }
    });
    values.next()
}

/// The folder that contains the files of a module's child modules.
fn child_folder(module: &[String], file: &str) -> String {
    if module.is_empty() || file.ends_with("/mod.rs") {
        folder_of(file).to_owned()
    } else {
        file.trim_end_matches(".rs").to_owned()
    }
}

fn folder_of(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}
