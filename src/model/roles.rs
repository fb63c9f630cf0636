//! Who may do what to whom (section 5.1), as pure functions.

use crate::base::{Invalid, Params};

use super::notice::Event;
use super::standing::{Limit, Role};
use super::{Refusal, Standing};

/// What `setMemberRole` sets or cancels (section 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignment {
    /// Manager.
    Manager,
    /// Common fixed member.
    Common,
    /// In the blocklist.
    Blocklist,
    /// Muted for good.
    Mute,
}

const OPTS: [(i64, Assignment); 4] =
    [(1, Assignment::Manager), (2, Assignment::Common), (-1, Assignment::Blocklist), (-2, Assignment::Mute)];

impl Assignment {
    /// Reads `opt`.
    pub fn read(params: &Params) -> Result<Assignment, Invalid> {
        const RULE: &str = "1 manager, 2 common member, -1 blocklist or -2 mute";
        let number = params.integer("opt", i64::MIN..=i64::MAX)?.ok_or_else(|| Invalid::missing("opt", RULE))?;
        OPTS.iter()
            .find_map(|&(known, assignment)| (known == number).then_some(assignment))
            .ok_or_else(|| Invalid::new("opt", RULE, number.to_string()))
    }

    /// What the room is told of it (section 8.2).
    pub fn event(self, set: bool) -> Event {
        match (self, set) {
            (Assignment::Manager, true) => Event::ManagerAdded,
            (Assignment::Manager, false) => Event::ManagerRemoved,
            (Assignment::Common, true) => Event::CommonAdded,
            (Assignment::Common, false) => Event::CommonRemoved,
            (Assignment::Blocklist, true) => Event::Blocked,
            (Assignment::Blocklist, false) => Event::Unblocked,
            (Assignment::Mute, true) => Event::Muted,
            (Assignment::Mute, false) => Event::Unmuted,
        }
    }

    /// The role after it. A role is one value: what is set takes the place of what was, except that the two limits stand together.
    /// Cancelling what is not there changes nothing.
    pub fn apply(self, before: Role, set: bool) -> Role {
        let (blocked, muted) = (before.is_blocked(), before.is_muted());
        match (self, set) {
            (Assignment::Manager, true) => Role::Manager,
            (Assignment::Common, true) => Role::Common,
            (Assignment::Manager, false) if before == Role::Manager => Role::Guest,
            (Assignment::Common, false) if before == Role::Common => Role::Guest,
            (Assignment::Manager | Assignment::Common, false) => before,
            (Assignment::Blocklist, true) => limited(true, muted, before),
            (Assignment::Blocklist, false) => limited(false, muted, before),
            (Assignment::Mute, true) => limited(blocked, true, before),
            (Assignment::Mute, false) => limited(blocked, false, before),
        }
    }
}

/// A role under these limits; without any, a limited member becomes a guest and another role stays.
fn limited(blocked: bool, muted: bool, before: Role) -> Role {
    match (blocked, muted, before) {
        (true, true, _) => Role::Limited(Limit::Both),
        (true, false, _) => Role::Limited(Limit::Blocked),
        (false, true, _) => Role::Limited(Limit::Muted),
        (false, false, Role::Limited(_)) => Role::Guest,
        (false, false, role) => role,
    }
}

/// Whether `operator` is a creator or manager.
pub fn require_manager(operator: &Standing) -> Result<(), Refusal> {
    match operator.role.can_manage() {
        true => Ok(()),
        false => Err(Refusal::Forbidden("only the creator or a manager of the room may do this".into())),
    }
}

/// Whether `operator` is the creator.
pub fn require_creator(operator: &Standing) -> Result<(), Refusal> {
    match operator.role {
        Role::Creator => Ok(()),
        _ => Err(Refusal::Forbidden("only the creator of the room may do this".into())),
    }
}

/// Whether `operator` may act on `target`: nobody on the creator, a manager on no manager.
pub fn require_rank(operator: &Standing, target: &Standing) -> Result<(), Refusal> {
    require_manager(operator)?;
    match (operator.role, target.role) {
        (_, Role::Creator) => Err(Refusal::Forbidden("nobody can act on the creator of the room".into())),
        (Role::Manager, Role::Manager) => {
            Err(Refusal::Forbidden("only the creator can act on a manager of the room".into()))
        }
        _ => Ok(()),
    }
}

/// Whether `operator` may give `target` this role, or take it.
pub fn require_assignment(operator: &Standing, target: &Standing, assignment: Assignment) -> Result<(), Refusal> {
    if assignment == Assignment::Manager {
        require_creator(operator)?;
    }
    require_rank(operator, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Role; 7] = [
        Role::Guest,
        Role::Common,
        Role::Manager,
        Role::Creator,
        Role::Limited(Limit::Blocked),
        Role::Limited(Limit::Muted),
        Role::Limited(Limit::Both),
    ];

    fn standing(role: Role) -> Standing {
        Standing { role, ..Standing::default() }
    }

    /// For each operator (row) and target (column, in the order of `ALL`): `m` may make it a manager, `o` may do all else only.
    #[test]
    fn who_may_do_what_to_whom() {
        let table = [
            (Role::Guest, "......."),
            (Role::Common, "......."),
            (Role::Manager, "oo..ooo"),
            (Role::Creator, "mmm.mmm"),
            (Role::Limited(Limit::Blocked), "......."),
            (Role::Limited(Limit::Muted), "......."),
            (Role::Limited(Limit::Both), "......."),
        ];
        for (operator, row) in table {
            for (target, expected) in ALL.into_iter().zip(row.chars()) {
                let may = |assignment| require_assignment(&standing(operator), &standing(target), assignment).is_ok();
                let others = [Assignment::Common, Assignment::Blocklist, Assignment::Mute];
                assert_eq!(may(Assignment::Manager), expected == 'm', "{operator:?} makes {target:?} a manager");
                for other in others {
                    assert_eq!(may(other), expected != '.', "{operator:?} on {target:?}: {other:?}");
                }
            }
        }
    }

    #[test]
    fn limits_stand_together_and_leave_a_guest_behind() {
        let mute = |role, set| Assignment::Mute.apply(role, set);
        let block = |role, set| Assignment::Blocklist.apply(role, set);
        assert_eq!(block(mute(Role::Manager, true), true), Role::Limited(Limit::Both));
        assert_eq!(mute(Role::Limited(Limit::Both), false), Role::Limited(Limit::Blocked));
        assert_eq!(block(Role::Limited(Limit::Blocked), false), Role::Guest);
        assert_eq!(mute(Role::Common, false), Role::Common, "there was nothing to cancel");
    }

    #[test]
    fn a_role_is_one_value() {
        assert_eq!(Assignment::Common.apply(Role::Manager, true), Role::Common);
        assert_eq!(Assignment::Manager.apply(Role::Limited(Limit::Both), true), Role::Manager);
        assert_eq!(Assignment::Common.apply(Role::Manager, false), Role::Manager, "it was not that");
        assert_eq!(Assignment::Manager.apply(Role::Manager, false), Role::Guest);
    }
}
