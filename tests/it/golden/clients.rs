//! docs/clients.md: the frames that its examples write and read are those of tests/golden. Knows just so much of Swift, Kotlin and Dart
//! that it finds them: a frame is written as `frame("op", members)`, and a member is read as `object["name"]`.

use std::collections::{BTreeMap, BTreeSet};

use super::album::{files, root};
use super::json::Json;

type Names = BTreeSet<String>;

/// An example, and where in it names of members stand.
struct Example {
    language: &'static str,
    code: String,
}

/// What the files know.
struct Protocol {
    verbs: BTreeMap<String, Verb>,
    /// Of all members of all frames.
    names: Names,
}

/// What the protocol has of one verb's members.
#[derive(Default)]
struct Verb {
    known: Names,
    /// In every file of the verb.
    required: Option<Names>,
}

/// A frame that an example writes: its verb, and the names in it.
#[derive(Debug)]
struct Written {
    op: String,
    names: Names,
}

/// What every example must be able to say and hear.
const SAYS: [&str; 5] = ["login", "join", "send", "ack", "ping"];
const HEARS: [&str; 5] = ["reply", "message", "kicked", "lost", "drain"];

fn examples() -> Vec<Example> {
    let document = std::fs::read_to_string(root().join("docs/clients.md")).expect("the document is there");
    let example = |language| {
        let (_, rest) = document.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no {language}"));
        Example { language, code: rest.split_once("\n```").expect("it ends").0.to_owned() }
    };
    ["swift", "kotlin", "dart"].map(example).into()
}

impl Example {
    /// Every frame it writes.
    fn frames(&self) -> Vec<Written> {
        let calls = self.code.match_indices("rame(").map(|(at, _)| &self.code[at + "rame(".len()..]);
        calls.filter_map(|call| self.frame(call)).collect()
    }

    /// Reads a call from behind its parenthesis; where a function is declared no verb follows.
    fn frame(&self, call: &str) -> Option<Written> {
        let quote = call.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (op, _) = call[1..].split_once(quote)?;
        let members = &call[..self.end_of(call)];
        let names = literals(members).filter(|literal| literal.text != op && self.names_a_member(literal));
        Some(Written { op: op.to_owned(), names: names.map(|literal| literal.text.to_owned()).collect() })
    }

    /// Where a call ends. In Kotlin its last argument, the members, is a block behind the parenthesis.
    fn end_of(&self, call: &str) -> usize {
        let parenthesis = closing(call);
        let rest = &call[parenthesis + 1..];
        match rest.strip_prefix(" {").filter(|_| self.language == "kotlin") {
            Some(block) => call.len() - block.len() + closing(block),
            None => parenthesis,
        }
    }

    /// Members are `"name": value`; in Kotlin they are `put("name", value)` and the like.
    fn names_a_member(&self, literal: &Literal<'_>) -> bool {
        match self.language {
            "kotlin" => ["put(", "putJsonObject(", "putJsonArray("].iter().any(|put| literal.before.ends_with(put)),
            _ => literal.after.starts_with(':'),
        }
    }

    /// The names of all members that it reads, or adds to a frame later: `object["name"]`; in Kotlin it adds `"name" to JsonPrimitive(…)`.
    fn subscripts(&self) -> Names {
        let is_one = |literal: &Literal<'_>| {
            literal.before.ends_with('[') && literal.after.starts_with(']') || literal.after.starts_with(" to Json")
        };
        literals(&self.code).filter(is_one).map(|literal| literal.text.to_owned()).collect()
    }
}

/// A text in quotes, and what stands around it.
struct Literal<'a> {
    before: &'a str,
    text: &'a str,
    after: &'a str,
}

/// All one-word texts, in either kind of quotes.
fn literals(code: &str) -> impl Iterator<Item = Literal<'_>> {
    let opens = code.match_indices(['"', '\'']);
    opens.filter_map(|(at, quote)| {
        let (before, rest) = (&code[..at], &code[at + 1..]);
        let (text, after) = rest.split_once(quote)?;
        let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_word.then_some(Literal { before, text, after })
    })
}

/// Where the bracket that was opened before this code is closed.
fn closing(code: &str) -> usize {
    let mut depth = 1;
    let closes = |(at, character)| {
        depth += match character {
            '(' | '[' | '{' => 1,
            ')' | ']' | '}' => -1,
            _ => 0,
        };
        (depth == 0).then_some(at)
    };
    code.char_indices().find_map(closes).expect("brackets match")
}

/// The names of an object's members, and of objects inside it.
fn names_in(json: &Json) -> Names {
    let mut names: Names = json.names().into_iter().map(str::to_owned).collect();
    let inner: Vec<&Json> = match json {
        Json::Object(members) => members.iter().map(|(_, value)| value).collect(),
        Json::List(items) => items.iter().collect(),
        Json::Plain(_) => Vec::new(),
    };
    names.extend(inner.into_iter().flat_map(names_in));
    names
}

impl Protocol {
    fn read() -> Protocol {
        let (files, mut verbs) = (files(), BTreeMap::<String, Verb>::new());
        for file in files.values().filter(|file| file.name.starts_with("client/")) {
            let op = file.frame.get("op").and_then(Json::text).expect("a verb");
            verbs.entry(op.to_owned()).or_default().learn(&file.frame);
        }
        Protocol { verbs, names: files.values().flat_map(|file| names_in(&file.frame)).collect() }
    }

    /// What is wrong with an example.
    fn complaints(&self, example: &Example) -> Vec<String> {
        let written = example.frames();
        let mut complaints: Vec<String> = written.iter().flat_map(|frame| self.complaints_of(frame)).collect();
        let said: BTreeSet<&str> = written.iter().map(|frame| frame.op.as_str()).collect();
        complaints.extend(SAYS.iter().filter(|op| !said.contains(*op)).map(|op| format!("it never says {op}")));
        let words: BTreeSet<&str> = literals(&example.code).map(|literal| literal.text).collect();
        complaints.extend(HEARS.iter().filter(|op| !words.contains(*op)).map(|op| format!("it does not hear {op}")));
        let unknown = &example.subscripts() - &self.names;
        complaints.extend(unknown.iter().map(|name| format!("no frame has a member {name}")));
        complaints
    }

    fn complaints_of(&self, Written { op, names }: &Written) -> Vec<String> {
        let Some(verb) = self.verbs.get(op) else { return vec![format!("{op} is no verb")] };
        let unknown = names.difference(&verb.known).map(|name| format!("{op} has no member {name}"));
        let required = verb.required.iter().flatten();
        let missing = required.filter(|name| !names.contains(*name)).map(|name| format!("{op} lacks {name}"));
        unknown.chain(missing).collect()
    }
}

impl Verb {
    fn learn(&mut self, frame: &Json) {
        self.known.extend(names_in(frame));
        // Every frame has these two, or need not have them.
        let names = frame.names().into_iter().filter(|name| !matches!(*name, "op" | "id"));
        let names: Names = names.map(str::to_owned).collect();
        self.required = Some(self.required.take().map_or_else(|| names.clone(), |required| &required & &names));
    }
}

#[test]
fn examples_write_and_read_the_frames_of_the_protocol() {
    for example in examples() {
        assert_eq!(Protocol::read().complaints(&example), [""; 0], "the example in {}", example.language);
    }
}

#[test]
fn one_wrong_name_anywhere_is_noticed() {
    let written =
        ["appKey", "roomid", "msgId", "attach", "toAccids", "highPriority", "outcomes", "session", "received"];
    let read =
        ["op", "code", "resumed", "message", "msgid_client", "roomId", "reconnectAfter", "fromNick", "resendFlag"];
    let heard = ["kicked", "lost", "drain"];
    let protocol = Protocol::read();
    for example in examples() {
        let quote = if example.language == "dart" { '\'' } else { '"' };
        for name in written.iter().chain(&read).chain(&heard) {
            let (right, wrong) = (format!("{quote}{name}{quote}"), format!("{quote}{name}s{quote}"));
            let code = example.code.replace(&right, &wrong);
            assert_ne!(code, example.code, "{} does not use {name}", example.language);
            let spoilt = Example { language: example.language, code };
            assert_ne!(protocol.complaints(&spoilt), [""; 0], "{name} in {}", example.language);
        }
    }
}
