//! tests/golden: the frames of the socket protocol, one file each, as clients in other languages and docs/PROTOCOL.md show and test them.
//! Here every one of them is said and heard for real.

mod album;
mod clients;
mod document;
mod json;
mod scenes;
mod stage;

use std::collections::BTreeSet;

use album::{Album, files, is_updating};

#[tokio::test]
async fn every_frame_is_what_its_file_says() {
    let mut album = Album::open();
    scenes::coming::play(&mut album).await;
    scenes::refusals::play(&mut album).await;
    scenes::sending::play(&mut album).await;
    scenes::contents::play(&mut album).await;
    scenes::roles::play(&mut album).await;
    scenes::mutes::play(&mut album).await;
    scenes::room::play(&mut album).await;
    scenes::tags::play(&mut album).await;
    scenes::queue::play(&mut album).await;
    scenes::resume::play(&mut album).await;
    scenes::ending::play(&mut album).await;
    album.close();
}

/// The gateway names all its verbs to whoever asks for one that it lacks.
#[test]
fn there_is_a_frame_for_every_verb() {
    let files = files();
    let refusal = files["server/refused-unknown-op"].frame.get("desc").and_then(json::Json::text).expect("a text");
    let (_, verbs) = refusal.split_once("expected one of ").expect("the verbs");
    let verbs: BTreeSet<&str> = verbs.split(", ").take_while(|word| !word.starts_with("got ")).collect();
    let client = files.values().filter(|file| file.name.starts_with("client/"));
    let shown: BTreeSet<&str> = client.filter_map(|file| file.frame.get("op")?.text()).collect();
    assert_eq!(verbs.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new(), "no file shows these");
}

#[test]
fn files_are_laid_out_alike_and_say_what_they_are_about() {
    for file in files().values() {
        let text = std::fs::read_to_string(album::path_of(&file.name)).expect("a text");
        assert!(is_updating() || text == file.text(), "UPDATE_GOLDEN=1 lays out {} as the others", file.name);
        assert!(file.about.ends_with('.'), "{} says in a sentence when it is said", file.name);
    }
}
