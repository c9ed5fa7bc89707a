//! The way to a provider of SAML and back. What its answers are worth is `saml`'s to say. Reference: oauth-and-federation 11.

use std::collections::BTreeMap;

use kernel::Timestamp;
use saml::{Assertion, Expected, Request, ServiceProvider};
use serde_json::Value;

use crate::{Arrival, Once, Provider, Refusal, Saml, SamlSession, Told, Visit, claims, errors};

/// Pure, and work for a core: a millisecond for a request or a usual response, dozens for what a stranger makes long. Whoever calls them
/// has a pool of threads for it.
impl Provider {
    /// Where the browser goes with a request, which is signed where the provider wants it; `state` goes along. `now`: true time.
    pub fn saml_request(&self, visit: &Visit, state: &str, now: Timestamp) -> Result<String, Refusal> {
        let saml = self.known_saml()?;
        let request = Request {
            id: visit.request_id.as_deref().ok_or_else(errors::nothing_asked)?,
            relay_state: state,
            now,
            signing: saml.signing.as_ref(),
        };
        let address = saml::sign_in_address(&saml.idp, &us(saml, &visit.redirect_uri), &request);
        address.map_err(|error| errors::saml_request(error.to_string()))
    }

    /// What the browser posted, as it came: whom the provider says it is. `now`: true time.
    pub fn saml_response(&self, visit: &Visit, response: &str, now: Timestamp) -> Result<Arrival, Refusal> {
        let saml = self.known_saml()?;
        // None would take what nobody asked for.
        let request = visit.request_id.as_deref().ok_or_else(errors::nothing_asked)?;
        arrival(saml, (&visit.redirect_uri, Some(request)), response, now)
    }

    /// Whom the provider sends although nobody asked it (IdP-initiated): `response` was posted to `acs`. Whoever can sign in there can sign
    /// others in as themselves by it: it is for providers that are set up so. `now`: true time.
    pub fn unasked_saml_response(&self, acs: &str, response: &str, now: Timestamp) -> Result<Arrival, Refusal> {
        arrival(self.known_saml()?, (acs, None), response, now)
    }

    fn known_saml(&self) -> Result<&Saml, Refusal> {
        let other = || errors::other_protocol(self.kind(), "it does not speak SAML");
        self.saml().ok_or_else(other)
    }
}

fn arrival(
    saml: &Saml,
    (acs, in_response_to): (&str, Option<&str>),
    response: &str,
    now: Timestamp,
) -> Result<Arrival, Refusal> {
    let expected = Expected {
        sp: &us(saml, acs),
        idp: &saml.idp,
        in_response_to,
        decryption: saml.decryption.as_ref(),
        now,
        allow_sha1: false,
    };
    let assertion = saml::verified(response, &expected).map_err(|refusal| errors::saml_response(&refusal))?;
    Ok(Arrival::by_assertion(assertion))
}

fn us(saml: &Saml, acs: &str) -> ServiceProvider {
    ServiceProvider {
        entity_id: saml.entity_id.clone(),
        acs: acs.to_owned(),
        // No session ends here.
        slo: String::new(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_values_become_one_text() {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let said = [
            ("one", values(&["a b"])),
            ("several", values(&["a b", "c,d"])),
            ("none", values(&[])),
        ];
        let arrival = Arrival::by_assertion(Assertion {
            name_id: "Ana".to_owned(),
            format: None,
            session_index: None,
            attributes: said
                .into_iter()
                .map(|(name, values)| (name.to_owned(), values))
                .collect(),
            id: "_a".to_owned(),
            until: Timestamp::from_secs(0),
            issuer: "idp".to_owned(),
            level: Some("urn:password".to_owned()),
        });
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let expected = [("one", "a b"), ("several", "[a+b,c%2Cd]")].map(owned);
        assert_eq!(arrival.attributes, BTreeMap::from(expected));
        assert_eq!(arrival.level.as_deref(), Some("urn:password"));
    }
}
