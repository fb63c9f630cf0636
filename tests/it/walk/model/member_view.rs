//! The lists of a room's members, as they must be (section 5.3).

use serde_json::{Value, json};

use super::look::equal;
use super::standing::{Looks, Role};
use super::time::Window;
use super::{Room, World};

impl World {
    /// A page has everybody of its type, those first who came last.
    pub(super) fn check_page(&mut self, id: u64, kind: i64, data: &Value, when: Window) -> Result<(), String> {
        let room = &self.rooms[&id];
        let is_fixed = |accid: &str| room.role(accid).is_fixed();
        let accids: Vec<&str> = match kind {
            0 => room.fixed(),
            1 => room.online().into_iter().filter(|accid| !is_fixed(accid)).collect(),
            _ => room.online().into_iter().filter(|accid| is_fixed(accid)).collect(),
        };
        let expected = accids.into_iter().map(str::to_owned).collect();
        self.check_list(id, expected, data, when)?;
        let moments: Vec<u64> = list(data).iter().filter_map(|member| member["enterTime"].as_u64()).collect();
        match moments.is_sorted_by(|one, next| one > next) && moments.len() == list(data).len() {
            true => Ok(()),
            false => Err(format!("not one after the other: {moments:?}")),
        }
    }

    /// Creator, managers and those under a limit: all but common members.
    pub(super) fn check_roles(&mut self, id: u64, data: &Value, when: Window) -> Result<(), String> {
        let room = &self.rooms[&id];
        let asked = room.fixed().into_iter().filter(|accid| room.role(accid) != Role::Common);
        let expected = asked.map(str::to_owned).collect();
        self.check_list(id, expected, data, when)
    }

    /// Of those asked for, whoever is in the room or belongs to it.
    pub(super) fn check_members(&mut self, id: u64, data: &Value, when: Window) -> Result<(), String> {
        let room = &self.rooms[&id];
        let belongs = |accid: &&String| room.role(accid).is_fixed() || room.is_online(accid);
        let expected = self.accounts.keys().filter(belongs).cloned().collect();
        // This list alone says of nobody who is away since when it belongs here.
        let away_too =
            list(data).iter().find(|member| member["onlineStat"] == false && member.get("enterTime").is_some());
        match away_too {
            Some(member) => Err(format!("a moment of whoever is away: {member}")),
            None => self.check_list(id, expected, data, when),
        }
    }

    /// Whether a list has exactly these members, each as it must look.
    fn check_list(&mut self, id: u64, mut expected: Vec<String>, data: &Value, when: Window) -> Result<(), String> {
        let mut came: Vec<&str> = list(data).iter().filter_map(|member| member["accid"].as_str()).collect();
        expected.sort_unstable();
        came.sort_unstable();
        if came != expected {
            return Err(format!("expected {expected:?}\n     but came {came:?}"));
        }
        list(data).iter().try_for_each(|member| self.check_member(id, member, when))
    }

    fn check_member(&mut self, id: u64, member: &Value, when: Window) -> Result<(), String> {
        let mut came = member.clone();
        let rest = came.as_object_mut().ok_or("a member is no object")?;
        let (entered, muted, left) = (rest.remove("enterTime"), rest.remove("tempMuted"), rest.remove("tempMuteTtl"));
        let accid = member["accid"].as_str().unwrap_or_default();
        equal(&came, &self.member(id, accid))?;
        let range = self.rooms[&id].standing(accid).mute.map_or(0..=0, |mute| mute.left(when));
        let left = left.and_then(|left| left.as_u64()).unwrap_or(0);
        if !range.contains(&left) || (left > 0) != muted.is_some_and(|muted| muted == true) {
            return Err(format!("expected a mute for {range:?} s more\n     but came {member}"));
        }
        let entered = entered.and_then(|entered| entered.as_u64());
        if entered.is_none() && member["onlineStat"] == false {
            return Ok(());
        }
        let learnt = self.room_mut(id).moment(accid);
        match learnt.is_none() || *learnt == entered {
            true => *learnt = entered,
            false => return Err(format!("{accid} entered at {learnt:?} before, now at {entered:?}")),
        }
        Ok(())
    }

    /// A member object without its moments.
    fn member(&self, id: u64, accid: &str) -> Value {
        let room = &self.rooms[&id];
        let looks = match (room.here.get(accid), room.robots.get(accid)) {
            (Some(here), _) | (None, Some(here)) => here.looks.clone(),
            (None, None) => {
                let name = self.accounts.get(accid).map(|account| account.name.clone());
                room.standing(accid).saved.or(&Looks { nick: name, ext: None })
            }
        };
        let role = room.role(accid);
        let mut member = json!({"roomid": id, "accid": accid, "nick": looks.nick.unwrap_or_default(), "avator": null,
            "ext": looks.ext, "type": role.word(), "level": 0, "onlineStat": room.is_online(accid)});
        let flags = [
            ("blacklisted", role.is_blocked()),
            ("muted", role.is_muted()),
            ("isRobot", room.robots.contains_key(accid)),
        ];
        for (name, _) in flags.into_iter().filter(|(_, is_set)| *is_set) {
            member[name] = json!(true);
        }
        member
    }
}

impl Room {
    /// The moment that lists show of a member: when it came, or since when it belongs here.
    fn moment(&mut self, accid: &str) -> &mut Option<u64> {
        if let Some(here) = self.here.get_mut(accid).or(self.robots.get_mut(accid)) {
            return &mut here.entered;
        }
        &mut self.standings.entry(accid.to_owned()).or_default().since
    }
}

fn list(data: &Value) -> &[Value] {
    data.as_array().map_or(&[], Vec::as_slice)
}
