//! A change of a room's queue as a sentence (server API, section 8.2, `queueChange`).

use crate::cli::record::Record;

/// What `operator` did to the queue.
pub(super) fn sentence(operator: &str, data: &Record) -> String {
    let change = Record::read(&data.text("queueChange")).ok();
    let changed = || format!("{operator} changed the queue");
    let Some(change) = change else { return changed() };
    let keys = keys(&change);
    match change.text("_e").as_str() {
        "OFFER" | "BATCH_OFFER" => format!("{operator} put {keys} in the queue"),
        "POLL" => format!("{operator} took {keys} from the queue"),
        "DROP" => format!("{operator} emptied the queue"),
        "PARTCLEAR" => format!("{keys} left the queue with {operator}"),
        "BATCH_UPDATE" => format!("{operator} changed {keys} in the queue"),
        _ => changed(),
    }
}

fn keys(change: &Record) -> String {
    let one = change.text("key");
    let keys = if one.is_empty() { change.names("kvObject").join(", ") } else { one };
    if keys.is_empty() { "something".to_owned() } else { keys }
}
