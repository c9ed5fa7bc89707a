//! The way to a provider of SAML and back. What its answers are worth is `saml`'s to say. Reference: oauth-and-federation 11.

use std::collections::BTreeMap;

use kernel::Timestamp;
use saml::{Assertion, Expected, IdentityProvider, Key, Request, ServiceProvider};
use serde_json::Value;

use crate::{Arrival, Leaving, Once, Refusal, SamlSession, Told, Visit, claims, errors};

/// What there is to know of a provider of SAML beside its details. It has no Debug, for keys are in it.
#[derive(Clone)]
pub struct Saml {
    /// As its metadata describes it.
    pub idp: IdentityProvider,
    /// As what it knows us.
    pub entity_id: String,
    /// Signs requests. None: they are not signed.
    pub signing: Option<Key>,
    /// For what assertions are encrypted. None: none that is encrypted is taken.
    pub decryption: Option<Key>,
}

impl Saml {
    /// Where the browser goes. `now`: true time.
    pub(crate) fn address(&self, visit: &Visit, leaving: &Leaving<'_>, now: Timestamp) -> Result<String, Refusal> {
        let request = Request {
            id: visit.request_id.as_deref().ok_or_else(errors::nothing_asked)?,
            relay_state: leaving.state,
            now,
            signing: self.signing.as_ref(),
        };
        let address = saml::sign_in_address(&self.idp, &self.us(visit), &request);
        address.map_err(|error| errors::saml_request(error.to_string()))
    }

    /// `now`: true time.
    pub(crate) fn back(&self, visit: &Visit, response: &str, now: Timestamp) -> Result<Arrival, Refusal> {
        let expected = Expected {
            sp: &self.us(visit),
            idp: &self.idp,
            // None would take what nobody asked for.
            in_response_to: Some(visit.request_id.as_deref().ok_or_else(errors::nothing_asked)?),
            decryption: self.decryption.as_ref(),
            now,
            allow_sha1: false,
        };
        let assertion = saml::verified(response, &expected).map_err(|refusal| errors::saml_response(&refusal))?;
        Ok(Arrival::by_assertion(assertion))
    }

    fn us(&self, visit: &Visit) -> ServiceProvider {
        ServiceProvider {
            entity_id: self.entity_id.clone(),
            acs: visit.redirect_uri.clone(),
            // No session ends here.
            slo: String::new(),
        }
    }
}

impl Arrival {
    /// Of a provider that says of no address that it has verified it.
    fn by_assertion(assertion: Assertion) -> Self {
        let texts = assertion.attributes.into_iter().filter_map(|(name, values)| {
            let values = values.into_iter().map(Value::String).collect();
            Some((name, claims::text(&Value::Array(values))?))
        });
        let attributes: BTreeMap<_, _> = texts.collect();
        Self {
            subject: assertion.name_id.clone(),
            told: Told::Saml(attributes.clone()),
            attributes,
            level: assertion.level,
            has_verified_email: false,
            saml: Some(SamlSession {
                name_id: assertion.name_id,
                format: assertion.format,
                index: assertion.session_index,
            }),
            once: Some(Once {
                id: assertion.id,
                until: assertion.until,
            }),
        }
    }
}
