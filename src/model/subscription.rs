//! What one session in a room is reached by besides its account: its tags (section 5.5) and its place (spatial messages).

use crate::base::{Invalid, Params};

use super::{TagExpression, Tags};

/// What a session said when it entered. Most say nothing and have none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subscription {
    /// Its tags.
    pub tags: Tags,
    /// Whom its own messages go to, where they say nothing else.
    pub target: Option<TagExpression>,
    /// Where it is and how far it hears.
    pub spot: Option<Spot>,
}

/// A point in the application's own space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    x: f64,
    y: f64,
    z: f64,
}

/// A place with a range of hearing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    at: Point,
    distance: f64,
}

impl Point {
    /// Reads `locX`, `locY` and `locZ`; `None` where none is given. One that is left out beside others is 0.
    pub fn read(params: &Params) -> Result<Option<Point>, Invalid> {
        let [x, y, z] = [params.number("locX")?, params.number("locY")?, params.number("locZ")?];
        let given = x.is_some() || y.is_some() || z.is_some();
        Ok(given.then(|| Point { x: x.unwrap_or(0.0), y: y.unwrap_or(0.0), z: z.unwrap_or(0.0) }))
    }

    /// The three coordinates.
    pub fn coordinates(&self) -> [f64; 3] {
        [self.x, self.y, self.z]
    }
}

impl Spot {
    /// Reads the coordinates and `distance`; who gives coordinates says how far it hears.
    pub fn read(params: &Params) -> Result<Option<Spot>, Invalid> {
        const RULE: &str = "a number from 0: how far a member with coordinates hears";
        let Some(at) = Point::read(params)? else { return Ok(None) };
        match params.number("distance")? {
            Some(distance) if distance >= 0.0 => Ok(Some(Spot { at, distance })),
            Some(distance) => Err(Invalid::new("distance", RULE, distance.to_string())),
            None => Err(Invalid::missing("distance", RULE)),
        }
    }

    /// Whether it hears what is said at `point`.
    pub fn hears(&self, point: &Point) -> bool {
        let (dx, dy, dz) = (self.at.x - point.x, self.at.y - point.y, self.at.z - point.z);
        // Not squared: what is far away must not overflow into hearing everything.
        dx.hypot(dy).hypot(dz) <= self.distance
    }
}

impl Subscription {
    /// Reads `tags`, `notifyTargetTags` and the place. Who has tags and says nothing else speaks to those who share one.
    pub fn read(params: &Params) -> Result<Option<Subscription>, Invalid> {
        let tags = Tags::read(params, "tags")?.unwrap_or_default();
        let target = match TagExpression::read(params, "notifyTargetTags")? {
            None => TagExpression::any_of(&tags),
            given => given,
        };
        let spot = Spot::read(params)?;
        let subscription = Subscription { tags, target, spot };
        Ok(Some(subscription).filter(|subscription| *subscription != Subscription::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(text: &str) -> Params {
        let serde_json::Value::Object(object) = serde_json::from_str(text).unwrap() else { panic!("no object") };
        Params::from_json(object)
    }

    #[test]
    fn a_member_hears_what_is_near() {
        let spot = Spot::read(&params(r#"{"locX":1,"locY":1,"distance":5}"#)).unwrap().unwrap();
        let hears = |text| spot.hears(&Point::read(&params(text)).unwrap().unwrap());
        assert!(hears(r#"{"locX":4,"locY":5}"#), "exactly at the edge");
        assert!(!hears(r#"{"locX":4,"locY":5,"locZ":1}"#));
        assert!(!hears(r#"{"locX":1e308,"locY":-1e308}"#));
    }

    #[test]
    fn coordinates_need_a_distance_and_nothing_is_nothing() {
        assert!(Spot::read(&params(r#"{"locX":1}"#)).is_err());
        assert!(Spot::read(&params(r#"{"locX":1,"distance":-1}"#)).is_err());
        assert_eq!(Subscription::read(&params("{}")).unwrap(), None);
    }
}
