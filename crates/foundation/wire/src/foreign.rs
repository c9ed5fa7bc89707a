//! AWS services that Poolhouse is not. `AWS_ENDPOINT_URL` sends a client's every call here, so a stray one gets an answer
//! that names the service in that service's own error form, without a status that SDKs retry. Reference: clients 1.

use kernel::{ApiError, Code};

use crate::reply::Format;

/// Signing name, target prefix (empty where the protocol has none), full name. Sorted by signing name.
const KNOWN: &[(&str, &str, &str)] = &[
    ("acm", "CertificateManager", "AWS Certificate Manager"),
    ("apigateway", "", "Amazon API Gateway"),
    ("appsync", "", "AWS AppSync"),
    ("athena", "AmazonAthena", "Amazon Athena"),
    ("autoscaling", "", "Amazon EC2 Auto Scaling"),
    ("backup", "", "AWS Backup"),
    ("batch", "", "AWS Batch"),
    ("bedrock", "", "Amazon Bedrock"),
    ("cloudformation", "", "AWS CloudFormation"),
    ("cloudfront", "", "Amazon CloudFront"),
    ("cloudtrail", "CloudTrail_20131101", "AWS CloudTrail"),
    ("codebuild", "CodeBuild_20161006", "AWS CodeBuild"),
    ("codepipeline", "CodePipeline_20150709", "AWS CodePipeline"),
    ("cognito-sync", "", "Amazon Cognito Sync"),
    ("config", "StarlingDoveService", "AWS Config"),
    ("dynamodb", "DynamoDB_20120810", "Amazon DynamoDB"),
    ("ec2", "", "Amazon EC2"),
    ("ecr", "AmazonEC2ContainerRegistry_V20150921", "Amazon ECR"),
    ("ecs", "AmazonEC2ContainerServiceV20141113", "Amazon ECS"),
    ("eks", "", "Amazon EKS"),
    ("elasticache", "", "Amazon ElastiCache"),
    ("elasticfilesystem", "", "Amazon EFS"),
    ("elasticloadbalancing", "", "Elastic Load Balancing"),
    ("es", "", "Amazon OpenSearch Service"),
    ("events", "AWSEvents", "Amazon EventBridge"),
    ("execute-api", "", "Amazon API Gateway"),
    ("firehose", "Firehose_20150804", "Amazon Data Firehose"),
    ("geo", "", "Amazon Location Service"),
    ("glue", "AWSGlue", "AWS Glue"),
    ("identitystore", "AWSIdentityStore", "AWS IAM Identity Center"),
    ("iot", "", "AWS IoT"),
    ("kinesis", "Kinesis_20131202", "Amazon Kinesis"),
    ("kms", "TrentService", "AWS KMS"),
    ("lambda", "", "AWS Lambda"),
    ("logs", "Logs_20140328", "Amazon CloudWatch Logs"),
    ("mobiletargeting", "", "Amazon Pinpoint"),
    ("monitoring", "GraniteServiceVersion20100801", "Amazon CloudWatch"),
    ("organizations", "AWSOrganizationsV20161128", "AWS Organizations"),
    ("rds", "", "Amazon RDS"),
    ("redshift", "", "Amazon Redshift"),
    ("rekognition", "RekognitionService", "Amazon Rekognition"),
    ("route53", "", "Amazon Route 53"),
    ("sagemaker", "SageMaker", "Amazon SageMaker"),
    ("scheduler", "", "Amazon EventBridge Scheduler"),
    ("secretsmanager", "secretsmanager", "AWS Secrets Manager"),
    ("ses", "", "Amazon SES"),
    ("sns", "", "Amazon SNS"),
    ("sqs", "AmazonSQS", "Amazon SQS"),
    ("ssm", "AmazonSSM", "AWS Systems Manager"),
    ("sso", "SWBExternalService", "AWS IAM Identity Center"),
    ("states", "AWSStepFunctions", "AWS Step Functions"),
    (
        "tagging",
        "ResourceGroupsTaggingAPI_20170126",
        "AWS Resource Groups Tagging",
    ),
    ("wafv2", "AWSWAF_20190729", "AWS WAF"),
    ("xray", "", "AWS X-Ray"),
];

/// A signing name: `dynamodb` of the credential scope.
pub(crate) fn by_signing_name(name: &str) -> String {
    match KNOWN.iter().find(|known| known.0 == name) {
        Some((_, _, full)) => format!("{full} ({name})"),
        None => format!("the AWS service '{}'", spelled(name)),
    }
}

/// The part of X-Amz-Target before the operation, or the service of a Smithy RPC path, which are the same words.
pub(crate) fn by_target_prefix(prefix: &str) -> String {
    let version_free = prefix.rsplit('.').next().unwrap_or(prefix);
    match KNOWN
        .iter()
        .find(|known| !known.1.is_empty() && known.1 == version_free)
    {
        Some((name, _, full)) => format!("{full} ({name})"),
        None => format!("the AWS service with the target prefix '{}'", spelled(prefix)),
    }
}

/// Unsigned query calls give no more than their API's date.
pub(crate) fn by_api_version(version: &str) -> String {
    format!("an AWS service with the API version '{}'", spelled(version))
}

/// How a REST call of this service is to be refused.
pub(crate) fn rest_format(signing_name: &str) -> Format {
    match signing_name {
        "cloudfront" | "route53" => Format::Query { namespace: "" },
        _ => Format::Json,
    }
}

/// How a call with `Action=` is to be refused.
pub(crate) fn query_format(signing_name: &str) -> Format {
    match signing_name {
        "ec2" => Format::Ec2,
        _ => Format::Query { namespace: "" },
    }
}

/// Each protocol turns the code into its own word for a call that isn't there.
#[track_caller]
pub(crate) fn not_provided(service: &str) -> ApiError {
    ApiError::new(
        Code::UnknownOperation,
        format!(
            "Poolhouse does not provide {service}. It provides cognito-idp, cognito-identity, iam, sts and s3: \
             point the clients of other services elsewhere, for example with AWS_ENDPOINT_URL_<SERVICE>."
        ),
    )
}

/// What a stranger sent goes back into the sentence short and plain.
fn spelled(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_ascii_graphic() && c != '\'' { c } else { '?' })
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_free_of_our_own_services() {
        assert!(KNOWN.windows(2).all(|two| two[0].0 < two[1].0));
        assert!(
            KNOWN
                .iter()
                .all(|known| !["cognito-idp", "cognito-identity", "iam", "sts", "s3"].contains(&known.0))
        );
    }

    #[test]
    fn known_services_are_called_by_their_names() {
        assert_eq!(by_signing_name("sqs"), "Amazon SQS (sqs)");
        assert_eq!(by_target_prefix("DynamoDB_20120810"), "Amazon DynamoDB (dynamodb)");
        let prefix = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
        assert_eq!(by_target_prefix(prefix), "AWS CloudTrail (cloudtrail)");
    }

    #[test]
    fn strangers_are_quoted_with_care() {
        assert_eq!(by_signing_name("x'\r\ny"), "the AWS service 'x???y'");
        assert_eq!(by_target_prefix(&"a".repeat(5000)).len(), 40 + 64 + 1);
        assert_eq!(by_target_prefix(""), "the AWS service with the target prefix ''");
    }
}
