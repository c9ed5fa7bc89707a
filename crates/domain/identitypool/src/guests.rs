//! What guests are narrowed to in the enhanced flow, whatever their role allows: two session policies that AWS attaches by
//! itself. Reference: identity-pools-iam 1.15, which lists the services of the first; its text AWS doesn't publish.

/// The services that guests may use at all.
pub(crate) const INLINE_POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["firehose:*","kinesisanalytics:*","sqs:*","sumerian:View*","mobileanalytics:*","ses:*","lambda:*","kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","dynamodb:*","sdb:*","appsync:*","geo:*","sns:*","gamelift:*","iot:*","codewhisperer:*","comprehend:*","lex:*","machinelearning:*","personalize:*","polly:*","rekognition:*","sagemaker:InvokeEndpoint","textract:DetectDocumentText","textract:AnalyzeDocument","transcribe:*","translate:*","cloudwatch:*","logs:*","execute-api:*","cognito-identity:*","cognito-idp:*","cognito-sync:*","s3:*"],"Resource":["*"]}]}"#;

/// Adds to the first: what both allow together is the guests' limit.
pub(crate) const MANAGED_POLICY: &str = "arn:aws:iam::aws:policy/AmazonCognitoUnAuthedIdentitiesSessionPolicy";
