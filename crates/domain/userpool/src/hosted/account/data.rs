//! The account as a whole: a copy of what is known of it, and its end. Reference: user-pools 4.9.

use api::{Wire, cognito_idp::ListUserSessionsRequest};
use kernel::{Cx, Result};
use serde_json::{Value, json};
use store::records::groups;

use super::{
    super::{Browser, Place},
    BY_BROWSER, access,
};
use crate::{UserPools, passkey::view as passkeys, user::view};

/// Groups of one user: nobody is in more.
const GROUPS: i64 = 100;

impl UserPools {
    /// All that is kept of somebody and no secret, of the attributes what the client reads. Errors: internal.
    pub async fn own_data_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<Value> {
        let user = &browser.user;
        let attributes = view::readable_attributes(user, &place.client);
        let attributes: serde_json::Map<String, Value> =
            attributes.into_iter().map(|one| (one.name, json!(one.value))).collect();
        let (pool, sub) = (user.pool.clone(), user.sub.clone());
        let (keys, memberships) = self
            .store
            .look_up(move |r| {
                let keys = store::records::passkeys::of_user(r, &pool, &sub)?;
                Ok((keys, groups::of_user(r, &pool, &sub, "", GROUPS)?))
            })
            .await?;
        let keys: Vec<Value> = keys
            .into_iter()
            .map(|key| passkeys::described(key).into_json())
            .collect();
        let devices = self
            .own_devices_at(cx, place, browser)
            .await?
            .unwrap_or_default()
            .into_iter();
        let devices: Vec<Value> = devices
            .map(|device| json!({"name": device.name, "lastUsed": device.used.map(kernel::Timestamp::iso8601)}))
            .collect();
        let sessions: Vec<Value> = if place.pool.sessions.is_some() {
            let request = ListUserSessionsRequest {
                access_token: BY_BROWSER.to_owned(),
                next_token: None,
            };
            let listed = self.list_user_sessions_by(cx, access(place, browser), request).await?;
            listed
                .sessions
                .unwrap_or_default()
                .into_iter()
                .map(Wire::into_json)
                .collect()
        } else {
            Vec::new()
        };
        let identities = user
            .doc
            .identities
            .iter()
            .map(|one| json!({"provider": one.provider, "userId": one.user_id, "since": one.created.iso8601()}));
        Ok(json!({
            "username": user.username,
            "created": user.created.iso8601(),
            "modified": user.modified.iso8601(),
            "status": user.status.as_str(),
            "attributes": attributes,
            "secondFactors": view::mfa_setting_list(user).unwrap_or_default(),
            "preferredSecondFactor": view::preferred_mfa(user),
            "passkeys": keys,
            "devices": devices,
            "sessions": sessions,
            "groups": memberships.into_iter().map(|group| group.name).collect::<Vec<_>>(),
            "providers": identities.collect::<Vec<_>>(),
        }))
    }

    /// What DeleteUser does. Errors: UserNotFound (deleted meanwhile).
    pub async fn delete_account_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<()> {
        self.delete_user_by(cx, access(place, browser)).await
    }
}
