//! A tag expression: which members a message is for, by the tags they carry (sections 3.1 and 5.5).

mod reader;

use std::sync::Arc;

use crate::base::{Invalid, Params, json, limits};

use reader::Reader;

use super::{Tag, Tags};

/// An expression such as `{"tag": "abc"} or {"tag": "def"}`, with the text it was read from. Clones share both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagExpression {
    text: Arc<str>,
    any: Arc<Any>,
}

/// Holds where one of them does.
#[derive(Debug, PartialEq, Eq)]
struct Any(Vec<All>);

/// Holds where each of them does.
#[derive(Debug, PartialEq, Eq)]
struct All(Vec<One>);

#[derive(Debug, PartialEq, Eq)]
enum One {
    Tag(Tag),
    Group(Any),
}

impl TagExpression {
    /// Reads the expression in `name`, or `None` where it is not given.
    pub fn read(params: &Params, name: &'static str) -> Result<Option<TagExpression>, Invalid> {
        params.text(name)?.map(|text| TagExpression::parse(name, text)).transpose()
    }

    /// Reads an expression from the text of `parameter`. `and` and `or` are taken in any case, with or without blanks around them. The
    /// limit of its length bounds its depth too: no text can make this, or what is made of it, exhaust the stack.
    pub fn parse(parameter: &'static str, text: &str) -> Result<TagExpression, Invalid> {
        let units = text.encode_utf16().count();
        if units > limits::TARGET_TAGS_UNITS {
            let rule = format!("at most {} characters", limits::TARGET_TAGS_UNITS);
            return Err(Invalid::new(parameter, rule, format!("{units} characters")));
        }
        let any = Reader::new(parameter, text).whole()?;
        Ok(TagExpression { text: text.into(), any: Arc::new(any) })
    }

    /// The expression of a sender who gave only its own tags: whoever has one of them. It may be longer than one that is read. `None`
    /// where there are no tags, since then the message is for everybody.
    pub fn any_of(tags: &Tags) -> Option<TagExpression> {
        if tags.is_empty() {
            return None;
        }
        let texts: Vec<_> = tags.iter().map(|tag| format!(r#"{{"tag": {}}}"#, json(tag))).collect();
        let any = Any(tags.iter().map(|tag| All(vec![One::Tag(tag.clone())])).collect());
        Some(TagExpression { text: texts.join(" or ").into(), any: Arc::new(any) })
    }

    /// Whoever has this tag.
    pub fn of(tag: &Tag) -> TagExpression {
        let any = Any(vec![All(vec![One::Tag(tag.clone())])]);
        TagExpression { text: format!(r#"{{"tag": {}}}"#, json(tag)).into(), any: Arc::new(any) }
    }

    /// One that was kept as text; it may be longer than one that is read.
    pub fn kept(text: &str) -> Option<TagExpression> {
        let any = Reader::new("notifyTargetTags", text).whole().ok()?;
        Some(TagExpression { text: text.into(), any: Arc::new(any) })
    }

    /// The text, as it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a member with these tags is meant.
    pub fn matches(&self, tags: &Tags) -> bool {
        self.any.holds(tags)
    }
}

impl Any {
    fn holds(&self, tags: &Tags) -> bool {
        self.0.iter().any(|all| all.holds(tags))
    }
}

impl All {
    fn holds(&self, tags: &Tags) -> bool {
        self.0.iter().all(|one| match one {
            One::Tag(tag) => tags.contains(tag.as_str()),
            One::Group(any) => any.holds(tags),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<TagExpression, Invalid> {
        TagExpression::parse("notifyTargetTags", text)
    }

    fn matches(text: &str, tags: &[&str]) -> bool {
        parse(text).unwrap().matches(&Tags::of(tags))
    }

    #[test]
    fn the_documented_expression() {
        let text = r#"{"tag": "abc"} or {"tag": "def"}"#;
        assert!(matches(text, &["abc"]) && matches(text, &["x", "def"]));
        assert!(!matches(text, &[]) && !matches(text, &["ABC", "ab"]));
        assert_eq!(parse(text).unwrap().as_str(), text);
    }

    #[test]
    fn what_is_not_given_is_no_expression() {
        let read = |text: &str| {
            let params = Params::from_form(vec![("notifyTargetTags".into(), text.into())]);
            TagExpression::read(&params, "notifyTargetTags")
        };
        assert_eq!(read(""), Ok(None));
        assert_eq!(read(r#"{"tag":"a"}"#), parse(r#"{"tag":"a"}"#).map(Some));
        assert!(read(" ").is_err());
    }

    #[test]
    fn and_binds_tighter_than_or() {
        for text in [
            r#"{"tag":"a"} or {"tag":"b"} and {"tag":"c"}"#,
            r#"{"tag":"b"} and {"tag":"c"} or {"tag":"a"}"#,
            r#"({"tag":"a"})OR({"tag":"b"}And{"tag":"c"})"#,
            "\t{ \"tag\" :\n\"\\u0061\" }\u{3000}oR ( ({\"tag\":\"b\"} )AND{\"tag\":\"c\"} ) ",
        ] {
            assert!(matches(text, &["a"]) && matches(text, &["b", "c"]), "{text}");
            assert!(!matches(text, &["b"]) && !matches(text, &["c"]), "{text}");
        }
        let grouped = r#"({"tag":"a"} or {"tag":"b"}) and {"tag":"c"}"#;
        assert!(!matches(grouped, &["a"]) && matches(grouped, &["a", "c"]));
    }

    #[test]
    fn a_tag_may_look_like_the_grammar() {
        let tag = r#") or "}{"#;
        let expression = TagExpression::any_of(&Tags::of(&[tag])).unwrap();
        assert!(matches(expression.as_str(), &[tag]) && !matches(expression.as_str(), &["x"]));
    }

    #[test]
    fn length_is_counted_in_utf16_units() {
        let padded = |blanks| format!("{{\"tag\":\"😀\"}}{}", " ".repeat(blanks));
        assert!(parse(&padded(116)).is_ok());
        let complaint = parse(&padded(117)).unwrap_err().to_string();
        assert_eq!(complaint, "notifyTargetTags: expected at most 128 characters, got 129 characters");
    }

    #[test]
    fn the_deepest_nesting_leaves_most_of_the_stack() {
        let deepest = format!("{}{}{}", "(".repeat(58), r#"{"tag":"a"}"#, ")".repeat(58));
        let walk = move || {
            assert!(matches(&deepest, &["a"]) && !matches(&deepest, &["b"]));
            assert!(parse(&"(".repeat(128)).is_err() && parse(&"(".repeat(1_000_000)).is_err());
        };
        // A quarter of what a thread of the runtime has, and enough without optimisation.
        let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(walk).unwrap();
        thread.join().unwrap();
    }

    #[test]
    fn tags_alone_make_a_default() {
        assert_eq!(TagExpression::any_of(&Tags::default()), None);
        let expression = TagExpression::any_of(&Tags::of(&["abc", "\""])).unwrap();
        assert_eq!(expression.as_str(), r#"{"tag": "abc"} or {"tag": "\""}"#);
        assert_eq!(parse(expression.as_str()).unwrap(), expression);
    }

    #[derive(Debug, Clone)]
    enum Tree {
        Tag(&'static str),
        All(Vec<Tree>),
        Any(Vec<Tree>),
    }

    /// How a tree is written; inner groups in parentheses, or only where they are needed.
    #[derive(Debug, Clone)]
    struct Hand {
        and: &'static str,
        or: &'static str,
        sparing: bool,
    }

    impl Tree {
        fn holds(&self, tags: &[&str]) -> bool {
            match self {
                Tree::Tag(tag) => tags.contains(tag),
                Tree::All(parts) => parts.iter().all(|part| part.holds(tags)),
                Tree::Any(parts) => parts.iter().any(|part| part.holds(tags)),
            }
        }

        fn write(&self, hand: &Hand) -> String {
            let join = |parts: &[Tree], word| {
                parts.iter().map(|part| part.write_inside(self, hand)).collect::<Vec<_>>().join(word)
            };
            match self {
                Tree::Tag(tag) => format!(r#"{{"tag":"{tag}"}}"#),
                Tree::All(parts) => join(parts, hand.and),
                Tree::Any(parts) => join(parts, hand.or),
            }
        }

        fn write_inside(&self, outer: &Tree, hand: &Hand) -> String {
            let bare = match (self, outer) {
                (Tree::Tag(_), _) => true,
                (Tree::Any(_), Tree::All(_)) => false,
                _ => hand.sparing,
            };
            if bare { self.write(hand) } else { format!("({})", self.write(hand)) }
        }
    }

    const WORDS: [&str; 4] = ["a", "b", "c", "é"];

    fn trees() -> impl Strategy<Value = Tree> {
        let tag = proptest::sample::select(&WORDS[..]).prop_map(Tree::Tag);
        tag.prop_recursive(3, 7, 3, |inner| {
            let parts = || proptest::collection::vec(inner.clone(), 2..4);
            prop_oneof![parts().prop_map(Tree::All), parts().prop_map(Tree::Any)]
        })
    }

    fn hands() -> impl Strategy<Value = Hand> {
        let and = proptest::sample::select(&[" and ", "AND", "\taNd\n"][..]);
        let or = proptest::sample::select(&[" or ", "OR", " oR"][..]);
        (and, or, any::<bool>()).prop_map(|(and, or, sparing)| Hand { and, or, sparing })
    }

    proptest! {
        #[test]
        fn an_expression_means_what_its_tree_means(
            (tree, text) in (trees(), hands())
                .prop_map(|(tree, hand)| (tree.clone(), tree.write(&hand)))
                .prop_filter("too long", |(_, text)| text.encode_utf16().count() <= limits::TARGET_TAGS_UNITS),
            tags in proptest::sample::subsequence(&WORDS[..], 0..=4)
        ) {
            let expression = parse(&text).unwrap();
            prop_assert_eq!(expression.matches(&Tags::of(&tags)), tree.holds(&tags));
            prop_assert_eq!(expression.as_str(), text);
        }

        #[test]
        fn no_text_makes_it_panic(
            text in "\\PC{0,60}",
            pieces in proptest::collection::vec(
                proptest::sample::select(&["{\"tag\":\"é\"}", "(", ")", " and ", "OR", "or", "{", "\"", "😀", "İ"][..]),
                0..20
            )
        ) {
            let _ = parse(&text);
            let _ = parse(&pieces.concat());
        }
    }
}
