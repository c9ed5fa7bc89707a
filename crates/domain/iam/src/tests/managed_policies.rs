//! Managed policies and their versions. Reference: identity-pools-iam 3.2, 3.3, 7, 8.

use serde_json::{Value, json};
use testkit::text;

use super::app::{App, allow, policy};

fn document(action: &str) -> String {
    policy(json!([allow(action, "*")]))
}

pub(super) async fn made(app: &App, name: &str) -> String {
    let input = json!({"PolicyName": name, "PolicyDocument": document("s3:GetObject")});
    text(&app.iam("CreatePolicy", input).await.ok(), "/Policy/Arn")
}

#[tokio::test]
async fn a_policy_is_made_read_and_deleted() {
    let app = App::new().await;
    let input = json!({"PolicyName": "Read", "Path": "/team/", "Description": "d", "PolicyDocument": document("s3:Get*"),
        "Tags": [{"Key": "a", "Value": "1"}]});
    let made = app.iam("CreatePolicy", input.clone()).await.ok();
    let arn = "arn:aws:iam::123456789012:policy/team/Read";
    assert_eq!(text(&made, "/Policy/Arn"), arn);
    let got = app.iam("GetPolicy", json!({"PolicyArn": arn})).await.ok();
    assert!(made["Policy"].get("Description").is_none());
    let mut known = made.clone();
    known["Policy"]["Description"] = json!("d");
    assert_eq!(got, known, "CreatePolicy leaves the description out");
    let plain = json!({"PolicyName": "Plain", "PolicyDocument": document("s3:Get*")});
    let plain = app.iam("CreatePolicy", plain).await.ok();
    assert!(plain["Policy"].get("Tags").is_none());
    for arn in [
        text(&plain, "/Policy/Arn"),
        "arn:aws:iam::aws:policy/AdministratorAccess".to_owned(),
    ] {
        let got = app.iam("GetPolicy", json!({"PolicyArn": arn})).await.ok();
        assert_eq!(got["Policy"]["Tags"], json!([]));
    }
    assert_eq!(
        (&got["Policy"]["DefaultVersionId"], &got["Policy"]["AttachmentCount"]),
        (&json!("v1"), &json!(0))
    );
    assert!(text(&got, "/Policy/PolicyId").starts_with("ANPA"));
    app.iam("CreatePolicy", input).await.refused(
        "EntityAlreadyExists",
        "A policy called Read already exists. Duplicate names are not allowed.",
    );
    app.iam(
        "TagPolicy",
        json!({"PolicyArn": arn, "Tags": [{"Key": "b", "Value": "2"}]}),
    )
    .await
    .ok();
    app.iam("UntagPolicy", json!({"PolicyArn": arn, "TagKeys": ["a"]}))
        .await
        .ok();
    let tags = app.iam("ListPolicyTags", json!({"PolicyArn": arn})).await.ok();
    assert_eq!(tags["Tags"], json!([{"Key": "b", "Value": "2"}]));
    app.iam("DeletePolicy", json!({"PolicyArn": arn})).await.ok();
    for operation in [
        "GetPolicy",
        "DeletePolicy",
        "ListPolicyVersions",
        "ListEntitiesForPolicy",
        "ListPolicyTags",
    ] {
        let gone = app.iam(operation, json!({"PolicyArn": arn})).await;
        gone.refused("NoSuchEntity", &format!("Policy {arn} was not found."));
    }
    let wrong_path = "arn:aws:iam::123456789012:policy/Read";
    assert!(
        app.iam("GetPolicy", json!({"PolicyArn": wrong_path}))
            .await
            .result
            .is_err()
    );
}

#[tokio::test]
async fn documents_are_checked() {
    let app = App::new().await;
    for (document, sentence) in [
        ("{", "This policy contains invalid Json"),
        (
            r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}"#,
            "Policy statement must contain actions.",
        ),
        (
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}"#,
            "Policy statement must contain resources.",
        ),
        (
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}"#,
            "Policy document should not specify a principal.",
        ),
    ] {
        let input = json!({"PolicyName": "P", "PolicyDocument": document});
        app.iam("CreatePolicy", input)
            .await
            .refused("MalformedPolicyDocument", sentence);
    }
    let large = policy(json!([allow("s3:*", &format!("arn:aws:s3:::{}", "x".repeat(6200)))]));
    let input = json!({"PolicyName": "P", "PolicyDocument": large});
    app.iam("CreatePolicy", input)
        .await
        .refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144");
}

#[tokio::test]
async fn versions_up_to_five() {
    let app = App::new().await;
    let arn = made(&app, "P").await;
    let create = |action: &str, default: bool| {
        let input = json!({"PolicyArn": arn, "PolicyDocument": document(action), "SetAsDefault": default});
        app.iam("CreatePolicyVersion", input)
    };
    let of = |id: &str| json!({"PolicyArn": arn, "VersionId": id});
    let second = create("s3:PutObject", false).await.ok();
    assert_eq!(second["PolicyVersion"]["VersionId"], "v2");
    assert_eq!(second["PolicyVersion"]["IsDefaultVersion"], false);
    for _ in 3..=5 {
        create("s3:*", true).await.ok();
    }
    create("s3:*", true).await.refused("LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.");
    let conflict = "Cannot delete the default version of a policy.";
    app.iam("DeletePolicyVersion", of("v5"))
        .await
        .refused("DeleteConflict", conflict);
    app.iam("SetDefaultPolicyVersion", of("v2")).await.ok();
    app.iam("DeletePolicyVersion", of("v5")).await.ok();
    let sentence = format!("Policy {arn} version v5 does not exist or is not attachable.");
    for operation in ["GetPolicyVersion", "DeletePolicyVersion", "SetDefaultPolicyVersion"] {
        app.iam(operation, of("v5")).await.refused("NoSuchEntity", &sentence);
    }
    let next = create("s3:*", false).await.ok();
    assert_eq!(next["PolicyVersion"]["VersionId"], "v6", "numbers are not used again");
    let listed = app.iam("ListPolicyVersions", json!({"PolicyArn": arn})).await.ok();
    let ids: Vec<(&str, bool)> = listed["Versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| {
            (
                version["VersionId"].as_str().unwrap(),
                version["IsDefaultVersion"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        ids,
        [("v6", false), ("v4", false), ("v3", false), ("v2", true), ("v1", false)]
    );
    let got = app.iam("GetPolicyVersion", of("v2")).await.ok();
    assert!(text(&got, "/PolicyVersion/Document").contains("s3%3APutObject"));
    let policy = app.iam("GetPolicy", json!({"PolicyArn": arn})).await.ok();
    assert_eq!(policy["Policy"]["DefaultVersionId"], "v2");

    let refusal = app.iam("DeletePolicy", json!({"PolicyArn": arn})).await.error();
    assert_eq!(refusal.code().0, "DeleteConflict");
    assert!(refusal.message().starts_with("This policy has more than one version."));
    for id in ["v1", "v3", "v4", "v6"] {
        app.iam("DeletePolicyVersion", of(id)).await.ok();
    }
    app.iam("DeletePolicy", json!({"PolicyArn": arn})).await.ok();
}

#[tokio::test]
async fn the_default_version_is_the_one_in_effect() {
    let app = App::new().await;
    let (ana, _) = app.user("Ana").await;
    let arn = made(&app, "P").await;
    app.iam("AttachUserPolicy", json!({"UserName": "Ana", "PolicyArn": arn}))
        .await
        .ok();
    assert_eq!(app.allowed(&ana, "s3:GetObject", "*").await, Ok(()));
    let second = json!({"PolicyArn": arn, "PolicyDocument": document("s3:PutObject"), "SetAsDefault": true});
    app.iam("CreatePolicyVersion", second).await.ok();
    assert!(app.allowed(&ana, "s3:GetObject", "*").await.is_err());
    assert_eq!(app.allowed(&ana, "s3:PutObject", "*").await, Ok(()));
    app.iam("SetDefaultPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"}))
        .await
        .ok();
    assert!(app.allowed(&ana, "s3:PutObject", "*").await.is_err());
}

#[tokio::test]
async fn aws_policies_are_shown_with_path_version_and_dates() {
    let app = App::new().await;
    let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
    let mut got = app.iam("GetPolicy", json!({"PolicyArn": arn})).await.ok();
    let id = got["Policy"].as_object_mut().unwrap().remove("PolicyId").unwrap();
    assert!(id.as_str().unwrap().starts_with("ANPA"));
    let seconds = |name: &str| got["Policy"][name].as_f64().unwrap();
    assert!(seconds("CreateDate") < seconds("UpdateDate"));
    let version = json!({"PolicyArn": arn, "VersionId": "v3"});
    let version = app.iam("GetPolicyVersion", version).await.ok();
    assert_eq!(version["PolicyVersion"]["CreateDate"], got["Policy"]["UpdateDate"]);
    assert!(text(&version, "/PolicyVersion/Document").contains("ec2%3ACreateNetworkInterface"));
    let shown = got["Policy"].as_object_mut().unwrap();
    shown.retain(|name, _| !name.ends_with("Date"));
    let expected = json!({"PolicyName": "AWSLambdaVPCAccessExecutionRole", "Arn": arn, "Path": "/service-role/",
        "DefaultVersionId": "v3", "AttachmentCount": 0, "PermissionsBoundaryUsageCount": 0, "IsAttachable": true,
        "Tags": []});
    assert_eq!(got["Policy"], expected);
}

/// As their names promise: what one allows, and what it does not.
#[tokio::test]
async fn aws_policies_are_in_effect() {
    let app = App::new().await;
    let cases = [
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", "s3:PutObject"),
        (
            "ReadOnlyAccess",
            "cognito-idp:DescribeUserPool",
            "cognito-idp:CreateUserPool",
        ),
        ("AmazonCognitoPowerUser", "cognito-idp:CreateUserPool", "iam:CreateRole"),
        ("PowerUserAccess", "s3:PutObject", "iam:CreateUser"),
        ("job-function/ViewOnlyAccess", "s3:ListAllMyBuckets", "s3:GetObject"),
    ];
    for (at, (name, allowed, denied)) in cases.into_iter().enumerate() {
        let user = format!("u{at}");
        let (principal, _) = app.user(&user).await;
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        let attach = json!({"UserName": user, "PolicyArn": arn});
        app.iam("AttachUserPolicy", attach).await.ok();
        assert_eq!(app.allowed(&principal, allowed, "*").await, Ok(()), "{name}");
        assert!(app.allowed(&principal, denied, "*").await.is_err(), "{name}");
    }
}

#[tokio::test]
async fn aws_policies_are_read_and_attached_but_never_changed() {
    let app = App::new().await;
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    let version = app
        .iam("GetPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"}))
        .await
        .ok();
    assert_eq!(version["PolicyVersion"]["IsDefaultVersion"], true);
    let (ana, _) = app.user("Ana").await;
    app.allow_user("Ana", json!([allow("iam:*", "*")])).await;
    for (operation, input) in [
        ("DeletePolicy", json!({"PolicyArn": arn})),
        (
            "CreatePolicyVersion",
            json!({"PolicyArn": arn, "PolicyDocument": document("s3:*")}),
        ),
        ("SetDefaultPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"})),
        ("DeletePolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"})),
    ] {
        let sentence = format!(
            "User: {} is not authorized to perform: iam:{operation} on resource: policy {arn}",
            ana.principal.arn
        );
        app.iam_as(&ana, operation, input)
            .await
            .refused("AccessDenied", &sentence);
    }
}

fn names(listed: &Value) -> Vec<&str> {
    listed["Policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| policy["PolicyName"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn lists_have_filters() {
    let app = App::new().await;
    let arn = made(&app, "Mine").await;
    made(&app, "another").await;
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    app.iam("AttachUserPolicy", json!({"UserName": "Ana", "PolicyArn": arn}))
        .await
        .ok();
    let list = |input: Value| app.iam("ListPolicies", input);
    assert_eq!(names(&list(json!({"Scope": "Local"})).await.ok()), ["another", "Mine"]);
    let all = list(json!({"MaxItems": 1000})).await.ok();
    assert!(names(&all).contains(&"Mine") && names(&all).contains(&"AWSDenyAll"));
    let awss = list(json!({"Scope": "AWS", "MaxItems": 1000})).await.ok();
    assert!(!names(&awss).contains(&"Mine"));
    let attached = list(json!({"OnlyAttached": true})).await.ok();
    assert_eq!(names(&attached), ["Mine"]);
    assert_eq!(attached["Policies"][0]["AttachmentCount"], 1);
    let service = list(json!({"PathPrefix": "/service-role/"})).await.ok();
    assert!(names(&service).contains(&"AWSLambdaBasicExecutionRole") && !names(&service).contains(&"AWSDenyAll"));
    let boundary = json!({"UserName": "Ana", "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess"});
    app.iam("PutUserPermissionsBoundary", boundary).await.ok();
    let bounding = list(json!({"PolicyUsageFilter": "PermissionsBoundary"})).await.ok();
    assert_eq!(names(&bounding), ["PowerUserAccess"]);
    assert_eq!(bounding["Policies"][0]["PermissionsBoundaryUsageCount"], 1);
}

/// Reference 3.3: two blanks.
#[tokio::test]
async fn what_is_no_arn_names_no_policy() {
    let app = App::new().await;
    app.iam("CreateUser", json!({"UserName": "Ana"})).await.ok();
    let input = json!({"UserName": "Ana", "RoleName": "Nobody", "GroupName": "nobody", "VersionId": "v1",
        "PolicyArn": "this-is-longer-than-twenty-letters", "PolicyDocument": document("s3:*"),
        "Tags": [{"Key": "a", "Value": "1"}], "TagKeys": ["a"],
        "PermissionsBoundary": "this-is-longer-than-twenty-letters"});
    for operation in [
        "AttachUserPolicy",
        "DetachUserPolicy",
        "AttachRolePolicy",
        "DetachRolePolicy",
        "AttachGroupPolicy",
        "DetachGroupPolicy",
        "GetPolicy",
        "DeletePolicy",
        "CreatePolicyVersion",
        "GetPolicyVersion",
        "ListPolicyVersions",
        "SetDefaultPolicyVersion",
        "DeletePolicyVersion",
        "ListEntitiesForPolicy",
        "TagPolicy",
        "UntagPolicy",
        "ListPolicyTags",
        "PutUserPermissionsBoundary",
    ] {
        let answer = app.iam(operation, input.clone()).await;
        answer.refused("ValidationError", "Invalid ARN:  Could not be parsed!");
    }
}
