//! Recovery codes.

use super::{pool, read, sub, write};
use crate::{Store, records::recovery_codes};

const HERE: &str = "recovery";

pub(super) async fn a_recovery_code_is_taken_once(store: &Store) {
    let replace = |place: &'static str, n: u32, codes: &'static [u8]| {
        write(store, move |tx| {
            let digests: Vec<[u8; 32]> = codes.iter().map(|code| [*code; 32]).collect();
            recovery_codes::replace(tx, &pool(place), &sub(n), &digests)
        })
    };
    let take = |place: &'static str, n: u32, code: u8| {
        write(store, move |tx| recovery_codes::take(tx, &pool(place), &sub(n), &[code; 32]))
    };
    let left = |n: u32| read(store, move |r| recovery_codes::left(r, &pool(HERE), &sub(n)));
    assert_eq!(left(1).await, 0);
    replace(HERE, 1, &[2, 1, 3]).await;
    replace(HERE, 2, &[4]).await;
    replace("recovery-elsewhere", 1, &[5]).await;
    assert_eq!((left(1).await, left(2).await), (3, 1));
    let of_user = || read(store, |r| recovery_codes::of_user(r, &pool(HERE), &sub(1)));
    assert_eq!(of_user().await, [[1; 32], [2; 32], [3; 32]]);

    assert!(!take(HERE, 1, 4).await, "it is another user's");
    assert!(!take(HERE, 1, 5).await, "it is of another pool");
    assert_eq!((take(HERE, 1, 2).await, take(HERE, 1, 2).await), (true, false));
    assert_eq!((left(1).await, left(2).await), (2, 1));

    replace(HERE, 1, &[6, 7]).await;
    assert_eq!(of_user().await, [[6; 32], [7; 32]]);
    assert!(!take(HERE, 1, 1).await, "it was replaced");
    write(store, |tx| recovery_codes::clear(tx, &pool(HERE), &sub(1))).await;
    assert_eq!((left(1).await, left(2).await), (0, 1));
}
