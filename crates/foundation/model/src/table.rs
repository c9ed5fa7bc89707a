//! One table a service: what it implements and what each operation acts on (decision 5).

use std::{fmt, pin::Pin};

use kernel::{Cx, Result};
use serde_json::Value;

use crate::{Facts, Operation, Service};

pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Answered>> + Send + 'a>>;

/// The encoded output, as the service's protocol wants it. It may hold tokens and keys, so its Debug shows nothing of it.
pub enum Answered {
    /// The JSON text; empty where the operation has no output shape.
    Json(Vec<u8>),
    /// The JSON tree, to be put into XML; null where the operation has no output shape.
    Tree(Value),
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json(_) => "Json(..)",
            Self::Tree(_) => "Tree(..)",
        })
    }
}

impl Answered {
    /// The JSON tree; null where the operation has no output shape.
    pub fn tree(self) -> Value {
        match self {
            Self::Json(text) => serde_json::from_slice(&text).unwrap_or_default(),
            Self::Tree(tree) => tree,
        }
    }
}

/// Decodes the input, calls the operation, encodes the output.
pub type Handler<S> = for<'a> fn(&'a S, &'a Cx, Value) -> Answer<'a>;

/// The ARN that the caller's policies are asked about, from the input.
pub type Resource = fn(&Cx, &Value) -> String;

pub struct Table<S: 'static> {
    pub service: &'static Service,
    /// Sorted by name; [`operations!`](crate::operations) doesn't compile otherwise.
    pub entries: &'static [Entry<S>],
}

pub struct Entry<S: 'static> {
    pub name: &'static str,
    pub resource: Resource,
    pub facts: Facts,
    pub call: Handler<S>,
}

impl<S> Table<S> {
    pub fn entry(&self, operation: &str) -> Option<&'static Entry<S>> {
        let entries = self.entries;
        let at = entries.binary_search_by(|entry| entry.name.cmp(operation)).ok()?;
        entries.get(at)
    }

    /// The model's operations that the table lacks.
    pub fn missing(&self) -> Vec<&'static str> {
        let absent = |operation: &&Operation| self.entry(operation.name).is_none();
        self.service
            .operations
            .iter()
            .filter(absent)
            .map(|operation| operation.name)
            .collect()
    }

    /// What the table has and the model lacks: a misspelt name. Each service's tests expect none.
    pub fn unknown(&self) -> Vec<&'static str> {
        let names = self.entries.iter().map(|entry| entry.name);
        names.filter(|name| self.service.operation(name).is_none()).collect()
    }
}

/// Whether every name is smaller than the next.
#[doc(hidden)]
pub const fn in_order(names: &[&str]) -> bool {
    let mut rest = names;
    while let [first, tail @ ..] = rest {
        if let [second, ..] = tail
            && !is_less(first.as_bytes(), second.as_bytes())
        {
            return false;
        }
        rest = tail;
    }
    true
}

const fn is_less(mut a: &[u8], mut b: &[u8]) -> bool {
    loop {
        match (a, b) {
            ([], [_, ..]) => return true,
            (_, []) => return false,
            ([x, xs @ ..], [y, ys @ ..]) => {
                if *x != *y {
                    return *x < *y;
                }
                a = xs;
                b = ys;
            }
        }
    }
}

/// Declares `TABLE`, what a service implements, in the model's order:
///
/// ```ignore
/// model::operations! { UserPools, model::COGNITO_IDP;
///     AdminGetUser => admin_get_user, on pool(UserPoolId);
///     CreateGroup => create_group, on pool(UserPoolId), passes RoleArn to IDENTITY_POOLS;
///     CreateUserPool => create_user_pool, on any, passes "/SmsConfiguration/SnsCallerArn" to USER_POOLS;
///     InitiateAuth => initiate_auth, on any, costs_cpu;
/// }
/// ```
///
/// Each method is `async fn(&self, cx: &Cx, input: In) -> kernel::Result<Out>` with `In` and `Out` from crate `api`, or
/// `()` where the model has none. `on any` is the resource `*`; `on f(Member)` calls `f(cx, &input, "Member")`, which the
/// module that declares the table defines. What follows are [`Fact`](crate::Fact)s. A role that is passed stands in a member,
/// or at a JSON pointer where it is nested; `or f` answers those who may not pass it by `f(role)`.
#[macro_export]
macro_rules! operations {
    ($state:ty, $service:expr; $(
        $name:ident => $method:ident, on $on:ident $(($member:ident))?
        $(, $fact:ident $($role:ident to $user:ident)? $($place:literal to $taker:ident $(or $refusal:path)?)?)*;
    )*) => {
        pub static TABLE: $crate::Table<$state> = $crate::Table {
            service: &$service,
            entries: &[$($crate::Entry {
                name: ::core::stringify!($name),
                resource: $crate::operations!(@resource $on $($member)?),
                facts: $crate::Facts(&[$(
                    $crate::operations!(@fact $fact $($role to $user)? $($place to $taker $(or $refusal)?)?)
                ),*]),
                call: |state, cx, input| {
                    ::std::boxed::Box::pin(async move {
                        let input = ::api::Wire::from_json(input).map_err(::kernel::ApiError::from)?;
                        let output = <$state>::$method(state, cx, input).await?;
                        ::core::result::Result::Ok(match $service.protocol {
                            $crate::Protocol::AwsJson => $crate::Answered::Json(::api::printed(&output)),
                            $crate::Protocol::AwsQuery => $crate::Answered::Tree(::api::Wire::into_json(output)),
                        })
                    })
                },
            }),*],
        };

        const _: () = ::core::assert!(
            $crate::in_order(&[$(::core::stringify!($name)),*]),
            "the operations are not in the model's order"
        );
    };
    (@fact free) => { $crate::Fact::Free };
    (@fact free_unless_denied) => { $crate::Fact::FreeUnlessDenied };
    (@fact unsigned) => { $crate::Fact::Unsigned };
    (@fact costs_cpu) => { $crate::Fact::CostsCpu };
    (@fact names_policy) => { $crate::Fact::NamesPolicy };
    (@fact shows_boundary) => { $crate::Fact::ShowsBoundary };
    (@fact passes $role:ident to $user:ident) => {
        $crate::operations!(@passes (::core::concat!("/", ::core::stringify!($role))), $user, ::core::option::Option::None)
    };
    (@fact passes $place:literal to $user:ident) => {
        $crate::operations!(@passes $place, $user, ::core::option::Option::None)
    };
    (@fact passes $place:literal to $user:ident or $refusal:path) => {
        $crate::operations!(@passes $place, $user, ::core::option::Option::Some($refusal))
    };
    (@passes $place:expr, $user:ident, $refusal:expr) => {
        $crate::Fact::Passes($crate::Passed { place: $place, to: $crate::$user, refusal: $refusal })
    };
    (@resource any) => {
        |_, _| ::std::borrow::ToOwned::to_owned("*")
    };
    (@resource $on:ident $member:ident) => {
        |cx, input| $on(cx, input, ::core::stringify!($member))
    };
}

#[cfg(test)]
mod tests {
    use std::{
        sync::Arc,
        task::{Context, Poll, Waker},
    };

    use api::sts::{AssumeRoleRequest, AssumeRoleResponse, GetCallerIdentityRequest, GetCallerIdentityResponse};
    use kernel::{AccountId, ApiError, Code, Env, Region, SystemClock, SystemRng};
    use serde_json::json;

    use super::*;

    pub struct Sts;

    #[expect(clippy::unused_async, reason = "operations are async")]
    impl Sts {
        async fn assume_role(&self, _: &Cx, input: AssumeRoleRequest) -> Result<AssumeRoleResponse> {
            Err(ApiError::new(Code::AccessDenied, input.role_arn))
        }

        async fn get_caller_identity(&self, cx: &Cx, _: GetCallerIdentityRequest) -> Result<GetCallerIdentityResponse> {
            Ok(GetCallerIdentityResponse {
                account: Some(cx.account().to_string()),
                ..Default::default()
            })
        }

        async fn nothing(&self, _: &Cx, (): ()) -> Result<()> {
            Ok(())
        }
    }

    fn not_this_role(role: &str) -> ApiError {
        ApiError::new(Code::AccessDenied, role)
    }

    fn role(cx: &Cx, input: &Value, member: &str) -> String {
        format!("{} in {}", input[member].as_str().unwrap_or("*"), cx.account())
    }

    crate::operations! { Sts, crate::STS;
        AssumeRole => assume_role, on role(RoleArn), passes RoleArn to USER_POOLS, costs_cpu;
        GetCallerIdentity => get_caller_identity, on any;
        Nothing => nothing, on any, free, passes "/Roles/*" to IDENTITY_POOLS or not_this_role;
    }

    fn cx() -> Cx {
        let env = Env {
            clock: Arc::new(SystemClock::default()),
            rng: Arc::new(SystemRng),
            account: AccountId::new("123456789012"),
            default_region: Region::new("us-east-1"),
        };
        Cx::internal(&Arc::new(env), "http://localhost")
    }

    fn call(operation: &str, input: Value) -> Result<Value> {
        let cx = cx();
        let mut answer = (TABLE.entry(operation).unwrap().call)(&Sts, &cx, input);
        match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.map(Answered::tree),
            Poll::Pending => panic!("nothing here waits"),
        }
    }

    #[test]
    fn an_operation_is_decoded_called_and_encoded() {
        assert_eq!(
            call("GetCallerIdentity", json!({})).unwrap(),
            json!({"Account": "123456789012"})
        );
        let input = json!({"RoleArn": "arn:x", "RoleSessionName": "ana"});
        assert_eq!(call("AssumeRole", input).unwrap_err().message(), "arn:x");
        assert_eq!(call("AssumeRole", json!({})).unwrap_err().code(), Code::Serialization);
    }

    #[test]
    fn without_an_output_shape_there_is_no_body() {
        assert_eq!(call("Nothing", json!({})).unwrap(), Value::Null);
    }

    #[test]
    fn an_answer_shows_nothing_of_itself() {
        for answered in [
            Answered::Json(br#"{"AccessToken":"eyJ"}"#.to_vec()),
            Answered::Tree(json!({"SecretAccessKey": "eyJ"})),
        ] {
            let shown = format!("{answered:?} {answered:#?}");
            let bytes = format!("{:?}", b"eyJ").replace(['[', ']'], "");
            for secret in ["eyJ", bytes.as_str(), "Token", "Secret"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }

    #[test]
    fn the_resource_comes_from_the_input() {
        let resource = TABLE.entry("AssumeRole").unwrap().resource;
        assert_eq!(resource(&cx(), &json!({"RoleArn": "arn:x"})), "arn:x in 123456789012");
        assert_eq!(
            (TABLE.entry("GetCallerIdentity").unwrap().resource)(&cx(), &json!({})),
            "*"
        );
    }

    #[test]
    fn the_facts_stand_in_the_row() {
        let facts = |operation: &str| TABLE.entry(operation).unwrap().facts;
        let place = |passed: &crate::Passed| (passed.place, passed.to, passed.refusal.is_some());
        let assume = facts("AssumeRole");
        assert!(assume.costs_cpu() && !assume.is_free());
        assert!(assume.passes().map(place).eq([("/RoleArn", crate::USER_POOLS, false)]));
        let nothing = facts("Nothing");
        assert!(nothing.is_free() && !nothing.costs_cpu());
        assert!(
            nothing
                .passes()
                .map(place)
                .eq([("/Roles/*", crate::IDENTITY_POOLS, true)])
        );
        assert!(facts("GetCallerIdentity").0.is_empty());
    }

    #[test]
    fn the_difference_from_the_model_is_known() {
        assert!(TABLE.entry("GetSessionToken").is_none());
        assert_eq!(TABLE.unknown(), ["Nothing"]);
        let missing = TABLE.missing();
        assert_eq!(missing.len(), crate::STS.operations.len() - 2);
        assert!(missing.contains(&"GetSessionToken") && !missing.contains(&"AssumeRole"));
    }

    #[test]
    fn order_is_that_of_bytes() {
        assert!(in_order(&["A", "AB", "B", "Ba"]));
        assert!(!in_order(&["A", "A"]));
        assert!(!in_order(&["B", "A"]));
        assert!(in_order(&[]));
    }
}
