//! A role is handed to a service by those alone who may pass it. Reference: identity-pools-iam 1.3.

use std::collections::BTreeSet;

use kernel::AccessKeyId;
use model::{Kind, Shape, Table};
use serde_json::{Value, json};

use super::{Key, REGION, Rig, requests::Draft};

const ADMIN: &str = "arn:aws:iam::123456789012:role/Admin";

/// A user who may do everything with user pools, and the pool.
async fn keeper_of_pools(rig: &Rig) -> (Key, String) {
    let root = Key::unknown();
    let (pool, _) = rig.pool(&root, None).await;
    rig.iam(&root, "CreateUser", &[("UserName", "ana")]).await.ok();
    let made = rig.iam(&root, "CreateAccessKey", &[("UserName", "ana")]).await.ok();
    let key = Key {
        id: AccessKeyId::new(made.element("AccessKeyId")),
        secret: made.element("SecretAccessKey"),
        region: REGION,
    };
    allow(
        rig,
        "pools",
        json!({"Effect": "Allow", "Action": "cognito-idp:*", "Resource": "*"}),
    )
    .await;
    (key, pool)
}

async fn allow(rig: &Rig, name: &str, statement: Value) {
    let document = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
    let document = percent_encoding::utf8_percent_encode(&document, percent_encoding::NON_ALPHANUMERIC).to_string();
    let parameters = [("UserName", "ana"), ("PolicyName", name), ("PolicyDocument", &document)];
    rig.iam(&Key::unknown(), "PutUserPolicy", &parameters).await.ok();
}

async fn allow_passing_to(rig: &Rig, service: &str) {
    let passed = json!({"StringEquals": {"iam:PassedToService": service}});
    let statement = json!({"Effect": "Allow", "Action": "iam:PassRole", "Resource": ADMIN, "Condition": passed});
    allow(rig, "pass", statement).await;
}

#[tokio::test]
async fn a_groups_role_is_passed_to_identity_pools() {
    let rig = Rig::dev().await;
    let (ana, pool) = keeper_of_pools(&rig).await;
    let group = |role: Option<&str>| {
        let mut input = json!({"UserPoolId": pool, "GroupName": "staff"});
        if let Some(role) = role {
            input["RoleArn"] = json!(role);
        }
        input
    };
    let sentence = format!(
        "User: arn:aws:iam::123456789012:user/ana is not authorized to perform: iam:PassRole on resource: {ADMIN} \
         because no identity-based policy allows the iam:PassRole action"
    );
    let denied = async |operation: &str| {
        rig.idp(&ana, operation, group(Some(ADMIN)))
            .await
            .refused(400, "AccessDeniedException", &sentence);
    };
    denied("CreateGroup").await;
    rig.idp(&ana, "CreateGroup", group(None)).await.ok();
    denied("UpdateGroup").await;
    allow_passing_to(&rig, "cognito-idp.amazonaws.com").await;
    denied("UpdateGroup").await;
    allow_passing_to(&rig, "cognito-identity.amazonaws.com").await;
    let updated = rig.idp(&ana, "UpdateGroup", group(Some(ADMIN))).await.ok();
    assert_eq!(updated.text("/Group/RoleArn"), ADMIN);
}

#[tokio::test]
async fn the_role_that_sends_text_messages_is_passed_to_user_pools() {
    let rig = Rig::dev().await;
    let (ana, _) = keeper_of_pools(&rig).await;
    let create = || {
        let input = json!({"PoolName": "texts", "SmsConfiguration": {"SnsCallerArn": ADMIN, "ExternalId": "x"}});
        rig.idp(&ana, "CreateUserPool", input)
    };
    allow_passing_to(&rig, "cognito-identity.amazonaws.com").await;
    let got = create().await;
    assert_eq!(got.text("/__type"), "AccessDeniedException", "{}", got.body);
    assert!(got.text("/message").contains("iam:PassRole"), "{}", got.body);
    allow_passing_to(&rig, "cognito-idp.amazonaws.com").await;
    create().await.ok();
}

#[tokio::test]
async fn roles_of_identity_pools_are_refused_by_their_name_alone() {
    let rig = Rig::dev().await;
    let (ana, _) = keeper_of_pools(&rig).await;
    let service = &model::COGNITO_IDENTITY;
    let call = |key: &Key, operation: &str, input: Value| {
        rig.send(Draft::json(service, operation, &input).signed(key, service.signing_name))
    };
    let pool = json!({"IdentityPoolName": "p", "AllowUnauthenticatedIdentities": true});
    let pool = call(&Key::unknown(), "CreateIdentityPool", pool).await.ok();
    allow(
        &rig,
        "identities",
        json!({"Effect": "Allow", "Action": "cognito-identity:*", "Resource": "*"}),
    )
    .await;
    let roles = json!({"IdentityPoolId": pool.text("/IdentityPoolId"), "Roles": {"authenticated": ADMIN}});
    let set = || call(&ana, "SetIdentityPoolRoles", roles.clone());
    let sentence = format!("Access to Role '{ADMIN}' is forbidden.");
    set().await.refused(400, "NotAuthorizedException", &sentence);
    allow_passing_to(&rig, "cognito-idp.amazonaws.com").await;
    set().await.refused(400, "NotAuthorizedException", &sentence);
    allow_passing_to(&rig, "cognito-identity.amazonaws.com").await;
    set().await.ok();
}

/// Every place under `shape` whose name says that it is a role's.
fn roles(shape: &Shape, at: &str, found: &mut BTreeSet<String>) {
    match &shape.kind {
        Kind::Structure(members) => {
            for member in *members {
                let place = format!("{at}/{}", member.name);
                if ["RoleArn", "RoleARN", "SnsCallerArn"]
                    .iter()
                    .any(|name| member.name.ends_with(name))
                {
                    found.insert(place.clone());
                }
                if member.name == "Roles" && matches!(member.shape.kind, Kind::Map { .. }) {
                    found.insert(format!("{place}/*"));
                }
                roles(member.shape, &place, found);
            }
        }
        Kind::List(element) => roles(element, &format!("{at}/*"), found),
        Kind::Map { value, .. } => roles(value, &format!("{at}/*"), found),
        _ => {}
    }
}

/// Roles that the caller itself becomes: the role's trust policy is asked, not who may pass it.
const ASSUMED: [(&str, &str); 3] = [
    ("AssumeRole", "/RoleArn"),
    ("AssumeRoleWithWebIdentity", "/RoleArn"),
    ("GetCredentialsForIdentity", "/CustomRoleArn"),
];

fn check<S>(table: &Table<S>) {
    for entry in table.entries {
        let operation = table.service.operation(entry.name).unwrap();
        let mut modelled = BTreeSet::new();
        if let Some(input) = operation.input {
            roles(input, "", &mut modelled);
        }
        modelled.retain(|place| !ASSUMED.contains(&(entry.name, place)));
        let asked = entry.facts.passes().map(|passed| passed.place.to_owned()).collect();
        assert_eq!(modelled, asked, "{}", entry.name);
    }
}

#[test]
fn no_role_is_passed_unasked() {
    check(&userpool::ops::TABLE);
    check(&identitypool::ops::TABLE);
    check(&iam::ops::TABLE);
    check(&iam::sts::TABLE);
}
