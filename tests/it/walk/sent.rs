//! Calls that were sent, one or two at the same time, and what may have become of the world: they were done one after the other, in
//! some order. One that was cut off was done or not, or of a batch of messages as many as were.

use serde_json::Value;

use super::call::Call;
use super::doors::Answer;
use super::model::time::Window;
use super::model::{Asked, World};

#[derive(Debug, Clone)]
pub struct Sent {
    pub call: Call,
    pub when: Window,
    /// What came back.
    pub answer: Option<Answer>,
    /// What was found out later of an answer that was cut off.
    pub found: Option<Value>,
}

/// Every world that these calls may have led to. The complaint where there is none.
pub fn futures(world: &World, sent: &[Sent]) -> Result<Vec<World>, String> {
    let (mut worlds, mut complaints) = (Vec::new(), Vec::new());
    follow(world, &sent.iter().collect::<Vec<_>>(), &mut worlds, &mut complaints);
    complaints.dedup();
    if worlds.is_empty() { Err(complaints.join("\n  or: ")) } else { Ok(worlds) }
}

fn follow(world: &World, open: &[&Sent], worlds: &mut Vec<World>, complaints: &mut Vec<String>) {
    if open.iter().all(|sent| sent.answer.is_none()) {
        worlds.push(world.clone());
    }
    for (at, sent) in open.iter().enumerate() {
        let rest: Vec<&Sent> =
            open.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, sent)| *sent).collect();
        match sent.outcomes(world) {
            Ok(outcomes) => outcomes.iter().for_each(|outcome| follow(outcome, &rest, worlds, complaints)),
            Err(complaint) => complaints.push(complaint),
        }
    }
}

impl Sent {
    /// What becomes of a world where this call is done next.
    fn outcomes(&self, world: &World) -> Result<Vec<World>, String> {
        let Some(Answer { code, body }) = &self.answer else { return Ok(self.cut_off(world)) };
        let (verdict, after) = world.after(Asked { call: &self.call, when: self.when, answer: Some(body) });
        verdict.check(*code, body)?;
        Ok(vec![if *code == 200 { after } else { world.clone() }])
    }

    fn cut_off(&self, world: &World) -> Vec<World> {
        let messages = self.call.list("msgList").len();
        let versions = (messages.min(1)..=messages).map(|count| self.call.shortened(count));
        let after = |call: Call| world.after(Asked { call: &call, when: self.when, answer: self.found.as_ref() });
        versions.map(after).filter(|(verdict, _)| !verdict.refuses()).map(|(_, world)| world).collect()
    }

    /// Whether the gateway goes on with it after its answer.
    pub fn goes_on(&self, world: &World) -> bool {
        let answer = self.answer.as_ref().filter(|answer| answer.code == 200).map(|answer| &answer.body);
        answer.is_some_and(|_| world.after(Asked { call: &self.call, when: self.when, answer }).0.goes_on)
    }
}
