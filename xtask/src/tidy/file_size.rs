//! Rust files stay short, so that each has one topic.

use super::SourceFile;

const MAX_LINES: usize = 600;

/// Marks generated files, in their first line.
const GENERATED: &str = "@generated";

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.has_extension("rs"));
    let handwritten = rust.filter(|file| {
        !file
            .text
            .lines()
            .next()
            .unwrap_or_default()
            .contains(GENERATED)
    });
    handwritten
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| format!("{}: has {lines} lines, more than {MAX_LINES}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_rust_files_are_found_unless_they_are_generated() {
        let long = "// line\n".repeat(601);
        let files = [
            SourceFile::new("src/long.rs", &long),
            SourceFile::new("src/limit.rs", &"// line\n".repeat(600)),
            SourceFile::new("src/table.rs", &format!("// @generated\n{long}")),
            SourceFile::new("guide.md", &long),
        ];
        assert_eq!(
            findings(&files),
            ["src/long.rs: has 601 lines, more than 600"]
        );
    }
}
