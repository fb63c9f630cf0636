//! Which addresses the gateway may connect to by itself. What is not reachable for everybody is an operator's to name: a name that
//! suddenly leads to a neighbour's database must lead nowhere.

use std::net::IpAddr;

use ipnet::IpNet;

/// What is reachable from this machine or its surroundings only, or is no host at all (IANA special-purpose registries).
const NOT_PUBLIC: [&str; 23] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001:db8::/32",
    "2002::/16",
    "fc00::/7",
    "fe80::/10",
    "ff00::/8",
];

/// The addresses that names may lead to.
#[derive(Debug, Clone)]
pub(super) struct Networks {
    not_public: Vec<IpNet>,
    allowed: Vec<IpNet>,
}

impl Networks {
    /// All that is public, and these.
    pub(super) fn public_and(allowed: Vec<IpNet>) -> Networks {
        Networks { not_public: NOT_PUBLIC.iter().filter_map(|net| net.parse().ok()).collect(), allowed }
    }

    pub(super) fn allow(&self, address: IpAddr) -> bool {
        // An IPv4 address in IPv6 clothes leads to the same place.
        let address = address.to_canonical();
        let within = |nets: &[IpNet]| nets.iter().any(|net| net.contains(&address));
        within(&self.allowed) || !within(&self.not_public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_public_must_be_named() {
        let allowed = vec!["10.1.0.0/16".parse().unwrap()];
        let networks = Networks::public_and(allowed);
        assert_eq!(networks.not_public.len(), NOT_PUBLIC.len());
        for address in ["93.184.216.34", "10.1.2.3", "2606:2800:220:1::1", "::ffff:10.1.2.3"] {
            assert!(networks.allow(address.parse().unwrap()), "{address}");
        }
        let private = [
            "127.0.0.1",
            "10.2.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "0.0.0.0",
        ];
        for address in private {
            assert!(!networks.allow(address.parse().unwrap()), "{address}");
        }
    }
}
