//! What becomes of a file that a guest has put there.

use std::time::{Duration, SystemTime};

use roomgate::base::Clock;
use serde_json::json;

use crate::support::{House, SOON};

/// The MD5 of `0123456789`.
const DIGITS_MD5: &str = "781e5e245d69b566979b86e28d23f2c7";

async fn get(house: &House, url: &str, headers: &[(&str, &str)]) -> crate::support::Answer {
    house.http().send("GET", url, headers, b"").await
}

#[tokio::test]
async fn a_picture_comes_back_as_a_picture_that_can_do_nothing() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    let stored = ann.puts("My%20cat.PNG", b"0123456789").await;
    let url = stored["url"].as_str().unwrap();
    assert!(url.starts_with("/demo/files/") && url.ends_with("/My%20cat.PNG"), "{url}");
    let told = json!({ "url": url, "name": "My cat.PNG", "size": 10, "md5": DIGITS_MD5, "ext": "png" });
    assert_eq!(stored, told);
    let file = get(&house, url, &[]).await;
    assert_eq!((file.status, file.body.as_str()), (200, "0123456789"));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-length", "10"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, max-age=31536000, immutable"),
    ] {
        assert_eq!(file.header(name), Some(value), "{name}");
    }
    assert_eq!(file.header("content-disposition"), None);
}

#[tokio::test]
async fn what_a_page_must_not_show_is_a_download() {
    let house = House::with_demo().await;
    let ann = house.guest("Ann").await;
    for name in ["page.html", "drawing.svg", "letter.pdf", "nothing"] {
        let url = ann.puts(name, b"<script>alert(1)</script>").await["url"].as_str().unwrap().to_owned();
        let file = get(&house, &url, &[]).await;
        assert_eq!(file.header("content-type"), Some("application/octet-stream"), "{name}");
        let attachment = format!("attachment; filename*=UTF-8''{name}");
        assert_eq!(file.header("content-disposition"), Some(attachment.as_str()));
    }
    for (name, kind) in [("song.mp3", "audio/mpeg"), ("film.webm", "video/webm"), ("film.mov", "video/quicktime")] {
        let url = ann.puts(name, b"x").await["url"].as_str().unwrap().to_owned();
        assert_eq!(get(&house, &url, &[]).await.header("content-type"), Some(kind));
    }
}

#[tokio::test]
async fn parts_of_it_are_sent_alone() {
    let house = House::with_demo().await;
    let url = house.guest("Ann").await.puts("film.mp4", b"0123456789").await["url"].as_str().unwrap().to_owned();
    for (range, body, told) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=8-100", "89", "bytes 8-9/10"),
    ] {
        let part = get(&house, &url, &[("Range", range)]).await;
        assert_eq!((part.status, part.body.as_str(), part.header("content-range")), (206, body, Some(told)), "{range}");
        assert_eq!(part.header("content-length"), Some(body.len().to_string().as_str()));
        assert_eq!(part.header("content-type"), Some("video/mp4"));
    }
    for range in ["bytes=0-1,4-5", "lines=1-2", "bytes=5-1"] {
        let whole = get(&house, &url, &[("Range", range)]).await;
        assert_eq!((whole.status, whole.body.as_str()), (200, "0123456789"), "{range}");
    }
    let beyond = get(&house, &url, &[("Range", "bytes=10-")]).await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */10")));
    let tag = get(&house, &url, &[]).await.header("etag").unwrap().to_owned();
    for (known, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
        assert_eq!(get(&house, &url, &[("Range", "bytes=0-3"), ("If-Range", known)]).await.status, status);
    }
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    let house = House::with_demo().await;
    let url = house.guest("Ann").await.puts("a.png", b"0123456789").await["url"].as_str().unwrap().to_owned();
    let tag = get(&house, &url, &[]).await.header("etag").unwrap().to_owned();
    let several = format!("\"another\", W/{tag}");
    for known in [&tag, &several, "*"] {
        let same = get(&house, &url, &[("If-None-Match", known), ("Range", "bytes=0-3")]).await;
        assert_eq!((same.status, same.body.as_str(), same.header("etag")), (304, "", Some(tag.as_str())), "{known}");
    }
    assert_eq!(get(&house, &url, &[("If-None-Match", "\"another\"")]).await.body, "0123456789");
}

#[tokio::test]
async fn its_head_is_sent_alone() {
    let house = House::with_demo().await;
    let url = house.guest("Ann").await.puts("a.png", b"0123456789").await["url"].as_str().unwrap().to_owned();
    let head = house.http().send("HEAD", &url, &[("Range", "bytes=0-3")], b"").await;
    assert_eq!((head.status, head.header("content-length"), head.body.as_str()), (200, Some("10"), ""));
    let page = house.http().send("HEAD", "/", &[], b"").await;
    assert_eq!((page.status, page.body.as_str()), (200, ""));
    assert_eq!(house.http().send("HEAD", "/demo/enter", &[], b"").await.status, 404);
}

#[tokio::test]
async fn only_the_exact_address_leads_to_it() {
    let house = House::with_demo().await;
    let url = house.guest("Ann").await.puts("a.png", b"x").await["url"].as_str().unwrap().to_owned();
    let id = url.split('/').nth(3).unwrap();
    let upper = id.to_uppercase();
    for path in [
        format!("/demo/files/{id}/b.png"),
        format!("/demo/files/{id}/a.html"),
        format!("/demo/files/{id}/"),
        format!("/demo/files/{id}"),
        format!("/demo/files/{upper}/a.png"),
        format!("/demo/files/{id}/..%2F{id}-a.png"),
        format!("/demo/files/{id}/x/a.png"),
        "/demo/files/../roomgate.db".into(),
        "/demo/files/%2e%2e/roomgate.db".into(),
        "/demo/files/".into(),
    ] {
        assert_eq!(get(&house, &path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn files_outlast_a_restart_and_what_had_not_arrived_whole_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let start = async || House::with_demo_in(folder.path(), Clock::system(), |_| ()).await;
    let house = start().await;
    let url = house.guest("Ann").await.puts("%E7%8C%AB.png", b"a cat").await["url"].as_str().unwrap().to_owned();
    house.gateway.stop(SOON).await;
    let files = folder.path().join("demo-files");
    let leftover = files.join("0123456789abcdef0123456789abcdef.arriving");
    std::fs::write(&leftover, "half of someth").unwrap();
    std::fs::write(files.join("notes.txt"), "the operator's own").unwrap();
    let house = start().await;
    assert_eq!(get(&house, &url, &[]).await.body, "a cat");
    assert!(!leftover.exists() && files.join("notes.txt").exists());
}

#[tokio::test]
async fn the_oldest_go_when_all_together_are_too_large() {
    let folder = tempfile::tempdir().unwrap();
    let start =
        async |most: u64| House::with_demo_in(folder.path(), Clock::system(), |s| s.demo_files_bytes = most).await;
    let house = start(100).await;
    let ann = house.guest("Ann").await;
    let mut urls = Vec::new();
    for _ in 0..4 {
        urls.push(ann.puts("a.png", &[b'x'; 40]).await["url"].as_str().unwrap().to_owned());
    }
    let statuses = async |house: &House| {
        let mut statuses = Vec::new();
        for url in &urls {
            statuses.push(get(house, url, &[]).await.status);
        }
        statuses
    };
    assert_eq!(statuses(&house).await, [404, 404, 200, 200]);
    assert_eq!(
        ann.sends("/demo/files?name=a.png", &[b'x'; 101]).await.refused(),
        (413, 413),
        "none is larger than all"
    );
    house.gateway.stop(SOON).await;
    // The file system's own times may be too coarse to tell the two apart.
    for (url, age) in [(&urls[2], 20), (&urls[3], 10)] {
        let name = url.trim_start_matches("/demo/files/").replace('/', "-");
        let file = std::fs::File::options().write(true).open(folder.path().join("demo-files").join(name)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(age)).unwrap();
    }
    let house = start(50).await;
    assert_eq!(statuses(&house).await, [404, 404, 404, 200], "a smaller bound holds from the start");
}
