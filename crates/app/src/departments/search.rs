//! Finding departments by the words of their full names.

use readmark_model::{
    department::Department,
    text::{search_terms, search_words},
};

use super::{
    Described,
    staff::{self, People},
    tree::Tree,
    visible,
};
use crate::{Cx, Interrupt, page::Page};

/// The shortest query searched for, in characters; a shorter one matches everything.
const SHORTEST: usize = 2;

/// Departments that were found.
#[derive(Clone, Debug)]
pub struct Found {
    /// One page of them, in the order of the tree.
    pub departments: Vec<Described>,
    /// Their heads.
    pub heads: People,
    /// Total number on all pages.
    pub total: usize,
}

/// The departments whose full name has, for each word of the query, a word that begins with it; all of them when the query is
/// very short or has no word. Extranet users find none.
pub fn search(cx: &mut Cx<'_>, query: &str, page: Page) -> Result<Found, Interrupt> {
    let tree = Tree::new(visible(cx)?);
    let terms = if query.trim().chars().count() < SHORTEST {
        Vec::new()
    } else {
        search_terms(query)
    };
    let has = |words: &[String], term: &String| words.iter().any(|word| word.starts_with(term));
    let is_found = |department: &&Department| {
        if terms.is_empty() {
            return true;
        }
        let words = search_words(&tree.full_name(department.id));
        terms.iter().all(|term| has(&words, term))
    };
    let walked = tree.walk().into_iter().map(|(_, department)| department);
    let found: Vec<&Department> = walked.filter(is_found).collect();
    let shown = page.of(found.iter().copied());
    let (departments, heads) = staff::describe(cx, &tree, &shown)?;
    Ok(Found {
        departments,
        heads,
        total: found.len(),
    })
}
