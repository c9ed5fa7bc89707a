//! The role that text messages are sent by on AWS. Poolhouse sends them by its own provider and takes no role; but what AWS would
//! refuse is refused where the role is one of ours, so that a pool that works here works there. Reference: user-pools 2.6.

use std::pin::Pin;

use api::cognito_idp::SmsConfigurationType;
use kernel::{ApiError, Arn, Cx};

use crate::errors::settings as errors;

/// The port to whoever knows roles: this crate knows no IAM. Wired by the program.
pub trait SmsRoles: Send + Sync + 'static {
    /// Errors: internal.
    fn judge<'a>(&'a self, cx: &'a Cx, role: SmsRole<'a>) -> Judging<'a>;
}

pub type Judging<'a> = Pin<Box<dyn Future<Output = kernel::Result<SmsRoleFitness>> + Send + 'a>>;

/// A role of a pool's SmsConfiguration.
#[derive(Clone, Copy, Debug)]
pub struct SmsRole<'a> {
    pub arn: &'a str,
    pub external_id: Option<&'a str>,
    /// The pool's ARN.
    pub pool: &'a str,
}

/// What the role lets `cognito-idp.amazonaws.com` do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsRoleFitness {
    /// There is no such role here.
    Unknown,
    /// It may not be taken, by this ExternalId for this pool.
    Untrusting,
    /// `sns:Publish` is not allowed.
    Powerless,
    Fit,
}

/// A role that nobody here knows is taken as it is, like a trigger's ARN that leads nowhere, with a warning in the log.
///
/// Errors: InvalidSmsRoleTrustRelationship, InvalidSmsRoleAccessPolicy.
pub(crate) async fn check(
    roles: &dyn SmsRoles,
    cx: &Cx,
    pool: &Arn,
    configured: Option<&SmsConfigurationType>,
) -> Result<(), ApiError> {
    let Some(configured) = configured else { return Ok(()) };
    let Some(arn) = configured.sns_caller_arn.as_deref().filter(|arn| !arn.is_empty()) else {
        return Ok(());
    };
    let role = SmsRole {
        arn,
        external_id: configured.external_id.as_deref(),
        pool: pool.as_str(),
    };
    match roles.judge(cx, role).await? {
        SmsRoleFitness::Unknown => {
            tracing::warn!(
                role = arn,
                pool = pool.as_str(),
                "the role of SmsConfiguration does not exist here; text messages go by Poolhouse's own provider without it"
            );
            Ok(())
        }
        SmsRoleFitness::Untrusting => Err(errors::sms_role_untrusting()),
        SmsRoleFitness::Powerless => Err(errors::sms_role_powerless()),
        SmsRoleFitness::Fit => Ok(()),
    }
}
