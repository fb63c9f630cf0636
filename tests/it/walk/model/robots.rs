//! Virtual members (section 5.4).

use serde_json::json;

use super::presence::Here;
use super::rooms::telling;
use super::standing::Looks;
use super::{Asked, Verdict, World};

impl World {
    /// Those that exist, are not there and may enter are put in.
    pub(super) fn add_robots(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        verdict.require(room.open, 13002);
        if verdict.refuses() {
            return;
        }
        let (old, new): (Vec<_>, Vec<_>) =
            asked.call.accids("accids").into_iter().partition(|accid| room.robots.contains_key(accid));
        let may_enter =
            |accid: &String| self.knows(accid) && !room.here.contains_key(accid) && !room.role(accid).is_blocked();
        let (success, fail): (Vec<_>, Vec<_>) = new.into_iter().partition(may_enter);
        self.settle();
        let ext = Some(asked.call.text("roleExt").to_owned()).filter(|ext| !ext.is_empty());
        for accid in &success {
            let looks = Looks { nick: Some(self.accounts[accid].name.clone()), ext: ext.clone() };
            self.room_mut(id).robots.insert(accid.clone(), Here { looks, entered: None });
        }
        verdict.part("/desc/oldAccids", json!(old).to_string());
        verdict.part("/desc/successAccids", json!(success).to_string());
        verdict.part("/desc/failAccids", json!(fail).to_string());
        self.tell_of_each(asked, id, 301, &success);
    }

    fn tell_of_each(&mut self, asked: Asked<'_>, id: u64, notice: u64, accids: &[String]) {
        if self.rooms[&id].notices {
            for accid in accids {
                let party = self.party(id, accid);
                self.tell(id, notice, &party, std::slice::from_ref(&party), telling(asked.call));
            }
        }
    }

    pub(super) fn remove_robots(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        if verdict.refuses() {
            return;
        }
        let (success, fail): (Vec<_>, Vec<_>) =
            asked.call.accids("accids").into_iter().partition(|accid| room.robots.contains_key(accid));
        verdict.part("/desc/successAccids", json!(success).to_string());
        verdict.part("/desc/failAccids", json!(fail).to_string());
        self.settle();
        self.tell_of_each(asked, id, 302, &success);
        self.room_mut(id).robots.retain(|accid, _| !success.contains(accid));
    }

    pub(super) fn clean_robots(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some((id, room)) = self.room_of(asked, verdict) else { return };
        if verdict.refuses() {
            return;
        }
        let all: Vec<String> = room.robots.keys().cloned().collect();
        verdict.part("/desc/size", all.len());
        self.settle();
        if asked.call.flag("notify", false) {
            self.tell_of_each(asked, id, 302, &all);
        }
        self.room_mut(id).robots.clear();
    }
}
