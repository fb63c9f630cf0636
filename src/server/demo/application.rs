//! `POST /demo/server`: the demo plays the application server. One action of the server API is done as that would have it done, but only in
//! rooms of the demo, and only in the name of accounts of the demo.

use hyper::Response;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::{self, Action, Answer, Asker, Call};
use crate::base::{Accid, Invalid, Params, limits};
use crate::model::Refusal;
use crate::server::Content;

use super::{Demo, answer, body};

/// An action that a guest may have done.
struct Offer {
    action: &'static str,
    /// The parameter that names the room.
    room: &'static str,
    /// The parameter that names in whose name it is done.
    by: Option<&'static str>,
}

const fn offer(action: &'static str, by: Option<&'static str>) -> Offer {
    Offer { action, room: "roomid", by }
}

/// What reaches beyond one room, and what closes one for everybody, is not among them.
const OFFERS: &[Offer] = &[
    offer("chatroom/sendMsg", Some("fromAccid")),
    offer("chatroom/sendMsgToSomeone", Some("fromAccid")),
    offer("chatroom/batchSendMsg", Some("fromAccid")),
    offer("chatroom/batchSendMsgToSomeone", Some("fromAccid")),
    offer("chatroom/recall", Some("operatorAcc")),
    offer("chatroom/get", None),
    offer("chatroom/update", None),
    offer("chatroom/updateInOutNotification", None),
    offer("chatroom/setMemberRole", Some("operator")),
    offer("chatroom/kickMember", Some("accid")),
    offer("chatroom/temporaryMute", Some("operator")),
    offer("chatroom/muteRoom", Some("operator")),
    offer("chatroom/updateMyRoomRole", Some("accid")),
    offer("chatroom/membersByPage", None),
    offer("chatroom/queryMembersByRole", None),
    offer("chatroom/queryMembers", None),
    offer("chatroom/addRobot", None),
    offer("chatroom/removeRobot", None),
    offer("chatroom/cleanRobot", None),
    offer("chatroom/tagTemporaryMute", Some("operator")),
    offer("chatroom/tagMembersCount", None),
    offer("chatroom/tagMembersQuery", None),
    Offer { action: "chatroom/updateChatRoomRoleTag", room: "roomId", by: Some("accid") },
    offer("chatroom/queueInit", None),
    offer("chatroom/queueOffer", Some("operator")),
    offer("chatroom/queueBatchOffer", Some("operator")),
    offer("chatroom/queueBatchUpdateElements", Some("operator")),
    offer("chatroom/queueList", None),
    offer("chatroom/queueMultiGet", None),
    offer("chatroom/queuePoll", None),
    offer("chatroom/queueDrop", None),
    offer("history/queryChatroomMsg", Some("accid")),
];

#[derive(Deserialize)]
struct Asked {
    action: String,
    #[serde(default)]
    params: Map<String, Value>,
}

/// What the server API says is answered as it says it, its refusals with HTTP 200 too; what is refused here never reached it.
pub(super) async fn act(demo: &Demo, head: &Parts, body: Incoming) -> Result<Response<Content>, Refusal> {
    const SHAPE: &str = "{\"action\": \"chatroom/…\", \"params\": {…}}";
    demo.guests.asking(&head.headers).await?;
    let asked: Asked = body::read(body, limits::BODY_BYTES, SHAPE, &demo.services.clock).await?;
    let (offer, action) = find(&asked.action)?;
    let params = Params::inside(&asked.params);
    demo.lobby.require(params.room(offer.room)?, &demo.guests).await?;
    if let Some(name) = offer.by {
        check_name(demo, name, &params).await?;
    }
    let call = Call { services: demo.services.clone(), params, asker: Asker::Server { host: None } };
    let said = match call.run_apart(action).await {
        Ok(said) => said,
        Err(refusal) => Answer::refusal(refusal.code(), &refusal.to_string()),
    };
    Ok(answer::text(said.into_text()))
}

fn find(name: &str) -> Result<(&'static Offer, &'static Action), Refusal> {
    let offer = OFFERS.iter().find(|offer| offer.action == name);
    let found = offer.and_then(|offer| Some((offer, api::find(&format!("/{name}.action"))?)));
    found.ok_or_else(|| Refusal::Forbidden(format!("{name} is not an action that the demo offers")))
}

/// Where the name is missing, the action itself says whether it needs one.
async fn check_name(demo: &Demo, name: &'static str, params: &Params) -> Result<(), Refusal> {
    let Some(text) = params.text(name)? else { return Ok(()) };
    let accid = Accid::parse(name, text)?;
    if demo.guests.knows(&accid).await? {
        return Ok(());
    }
    Err(Invalid::value(name, "demo, or an account that the demo made", accid.as_str()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offer_is_an_action_of_the_server_api() {
        for offer in OFFERS {
            assert!(find(offer.action).is_ok(), "{}", offer.action);
        }
        for other in ["chatroom/broadcast", "chatroom/create", "user/create", "chatroom/nonsense", "", "../user/update"]
        {
            assert!(find(other).is_err(), "{other}");
        }
    }
}
