//! Whom of a room a message is for, when it is for some by what they said of themselves: their tags or their place.

use crate::model::{Point, Subscription, TagExpression};

/// How far a message goes; by default to all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Range {
    /// Only to those whose tags match.
    pub tags: Option<TagExpression>,
    /// Only to those who hear this far; who has no place hears everything.
    pub point: Option<Point>,
}

impl Range {
    /// Whether it is for all.
    pub fn is_everyone(&self) -> bool {
        self.tags.is_none() && self.point.is_none()
    }

    /// The tags it is narrowed to, as text.
    pub fn tags_text(&self) -> Option<String> {
        self.tags.as_ref().map(|tags| tags.as_str().to_owned())
    }

    /// Whether a session that said this of itself is in it.
    pub fn covers(&self, subscription: Option<&Subscription>) -> bool {
        let nothing = Subscription::default();
        let subscription = subscription.unwrap_or(&nothing);
        let tagged = self.tags.as_ref().is_none_or(|tags| tags.matches(&subscription.tags));
        let near = match (&self.point, &subscription.spot) {
            (Some(point), Some(spot)) => spot.hears(point),
            _ => true,
        };
        tagged && near
    }
}
