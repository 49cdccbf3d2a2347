//! Places for connections, so many for each client: one that opens all it can must not keep others out.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use crate::layers::counted_as;

/// How many connections each client has.
type Inside = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Who is in the house, and how often.
#[derive(Clone, Debug)]
pub(crate) struct Clients {
    most: usize,
    /// These speak for many.
    proxies: Arc<[IpNet]>,
    inside: Inside,
}

impl Clients {
    /// Room for so many connections of each client; trusted proxies may have any.
    pub(crate) fn new(most: usize, proxies: Vec<IpNet>) -> Self {
        Self { most, proxies: proxies.into(), inside: Arc::default() }
    }

    /// A place for one more connection of this client, until it is dropped; `None` when it has enough.
    pub(super) fn seat(&self, address: IpAddr) -> Option<Seat> {
        let address = address.to_canonical();
        if self.proxies.iter().any(|network| network.contains(&address)) {
            return Some(Seat(None));
        }
        let client = counted_as(address);
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let count = inside.entry(client).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Seat(Some((self.inside.clone(), client))))
    }
}

/// A place that is taken.
pub(super) struct Seat(Option<(Inside, IpAddr)>);

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((inside, client)) = self.0.take() else { return };
        let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = inside.entry(client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    #[test]
    fn each_client_has_its_own_places_and_gives_them_back() {
        let clients = Clients::new(2, vec!["10.0.0.0/8".parse().unwrap()]);
        let first = clients.seat(at("192.0.2.1"));
        let _second = clients.seat(at("::ffff:192.0.2.1")).unwrap();
        assert!(clients.seat(at("192.0.2.1")).is_none());
        assert!(clients.seat(at("192.0.2.2")).is_some());
        drop(first);
        assert!(clients.seat(at("192.0.2.1")).is_some());
    }

    #[test]
    fn a_network_of_ipv6_is_one_client_and_a_proxy_is_many() {
        let clients = Clients::new(1, vec!["10.0.0.0/8".parse().unwrap()]);
        let _here = clients.seat(at("2001:db8:1:2::1")).unwrap();
        assert!(clients.seat(at("2001:db8:1:2:3::4")).is_none());
        assert!(clients.seat(at("2001:db8:1:3::1")).is_some());
        let proxied: Vec<_> = (0..9).map(|_| clients.seat(at("10.1.2.3"))).collect();
        assert!(proxied.iter().all(Option::is_some));
    }

    #[test]
    fn who_has_left_is_forgotten() {
        let clients = Clients::new(2, Vec::new());
        drop([clients.seat(at("192.0.2.1")), clients.seat(at("192.0.2.2"))]);
        assert!(clients.inside.lock().unwrap().is_empty());
    }
}
