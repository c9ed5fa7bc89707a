//! Inbound federation: a function hears what an identity provider said of somebody, and may say something else. Reference:
//! oauth-and-federation 10.7.

use std::collections::BTreeMap;

use federation::Told;
use kernel::ApiError;
use serde_json::{Value, json};

use super::{Functions, Scene, Source};
use crate::provider::Provider;

const SAID: &str = "userAttributesToMap";

impl Functions {
    /// The scene's user has the name that they have, or would have. What they are by the provider's names from now on; None: what the
    /// provider said.
    ///
    /// Errors: those of the function.
    pub async fn inbound_federation(
        &self,
        scene: Scene<'_>,
        provider: &Provider,
        told: &Told,
    ) -> Result<Option<BTreeMap<String, String>>, ApiError> {
        let request = || {
            let request = json!({
                "providerName": provider.name,
                "providerType": provider.kind().as_str(),
                "attributes": attributes(told),
            });
            (request, json!({ SAID: {} }))
        };
        let Some(mut response) = self.run(Source::Arrival, scene, request).await? else {
            return Ok(None);
        };
        let said = response.text_map(SAID)?;
        Ok((!said.is_empty()).then_some(said))
    }
}

fn attributes(told: &Told) -> Value {
    match told {
        Told::OpenId {
            token_response,
            id_token,
            user_info,
        } => json!({ "tokenResponse": token_response, "idToken": id_token, "userInfo": user_info }),
        Told::Saml(response) => json!({ "samlResponse": response }),
    }
}
