//! docs/testing.md has the examples as they are run, and tells of every path.

const DOCUMENT: &str = include_str!("../../../docs/testing.md");

#[test]
fn the_examples_stand_in_the_document_as_they_are_run() {
    let examples = [
        ("python", include_str!("../../../docs/testing/test_rooms.py")),
        ("js", include_str!("../../../client-js/test/examples/rooms.test.mjs")),
    ];
    for (language, example) in examples {
        assert!(DOCUMENT.contains(&format!("```{language}\n{example}```\n")), "{language} differs from its file");
    }
}

/// What has no language would be taken for Rust and run.
#[test]
fn each_block_of_the_document_says_its_language() {
    let fences = DOCUMENT.lines().filter(|line| line.starts_with("```"));
    for opening in fences.step_by(2) {
        assert_ne!(opening, "```");
    }
}
