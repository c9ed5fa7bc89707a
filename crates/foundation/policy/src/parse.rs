//! The document: versions, kinds, statements in their order. Grammar: identity-pools-iam 4.1.

mod elements;
mod examine;
mod grammar;
mod outline;
mod place;
mod principals;
mod services;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::arn::ArnPattern;
use crate::condition::Condition;
use crate::error::{Fault, ParseError};
use crate::json::{self, Object};
use crate::kind::{PolicyKind, Version};
use crate::statement::Statement;
use grammar::Grammar;
use outline::Outline;
use place::Places;

/// A parsed document: immutable, shared by cloning.
#[derive(Clone, Debug)]
pub struct Policy(Arc<Document>);

#[derive(Debug)]
struct Document {
    kind: PolicyKind,
    version: Option<Version>,
    id: Option<String>,
    statements: Box<[Statement]>,
}

impl Policy {
    /// Errors: MalformedPolicyDocument (S3: MalformedPolicy) with the service's sentence.
    pub fn parse(text: &str, kind: PolicyKind) -> Result<Self, ParseError> {
        Self::read(text, kind, Versions::Any)
    }

    /// For CreatePolicy and CreatePolicyVersion, which take documents of the current version only. Errors: as
    /// [`Policy::parse`].
    pub fn parse_managed(text: &str) -> Result<Self, ParseError> {
        Self::read(text, PolicyKind::Identity, Versions::Current)
    }

    fn read(text: &str, kind: PolicyKind, versions: Versions) -> Result<Self, ParseError> {
        document(text, kind, versions)
            .map(|document| Self(Arc::new(document)))
            .map_err(|fault| ParseError::new(kind, &fault))
    }

    pub fn kind(&self) -> PolicyKind {
        self.0.kind
    }

    pub fn version(&self) -> Version {
        self.0.version.unwrap_or(Version::V2008)
    }

    pub fn id(&self) -> Option<&str> {
        self.0.id.as_deref()
    }

    pub fn statements(&self) -> &[Statement] {
        &self.0.statements
    }

    /// What STS asks of session policies beyond the grammar: no ARN is left for it to complete with stars. Errors:
    /// MalformedPolicyDocument. Source: IAM user guide, "IAM identifiers"; the sentence is unconfirmed.
    pub fn require_whole_arns(&self) -> Result<(), ParseError> {
        if self.resources().all(ArnPattern::is_whole) {
            Ok(())
        } else {
            Err(ParseError::new(self.kind(), &Fault::Legacy))
        }
    }

    /// Keys in conditions and variables, each once, as first written and in order: GetContextKeysFor….
    pub fn context_keys(&self) -> Vec<&str> {
        let mut seen = HashSet::new();
        let resources = self
            .resources()
            .flat_map(ArnPattern::variables)
            .map(|variable| &variable.key);
        let conditions = self.conditions().flat_map(|condition| {
            std::iter::once(&condition.key).chain(condition.variables().map(|variable| &variable.key))
        });
        let keys = resources.chain(conditions);
        keys.filter(|key| seen.insert(&*key.folded))
            .map(|key| &*key.written)
            .collect()
    }

    fn resources(&self) -> impl Iterator<Item = &ArnPattern> {
        self.statements()
            .iter()
            .filter_map(|statement| statement.resources.as_ref())
            .flat_map(|list| &list.patterns)
    }

    fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.statements().iter().flat_map(|statement| &statement.conditions)
    }
}

/// Which versions a document may be of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Versions {
    Any,
    Current,
}

fn document(text: &str, kind: PolicyKind, versions: Versions) -> Result<Document, Fault> {
    // IAM's own pattern of documents. Bucket policies may name keys in any script.
    if kind != PolicyKind::Bucket
        && !text
            .chars()
            .all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}'))
    {
        return Err(Fault::Syntax);
    }
    if !json::is_json(text) {
        return Err(Fault::NotJson);
    }
    if !text.trim_start().starts_with('{') {
        return Err(Fault::NoObject);
    }
    let mut fields = Object::read(text)?;
    let version = fields.take("Version").map(version).transpose()?;
    let id = fields.take("Id").map(json::text).transpose()?;
    let statement = fields.take("Statement");
    if let Some(name) = fields.first_name() {
        return Err(Fault::UnknownField(name.to_owned()));
    }
    let statement = statement.ok_or(Fault::MissingField("Statement"))?;
    let grammar = Grammar {
        kind,
        variables: version == Some(Version::V2012),
    };
    let outlines = outlines(text, statement, grammar)?;
    if versions == Versions::Current && version != Some(Version::V2012) {
        return Err(Fault::OldVersion);
    }
    examine::examine(&outlines, grammar)?;
    let statements = outlines.iter().map(|outline| outline.statement(grammar));
    Ok(Document {
        kind,
        version,
        id,
        statements: statements.collect::<Result<_, _>>()?,
    })
}

fn version(raw: &RawValue) -> Result<Version, Fault> {
    match json::text(raw).map_err(|_| Fault::Version)?.as_str() {
        "2008-10-17" => Ok(Version::V2008),
        "2012-10-17" => Ok(Version::V2012),
        _ => Err(Fault::Version),
    }
}

fn outlines<'a>(text: &'a str, raw: &'a RawValue, grammar: Grammar) -> Result<Vec<Outline<'a>>, Fault> {
    let mut places = Places::new(text);
    if !json::is_list(raw) {
        let span = places.lone(raw.get());
        return Ok(vec![Outline::read(raw.get(), grammar, span)?]);
    }
    let list = json::list(raw)?;
    if list.is_empty() && grammar.kind != PolicyKind::Bucket {
        return Err(Fault::Syntax);
    }
    places.enter(raw.get());
    list.into_iter()
        .map(|raw| Outline::read(raw.get(), grammar, places.next(raw.get())))
        .collect()
}
