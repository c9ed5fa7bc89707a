"""The role that a pool's text messages are sent by on AWS: one that does not do is refused. Reference: user-pools 2.6."""

from aws import ACCOUNT, refused
from house import fresh, make_pool, policy

UNTRUSTING = (
    "InvalidSmsRoleTrustRelationshipException",
    "Role does not have a trust relationship allowing Cognito to assume the role",
)
POWERLESS = ("InvalidSmsRoleAccessPolicyException", "Role does not have permission to publish with SNS")
PUBLISH = policy({"Action": "sns:publish", "Resource": "*"})


def trust(service="cognito-idp.amazonaws.com", external_id="harbour"):
    return policy({
        "Principal": {"Service": service},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"sts:ExternalId": external_id, "aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:*:{ACCOUNT}:userpool/*"},
        },
    })


def texts(arn):
    return {"SnsCallerArn": arn, "ExternalId": "harbour", "SnsRegion": "us-east-1"}


def test_a_role_is_refused_until_it_does(server, aws):
    name = fresh("texts")
    role = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust("sns.amazonaws.com"))["Role"]["Arn"]
    pool = make_pool(server, aws)

    def calls():
        yield lambda: aws.idp.create_user_pool(PoolName=fresh("texts"), SmsConfiguration=texts(role))
        yield lambda: aws.idp.update_user_pool(UserPoolId=pool.id, SmsConfiguration=texts(role))
        yield lambda: aws.idp.set_user_pool_mfa_config(
            UserPoolId=pool.id, MfaConfiguration="OPTIONAL", SmsMfaConfiguration={"SmsConfiguration": texts(role)})

    def all_refused(refusal):
        for call in calls():
            with refused(*refusal):
                call()

    all_refused(UNTRUSTING)
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust(external_id="another"))
    all_refused(UNTRUSTING)
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust())
    all_refused(POWERLESS)
    aws.iam.put_role_policy(
        RoleName=name, PolicyName="mail", PolicyDocument=policy({"Action": "ses:SendEmail", "Resource": "*"}))
    all_refused(POWERLESS)
    aws.iam.put_role_policy(RoleName=name, PolicyName="publish", PolicyDocument=PUBLISH)
    for call in calls():
        call()
    described = aws.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]
    assert described["SmsConfiguration"] == texts(role)
    assert "does not exist here" not in server.output


def test_a_role_that_is_not_here_is_taken_with_a_warning(server, aws):
    absent = f"arn:aws:iam::{ACCOUNT}:role/absent"
    pool = make_pool(server, aws, SmsConfiguration=texts(absent))
    [warning] = [line for line in server.output.splitlines() if "does not exist here" in line]
    assert absent in warning and pool.id in warning
