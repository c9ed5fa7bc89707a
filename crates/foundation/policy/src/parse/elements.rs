//! The elements of one statement. Grammar and who may use what: identity-pools-iam 4.1.

use super::outline::{Outline, Written};
use super::{grammar::Grammar, principals};
use crate::arn::ArnPattern;
use crate::condition::Condition;
use crate::context::Context;
use crate::error::Fault;
use crate::kind::PolicyKind;
use crate::pattern::{Hit, Pattern, Rules};
use crate::principal::PrincipalElement;
use crate::statement::{Listed, Polarity, Statement};

/// All that a trust policy may speak of.
const ASSUME_ROLE_ACTIONS: [&str; 6] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
];

impl Outline<'_> {
    /// Of an outline that was examined: it says nothing that is refused.
    pub(super) fn statement(&self, grammar: Grammar) -> Result<Statement, Fault> {
        let Written::Rightly(effect) = self.effect else {
            return Err(Fault::Legacy);
        };
        Ok(Statement {
            span: self.span,
            sid: self.sid.clone().filter(|sid| !sid.is_empty()),
            effect,
            principal: principals(self, grammar)?,
            actions: actions(self, grammar)?,
            resources: resources(self, grammar)?,
            conditions: conditions(self, grammar)?,
        })
    }
}

pub(super) fn principals(statement: &Outline<'_>, grammar: Grammar) -> Result<Option<PrincipalElement>, Fault> {
    let Some((polarity, raw)) = statement.principal else {
        return Ok(None);
    };
    let names = principals::read(raw, grammar.kind)?;
    Ok(Some(match polarity {
        Polarity::OneOf => PrincipalElement::Is(names),
        Polarity::NoneOf => PrincipalElement::Not(names),
    }))
}

pub(super) fn actions(statement: &Outline<'_>, grammar: Grammar) -> Result<Listed<Pattern>, Fault> {
    let (polarity, actions) = statement.actions.as_ref().ok_or(Fault::MissingField("Action"))?;
    if grammar.kind == PolicyKind::Trust && *polarity == Polarity::NoneOf {
        return Err(Fault::NotAssumeRoleAction);
    }
    let patterns = actions
        .iter()
        .map(|action| read_action(action, grammar.kind))
        .collect::<Result<_, _>>()?;
    Ok(Listed {
        polarity: *polarity,
        patterns,
    })
}

fn read_action(action: &str, kind: PolicyKind) -> Result<Pattern, Fault> {
    let pattern = if matches!(action, "*" | "*:*") {
        Pattern::any()
    } else {
        let (vendor, name) = action.split_once(':').ok_or(Fault::ActionWithoutVendor)?;
        if name.contains(':') {
            return Err(Fault::ActionColons);
        }
        if vendor.is_empty() || name.is_empty() {
            return Err(Fault::ActionWithoutVendor);
        }
        if !vendor
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.'))
        {
            return Err(Fault::ActionVendor(vendor.to_owned()));
        }
        if kind == PolicyKind::Bucket && !vendor.eq_ignore_ascii_case("s3") {
            return Err(Fault::ActionVendor(vendor.to_owned()));
        }
        Pattern::new(
            &action.to_ascii_lowercase(),
            Rules {
                wildcards: true,
                variables: false,
            },
        )
    };
    if kind == PolicyKind::Trust {
        let names_one = ASSUME_ROLE_ACTIONS
            .iter()
            .any(|known| pattern.matches(known, &Context::new()) == Hit::Yes);
        if !names_one || action.starts_with('*') {
            return Err(Fault::NotAssumeRoleAction);
        }
    }
    Ok(pattern)
}

pub(super) fn resources(statement: &Outline<'_>, grammar: Grammar) -> Result<Option<Listed<ArnPattern>>, Fault> {
    let Some((polarity, resources)) = &statement.resources else {
        return Ok(None);
    };
    let mut patterns = Vec::with_capacity(resources.len());
    for resource in resources {
        let pattern = ArnPattern::resource(resource, grammar.variables)?;
        if grammar.kind == PolicyKind::Bucket && !pattern.is_s3() {
            return Err(Fault::Resource(resource.clone()));
        }
        patterns.push(pattern);
    }
    Ok(Some(Listed {
        polarity: *polarity,
        patterns: patterns.into(),
    }))
}

pub(super) fn conditions(statement: &Outline<'_>, grammar: Grammar) -> Result<Box<[Condition]>, Fault> {
    statement
        .conditions
        .iter()
        .map(|one| Condition::new(&one.operator, &one.key, &one.values, grammar.variables))
        .collect()
}
