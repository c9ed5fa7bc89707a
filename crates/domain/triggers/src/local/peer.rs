//! Whose process is at the other end of a loopback connection. Runtimes can't be given a password for their API, so that
//! whoever could connect could take events, which hold personal data, and answer them. On Linux the kernel's table of sockets
//! tells the owner; elsewhere everybody with an account on the machine is trusted.

use std::net::{IpAddr, SocketAddr};

/// The tables, of both families: a socket of the sixth may speak to an address of the fourth.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// Whether the connection was made by a process of our own user.
pub(super) async fn is_ours(peer: SocketAddr, own: SocketAddr) -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let user = rustix::process::geteuid().as_raw();
    for table in TABLES {
        let Ok(table) = tokio::fs::read_to_string(table).await else {
            continue;
        };
        if let Some(owner) = owner(&table, peer, own) {
            return owner == user;
        }
    }
    false
}

/// The user of the socket that is bound to `peer` and connected to `own`.
fn owner(table: &str, peer: SocketAddr, own: SocketAddr) -> Option<u32> {
    let (peer, own) = (written(peer)?, written(own)?);
    table.lines().skip(1).find_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (local, remote) = (columns.next()?, columns.next()?);
        // Ends, not the whole: the sixth family's spelling has a prefix.
        (local.ends_with(&peer) && remote.ends_with(&own)).then(|| columns.nth(4)?.parse().ok())?
    })
}

/// As the tables write an address of the fourth family: its bytes as the machine's number, the port.
fn written(address: SocketAddr) -> Option<String> {
    let IpAddr::V4(ip) = address.ip() else { return None };
    Some(format!(
        "{:08X}:{:04X}",
        u32::from_ne_bytes(ip.octets()),
        address.port()
    ))
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    const TABLE: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:11D6 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0
   1: 0100007F:C350 0100007F:11D6 01 00000000:00000000 00:00000000 00000000  1001        0 12 1 0 20 4 30 10 -1
   2: 0100007F:11D6 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 13 1 0 20 4 30 10 -1
";

    #[test]
    fn the_owner_of_the_other_end_is_found() {
        if cfg!(target_endian = "big") {
            return;
        }
        let own = "127.0.0.1:4566".parse().unwrap();
        let peer = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
        assert_eq!(owner(TABLE, peer(50000), own), Some(1001));
        assert_eq!(owner(TABLE, peer(50001), own), None);
        let sixth = TABLE.replace("0100007F", "0000000000000000FFFF00000100007F");
        assert_eq!(owner(&sixth, peer(50000), own), Some(1001));
    }

    #[tokio::test]
    async fn our_own_connections_are_known() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap();
        let stream = TcpStream::connect(own).await.unwrap();
        let peer = stream.local_addr().unwrap();
        assert!(is_ours(peer, own).await);
        drop((stream, listener));
        let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
        assert!(!is_ours(nobody, own).await || !cfg!(target_os = "linux"));
    }
}
