//! Which requests are calls, in which protocol, and what comes of those that are none. Reference: user-pools 1,
//! identity-pools-iam 14, clients 1.

use insta::assert_snapshot;
use model::{COGNITO_IDENTITY, COGNITO_IDP, IAM, STS};
use serde_json::json;

use super::{Draft, Key, Rig, services};

#[tokio::test]
async fn an_answer_in_json() {
    let rig = Rig::dev().await;
    let got = rig
        .idp(&Key::unknown(), "ListUserPools", json!({"MaxResults": 5}))
        .await;
    assert_snapshot!(got.printed(), @r#"
    200
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: application/x-amz-json-1.1
    x-amzn-requestid: [id]

    {"UserPools":[]}
    "#);
}

#[tokio::test]
async fn an_answer_without_content() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    let (pool, _) = rig.pool(&key, None).await;
    let got = rig.idp(&key, "DeleteUserPool", json!({"UserPoolId": pool})).await;
    assert_snapshot!(got.printed(), @"
    200
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: application/x-amz-json-1.1
    x-amzn-requestid: [id]
    ");
}

#[tokio::test]
async fn a_refusal_in_json() {
    let rig = Rig::dev().await;
    let got = rig
        .idp(
            &Key::unknown(),
            "DescribeUserPool",
            json!({"UserPoolId": "eu-west-1_Nowhere12"}),
        )
        .await;
    assert_snapshot!(got.printed(), @r#"
    400
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: application/x-amz-json-1.1
    x-amzn-errormessage: User pool eu-west-1_Nowhere12 does not exist.
    x-amzn-errortype: ResourceNotFoundException:
    x-amzn-requestid: [id]

    {"__type":"ResourceNotFoundException","message":"User pool eu-west-1_Nowhere12 does not exist."}
    "#);
}

#[tokio::test]
async fn an_answer_in_xml() {
    let rig = Rig::dev().await;
    let got = rig
        .send(Draft::query(&STS, "GetCallerIdentity", &[]).signed(&Key::unknown(), "sts"))
        .await;
    assert_snapshot!(got.printed(), @r#"
    200
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: text/xml
    x-amzn-requestid: [id]

    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>AIDA00000000000000001</UserId><Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/poolhouse-dev</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>[id]</RequestId></ResponseMetadata></GetCallerIdentityResponse>
    "#);
}

#[tokio::test]
async fn a_refusal_in_xml() {
    let rig = Rig::dev().await;
    let got = rig.iam(&Key::unknown(), "GetRole", &[("RoleName", "nobody")]).await;
    assert_snapshot!(got.printed(), @r#"
    404
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: text/xml
    x-amzn-requestid: [id]

    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name nobody cannot be found.</Message></Error><RequestId>[id]</RequestId></ErrorResponse>
    "#);
}

#[tokio::test]
async fn a_query_call_may_come_in_the_url() {
    let rig = Rig::dev().await;
    // By an issued key: one of nobody needs a POST, which no link makes.
    let key = rig.admin().await;
    let draft = Draft::get("/?Action=GetCallerIdentity&Version=2011-06-15").signed(&key, "sts");
    assert_eq!(rig.send(draft).await.ok().element("Account"), testkit::ACCOUNT);
}

#[tokio::test]
async fn a_target_makes_a_call_of_any_path() {
    let rig = Rig::dev().await;
    for path in [
        "/",
        "/idp/",
        "/some/prefix",
        "/_poolhouse/health",
        "/eu-west-1_p/.well-known/jwks.json",
    ] {
        let draft = Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1}));
        let draft = Draft {
            target: path.to_owned(),
            ..draft
        }
        .signed(&Key::unknown(), "cognito-idp");
        assert_eq!(rig.send(draft).await.ok().json(), json!({"UserPools": []}), "{path}");
    }
}

#[tokio::test]
async fn each_service_answers_on_the_one_port() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    let pools = Draft::json(&COGNITO_IDENTITY, "ListIdentityPools", &json!({"MaxResults": 1}));
    let pools = rig.send(pools.signed(&key, "cognito-identity")).await.ok();
    assert_eq!(pools.json()["IdentityPools"], json!([]));
    assert!(
        rig.iam(&key, "ListRoles", &[])
            .await
            .ok()
            .body
            .contains("<IsTruncated>false</IsTruncated>")
    );
    let bucket = rig
        .send(Draft::get("/no-such-bucket?list-type=2").signed(&key, "s3"))
        .await;
    assert_eq!((bucket.status, bucket.header("content-type")), (404, "application/xml"));
    assert_eq!(bucket.element("Code"), "NoSuchBucket");
}

#[tokio::test]
async fn operations_that_are_not_there() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    let cases = [
        (
            Draft::json(&COGNITO_IDP, "Fly", &json!({})),
            "UnknownOperationException",
            "Unknown operation: Fly",
        ),
        (
            Draft {
                method: "GET",
                ..Draft::json(&COGNITO_IDP, "ListUserPools", &json!({}))
            },
            "UnknownOperationException",
            "Unknown operation: ListUserPools",
        ),
        (
            Draft::target("AWSCognitoIdentityProviderService", "{}"),
            "UnknownOperationException",
            "The header X-Amz-Target must name an operation.",
        ),
        (
            Draft::query(&IAM, "Fly", &[]).signed(&key, "iam"),
            "InvalidAction",
            "Could not find operation Fly for version 2010-05-08",
        ),
        (
            Draft::form("ListRoles", "2009-01-01", &[]).signed(&key, "iam"),
            "InvalidAction",
            "Could not find operation ListRoles for version 2009-01-01",
        ),
        (
            Draft::new("POST", "/").signed(&key, "iam"),
            "MissingAction",
            "The request must contain the parameter Action.",
        ),
    ];
    for (draft, code, sentence) in cases {
        rig.send(draft).await.refused(400, code, sentence);
    }
}

/// Whatever the models know and the tables lack is answered as unknown: never a success, never a fault of ours.
#[tokio::test]
async fn operations_not_implemented_are_unknown() {
    let rig = Rig::dev().await;
    let mut asked = 0;
    for (service, missing) in services() {
        for name in missing {
            let (draft, code, sentence) = if service.target_prefix.is_some() {
                let draft = Draft::json(service, name, &json!({}));
                (draft, "UnknownOperationException", format!("Unknown operation: {name}"))
            } else {
                let sentence = format!("Could not find operation {name} for version {}", service.api_version);
                (Draft::query(service, name, &[]), "InvalidAction", sentence)
            };
            rig.send(draft).await.refused(400, code, &sentence);
            asked += 1;
        }
    }
    assert!(asked > 50, "{asked}");
}

#[tokio::test]
async fn other_services_are_named() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    let provides = "It provides cognito-idp, cognito-identity, iam, sts and s3: point the clients of other services \
                    elsewhere, for example with AWS_ENDPOINT_URL_<SERVICE>.";
    let cases = [
        (
            Draft::target("DynamoDB_20120810.ListTables", "{}"),
            "UnknownOperationException",
            "Amazon DynamoDB (dynamodb)",
        ),
        (
            Draft::form("SendMessage", "2012-11-05", &[]).signed(&key, "sqs"),
            "InvalidAction",
            "Amazon SQS (sqs)",
        ),
        (
            Draft::get("/2015-03-31/functions").signed(&key, "lambda"),
            "UnknownOperationException",
            "AWS Lambda (lambda)",
        ),
        (
            Draft::form("Fly", "2012-11-05", &[]),
            "InvalidAction",
            "an AWS service with the API version '2012-11-05'",
        ),
    ];
    for (draft, code, name) in cases {
        rig.send(draft)
            .await
            .refused(400, code, &format!("Poolhouse does not provide {name}. {provides}"));
    }
    let cbor = Draft::new("POST", "/service/GraniteServiceVersion20100801/operation/ListMetrics")
        .header("smithy-protocol", "rpc-v2-cbor");
    let peer = crate::peer::Peer {
        ip: None,
        secure: false,
    };
    let answer = crate::handle(rig.app.clone(), peer, cbor.request()).await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["content-type"].to_str().unwrap()
        ),
        (400, "application/cbor")
    );
}

/// The region is the signature's, else the SDK's word, else the default.
#[tokio::test]
async fn a_call_is_for_a_region() {
    let rig = Rig::dev().await;
    let abroad = Key {
        region: "us-west-2",
        ..Key::unknown()
    };
    let (pool, client) = rig.pool(&abroad, None).await;
    assert!(pool.starts_with("us-west-2_"), "{pool}");
    let listed = rig
        .idp(&Key::unknown(), "ListUserPools", json!({"MaxResults": 9}))
        .await
        .ok();
    assert_eq!(listed.json()["UserPools"], json!([]), "not in {}", super::REGION);
    // Unsigned calls find their pool by the client id, wherever it is.
    rig.sign_up(&client, "ana@example.com").await;
    let create = Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 9}));
    let signed = create
        .header("user-agent", "aws-sdk-js/3 region/us-west-2")
        .signed(&Key::unknown(), "cognito-idp");
    assert_eq!(
        rig.send(signed).await.ok().json()["UserPools"],
        json!([]),
        "the signature's word counts"
    );

    let make = Draft::make_bucket("photos").header("user-agent", "Boto3/1.43 region/eu-west-1");
    let got = rig.send(make.clone().signed(&abroad, "s3")).await;
    assert_eq!(
        (got.status, got.element("Code").as_str()),
        (400, "IllegalLocationConstraintException")
    );
    rig.send(make.signed(&Key::unknown(), "s3")).await.ok();
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own() {
    let rig = Rig::dev().await;
    let mut ids = std::collections::BTreeSet::new();
    for draft in [
        Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1})).signed(&Key::unknown(), "cognito-idp"),
        Draft::json(&COGNITO_IDP, "ListUserPools", &json!({"MaxResults": 1})),
        Draft::json(&COGNITO_IDP, "Fly", &json!({})),
        Draft::target("DynamoDB_20120810.ListTables", "{}"),
        Draft::query(&STS, "GetCallerIdentity", &[]),
    ] {
        let got = rig.send(draft).await;
        let id = got.header("x-amzn-requestid").to_owned();
        assert_eq!((id.len(), id.matches('-').count()), (36, 4), "{id}");
        if got.body.starts_with('<') {
            assert_eq!(got.element("RequestId"), id);
        }
        ids.insert(id);
    }
    assert_eq!(ids.len(), 5);
}

/// Browser SDKs call from any page; no cookie is read there. Buckets have rules of their own, the doors none at all.
#[tokio::test]
async fn browsers_may_call_from_any_page() {
    let rig = Rig::dev().await;
    let preflight = |path: &str, headers: &str| {
        Draft::new("OPTIONS", path)
            .header("origin", "https://app.example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers)
    };
    assert_snapshot!(rig.send(preflight("/", "content-type,x-amz-target")).await.printed(), @"
    200
    access-control-allow-headers: content-type, x-amz-target, x-amz-user-agent, cache-control, authorization, x-amz-date, x-amz-security-token, x-amz-content-sha256, amz-sdk-invocation-id, amz-sdk-request, x-amzn-trace-id
    access-control-allow-methods: POST, GET, OPTIONS
    access-control-allow-origin: *
    access-control-max-age: 172800
    ");
    assert_eq!(
        rig.send(preflight("/idp", "x-amz-target"))
            .await
            .header("access-control-allow-origin"),
        "*"
    );
    for draft in [
        Draft::json(&COGNITO_IDP, "InitiateAuth", &json!({})),
        Draft::target("DynamoDB_20120810.ListTables", "{}"),
        Draft::query(&STS, "GetCallerIdentity", &[]),
    ] {
        let got = rig.send(draft.header("origin", "https://app.example.com")).await;
        assert_eq!(got.header("access-control-allow-origin"), "*", "{}", got.body);
        assert!(got.header("access-control-expose-headers").contains("x-amzn-ErrorType"));
        assert_eq!(got.header("access-control-allow-credentials"), "");
    }
    let door = rig.send(preflight("/_poolhouse/reset", "content-type")).await;
    assert_eq!(door.header("access-control-allow-origin"), "", "{}", door.status);
    for path in ["health", "inbox", "inbox.json", "clock", "nowhere"] {
        let got = rig.send(Draft::get(&format!("/_poolhouse/{path}"))).await;
        assert!(
            got.headers
                .keys()
                .all(|name| !name.as_str().starts_with("access-control")),
            "{path}"
        );
    }
}
