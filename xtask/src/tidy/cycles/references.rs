//! The paths in a file that refer to its own crate: in `use` declarations, in other code and in macros.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, File, ImplItem, Item, ItemMod, ItemUse, Macro, Meta, Path, UseTree};

use super::ModulePath;

/// The references of a file, except those in test code.
#[derive(Default)]
pub(super) struct References {
    /// Every path of more than one name.
    pub(super) paths: Vec<Reference>,
    /// The names that the module imports, and the paths that they stand for.
    pub(super) imported: HashMap<String, ModulePath>,
}

/// A path in the code.
pub(super) struct Reference {
    /// From the root of the crate.
    pub(super) path: ModulePath,
    pub(super) line: usize,
    /// For a path that does not begin with `crate`, `self` or `super`: the length of `path` up to its first name. That name was
    /// imported or declared in the same module, or is another crate.
    pub(super) alias: Option<usize>,
}

/// Collects the references in the file of a module.
pub(super) fn collect(file: &File, module: &[String]) -> References {
    let mut collector = Collector {
        references: References::default(),
        context: module.to_vec(),
    };
    for item in &file.items {
        if let Item::Use(item) = item
            && !is_test_only(&item.attrs)
        {
            collector.import(item);
        }
    }
    collector.visit_file(file);
    collector.references
}

/// Whether an item is a test, or compiled for tests only.
pub(super) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        Meta::NameValue(_) => false,
    })
}

/// The name of an identifier, without the `r#` of raw identifiers.
pub(super) fn name_of(name: &proc_macro2::Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

struct Collector {
    references: References,
    /// The module being visited: that of the file, or an inline module in it.
    context: ModulePath,
}

impl Collector {
    /// Records the names that a `use` declaration at the top of the file imports.
    fn import(&mut self, item: &ItemUse) {
        for leaf in leaves(&item.tree) {
            let Reference { path, .. } = self.reference(&leaf.path, leaf.line);
            if let Some(name) = leaf.name {
                self.references.imported.insert(name, path);
            }
        }
    }

    /// Resolves a path as written in the module being visited.
    fn reference(&self, written: &[String], line: usize) -> Reference {
        let mut path = self.context.clone();
        let mut names = written;
        while let Some((first, rest)) = names.split_first() {
            match first.as_str() {
                "crate" => path.clear(),
                "self" => {}
                "super" => drop(path.pop()),
                _ => break,
            }
            names = rest;
        }
        let alias = (names.len() == written.len()).then_some(path.len() + 1);
        path.extend_from_slice(names);
        Reference { path, line, alias }
    }

    fn record(&mut self, path: &[String], line: usize) {
        // A single name is imported elsewhere, or local.
        if path.len() > 1 {
            self.references.paths.push(self.reference(path, line));
        }
    }

    /// Records the paths in the tokens of a macro, which have no syntax tree.
    fn record_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Group(group) => self.record_tokens(group.stream()),
                TokenTree::Ident(first) => {
                    let mut path = vec![name_of(first)];
                    while let Some(name) = next_name(&tokens[at..]) {
                        path.push(name);
                        at += 3;
                    }
                    self.record(&path, first.span().start().line);
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// The name in `::name` at the beginning of the tokens.
fn next_name(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [
            TokenTree::Punct(one),
            TokenTree::Punct(two),
            TokenTree::Ident(name),
            ..,
        ] if one.as_char() == ':' && two.as_char() == ':' => Some(name_of(name)),
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test_only(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => return,
        };
        if !is_test_only(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.context.push(name_of(&module.ident));
        visit::visit_item_mod(self, module);
        self.context.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for leaf in leaves(&item.tree) {
            self.record(&leaf.path, leaf.line);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|part| name_of(&part.ident))
            .collect();
        if let Some(first) = path.segments.first() {
            self.record(&names, first.ident.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        visit::visit_macro(self, item);
        self.record_tokens(item.tokens.clone());
    }
}

/// One path of a `use` declaration.
struct Leaf {
    path: ModulePath,
    /// The name that is imported; `None` for globs and for `as _`.
    name: Option<String>,
    line: usize,
}

/// The full paths of a `use` declaration.
fn leaves(tree: &UseTree) -> Vec<Leaf> {
    match tree {
        UseTree::Path(path) => {
            let mut found = leaves(&path.tree);
            for leaf in &mut found {
                leaf.path.insert(0, name_of(&path.ident));
                // `use module::{self}` imports the name of the module.
                if leaf.name.as_deref() == Some("self") {
                    leaf.name = leaf.path.last().cloned();
                }
            }
            found
        }
        UseTree::Name(name) if name.ident == "self" => vec![Leaf {
            path: ModulePath::new(),
            name: Some("self".to_owned()),
            line: name.ident.span().start().line,
        }],
        UseTree::Name(name) => vec![Leaf {
            path: vec![name_of(&name.ident)],
            name: Some(name_of(&name.ident)),
            line: name.ident.span().start().line,
        }],
        UseTree::Rename(rename) => {
            let is_module = rename.ident == "self";
            let path = (!is_module).then(|| name_of(&rename.ident));
            vec![Leaf {
                path: path.into_iter().collect(),
                name: Some(name_of(&rename.rename)).filter(|name| name != "_"),
                line: rename.ident.span().start().line,
            }]
        }
        UseTree::Glob(glob) => vec![Leaf {
            path: ModulePath::new(),
            name: None,
            line: glob.star_token.spans[0].start().line,
        }],
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
