//! Which settings of a provider are refused. Reference: oauth-and-federation 10.1, 10.5.

use std::collections::BTreeMap;

use api::cognito_idp::{IdentityProviderType, IdentityProviderTypeType as Kind};
use kernel::ApiError;
use upstream::{Address, Reach};

use super::kind::{
    self, ENCRYPTED_RESPONSES, IDP_INIT, IDP_SIGN_OUT, METADATA_FILE, METADATA_URL, SIGNING_ALGORITHM, USERNAME,
};
use crate::{errors::providers as errors, pool::schema::Schema};

/// The details of OIDC that are addresses.
const ENDPOINTS: [&str; 5] = [
    "oidc_issuer",
    "authorize_url",
    "token_url",
    "attributes_url",
    "jwks_uri",
];

/// Details of SAML that are switches.
const SWITCHES: [&str; 3] = [IDP_SIGN_OUT, IDP_INIT, ENCRYPTED_RESPONSES];

/// `reach`: how far the addresses in it may lead.
///
/// Errors: InvalidParameter.
pub(crate) fn check(
    schema: &Schema,
    reach: Reach,
    name: &str,
    settings: &IdentityProviderType,
) -> Result<(), ApiError> {
    let kind = settings.provider_type.unwrap_or_default();
    check_name(name, kind)?;
    let none = BTreeMap::new();
    check_details(kind, reach, settings.provider_details.as_ref().unwrap_or(&none))?;
    check_mapping(schema, kind, settings.attribute_mapping.as_ref().unwrap_or(&none))?;
    if settings.acr_mapping.is_some() && kind != Kind::Oidc {
        return Err(errors::levels_of_oidc_alone());
    }
    Ok(())
}

/// A social provider has its own name, and nobody else has it.
fn check_name(name: &str, kind: Kind) -> Result<(), ApiError> {
    let named = Kind::parse(name).filter(|named| kind::is_social(*named));
    let fits = match named {
        Some(named) => named == kind,
        None => !kind::is_social(kind),
    };
    if fits {
        Ok(())
    } else {
        Err(errors::provider_of_another_type(name, kind))
    }
}

fn check_details(kind: Kind, reach: Reach, details: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let has = |name: &str| details.get(name).is_some_and(|value| !value.is_empty());
    let have = |names: &[&str]| names.iter().all(|name| has(name));
    match kind {
        Kind::Google | Kind::Facebook | Kind::LoginWithAmazon => {
            if have(&["client_id", "client_secret", "authorize_scopes"]) {
                Ok(())
            } else {
                Err(errors::social_details_missing())
            }
        }
        Kind::SignInWithApple => {
            if have(&["client_id", "private_key", "team_id", "key_id"]) {
                Ok(())
            } else {
                Err(errors::apple_details_missing())
            }
        }
        Kind::Oidc => {
            if have(&[
                "client_id",
                "authorize_scopes",
                "oidc_issuer",
                "attributes_request_method",
            ]) {
                check_oidc(reach, details)
            } else {
                Err(errors::oidc_details_missing())
            }
        }
        Kind::Saml => match (has(METADATA_URL), has(METADATA_FILE)) {
            (true, true) => Err(errors::metadata_given_twice()),
            (false, false) => Err(errors::metadata_missing()),
            _ => check_saml(details),
        },
    }
}

fn check_saml(details: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let given = |name: &str| details.get(name).filter(|value| !value.is_empty());
    for switch in SWITCHES {
        if let Some(value) = given(switch)
            && !["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word))
        {
            return Err(errors::detail_of_another_set(switch, value, "true, false"));
        }
    }
    match given(SIGNING_ALGORITHM) {
        Some(algorithm) if algorithm != "rsa-sha256" => Err(errors::detail_of_another_set(
            SIGNING_ALGORITHM,
            algorithm,
            "rsa-sha256",
        )),
        _ => Ok(()),
    }
}

fn check_oidc(reach: Reach, details: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let method = details.get("attributes_request_method").map_or("", String::as_str);
    if !matches!(method, "GET" | "POST") {
        return Err(errors::detail_of_another_set(
            "attributes_request_method",
            method,
            "POST, GET",
        ));
    }
    let given = ENDPOINTS.iter().filter_map(|name| details.get(*name));
    for endpoint in given.filter(|endpoint| !endpoint.is_empty()) {
        let begins = |scheme: &str| {
            let start = endpoint.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        let is_allowed = begins("https://") || (begins("http://") && reach == Reach::Anywhere);
        if !is_allowed {
            return Err(errors::oidc_endpoint_not_https());
        }
        if Address::of_tenant(endpoint).is_err() {
            return Err(errors::well_known_endpoint_out_of_reach());
        }
    }
    Ok(())
}

/// What a provider may say of a user: what there is in the pool, but not who they are here.
fn check_mapping(schema: &Schema, kind: Kind, mapping: &BTreeMap<String, String>) -> Result<(), ApiError> {
    for (attribute, source) in mapping {
        if attribute == USERNAME {
            match kind::subject(kind) {
                Some(subject) if subject == source => {}
                Some(subject) => return Err(errors::username_mapped_to_another(subject)),
                None => return Err(errors::attribute_not_to_be_mapped(attribute)),
            }
        } else if attribute == "sub" || attribute == "identities" || attribute.starts_with("cognito:") {
            return Err(errors::attribute_not_to_be_mapped(attribute));
        } else if !schema.has(attribute) {
            return Err(errors::mapped_attribute_does_not_exist(attribute));
        }
    }
    Ok(())
}
