//! A room's queue.

use super::super::album::Album;
use super::super::stage::Stage;

pub async fn play(album: &mut Album) {
    let mut stage = Stage::open(album).await;
    let [mut ann, mut owner, mut bob] = stage.three_in_room().await;

    stage.does(&mut bob, "queueOffer", 317).await;
    stage.hears(&mut ann, "notice-317-offered").await;
    owner.overhears(317).await;
    stage.does(&mut owner, "queueBatchOffer", 324).await;
    stage.hears(&mut ann, "notice-324-batch-offered").await;
    stage.does(&mut owner, "queueBatchUpdateElements", 320).await;
    stage.hears(&mut ann, "notice-320-updated").await;
    stage.asks(&mut ann, "queueList").await;
    stage.asks(&mut ann, "queueMultiGet").await;
    for notice in [324, 320] {
        bob.overhears(notice).await;
    }
    stage.asks(&mut bob, "leave").await;
    ann.overhears(302).await;
    owner.overhears(302).await;
    stage.hears(&mut ann, "notice-320-left").await;
    owner.overhears(320).await;
    stage.does(&mut owner, "queuePoll", 317).await;
    stage.hears(&mut ann, "notice-317-polled").await;
    stage.does(&mut owner, "queueDrop", 317).await;
    stage.hears(&mut ann, "notice-317-dropped").await;
}
