"""Domains of pools. Reference: user-pools 14.3."""

from aws import ACCOUNT, refused
from house import fresh, make_pool

CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1b2c3d4e-0000-4000-8000-000000000000"


def described(idp, domain):
    return idp.describe_user_pool_domain(Domain=domain)["DomainDescription"]


def test_a_prefix_lives(pool):
    idp, prefix = pool.idp, fresh("staff")
    assert described(idp, prefix) == {}
    named = {"UserPoolId": pool.id, "Domain": prefix}
    made = idp.create_user_pool_domain(**named)
    assert made["ManagedLoginVersion"] == 1 and "CloudFrontDomain" not in made
    # What Terraform waits for and prints.
    seen = described(idp, prefix)
    assert seen.items() >= (named | {"AWSAccountId": ACCOUNT, "Status": "ACTIVE", "ManagedLoginVersion": 1}).items()
    assert seen["CloudFrontDistribution"] and seen["S3Bucket"] and seen["Version"]
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Domain"] == prefix

    assert idp.update_user_pool_domain(**named, ManagedLoginVersion=2)["ManagedLoginVersion"] == 2
    assert described(idp, prefix)["ManagedLoginVersion"] == 2
    with refused(
        "InvalidParameterException",
        "User pool cannot be deleted. It has a domain configured that should be deleted first.",
    ):
        idp.delete_user_pool(UserPoolId=pool.id)
    idp.delete_user_pool_domain(**named)
    assert described(idp, prefix) == {}
    with refused("InvalidParameterException", "No such domain or user pool exists."):
        idp.delete_user_pool_domain(**named)
    idp.delete_user_pool(UserPoolId=pool.id)


def test_a_custom_domain_lives(pool, server, aws):
    idp, domain = pool.idp, f"{fresh('auth')}.example.com"
    named = {"UserPoolId": pool.id, "Domain": domain}
    config = {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025"}
    made = idp.create_user_pool_domain(**named, CustomDomainConfig=config)
    seen = described(idp, domain)
    assert seen["CustomDomainConfig"] == config and seen["CloudFrontDistribution"] == made["CloudFrontDomain"]
    assert idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["CustomDomain"] == domain
    with refused("InvalidParameterException", "Domain already associated with another user pool."):
        idp.create_user_pool_domain(UserPoolId=make_pool(server, aws).id, Domain=domain, CustomDomainConfig=config)
    with refused("InvalidParameterException", "User pool already has a domain configured."):
        idp.create_user_pool_domain(UserPoolId=pool.id, Domain=f"x.{domain}", CustomDomainConfig=config)


def test_a_name_says_what_is_wrong_with_it(pool):
    for domain, sentence in [
        ("my-aws-app", "Domain cannot contain reserved word: aws"),
        (
            "My-app",
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, "
            "and hyphens.",
        ),
    ]:
        with refused("InvalidParameterException", sentence):
            pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
