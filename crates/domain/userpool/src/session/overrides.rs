//! What a pre token generation function makes of the tokens' claims. Pure. Reference: user-pools 16.3.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokens::Scopes;

/// Changes of both tokens. The default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Overrides {
    pub id: ClaimChanges,
    pub access: ClaimChanges,
    pub scopes: ScopeChanges,
    /// None: the user's groups are told as they are.
    pub groups: Option<GroupsTold>,
}

/// What is suppressed is so although it was added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimChanges {
    pub add: Map<String, Value>,
    pub suppress: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ScopeChanges {
    pub add: Vec<String>,
    pub suppress: Vec<String>,
}

/// In the place of the user's groups and their roles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct GroupsTold {
    pub groups: Vec<String>,
    pub roles: Vec<String>,
    pub preferred_role: Option<String>,
}

/// Of either token.
const PROTECTED: [&str; 14] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
];
const PROTECTED_ID: [&str; 3] = ["aud", "cognito:username", "identities"];
const PROTECTED_ACCESS: [&str; 6] = ["client_id", "event_id", "device_key", "username", "version", "scope"];

impl Overrides {
    /// On an ID token's claims.
    pub fn apply_to_id(&self, claims: &mut Map<String, Value>) {
        if let Some(told) = &self.groups {
            set(claims, "cognito:groups", &told.groups);
            set(claims, "cognito:roles", &told.roles);
            claims.remove("cognito:preferred_role");
            if let Some(role) = &told.preferred_role {
                claims.insert("cognito:preferred_role".to_owned(), json!(role));
            }
        }
        self.id.apply(claims, &PROTECTED_ID);
    }

    /// On an access token's claims. An `aud` can only be the client.
    pub fn apply_to_access(&self, claims: &mut Map<String, Value>) {
        if let Some(told) = &self.groups {
            set(claims, "cognito:groups", &told.groups);
        }
        self.access.apply(claims, &PROTECTED_ACCESS);
        if claims.contains_key("aud") && claims.get("aud") != claims.get("client_id") {
            claims.remove("aud");
        }
    }

    /// What is granted, with what the function adds and without what it suppresses.
    pub fn scopes(&self, granted: &Scopes) -> Scopes {
        let granted = granted.as_str().split(' ').filter(|scope| !scope.is_empty());
        let mut scopes: Vec<&str> = Vec::new();
        for scope in granted.chain(self.scopes.add.iter().map(String::as_str)) {
            let suppressed = self.scopes.suppress.iter().any(|other| other == scope);
            if !suppressed && !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Scopes::new(scopes.join(" "))
    }
}

impl ClaimChanges {
    fn apply(&self, claims: &mut Map<String, Value>, protected: &[&str]) {
        let is_protected = |name: &str| PROTECTED.contains(&name) || protected.contains(&name);
        let is_ours = |name: &str| name.starts_with("cognito:") || name.starts_with("dev:");
        for (name, value) in &self.add {
            if !is_protected(name) && !is_ours(name) {
                claims.insert(name.clone(), value.clone());
            }
        }
        for name in self.suppress.iter().filter(|name| !is_protected(name)) {
            claims.remove(name.as_str());
        }
    }
}

/// A list that is empty is not told.
fn set(claims: &mut Map<String, Value>, name: &str, values: &[String]) {
    if values.is_empty() {
        claims.remove(name);
    } else {
        claims.insert(name.to_owned(), json!(values));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            other => panic!("{other} is no object"),
        }
    }

    fn changes(add: Value, suppress: &[&str]) -> ClaimChanges {
        ClaimChanges {
            add: object(add),
            suppress: suppress.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn what_the_tokens_say_of_themselves_stays() {
        let mut id = object(json!({"sub": "a", "aud": "c", "cognito:username": "ana", "email": "a@b", "name": "Ana"}));
        let overrides = Overrides {
            id: changes(
                json!({"sub": "b", "aud": "d", "cognito:x": 1, "dev:x": 1, "exp": 0, "tenant": "t", "name": "Bea", "both": 1}),
                &["email", "both", "sub", "cognito:username"],
            ),
            ..Overrides::default()
        };
        overrides.apply_to_id(&mut id);
        let expected = json!({"sub": "a", "aud": "c", "cognito:username": "ana", "name": "Bea", "tenant": "t"});
        assert_eq!(Value::Object(id), expected);
    }

    #[test]
    fn an_access_token_is_for_its_client_alone() {
        for (aud, expected) in [
            ("other", json!({"client_id": "web", "plan": {"x": [1, true]}})),
            (
                "web",
                json!({"client_id": "web", "aud": "web", "plan": {"x": [1, true]}}),
            ),
        ] {
            let mut access = object(json!({"client_id": "web"}));
            let overrides = Overrides {
                access: changes(
                    json!({"aud": aud, "client_id": "x", "scope": "all", "plan": {"x": [1, true]}}),
                    &[],
                ),
                ..Overrides::default()
            };
            overrides.apply_to_access(&mut access);
            assert_eq!(Value::Object(access), expected);
        }
    }

    #[test]
    fn groups_are_told_otherwise_in_both() {
        let overrides = Overrides {
            groups: Some(GroupsTold {
                groups: vec!["a".to_owned()],
                ..GroupsTold::default()
            }),
            ..Overrides::default()
        };
        let told = json!({"cognito:groups": ["b"], "cognito:roles": ["r"], "cognito:preferred_role": "r"});
        let (mut id, mut access) = (object(told.clone()), object(json!({"cognito:groups": ["b"]})));
        overrides.apply_to_id(&mut id);
        overrides.apply_to_access(&mut access);
        assert_eq!(Value::Object(id), json!({"cognito:groups": ["a"]}));
        assert_eq!(Value::Object(access), json!({"cognito:groups": ["a"]}));
        let mut id = object(told);
        let none = Overrides {
            groups: Some(GroupsTold::default()),
            ..Overrides::default()
        };
        none.apply_to_id(&mut id);
        assert_eq!(Value::Object(id), json!({}));
    }

    #[test]
    fn scopes_are_added_and_suppressed() {
        let overrides = Overrides {
            scopes: ScopeChanges {
                add: vec!["photos/read".to_owned(), "openid".to_owned(), "x".to_owned()],
                suppress: vec!["aws.cognito.signin.user.admin".to_owned(), "x".to_owned()],
            },
            ..Overrides::default()
        };
        let granted = Scopes::new("aws.cognito.signin.user.admin openid");
        assert_eq!(overrides.scopes(&granted).as_str(), "openid photos/read");
        assert_eq!(Overrides::default().scopes(&granted), granted);
    }
}
