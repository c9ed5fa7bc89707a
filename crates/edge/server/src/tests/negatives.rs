//! Bad input by HTTP: what the interpreter says is what the client gets, in its service's spelling.

use insta::assert_snapshot;
use model::{IAM, Kind, Operation, Protocol, Service, Shape};
use serde_json::{Map, Value, json};

use super::{Draft, Key, Rig, services};

#[tokio::test]
async fn all_violations_come_in_one_message() {
    let rig = Rig::dev().await;
    let input =
        json!({"ClientId": "not a client!", "Username": "", "Password": "", "UserAttributes": [{"Value": "x"}]});
    assert_snapshot!(rig.public("SignUp", input).await.printed(), @r#"
    400
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: application/x-amz-json-1.1
    x-amzn-errormessage: 6 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+]+; Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+; Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$; Value null at 'userAttributes.1.member.name' failed to satisfy constraint: Member must not be null
    x-amzn-errortype: InvalidParameterException:
    x-amzn-requestid: [id]

    {"__type":"InvalidParameterException","message":"6 validation errors detected: Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+; Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$; Value null at 'userAttributes.1.member.name' failed to satisfy constraint: Member must not be null"}
    "#);
    let got = rig
        .iam(
            &Key::unknown(),
            "CreateRole",
            &[("RoleName", "a%20b"), ("MaxSessionDuration", "1")],
        )
        .await;
    assert_snapshot!(got.printed(), @r#"
    400
    access-control-allow-origin: *
    access-control-expose-headers: x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date
    content-type: text/xml
    x-amzn-requestid: [id]

    <ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>3 validation errors detected: Value at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+; Value at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null; Value at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600</Message></Error><RequestId>[id]</RequestId></ErrorResponse>
    "#);
}

/// Somebody unsigned learns nothing of the model's rules for signed operations.
#[tokio::test]
async fn the_signature_is_asked_for_first() {
    let rig = Rig::dev().await;
    rig.public("ListUsers", json!({})).await.refused(
        400,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    );
    rig.send(Draft::query(&IAM, "GetRole", &[])).await.refused(
        403,
        "MissingAuthenticationToken",
        "Request is missing Authentication Token",
    );
}

#[tokio::test]
async fn what_is_no_json_is_refused() {
    let rig = Rig::dev().await;
    let deep = "[".repeat(100_000);
    for body in [
        "{",
        "nonsense",
        "[]",
        "\"text\"",
        "{\"ClientId\":",
        "{} {}",
        "{\"a\":1e999}",
        "\u{0}",
        deep.as_str(),
    ] {
        let got = rig
            .send(Draft::target("AWSCognitoIdentityProviderService.InitiateAuth", body))
            .await;
        let shown: String = body.chars().take(20).collect();
        assert_eq!(
            (got.status, got.text("/__type").as_str()),
            (400, "SerializationException"),
            "{shown}: {}",
            got.body
        );
    }
    let mut draft = Draft::target("AWSCognitoIdentityProviderService.InitiateAuth", "");
    draft.body = vec![b'"', 0xff, b'"'];
    assert_eq!(rig.send(draft).await.text("/__type"), "SerializationException");
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let rig = Rig::dev().await;
    let large = " ".repeat(crate::aws::LARGEST_CALL + 1);
    let got = rig
        .send(Draft::target("AWSCognitoIdentityProviderService.InitiateAuth", &large))
        .await;
    got.refused(
        413,
        "RequestEntityTooLargeException",
        "The request is larger than the service accepts.",
    );
    let just = format!("{{}}{}", " ".repeat(crate::aws::LARGEST_CALL - 2));
    let got = rig
        .send(Draft::target("AWSCognitoIdentityProviderService.InitiateAuth", &just))
        .await;
    assert_eq!(
        got.text("/__type"),
        "InvalidParameterException",
        "read, and refused for what it lacks"
    );
    let form = Draft::form("ListRoles", "2010-05-08", &[("PathPrefix", &large.replace(' ', "x"))]);
    assert_eq!(rig.send(form).await.status, 413);
}

/// Every operation that is implemented: with nothing given, and with each of its members spoilt in turn.
#[tokio::test]
async fn every_operation_refuses_what_its_model_refuses() {
    let rig = Rig::dev().await;
    let (mut operations, mut asked) = (0, 0);
    for (service, operation) in implemented(Protocol::AwsJson) {
        operations += 1;
        for input in spoilt(operation) {
            let Err(expected) = service.validate(operation, &input) else {
                continue;
            };
            let draft = Draft::json(service, operation.name, &input);
            let got = rig.send(draft.signed(&Key::unknown(), service.signing_name)).await;
            got.refused(400, expected.code().0, expected.message());
            asked += 1;
        }
    }
    assert!(
        operations > 70 && asked > 400,
        "{operations} operations, {asked} requests"
    );
}

#[tokio::test]
async fn every_query_operation_refuses_what_its_model_refuses() {
    let rig = Rig::dev().await;
    let mut asked = 0;
    for (service, operation) in implemented(Protocol::AwsQuery) {
        let texts = operation
            .input
            .map_or(&[][..], Shape::members)
            .iter()
            .filter(|member| matches!(member.shape.kind, Kind::String { .. }));
        let cases = texts.map(|member| Some((member.name, "%7F".repeat(300)))).chain([None]);
        for case in cases {
            let tree: Map<String, Value> = case
                .iter()
                .map(|(name, _)| ((*name).to_owned(), Value::from("\u{7f}".repeat(300))))
                .collect();
            let Err(expected) = service.validate(operation, &Value::Object(tree)) else {
                continue;
            };
            let pairs: Vec<(&str, &str)> = case.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let draft = Draft::query(service, operation.name, &pairs);
            let got = rig.send(draft.signed(&Key::unknown(), service.signing_name)).await;
            assert_eq!(
                (got.status, got.element("Code").as_str()),
                (400, "ValidationError"),
                "{}",
                operation.name
            );
            assert_eq!(got.element("Message"), expected.message(), "{}", operation.name);
            asked += 1;
        }
    }
    assert!(asked > 150, "{asked}");
}

fn implemented(protocol: Protocol) -> impl Iterator<Item = (&'static Service, &'static Operation)> {
    let spoken = services()
        .into_iter()
        .filter(move |(service, _)| service.protocol == protocol);
    spoken.flat_map(|(service, missing)| {
        let there = service
            .operations
            .iter()
            .filter(move |operation| !missing.contains(&operation.name));
        there.map(move |operation| (service, operation))
    })
}

/// Nothing; then each member alone: of another type, and too long.
fn spoilt(operation: &'static Operation) -> Vec<Value> {
    let mut inputs = vec![json!({})];
    for member in operation.input.map_or(&[][..], Shape::members) {
        let wrong_type = match member.shape.kind {
            Kind::String { .. } | Kind::Boolean | Kind::Timestamp | Kind::Blob => json!({}),
            _ => json!("text"),
        };
        inputs.push(json!({ member.name: wrong_type }));
        if matches!(member.shape.kind, Kind::String { .. }) {
            inputs.push(json!({ member.name: "\u{1}".repeat(3000) }));
            inputs.push(json!({ member.name: "" }));
        }
    }
    inputs
}

/// The databases' texts can't hold U+0000 (PostgreSQL's can't): refused as the client's fault, wherever it comes in.
#[tokio::test]
async fn nul_is_the_clients_fault() {
    let rig = Rig::dev().await;
    let key = Key::unknown();
    let (pool, client) = rig.pool(&key, None).await;
    let attributes = json!([{"Name": "name", "Value": "a\0b"}]);
    let sign_up = json!({
        "ClientId": client, "Username": "ana@example.com", "Password": "Passw0rd!", "UserAttributes": attributes,
    });
    let create = json!({"UserPoolId": pool, "Username": "ana", "UserAttributes": attributes});
    let list = json!({"UserPoolId": pool, "Filter": "name = \"a\0b\""});
    for (operation, input) in [("SignUp", sign_up), ("AdminCreateUser", create), ("ListUsers", list)] {
        let got = rig.idp(&key, operation, input).await;
        assert_eq!(
            (got.status, got.text("/__type").as_str()),
            (400, "InvalidParameterException"),
            "{operation}: {}",
            got.body
        );
    }
    let draft = |method, path: &str| Draft::new(method, path).signed(&key, "s3");
    rig.send(Draft::make_bucket("photos").signed(&key, "s3")).await.ok();
    for (method, path) in [
        ("GET", "/photos/a%00b"),
        ("PUT", "/photos/a%00b"),
        ("GET", "/photos?prefix=a%00"),
    ] {
        let got = rig.send(draft(method, path)).await;
        got.refused(400, "InvalidURI", "Couldn't parse the specified URI.");
    }
}
