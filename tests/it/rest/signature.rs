use roomgate::settings::Replay;

use crate::support::House;

/// Headers of a call to `chatroom/get` that are right but for what a test changes.
async fn refusal(house: &House, change: impl FnOnce(&mut Vec<(&'static str, String)>)) -> (u64, String) {
    let signed = house.gateway.app().sign(&house.clock);
    let mut headers: Vec<_> = signed.pairs().map(|(name, value)| (name, value.to_owned())).into();
    change(&mut headers);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = house.http().send("POST", "/nimserver/chatroom/get.action", &headers, b"roomid=1").await;
    assert_eq!(answer.status, 200, "refusals of the API are HTTP 200");
    answer.refusal()
}

#[tokio::test]
async fn each_bad_signature_gets_its_documented_words() {
    let house = House::open().await;
    for missing in 0..4 {
        let (code, desc) = refusal(&house, |headers| drop(headers.remove(missing))).await;
        assert_eq!(code, 414);
        assert!(desc.contains("bad http header"), "{desc}");
    }
    let cases: [(usize, &str, &str); 5] = [
        (0, "other", "appkey"),
        (2, "1600000000", "CurTime is expired"),
        (2, "yesterday", "bad http header"),
        (3, "da39a3ee5e6b4b0d3255bfef95601890afd80709", "checksum"),
        (1, &"n".repeat(129), "bad http header"),
    ];
    for (header, value, words) in cases {
        let (code, desc) = refusal(&house, |headers| headers[header].1 = value.into()).await;
        assert_eq!(code, 414);
        assert!(desc.contains(words), "{desc} should contain {words}");
    }
    let (code, desc) = refusal(&house, |headers| headers.push(headers[0].clone())).await;
    assert_eq!((code, desc.contains("bad http header")), (414, true), "{desc}");
}

#[tokio::test]
async fn header_names_come_in_any_case() {
    let house = House::open().await;
    for case in [str::to_lowercase, str::to_uppercase] {
        let signed = house.gateway.app().sign(&house.clock);
        let names = signed.pairs().map(|(name, _)| case(name));
        let headers: Vec<_> =
            names.iter().zip(signed.pairs()).map(|(name, (_, value))| (name.as_str(), value)).collect();
        let answer = house.http().send("POST", "/nimserver/chatroom/get.action", &headers, b"roomid=1").await;
        assert_eq!(answer.refusal().0, 404, "the signature held, the room is unknown");
    }
}

#[tokio::test]
async fn the_same_headers_may_come_again_unless_replays_are_rejected() {
    for (replay, second) in [(Replay::Accept, 404), (Replay::Reject, 431)] {
        let house = House::with(|settings| settings.rest.replay = replay).await;
        let signed = house.gateway.app().sign(&house.clock);
        let mut codes = Vec::new();
        for _ in 0..2 {
            let answer =
                house.http().send("POST", "/nimserver/chatroom/get.action", &signed.pairs(), b"roomid=1").await;
            codes.push(answer.refusal().0);
        }
        assert_eq!(codes, [404, second]);
    }
}
