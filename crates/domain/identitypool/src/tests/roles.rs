use iam::{Caller, Origin};
use kernel::{AccessKeyId, Cx};
use serde_json::{Value, json};
use testkit::text;

use super::app::{App, CLIENT, PARTNERS, STAFF, aws, role_arn};

impl App {
    /// What the front end asks of a row.
    pub(super) async fn may_pass(&self, cx: &Cx, facts: model::Facts, input: &Value) -> kernel::Result<()> {
        let Some(caller) = Caller::of(cx)? else { return Ok(()) };
        let roles = facts.roles_passed(input);
        self.iam
            .may_pass(cx, caller, &roles, |denial| panic!("{denial:?}"))
            .await
    }

    /// An IAM user with one policy, as the caller.
    async fn caller(&self, name: &str, statements: Value) -> Caller {
        self.iam("CreateUser", json!({"UserName": name})).await;
        let policy = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        let policy = json!({"UserName": name, "PolicyName": "p", "PolicyDocument": policy});
        self.iam("PutUserPolicy", policy).await;
        let key = self.iam("CreateAccessKey", json!({"UserName": name})).await;
        let key = AccessKeyId::new(text(&key["AccessKey"], "/AccessKeyId"));
        self.iam
            .credential(&self.cx(), &key, None, Origin::Own)
            .await
            .unwrap()
            .proved(|_| Ok(None))
            .unwrap()
    }
}

fn rule(role: &str) -> Value {
    json!({"Claim": "aud", "MatchType": "Equals", "Value": "web", "RoleARN": role_arn(role)})
}

fn key(pool: &str) -> String {
    format!("{}:{CLIENT}", aws(pool))
}

fn mappings(kind: &str, rules: Option<Vec<Value>>) -> Value {
    let mut mapping = json!({"Type": kind, "AmbiguousRoleResolution": "AuthenticatedRole"});
    if let Some(rules) = rules {
        mapping["RulesConfiguration"] = json!({ "Rules": rules });
    }
    json!({ key(STAFF): mapping })
}

#[tokio::test]
async fn only_roles_that_the_caller_may_pass_are_set() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    let only_cognito = json!([{"Effect": "Allow", "Action": "cognito-identity:*", "Resource": "*"}]);
    let powerless = app.caller("powerless", only_cognito).await;
    let pass_role = json!([{
        "Effect": "Allow", "Action": "iam:PassRole", "Resource": [role_arn("a"), role_arn("b")],
        "Condition": {"StringEquals": {"iam:PassedToService": "cognito-identity.amazonaws.com"}},
    }]);
    let passer = app.caller("passer", pass_role).await;
    let set = |caller: &Caller, roles: Value, mappings: Value| {
        let input = json!({"IdentityPoolId": pool, "Roles": roles, "RoleMappings": mappings});
        app.call_as(caller.clone(), "SetIdentityPoolRoles", input)
    };
    let forbidden = |role: &str| format!("Access to Role '{}' is forbidden.", role_arn(role));
    let roles = json!({"authenticated": role_arn("a"), "unauthenticated": role_arn("b")});
    set(&powerless, roles.clone(), json!({}))
        .await
        .refused("NotAuthorizedException", &forbidden("a"));
    set(&passer, json!({"authenticated": role_arn("c")}), json!({}))
        .await
        .refused("NotAuthorizedException", &forbidden("c"));
    // The roles of rules count too.
    set(
        &passer,
        roles.clone(),
        mappings("Rules", Some(vec![rule("b"), rule("c")])),
    )
    .await
    .refused("NotAuthorizedException", &forbidden("c"));
    let shown = app
        .call("GetIdentityPoolRoles", json!({"IdentityPoolId": pool}))
        .await
        .ok();
    assert_eq!(shown, json!({"IdentityPoolId": pool}));

    let allowed = mappings("Rules", Some(vec![rule("b")]));
    set(&passer, roles.clone(), allowed.clone()).await.ok();
    let shown = app
        .call("GetIdentityPoolRoles", json!({"IdentityPoolId": pool}))
        .await
        .ok();
    assert_eq!(
        shown,
        json!({"IdentityPoolId": pool, "Roles": roles, "RoleMappings": allowed})
    );
}

#[tokio::test]
async fn a_mapping_that_cannot_be_is_refused() {
    let app = App::new().await;
    let only_staff = json!([{"ProviderName": aws(STAFF), "ClientId": CLIENT}]);
    let saml = "arn:aws:iam::123456789012:saml-provider/Corp";
    let openid = "arn:aws:iam::999999999999:oidc-provider/login.example.com";
    let pool = app
        .identity_pool(json!({
            "CognitoIdentityProviders": only_staff, "SamlProviderARNs": [saml], "OpenIdConnectProviderARNs": [openid],
            "SupportedLoginProviders": {"graph.facebook.com": "7346241598935552"},
        }))
        .await;
    let token = json!({"Type": "Token", "AmbiguousRoleResolution": "Deny"});
    let set = |mappings: Value| {
        let input = json!({"IdentityPoolId": pool, "Roles": {}, "RoleMappings": mappings});
        app.call("SetIdentityPoolRoles", input)
    };
    for wrong in [
        "harbour",
        &aws(STAFF),
        &format!("{}:another", aws(STAFF)),
        &format!("x{}", key(STAFF)),
        &key(PARTNERS),
        "accounts.google.com",
        "login.example.com",
    ] {
        let sentence = format!("({wrong}) is not a valid RoleMapping ProviderName or is not a configured provider.");
        set(json!({ wrong: token }))
            .await
            .refused("InvalidParameterException", &sentence);
    }
    for right in [
        key(STAFF),
        format!("localhost:4566/{STAFF}:{CLIENT}"),
        "graph.facebook.com".to_owned(),
        saml.to_owned(),
        openid.to_owned(),
    ] {
        set(json!({ right: token })).await.ok();
    }
    set(json!({})).await.ok();
    let staff = key(STAFF);
    let many = (0..26).map(|_| rule("a")).collect();
    for (mappings, sentence) in [
        (
            mappings("Rules", None),
            format!("The role mapping of '{staff}' needs RulesConfiguration."),
        ),
        (
            json!({ staff.as_str(): {"Type": "Token"} }),
            format!("The role mapping of '{staff}' needs AmbiguousRoleResolution."),
        ),
        (
            mappings("Rules", Some(many)),
            "The number of rules in the request exceeded 25.".to_owned(),
        ),
        (
            mappings("Token", Some(vec![rule("a")])),
            format!("The role mapping of '{staff}' is of type Token and can have no RulesConfiguration."),
        ),
    ] {
        let input = json!({"IdentityPoolId": pool, "Roles": {}, "RoleMappings": mappings});
        app.call("SetIdentityPoolRoles", input)
            .await
            .refused("InvalidParameterException", &sentence);
    }
    let shown = app
        .call("GetIdentityPoolRoles", json!({"IdentityPoolId": pool}))
        .await
        .ok();
    assert_eq!(shown, json!({"IdentityPoolId": pool}));
    let most = (0..25).map(|_| rule("a")).collect();
    let input = json!({"IdentityPoolId": pool, "Roles": {}, "RoleMappings": mappings("Rules", Some(most))});
    app.call("SetIdentityPoolRoles", input).await.ok();
}

#[tokio::test]
async fn roles_are_of_two_kinds() {
    let app = App::new().await;
    let pool = app.identity_pool(json!({})).await;
    app.call("SetIdentityPoolRoles", json!({"IdentityPoolId": pool, "Roles": {"somebody": role_arn("a")}}))
        .await
        .refused(
            "ValidationException",
            "1 validation error detected: Value '{somebody=arn:aws:iam::123456789012:role/a}' at 'roles' failed to satisfy \
             constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must \
             have length greater than or equal to 1, Member must satisfy regular expression pattern: (un)?authenticated]",
        );
}
