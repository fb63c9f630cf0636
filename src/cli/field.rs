//! The kinds of values options have: each reads a given value into its place, by its rule, and shows what is there.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use roomgate::base::{Invalid, limits, read_time, show_time};
use url::Url;

use super::rules::Rule;
use super::value::Given;

/// A place in the configuration and its rule.
pub(super) trait Field {
    /// Puts a given value there.
    fn set(&mut self, given: &Given) -> Result<(), Invalid>;

    /// What is there, as one would write it; `None` where that is nothing.
    fn show(&self) -> Option<String>;

    /// What its flag takes.
    fn takes(&self) -> Takes {
        Takes::One
    }
}

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    One,
    /// One, or none, which means true.
    OneOrNone,
    /// Several, between commas or with the flag repeated.
    Many,
    /// Several by name, between commas or with the flag repeated; in the file a section each.
    Named,
}

/// An address to listen on. Nothing or `localhost` before the port is this machine alone.
pub(super) struct Listen<'a>(pub(super) &'a mut SocketAddr);

impl Field for Listen<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let read = |text: &str| match text.strip_prefix("localhost").unwrap_or(text).strip_prefix(':') {
            Some(port) => port.parse().ok().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
            None => text.parse().ok(),
        };
        let address = given.text().and_then(read);
        *self.0 = address.ok_or_else(|| given.breaks("an IP address and a port such as 127.0.0.1:8080"))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

/// A whole number within a range.
pub(super) struct Number<'a, N>(pub(super) &'a mut N, pub(super) RangeInclusive<N>);

impl<N: Copy + Display + PartialOrd + TryFrom<i64>> Field for Number<'_, N> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let number: Option<i64> = given.text().and_then(|text| text.parse().ok());
        let number = number.and_then(|number| N::try_from(number).ok()).filter(|number| self.1.contains(number));
        let rule = || format!("a whole number from {} to {}", self.1.start(), self.1.end());
        *self.0 = number.ok_or_else(|| given.breaks(rule()))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

/// A time within a range.
pub(super) struct Time<'a>(pub(super) &'a mut Duration, pub(super) RangeInclusive<Duration>);

impl Field for Time<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let (least, most) = (show_time(*self.1.start()), show_time(*self.1.end()));
        let rule = || format!("a time from {least} to {most} such as 500ms, 25s or 2m");
        let time = given.text().and_then(read_time).filter(|time| self.1.contains(time));
        *self.0 = time.ok_or_else(|| given.breaks(rule()))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        Some(show_time(*self.0))
    }
}

/// One of a few words. Where true is one of them, the flag alone means true, and 1 and 0 are understood as shells write them.
pub(super) struct Choice<'a, T: 'static>(pub(super) &'a mut T, pub(super) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Field for Choice<'_, T> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let word = match given.text() {
            Some("1") => Some("true"),
            Some("0") => Some("false"),
            word => word,
        };
        let chosen = self.1.iter().find(|(name, _)| Some(*name) == word);
        let rule = || format!("one of {}", self.1.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "));
        *self.0 = chosen.ok_or_else(|| given.breaks(rule()))?.1;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        self.1.iter().find(|(_, value)| value == self.0).map(|(name, _)| (*name).to_owned())
    }

    fn takes(&self) -> Takes {
        if self.1.iter().any(|(name, _)| *name == "true") { Takes::OneOrNone } else { Takes::One }
    }
}

/// A text that keeps a rule.
pub(super) struct Text<'a>(pub(super) &'a mut Option<String>, pub(super) Rule);

impl Field for Text<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let text = given.text().filter(|text| (self.1.fits)(text));
        *self.0 = Some(text.ok_or_else(|| given.breaks(self.1.words))?.to_owned());
        Ok(())
    }

    fn show(&self) -> Option<String> {
        self.0.clone()
    }
}

/// A text that no complaint quotes.
pub(super) struct Secret<'a, T>(pub(super) &'a mut Option<T>, pub(super) Rule);

impl<T: From<String>> Field for Secret<'_, T> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let (unquoted, mut text) = ("something else (not shown, it is a secret)", None);
        let set = Text(&mut text, self.1).set(given);
        set.map_err(|_| Invalid::new(given.name(), self.1.words, unquoted))?;
        *self.0 = text.map(T::from);
        Ok(())
    }

    fn show(&self) -> Option<String> {
        None
    }
}

/// Several texts; each keeps a rule.
pub(super) struct List<'a>(pub(super) &'a mut Vec<String>, pub(super) Rule);

impl Field for List<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let list = given.list().filter(|list| list.iter().all(|item| (self.1.fits)(item)));
        *self.0 = list.ok_or_else(|| given.breaks(format!("a list, each item {}", self.1.words)))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join(","))
    }

    fn takes(&self) -> Takes {
        Takes::Many
    }
}

/// The address of somebody's HTTP server.
pub(super) struct Address<'a>(pub(super) &'a mut Option<Url>);

const ADDRESS: &str = "an address such as https://app.example.com/events";

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let fits = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    (fits && url.password().is_none() && url.fragment().is_none()).then_some(url)
}

impl Field for Address<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        *self.0 = Some(given.text().and_then(address).ok_or_else(|| given.breaks(ADDRESS))?);
        Ok(())
    }

    fn show(&self) -> Option<String> {
        self.0.as_ref().map(Url::to_string)
    }
}

/// Such addresses by name.
pub(super) struct Addresses<'a>(pub(super) &'a mut BTreeMap<String, Url>);

impl Field for Addresses<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let rule = format!(
            "NAME=URL, a name of 1 to {} characters other than default, each with {ADDRESS}",
            limits::ENV_CHARS
        );
        let named = |item: String| {
            let (name, url) = item.split_once('=')?;
            let fits = (1..=limits::ENV_CHARS).contains(&name.chars().count()) && name != "default";
            Some((name.to_owned(), address(url).filter(|_| fits)?))
        };
        let all = given.list().and_then(|list| list.into_iter().map(named).collect::<Option<_>>());
        *self.0 = all.ok_or_else(|| given.breaks(rule))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        let shown: Vec<String> = self.0.iter().map(|(name, url)| format!("{name}={url}")).collect();
        (!shown.is_empty()).then(|| shown.join(","))
    }

    fn takes(&self) -> Takes {
        Takes::Named
    }
}

/// Networks, each by its address and the length of its prefix.
pub(super) struct Networks<'a>(pub(super) &'a mut Vec<IpNet>);

impl Field for Networks<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let read = |list: Vec<String>| list.iter().map(|item| item.parse().ok()).collect::<Option<_>>();
        let networks = given.list().and_then(read);
        *self.0 = networks.ok_or_else(|| given.breaks("a list, each item a network such as 10.0.0.0/8"))?;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.iter().map(IpNet::to_string).collect::<Vec<_>>().join(","))
    }

    fn takes(&self) -> Takes {
        Takes::Many
    }
}

/// A file that is read later.
pub(super) struct File<'a>(pub(super) &'a mut Option<PathBuf>);

impl Field for File<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let path = given.text().filter(|text| !text.is_empty());
        *self.0 = Some(path.ok_or_else(|| given.breaks("the path of a file"))?.into());
        Ok(())
    }

    fn show(&self) -> Option<String> {
        self.0.as_ref().map(|path| path.display().to_string())
    }
}

/// The data folder. Who names one wants it used, so a `memory` from a weaker source no longer holds.
pub(super) struct Folder<'a> {
    pub(super) path: &'a mut PathBuf,
    pub(super) memory: &'a mut bool,
}

impl Field for Folder<'_> {
    fn set(&mut self, given: &Given) -> Result<(), Invalid> {
        let path = given.text().filter(|text| !text.is_empty());
        *self.path = path.ok_or_else(|| given.breaks("the path of a folder"))?.into();
        *self.memory = false;
        Ok(())
    }

    fn show(&self) -> Option<String> {
        Some(self.path.display().to_string())
    }
}
