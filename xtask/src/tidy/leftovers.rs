//! No markers of unfinished work remain.

use super::SourceFile;

/// Split, so that this file is not a finding.
const WORDS: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
];
const MACROS: [&str; 2] = [concat!("todo", "!("), concat!("unimpl", "emented!(")];

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| !file.path.ends_with(".lock")) {
        for (number, line) in file.lines() {
            let word = WORDS.into_iter().find(|word| has_word(line, word));
            let left = word.or_else(|| MACROS.into_iter().find(|name| line.contains(name)));
            if let Some(left) = left {
                findings.push(format!("{}:{number}: unfinished work: {left}", file.path));
            }
        }
    }
    findings
}

/// Whether a line contains a whole word: `chatXXX` in an example is not a marker.
fn has_word(line: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_unfinished_work_are_found() {
        let [later, wrong, unclear] = WORDS;
        let [macro_name, _] = MACROS;
        let text = format!("// {later}: finish\n{macro_name})\n{wrong}\nchat{unclear}\n{later}S\n");
        let expected = [
            format!("src/a.rs:1: unfinished work: {later}"),
            format!("src/a.rs:2: unfinished work: {macro_name}"),
            format!("src/a.rs:3: unfinished work: {wrong}"),
        ];
        assert_eq!(findings(&[SourceFile::new("src/a.rs", &text)]), expected);
    }
}
