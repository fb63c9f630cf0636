//! Wrong parameters: at times one of a call's is sent in a form that must be refused.

use serde_json::{Value, json};

use crate::walk::call::{Call, Door};
use crate::walk::dice::Dice;

/// So many calls of a hundred.
const PERCENT: usize = 4;

pub fn perhaps(dice: &mut Dice, call: &mut Call) {
    if !dice.chance(PERCENT) || matches!(call.action, "@login" | "@close" | "@drop" | "chatroom/broadcast") {
        return;
    }
    let candidates: Vec<(String, Vec<Value>)> = call
        .params
        .keys()
        .map(|name| (name.clone(), wrong(call, name)))
        .filter(|(_, wrong)| !wrong.is_empty())
        .collect();
    if !candidates.is_empty() {
        let (name, wrong) = dice.of(&candidates);
        call.spoilt = Some((name, dice.of(&wrong)));
    }
}

/// What a parameter must not be; null is left out.
fn wrong(call: &Call, name: &str) -> Vec<Value> {
    let long = |units: usize| json!("x".repeat(units));
    let many = |count: usize| (0..count).map(|number| json!(format!("n{number}"))).collect::<Value>();
    match name {
        "roomid" | "roomId" => vec![json!("x"), json!(0), json!(-1), Value::Null],
        "operator" | "fromAccid" | "operatorAcc" => vec![json!("a b"), json!("a/b"), long(33)],
        "target" | "targetAccid" | "fromAcc" | "creator" => vec![json!("a b"), json!("ä"), long(33), Value::Null],
        "accid" => vec![json!("a b"), Value::Null],
        "opt" => vec![json!(0), json!(3), json!(-3), json!("x"), Value::Null],
        "optvalue" | "mute" | "valid" | "close" | "transient" | "needNotify" | "needkick" | "ignoreMute" => {
            vec![json!("maybe"), json!(7)]
        }
        "muteDuration" => vec![json!(-1), json!(2_592_001), json!("x"), json!(1.5)],
        "targetTag" => vec![long(33), Value::Null],
        "sizeLimit" => vec![json!(-1), json!(1001), json!("x")],
        "queuelevel" | "highPriority" => vec![json!(2), json!(-1), json!("x")],
        "key" if call.action == "chatroom/queueOffer" => vec![long(129), Value::Null],
        "key" => vec![long(129)],
        "value" => vec![long(4097), Value::Null],
        "elements" => vec![json!("x"), json!([]), json!(7), Value::Null],
        "keys" | "roomids" => vec![json!("x"), json!([]), json!({}), Value::Null],
        "accids" => vec![json!("x"), json!([]), json!({}), many(201), Value::Null],
        "toAccids" if call.door == Door::Server => vec![json!("x"), json!([]), many(101), Value::Null],
        "msgList" => vec![json!("x"), json!([]), json!([1]), json!([{"msgId": "m"}, {"msgId": "m"}]), Value::Null],
        "msgId" => vec![long(129), json!("a\nb"), Value::Null],
        "msgType" => vec![json!(5), json!(7), json!("x"), json!(1), json!(4)],
        "attach" => vec![long(4097)],
        "name" if call.action == "chatroom/create" => vec![long(129), Value::Null],
        "name" => vec![long(129)],
        "nick" => vec![long(65)],
        "notifyExt" => vec![long(2049)],
        "token" => vec![long(129)],
        "delayClosePolicy" => vec![json!(3), json!(-1), json!("x")],
        "delaySeconds" => vec![json!(604_801), json!(-1)],
        "tags" => vec![json!("x"), json!({}), json!([""]), many(21)],
        "notifyTargetTags" => vec![json!("red"), json!(r#"{"tag": "red"} or"#), long(129)],
        "roles" => vec![json!("x"), json!([]), Value::Null],
        "msgTimetag" => vec![json!(-1), json!("x"), Value::Null],
        "limit" => vec![json!(-1), json!(101)],
        "skipHistory" => vec![json!(2), json!("x")],
        _ => Vec::new(),
    }
}
