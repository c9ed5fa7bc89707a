use http::{HeaderName, HeaderValue};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

const SIGV4: &str = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260115/us-east-1/";

/// A request written as its lines: `METHOD target`, headers, an empty line, the body. `authorization: scope=x` stands for
/// a SigV4 header with that service.
fn routed(request: &str) -> Route {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines().map(str::trim);
    let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
    let (path, query) = target
        .split_once('?')
        .map_or((target, None), |(path, query)| (path, Some(query)));
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        let value = match value.strip_prefix("scope=") {
            Some(service) => format!("{SIGV4}{service}/aws4_request, SignedHeaders=host, Signature=00"),
            None => value.to_owned(),
        };
        headers.insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value).unwrap(),
        );
    }
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let head = Head {
        method: &method,
        path,
        query,
        headers: &headers,
    };
    match route(&head) {
        Route::ReadForm => route_form(&head, body.trim().as_bytes()),
        decided => decided,
    }
}

fn summary(route: &Route) -> String {
    match route {
        Route::Call(call) => format!("{} {}", call.service.id, call.operation.name),
        Route::Refused(refusal) => {
            let response = refusal.reply(&RequestId::new("r"));
            format!(
                "{} {}",
                response.status().as_u16(),
                String::from_utf8_lossy(response.body())
            )
        }
        Route::ReadForm => "read the form".to_owned(),
        Route::NotAws => "not aws".to_owned(),
    }
}

const FORM: &str = "content-type: application/x-www-form-urlencoded; charset=utf-8";

#[test]
fn calls_are_found() {
    let cases = [
        (
            "POST /\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth",
            "cognito-idp InitiateAuth",
        ),
        (
            "POST /idp/x\nx-amz-target: AWSCognitoIdentityProviderService.SignUp",
            "cognito-idp SignUp",
        ),
        (
            "POST /\nx-amz-target: AWSCognitoIdentityService.GetId",
            "cognito-identity GetId",
        ),
        // The target counts whatever else is said.
        (
            "POST /\nx-amz-target: AWSCognitoIdentityService.GetId\nauthorization: scope=dynamodb",
            "cognito-identity GetId",
        ),
        (
            &format!("POST /\n{FORM}\n\nAction=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=x"),
            "sts AssumeRoleWithWebIdentity",
        ),
        (
            &format!("POST /sts/\n{FORM}\n\nVersion=2010-05-08&Action=ListRoles"),
            "iam ListRoles",
        ),
        (
            &format!("POST /\n{FORM}\nauthorization: scope=iam\n\nAction=GetUser&Version=2010-05-08"),
            "iam GetUser",
        ),
        (
            "GET /?Action=GetCallerIdentity&Version=2011-06-15",
            "sts GetCallerIdentity",
        ),
        (
            "POST /?Action=GetCallerIdentity&Version=2011-06-15",
            "sts GetCallerIdentity",
        ),
        (
            "GET /?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential=AKID%2F20260115%2Feu-west-1%2Fsts%2Faws4_request",
            "sts GetCallerIdentity",
        ),
        (
            &format!(
                "POST /\nhost: sts.eu-west-1.amazonaws.com\n{FORM}\n\nAction=GetCallerIdentity&Version=2011-06-15"
            ),
            "sts GetCallerIdentity",
        ),
        (
            "GET /?Action=ListUsers&Version=2010-05-08\nhost: iam.amazonaws.com",
            "iam ListUsers",
        ),
    ];
    for (request, expected) in cases {
        assert_eq!(summary(&routed(request)), expected, "{request}");
    }
}

#[test]
fn the_rest_is_left_to_others() {
    let cases = [
        "GET /",
        "GET /us-east-1_AbCdEfGhI/.well-known/jwks.json\nhost: cognito-idp.us-east-1.amazonaws.com",
        "OPTIONS /\nx-amz-target: AWSCognitoIdentityService.GetId",
        "PUT /photos/cat.jpg\nauthorization: scope=s3",
        "POST /photos?delete\nauthorization: scope=s3",
        &format!("POST /photos/big?uploads\nauthorization: scope=s3\n{FORM}"),
        "GET /photos/cat.jpg?X-Amz-Credential=AKID%2F20260115%2Fus-east-1%2Fs3%2Faws4_request&Action=x&Version=2010-05-08",
        &format!("POST /oauth2/token\n{FORM}\n\ngrant_type=authorization_code&code=x"),
        &format!("POST /login\n{FORM}\n\ngarbage=%zz"),
        "GET /site/page.html?Action=show&Version=2",
        "GET /photos/cat.jpg?Action=ListUsers&Version=2010-05-08",
        "PUT /photos/cat.jpg?Action=ListUsers&Version=2010-05-08",
        "POST /\nhost: sts.s3.us-east-1.amazonaws.com\ncontent-type: multipart/form-data; boundary=x",
    ];
    for request in cases {
        assert_eq!(summary(&routed(request)), "not aws", "{request}");
    }
}

#[test]
fn a_bucket_upload_is_not_read_to_decide() {
    let method = Method::POST;
    let mut headers = HeaderMap::new();
    headers.insert(
        "content-type",
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    let head = Head {
        method: &method,
        path: "/b/k",
        query: None,
        headers: &headers,
    };
    assert!(matches!(route(&head), Route::ReadForm));
    let presigned = "X-Amz-Credential=AKID%2F20260115%2Fus-east-1%2Fs3%2Faws4_request";
    assert!(matches!(
        route(&Head {
            query: Some(presigned),
            ..head
        }),
        Route::NotAws
    ));
}

#[test]
fn unknown_operations_are_refused_in_the_services_own_words() {
    let all = [
        "POST /\nx-amz-target: AWSCognitoIdentityProviderService.DeleteEverything",
        "POST /\nx-amz-target: AWSCognitoIdentityProviderService",
        "GET /\nx-amz-target: AWSCognitoIdentityProviderService.GetUser",
        "POST /\nauthorization: scope=cognito-idp",
        "POST /\nhost: cognito-idp.us-east-1.amazonaws.com",
        &format!("POST /\n{FORM}\n\nAction=Frobnicate&Version=2011-06-15"),
        &format!("POST /\n{FORM}\nauthorization: scope=iam\n\nAction=GetUser&Version=2011-06-15"),
        &format!("POST /\n{FORM}\nauthorization: scope=iam\n\nAction=GetUser"),
        &format!("POST /\n{FORM}\nauthorization: scope=sts\n\nVersion=2011-06-15"),
        &format!("POST /\n{FORM}\nauthorization: scope=sts\n\nAction=GetCallerIdentity&Version=2011-06-15&a=%"),
    ]
    .map(|request| summary(&routed(request)).replace("https://", ""))
    .join("\n");
    assert_snapshot!(all, @r#"
    400 {"__type":"UnknownOperationException","message":"Unknown operation: DeleteEverything"}
    400 {"__type":"UnknownOperationException","message":"The header X-Amz-Target must name an operation."}
    400 {"__type":"UnknownOperationException","message":"Unknown operation: GetUser"}
    400 {"__type":"UnknownOperationException","message":"The header X-Amz-Target must name an operation."}
    400 {"__type":"UnknownOperationException","message":"The header X-Amz-Target must name an operation."}
    400 <ErrorResponse xmlns="sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation Frobnicate for version 2011-06-15</Message></Error><RequestId>r</RequestId></ErrorResponse>
    400 <ErrorResponse xmlns="iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation GetUser for version 2011-06-15</Message></Error><RequestId>r</RequestId></ErrorResponse>
    400 <ErrorResponse xmlns="iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Could not find operation GetUser for version NO_VERSION_SPECIFIED</Message></Error><RequestId>r</RequestId></ErrorResponse>
    400 <ErrorResponse xmlns="sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>MissingAction</Code><Message>The request must contain the parameter Action.</Message></Error><RequestId>r</RequestId></ErrorResponse>
    404 <ErrorResponse xmlns="sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>MalformedQueryString</Code><Message>The query string contains a syntax error.</Message></Error><RequestId>r</RequestId></ErrorResponse>
    "#);
}

const ADVICE: &str = " It provides cognito-idp, cognito-identity, iam, sts and s3: point the clients of other services \
                      elsewhere, for example with AWS_ENDPOINT_URL_<SERVICE>.";

#[test]
fn services_that_are_not_ours_are_named_in_their_own_protocol() {
    let all = [
        "POST /\nx-amz-target: DynamoDB_20120810.PutItem\nauthorization: scope=dynamodb",
        "POST /\nx-amz-target: AmazonSQS.SendMessage",
        "POST /\nx-amz-target: Mystery_2030.Do",
        "POST /2015-03-31/functions/f/invocations\nauthorization: scope=lambda",
        "GET /2013-04-01/hostedzone\nauthorization: scope=route53",
        &format!("POST /\n{FORM}\nauthorization: scope=sns\n\nAction=Publish&Version=2010-03-31"),
        &format!("POST /\n{FORM}\nauthorization: scope=ec2\n\nAction=DescribeVpcs&Version=2016-11-15"),
        &format!("POST /\n{FORM}\n\nAction=Publish&Version=2010-03-31"),
    ]
    .map(|request| {
        let text = summary(&routed(request)).replace("&lt;", "<").replace("&gt;", ">");
        text.replace(ADVICE, "…")
    })
    .join("\n");
    assert_snapshot!(all, @r#"
    400 {"__type":"UnknownOperationException","message":"Poolhouse does not provide Amazon DynamoDB (dynamodb).…"}
    400 {"__type":"UnknownOperationException","message":"Poolhouse does not provide Amazon SQS (sqs).…"}
    400 {"__type":"UnknownOperationException","message":"Poolhouse does not provide the AWS service with the target prefix 'Mystery_2030'.…"}
    400 {"__type":"UnknownOperationException","message":"Poolhouse does not provide AWS Lambda (lambda).…"}
    400 <ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Poolhouse does not provide Amazon Route 53 (route53).…</Message></Error><RequestId>r</RequestId></ErrorResponse>
    400 <ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Poolhouse does not provide Amazon SNS (sns).…</Message></Error><RequestId>r</RequestId></ErrorResponse>
    400 <Response><Errors><Error><Code>InvalidAction</Code><Message>Poolhouse does not provide Amazon EC2 (ec2).…</Message></Error></Errors><RequestID>r</RequestID></Response>
    400 <ErrorResponse><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>Poolhouse does not provide an AWS service with the API version '2010-03-31'.…</Message></Error><RequestId>r</RequestId></ErrorResponse>
    "#);
}

#[test]
fn smithy_rpc_calls_are_refused_in_cbor() {
    let request = "POST /service/GraniteServiceVersion20100801/operation/PutMetricData\nsmithy-protocol: rpc-v2-cbor";
    let Route::Refused(refusal) = routed(request) else {
        panic!("a refusal")
    };
    assert_eq!(
        refusal
            .reply(&RequestId::new("r"))
            .headers()
            .get("smithy-protocol")
            .unwrap(),
        "rpc-v2-cbor"
    );
    assert!(
        refusal
            .error
            .message()
            .starts_with("Poolhouse does not provide Amazon CloudWatch (monitoring) by")
    );
}

#[test]
fn a_call_decodes_and_answers_in_its_protocol() {
    let Route::Call(json) = routed("POST /\nx-amz-target: AWSCognitoIdentityService.GetId") else {
        panic!("a call")
    };
    assert_eq!(
        json.input(br#"{"IdentityPoolId":"a"}"#).unwrap(),
        serde_json::json!({"IdentityPoolId": "a"})
    );
    let id = RequestId::new("r-1");
    let answer = json.success(Answered::Json(br#"{"IdentityId":"us-east-1:b"}"#.to_vec()), &id);
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_slice()),
        (200, &br#"{"IdentityId":"us-east-1:b"}"#[..])
    );
    assert_eq!(
        answer.headers().get("content-type").unwrap(),
        "application/x-amz-json-1.1"
    );
    assert_eq!(answer.headers().get("x-amzn-requestid").unwrap(), "r-1");
    assert_eq!(json.success(Answered::Json(Vec::new()), &id).body(), b"");

    let request = format!("POST /\n{FORM}\n\nAction=GetRole&Version=2010-05-08&RoleName=guest");
    let Route::Call(query) = routed(&request) else {
        panic!("a call")
    };
    assert_eq!(query.input(b"").unwrap(), serde_json::json!({"RoleName": "guest"}));
    let answer = query.success(Answered::Tree(serde_json::json!({"Role": {"RoleName": "guest"}})), &id);
    assert_eq!(answer.headers().get("content-type").unwrap(), "text/xml");
    assert!(String::from_utf8_lossy(answer.body()).contains("<RoleName>guest</RoleName>"));
    let refused = query.failure(&ApiError::internal("x"), &id);
    assert_eq!(refused.status().as_u16(), 500);
    assert!(String::from_utf8_lossy(refused.body()).contains("<Code>ServiceFailure</Code>"));
}

proptest! {
    #[test]
    fn no_request_panics(path in "/\\PC{0,30}", query in "\\PC{0,60}", target in "[ -~]{0,40}", body: Vec<u8>, signed in "[ -~]{0,60}", form: bool) {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::try_from(format!("{SIGV4}{signed}")).unwrap());
        if form {
            headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
        } else {
            headers.insert("x-amz-target", HeaderValue::try_from(target).unwrap());
        }
        let method = Method::POST;
        let head = Head { method: &method, path: &path, query: Some(&query), headers: &headers };
        for decided in [route(&head), route_form(&head, &body)] {
            summary(&decided);
        }
    }
}
