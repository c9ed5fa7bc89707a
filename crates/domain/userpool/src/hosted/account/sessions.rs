//! Where somebody is signed in, and the devices that are remembered. Reference: user-pools 10, 15.2.

use api::cognito_idp::{
    DeviceType, ForgetDeviceRequest, ListDevicesRequest, ListUserSessionsRequest, RevokeAssociatedSessionsType,
    RevokeUserSessionRequest, SessionDescriptionType, SessionTypeType,
};
use kernel::{Code, Cx, Result, Timestamp};

use super::{
    super::{Browser, Place, checked::checked},
    BY_BROWSER, access,
};
use crate::{
    UserPools, errors,
    session::tracked::{self, SessionOf},
};

/// A session of somebody's.
pub struct OwnSession {
    pub id: String,
    /// The system and the browser or app, as far as they are known.
    pub agent: Option<String>,
    pub ip: Option<String>,
    pub used: Option<Timestamp>,
    /// The app that it is of, as people know it; none of a browser's.
    pub app: Option<String>,
    /// Whether it is this browser's, or was born from it.
    pub is_here: bool,
}

/// A device that is remembered.
pub struct OwnDevice {
    pub key: String,
    pub name: Option<String>,
    pub used: Option<Timestamp>,
}

impl UserPools {
    /// None: the pool keeps no track of them. Errors: internal.
    pub async fn sessions_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<Option<Vec<OwnSession>>> {
        if place.pool.sessions.is_none() {
            return Ok(None);
        }
        let request = ListUserSessionsRequest {
            access_token: BY_BROWSER.to_owned(),
            next_token: None,
        };
        let listed = self.list_user_sessions_by(cx, access(place, browser), request).await?;
        let sessions = listed.sessions.unwrap_or_default().into_iter();
        Ok(Some(
            sessions.filter_map(|session| own(place, browser, session)).collect(),
        ))
    }

    /// A browser's ends with all that was born from it. Errors: those of RevokeUserSession but for the token's.
    pub async fn end_session_at(&self, cx: &Cx, place: &Place, browser: &Browser, id: &str) -> Result<()> {
        let associated = match tracked::session_of(id) {
            Some(SessionOf::Browser(login)) if login == browser.id() => return Err(errors::current_session()),
            Some(SessionOf::Browser(_)) => RevokeAssociatedSessionsType::Linked,
            _ => RevokeAssociatedSessionsType::None,
        };
        let request = checked(
            "RevokeUserSession",
            RevokeUserSessionRequest {
                access_token: BY_BROWSER.to_owned(),
                session_id: id.to_owned(),
                revoke_associated_sessions: Some(associated),
            },
        )?;
        self.revoke_user_session_by(cx, access(place, browser), request).await?;
        Ok(())
    }

    /// All but this browser's. Errors: InvalidParameter where the pool keeps no track of them.
    pub async fn end_other_sessions_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<()> {
        let sessions = self.sessions_at(cx, place, browser).await?;
        for session in sessions.ok_or_else(errors::session_tracking_off)? {
            if session.is_here {
                continue;
            }
            match self.end_session_at(cx, place, browser, &session.id).await {
                // It went with the browser's that it was born from.
                Err(error) if error.code() == Code::ResourceNotFound => {}
                ended => ended?,
            }
        }
        Ok(())
    }

    /// What GlobalSignOut does. Errors: NotAuthorized (deleted meanwhile).
    pub async fn sign_out_everywhere_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<()> {
        self.global_sign_out_by(cx, access(place, browser)).await?;
        Ok(())
    }

    /// None: the pool tracks none. Errors: internal.
    pub async fn own_devices_at(&self, cx: &Cx, place: &Place, browser: &Browser) -> Result<Option<Vec<OwnDevice>>> {
        if place.pool.devices.is_none() {
            return Ok(None);
        }
        let request = ListDevicesRequest {
            access_token: BY_BROWSER.to_owned(),
            limit: None,
            pagination_token: None,
        };
        let listed = self.list_devices_by(cx, access(place, browser), request).await?;
        Ok(Some(
            listed
                .devices
                .unwrap_or_default()
                .into_iter()
                .filter_map(device)
                .collect(),
        ))
    }

    /// Errors: those of ForgetDevice but for the token's.
    pub async fn forget_own_device_at(&self, cx: &Cx, place: &Place, browser: &Browser, key: &str) -> Result<()> {
        let request = checked(
            "ForgetDevice",
            ForgetDeviceRequest {
                access_token: Some(BY_BROWSER.to_owned()),
                device_key: key.to_owned(),
            },
        )?;
        self.forget_device_by(cx, access(place, browser), request).await
    }
}

fn own(place: &Place, browser: &Browser, session: SessionDescriptionType) -> Option<OwnSession> {
    let id = session.session_id?;
    let origin = session.origin_session_id.as_deref().unwrap_or(&id);
    let is_here = tracked::session_of(origin) == Some(SessionOf::Browser(browser.id().to_owned()));
    let client = session
        .client_id
        .filter(|_| session.session_type == Some(SessionTypeType::Token))
        .and_then(|client| place.pool.clients.get(client.as_str()));
    Some(OwnSession {
        is_here,
        id,
        agent: session.device_type.filter(|agent| agent != tracked::UNKNOWN),
        ip: session.last_ip_address,
        used: session.last_active_date,
        app: client.and_then(|client| client.settings.client_name.clone()),
    })
}

fn device(device: DeviceType) -> Option<OwnDevice> {
    let attributes = device.device_attributes.unwrap_or_default();
    let name = attributes.into_iter().find(|attribute| attribute.name == "device_name");
    Some(OwnDevice {
        key: device.device_key?,
        name: name.and_then(|name| name.value),
        used: device.device_last_authenticated_date,
    })
}
