//! Tags: AWS's rules for them (reference user-pools 14.7), and those that Poolhouse reads:
//!
//! - `_custom_id_`: the id of the pool that is being created;
//! - `_custom_id_:<ClientName>`: the id of the app client that is created under that name (clients have no tags of
//!   their own);
//! - `poolhouse:issuer`: decision 12; a text of its own is unique;
//! - `poolhouse:password-store`: [`super::PasswordStore`];
//! - `poolhouse:webauthn-origins`: [`super::passkeys::ORIGINS_TAG`];
//! - `poolhouse:link-by`: [`super::link_by`];
//! - those of [`OF_CLIENTS`], one a client;
//! - those of [`super::switches`], and the title of hosted login ([`crate::hosted::tags`]).

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::UserPoolType;
use kernel::{ApiError, Arn, ClientId, Cx, PoolId, Region};
use tokens::{IssuerMode, Issuers};
use upstream::Reach;

use super::{
    link_by,
    passkeys::{self, ORIGINS_TAG},
    settings::PASSWORD_STORE_TAG,
    switches,
};
use crate::{
    client::{Client, keys, logout_uri, tag::ClientTag},
    errors::{
        pool_does_not_exist,
        settings::{self as errors, BadTags},
    },
    hosted::tags,
};

pub(crate) type Tags = BTreeMap<String, String>;

const MOST: usize = 50;
const PINNED_ID: &str = "_custom_id_";
const OURS: &str = "poolhouse:";
const ISSUER: &str = "poolhouse:issuer";

/// What clients have by tag: `<name><client id>`.
const OF_CLIENTS: [&ClientTag; 2] = [&keys::TAG, &logout_uri::TAG];

/// The pool that is to have tags.
pub(crate) struct Bearer<'b> {
    pub pool: &'b PoolId,
    /// Those that it has: they are not judged again.
    pub had: &'b Tags,
    pub clients: &'b BTreeMap<ClientId, Arc<Client>>,
}

/// Whether a pool may have these tags.
pub(crate) fn check(given: &Tags, of: &Bearer<'_>, (issuers, reach): (&Issuers, Reach)) -> Result<(), BadTags> {
    if given.len() > MOST {
        return Err(BadTags::TooMany);
    }
    let must_be = |key: &str, may_be: String| BadTags::Value {
        key: key.to_owned(),
        may_be,
    };
    for (key, value) in given.iter().filter(|(key, value)| of.had.get(*key) != Some(value)) {
        match key.as_str() {
            ISSUER => check_issuer(value, of.pool, issuers)?,
            PASSWORD_STORE_TAG if value == "argon2id" => {}
            PASSWORD_STORE_TAG => return Err(BadTags::PasswordStore),
            ORIGINS_TAG if passkeys::are_origins(value) => {}
            ORIGINS_TAG => return Err(BadTags::PasskeyOrigins),
            tags::TITLE => {}
            link_by::TAG if link_by::is_fit(value) => {}
            link_by::TAG => return Err(must_be(key, link_by::MAY_BE.to_owned())),
            key if switches::is_switch(key) => switches::check(key, value).map_err(|may_be| must_be(key, may_be))?,
            key if let Some(tag) = OF_CLIENTS.iter().find(|tag| tag.is_named(key)) => {
                let client = tag.client_of(key).filter(|id| is_client(id, given, of));
                client.ok_or_else(|| BadTags::NoClient(key.to_owned()))?;
                if !(tag.is_fit)(value, reach) {
                    return Err(must_be(key, tag.may_be.to_owned()));
                }
            }
            // A misspelt tag would be a setting that silently has no effect.
            key if key.starts_with(OURS) => return Err(BadTags::Unknown(key.to_owned())),
            key if key.to_ascii_lowercase().starts_with("aws:") => return Err(BadTags::Reserved),
            _ => {}
        }
    }
    Ok(())
}

/// Whether there is such a client, or will be by these tags.
fn is_client(id: &ClientId, given: &Tags, of: &Bearer<'_>) -> bool {
    let is_pinned = |key: &String| key.strip_prefix(PINNED_ID).is_some_and(|name| name.starts_with(':'));
    let mut pinned = given.iter().filter(|(key, _)| is_pinned(key));
    of.clients.contains_key(id) || pinned.any(|(_, pinned)| pinned == id.as_str())
}

fn check_issuer(value: &str, pool: &PoolId, issuers: &Issuers) -> Result<(), BadTags> {
    match IssuerMode::parse(value) {
        IssuerMode::Request if !issuers.request_allowed => Err(BadTags::IssuerOfRequests),
        IssuerMode::Request | IssuerMode::Public | IssuerMode::Aws | IssuerMode::AwsUpdated => Ok(()),
        IssuerMode::Fixed(own) => {
            let last = own.rsplit('/').next().unwrap_or_default();
            // Every other mode ends in the pool's id: nobody may stand in for another pool, existing or to come.
            let stands_in = last != pool.as_str() && regional(last).is_some();
            let visible = own.chars().all(|c| !c.is_whitespace() && !c.is_control());
            if own.is_empty() || stands_in || !visible {
                Err(BadTags::IssuerMalformed)
            } else {
                Ok(())
            }
        }
    }
}

/// What a pool chose as its issuer, as `tokens` reads it.
pub(crate) fn issuer(settings: &UserPoolType) -> Option<&String> {
    settings.user_pool_tags.as_ref()?.get(ISSUER)
}

/// The issuer that a pool chose as a text of its own, which no other pool may have.
pub(crate) fn own_issuer(settings: &UserPoolType) -> Option<String> {
    match IssuerMode::parse(issuer(settings)?) {
        IssuerMode::Fixed(own) => Some(own),
        _ => None,
    }
}

/// The id that a new pool is to have. Errors: UserPoolTagging if it is no pool id.
pub(crate) fn pinned_pool(tags: &Tags) -> Result<Option<PoolId>, ApiError> {
    match tags.get(PINNED_ID) {
        None => Ok(None),
        Some(id) => regional(id).map(Some).ok_or_else(errors::pinned_pool_id_malformed),
    }
}

/// The id that a new client of this name is to have. Errors: InvalidParameter if it is no client id.
pub(crate) fn pinned_client(tags: Option<&Tags>, client_name: &str) -> Result<Option<ClientId>, ApiError> {
    match tags.and_then(|tags| tags.get(&format!("{PINNED_ID}:{client_name}"))) {
        None => Ok(None),
        Some(id) => ClientId::parse(id)
            .map(Some)
            .ok_or_else(errors::pinned_client_id_malformed),
    }
}

/// The pool that a tag operation's ARN names. Errors: InvalidParameter for other resources, ResourceNotFound for pools of
/// another account.
pub(crate) fn pool_of(cx: &Cx, arn: &str) -> Result<PoolId, ApiError> {
    let parsed = Arn::parse(arn).filter(|arn| arn.service() == "cognito-idp");
    let id = parsed.as_ref().and_then(|arn| arn.resource().strip_prefix("userpool/"));
    let id = id.ok_or_else(errors::invalid_resource_arn)?;
    PoolId::parse(id)
        .filter(|id| Arn::user_pool(id, cx.account()).as_str() == arn)
        .ok_or_else(|| pool_does_not_exist(id))
}

/// The id of a pool of a region that has a region's name: `eu-west-1`, `us-gov-east-1`.
fn regional(id: &str) -> Option<PoolId> {
    PoolId::parse(id).filter(|id| Region::parse(id.region().as_str()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pinned_id_is_an_id() {
        for id in [
            "eu-west-1_Abc123xyz",
            "us-gov-east-1_1",
            "us-east-1_local",
            "eu-west-123_abc5",
        ] {
            assert!(regional(id).is_some(), "{id}");
        }
        let long = format!("eu-west-1_{}", "a".repeat(46));
        for id in [
            "",
            "local_1",
            "eu-west-1_",
            "eu-west-1_a-b",
            "eu-west_1",
            "EU-WEST-1_a",
            "eu-west-1",
            "-1_a",
            &long,
        ] {
            assert!(regional(id).is_none(), "{id}");
        }
    }

    fn issuers(request_allowed: bool) -> Issuers {
        Issuers {
            default: IssuerMode::Public,
            public_url: None,
            request_allowed,
        }
    }

    fn checked(given: &Tags) -> Result<(), BadTags> {
        let of = Bearer {
            pool: &PoolId::new("eu-west-1_Mine"),
            had: &Tags::from([("poolhouse:gone".to_owned(), "on".to_owned())]),
            clients: &BTreeMap::new(),
        };
        check(given, &of, (&issuers(false), Reach::Public))
    }

    fn refused(key: &str, value: &str) -> Option<String> {
        let pinned = ("_custom_id_:web".to_owned(), "1example23456789".to_owned());
        let refused = checked(&Tags::from([(key.to_owned(), value.to_owned()), pinned])).err();
        refused.map(|bad| bad.to_string())
    }

    #[test]
    fn a_tag_of_a_client_names_one_and_is_what_it_may_be() {
        for (tag, value, may_be) in [
            (
                "poolhouse:backchannel-logout:",
                "https://app.example.com/out",
                "an https address without a fragment, of up to 256 characters (http where private upstreams are allowed)",
            ),
            (
                "poolhouse:client-keys:",
                "https://app.example.com/jwks",
                "the URL of a JSON Web Key Set, or one public key as a JSON Web Key",
            ),
        ] {
            for client in ["", "unknown", "a b"] {
                let sentence = format!("The tag {tag}{client} must end in the id of an app client of the user pool.");
                assert_eq!(refused(&format!("{tag}{client}"), value), Some(sentence));
            }
            let key = format!("{tag}1example23456789");
            assert_eq!(refused(&key, value), None);
            for value in ["", "ftp://localhost/out"] {
                assert_eq!(refused(&key, value), Some(format!("The tag {key} must be {may_be}.")));
            }
        }
    }

    #[test]
    fn a_provider_that_is_believed_is_named() {
        let may_be = "verified-email: and the names of identity providers, separated by blanks";
        let sentence = format!("The tag poolhouse:link-by must be {may_be}.");
        assert_eq!(refused("poolhouse:link-by", "verified-email"), Some(sentence));
        assert_eq!(refused("poolhouse:link-by", "verified-email:Google"), None);
    }

    #[test]
    fn tags_that_nobody_reads_or_may_set_are_refused() {
        for (key, value) in [
            ("team", "core"),
            ("poolhouse:password-store", "argon2id"),
            ("poolhouse:webauthn-origins", "https://example.org https://example.net"),
            ("poolhouse:title", "Harbour & Sons"),
            ("poolhouse:default-style", "true"),
            ("poolhouse:unknown-scopes", "ignore"),
            ("poolhouse:sso-ends-with-sign-out", "true"),
            ("poolhouse:iss", "on"),
            ("poolhouse:device-grant", "on"),
            ("poolhouse:gone", "on"),
            (
                "poolhouse:backchannel-logout:1example23456789",
                "https://app.example.com/out",
            ),
            ("poolhouse:issuer", "aws"),
            ("poolhouse:issuer", "https://id.example.com"),
            ("poolhouse:issuer", "https://id.example.com/eu-west-1_Mine"),
        ] {
            assert_eq!(refused(key, value), None, "{key}={value}");
        }
        let malformed = BadTags::IssuerMalformed.to_string();
        let malformed = malformed.as_str();
        for (key, value, sentence) in [
            ("AWS:team", "core", "Tag keys that begin with aws: are reserved."),
            ("poolhouse:isuer", "aws", "The tag poolhouse:isuer is unknown."),
            (
                "poolhouse:password-store",
                "plain",
                "The tag poolhouse:password-store must be argon2id.",
            ),
            ("poolhouse:par", "yes", "The tag poolhouse:par must be on or required."),
            ("poolhouse:gone", "off", "The tag poolhouse:gone is unknown."),
            (
                "poolhouse:backchannel-logout",
                "https://app.example.com/out",
                "The tag poolhouse:backchannel-logout must be on.",
            ),
            (
                "poolhouse:client-keys",
                "{}",
                "The tag poolhouse:client-keys is unknown.",
            ),
            (
                "poolhouse:default-style",
                "yes",
                "The tag poolhouse:default-style must be true.",
            ),
            (
                "poolhouse:unknown-scopes",
                "",
                "The tag poolhouse:unknown-scopes must be ignore.",
            ),
            (
                "poolhouse:webauthn-origins",
                "example.org",
                "The tag poolhouse:webauthn-origins must list origins, separated by blanks.",
            ),
            (
                "poolhouse:issuer",
                "request",
                "The tag poolhouse:issuer cannot be request on this server.",
            ),
            ("poolhouse:issuer", "", malformed),
            ("poolhouse:issuer", "https://id.example.com/ a", malformed),
            (
                "poolhouse:issuer",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other",
                malformed,
            ),
        ] {
            assert_eq!(refused(key, value).as_deref(), Some(sentence), "{key}={value}");
        }
        assert!(check_issuer("request", &PoolId::new("eu-west-1_Mine"), &issuers(true)).is_ok());
        let many: Tags = (0..51).map(|n| (format!("k{n}"), String::new())).collect();
        assert!(checked(&many).is_err());
    }
}
