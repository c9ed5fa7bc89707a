//! What addresses count as one.

use std::net::{IpAddr, Ipv6Addr};

/// Whose address it is, for counting what comes from it: whoever has one address of version 6 has the 2^64 of its network, of version 4
/// each is somebody's.
pub fn network(address: IpAddr) -> IpAddr {
    let address = address.to_canonical();
    if let IpAddr::V6(address) = address {
        return Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into();
    }
    address
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn neighbours_of_one_network_are_one() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ] {
            let expected: std::net::IpAddr = expected.parse().unwrap();
            assert_eq!(network(address.parse().unwrap()), expected);
        }
    }
}
