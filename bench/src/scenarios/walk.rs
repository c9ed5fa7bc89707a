//! The walk's second half: credentials for an identity, and a small object by them.

use serde_json::json;

use super::{send, text};
use crate::{
    Options,
    child::Server,
    client::{Connection, Key, Prepared},
    figures::{Figures, millis},
    seed::Seeded,
};

const ROLE: &str = "guest";
const BUCKET: &str = "/bench-walk";
const OBJECT: &str = "/bench-walk/small";

pub(super) async fn walk(
    figures: &mut Figures,
    options: &Options,
    server: &Server,
    seeded: &Seeded,
) -> Result<(), String> {
    figures.title("The walk: the server's CPU for one");
    let identity = guest(server, seeded).await?;
    let input = json!({ "IdentityId": identity });
    let trade = Prepared::call(&server.address, &target("GetCredentialsForIdentity"), &input, None)?;
    let measured = send(options, server, vec![trade.clone()], 40_000).await?;
    figures.at_most("GetCredentialsForIdentity", millis(measured.cpu), 0.045, "ms");

    let (id, secret) = (&seeded.key.0, &seeded.key.1);
    let (host, admin) = (&server.address, Key::for_objects(id, secret));
    let mut connection = Connection::open(host).await?;
    for put in [
        Prepared::put(host, BUCKET, b"", &admin)?,
        Prepared::put(host, OBJECT, &[b'x'; 1024], &admin)?,
    ] {
        expect_ok(&mut connection, &put).await?;
    }
    let answer = connection
        .call(&target("GetCredentialsForIdentity"), &input, None)
        .await?;
    let part = |name: &str| text(&answer, &format!("/Credentials/{name}"));
    let key = Key::for_objects(&part("AccessKeyId")?, &part("SecretKey")?).of_session(&part("SessionToken")?);
    let get = Prepared::signed_get(host, OBJECT, &key)?;
    let measured = send(options, server, vec![get], 40_000).await?;
    figures.at_most(
        "GET of an object of 1 KiB, by a role's credentials",
        millis(measured.cpu),
        0.05,
        "ms",
    );
    Ok(())
}

/// A guest of a pool whose role may do everything in S3: the identity's id.
async fn guest(server: &Server, seeded: &Seeded) -> Result<String, String> {
    let (id, secret) = (&seeded.key.0, &seeded.key.1);
    let key = Key::new(id, secret, "cognito-identity");
    let mut connection = Connection::open(&server.address).await?;
    let pool = json!({ "IdentityPoolName": "bench", "AllowUnauthenticatedIdentities": true });
    let pool = connection
        .call(&target("CreateIdentityPool"), &pool, Some(&key))
        .await?;
    let pool = text(&pool, "/IdentityPoolId")?;
    let trust = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "Federated": "cognito-identity.amazonaws.com" },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": { "cognito-identity.amazonaws.com:aud": pool },
            "ForAnyValue:StringLike": { "cognito-identity.amazonaws.com:amr": "unauthenticated" },
        },
    }]});
    let rights = json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": "s3:*", "Resource": "*" },
    ]});
    let administrator = Key::new(id, secret, "iam");
    for form in [
        [
            ("Action", "CreateRole"),
            ("Version", "2010-05-08"),
            ("RoleName", ROLE),
            ("AssumeRolePolicyDocument", &trust.to_string()),
            ("Description", "bench"),
        ],
        [
            ("Action", "PutRolePolicy"),
            ("Version", "2010-05-08"),
            ("RoleName", ROLE),
            ("PolicyName", "objects"),
            ("PolicyDocument", &rights.to_string()),
        ],
    ] {
        let call = Prepared::form(&server.address, &form, &administrator)?;
        expect_ok(&mut connection, &call).await?;
    }
    let arn = format!("arn:aws:iam::000000000000:role/{ROLE}");
    let roles = json!({ "IdentityPoolId": pool, "Roles": { "unauthenticated": arn } });
    connection
        .call(&target("SetIdentityPoolRoles"), &roles, Some(&key))
        .await?;
    let made = connection
        .call(&target("GetId"), &json!({ "IdentityPoolId": pool }), None)
        .await?;
    text(&made, "/IdentityId")
}

fn target(operation: &str) -> String {
    format!("AWSCognitoIdentityService.{operation}")
}

async fn expect_ok(connection: &mut Connection, request: &Prepared) -> Result<(), String> {
    let answer = connection.send(request).await?;
    match answer.status {
        200 => Ok(()),
        status => Err(format!("{status} {}", String::from_utf8_lossy(&answer.body))),
    }
}
