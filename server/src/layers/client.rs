//! Who asks: the other end of the connection, or whom a proxy that we trust speaks for.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::header::FORWARDED;
use http::{HeaderMap, HeaderName, Request};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of a connection, which `serve` leaves with each request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub IpAddr);

/// The address of whoever sent this request.
pub(super) fn address<B>(request: &Request<B>, trusted: &[IpNet]) -> IpAddr {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.to_canonical());
    if !is_among(trusted, peer) {
        return peer;
    }
    let headers = request.headers();
    let (theirs, standard) = (headers.contains_key(X_FORWARDED_FOR), headers.contains_key(FORWARDED));
    let follow = |hops: Vec<Option<IpAddr>>| outermost(peer, hops, trusted);
    match (theirs, standard) {
        (false, false) => peer,
        (true, false) => follow(plain(headers)),
        (false, true) => follow(labelled(headers)),
        // A proxy that writes one of them passes on the other as the client wrote it: only what both say is believed.
        (true, true) => {
            let (theirs, standard) = (follow(plain(headers)), follow(labelled(headers)));
            if theirs == standard { theirs } else { peer }
        }
    }
}

/// What names a client in counting: its address, or the network of an IPv6 address, all of which belongs to one customer.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

/// Goes from our end outward as long as somebody we trust says who comes before.
fn outermost(peer: IpAddr, hops: Vec<Option<IpAddr>>, trusted: &[IpNet]) -> IpAddr {
    let mut known = peer;
    for hop in hops.into_iter().rev() {
        match hop {
            Some(hop) if is_among(trusted, known) => known = hop,
            _ => break,
        }
    }
    known
}

fn is_among(trusted: &[IpNet], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// The hops of `X-Forwarded-For`, outermost first.
fn plain(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    lines(headers, &X_FORWARDED_FOR).flat_map(|line| line.split(',')).map(read).collect()
}

/// The hops of `Forwarded` (RFC 7239), outermost first.
fn labelled(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let whom = |hop: &str| {
        let mut parts = hop.split(';').filter_map(|part| part.trim().split_once('='));
        parts.find(|(name, _)| name.eq_ignore_ascii_case("for")).and_then(|(_, node)| read(node.trim_matches('"')))
    };
    lines(headers, &FORWARDED).flat_map(|line| line.split(',')).map(whom).collect()
}

fn lines<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default())
}

/// An address with or without brackets and port.
fn read(node: &str) -> Option<IpAddr> {
    let node = node.trim();
    let bare = node.strip_prefix('[').and_then(|node| node.strip_suffix(']')).unwrap_or(node);
    let address = bare.parse().ok().or_else(|| node.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, headers: &[(HeaderName, &str)]) -> String {
        let trusted = ["10.0.0.0/8", "::1/128"].map(|network| network.parse().unwrap());
        let mut request = Request::builder().extension(Peer(peer.parse().unwrap()));
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        address(&request.body(()).unwrap(), &trusted).to_string()
    }

    #[test]
    fn only_those_we_trust_may_speak_for_others() {
        let says = |words| [(X_FORWARDED_FOR, words)];
        assert_eq!(of("192.0.2.1", &says("198.51.100.7")), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &says("198.51.100.7")), "198.51.100.7");
        assert_eq!(of("::ffff:10.0.0.1", &says("198.51.100.7:4711")), "198.51.100.7");
        assert_eq!(of("::1", &says("[2001:db8::7]:4711")), "2001:db8::7");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn what_a_client_wrote_before_the_first_proxy_counts_for_nothing() {
        let says = |words| [(X_FORWARDED_FOR, words)];
        assert_eq!(of("10.0.0.1", &says("1.1.1.1, 198.51.100.7, 10.9.9.9")), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &says("1.1.1.1, nonsense, 10.9.9.9")), "10.9.9.9");
        assert_eq!(of("10.0.0.1", &says("nonsense")), "10.0.0.1");
        let twice = [(X_FORWARDED_FOR, "1.1.1.1"), (X_FORWARDED_FOR, "198.51.100.7")];
        assert_eq!(of("10.0.0.1", &twice), "198.51.100.7");
    }

    #[test]
    fn the_standard_header_is_read_too() {
        let says = |words| [(FORWARDED, words)];
        assert_eq!(of("10.0.0.1", &says("for=198.51.100.7;proto=https;by=10.0.0.1")), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &says("for=1.1.1.1, proto=https;For=\"[2001:db8::7]:4711\"")), "2001:db8::7");
        assert_eq!(of("10.0.0.1", &says("for=_hidden")), "10.0.0.1");
    }

    #[test]
    fn of_two_headers_only_what_both_say_is_believed() {
        let both = |theirs, standard| [(X_FORWARDED_FOR, theirs), (FORWARDED, standard)];
        assert_eq!(of("10.0.0.1", &both("198.51.100.7", "for=198.51.100.7")), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &both("198.51.100.7", "for=1.1.1.1")), "10.0.0.1");
    }

    use proptest::prelude::*;

    fn any_address() -> impl Strategy<Value = IpAddr> {
        prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)]
            .prop_map(|address| address.to_canonical())
    }

    /// An address as proxies write it.
    fn written(address: IpAddr, port: Option<u16>, is_standard: bool) -> String {
        let node = match (address, port) {
            (IpAddr::V6(address), None) if !is_standard => address.to_string(),
            (IpAddr::V6(address), None) => format!("[{address}]"),
            (IpAddr::V6(address), Some(port)) => format!("[{address}]:{port}"),
            (IpAddr::V4(address), None) => address.to_string(),
            (IpAddr::V4(address), Some(port)) => format!("{address}:{port}"),
        };
        if is_standard { format!("proto=https;FOR=\"{node}\"") } else { node }
    }

    const PROXIES: [&str; 2] = ["10.0.0.0/8", "fd00::/8"];

    fn networks() -> Vec<IpNet> {
        PROXIES.map(|network| network.parse().unwrap()).into()
    }

    proptest! {
        /// Whatever the client itself wrote before: the address that our outermost proxy saw is the one.
        #[test]
        fn behind_our_proxies_the_client_is_who_the_outermost_saw(
            client in any_address(),
            forged in proptest::collection::vec("[ -~]{0,20}", 0..3),
            hops in proptest::collection::vec(any::<[u8; 3]>(), 0..3),
            port: Option<u16>,
            is_standard: bool,
        ) {
            let trusted = networks();
            prop_assume!(!is_among(&trusted, client));
            let proxy = |[a, b, c]: [u8; 3]| IpAddr::from([10, a, b, c]);
            let mut chain = forged;
            chain.push(written(client, port, is_standard));
            chain.extend(hops.into_iter().map(|hop| written(proxy(hop), None, is_standard)));
            let name = if is_standard { FORWARDED } else { X_FORWARDED_FOR };
            let request = Request::builder().extension(Peer(proxy([0, 0, 1]))).header(name, chain.join(", "));
            prop_assert_eq!(address(&request.body(()).unwrap(), &trusted), client);
        }

        /// Who is not trusted speaks for nobody, whatever comes, and nothing that comes breaks anything.
        #[test]
        fn a_stranger_is_who_they_are(
            peer in any_address(),
            plain in proptest::collection::vec(any::<u8>().prop_filter("a header", |b| *b >= 0x20 && *b != 0x7f), 0..60),
            standard in "[ -~]{0,60}",
        ) {
            let request = Request::builder().extension(Peer(peer));
            let request = request.header(X_FORWARDED_FOR, plain).header(FORWARDED, standard).body(()).unwrap();
            let told = address(&request, &networks());
            prop_assert!(told == peer || is_among(&networks(), peer));
        }
    }

    #[test]
    fn an_ipv6_customer_is_one_client() {
        let counted = |address: &str| counted_as(address.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(counted("198.51.100.7"), "198.51.100.7");
    }
}
