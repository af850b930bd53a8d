//! A Rust file holds one thing, so it stays short.

use super::SourceFile;

const MOST_LINES: usize = 600;

/// Says in a file's first line that a program wrote it.
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
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(file, lines)| format!("{}: {lines} lines, more than {MOST_LINES}", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_rust_files_are_found_unless_generated() {
        let long = "// line\n".repeat(601);
        let files = [
            SourceFile::new("src/long.rs", &long),
            SourceFile::new("src/limit.rs", &"// line\n".repeat(600)),
            SourceFile::new("src/table.rs", &format!("// @generated\n{long}")),
            SourceFile::new("guide.md", &long),
        ];
        assert_eq!(findings(&files), ["src/long.rs: 601 lines, more than 600"]);
    }
}
