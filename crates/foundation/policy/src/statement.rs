//! A statement and the question whether it applies. Reference: identity-pools-iam 4.1 and 5.1.

use std::borrow::Cow;

use crate::arn::{ArnPattern, ArnText};
use crate::condition::Condition;
use crate::context::Context;
use crate::element::Element;
use crate::kind::PolicyKind;
use crate::pattern::{Hit, Pattern};
use crate::principal::{Everyone, Grant, Principal, PrincipalElement};
use crate::request::Request;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    Allow,
    Deny,
}

/// Line and column from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// Where a statement stands, as the policy simulator reports it (seen in the AWS CLI's examples): from just behind the
/// `[` or `,` before it (the `{` of a lone statement) to just behind its `}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

/// One parsed statement.
#[derive(Clone, Debug)]
pub struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) span: Span,
    pub(crate) principal: Option<PrincipalElement>,
    pub(crate) actions: Listed<Pattern>,
    /// Absent in trust policies: the role itself.
    pub(crate) resources: Option<Listed<ArnPattern>>,
    pub(crate) conditions: Box<[Condition]>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug)]
pub(crate) struct Listed<T> {
    pub(crate) polarity: Polarity,
    pub(crate) patterns: Box<[T]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Polarity {
    OneOf,
    NoneOf,
}

impl<T> Listed<T> {
    /// A doubtful entry (unresolved variable) is neither among the listed nor safely outside of them.
    fn admits(&self, hit: impl Fn(&T) -> Hit) -> bool {
        let hit = Hit::any(self.patterns.iter().map(hit));
        hit == match self.polarity {
            Polarity::OneOf => Hit::Yes,
            Polarity::NoneOf => Hit::No,
        }
    }
}

/// A request made ready once for all statements.
pub(crate) struct Prepared<'a> {
    pub(crate) principal: &'a Principal<'a>,
    pub(crate) context: &'a Context<'a>,
    action: Cow<'a, str>,
    resource: ArnText<'a>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(request: &'a Request<'a>) -> Self {
        Self {
            principal: &request.principal,
            context: request.context,
            action: folded_action(request.action),
            resource: ArnText::new(request.resource),
        }
    }
}

/// Action names ignore case; they are ASCII.
pub(crate) fn folded_action(action: &str) -> Cow<'_, str> {
    if action.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(action.to_ascii_lowercase())
    } else {
        Cow::Borrowed(action)
    }
}

impl Statement {
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    pub fn effect(&self) -> Effect {
        self.effect
    }

    pub fn span(&self) -> Span {
        self.span
    }

    /// How closely it names the caller, or the first element that does not fit, cheapest first. `slot` is the part that
    /// the policy plays in this request: who is meant matters for resource and trust policies only.
    pub(crate) fn applies(&self, request: &Prepared<'_>, slot: PolicyKind) -> Result<Grant, Element<'_>> {
        let Prepared {
            action,
            resource,
            context,
            ..
        } = request;
        if !self.actions.admits(|pattern| pattern.matches(action, context)) {
            return Err(Element::Action);
        }
        if let Some(resources) = &self.resources
            && !resources.admits(|pattern| pattern.matches(resource, context))
        {
            return Err(Element::Resource);
        }
        let grant = self.grant(request.principal, slot).ok_or(Element::Principal)?;
        match self.conditions.iter().find(|condition| !condition.holds(context)) {
            Some(failed) => Err(Element::Condition {
                operator: &failed.written,
                key: &failed.key.written,
            }),
            None => Ok(grant),
        }
    }

    fn grant(&self, caller: &Principal<'_>, slot: PolicyKind) -> Option<Grant> {
        let everyone = match slot {
            PolicyKind::Bucket => Everyone::Anybody,
            PolicyKind::Trust => Everyone::AwsPrincipals,
            PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary => {
                return self.principal.is_none().then_some(Grant::Direct);
            }
        };
        let element = self.principal.as_ref()?;
        match self.effect {
            Effect::Allow => element.grant(caller, everyone),
            // Whom `*` leaves out of an Allow it must not leave out of a Deny.
            Effect::Deny => element.denies(caller, Everyone::Anybody).then_some(Grant::Direct),
        }
    }
}
