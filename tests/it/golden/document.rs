//! docs/PROTOCOL.md shows frames. What it shows must be what the files have, and no file may be passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::album::{File, files, is_updating, root};

const DOCUMENT: &str = "docs/PROTOCOL.md";
const MARK: &str = "<!-- golden: ";
const FENCE: &str = "```json";

fn read() -> String {
    std::fs::read_to_string(root().join(DOCUMENT)).expect("the document is there")
}

/// The file that a line marks the next block as, if it is such a line.
fn marked(line: &str) -> Option<&str> {
    line.strip_prefix(MARK)?.strip_suffix(" -->")
}

/// The document with the files' frames in the blocks that are marked with their names.
fn filled_in(document: &str, files: &BTreeMap<String, File>) -> String {
    let (mut filled, mut lines, mut mark) = (String::new(), document.lines(), None);
    while let Some(line) = lines.next() {
        filled += line;
        filled.push('\n');
        if line == FENCE {
            let name = mark.unwrap_or_else(|| panic!("{DOCUMENT}: a block of JSON without {MARK}NAME --> above it"));
            let file = files.get(name).unwrap_or_else(|| panic!("{DOCUMENT}: there is no tests/golden/{name}.json"));
            filled += &format!("{}\n```\n", file.frame.pretty(0));
            lines.by_ref().find(|line| *line == "```").expect("a block ends");
        }
        mark = marked(line);
    }
    filled
}

#[test]
fn the_document_shows_what_the_files_have() {
    let document = read();
    let filled = filled_in(&document, &files());
    if is_updating() {
        return std::fs::write(root().join(DOCUMENT), filled).expect("written");
    }
    for (number, (shown, right)) in document.lines().zip(filled.lines()).enumerate() {
        assert_eq!(shown, right, "{DOCUMENT}:{}: UPDATE_GOLDEN=1 writes what the file has", number + 1);
    }
    assert_eq!(document, filled);
}

#[test]
fn the_document_passes_no_file_over_and_links_to_none_that_is_not_there() {
    let document = read();
    let links = document.split("](../tests/golden/").skip(1).filter_map(|rest| rest.split_once(".json)"));
    let told: BTreeSet<&str> = links.map(|(name, _)| name).chain(document.lines().filter_map(marked)).collect();
    let files = files();
    let there: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(told.symmetric_difference(&there).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn a_member_of_another_name_is_noticed() {
    let document = read();
    let spoilt = document.replacen("\"toAccids\"", "\"toAccounts\"", 1);
    assert!(spoilt != document && filled_in(&spoilt, &files()) == filled_in(&document, &files()));
}

#[test]
#[should_panic(expected = "a block of JSON without <!-- golden: NAME --> above it")]
fn a_block_that_says_not_which_frame_it_is_is_noticed() {
    filled_in("text\n```json\n{}\n```\n", &BTreeMap::new());
}
