//! Why a document is refused, in the words of the service that refuses it. Reference: identity-pools-iam 3.3.

use crate::kind::PolicyKind;

/// What the resource part of an IAM ARN begins with.
pub(crate) const IAM_PATHS: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

/// A refused policy document. `Display` is the sentence for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ParseError {
    code: &'static str,
    message: String,
}

impl ParseError {
    /// `MalformedPolicyDocument` (IAM, STS) or `MalformedPolicy` (S3); both are status 400.
    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// It names a user or role that does not exist: what a document alone does not tell.
    pub fn no_such_principal(kind: PolicyKind, name: &str) -> Self {
        let fault = Fault::Principal {
            form: "AWS".to_owned(),
            name: name.to_owned(),
        };
        Self::new(kind, &fault)
    }

    /// It is no text, or begins otherwise than its service wants.
    pub fn not_json(kind: PolicyKind) -> Self {
        Self::new(kind, &Fault::NotJson)
    }

    pub(crate) fn new(kind: PolicyKind, fault: &Fault) -> Self {
        if kind == PolicyKind::Bucket {
            Self {
                code: "MalformedPolicy",
                message: fault.s3(),
            }
        } else {
            Self {
                code: "MalformedPolicyDocument",
                message: fault.iam(),
            }
        }
    }
}

/// What is wrong, before it is known which service says so.
#[derive(Debug)]
pub(crate) enum Fault {
    NotJson,
    /// JSON, but no object.
    NoObject,
    Syntax,
    /// What IAM's older parser stumbles over, which it asks as well.
    Legacy,
    UnknownField(String),
    /// Of no known version.
    Version,
    /// Of a version that is known, but too old.
    OldVersion,
    MissingField(&'static str),
    ProhibitedField(&'static str),
    Effect(String),
    SidRepeated,
    SidCharacters,
    ActionWithoutVendor,
    ActionColons,
    ActionVendor(String),
    NotAssumeRoleAction,
    /// None of S3's.
    UnknownAction,
    ActionWithoutResource,
    PrincipalForbidden,
    AllowNotPrincipal,
    Principal {
        form: String,
        name: String,
    },
    Resource(String),
    ResourcePartition {
        partition: String,
        resource: String,
    },
    ResourceVendor,
    IamRegion(String),
    S3Region(String),
    IamPath,
    Operator(String),
    /// A range of addresses that is none.
    Address,
    ConditionKey,
    ConditionsDoNotApply,
}

impl From<crate::json::Malformed> for Fault {
    fn from(_: crate::json::Malformed) -> Self {
        Self::Syntax
    }
}

impl Fault {
    fn iam(&self) -> String {
        match self {
            Self::NotJson => "This policy contains invalid Json".to_owned(),
            Self::Legacy | Self::Address => "The policy failed legacy parsing".to_owned(),
            Self::OldVersion => "Policy document must be version 2012-10-17 or greater.".to_owned(),
            Self::MissingField("Action") => "Policy statement must contain actions.".to_owned(),
            Self::MissingField("Resource") => "Policy statement must contain resources.".to_owned(),
            Self::MissingField("Principal") => "Missing required field Principal".to_owned(),
            Self::NoObject
            | Self::Syntax
            | Self::UnknownField(_)
            | Self::Version
            | Self::Effect(_)
            | Self::Operator(_)
            | Self::MissingField(_)
            // S3's alone.
            | Self::UnknownAction
            | Self::ActionWithoutResource
            | Self::AllowNotPrincipal
            | Self::ConditionsDoNotApply => "Syntax errors in policy.".to_owned(),
            Self::ProhibitedField(name) => format!("Has prohibited field {name}"),
            Self::SidRepeated => "Statement IDs (SID) in a single policy must be unique.".to_owned(),
            Self::SidCharacters => "Statement IDs (SID) must be alpha numeric. Check that your input satisfies the \
                                    regular expression [0-9A-Za-z]*"
                .to_owned(),
            Self::ActionWithoutVendor | Self::ConditionKey => {
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.".to_owned()
            }
            Self::ActionColons => "Actions/Condition can contain only one colon.".to_owned(),
            Self::ActionVendor(vendor) => format!("Vendor {vendor} is not valid"),
            Self::NotAssumeRoleAction => "AssumeRole policy may only specify STS AssumeRole actions.".to_owned(),
            Self::PrincipalForbidden => "Policy document should not specify a principal.".to_owned(),
            Self::Principal { form, name } => {
                let form = form.to_ascii_uppercase();
                format!("Invalid principal in policy: \"{form}\":\"{name}\"")
            }
            Self::Resource(resource) => format!("Resource {resource} must be in ARN format or \"*\"."),
            Self::ResourceVendor => "Resource vendor must be fully qualified and cannot contain regexes.".to_owned(),
            Self::ResourcePartition { partition, resource } => {
                format!("Partition \"{partition}\" is not valid for resource \"{resource}\".")
            }
            Self::IamRegion(resource) => format!("IAM resource {resource} cannot contain region information."),
            Self::S3Region(resource) => format!("Resource {resource} can not contain region information."),
            Self::IamPath => format!(
                "IAM resource path must either be \"*\" or start with {}.",
                IAM_PATHS.join(", ")
            ),
        }
    }

    // The reference gives no S3 sentences: these are the service's as seen in public reports, unconfirmed where rare.
    fn s3(&self) -> String {
        match self {
            Self::NotJson | Self::NoObject => "Policies must be valid JSON and the first byte must be '{'".to_owned(),
            Self::Syntax | Self::Legacy | Self::PrincipalForbidden => "Invalid policy syntax.".to_owned(),
            Self::UnknownField(name) => format!("Unknown field {name}"),
            Self::Version | Self::OldVersion => "The policy must contain a valid version string".to_owned(),
            Self::MissingField(name) => format!("Missing required field {name}"),
            Self::ProhibitedField(name) => format!("Has prohibited field {name}"),
            Self::Effect(effect) => format!("Invalid effect: {effect}"),
            Self::SidRepeated | Self::SidCharacters => self.iam(),
            Self::ActionWithoutVendor
            | Self::ActionColons
            | Self::ActionVendor(_)
            | Self::NotAssumeRoleAction
            | Self::UnknownAction => "Policy has invalid action".to_owned(),
            Self::ActionWithoutResource => "Action does not apply to any resource(s) in statement".to_owned(),
            Self::AllowNotPrincipal => "Allow with NotPrincipal is not allowed.".to_owned(),
            Self::Principal { .. } => "Invalid principal in policy".to_owned(),
            Self::Resource(_)
            | Self::ResourcePartition { .. }
            | Self::ResourceVendor
            | Self::IamRegion(_)
            | Self::S3Region(_)
            | Self::IamPath => "Policy has invalid resource".to_owned(),
            Self::Operator(operator) => format!("Invalid Condition type : {operator}"),
            Self::Address => "Invalid IP address in Conditions".to_owned(),
            Self::ConditionKey => "Policy has an invalid condition key".to_owned(),
            Self::ConditionsDoNotApply => {
                "Conditions do not apply to combination of actions and resources in statement".to_owned()
            }
        }
    }
}
