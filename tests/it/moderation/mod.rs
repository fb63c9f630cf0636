//! What is said and how members look is judged.

mod batch;
mod media;
mod pretend;
mod reload;
mod service;
mod words;

use roomgate::settings::{Moderator, Settings};
use serde_json::{Value, json};

use crate::support::House;
use crate::support::peer::{Heard, Peer, Say};

/// A house with these words refused, replaced and flagged.
async fn house_of_words(change: impl FnOnce(&mut Settings)) -> House {
    let folder = tempfile::tempdir().unwrap();
    let list = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let (refuse, replace, flag) = (list("refuse", "bad\n"), list("replace", "mild\n"), list("flag", "odd\n"));
    House::with(|settings| {
        settings.moderation.by = Moderator::Words;
        settings.moderation.refuse_words = refuse;
        settings.moderation.replace_words = replace;
        settings.moderation.flag_words = flag;
        change(settings);
    })
    .await
}

/// A house whose moderation service answers like this; it is asked about media too.
async fn house_of_service(
    script: impl Fn(usize, &Heard) -> Say + Send + Sync + 'static,
    change: impl FnOnce(&mut Settings),
) -> (House, Peer) {
    let service = Peer::with(script).await;
    let url: Option<url::Url> = service.url().parse().ok();
    let house = House::with(|settings| {
        settings.moderation.by = Moderator::Http;
        settings.moderation.url = url.clone();
        settings.moderation.media_url = url;
        settings.moderation.secret_id = Some("id".into());
        settings.moderation.secret_key = Some("key".to_owned().into());
        settings.moderation.business_id = Some("business".into());
        change(settings);
    })
    .await;
    (house, service)
}

/// An answer of the service, in its documented form.
fn suggests(suggestion: u8) -> Say {
    let labels = json!([{"label": 600, "level": 2, "rate": 0.99}]);
    let antispam = json!({"taskId": "t", "dataId": "d", "suggestion": suggestion, "labels": labels});
    Say::Text(200, json!({"code": 200, "msg": "ok", "result": {"antispam": antispam}}).to_string())
}

/// What the service was asked, by name.
fn asked(heard: &Heard, name: &str) -> Option<String> {
    form_urlencoded::parse(heard.body.as_bytes()).find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// Event 4 of each message that the receiver has heard of, once there are so many.
async fn told(receiver: &Peer, count: usize) -> Vec<Value> {
    let mut wanted = count;
    loop {
        let all = receiver.hears(wanted).await;
        let told: Vec<Value> = all.iter().map(Heard::json).filter(|event| event["eventType"] == "4").collect();
        if told.len() >= count {
            return told;
        }
        wanted = all.len() + 1;
    }
}
