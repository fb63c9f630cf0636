//! What can't be run is said in one line.

use super::verify;

#[tokio::test]
async fn what_is_wrong_on_the_command_line_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (line, word) in [
        ("--only nonsense", "expected some of room-isolation, "),
        ("--nemesis fire", "expected none, or some of slow, "),
        ("--target http://127.0.0.1:1", "--target needs --app-key and --app-secret"),
        ("--app-key key", "--target"),
        ("--members 3", "--members"),
        ("--duration 1s", "expected a time from 4s to 1h"),
        ("--plan none.json", "--plan none.json: "),
        ("--plan none.json --seed 3", "cannot be used with"),
        ("--judge none.jsonl", "--judge none.jsonl: "),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = verify(folder.path(), &words).await;
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{line}");
        assert!(run.stderr.contains(word), "{line}: {}", run.stderr);
    }
}

#[tokio::test]
async fn where_there_is_no_gateway_nothing_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let key = ["--app-key", "key", "--app-secret", "secret"];
    let run = verify(folder.path(), &[&["--seed", "1", "--target", "http://127.0.0.1:1"], &key[..]].concat()).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "seed 1\n"));
    assert!(run.stderr.contains("no connection"), "{}", run.stderr);
    let run = verify(folder.path(), &["--seed", "1", "--program", "/bin/true"]).await;
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("expected the line `roomgate listening on"), "{}", run.stderr);
}
