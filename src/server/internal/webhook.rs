//! The webhook's ledger, as operators see it: what waits, what was delivered, what was given up on, and having it sent again.

use hyper::StatusCode;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::base::RoomId;
use crate::model::{EventQuery, EventState, KeptEvent};
use crate::webhook::{Trial, Trouble, Webhook};

use super::answer::Answer;
use super::ask::Ask;

/// Events of one answer where nobody says how many, and at the most.
const LIMIT: usize = 100;
const MOST: usize = 1000;

#[derive(Serialize)]
struct Events {
    events: Vec<KeptEvent>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    event: KeptEvent,
    body: Box<RawValue>,
}

#[derive(Serialize)]
struct Sent {
    again: usize,
}

#[derive(Serialize)]
struct Forgotten {
    forgotten: usize,
}

#[derive(Serialize)]
struct Trials {
    tests: Vec<Trial>,
}

/// What is asked for by the rest of the path; `None` where that is no path of ours.
pub(super) async fn answer(webhook: &Webhook, ask: &Ask, rest: &[&str]) -> Option<Answer> {
    let (takes, answer) = match *rest {
        ["events"] => ("GET", Box::pin(list(webhook, ask)) as Answering<'_>),
        ["events", ""] => return Some(Answer::bad("expected the id of an event behind /webhook/events/")),
        ["events", id] => ("GET", Box::pin(show(webhook, ask, id)) as Answering<'_>),
        ["events", id, "retry"] => ("POST", Box::pin(retry(webhook, ask, id)) as Answering<'_>),
        ["events", id, "forget"] => ("POST", Box::pin(forget(webhook, ask, id)) as Answering<'_>),
        ["forget"] => ("POST", Box::pin(forget_all(webhook, ask)) as Answering<'_>),
        ["retry"] => ("POST", Box::pin(retry_all(webhook, ask)) as Answering<'_>),
        ["test"] => ("POST", Box::pin(test(webhook, ask)) as Answering<'_>),
        _ => return None,
    };
    if ask.method.as_str() != takes {
        return Some(Answer::only(takes));
    }
    Some(answer.await.unwrap_or_else(|wrong| wrong))
}

type Answering<'a> = futures::future::BoxFuture<'a, Result<Answer, Answer>>;

async fn list(webhook: &Webhook, ask: &Ask) -> Result<Answer, Answer> {
    let [state, env, room, after, limit] = ask.params(["state", "env", "room", "after", "limit"])?;
    let query = EventQuery {
        state: state.map(|name| read_state(&name)).transpose()?,
        target: find_target(webhook, env).await?,
        room: room
            .map(|room| RoomId::parse("room", &room))
            .transpose()
            .map_err(|invalid| Answer::bad(invalid.to_string()))?,
        after: after.map(read_id).transpose()?,
        limit: limit.map_or(Ok(LIMIT), |limit| read_limit(&limit))?,
    };
    Ok(Answer::done(&Events { events: webhook.events(query).await? }))
}

async fn show(webhook: &Webhook, ask: &Ask, id: &str) -> Result<Answer, Answer> {
    ask.params([])?;
    let (event, body) = webhook.event(id).await?;
    let body = RawValue::from_string(body).map_err(|error| broken(&error.to_string()))?;
    Ok(Answer::done(&Whole { event, body }))
}

async fn retry(webhook: &Webhook, ask: &Ask, id: &str) -> Result<Answer, Answer> {
    ask.params([])?;
    webhook.send_again(id).await?;
    Ok(Answer::done(&Sent { again: 1 }))
}

async fn retry_all(webhook: &Webhook, ask: &Ask) -> Result<Answer, Answer> {
    let target = dead_of(webhook, ask).await?;
    Ok(Answer::done(&Sent { again: webhook.send_dead_again(target).await? }))
}

async fn forget(webhook: &Webhook, ask: &Ask, id: &str) -> Result<Answer, Answer> {
    ask.params([])?;
    webhook.forget(id).await?;
    Ok(Answer::done(&Forgotten { forgotten: 1 }))
}

async fn forget_all(webhook: &Webhook, ask: &Ask) -> Result<Answer, Answer> {
    let target = dead_of(webhook, ask).await?;
    Ok(Answer::done(&Forgotten { forgotten: webhook.forget_dead(target).await? }))
}

/// The address whose dead events are meant, if only one's are.
async fn dead_of(webhook: &Webhook, ask: &Ask) -> Result<Option<String>, Answer> {
    let [state, env] = ask.params(["state", "env"])?;
    // Said aloud, since nothing but the dead is meant to be treated in such numbers.
    if state.as_deref() != Some(EventState::Dead.name()) {
        return Err(Answer::bad("state: expected dead"));
    }
    find_target(webhook, env).await
}

async fn find_target(webhook: &Webhook, env: Option<String>) -> Result<Option<String>, Answer> {
    let Some(env) = env else { return Ok(None) };
    Ok(Some(webhook.find_target(&env).await?))
}

async fn test(webhook: &Webhook, ask: &Ask) -> Result<Answer, Answer> {
    let [env] = ask.params(["env"])?;
    let target = env.map(|env| webhook.target_named(&env));
    Ok(Answer::done(&Trials { tests: webhook.test(target.as_deref()).await? }))
}

fn read_state(name: &str) -> Result<EventState, Answer> {
    EventState::named(name)
        .ok_or_else(|| Answer::bad(format!("state: expected pending, delivered or dead, got {name:?}")))
}

/// An id as ledgers give them; whether this one has it is another question.
fn read_id(text: String) -> Result<String, Answer> {
    let is_good = text.split_once('-').is_some_and(|(_, number)| number.parse::<u64>().is_ok());
    if is_good { Ok(text) } else { Err(Answer::bad(format!("after: expected the id of an event, got {text:?}"))) }
}

fn read_limit(text: &str) -> Result<usize, Answer> {
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| Answer::bad(format!("limit: expected a number from 1 to {MOST}, got {text:?}")))
}

fn broken(why: &str) -> Answer {
    Answer::wrong(StatusCode::INTERNAL_SERVER_ERROR, &format!("the event in the database is damaged: {why}"))
}

impl From<Trouble> for Answer {
    fn from(trouble: Trouble) -> Answer {
        let status = match trouble {
            Trouble::UnknownAddress(..) | Trouble::UnknownEvent(_) => StatusCode::NOT_FOUND,
            Trouble::NoAddress | Trouble::Pending(_) | Trouble::Waits(_) => StatusCode::CONFLICT,
            Trouble::Database => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Answer::wrong(status, &trouble.to_string())
    }
}
