//! Judging by lists of words. The lists can be read anew while they are in use.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::json;

use crate::settings::ModerationSettings;

use super::ModerationError;
use super::folded::Folded;
use super::list::{Hit, List, ListFile};
use super::verdict::{Action, Finding, Verdict, What};

/// The three lists.
#[derive(Debug)]
pub(super) struct Words {
    files: Files,
    lists: Mutex<Arc<Lists>>,
}

/// Where they are read from.
#[derive(Debug, Clone)]
struct Files {
    refuse: Option<ListFile>,
    replace: Option<ListFile>,
    flag: Option<ListFile>,
}

/// What was read; of a list without a file nothing.
#[derive(Debug, Default)]
struct Lists {
    refuse: Option<List>,
    replace: Option<List>,
    flag: Option<List>,
}

impl Words {
    /// Reads the files that are named.
    pub(super) async fn start(settings: &ModerationSettings) -> Result<Words, ModerationError> {
        let file = |option, path: &Option<_>| path.clone().map(|path| ListFile { option, path });
        let files = Files {
            refuse: file("moderation.refuse_words", &settings.refuse_words),
            replace: file("moderation.replace_words", &settings.replace_words),
            flag: file("moderation.flag_words", &settings.flag_words),
        };
        if [&files.refuse, &files.replace, &files.flag].into_iter().all(Option::is_none) {
            return Err(ModerationError::NoList);
        }
        let lists = Mutex::new(Arc::new(files.clone().read().await?));
        Ok(Words { files, lists })
    }

    /// Reads them again; answers how many words there are now. What can't be read leaves all as it was.
    pub(super) async fn reload(&self) -> Result<usize, ModerationError> {
        let lists = Arc::new(self.files.clone().read().await?);
        let count = lists.count();
        *self.lists.lock() = lists;
        Ok(count)
    }

    /// Judges one text.
    pub(super) fn judge(&self, text: &str) -> Verdict {
        self.lists().judge(text, What::Text)
    }

    /// Judges several that belong together: the worst counts.
    pub(super) fn judge_looks(&self, texts: &[&str]) -> Verdict {
        let lists = self.lists();
        let verdicts = texts.iter().map(|text| lists.judge(text, What::Looks));
        verdicts.max_by_key(Verdict::severity).unwrap_or(Verdict::Passed)
    }

    fn lists(&self) -> Arc<Lists> {
        self.lists.lock().clone()
    }
}

impl Files {
    /// Not on a runtime thread: a large list is a second's work.
    async fn read(self) -> Result<Lists, ModerationError> {
        let read = |file: Option<ListFile>| file.map(|file| List::read(&file)).transpose();
        let reading = tokio::task::spawn_blocking(move || {
            Ok(Lists { refuse: read(self.refuse)?, replace: read(self.replace)?, flag: read(self.flag)? })
        });
        reading.await.unwrap_or_else(|error| Err(ModerationError::Unread(error.to_string())))
    }
}

impl Lists {
    fn count(&self) -> usize {
        [&self.refuse, &self.replace, &self.flag].into_iter().flatten().map(List::len).sum()
    }

    fn judge(&self, text: &str, what: What) -> Verdict {
        let folded = Folded::of(text);
        if let Some(hit) = first(&self.refuse, &folded) {
            return Verdict::Refused(finding(what, Action::Refuse, "refuse_words", &hit));
        }
        if let Some(hit) = first(&self.replace, &folded) {
            let finding = finding(what, Action::Suspect, "replace_words", &hit);
            return Verdict::Replaced(replace(text, &folded, self.replace.as_ref()), finding);
        }
        match first(&self.flag, &folded) {
            Some(hit) => Verdict::Suspect(finding(what, Action::Suspect, "flag_words", &hit)),
            None => Verdict::Passed,
        }
    }
}

fn first(list: &Option<List>, text: &Folded) -> Option<Hit> {
    list.as_ref()?.hits(text).next()
}

/// A list has no labels; 900 stands for all that is neither of the others (section 10.1).
fn finding(what: What, action: Action, list: &str, hit: &Hit) -> Finding {
    let label = json!({"label": 900, "level": action as u8});
    Finding::new(what, action, &[label], None, format!("{list} line {}", hit.line))
}

/// `text` with an asterisk in place of every character of every hit, and else as it is.
fn replace(text: &str, folded: &Folded, list: Option<&List>) -> String {
    let mut spans: Vec<_> = list.into_iter().flat_map(|list| list.hits(folded)).map(|hit| hit.span).collect();
    spans.sort_by_key(|span| span.start);
    let (mut replaced, mut done) = (String::with_capacity(text.len()), 0);
    for span in spans {
        // Hits may overlap.
        let start = span.start.max(done);
        if start < span.end {
            replaced.push_str(&text[done..start]);
            replaced.extend(text[start..span.end].chars().map(|_| '*'));
            done = span.end;
        }
    }
    replaced.push_str(&text[done..]);
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lists(refuse: &[&str], replace: &[&str], flag: &[&str]) -> Lists {
        let list = |words: &[&str]| (!words.is_empty()).then(|| List::of(words));
        Lists { refuse: list(refuse), replace: list(replace), flag: list(flag) }
    }

    fn replaced(words: &[&str], text: &str) -> String {
        match lists(&[], words, &[]).judge(text, What::Text) {
            Verdict::Replaced(text, _) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_refused_comes_before_what_is_replaced_and_that_before_what_is_flagged() {
        let lists = lists(&["x", "worst"], &["worse"], &["bad"]);
        let judge = |text| {
            let verdict = lists.judge(text, What::Text);
            (verdict.name(), verdict.finding().map(|finding| finding.why.clone()).unwrap_or_default())
        };
        assert_eq!(judge("bad, worse, worst"), ("refused", "refuse_words line 2".into()));
        assert_eq!(judge("bad, worse"), ("replaced", "replace_words line 1".into()));
        assert_eq!(judge("bad"), ("suspect", "flag_words line 1".into()));
        assert_eq!(judge("good"), ("passed", String::new()));
        assert_eq!(lists.count(), 4);
    }

    #[test]
    fn a_finding_names_no_word() {
        let verdict = lists(&["bad"], &[], &[]).judge("bad", What::Text);
        let told = &verdict.finding().unwrap().yidun_res;
        assert_eq!(told, r#"{"yidunBusType":0,"action":2,"labels":[{"label":900,"level":2}]}"#);
    }

    #[test]
    fn each_character_becomes_an_asterisk_and_the_rest_stays() {
        assert_eq!(replaced(&["bad"], "  Ｂad\u{301}! ＯＫ é"), "  ****! ＯＫ é");
        assert_eq!(replaced(&["bad"], "a b-a d, abad"), "a *****, a***");
        assert_eq!(replaced(&["赌博"], "去赌 博吧"), "去***吧");
        assert_eq!(replaced(&["abc", "cde", "b"], "xabcdex b"), "x*****x *");
    }

    fn alphabet() -> impl Strategy<Value = String> {
        "[abAB赌博がｶﾞ éß\u{301}\u{200B}\u{3099}.\u{E31}กﬁ⒝한\u{1161}]{0,30}"
    }

    proptest! {
        #[test]
        fn what_was_replaced_has_no_such_word_in_one_piece(
            text in alphabet(),
            words in proptest::collection::vec("[ab赌博がéßกf]{1,3}", 1..4)
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let lists = lists(&[], &words, &[]);
            match lists.judge(&text, What::Text) {
                Verdict::Replaced(replaced, _) => {
                    prop_assert_eq!(replaced.chars().count(), text.chars().count());
                    let folded = Folded::of(&replaced);
                    let plain = |hit: Hit| !replaced[hit.span].contains('*');
                    prop_assert!(!lists.replace.iter().flat_map(|list| list.hits(&folded)).any(plain), "{replaced:?}");
                }
                Verdict::Passed => {
                    let plain = |word: &&str| text.contains(*word);
                    // A mark behind a word may make another letter of its end.
                    let marked = text.contains(['\u{301}', '\u{3099}', '\u{E31}', '\u{1161}', 'ﾞ']);
                    prop_assert!(marked || !words.iter().any(plain), "{text:?} {words:?}");
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }

        #[test]
        fn a_text_without_words_stays_as_it_is(text in ".{0,60}") {
            prop_assert_eq!(replace(&text, &Folded::of(&text), Some(&List::of(&["qzqzqz"]))), text);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}", word in ".{1,4}") {
            if Folded::of(&word).letters().is_empty() || word.trim().is_empty() || word.contains(['\n', '#']) {
                return Ok(());
            }
            let lists = lists(&[&word], &[], &[]);
            let told = format!("{text} {word} {text}");
            lists.judge(&told, What::Text);
        }
    }
}
