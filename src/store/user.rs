//! Accounts in the store.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::auth::TokenHash;
use crate::base::{Accid, Invalid};
use crate::model::{Profile, Refusal, User};

use super::{Store, StoreError};

const SELECT: &str =
    "SELECT accid, token, name, icon, sign, email, birth, mobile, gender, ex FROM user WHERE accid = ?1";

impl Store {
    /// The account, from memory where it was used lately.
    pub async fn user(&self, accid: &Accid) -> Result<Option<Arc<User>>, StoreError> {
        if let Some(user) = self.users.get(accid) {
            return Ok(Some(user));
        }
        // The guard makes one reader load it, and gives way to a writer that changes it meanwhile.
        let guard = match self.users.get_value_or_guard_async(accid).await {
            Ok(user) => return Ok(Some(user)),
            Err(guard) => guard,
        };
        let wanted = accid.clone();
        let user = self.read(move |connection| select(connection, &wanted)).await?.map(Arc::new);
        if let Some(user) = &user {
            // Refused where a writer was quicker; then this caller alone sees the older state.
            let _ = guard.insert(user.clone());
        }
        Ok(user)
    }

    /// The account, which must exist.
    pub async fn require_user(&self, accid: &Accid) -> Result<Arc<User>, Refusal> {
        self.user(accid).await?.ok_or_else(|| Refusal::NoAccount(accid.clone()))
    }

    /// Adds an account; false if there is one of that name.
    pub async fn insert_user(&self, user: User) -> Result<bool, StoreError> {
        let (cache, user) = (self.users.clone(), Arc::new(user));
        let new = user.clone();
        let insert = move |connection: &Connection| write(connection, "INSERT OR IGNORE", &new).map(|rows| rows == 1);
        let committed = move |inserted: &bool| {
            if *inserted {
                cache.insert(user.accid.clone(), user);
            }
        };
        self.writer.write(insert, committed).await
    }

    /// Changes an account; `change` sees its newest state. `None` if there is no such account.
    pub async fn update_user(
        &self,
        accid: &Accid,
        change: impl FnOnce(&mut User) -> Result<(), Invalid> + Send + 'static,
    ) -> Result<Option<Result<Arc<User>, Invalid>>, StoreError> {
        let (cache, accid) = (self.users.clone(), accid.clone());
        let update = move |connection: &Connection| {
            let Some(mut user) = select(connection, &accid)? else { return Ok(None) };
            if let Err(invalid) = change(&mut user) {
                return Ok(Some(Err(invalid)));
            }
            write(connection, "INSERT OR REPLACE", &user)?;
            Ok(Some(Ok(Arc::new(user))))
        };
        let committed = move |updated: &Option<Result<Arc<User>, Invalid>>| {
            if let Some(Ok(user)) = updated {
                cache.insert(user.accid.clone(), user.clone());
            }
        };
        self.writer.write(update, committed).await
    }
}

fn select(connection: &Connection, accid: &Accid) -> rusqlite::Result<Option<User>> {
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
    })
}

fn write(connection: &Connection, verb: &str, user: &User) -> rusqlite::Result<usize> {
    let Profile { name, icon, sign, email, birth, mobile, gender, ex } = &user.profile;
    let sql = format!(
        "{verb} INTO user (accid, token, name, icon, sign, email, birth, mobile, gender, ex)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    );
    connection.prepare_cached(&sql)?.execute(params![
        user.accid.as_str(),
        user.token.as_bytes(),
        name,
        icon,
        sign,
        email,
        birth,
        mobile,
        gender,
        ex
    ])
}
