//! An account: who may log in and send, and what others see of it.

use serde::Serialize;

use crate::auth::TokenHash;
use crate::base::{Accid, Invalid, Params, limits};

use super::{Looks, Refusal};

/// An account as the store keeps it. The token itself is not kept, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its name everywhere.
    pub accid: Accid,
    /// What others see.
    pub profile: Profile,
    /// What its static token must hash to.
    pub token: TokenHash,
    /// It may not log in.
    pub disabled: bool,
    /// It may not speak, in any room.
    pub muted: bool,
    /// Modules of the hosted service in which it is muted; of these roomgate has rooms only.
    pub muted_modules: Modules,
}

/// What `user/muteModule` mutes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "they are the parameters of section 7")]
pub struct Modules {
    pub p2p: bool,
    pub team: bool,
    pub room: bool,
    pub qchat: bool,
}

impl User {
    /// A new account.
    pub fn new(accid: Accid, profile: Profile, token: TokenHash) -> User {
        User { accid, profile, token, disabled: false, muted: false, muted_modules: Modules::default() }
    }

    /// How it looks where it says nothing else.
    pub fn looks(&self) -> Looks {
        let Profile { name, icon, .. } = &self.profile;
        Looks { nick: Some(name.clone()), avator: Some(icon.clone()).filter(|icon| !icon.is_empty()), ext: None }
    }

    /// Whether it may speak in rooms at all.
    pub fn require_voice(&self) -> Result<(), Refusal> {
        if self.muted || self.muted_modules.room { Err(Refusal::Silenced(self.accid.clone())) } else { Ok(()) }
    }

    /// Whether it may log in.
    pub fn require_enabled(&self) -> Result<(), Refusal> {
        if self.disabled { Err(Refusal::Disabled(self.accid.clone())) } else { Ok(()) }
    }
}

/// What `getUinfos` tells of an account (section 7). Absent values are empty texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Shown as `fromNick`.
    pub name: String,
    /// Address of a picture, shown as `fromAvator`.
    pub icon: String,
    /// A motto.
    pub sign: String,
    /// Mail address.
    pub email: String,
    /// Birthday, free text.
    pub birth: String,
    /// Telephone number.
    pub mobile: String,
    /// 0 unknown, 1 male, 2 female.
    pub gender: i64,
    /// Free for the application.
    pub ex: String,
}

impl Profile {
    /// Reads the profile of a new account.
    pub fn read(params: &Params) -> Result<Profile, Invalid> {
        let mut profile = Profile::default();
        profile.update(params)?;
        Ok(profile)
    }

    /// Applies an update: what is named changes, an empty text clears, what is not named stays.
    pub fn update(&mut self, params: &Params) -> Result<(), Invalid> {
        let set = |field: &mut String, name, units| -> Result<(), Invalid> {
            if params.has(name) {
                params.text_within(name, units)?.unwrap_or_default().clone_into(field);
            }
            Ok(())
        };
        set(&mut self.name, "name", limits::USER_NAME_UNITS)?;
        set(&mut self.icon, "icon", limits::USER_ICON_UNITS)?;
        set(&mut self.sign, "sign", limits::USER_SIGN_UNITS)?;
        set(&mut self.email, "email", limits::USER_EMAIL_UNITS)?;
        set(&mut self.birth, "birth", limits::USER_BIRTH_UNITS)?;
        set(&mut self.mobile, "mobile", limits::USER_MOBILE_UNITS)?;
        set(&mut self.ex, "ex", limits::USER_EX_UNITS)?;
        if let Some(gender) = params.integer("gender", 0..=2)? {
            self.gender = gender;
        }
        Ok(())
    }
}
