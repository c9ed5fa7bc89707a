//! What PutBucketPolicy asks of a policy whose grammar is right: that each statement can mean something in this bucket. A
//! policy that is kept already is not asked again. Sentences: identity-pools-iam 11.1.

mod actions;

use std::collections::HashSet;

use crate::arn::ArnPattern;
use crate::context::Context;
use crate::error::{Fault, ParseError};
use crate::kind::PolicyKind;
use crate::parse::Policy;
use crate::pattern::{Hit, Pattern, Rules};
use crate::principal::PrincipalElement;
use crate::statement::{Effect, Listed, Polarity, Statement};
use actions::{ActionSet, On};

#[cfg(test)]
pub(crate) use actions::WALKS;
/// All of S3's own condition keys that a bucket's policy may ask for, in lower case, without `s3:`, each with the action
/// (`s3:getobject`) that it comes with; none: with all. A `/` at the end stands for any tag's key.
pub use actions::condition_keys;

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
    let entries = meant(&statement.actions)?;
    let resources = statement.resources.as_ref().ok_or(Fault::MissingField("Resource"))?;
    let reach = reach(resources, bucket)?;
    let within = ActionSet::of(|action| reach.has(action.on));
    let fitting: HashSet<ActionSet> = entries.into_iter().map(|entry| entry.and(within)).collect();
    if fitting.contains(&ActionSet::NONE) {
        return Err(Fault::ActionWithoutResource);
    }
    let mut known = HashSet::new();
    statement
        .conditions
        .iter()
        .map(|condition| &*condition.key.folded)
        .filter(|key| known.insert(*key))
        .try_for_each(|key| condition_applies(key, &fitting))
}

/// What the entries of Action mean, each meaning once; what NotAction leaves is one.
fn meant(listed: &Listed<Pattern>) -> Result<HashSet<ActionSet>, Fault> {
    // Policies may say one thing thousands of times: it is looked up once.
    let distinct: HashSet<&Pattern> = listed.patterns.iter().collect();
    let meant_by =
        |pattern: &Pattern| ActionSet::of(|action| pattern.matches(&action.name, &Context::new()) == Hit::Yes);
    let entries: HashSet<ActionSet> = distinct.into_iter().map(meant_by).collect();
    if entries.contains(&ActionSet::NONE) {
        return Err(Fault::UnknownAction);
    }
    Ok(match listed.polarity {
        Polarity::OneOf => entries,
        Polarity::NoneOf => {
            let excepted = entries.into_iter().fold(ActionSet::NONE, ActionSet::or);
            HashSet::from([excepted.complement()])
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
fn condition_applies(key: &str, entries: &HashSet<ActionSet>) -> Result<(), Fault> {
    let (vendor, key) = key.split_once(':').ok_or(Fault::ConditionKey)?;
    if vendor != "s3" || actions::takes_everywhere(key) {
        return Ok(());
    }
    let takers = ActionSet::of(|action| action.takes(key));
    if takers == ActionSet::NONE {
        return Err(Fault::ConditionKey);
    }
    if entries.iter().all(|entry| entry.and(takers) != ActionSet::NONE) {
        Ok(())
    } else {
        Err(Fault::ConditionsDoNotApply)
    }
}
