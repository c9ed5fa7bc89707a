//! What a client that registers itself may be: what of its wishes its pool allows, as settings. Pure. Reference: user-pools 15.4.

use std::sync::LazyLock;

use api::cognito_idp::{
    ClientTypeType, ExplicitAuthFlowsType, FeatureType, OAuthFlowType, PreventUserExistenceErrorTypes,
    RefreshTokenRotationType, UserPoolClientType,
};
use regex::Regex;
use upstream::Reach;
use vault::jws::{KeySet, Unusable};

use crate::{
    client::{
        keys, logout_uri, redirects,
        registered::{Logout, Registered},
    },
    pool::{
        Pool,
        loaded::{STANDARD_SCOPES, is_standard_scope},
        registration::Registration,
        switches::Proofs,
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Code,
    Implicit,
    ClientCredentials,
}

/// What a client wants to be.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    pub name: String,
    pub redirects: Vec<String>,
    pub flows: Vec<Flow>,
    /// None: all that it may have.
    pub scopes: Option<Vec<String>>,
    pub has_secret: bool,
    pub registered: Registered,
}

impl Flow {
    fn of(flow: OAuthFlowType) -> Self {
        match flow {
            OAuthFlowType::Code => Self::Code,
            OAuthFlowType::Implicit => Self::Implicit,
            OAuthFlowType::ClientCredentials => Self::ClientCredentials,
        }
    }

    fn told(self) -> OAuthFlowType {
        match self {
            Self::Code => OAuthFlowType::Code,
            Self::Implicit => OAuthFlowType::Implicit,
            Self::ClientCredentials => OAuthFlowType::ClientCredentials,
        }
    }
}

/// What is wrong with its wishes.
pub(super) enum Unfit {
    Redirect(String),
    Metadata(String),
}

/// Of CallbackURLs, by the model.
const MOST_REDIRECTS: usize = 100;
const LONGEST_REDIRECT: usize = 1024;

/// Of ClientName, by the model.
const LONGEST_NAME: usize = 128;

/// `reach`: of addresses that tenants name.
pub(super) fn granted(
    pool: &Pool,
    reach: Reach,
    registration: &Registration,
    allowed: &[OAuthFlowType],
    wanted: Metadata,
) -> Result<Metadata, Unfit> {
    let metadata = |why: &str| Unfit::Metadata(why.to_owned());
    let name = name(&wanted.name).map_err(metadata)?;
    let allowed: Vec<Flow> = allowed.iter().map(|flow| Flow::of(*flow)).collect();
    let mut flows = wanted.flows;
    flows.retain(|flow| allowed.contains(flow));
    if flows.is_empty() {
        return Err(metadata("None of the grant types is allowed here."));
    }
    if wanted.redirects.len() > MOST_REDIRECTS {
        return Err(Unfit::Redirect("There are too many redirect URIs.".to_owned()));
    }
    for uri in &wanted.redirects {
        if uri.len() > LONGEST_REDIRECT {
            return Err(Unfit::Redirect("A redirect URI is too long.".to_owned()));
        }
        if let Some(rule) = redirects::broken_rule(uri) {
            return Err(Unfit::Redirect(format!("{uri} {rule}")));
        }
        // People are asked whether the answer may go there.
        if !redirects::is_legible(uri) {
            return Err(Unfit::Redirect(format!(
                "{uri} is not in ASCII where people are shown it."
            )));
        }
    }
    let of_users = flows.iter().any(|flow| *flow != Flow::ClientCredentials);
    if of_users && wanted.redirects.is_empty() {
        return Err(Unfit::Redirect("There is no redirect URI.".to_owned()));
    }
    check_keys(pool, &wanted.registered).map_err(metadata)?;
    let logout = logout(pool, reach, wanted.registered.logout)?;
    let scopes = scopes(pool, registration, of_users, wanted.scopes.as_deref());
    if scopes.is_empty() {
        return Err(metadata("None of the scopes is allowed here."));
    }
    Ok(Metadata {
        name,
        redirects: wanted.redirects,
        flows,
        scopes: Some(scopes),
        has_secret: wanted.has_secret,
        registered: Registered {
            // Where nobody takes proofs it would have no token at all.
            is_bound: wanted.registered.is_bound && pool.switches.proofs != Proofs::Off,
            jwks: wanted.registered.jwks,
            jwks_uri: wanted.registered.jwks_uri,
            logout,
        },
    })
}

/// Errors: what is wrong with its keys.
fn check_keys(pool: &Pool, registered: &Registered) -> Result<(), &'static str> {
    match (&registered.jwks, &registered.jwks_uri) {
        (None, None) => Ok(()),
        _ if !pool.switches.private_key_jwt => Err("The pool does not take private_key_jwt."),
        (Some(_), Some(_)) => Err("There are jwks and jwks_uri."),
        (None, Some(at)) if keys::is_address(at) => Ok(()),
        (None, Some(_)) => Err("jwks_uri is no URL that keys can be fetched from."),
        (Some(set), None) => match KeySet::read(set) {
            Ok(_) => Ok(()),
            Err(Unusable::Private) => Err("jwks has a private key in it: whoever holds it has to make a new one."),
            Err(Unusable::Unknown) => Err("jwks has no key that can be used."),
        },
    }
}

/// Where it may hear that a browser's session has ended: it is held to no address where nobody hears.
fn logout(pool: &Pool, reach: Reach, wanted: Option<Logout>) -> Result<Option<Logout>, Unfit> {
    let wanted = wanted.filter(|_| pool.switches.backchannel_logout);
    match wanted {
        Some(logout) if !logout_uri::is_fit(&logout.uri, reach) => Err(Unfit::Metadata(format!(
            "backchannel_logout_uri must be {}.",
            logout_uri::MAY_BE
        ))),
        fit => Ok(fit),
    }
}

/// Those of the pool's that there are, and of them those that are wanted. Without a user there are none about one.
fn scopes(pool: &Pool, registration: &Registration, of_users: bool, wanted: Option<&[String]>) -> Vec<String> {
    let usual = STANDARD_SCOPES.into_iter().filter(|scope| *scope != ACCOUNT);
    let named = registration.scopes.iter().map(String::as_str);
    let mut granted: Vec<String> = Vec::new();
    for scope in usual.chain(named) {
        let is_fit = pool.has_scope(scope) && (of_users || !is_standard_scope(scope));
        let is_wanted = wanted.is_none_or(|wanted| wanted.iter().any(|one| one == scope));
        if is_fit && is_wanted && !granted.iter().any(|one| one == scope) {
            granted.push(scope.to_owned());
        }
    }
    granted
}

/// It opens the operations of an account: nobody gets it without being named.
const ACCOUNT: &str = "aws.cognito.signin.user.admin";

/// What people are asked about: in whatever script, but nothing that is not seen, turns the line around, or looks like markup. Errors: it would
/// not stay in its line.
fn name(wanted: &str) -> Result<String, &'static str> {
    let shown = wanted.chars().filter(|c| !is_unseen(*c));
    let letter = |c: char| {
        if c.is_control() || matches!(c, '<' | '>') {
            ' '
        } else {
            c
        }
    };
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= LONGEST_NAME
    };
    let name: String = shown.map(letter).take_while(fits).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if STACK.is_match(&name) {
        return Err("client_name has too many marks on a letter.");
    }
    Ok(if name.is_empty() { "app".to_owned() } else { name })
}

/// Marks over and under one letter, which has at most four of them in any language.
#[expect(clippy::expect_used, reason = "the pattern is constant, and tested")]
static STACK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{Mn}\p{Me}]{5}").expect("a pattern"));

/// Characters of form: what joins and breaks, what sets a direction, fillers, tags, and those that nobody has given a meaning. Unicode's
/// categories Cf, Zl, Zp, Co, and the fillers of Hangul, Braille and notes.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1345f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

pub(super) fn settings(is: &Metadata) -> UserPoolClientType {
    let redirects = (!is.redirects.is_empty()).then(|| is.redirects.clone());
    UserPoolClientType {
        client_name: Some(is.name.clone()),
        client_type: Some(ClientTypeType::Dcr),
        allowed_oauth_flows_user_pool_client: Some(true),
        allowed_oauth_flows: Some(is.flows.iter().map(|flow| flow.told()).collect()),
        allowed_oauth_scopes: is.scopes.clone(),
        callback_urls: redirects,
        // Without a list there would be the flows of passwords.
        explicit_auth_flows: Some(vec![ExplicitAuthFlowsType::AllowAdminUserPasswordAuth]),
        prevent_user_existence_errors: Some(PreventUserExistenceErrorTypes::Enabled),
        // RFC 9700 section 4.14.2: a public client's refresh token is good once. The grace is for two answers at once.
        refresh_token_rotation: Some(RefreshTokenRotationType {
            feature: FeatureType::Enabled,
            retry_grace_period_seconds: Some(10),
        }),
        ..UserPoolClientType::default()
    }
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_made_to_fit() {
        let long = "a".repeat(200);
        for (wanted, is) in [
            ("MCP Inspector", "MCP Inspector"),
            ("Editor (plugin:x)", "Editor (plugin:x)"),
            ("Ana’s  Küche & Café", "Ana’s Küche & Café"),
            ("メモ帳", "メモ帳"),
            ("دفتر", "دفتر"),
            ("knaB\u{202e}Bank\u{2066}\u{200d}", "knaBBank"),
            ("Bank\n\u{2028}\u{7}ing", "Bank ing"),
            ("<b>Bank</b>", "b Bank /b"),
            (" \u{202e}\n", "app"),
            ("\u{1d159}\u{2800}", "app"),
            ("", "app"),
            (&long, &long[..128]),
        ] {
            assert_eq!(name(wanted).as_deref(), Ok(is), "{wanted}");
        }
        for (wanted, fits) in [
            ("Sổ tay Việt", true),
            ("So\u{302}\u{309} tay Vie\u{302}\u{323}t", true),
            ("น้ำผึ้ง", true),
            ("मित्र", true),
            ("שָׁלוֹם", true),
            ("བསྒྲུབས", true),
            ("မြွှေ့", true),
            (&format!("a{}", "\u{301}".repeat(4)), true),
            (&format!("a{}", "\u{301}".repeat(5)), false),
            (&"a\u{316}\u{489}\u{200d}".repeat(3).replace('a', ""), false),
            (&format!("Bank{}ing", "\u{334}\u{fe0f}".repeat(5)), false),
        ] {
            assert_eq!(name(wanted).is_ok(), fits, "{wanted}");
        }
    }
}
