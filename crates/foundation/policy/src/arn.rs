//! ARNs and patterns of them: five parts compared one by one, the sixth as one text, so that a `*` between colons never
//! reaches over them. Reference: identity-pools-iam 4.1 (Resource wildcard), 4.3 (ARN operators).

use crate::context::Context;
use crate::error::{Fault, IAM_PATHS};
use crate::pattern::{Hit, Pattern, Rules, Variable};

/// A request's ARN, taken apart once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ArnText<'a> {
    whole: &'a str,
    /// `arn:partition:service:region:account:resource`; the resource keeps its colons. `None`: not an ARN.
    parts: Option<[&'a str; 6]>,
}

impl<'a> ArnText<'a> {
    pub(crate) fn new(whole: &'a str) -> Self {
        let mut fields = whole.splitn(6, ':');
        let parts: Option<[&str; 6]> = (|| {
            let mut field = || fields.next();
            Some([field()?, field()?, field()?, field()?, field()?, field()?])
        })();
        Self {
            whole,
            parts: parts.filter(|_| whole.starts_with("arn:")),
        }
    }

    pub(crate) fn is_arn(&self) -> bool {
        self.parts.is_some()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ArnPattern {
    written: Box<str>,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// The lone `*`.
    Any,
    Parts(Box<[Pattern; 6]>),
    /// `${aws:PrincipalArn}`: a variable brings the colons, so the text is compared as one.
    Whole(Pattern),
}

impl ArnPattern {
    /// An entry of Resource or NotResource; variables count in its last part only. Parts that are left out are any.
    pub(crate) fn resource(text: &str, variables: bool) -> Result<Self, Fault> {
        if text == "*" {
            return Ok(Self {
                written: text.into(),
                form: Form::Any,
            });
        }
        let rest = text
            .strip_prefix("arn:")
            .ok_or_else(|| Fault::Resource(text.to_owned()))?;
        let mut fields = rest.splitn(5, ':');
        let partition = fields.next().unwrap_or_default();
        let [service, region, account, resource] = std::array::from_fn(|_| fields.next());
        if !names_our_partition(partition) {
            // Parts that are left out are any, and are printed so.
            let parts = [service, region, account, resource].map(|part| part.unwrap_or("*"));
            return Err(Fault::ResourcePartition {
                partition: partition.to_owned(),
                resource: format!("arn:{partition}:{}", parts.join(":")),
            });
        }
        let service = service.unwrap_or_default();
        if service.is_empty() || service.contains(['*', '?', '$']) {
            return Err(Fault::ResourceVendor);
        }
        let regional = region.is_some_and(|region| !matches!(region, "" | "*"));
        match service {
            "iam" if regional => return Err(Fault::IamRegion(text.to_owned())),
            "iam" if !resource.is_none_or(|path| can_begin(path, &IAM_PATHS)) => return Err(Fault::IamPath),
            "s3" if regional && !resource.is_none_or(|path| can_begin(path, &S3_REGIONAL)) => {
                return Err(Fault::S3Region(text.to_owned()));
            }
            _ => {}
        }
        let glob = |field: Option<&str>, variables| {
            field.map_or_else(Pattern::any, |field| {
                Pattern::new(
                    field,
                    Rules {
                        wildcards: true,
                        variables,
                    },
                )
            })
        };
        let parts = [
            Pattern::exact("arn"),
            glob(Some(partition), false),
            Pattern::exact(service),
            glob(region, false),
            glob(account, false),
            glob(resource, variables),
        ];
        Ok(Self {
            written: text.into(),
            form: Form::Parts(Box::new(parts)),
        })
    }

    /// A value of ArnLike and its kin: wildcards and variables in every part. `None`: it could never be an ARN.
    pub(crate) fn condition(text: &str, variables: bool) -> Option<Self> {
        if text == "*" {
            return Some(Self {
                written: text.into(),
                form: Form::Any,
            });
        }
        let rules = Rules {
            wildcards: true,
            variables,
        };
        let mut parts: Vec<Pattern> = split_outside_variables(text, variables)
            .into_iter()
            .map(|field| Pattern::new(field, rules))
            .collect();
        if text.starts_with("arn:") && text.ends_with('*') {
            parts.resize_with(6, Pattern::any);
        }
        let form = if let Ok(parts) = <[Pattern; 6]>::try_from(parts) {
            Form::Parts(Box::new(parts))
        } else {
            let whole = Pattern::new(
                text,
                Rules {
                    wildcards: false,
                    variables,
                },
            );
            whole.variables().next()?;
            Form::Whole(whole)
        };
        Some(Self {
            written: text.into(),
            form,
        })
    }

    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// All six parts are written.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.form, Form::Any) || self.written.matches(':').count() >= 5
    }

    /// `arn:aws:s3:::…`, written out: S3 refuses `*` and shortened forms in bucket policies.
    pub(crate) fn is_s3(&self) -> bool {
        self.bucket_and_key().is_some()
    }

    /// What stands behind `arn:aws:s3:::`.
    pub(crate) fn bucket_and_key(&self) -> Option<&str> {
        let (partition, resource) = self.written.strip_prefix("arn:")?.split_once(":s3:::")?;
        (partition.starts_with("aws") && !partition.contains([':', '*', '?'])).then_some(resource)
    }

    pub(crate) fn is_fixed(&self) -> bool {
        self.patterns().next().is_some() && self.patterns().all(Pattern::is_fixed)
    }

    /// A text that is no ARN (the resource `*` of actions without one) fits the lone `*` only.
    pub(crate) fn matches(&self, arn: &ArnText<'_>, context: &Context<'_>) -> Hit {
        let patterns = match &self.form {
            Form::Any => return Hit::Yes,
            Form::Whole(pattern) => return pattern.matches(arn.whole, context),
            Form::Parts(patterns) => patterns,
        };
        let Some(parts) = &arn.parts else { return Hit::No };
        let mut result = Hit::Yes;
        for (pattern, part) in patterns.iter().zip(parts) {
            match pattern.matches(part, context) {
                Hit::Yes => {}
                Hit::No => return Hit::No,
                Hit::Unknown => result = Hit::Unknown,
            }
        }
        result
    }

    pub(crate) fn is_resolved(&self, context: &Context<'_>) -> bool {
        self.patterns().all(|pattern| pattern.is_resolved(context))
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.patterns().flat_map(Pattern::variables)
    }

    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        match &self.form {
            Form::Any => [].iter(),
            Form::Parts(patterns) => patterns.iter(),
            Form::Whole(pattern) => std::slice::from_ref(pattern).iter(),
        }
    }
}

/// What S3 keeps by region; buckets and objects are not.
const S3_REGIONAL: [&str; 6] = [
    "accesspoint/",
    "job/",
    "storage-lens/",
    "storage-lens-group/",
    "access-grants/",
    "async-request/",
];

/// Wildcards included.
fn names_our_partition(partition: &str) -> bool {
    let rules = Rules {
        wildcards: true,
        variables: false,
    };
    Pattern::new(partition, rules).matches("aws", &Context::new()) == Hit::Yes
}

/// Whether the text, up to its first wildcard or variable, can be the beginning of something below one of the paths.
fn can_begin(text: &str, paths: &[&str]) -> bool {
    let fixed = text.split(['*', '?', '$']).next().unwrap_or_default();
    let open = fixed.len() < text.len();
    paths
        .iter()
        .any(|path| fixed.starts_with(path) || (open && path.starts_with(fixed)))
}

/// At most six fields; the colon inside `${aws:PrincipalAccount}` separates nothing.
fn split_outside_variables(text: &str, variables: bool) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    let (mut start, mut at) = (0, 0);
    while fields.len() < 5
        && let Some(rest) = text.get(at..)
        && let Some(found) = rest.find([':', '$'])
    {
        let here = at + found;
        let expression = text.get(here..).filter(|rest| variables && rest.starts_with("${"));
        at = here + expression.and_then(|rest| rest.find('}')).unwrap_or(0) + 1;
        if text.get(here..).is_some_and(|rest| rest.starts_with(':')) {
            fields.extend(text.get(start..here));
            start = at;
        }
    }
    fields.extend(text.get(start..));
    fields
}
