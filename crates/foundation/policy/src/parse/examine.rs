//! What is asked of a document whose shape is right. IAM puts one question to all statements before it asks the next, so
//! that of several faults the one is named that comes first in this order. Reference: identity-pools-iam 3.3.

use std::collections::HashSet;

use super::outline::{Outline, Written};
use super::{elements, grammar::Grammar};
use crate::error::Fault;
use crate::kind::PolicyKind;
use crate::statement::Polarity;

type Question = fn(&Outline<'_>, Grammar) -> Result<(), Fault>;

pub(super) fn examine(statements: &[Outline<'_>], grammar: Grammar) -> Result<(), Fault> {
    let ask = |question: Question| statements.iter().try_for_each(|statement| question(statement, grammar));
    ask(legacy_parser)?;
    ask(sid)?;
    distinct_sids(statements)?;
    ask(principal)?;
    ask(prohibited)?;
    ask(actions_exist)?;
    ask(resources_exist)?;
    // S3's order is unconfirmed.
    let order: [Question; 3] = if grammar.kind == PolicyKind::Bucket {
        [principals, actions, resources]
    } else {
        [resources, actions, principals]
    };
    order.into_iter().try_for_each(ask)
}

fn principals(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    elements::principals(statement, grammar).map(drop)
}

fn actions(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    elements::actions(statement, grammar).map(drop)
}

fn resources(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    elements::resources(statement, grammar).map(drop)
}

fn legacy_parser(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    if matches!(statement.effect, Written::InWrongCase) {
        return Err(Fault::Legacy);
    }
    if grammar.kind != PolicyKind::Bucket {
        let resources = statement.resources.iter().flat_map(|(_, texts)| texts);
        if resources.into_iter().any(|resource| is_short_of_colons(resource)) {
            return Err(Fault::Legacy);
        }
    }
    elements::conditions(statement, grammar).map(drop)
}

/// An S3 ARN without all of its six parts, unless its end is open.
fn is_short_of_colons(resource: &str) -> bool {
    resource.strip_prefix("arn:aws:s3").is_some_and(|rest| {
        (rest.is_empty() || rest.starts_with(':')) && rest.matches(':').count() < 3 && !rest.ends_with(":*")
    })
}

fn sid(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    // S3's console writes `S3PolicyStmt-DO-NOT-MODIFY-1700000000000`.
    let also: &[char] = match grammar.kind {
        PolicyKind::Bucket => &[' ', '-', '_'],
        _ => &[],
    };
    let sid = statement.sid.as_deref().unwrap_or_default();
    if sid.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(&c)) {
        Ok(())
    } else {
        Err(Fault::SidCharacters)
    }
}

/// An empty one is none.
fn distinct_sids(statements: &[Outline<'_>]) -> Result<(), Fault> {
    let mut known = HashSet::new();
    let mut sids = statements.iter().filter_map(|statement| statement.sid.as_deref());
    if sids.all(|sid| sid.is_empty() || known.insert(sid)) {
        Ok(())
    } else {
        Err(Fault::SidRepeated)
    }
}

fn principal(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    match (&statement.principal, grammar.kind) {
        (Some(_), PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary) => Err(Fault::PrincipalForbidden),
        (None, PolicyKind::Trust | PolicyKind::Bucket) => Err(Fault::MissingField("Principal")),
        (Some((Polarity::NoneOf, _)), PolicyKind::Trust) => Err(Fault::ProhibitedField("NotPrincipal")),
        _ => Ok(()),
    }
}

fn prohibited(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    match (&statement.resources, grammar.kind) {
        (Some((Polarity::OneOf, _)), PolicyKind::Trust) => Err(Fault::ProhibitedField("Resource")),
        (Some((Polarity::NoneOf, _)), PolicyKind::Trust) => Err(Fault::ProhibitedField("NotResource")),
        _ => Ok(()),
    }
}

fn actions_exist(statement: &Outline<'_>, _: Grammar) -> Result<(), Fault> {
    match &statement.actions {
        Some((_, actions)) if !actions.is_empty() => Ok(()),
        _ => Err(Fault::MissingField("Action")),
    }
}

fn resources_exist(statement: &Outline<'_>, grammar: Grammar) -> Result<(), Fault> {
    match &statement.resources {
        Some((_, resources)) if !resources.is_empty() => Ok(()),
        None if grammar.kind == PolicyKind::Trust => Ok(()),
        _ => Err(Fault::MissingField("Resource")),
    }
}
