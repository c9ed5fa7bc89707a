//! What PutBucketPolicy asks of a policy whose grammar is right: that each statement can mean something in this bucket. A
//! policy that is kept already is not asked again. Sentences: identity-pools-iam 11.1.

mod actions;

use crate::arn::ArnPattern;
use crate::condition::Condition;
use crate::context::Context;
use crate::error::{Fault, ParseError};
use crate::parse::{Policy, PolicyKind};
use crate::pattern::{Hit, Pattern, Rules};
use crate::principal::PrincipalElement;
use crate::statement::{Effect, Listed, Polarity, Statement};
use actions::{ACTIONS, Action, On};

impl Policy {
    /// Whether S3 takes it for the bucket of this name. Errors: MalformedPolicy with S3's sentence.
    pub fn require_sense_in(&self, bucket: &str) -> Result<(), ParseError> {
        self.statements()
            .iter()
            .try_for_each(|statement| examine(statement, bucket))
            .map_err(|fault| ParseError::new(PolicyKind::Bucket, &fault))
    }
}

fn examine(statement: &Statement, bucket: &str) -> Result<(), Fault> {
    if let (Effect::Allow, Some(PrincipalElement::Not(_))) = (statement.effect, &statement.principal) {
        return Err(Fault::AllowNotPrincipal);
    }
    let meant = meant(&statement.actions)?;
    let resources = statement.resources.as_ref().ok_or(Fault::MissingField("Resource"))?;
    let reach = reach(resources, bucket)?;
    let fitting: Vec<Vec<&Action>> = meant
        .into_iter()
        .map(|actions| actions.into_iter().filter(|action| reach.has(action.on)).collect())
        .collect();
    if fitting.iter().any(Vec::is_empty) {
        return Err(Fault::ActionWithoutResource);
    }
    statement
        .conditions
        .iter()
        .try_for_each(|condition| condition_applies(condition, &fitting))
}

/// The actions that each entry of Action means; those that NotAction leaves are one entry.
fn meant(listed: &Listed<Pattern>) -> Result<Vec<Vec<&'static Action>>, Fault> {
    let meant_by = |pattern: &Pattern| -> Vec<&'static Action> {
        let fits = |action: &&Action| pattern.matches(&action.name, &Context::new()) == Hit::Yes;
        ACTIONS.iter().filter(fits).collect()
    };
    let entries: Vec<_> = listed.patterns.iter().map(meant_by).collect();
    if entries.iter().any(Vec::is_empty) {
        return Err(Fault::UnknownAction);
    }
    Ok(match listed.polarity {
        Polarity::OneOf => entries,
        Polarity::NoneOf => {
            let excepted = |action: &Action| entries.iter().flatten().any(|other| other.name == action.name);
            vec![ACTIONS.iter().filter(|action| !excepted(action)).collect()]
        }
    })
}

/// What a statement can act on.
#[derive(Clone, Copy)]
struct Reach {
    bucket: bool,
    objects: bool,
}

impl Reach {
    fn has(self, on: On) -> bool {
        match on {
            On::Bucket => self.bucket,
            On::Object => self.objects,
            On::Other => false,
        }
    }
}

/// Errors: a resource lies outside of the bucket.
fn reach(listed: &Listed<ArnPattern>, bucket: &str) -> Result<Reach, Fault> {
    let mut all = Reach {
        bucket: false,
        objects: false,
    };
    for resource in &listed.patterns {
        let name = resource.bucket_and_key().unwrap_or_default();
        let reach = Reach {
            bucket: glob(name).matches(bucket, &Context::new()) == Hit::Yes,
            objects: can_begin_with(name, &format!("{bucket}/")),
        };
        if !reach.bucket && !reach.objects {
            return Err(Fault::Resource(resource.written().to_owned()));
        }
        all.bucket |= reach.bucket;
        all.objects |= reach.objects;
    }
    Ok(match listed.polarity {
        Polarity::OneOf => all,
        Polarity::NoneOf => Reach {
            bucket: true,
            objects: true,
        },
    })
}

/// Whether the glob, up to some place in it, fits the whole of `start`.
fn can_begin_with(text: &str, start: &str) -> bool {
    let mut beginning = String::new();
    let mut letters = 0;
    for c in text.chars() {
        if c == '*' && beginning.ends_with('*') {
            continue;
        }
        letters += usize::from(c != '*');
        if letters > start.len() {
            return false;
        }
        beginning.push(c);
        if glob(&beginning).matches(start, &Context::new()) == Hit::Yes {
            return true;
        }
    }
    false
}

fn glob(text: &str) -> Pattern {
    Pattern::new(
        text,
        Rules {
            wildcards: true,
            variables: false,
        },
    )
}

/// Every entry of Action must have an action that the key comes with. Keys of other services are not S3's to know.
fn condition_applies(condition: &Condition, entries: &[Vec<&Action>]) -> Result<(), Fault> {
    let (vendor, key) = condition.key.folded.split_once(':').ok_or(Fault::ConditionKey)?;
    if vendor != "s3" || actions::takes_everywhere(key) {
        return Ok(());
    }
    if !ACTIONS.iter().any(|action| action.takes(key)) {
        return Err(Fault::ConditionKey);
    }
    if entries.iter().all(|entry| entry.iter().any(|action| action.takes(key))) {
        Ok(())
    } else {
        Err(Fault::ConditionsDoNotApply)
    }
}
