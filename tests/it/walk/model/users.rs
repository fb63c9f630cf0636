//! `/user/…` (section 7).

use super::{Account, Asked, Verdict, World};

impl World {
    pub(super) fn create_user(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let accid = asked.call.accid("accid");
        verdict.require(!self.knows(&accid), 414);
        if verdict.refuses() {
            return;
        }
        self.settle();
        verdict.part("/info/accid", accid.as_str());
        verdict.part("/info/token", asked.call.text("token"));
        let (name, token) = (asked.call.text("name").to_owned(), Some(asked.call.text("token").to_owned()));
        self.accounts.insert(accid, Account { name, token, ..Account::default() });
    }

    /// The account that a call is about, where it may be changed.
    fn changed(&mut self, asked: Asked<'_>, verdict: &mut Verdict) -> Option<&mut Account> {
        let accid = asked.call.accid("accid");
        verdict.require(self.knows(&accid), 404);
        if verdict.refuses() {
            return None;
        }
        self.settle();
        self.accounts.get_mut(&accid)
    }

    pub(super) fn update_token(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        if let Some(account) = self.changed(asked, verdict) {
            account.token = Some(asked.call.text("token").to_owned());
        }
    }

    pub(super) fn refresh_token(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        if let Some(account) = self.changed(asked, verdict) {
            account.token = asked.answer.and_then(|answer| Some(answer["info"]["token"].as_str()?.to_owned()));
        }
    }

    pub(super) fn update_profile(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        if let Some(account) = self.changed(asked, verdict)
            && asked.call.has("name")
        {
            account.name = asked.call.text("name").to_owned();
        }
    }

    /// It can't log in any more; with `needkick` its sessions end.
    pub(super) fn disable(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(account) = self.changed(asked, verdict) else { return };
        account.disabled = true;
        if !asked.call.flag("needkick", false) {
            return;
        }
        let accid = asked.call.accid("accid");
        let ended = self.sessions.iter().filter(|(_, session)| session.accid == accid).map(|(slot, _)| *slot);
        for slot in ended.collect::<Vec<_>>() {
            verdict.goes_on = true;
            self.hang_up(slot);
        }
    }

    pub(super) fn enable(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        if let Some(account) = self.changed(asked, verdict) {
            account.disabled = false;
        }
    }

    pub(super) fn silence(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        if let Some(account) = self.changed(asked, verdict) {
            account.muted = asked.call.flag("mute", false);
        }
    }

    pub(super) fn silence_modules(&mut self, asked: Asked<'_>, verdict: &mut Verdict) {
        let Some(account) = self.changed(asked, verdict) else { return };
        let modules = ["muteP2P", "muteTeam", "muteRoom", "muteQChat"];
        for (muted, name) in account.modules.iter_mut().zip(modules) {
            *muted = asked.call.flag(name, *muted);
        }
        let muted = account.modules;
        for (place, muted) in
            ["/data/muteP2P", "/data/muteTeam", "/data/muteRoom", "/data/muteQChat"].into_iter().zip(muted)
        {
            verdict.part(place, muted);
        }
    }
}
