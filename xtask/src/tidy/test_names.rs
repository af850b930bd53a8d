//! Test names describe the tested behaviour.

use super::SourceFile;

pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.has_extension("rs")) {
        let mut is_test = false;
        for (number, line) in file.lines() {
            let line = line.trim();
            is_test |= is_test_attribute(line);
            if let Some(name) = function_name(line) {
                if is_test && !describes_behaviour(name) {
                    findings.push(format!(
                        "{}:{number}: the name of the test {name} does not describe a behaviour",
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

/// At least two words, of which the first is not `test`.
fn describes_behaviour(name: &str) -> bool {
    name.contains('_') && !name.starts_with("test_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_start_with_test_or_have_one_word_are_found() {
        let text = "#[test]\nfn test_reading() {}\n\n#[test]\n#[ignore]\nfn reading() {}\n\n\
                    #[test]\nfn reading_moves_the_cursor() {}\n\nfn helper() {}\n";
        assert_eq!(
            findings(&[SourceFile::new("src/read.rs", text)]),
            [
                "src/read.rs:2: the name of the test test_reading does not describe a behaviour",
                "src/read.rs:6: the name of the test reading does not describe a behaviour",
            ]
        );
    }
}
