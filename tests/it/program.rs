//! The program as somebody meets it in a terminal.

use std::os::unix::fs::PermissionsExt;

use roomgate::client::{Client, Event};

use crate::support::Http;
use crate::support::program::{KEY, Program, command, run};

#[tokio::test]
async fn asked_to_end_it_tells_its_members_and_ends_well() {
    let program = Program::start(&[&["--memory"][..], &KEY].concat()).await;
    let ready = Http::to(program.internal.parse().unwrap()).send("GET", "/readyz", &[], b"").await;
    assert_eq!(ready.status, 200);
    let token = program.api().create_user("ann", "Ann").await.unwrap();
    let mut ann = Client::connect(&program.address).await.unwrap();
    ann.login("key", "ann", &token).await.unwrap();
    let ended = tokio::spawn(program.terminate());
    assert!(matches!(ann.next().await, Some(Event::Drain { .. })));
    assert!(matches!(ann.next().await, Some(Event::Closed { code: Some(1001), .. })));
    drop(ann);
    let (rest, status) = ended.await.unwrap();
    assert_eq!(rest, "", "one line on standard output, and no more");
    assert_eq!(status.code(), Some(0));
}

#[tokio::test]
async fn start_up_errors_are_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let program = Program::in_folder(folder.path()).await;
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    let free = ["--listen", "127.0.0.1:0", "--internal-listen", "127.0.0.1:0"];
    let cases: [(&[&str], &str); 5] = [
        (&["--memory", "--internal-listen", "127.0.0.1:0", "--listen", &program.address], "can't listen on"),
        (&[&free[..], &["--data", data]].concat(), "in use by another roomgate process"),
        (&[&free[..], &["--data", file]].concat(), "data folder"),
        (&["--listen", "nonsense"], "listen"),
        (&["--lisen", "127.0.0.1:0"], "--listen"),
    ];
    for (args, words) in cases {
        let (code, stdout, stderr) = run(args).await;
        assert!(code.is_some_and(|code| code != 0), "{args:?}");
        assert_eq!(stdout, "", "{args:?}");
        assert!(stderr.contains(words), "{args:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
    }
}

#[tokio::test]
async fn the_first_start_makes_credentials_that_only_the_owner_reads_and_the_commands_use() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let program = Program::start(&["--data", data]).await;
    let mode = std::fs::metadata(folder.path().join("credentials.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let url = format!("http://{}/nimserver", program.address);
    let to = ["--data", data, "--url", &url];
    let (code, made, error) = run(&[&["user", "create", "ann", "--name", "Ann"][..], &to].concat()).await;
    assert_eq!(code, Some(0), "{error}");
    assert!(made.contains("ann"), "{made}");
    let (code, room, error) = run(&[&["room", "create", "--creator", "ann", "a room"][..], &to].concat()).await;
    assert_eq!(code, Some(0), "{error}");
    let room = room.trim();
    let send = ["send", "--room", room, "--from", "ann", "--to", "ann,nobody", "--high", "hello"];
    let (code, table, error) = run(&[&send[..], &to].concat()).await;
    assert_eq!(code, Some(0), "{error}");
    assert!(table.contains("not_in_room") && table.contains("unknown"), "{table}");
    let (code, _, error) = run(&[&["send", "--room", "999", "--from", "ann", "x"][..], &to].concat()).await;
    assert_eq!((code, error.lines().count()), (Some(1), 1), "{error}");
    assert!(error.contains("404 room 999 does not exist"), "{error}");
}

#[tokio::test]
async fn help_and_version_are_there() {
    for args in [&["--help"][..], &["send", "--help"], &["--version"]] {
        let output = command(args).output().await.unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{args:?}");
    }
}

#[tokio::test]
async fn the_documented_options_are_the_real_ones() {
    let (_, table, _) = run(&["options"]).await;
    let documented = include_str!("../../docs/configuration.md");
    assert!(documented.contains(table.trim()), "docs/configuration.md is out of date: run `just docs`");
}
