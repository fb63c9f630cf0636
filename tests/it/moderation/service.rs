//! A service that speaks the documented text check.

use roomgate::client::Outgoing;
use roomgate::settings::OnFailure;

use super::{asked, house_of_service, suggests};
use crate::support::code;
use crate::support::peer::{Gate, Say};

#[tokio::test]
async fn its_suggestion_is_followed() {
    let (house, service) =
        house_of_service(|_, heard| suggests(asked(heard, "content").unwrap().parse().unwrap_or(0)), |_| ()).await;
    let room = house.room().await;
    let mut ann = house.member_in(room, "ann").await;
    for text in ["0", "1"] {
        ann.sends(room, Outgoing::text(text).id(format!("id{text}"))).await;
        ann.hears_text(text).await;
    }
    assert_eq!(code(ann.client.send(room, Outgoing::text("2")).await), Some(403));
    let first = &service.heard()[0];
    let seen = ["secretId", "businessId", "dataId", "account"].map(|name| asked(first, name).unwrap());
    assert_eq!(seen, ["id", "business", "id0", "ann"]);
}

#[tokio::test]
async fn without_a_verdict_it_goes_as_configured() {
    for (on_failure, expected) in [(OnFailure::Pass, None), (OnFailure::Refuse, Some(403))] {
        let bad = [Say::Status(500), Say::Text(200, "{}".into()), Say::Nothing, Say::Huge, Say::Half, Say::Status(302)];
        let (house, service) = house_of_service(
            move |count, _| bad[count % bad.len()].clone(),
            |settings| settings.moderation.on_failure = on_failure,
        )
        .await;
        let room = house.room().await;
        let mut ann = house.member_in(room, "ann").await;
        for _ in 0..8 {
            let sent = ann.client.send(room, Outgoing::text("x")).await;
            assert_eq!(sent.err().and_then(|error| error.code()), expected);
        }
        assert!(service.heard().len() < 8, "after some failures it is left alone");
    }
}

#[tokio::test]
async fn a_slow_verdict_holds_up_nobody_else() {
    let gate = Gate::closed();
    let wait = gate.clone();
    let (house, service) = house_of_service(
        move |_, heard| match asked(heard, "account").as_deref() {
            Some("slow") => Say::When(wait.clone(), 200),
            _ => suggests(0),
        },
        |_| (),
    )
    .await;
    let room = house.room().await;
    let (mut slow, mut ann) = (house.member_in(room, "slow").await, house.member_in(room, "ann").await);
    let others = async {
        service.hears(1).await;
        for number in 0..20 {
            ann.sends(room, Outgoing::text(number.to_string())).await;
            ann.hears_text(&number.to_string()).await;
        }
        gate.let_through(1);
    };
    let (sent, ()) = tokio::join!(slow.client.send(room, Outgoing::text("late")), others);
    sent.expect("a bad answer passes");
}
