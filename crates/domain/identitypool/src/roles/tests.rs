use std::collections::BTreeMap;

use api::{Wire, cognito_identity::IdentityPool};
use kernel::{AccountId, Arn, IdentityPoolId};
use serde_json::json;
use store::records::identities;

use super::*;
use crate::settings::Settings;

const PROVIDER: &str = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123";
const KEY: &str = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123:web";

fn pool(roles: &[(&str, &str)], key: &str, mapping: Option<Value>) -> Pool {
    let id = IdentityPoolId::new("eu-west-1:0");
    let mut settings = Settings::new(IdentityPool::default());
    settings.roles = roles
        .iter()
        .map(|(kind, arn)| ((*kind).to_owned(), (*arn).to_owned()))
        .collect();
    if let Some(mapping) = mapping {
        let mapping = RoleMapping::from_json(mapping).unwrap();
        settings.role_mappings = BTreeMap::from([(key.to_owned(), mapping)]);
    }
    Pool {
        arn: Arn::identity_pool(&id, &AccountId::new("123456789012")),
        id,
        settings,
    }
}

fn login(claims: Value) -> Login {
    let Value::Object(mut claims) = claims else {
        panic!("claims are an object")
    };
    claims.entry("aud").or_insert(json!("web"));
    Login {
        link: identities::Login {
            provider: PROVIDER.to_owned(),
            subject: "sub".to_owned(),
        },
        issuer: "localhost:4566/eu-west-1_Abc123".to_owned(),
        claims: Claims(claims),
    }
}

/// The role's name or the refusal.
fn chosen(pool: &Pool, claims: Value, custom: Option<&str>) -> String {
    match choose(pool, &[login(claims)], custom) {
        Ok(role) => role,
        Err(refusal) => refusal.to_string(),
    }
}

const BOTH: [(&str, &str); 2] = [("authenticated", "user"), ("unauthenticated", "guest")];
const DENIED: &str = "NotAuthorizedException: The ambiguous role mapping rules denied this request.";

#[test]
fn without_a_mapping_the_kind_of_identity_decides() {
    let no_role = "InvalidIdentityPoolConfigurationException: Invalid identity pool configuration. Check assigned IAM roles \
                   for this pool.";
    let both = pool(&BOTH, KEY, None);
    assert_eq!(choose(&both, &[], None).unwrap(), "guest");
    assert_eq!(chosen(&both, json!({}), None), "user");
    assert_eq!(
        chosen(&both, json!({}), Some("user")),
        "NotAuthorizedException: Access to Role 'user' is forbidden."
    );
    assert_eq!(
        choose(&both, &[], Some("user")).unwrap_err().message(),
        "Access to Role 'user' is forbidden."
    );
    let none = pool(&[], KEY, None);
    assert_eq!(choose(&none, &[], None).unwrap_err().to_string(), no_role);
    assert_eq!(chosen(&none, json!({}), None), no_role);
}

#[test]
fn the_tokens_claims_choose() {
    let token = |resolution: &str| {
        pool(
            &BOTH,
            KEY,
            Some(json!({"Type": "Token", "AmbiguousRoleResolution": resolution})),
        )
    };
    let (falls_back, denies) = (token("AuthenticatedRole"), token("Deny"));
    let forbidden = "NotAuthorizedException: Access to Role 'c' is forbidden.";
    for (claims, custom, lenient, strict) in [
        (json!({}), None, "user", DENIED),
        (json!({"cognito:roles": ["a"]}), None, "a", "a"),
        (json!({"cognito:roles": ["a", "b"]}), None, "user", DENIED),
        (
            json!({"cognito:roles": ["a", "b"], "cognito:preferred_role": "b"}),
            None,
            "b",
            "b",
        ),
        (json!({"cognito:roles": ["a", "b"]}), Some("b"), "b", "b"),
        (
            json!({"cognito:roles": ["a", "b"], "cognito:preferred_role": "b"}),
            Some("a"),
            "a",
            "a",
        ),
        (json!({"cognito:roles": ["a", "b"]}), Some("c"), forbidden, forbidden),
        (json!({}), Some("c"), forbidden, forbidden),
    ] {
        assert_eq!(
            chosen(&falls_back, claims.clone(), custom),
            lenient,
            "{claims} {custom:?}"
        );
        assert_eq!(chosen(&denies, claims.clone(), custom), strict, "{claims} {custom:?}");
    }
    // The fallback needs a role too.
    let bare = pool(
        &[],
        KEY,
        Some(json!({"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"})),
    );
    assert!(chosen(&bare, json!({}), None).starts_with("InvalidIdentityPoolConfigurationException"));
}

#[test]
fn each_match_type_compares() {
    for (kind, value, claim, matches) in [
        ("Equals", "paid", json!("paid"), true),
        ("Equals", "paid", json!("Paid"), false),
        ("Equals", "true", json!(true), true),
        ("Equals", "7", json!(7), true),
        ("Equals", "b", json!(["a", "b"]), true),
        ("Equals", "ab", json!(["a", "b"]), false),
        ("Contains", "ai", json!("paid"), true),
        ("Contains", "ai", json!(["x", "paid"]), true),
        ("Contains", "z", json!("paid"), false),
        ("StartsWith", "pa", json!("paid"), true),
        ("StartsWith", "id", json!("paid"), false),
        ("NotEqual", "paid", json!("free"), true),
        ("NotEqual", "paid", json!("paid"), false),
        ("NotEqual", "paid", json!(["free", "paid"]), false),
        ("NotEqual", "paid", json!([]), false),
        ("NotEqual", "paid", Value::Null, false),
    ] {
        let rule = json!({"Claim": "custom:plan", "MatchType": kind, "Value": value, "RoleARN": "ruled"});
        let mapping = json!({
            "Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [rule]},
        });
        let pool = pool(&BOTH, KEY, Some(mapping));
        let expected = if matches { "ruled" } else { DENIED };
        assert_eq!(
            chosen(&pool, json!({"custom:plan": claim}), None),
            expected,
            "{kind} {value} {claim}"
        );
        // An absent claim matches nothing.
        assert_eq!(chosen(&pool, json!({}), None), DENIED, "{kind}");
    }
}

#[test]
fn the_first_matching_rule_counts_and_a_custom_role_must_match_too() {
    let rule =
        |value: &str, role: &str| json!({"Claim": "plan", "MatchType": "StartsWith", "Value": value, "RoleARN": role});
    let rules = json!([rule("x", "never"), rule("p", "first"), rule("pa", "second")]);
    let mapping = json!({
        "Type": "Rules", "AmbiguousRoleResolution": "AuthenticatedRole", "RulesConfiguration": {"Rules": rules},
    });
    let pool = pool(&BOTH, KEY, Some(mapping));
    let paid = || json!({"plan": "paid"});
    assert_eq!(chosen(&pool, paid(), None), "first");
    assert_eq!(chosen(&pool, paid(), Some("second")), "second");
    assert!(chosen(&pool, paid(), Some("never")).starts_with("NotAuthorizedException"));
    assert!(chosen(&pool, paid(), Some("user")).starts_with("NotAuthorizedException"));
    assert_eq!(chosen(&pool, json!({"plan": "free"}), None), "user");
}

#[test]
fn a_mapping_is_found_under_every_spelling_of_its_provider_and_for_its_client_alone() {
    let mapping = || Some(json!({"Type": "Token", "AmbiguousRoleResolution": "Deny"}));
    let role = |key: &str, claims| chosen(&pool(&BOTH, key, mapping()), claims, None);
    let with_role = || json!({"cognito:roles": ["a"]});
    for key in [
        KEY,
        "issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123:web",
        "localhost:4566/eu-west-1_Abc123:web",
        "127.0.0.1:80/eu-west-1_Abc123:web",
    ] {
        assert_eq!(role(key, with_role()), "a", "{key}");
    }
    for key in [
        PROVIDER,
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123:app",
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other:web",
        "accounts.google.com",
    ] {
        assert_eq!(role(key, with_role()), "user", "{key}");
    }
}
