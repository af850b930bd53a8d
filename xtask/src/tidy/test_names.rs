//! A test is named after the behaviour that it shows, not after being a test.

use super::SourceFile;

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("rs")) {
        let mut is_test = false;
        for (number, line) in file.lines() {
            let line = line.trim();
            is_test |= is_test_attribute(line);
            if let Some(name) = function_name(line) {
                if is_test && !tells_behaviour(name) {
                    findings.push(format!(
                        "{}:{number}: the test {name} is not named after a behaviour",
                        file.path
                    ));
                }
                is_test = false;
            }
        }
    }
    findings
}

fn is_test_attribute(line: &str) -> bool {
    line == "#[test]" || line.starts_with("#[test_case") || line.starts_with("#[tokio::test")
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").unwrap_or(line);
    let rest = rest
        .strip_prefix("async ")
        .unwrap_or(rest)
        .strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// At least two words, and not the word test first.
fn tells_behaviour(name: &str) -> bool {
    name.contains('_') && !name.starts_with("test_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_named_as_tests_or_in_one_word_are_found() {
        let text = "#[test]\nfn test_reading() {}\n\n#[test]\n#[ignore]\nfn reading() {}\n\n\
                    #[test]\nfn reading_moves_the_cursor() {}\n\nfn helper() {}\n";
        assert_eq!(
            findings(&[SourceFile::new("src/read.rs", text)]),
            [
                "src/read.rs:2: the test test_reading is not named after a behaviour",
                "src/read.rs:6: the test reading is not named after a behaviour",
            ]
        );
    }
}
