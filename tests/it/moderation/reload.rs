//! Word lists that are read again while the gateway runs.

use roomgate::client::Outgoing;

use crate::support::SOON;
use crate::support::program::Program;

#[tokio::test]
async fn a_signal_has_the_lists_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words");
    std::fs::write(&words, "bad\n").unwrap();
    let options = ["--moderation-by", "words", "--moderation-refuse-words", words.to_str().unwrap()];
    let program = Program::in_folder_with(&folder.path().join("data"), &options).await;
    let api = program.api();
    api.create_user("ann", "Ann").await.unwrap();
    let room = api.create_room("ann", "a room").await.unwrap();
    assert!(api.send(room, "ann", Outgoing::text("bad")).await.is_err());
    api.send(room, "ann", Outgoing::text("worse")).await.unwrap();
    std::fs::write(&words, "worse\n").unwrap();
    program.signal("HUP").await;
    let refused = async { while api.send(room, "ann", Outgoing::text("worse")).await.is_ok() {} };
    tokio::time::timeout(SOON, refused).await.expect("the new list is used in time");
    api.send(room, "ann", Outgoing::text("bad")).await.unwrap();
}
