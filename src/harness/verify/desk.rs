//! The application server's side: every call is recorded when it goes out and when its answer is here.

use std::sync::Arc;

use parking_lot::RwLock;
use serde_json::Value;

use crate::base::RoomId;
use crate::client::{Api, ApiError, Outgoing};

use super::history::{Answer, Lane, Request, Role, Room, Send, Text, What};
use super::parse;
use super::recorder::Recorder;

/// Calls the gateway, wherever it is just now.
#[derive(Debug)]
pub(super) struct Desk {
    api: RwLock<Api>,
    recorder: Arc<Recorder>,
}

impl Desk {
    pub(super) fn new(api: Api, recorder: Arc<Recorder>) -> Desk {
        Desk { api: RwLock::new(api), recorder }
    }

    /// The gateway is elsewhere now.
    pub(super) fn moved(&self, api: Api) {
        *self.api.write() = api;
    }

    /// A caller of the gateway.
    pub(super) fn api(&self) -> Api {
        self.api.read().clone()
    }

    /// Makes an account. Answers its token.
    pub(super) async fn create_account(&self, accid: &Text) -> Result<String, ApiError> {
        let request = Request::CreateAccount { accid: accid.clone() };
        self.noted(accid, request, async |api, recorder| match api.create_user(accid, accid).await {
            Ok(token) => (Answer::Done, Ok(token)),
            Err(error) => (failed(&error, recorder), Err(error)),
        })
        .await
    }

    /// Makes a room. Answers its number.
    pub(super) async fn create_room(&self, creator: &Text, name: &str) -> Result<Room, ApiError> {
        let request = Request::CreateRoom { name: parse::text(name) };
        self.noted(creator, request, async |api, recorder| match api.create_room(creator, name).await {
            Ok(room) => {
                let room = room.as_row().unsigned_abs();
                (Answer::Room { room }, Ok(room))
            }
            Err(error) => (failed(&error, recorder), Err(error)),
        })
        .await
    }

    /// Sends a message as `from`.
    pub(super) async fn send(&self, from: &Text, send: Send) -> Answer {
        let (room, message) = (room_id(send.room), outgoing(&send));
        self.noted(from, Request::Send(send), async |api, recorder| {
            let Some(room) = room else { return unsendable(recorder) };
            let answer = match api.send_for_text(room, from, message).await {
                Ok(text) => parse::sent(&text, recorder),
                Err(error) => failed(&error, recorder),
            };
            (answer.clone(), answer)
        })
        .await
    }

    /// Has something else done, in the name of `by`.
    pub(super) async fn ask(&self, by: &Text, request: Request) -> Answer {
        let (path, params) = call(by, &request);
        self.noted(by, request, async |api, recorder| {
            let params: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = match api.call_for_text(path, &params).await {
                Ok(_) => Answer::Done,
                Err(error) => failed(&error, recorder),
            };
            (answer.clone(), answer)
        })
        .await
    }

    /// Asks something that changes nothing, and is not recorded.
    pub(super) async fn look(&self, path: &str, params: &[(&str, &str)]) -> Result<Value, ApiError> {
        self.api().call(path, params).await
    }

    async fn noted<T>(&self, by: &Text, request: Request, run: impl AsyncFnOnce(Api, &Recorder) -> (Answer, T)) -> T {
        let call = self.recorder.call();
        self.recorder.note(What::Invoked { call, by: by.clone(), connection: None, request });
        let (answer, result) = run(self.api(), &self.recorder).await;
        self.recorder.note(What::Completed { call, answer });
        result
    }
}

/// Ids come from the gateway, so this is none of the plan's faults.
fn unsendable(recorder: &Recorder) -> (Answer, Answer) {
    let answer = Answer::Unknown { why: recorder.text("the room has no number") };
    (answer.clone(), answer)
}

pub(super) fn room_id(room: Room) -> Option<RoomId> {
    RoomId::parse("roomid", &room.to_string()).ok()
}

fn outgoing(send: &Send) -> Outgoing {
    let mut message =
        Outgoing::text(&*send.content).id(&*send.msg_id).kind(send.kind).to(send.to.iter().map(|to| &**to));
    if !send.ext.is_empty() {
        message = message.ext(&*send.ext);
    }
    if send.lane == Lane::High {
        message = message.high();
    }
    if send.resend {
        message = message.resend();
    }
    if send.outcomes { message.outcomes() } else { message }
}

/// How a call that is no send is written.
fn call(by: &Text, request: &Request) -> (&'static str, Vec<(&'static str, String)>) {
    let room = |room: &Room| ("roomid", room.to_string());
    let by = by.to_string();
    match request {
        Request::Kick { room: of, target } => {
            ("chatroom/kickMember", vec![room(of), ("accid", by), ("targetAccid", target.to_string())])
        }
        Request::SetRole { room: of, target, role, given } => {
            let opt = match role {
                Role::Manager => "1",
                Role::Common => "2",
                Role::Blocklisted => "-1",
                Role::Muted => "-2",
            };
            let set = [("opt", opt.to_owned()), ("optvalue", given.to_string())];
            let who = [room(of), ("operator", by), ("target", target.to_string())];
            ("chatroom/setMemberRole", who.into_iter().chain(set).collect())
        }
        Request::Offer { room: of, key, value } => {
            ("chatroom/queueOffer", vec![room(of), ("key", key.to_string()), ("value", value.to_string())])
        }
        Request::Poll { room: of, key } => ("chatroom/queuePoll", vec![room(of), ("key", key.to_string())]),
        Request::UpdateRoom { room: of, announcement } => {
            ("chatroom/update", vec![room(of), ("announcement", announcement.to_string())])
        }
        // The rest goes over sockets, or has functions of its own above; asked here all the same it is refused.
        _ => ("chatroom/none", Vec::new()),
    }
}

/// What a call came to that was not done, or of which nobody knows.
fn failed(error: &ApiError, recorder: &Recorder) -> Answer {
    match error {
        ApiError::Refused { code, desc } => Answer::Refused { code: *code, desc: recorder.text(desc) },
        ApiError::Transport { why, .. } => {
            let status = why.strip_prefix("HTTP status ").and_then(|rest| rest.get(..3)?.parse().ok());
            match status {
                Some(status) => Answer::Status { status },
                None => Answer::Unknown { why: recorder.text(why) },
            }
        }
    }
}
