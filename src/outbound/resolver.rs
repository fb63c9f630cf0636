//! Finds the addresses of a name, and leaves out those that the gateway may not connect to. The connector connects to one of what is
//! left, so what was checked is what is connected to.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use tower_service::Service;

use super::networks::Networks;

/// The system's resolver behind a rule.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    system: GaiResolver,
    networks: Arc<Networks>,
}

impl Resolver {
    pub(super) fn new(networks: Networks) -> Resolver {
        Resolver { system: GaiResolver::new(), networks: Arc::new(networks) }
    }
}

impl Service<Name> for Resolver {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<IntoIter<SocketAddr>>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.system.poll_ready(cx)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (found, networks) = (self.system.call(name.clone()), self.networks.clone());
        Box::pin(async move { allowed(name.as_str(), found.await?.collect(), &networks).map(Vec::into_iter) })
    }
}

/// Those of the addresses of `host` that may be connected to.
fn allowed(host: &str, mut found: Vec<SocketAddr>, networks: &Networks) -> io::Result<Vec<SocketAddr>> {
    // This one name always means this machine, and whoever configures it says so.
    let names_us = host.eq_ignore_ascii_case("localhost");
    let first = found.first().map(SocketAddr::ip);
    found.retain(|address| names_us || networks.allow(address.ip()));
    match first {
        Some(private) if found.is_empty() => Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!(
                "{host} is at the private address {private}: name its network in outbound.private_networks to allow it"
            ),
        )),
        _ => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_private_addresses_must_be_allowed_but_localhost_names_itself() {
        let ours: Vec<SocketAddr> = vec!["127.0.0.1:80".parse().unwrap(), "[::1]:80".parse().unwrap()];
        let public: SocketAddr = "93.184.216.34:80".parse().unwrap();
        let networks = Networks::public_and(Vec::new());
        assert_eq!(allowed("LocalHost", ours.clone(), &networks).unwrap(), ours);
        let error = allowed("hooks.example.com", ours.clone(), &networks).unwrap_err().to_string();
        assert!(
            error.starts_with("hooks.example.com is at the private address 127.0.0.1: name its network"),
            "{error}"
        );
        assert_eq!(allowed("hooks.example.com", vec![ours[0], public], &networks).unwrap(), [public]);
        let loopback = Networks::public_and(vec!["127.0.0.0/8".parse().unwrap()]);
        assert_eq!(allowed("hooks.example.com", ours.clone(), &loopback).unwrap(), ours[..1]);
    }
}
