//! Pre and post authentication: a function lets a sign-in begin, and go through. Reference: user-pools 16.3.

use kernel::ApiError;
use serde_json::{Map, Value, json};

use super::{Functions, Scene, Source, event};

/// Whether the user of a scene is there. Clients that hide users let functions know; the others hear of it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Known,
    /// The client hides users.
    Found,
    NotFound,
}

impl Presence {
    /// Of nobody there are no attributes.
    pub(super) fn attributes(self, scene: Scene<'_>) -> Map<String, Value> {
        match self {
            Self::Known | Self::Found => event::attributes(scene),
            Self::NotFound => Map::new(),
        }
    }

    /// `userNotFound`, where it is said.
    pub(super) fn told(self, request: &mut Value) {
        let not_found = match self {
            Self::Known => return,
            Self::Found => false,
            Self::NotFound => true,
        };
        if let Value::Object(request) = request {
            request.insert("userNotFound".to_owned(), json!(not_found));
        }
    }
}

impl Functions {
    /// The scene's metadata are what the function calls `validationData`. Errors: those of the function.
    pub async fn pre_authentication(&self, scene: Scene<'_>, presence: Presence) -> Result<(), ApiError> {
        let request = || {
            let mut request = json!({
                "userAttributes": presence.attributes(scene),
                "validationData": event::metadata(scene),
            });
            presence.told(&mut request);
            (request, json!({}))
        };
        self.run(Source::BeforeSignIn, scene, request).await?;
        Ok(())
    }

    /// Errors: those of the function.
    pub async fn post_authentication(&self, scene: Scene<'_>, device: NewDevice) -> Result<(), ApiError> {
        let request = || {
            let request = json!({
                "userAttributes": event::attributes(scene),
                "newDeviceUsed": device == NewDevice::Used,
                "clientMetadata": event::metadata(scene),
            });
            (request, json!({}))
        };
        self.run(Source::AfterSignIn, scene, request).await?;
        Ok(())
    }
}

/// Whether somebody signs in with a device that the pool, which tracks them, does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NewDevice {
    Used,
    None,
}
