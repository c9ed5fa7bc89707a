//! Devices of users.

use kernel::{DeviceKey, PoolId, Sub};

use super::{NOW, later, pool, read, sub, write};
use crate::{
    Store, StoreError, Tx,
    records::devices::{self, Device, DeviceStatus, DevicesOf},
};

fn device(key: &str) -> Device {
    Device {
        key: DeviceKey::new(key),
        secret: b"sealed".to_vec(),
        name: Some("phone".to_owned()),
        status: DeviceStatus::NotRemembered,
        created: NOW,
        modified: NOW,
        authenticated: NOW,
        last_ip: None,
    }
}

fn of(name: &str, user: u32) -> DevicesOf {
    DevicesOf { pool: pool(name), sub: sub(user) }
}

/// Some device of a user.
pub(super) fn keep(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<bool, StoreError> {
    let of = DevicesOf { pool: pool.clone(), sub: sub.clone() };
    devices::insert(tx, &of, &device("eu-west-1_0"))
}

async fn find(store: &Store, of: DevicesOf, key: &'static str) -> Option<Device> {
    read(store, move |r| devices::find(r, &of, &DeviceKey::new(key))).await
}

pub(super) async fn a_device_is_kept_as_written(store: &Store) {
    let key = || DeviceKey::new("eu-west-1_1");
    let insert = || write(store, |tx| devices::insert(tx, &of("device", 1), &device("eu-west-1_1")));
    assert!(insert().await);
    assert!(!insert().await, "the second of two");
    let kept = find(store, of("device", 1), "eu-west-1_1").await.unwrap();
    assert_eq!((kept.secret.as_slice(), kept.name.as_deref()), (b"sealed".as_slice(), Some("phone")));
    assert_eq!((kept.status, kept.last_ip), (DeviceStatus::NotRemembered, None));
    assert_eq!((kept.created, kept.modified, kept.authenticated), (NOW, NOW, NOW));

    let remember = move |n| {
        write(store, move |tx| {
            devices::set_status(tx, &of("device", n), &key(), DeviceStatus::Remembered, later(1))
        })
    };
    assert!(remember(1).await);
    assert!(!remember(2).await, "another user's");
    let used = move |n, at, ip| write(store, move |tx| devices::used(tx, &of("device", n), &key(), later(at), ip));
    assert!(used(1, 2, Some("192.0.2.1")).await);
    assert!(!used(2, 2, None).await);
    assert!(used(1, 3, None).await, "what is not known leaves the address");
    let kept = find(store, of("device", 1), "eu-west-1_1").await.unwrap();
    assert_eq!((kept.status, kept.last_ip.as_deref()), (DeviceStatus::Remembered, Some("192.0.2.1")));
    assert_eq!((kept.created, kept.modified, kept.authenticated), (NOW, later(1), later(3)));

    let delete = || write(store, move |tx| devices::delete(tx, &of("device", 1), &key()));
    assert!(delete().await);
    assert!(!delete().await);
    assert!(find(store, of("device", 1), "eu-west-1_1").await.is_none());
}

pub(super) async fn devices_page_by_key(store: &Store) {
    write(store, |tx| {
        for key in ["d_3", "d_1", "d_2"] {
            devices::insert(tx, &of("devices", 1), &device(key))?;
        }
        devices::set_status(tx, &of("devices", 1), &DeviceKey::new("d_3"), DeviceStatus::Remembered, NOW)?;
        devices::insert(tx, &of("devices", 2), &device("d_4"))
    })
    .await;
    let list = |hidden, after: &'static str, limit| async move {
        let listed = read(store, move |r| devices::list(r, &of("devices", 1), hidden, after, limit)).await;
        listed.iter().map(|device| device.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(list(None, "", 2).await, ["d_1", "d_2"]);
    assert_eq!(list(None, "d_2", 2).await, ["d_3"]);
    assert_eq!(list(Some(DeviceStatus::NotRemembered), "", 2).await, ["d_3"]);
}

pub(super) async fn a_device_is_its_users_alone(store: &Store) {
    write(store, |tx| {
        for (name, user) in [("dalone", 1), ("dalone", 2), ("dalone2", 1)] {
            devices::insert(tx, &of(name, user), &device("d_1"))?;
        }
        devices::delete(tx, &of("dalone", 1), &DeviceKey::new("d_1"))
    })
    .await;
    for (name, user, there) in [("dalone", 1, false), ("dalone", 2, true), ("dalone2", 1, true)] {
        assert_eq!(find(store, of(name, user), "d_1").await.is_some(), there, "{name} {user}");
    }
}
