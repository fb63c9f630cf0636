//! Accounts in the store.

use std::sync::Arc;

use rusqlite::{OptionalExtension, Row, params};

use crate::auth::TokenHash;
use crate::base::Accid;
use crate::model::user::Modules;
use crate::model::{Profile, Refusal, User};

use super::tx::{Fresh, Tx};
use super::{Store, StoreError, memory};

const SELECT: &str = "SELECT accid, token, name, icon, sign, email, birth, mobile, gender, ex,
    disabled, muted, muted_p2p, muted_team, muted_room, muted_qchat FROM user WHERE accid = ?1";

impl Store {
    /// The account, from memory where it was used lately.
    pub async fn user(&self, accid: &Accid) -> Result<Option<Arc<User>>, StoreError> {
        let load = async || {
            let wanted = accid.clone();
            Ok(self.read(move |connection| select(connection, &wanted)).await?.map(Arc::new))
        };
        memory::recall(&self.memory.users, accid, load).await
    }

    /// The account, which must exist.
    pub async fn require_user(&self, accid: &Accid) -> Result<Arc<User>, Refusal> {
        self.user(accid).await?.ok_or_else(|| Refusal::NoAccount(accid.clone()))
    }

    /// How many accounts have this free text. It reads them all.
    pub async fn count_users_with(&self, ex: &str) -> Result<u32, StoreError> {
        let ex = ex.to_owned();
        let sql = "SELECT count(*) FROM user WHERE ex = ?1";
        self.read(move |connection| connection.query_row(sql, [ex], |row| row.get(0))).await
    }

    /// Changes an account, which must exist; `change` sees its newest state.
    pub async fn change_user(
        &self,
        accid: &Accid,
        change: impl FnOnce(&mut User) -> Result<(), Refusal> + Send + 'static,
    ) -> Result<Arc<User>, Refusal> {
        let accid = accid.clone();
        self.change(move |tx| {
            let mut user = tx.require_user(&accid)?;
            change(&mut user)?;
            tx.put_user(user)
        })
        .await
    }
}

impl Tx<'_> {
    /// The account.
    pub fn user(&self, accid: &Accid) -> Result<Option<User>, Refusal> {
        Ok(select(self.connection, accid)?)
    }

    /// The account, which must exist.
    pub fn require_user(&self, accid: &Accid) -> Result<User, Refusal> {
        self.user(accid)?.ok_or_else(|| Refusal::NoAccount(accid.clone()))
    }

    /// Writes an account as it is now.
    pub fn put_user(&self, user: User) -> Result<Arc<User>, Refusal> {
        let Profile { name, icon, sign, email, birth, mobile, gender, ex } = &user.profile;
        let Modules { p2p, team, room, qchat } = user.muted_modules;
        let sql = "INSERT OR REPLACE INTO user (accid, token, name, icon, sign, email, birth, mobile, gender, ex,
            disabled, muted, muted_p2p, muted_team, muted_room, muted_qchat)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        self.connection.prepare_cached(sql)?.execute(params![
            user.accid.as_str(),
            user.token.as_bytes(),
            name,
            icon,
            sign,
            email,
            birth,
            mobile,
            gender,
            ex,
            user.disabled,
            user.muted,
            p2p,
            team,
            room,
            qchat
        ])?;
        let user = Arc::new(user);
        self.remember(Fresh::User(user.clone()));
        Ok(user)
    }
}

fn select(connection: &rusqlite::Connection, accid: &Accid) -> rusqlite::Result<Option<User>> {
    connection.prepare_cached(SELECT)?.query_row([accid.as_str()], |row| read(row, accid)).optional()
}

fn read(row: &Row<'_>, accid: &Accid) -> rusqlite::Result<User> {
    Ok(User {
        accid: accid.clone(),
        token: TokenHash::from_bytes(row.get("token")?),
        profile: Profile {
            name: row.get("name")?,
            icon: row.get("icon")?,
            sign: row.get("sign")?,
            email: row.get("email")?,
            birth: row.get("birth")?,
            mobile: row.get("mobile")?,
            gender: row.get("gender")?,
            ex: row.get("ex")?,
        },
        disabled: row.get("disabled")?,
        muted: row.get("muted")?,
        muted_modules: Modules {
            p2p: row.get("muted_p2p")?,
            team: row.get("muted_team")?,
            room: row.get("muted_room")?,
            qchat: row.get("muted_qchat")?,
        },
    })
}
