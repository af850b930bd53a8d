//! Dependency cycles between sibling modules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::ModulePath;
use super::module_tree::ModuleTree;

/// How many places a finding lists for one dependency.
const MAX_PLACES: usize = 3;

/// For each module of a folder, the siblings that it depends on, and the places (`file:line`) where it does.
type Dependencies<'t> = BTreeMap<&'t str, BTreeMap<&'t str, Vec<String>>>;

/// One finding for each cycle.
pub(super) fn cycles(tree: &ModuleTree) -> Vec<String> {
    let mut findings = Vec::new();
    for (parent, dependencies) in by_parent(tree) {
        let folder: Vec<&str> = std::iter::once(tree.folder.as_str())
            .chain(parent.iter().map(String::as_str))
            .collect();
        let folder = folder.join("/");
        for cycle in strongly_connected(&dependencies) {
            findings.push(describe(&folder, &cycle, &dependencies));
        }
    }
    findings
}

/// The dependencies between the child modules of every module.
fn by_parent(tree: &ModuleTree) -> BTreeMap<&[String], Dependencies<'_>> {
    let mut parents: BTreeMap<&[String], Dependencies> = BTreeMap::new();
    for (importer, module) in &tree.modules {
        for reference in &module.references.paths {
            let target = tree.defining_module(&reference.path);
            let alias = reference.alias.map(|length| &reference.path[..length]);
            if alias.is_some_and(|alias| tree.defining_module(alias) == target) {
                // Reported at the import of the alias.
                continue;
            }
            let Some((parent, from, to)) = siblings(importer, target) else {
                continue;
            };
            let dependencies = parents.entry(parent).or_default();
            let places = dependencies.entry(from).or_default().entry(to).or_default();
            let place = format!("{}:{}", module.file, reference.line);
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
    }
    parents
}

/// The closest common ancestor of two modules, and its children that contain them; `None` when one of the two contains the other.
fn siblings<'t>(
    one: &'t ModulePath,
    other: &'t [String],
) -> Option<(&'t [String], &'t str, &'t str)> {
    let depth = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    Some((&one[..depth], one.get(depth)?, other.get(depth)?))
}

/// The strongly connected components of more than one module.
fn strongly_connected<'t>(dependencies: &Dependencies<'t>) -> Vec<Vec<&'t str>> {
    let reachable: BTreeMap<&str, BTreeSet<&str>> = dependencies
        .keys()
        .map(|module| (*module, reachable_from(dependencies, module)))
        .collect();
    let reaches = |from: &str, to: &str| reachable.get(from).is_some_and(|set| set.contains(to));
    let mut components: Vec<Vec<&str>> = Vec::new();
    for module in dependencies.keys() {
        let is_assigned = components.iter().flatten().any(|other| other == module);
        if reaches(module, module) && !is_assigned {
            let component = dependencies.keys().copied();
            let component =
                component.filter(|other| reaches(module, other) && reaches(other, module));
            components.push(component.collect());
        }
    }
    components
}

/// The siblings that a module depends on, directly or indirectly.
fn reachable_from<'t>(dependencies: &Dependencies<'t>, module: &str) -> BTreeSet<&'t str> {
    let mut found = BTreeSet::new();
    let mut pending = vec![module];
    while let Some(module) = pending.pop() {
        for next in dependencies
            .get(module)
            .into_iter()
            .flat_map(BTreeMap::keys)
        {
            if found.insert(*next) {
                pending.push(next);
            }
        }
    }
    found
}

/// The modules of a cycle and the dependencies between them. Those with the fewest places come first: they are the easiest to break.
fn describe(folder: &str, cycle: &[&str], dependencies: &Dependencies) -> String {
    let mut edges: Vec<(&str, &str, &[String])> = Vec::new();
    for from in cycle {
        let targets = dependencies.get(from).into_iter().flatten();
        let inside = targets.filter(|(to, _)| cycle.contains(to));
        edges.extend(inside.map(|(to, places)| (*from, *to, places.as_slice())));
    }
    edges.sort_by_key(|(.., places)| places.len());
    let mut text = format!("{folder}: dependency cycle between {}:", cycle.join(", "));
    for (from, to, places) in edges {
        let shown = &places[..places.len().min(MAX_PLACES)];
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  {from} → {to}: {}", shown.join(", "));
        if places.len() > MAX_PLACES {
            let _ = write!(text, " and {} more", places.len() - MAX_PLACES);
        }
    }
    text
}
