//! What IAM says of the roles that user pools name for text messages. Reference: user-pools 2.6.

use iam::{Fitness, Handed, Iam};
use kernel::Cx;
use userpool::{Judging, SmsRole, SmsRoleFitness, SmsRoles};

pub struct RolesOfIam(pub Iam);

impl SmsRoles for RolesOfIam {
    fn judge<'a>(&'a self, cx: &'a Cx, role: SmsRole<'a>) -> Judging<'a> {
        Box::pin(async move {
            let handed = Handed {
                service: "cognito-idp.amazonaws.com",
                role_arn: role.arn,
                external_id: role.external_id,
                source_arn: role.pool,
                action: "sns:Publish",
            };
            Ok(match self.0.fitness(cx, &handed).await? {
                Fitness::Unknown => SmsRoleFitness::Unknown,
                Fitness::Untrusting => SmsRoleFitness::Untrusting,
                Fitness::Powerless => SmsRoleFitness::Powerless,
                Fitness::Fit => SmsRoleFitness::Fit,
            })
        })
    }
}
