//! The elements of one statement. Grammar and who may use what: identity-pools-iam 4.1.

use serde_json::value::RawValue;

use super::{Grammar, PolicyKind, effect, principals};
use crate::arn::ArnPattern;
use crate::condition::Condition;
use crate::context::Context;
use crate::error::Fault;
use crate::json::{self, Object};
use crate::pattern::{Hit, Pattern, Rules};
use crate::principal::PrincipalElement;
use crate::statement::{Listed, Polarity, Span, Statement};

/// All that a trust policy may speak of.
const ASSUME_ROLE_ACTIONS: [&str; 6] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:tagsession",
    "sts:setsourceidentity",
    "sts:setcontext",
];

pub(super) fn statement(text: &str, grammar: Grammar, span: Span) -> Result<Statement, Fault> {
    let mut fields = Object::read(text)?;
    let sid = fields.take("Sid");
    let effect_field = fields.take("Effect");
    let principal = either(&mut fields, "Principal", "NotPrincipal")?;
    let action = either(&mut fields, "Action", "NotAction")?;
    let resource = either(&mut fields, "Resource", "NotResource")?;
    let condition = fields.take("Condition");
    if let Some(name) = fields.first_name() {
        return Err(Fault::UnknownField(name.to_owned()));
    }
    Ok(Statement {
        span,
        sid: sid
            .map(|raw| read_sid(raw, grammar))
            .transpose()?
            .filter(|sid| !sid.is_empty()),
        effect: effect(effect_field.ok_or(Fault::MissingField("Effect"))?)?,
        principal: read_principal(principal, grammar)?,
        actions: read_actions(action, grammar)?,
        resources: read_resources(resource, grammar)?,
        conditions: condition.map_or(Ok(Box::default()), |raw| read_conditions(raw, grammar))?,
    })
}

type Field<'a> = Option<(Polarity, &'a RawValue)>;

fn either<'a>(fields: &mut Object<'a>, name: &str, negated: &str) -> Result<Field<'a>, Fault> {
    match (fields.take(name), fields.take(negated)) {
        (Some(_), Some(_)) => Err(Fault::Syntax),
        (Some(raw), None) => Ok(Some((Polarity::OneOf, raw))),
        (None, Some(raw)) => Ok(Some((Polarity::NoneOf, raw))),
        (None, None) => Ok(None),
    }
}

fn read_sid(raw: &RawValue, grammar: Grammar) -> Result<String, Fault> {
    let sid = json::text(raw)?;
    let spaces = grammar.kind == PolicyKind::Bucket;
    if sid.chars().all(|c| c.is_ascii_alphanumeric() || (spaces && c == ' ')) {
        Ok(sid)
    } else {
        Err(Fault::SidCharacters)
    }
}

fn read_principal(field: Field<'_>, grammar: Grammar) -> Result<Option<PrincipalElement>, Fault> {
    match (field, grammar.kind) {
        (None, PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary) => Ok(None),
        (Some(_), PolicyKind::Identity | PolicyKind::Session | PolicyKind::Boundary) => Err(Fault::PrincipalForbidden),
        (None, PolicyKind::Trust | PolicyKind::Bucket) => Err(Fault::MissingField("Principal")),
        (Some((Polarity::NoneOf, _)), PolicyKind::Trust) => Err(Fault::ProhibitedField("NotPrincipal")),
        (Some((polarity, raw)), kind) => {
            let names = principals::read(raw, kind)?;
            Ok(Some(match polarity {
                Polarity::OneOf => PrincipalElement::Is(names),
                Polarity::NoneOf => PrincipalElement::Not(names),
            }))
        }
    }
}

fn read_actions(field: Field<'_>, grammar: Grammar) -> Result<Listed<Pattern>, Fault> {
    let (polarity, raw) = field.ok_or(Fault::MissingField("Action"))?;
    if grammar.kind == PolicyKind::Trust && polarity == Polarity::NoneOf {
        return Err(Fault::NotAssumeRoleAction);
    }
    let actions = json::texts(raw)?;
    if actions.is_empty() {
        return Err(Fault::MissingField("Action"));
    }
    let patterns = actions
        .iter()
        .map(|action| read_action(action, grammar.kind))
        .collect::<Result<_, _>>()?;
    Ok(Listed { polarity, patterns })
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

fn read_resources(field: Field<'_>, grammar: Grammar) -> Result<Option<Listed<ArnPattern>>, Fault> {
    let (polarity, raw) = match (field, grammar.kind) {
        (None, PolicyKind::Trust) => return Ok(None),
        (Some((Polarity::OneOf, _)), PolicyKind::Trust) => return Err(Fault::ProhibitedField("Resource")),
        (Some((Polarity::NoneOf, _)), PolicyKind::Trust) => return Err(Fault::ProhibitedField("NotResource")),
        (None, _) => return Err(Fault::MissingField("Resource")),
        (Some(field), _) => field,
    };
    let resources = json::texts(raw)?;
    if resources.is_empty() {
        return Err(Fault::MissingField("Resource"));
    }
    let mut patterns = Vec::with_capacity(resources.len());
    for resource in &resources {
        let pattern = ArnPattern::resource(resource, grammar.variables)?;
        if grammar.kind == PolicyKind::Bucket && !pattern.is_s3() {
            return Err(Fault::Resource(resource.clone()));
        }
        patterns.push(pattern);
    }
    Ok(Some(Listed {
        polarity,
        patterns: patterns.into(),
    }))
}

fn read_conditions(raw: &RawValue, grammar: Grammar) -> Result<Box<[Condition]>, Fault> {
    let mut conditions = Vec::new();
    for (operator, keys) in Object::read(raw.get())?.into_entries() {
        for (key, values) in Object::read(keys.get())?.into_entries() {
            // Tag names and issuers with a port bring further colons, so only the first is asked for.
            if !key.contains(':') {
                return Err(Fault::ConditionKey);
            }
            let values = json::scalars(values)?;
            if values.is_empty() {
                return Err(Fault::Syntax);
            }
            conditions.push(Condition::new(&operator, &key, &values, grammar.variables)?);
        }
    }
    Ok(conditions.into())
}
