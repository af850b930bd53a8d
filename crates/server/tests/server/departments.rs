//! `readmark department …`.

use crate::command_line::{failure, ok, program};

#[test]
fn departments_are_kept_by_commands() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let run = |args: &[&str]| program(&data).args(args).output().unwrap();
    ok(&run(&["portal", "create", "acme"]));
    ok(&run(&["user", "add", "--name", "Ada", "--admin"]));
    let department = |args: &[&str]| ok(&run(&[&["department"], args].concat()));
    assert_eq!(
        department(&["add", "--name", "Sales", "--head", "1"]),
        "2\n"
    );
    assert_eq!(
        department(&["add", "--name", "Key accounts", "--parent", "2"]),
        "3\n"
    );
    assert_eq!(
        department(&["add", "--name", "Attic", "--sort", "900"]),
        "4\n"
    );
    let cho = [
        "user",
        "add",
        "--name",
        "Cho",
        "--department",
        "3",
        "--department",
        "4",
    ];
    assert_eq!(ok(&run(&cho)), "2\n");
    let lines = || {
        department(&["list"])
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        lines(),
        [
            "ID  NAME              PEOPLE  HEAD",
            "1   acme              1",
            "2     Sales           0       Ada (1)",
            "3       Key accounts  1",
            "4     Attic           1",
        ]
    );
    assert_eq!(
        department(&[
            "update", "3", "--parent", "1", "--head", "2", "--sort", "1000"
        ]),
        ""
    );
    assert_eq!(
        department(&["update", "2", "--no-head", "--name", "Shop"]),
        ""
    );
    assert_eq!(department(&["delete", "4"]), "");
    assert_eq!(
        lines(),
        [
            "ID  NAME            PEOPLE  HEAD",
            "1   acme            2",
            "2     Shop          0",
            "3     Key accounts  1       Cho (2)",
        ]
    );
    assert!(ok(&run(&["verify"])).starts_with("0 drift"));
    for (args, expected) in [
        (vec!["add", "--name", " "], "a department needs a name"),
        (
            vec!["add", "--name", "Loft", "--parent", "9"],
            "no such parent department",
        ),
        (
            vec!["add", "--name", "Loft", "--head", "9"],
            "must be an active person of the company",
        ),
        (vec!["update", "2"], "nothing to change"),
        (
            vec!["update", "9", "--name", "Loft"],
            "there is no such department",
        ),
        (
            vec!["update", "2", "--parent", "2"],
            "cannot be below itself",
        ),
        (vec!["update", "1", "--parent", "2"], "stays at the top"),
        (vec!["delete", "1"], "stays at the top"),
        (vec!["delete", "9"], "there is no such department"),
    ] {
        let (code, said) = failure(&run(&[&["department"], &args[..]].concat()));
        assert!(code == 1 && said.contains(expected), "{args:?}: {said}");
    }
    let (code, said) = failure(&run(&["user", "add", "--name", "Dev", "--department", "9"]));
    assert!(code == 1 && said.contains("no such department"), "{said}");
    assert_eq!(lines().len(), 4);
}
