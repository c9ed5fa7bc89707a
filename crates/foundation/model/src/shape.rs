//! The shape graph. Everything is `'static` and reached by following references; members keep the model's order.

use crate::Pattern;

/// One AWS API.
#[derive(Debug)]
pub struct Service {
    /// `cognito-idp`, `cognito-identity`, `iam`, `sts`.
    pub id: &'static str,
    /// The service in a SigV4 scope and the prefix of IAM actions.
    pub signing_name: &'static str,
    /// What precedes the operation in `X-Amz-Target`; JSON services only.
    pub target_prefix: Option<&'static str>,
    /// The `Version` parameter of the query services.
    pub api_version: &'static str,
    /// Of the answers of the query services.
    pub xml_namespace: Option<&'static str>,
    pub protocol: Protocol,
    /// Sorted by name.
    pub operations: &'static [Operation],
    /// Sorted by code.
    pub errors: &'static [ErrorSpec],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// AWS JSON 1.1.
    AwsJson,
    AwsQuery,
}

#[derive(Debug)]
pub struct Operation {
    pub name: &'static str,
    /// Absent: the operation takes nothing.
    pub input: Option<&'static Shape>,
    /// Absent: the answer has no body (JSON) or only its metadata (query).
    pub output: Option<Output>,
    pub auth: Auth,
    /// The shapes of the errors it is modelled to answer.
    pub errors: &'static [&'static str],
}

#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub shape: &'static Shape,
    /// The element that holds the result, such as `GetRoleResult`; query services only.
    pub result_wrapper: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Nothing is signed; the input may still carry an access token or a session.
    None,
    SigV4,
}

/// How the model answers an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorSpec {
    /// What goes over the wire: `NoSuchEntity`, `NotAuthorizedException`.
    pub code: &'static str,
    /// The shape's name in the model: `NoSuchEntityException`.
    pub shape: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The client's fault (`<Type>Sender</Type>`), not the server's.
    pub sender: bool,
}

#[derive(Debug)]
pub struct Shape {
    pub name: &'static str,
    pub kind: Kind,
    /// Its value is not repeated in messages.
    pub sensitive: bool,
    /// Least length (UTF-16 units, bytes, elements, entries) or value.
    pub min: Option<i64>,
    /// Greatest length or value.
    pub max: Option<i64>,
    pub pattern: Option<&'static Pattern>,
}

#[derive(Debug)]
pub enum Kind {
    Structure(&'static [Member]),
    List(&'static Shape),
    Map {
        key: &'static Shape,
        value: &'static Shape,
    },
    /// `values` is not empty where the string is an enumeration.
    String {
        values: &'static [&'static str],
    },
    Integer,
    Long,
    Float,
    Double,
    Boolean,
    Timestamp,
    /// Base64 in JSON and in query parameters.
    Blob,
    /// Any JSON.
    Document,
}

#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub required: bool,
    pub shape: &'static Shape,
}

impl Service {
    pub fn operation(&self, name: &str) -> Option<&'static Operation> {
        let operations = self.operations;
        let at = operations.binary_search_by(|operation| operation.name.cmp(name)).ok()?;
        operations.get(at)
    }

    /// By what goes over the wire. Errors of the front end (signatures, unknown operations) are in no model.
    pub fn error(&self, code: &str) -> Option<ErrorSpec> {
        let at = self.errors.binary_search_by(|error| error.code.cmp(code)).ok()?;
        self.errors.get(at).copied()
    }
}

impl ErrorSpec {
    /// Ours, not the caller's.
    pub const fn fault(self) -> bool {
        !self.sender
    }
}

impl Shape {
    /// In the model's order; empty unless it is a structure.
    pub const fn members(&self) -> &'static [Member] {
        match self.kind {
            Kind::Structure(members) => members,
            _ => &[],
        }
    }

    pub fn member(&self, name: &str) -> Option<&'static Member> {
        self.members().iter().find(|member| member.name == name)
    }

    /// Numbers, strings and the like: what the query protocol writes as one parameter.
    pub const fn is_scalar(&self) -> bool {
        !matches!(
            self.kind,
            Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } | Kind::Document
        )
    }
}
