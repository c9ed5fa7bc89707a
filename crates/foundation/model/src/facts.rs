//! What stands in an operation's row beside its method and its resource: all that the door must know of it before it is
//! called. Reference: identity-pools-iam 1.3, 1.9, 5.4, 6.2.

use std::collections::BTreeMap;

use kernel::ApiError;
use serde_json::Value;

/// Who takes roles that are passed, as `iam:PassedToService` names them.
pub const IDENTITY_POOLS: &str = "cognito-identity.amazonaws.com";
pub const USER_POOLS: &str = "cognito-idp.amazonaws.com";

/// One thing about an operation. Its word in a row of [`operations!`](crate::operations) is the variant's in snake case.
#[derive(Clone, Copy, Debug)]
pub enum Fact {
    /// Nobody is asked whether it may be done, and no Deny stops it; AssumeRole asks for itself.
    Free,
    /// Whoever signed may do it, if nothing denies it.
    FreeUnlessDenied,
    /// The model wants a signature and the live service looks at none: whoever calls proves itself by the input.
    Unsigned,
    /// Anybody may send any number, each worth a millisecond of a core: what can't be done now is refused before its body
    /// is even read, so that refusing costs next to nothing.
    CostsCpu,
    /// It attaches or detaches the policy of its `PolicyArn`, which policies may ask for (`iam:PolicyARN`). Of other
    /// operations the policy is the resource.
    NamesPolicy,
    /// It changes the rights of a role or user: whoever may do that only to those within a boundary is told the one that
    /// they have (`iam:PermissionsBoundary`). Operations that give one are told the one that they give.
    ShowsBoundary,
    /// `passes RoleArn to IDENTITY_POOLS`.
    Passes(Passed),
}

/// A role that the input names is handed to a service. Whoever hands one over lets others act as it, so the caller needs
/// iam:PassRole on it beside the operation itself: else setting the role of a group would be a way to become it.
#[derive(Clone, Copy, Debug)]
pub struct Passed {
    /// A JSON pointer, where `*` is each element of a list or map.
    pub place: &'static str,
    /// The service that will act as the role.
    pub to: &'static str,
    /// What is answered to a caller who may not; none: AccessDenied with IAM's sentence.
    pub refusal: Option<fn(&str) -> ApiError>,
}

/// The facts of one operation.
#[derive(Clone, Copy, Debug)]
pub struct Facts(pub &'static [Fact]);

impl Facts {
    pub const NONE: Self = Self(&[]);

    pub fn is_free(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::Free))
    }

    pub fn is_free_unless_denied(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::FreeUnlessDenied))
    }

    pub fn is_unsigned(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::Unsigned))
    }

    pub fn costs_cpu(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::CostsCpu))
    }

    pub fn names_policy(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::NamesPolicy))
    }

    pub fn shows_boundary(self) -> bool {
        self.0.iter().any(|fact| matches!(fact, Fact::ShowsBoundary))
    }

    pub fn passes(self) -> impl Iterator<Item = &'static Passed> {
        self.0.iter().filter_map(|fact| match fact {
            Fact::Passes(passed) => Some(passed),
            _ => None,
        })
    }

    /// The roles that this input passes, each once and in order.
    pub fn roles_passed(self, input: &Value) -> BTreeMap<&str, &'static Passed> {
        let mut roles = BTreeMap::new();
        for passed in self.passes() {
            for role in at(passed.place, input) {
                roles.insert(role, passed);
            }
        }
        roles
    }
}

/// The texts at a place.
fn at<'i>(place: &str, input: &'i Value) -> Vec<&'i str> {
    let mut found = vec![input];
    for part in place.split('/').skip(1) {
        found = found.into_iter().flat_map(|value| beneath(value, part)).collect();
    }
    found.into_iter().filter_map(Value::as_str).collect()
}

fn beneath<'i>(value: &'i Value, part: &str) -> Vec<&'i Value> {
    match (value, part) {
        (Value::Array(list), "*") => list.iter().collect(),
        (Value::Object(map), "*") => map.values().collect(),
        (Value::Object(map), name) => map.get(name).into_iter().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn roles_are_found_where_the_row_says() {
        let input = json!({
            "RoleArn": "one",
            "Roles": {"a": "x", "b": "y"},
            "Maps": {"p": {"Rules": [{"R": "z"}, {"R": "x"}, {}]}, "q": {}},
        });
        for (place, roles) in [
            ("/RoleArn", vec!["one"]),
            ("/Roles/*", vec!["x", "y"]),
            ("/Maps/*/Rules/*/R", vec!["z", "x"]),
            ("/Roles", vec![]),
            ("/Nothing/*", vec![]),
            ("/RoleArn/*", vec![]),
        ] {
            assert_eq!(at(place, &input), roles, "{place}");
        }
    }

    #[test]
    fn a_role_is_passed_once() {
        const FACTS: Facts = Facts(&[passed("/Roles/*"), Fact::CostsCpu, passed("/RoleArn")]);
        const fn passed(place: &'static str) -> Fact {
            Fact::Passes(Passed {
                place,
                to: USER_POOLS,
                refusal: None,
            })
        }
        let input = json!({"RoleArn": "x", "Roles": {"a": "x", "b": "a"}});
        let roles: Vec<&str> = FACTS.roles_passed(&input).into_keys().collect();
        assert_eq!(roles, ["a", "x"]);
        assert!(FACTS.costs_cpu() && !FACTS.is_free());
    }
}
