//! How a device is shown. Reference: user-pools 10.

use api::cognito_idp::{AttributeType, DeviceType};
use kernel::Timestamp;
use store::records::{devices::Device, users::User};

use crate::pool::Pool;

/// The attributes in the order of AWS's examples; those of a device without a name or address lack them.
pub(crate) fn described(pool: &Pool, user: &User, device: Device) -> DeviceType {
    let owner = format!("{}.{}", user.username, pool.id);
    let arn = format!(
        "arn:aws:cognito-idp:{}:{}:owner/{owner}/device/{}",
        pool.id.region(),
        pool.account,
        device.key
    );
    let attributes = [
        ("device_status", Some("valid".to_owned())),
        ("device_name", device.name),
        ("dev:device_arn", Some(arn)),
        ("dev:device_owner", Some(owner)),
        ("last_ip_used", device.last_ip),
        ("dev:device_remembered_status", Some(device.status.as_str().to_owned())),
    ];
    let known = attributes.into_iter().filter(|(_, value)| value.is_some());
    DeviceType {
        device_attributes: Some(known.map(attribute).collect()),
        device_key: Some(device.key.to_string()),
        device_create_date: Some(device.created),
        device_last_modified_date: Some(device.modified),
        // Whole seconds, unlike the others.
        device_last_authenticated_date: Some(Timestamp::from_secs(device.authenticated.secs())),
    }
}

fn attribute((name, value): (&str, Option<String>)) -> AttributeType {
    AttributeType {
        name: name.to_owned(),
        value,
    }
}
