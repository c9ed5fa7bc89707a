//! One statement as it is written: its elements are there in the right shapes, what they say is not yet looked at.
//! Grammar: identity-pools-iam 4.1.

use serde_json::value::RawValue;

use super::grammar::Grammar;
use crate::error::Fault;
use crate::json::{self, Object};
use crate::kind::PolicyKind;
use crate::operator::Operator;
use crate::statement::{Effect, Polarity, Span};

pub(super) struct Outline<'a> {
    pub(super) span: Span,
    pub(super) sid: Option<String>,
    pub(super) effect: Written<Effect>,
    pub(super) principal: Option<(Polarity, &'a RawValue)>,
    pub(super) actions: Option<(Polarity, Vec<String>)>,
    pub(super) resources: Option<(Polarity, Vec<String>)>,
    pub(super) conditions: Vec<WrittenCondition>,
}

/// IAM tells a word in the wrong case from a wrong word.
#[derive(Clone, Copy)]
pub(super) enum Written<T> {
    Rightly(T),
    InWrongCase,
}

pub(super) struct WrittenCondition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

impl<'a> Outline<'a> {
    pub(super) fn read(text: &'a str, grammar: Grammar, span: Span) -> Result<Self, Fault> {
        let mut fields = Object::read(text)?;
        let sid = fields.take("Sid");
        let effect = fields.take("Effect");
        let principal = either(&mut fields, "Principal", "NotPrincipal")?;
        let actions = either(&mut fields, "Action", "NotAction")?;
        let resources = either(&mut fields, "Resource", "NotResource")?;
        let condition = fields.take("Condition");
        if let Some(name) = fields.first_name() {
            return Err(Fault::UnknownField(name.to_owned()));
        }
        Ok(Self {
            span,
            sid: sid.map(json::text).transpose()?,
            effect: read_effect(effect.ok_or(Fault::MissingField("Effect"))?, grammar)?,
            principal,
            actions: actions.map(texts).transpose()?,
            resources: resources.map(texts).transpose()?,
            conditions: condition.map_or(Ok(Vec::new()), |raw| read_conditions(raw, grammar))?,
        })
    }
}

fn either<'a>(fields: &mut Object<'a>, name: &str, negated: &str) -> Result<Option<(Polarity, &'a RawValue)>, Fault> {
    match (fields.take(name), fields.take(negated)) {
        (Some(_), Some(_)) => Err(Fault::Syntax),
        (Some(raw), None) => Ok(Some((Polarity::OneOf, raw))),
        (None, Some(raw)) => Ok(Some((Polarity::NoneOf, raw))),
        (None, None) => Ok(None),
    }
}

fn texts((polarity, raw): (Polarity, &RawValue)) -> Result<(Polarity, Vec<String>), Fault> {
    Ok((polarity, json::texts(raw)?))
}

fn read_effect(raw: &RawValue, grammar: Grammar) -> Result<Written<Effect>, Fault> {
    let effect = json::text(raw)?;
    match effect.as_str() {
        "Allow" => Ok(Written::Rightly(Effect::Allow)),
        "Deny" => Ok(Written::Rightly(Effect::Deny)),
        other
            if grammar.kind != PolicyKind::Bucket
                && ["allow", "deny"].iter().any(|word| word.eq_ignore_ascii_case(other)) =>
        {
            Ok(Written::InWrongCase)
        }
        _ => Err(Fault::Effect(effect)),
    }
}

fn read_conditions(raw: &RawValue, grammar: Grammar) -> Result<Vec<WrittenCondition>, Fault> {
    let mut conditions = Vec::new();
    for (operator, keys) in Object::read(raw.get())?.into_entries() {
        if Operator::parse(&operator).is_none() {
            return Err(Fault::Operator(operator));
        }
        for (key, values) in Object::read(keys.get())?.into_entries() {
            let values = json::scalars(values)?;
            // IAM takes a list without values, which nothing fits.
            if grammar.kind == PolicyKind::Bucket && values.is_empty() {
                return Err(Fault::Syntax);
            }
            conditions.push(WrittenCondition {
                operator: operator.clone(),
                key,
                values,
            });
        }
    }
    Ok(conditions)
}
