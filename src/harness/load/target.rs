//! The gateway that is driven: a child of this process, or one at any address.

use std::cell::RefCell;

use crate::auth::App;
use crate::client::{Address, Api};
use crate::harness::{Child, Entrance, Program, process};

use super::LoadError;

/// A gateway, by its two doors.
#[derive(Debug)]
pub struct Target {
    /// Key and secret of its application.
    pub app: App,
    /// Its signed server API.
    pub api: Api,
    /// Where that is, for calls that are written by hand.
    pub(super) rest: Address,
    /// Where members connect.
    pub entrance: Entrance,
    /// Its process, where that is on this machine and known.
    pub pid: Option<u32>,
    /// As reports name it.
    pub(super) name: String,
    child: RefCell<Option<Child>>,
}

impl Target {
    /// Starts a child.
    pub async fn start(program: &Program) -> Result<Target, LoadError> {
        let child = program.start().await?;
        let url = format!("http://{}/nimserver", child.address());
        let pid = Some(child.pid());
        let target = Target::at(&url, program.app().clone(), pid).await?;
        Ok(Target { name: "child".into(), child: RefCell::new(Some(child)), ..target })
    }

    /// The gateway whose server API is at `url`; members connect to `/ws` beside it.
    pub async fn at(url: &str, app: App, pid: Option<u32>) -> Result<Target, LoadError> {
        let rest = Address::http(url)?;
        let entrance = Entrance::find(&rest.authority).await?;
        Ok(Target {
            api: Api::new(url, app.clone())?,
            app,
            rest,
            entrance,
            pid,
            name: url.to_owned(),
            child: RefCell::default(),
        })
    }

    /// Whether it was started here.
    pub fn is_child(&self) -> bool {
        self.child.borrow().is_some()
    }

    /// Memory of its process in KiB.
    pub fn memory_kib(&self) -> Option<u64> {
        self.pid.and_then(process::resident_kib)
    }

    /// Ends it, where it was started here. Answers whether it had ended before.
    pub async fn end(&self) -> bool {
        let Some(mut child) = self.child.take() else { return false };
        let ended = child.has_ended();
        child.stop().await;
        ended
    }
}
