mod negatives;
mod properties;
mod samples;

use serde_json::{Value, json};

use crate::{COGNITO_IDENTITY, COGNITO_IDP, IAM, Kind, SERVICES, STS, Service, Shape};

/// Every shape that an operation's input or output holds; shared ones come once a service.
pub(crate) fn all_shapes() -> Vec<&'static Shape> {
    let mut found: Vec<&'static Shape> = Vec::new();
    for service in SERVICES {
        let roots = service
            .operations
            .iter()
            .flat_map(|o| o.input.into_iter().chain(o.output.map(|out| out.shape)));
        let mut open: Vec<&'static Shape> = roots.collect();
        while let Some(shape) = open.pop() {
            if found.iter().any(|known| std::ptr::eq(*known, shape)) {
                continue;
            }
            found.push(shape);
            match &shape.kind {
                Kind::Structure(members) => open.extend(members.iter().map(|member| member.shape)),
                Kind::List(element) => open.push(element),
                Kind::Map { key, value } => open.extend([*key, *value]),
                _ => {}
            }
        }
    }
    found
}

fn refusal(service: &Service, operation: &str, input: &Value) -> (&'static str, String) {
    let operation = service.operation(operation).expect("an operation of the model");
    let error = service.validate(operation, input).expect_err("a violation");
    (error.code().0, error.message().to_owned())
}

/// What a valid input of `operation` becomes when `change` is laid over it.
fn with(base: &Value, change: &Value) -> Value {
    let mut input = base.clone();
    for (name, value) in change.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

/// Operation, a valid input of it or the beginning of one, what is laid over it, and the sentence.
type Case<'a> = (&'a str, &'a Value, Value, &'a str);

fn check(cases: &[Case<'_>]) {
    for (operation, base, change, expected) in cases {
        let (code, message) = refusal(&COGNITO_IDP, operation, &with(base, change));
        assert_eq!(
            (code, message.as_str()),
            ("InvalidParameterException", *expected),
            "{operation}"
        );
    }
}

#[test]
fn violations_read_as_awss() {
    let sign_up = json!({"ClientId": "abc", "Username": "ana"});
    check(&[
        (
            "SignUp",
            &sign_up,
            json!({"Username": null}),
            "1 validation error detected: Value at 'username' failed to satisfy constraint: Member must not be null",
        ),
        // What is sensitive is not even said to be null.
        (
            "GetUser",
            &json!({}),
            json!({}),
            "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
        ),
        (
            "GetUser",
            &json!({}),
            json!({"AccessToken": ""}),
            "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [A-Za-z0-9-_=.]+",
        ),
        (
            "SignUp",
            &sign_up,
            json!({"Password": "a b"}),
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length \
             greater than or equal to 6",
        ),
        (
            "SignUp",
            &sign_up,
            json!({"Password": "", "Username": ""}),
            r"4 validation errors detected: Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+; Value at 'password' failed to satisfy constraint: Member must have length greater than or equal to 6; Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$",
        ),
        (
            "SignUp",
            &sign_up,
            json!({"UserAttributes": [{"Name": "email", "Value": "x"}, {"Value": "y"}]}),
            "1 validation error detected: Value null at 'userAttributes.2.member.name' failed to satisfy constraint: \
             Member must not be null",
        ),
    ]);
}

#[test]
fn violations_tell_values_that_are_no_secrets() {
    let pool = json!({"UserPoolId": "us-east-1_Ab3", "ClientName": "web"});
    check(&[
        (
            "AdminGetUser",
            &json!({"Username": "ana"}),
            json!({"UserPoolId": "nope"}),
            r"1 validation error detected: Value 'nope' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+",
        ),
        (
            "CreateUserPoolClient",
            &pool,
            json!({"AccessTokenValidity": 0}),
            "1 validation error detected: Value '0' at 'accessTokenValidity' failed to satisfy constraint: Member must \
             have value greater than or equal to 1",
        ),
        (
            "CreateUserPoolClient",
            &pool,
            json!({"AllowedOAuthFlows": ["code", "implicit", "client_credentials", "code"]}),
            "1 validation error detected: Value '[code, implicit, client_credentials, code]' at 'allowedOAuthFlows' \
             failed to satisfy constraint: Member must have length less than or equal to 3",
        ),
        (
            "CreateUserPoolClient",
            &pool,
            json!({"AllowedOAuthFlows": ["code", "password"]}),
            "1 validation error detected: Value '[code, password]' at 'allowedOAuthFlows' failed to satisfy constraint: \
             Member must satisfy constraint: [Member must satisfy enum value set: [implicit, client_credentials, code]]",
        ),
        (
            "CreateUserPoolClient",
            &pool,
            json!({"PreventUserExistenceErrors": "MAYBE"}),
            "1 validation error detected: Value 'MAYBE' at 'preventUserExistenceErrors' failed to satisfy constraint: \
             Member must satisfy enum value set: [LEGACY, ENABLED]",
        ),
        (
            "TagResource",
            &json!({"ResourceArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Ab3"}),
            json!({"Tags": {"": "x"}}),
            "1 validation error detected: Value '{=x}' at 'tags' failed to satisfy constraint: Map keys must satisfy \
             constraint: [Member must have length less than or equal to 128, Member must have length greater than or \
             equal to 1]",
        ),
        (
            "CreateUserPool",
            &json!({"PoolName": "p"}),
            json!({"Schema": [{"Name": "x", "AttributeDataType": "Text"}]}),
            "1 validation error detected: Value 'Text' at 'schema.1.member.attributeDataType' failed to satisfy \
             constraint: Member must satisfy enum value set: [String, Number, DateTime, Boolean]",
        ),
    ]);
}

#[test]
fn each_service_has_its_own_code() {
    let pool = json!({"IdentityPoolId": "nope"});
    assert_eq!(
        refusal(&COGNITO_IDENTITY, "GetId", &pool),
        (
            "ValidationException",
            r"1 validation error detected: Value 'nope' at 'identityPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+".to_owned()
        )
    );
    let session = json!({"RoleSessionName": "ana"});
    assert_eq!(
        refusal(&STS, "AssumeRole", &session),
        (
            "ValidationError",
            "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null"
                .to_owned()
        )
    );
    let rule = json!({"Claim": "c", "MatchType": "Is", "Value": "v", "RoleARN": "arn:aws:iam::123456789012:role/r"});
    let roles = json!({"IdentityPoolId": "us-east-1:0-f", "Roles": {}, "RoleMappings": {
        "p": {"Type": "Rules", "RulesConfiguration": {"Rules": [rule]}},
    }});
    let (_, message) = refusal(&COGNITO_IDENTITY, "SetIdentityPoolRoles", &roles);
    assert!(
        message.ends_with("Member must satisfy enum value set: [StartsWith, Equals, Contains, NotEqual]"),
        "{message}"
    );
}

#[test]
fn iam_prints_neither_values_nor_lists() {
    let key = json!({"AccessKeyId": "AKIA0000000000000000"});
    let status = "Value at 'status' failed to satisfy constraint: Member must";
    for (operation, input, expected) in [
        (
            "UpdateAccessKey",
            with(&key, &json!({"Status": "Asleep"})),
            format!("1 validation error detected: {status} satisfy enum value set"),
        ),
        ("UpdateAccessKey", key, format!("1 validation error detected: {status} not be null")),
        (
            "GetRole",
            json!({"RoleName": "r".repeat(65)}),
            "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have length less \
             than or equal to 64"
                .to_owned(),
        ),
    ] {
        assert_eq!(refusal(&IAM, operation, &input), ("ValidationError", expected), "{input}");
    }
    let role = json!({"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": [{"Key": "", "Value": "v"}]});
    let (_, message) = refusal(&IAM, "CreateRole", &role);
    assert!(
        message.starts_with("2 validation errors detected: Value at 'tags.1.member.key' failed"),
        "{message}"
    );
}

#[test]
fn map_values_report_all_their_rules() {
    let input = json!({"IdentityPoolId": "us-east-1:0-f", "Logins": {"accounts.google.com": ""}});
    let (_, message) = refusal(&COGNITO_IDENTITY, "GetId", &input);
    // The tokens are sensitive, so the map is not printed.
    assert_eq!(
        message,
        "1 validation error detected: Value at 'logins' failed to satisfy constraint: Map value must satisfy constraint: \
         [Member must have length less than or equal to 50000, Member must have length greater than or equal to 1]"
    );
}

#[test]
fn lengths_are_utf_16_units() {
    let name = |text: String| json!({"UserPoolId": "us-east-1_Ab3", "GroupName": text});
    let operation = COGNITO_IDP.operation("CreateGroup").unwrap();
    assert!(COGNITO_IDP.validate(operation, &name("é".repeat(128))).is_ok());
    assert!(COGNITO_IDP.validate(operation, &name("😀".repeat(64))).is_ok());
    let (_, message) = refusal(&COGNITO_IDP, "CreateGroup", &name("😀".repeat(65)));
    assert!(
        message.ends_with("Member must have length less than or equal to 128"),
        "{message}"
    );
}

#[test]
fn wrong_types_come_before_constraints() {
    let cases = [
        (json!([]), "Expected a structure"),
        (json!({"Username": 7}), "NUMBER_VALUE can not be converted to a String"),
        (json!({"Username": true}), "TRUE_VALUE can not be converted to a String"),
        (
            json!({"Username": {}}),
            "Start of structure or map found where not expected.",
        ),
        (json!({"UserAttributes": "x"}), "Expected list or null"),
        (
            json!({"UserAttributes": [[]]}),
            "Start of list found where not expected",
        ),
        (
            json!({"UserAttributes": [{"Name": 1.5}]}),
            "DECIMAL_VALUE can not be converted to a String",
        ),
        (json!({"ClientMetadata": "x"}), "Expected structure or map or null"),
    ];
    for (input, expected) in cases {
        assert_eq!(
            refusal(&COGNITO_IDP, "SignUp", &input),
            ("SerializationException", expected.to_owned()),
            "{input}"
        );
    }
    let limit = |limit: Value| json!({"UserPoolId": "us-east-1_Ab3", "Limit": limit});
    let cases = [
        (json!("60"), "STRING_VALUE can not be converted to an Integer"),
        (
            json!(2_147_483_648_i64),
            "NUMBER_VALUE can not be converted to an Integer",
        ),
        (json!(1.5), "DECIMAL_VALUE can not be converted to an Integer"),
    ];
    for (value, expected) in cases {
        assert_eq!(refusal(&COGNITO_IDP, "ListUsers", &limit(value)).1, expected);
    }
}

#[test]
fn unknown_members_are_ignored_and_null_is_absent() {
    let operation = COGNITO_IDP.operation("SignUp").unwrap();
    let input = json!({"ClientId": "abc", "Username": "ana", "Colour": 7, "UserAttributes": null});
    assert!(COGNITO_IDP.validate(operation, &input).is_ok());
}

#[test]
fn a_null_entry_of_a_map_is_an_absent_one() {
    let parameters = json!({"REFRESH_TOKEN": "a.b.c.d.e", "DEVICE_KEY": null});
    let input = json!({"ClientId": "abc", "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters});
    let operation = COGNITO_IDP.operation("InitiateAuth").unwrap();
    assert!(COGNITO_IDP.validate(operation, &input).is_ok());
}

#[test]
fn nulls_in_lists_are_refused() {
    let attributes = json!({"ClientId": "abc", "Username": "ana", "UserAttributes": [null]});
    let (_, message) = refusal(&COGNITO_IDP, "SignUp", &attributes);
    assert!(
        message.contains("Value null at 'userAttributes.1.member' failed"),
        "{message}"
    );
    let names = json!({"AccessToken": "abc", "UserAttributeNames": [null]});
    let (_, message) = refusal(&COGNITO_IDP, "DeleteUserAttributes", &names);
    assert!(
        message.contains("Value '[null]' at 'userAttributeNames' failed"),
        "{message}"
    );
}

#[test]
fn printed_structures_hide_what_is_sensitive() {
    let schema: Vec<Value> = (0..51)
        .map(|_| json!({"Name": "a", "AttributeDataType": "String"}))
        .collect();
    let (_, message) = refusal(
        &COGNITO_IDP,
        "CreateUserPool",
        &json!({"PoolName": "p", "Schema": schema}),
    );
    assert!(
        message.contains("Value '[SchemaAttributeType(Name=a, AttributeDataType=String, "),
        "{message}"
    );
    let shape = COGNITO_IDP.operation("SignUp").unwrap().input.unwrap();
    let input = json!({"ClientId": "abc", "Username": "ana", "Password": "hunter2"});
    let printed = super::message::printed(shape, &input);
    assert!(
        printed.contains("Password=***Sensitive Data Redacted***") && !printed.contains("hunter2"),
        "{printed}"
    );
}

#[test]
fn blobs_are_counted_in_bytes() {
    let image = |bytes: usize| json!({"UserPoolId": "us-east-1_Ab3", "ImageFile": "AAAA".repeat(bytes / 3)});
    let operation = COGNITO_IDP.operation("SetUICustomization").unwrap();
    assert!(COGNITO_IDP.validate(operation, &image(131_070)).is_ok());
    let (_, message) = refusal(&COGNITO_IDP, "SetUICustomization", &image(131_073));
    assert!(
        message.contains("'java.nio.HeapByteBuffer[pos=0 lim=131073 cap=131073]' at 'imageFile'"),
        "{message}"
    );
    let broken = json!({"UserPoolId": "us-east-1_Ab3", "ImageFile": "A"});
    assert_eq!(
        refusal(&COGNITO_IDP, "SetUICustomization", &broken).0,
        "SerializationException"
    );
}

#[test]
fn the_model_knows_protocols_errors_and_auth() {
    assert_eq!(COGNITO_IDP.target_prefix, Some("AWSCognitoIdentityProviderService"));
    assert_eq!((STS.api_version, STS.signing_name), ("2011-06-15", "sts"));
    let error = IAM.error("NoSuchEntity").unwrap();
    assert_eq!(
        (error.status, error.sender, error.shape),
        (404, true, "NoSuchEntityException")
    );
    assert!(COGNITO_IDP.error("InternalErrorException").unwrap().fault());
    assert_eq!(COGNITO_IDP.error("NotAuthorizedException").unwrap().status, 400);
    assert!(COGNITO_IDP.error("SerializationException").is_none());
    let get_user = COGNITO_IDP.operation("GetUser").unwrap();
    assert_eq!(get_user.auth, crate::Auth::None);
    assert_eq!(COGNITO_IDP.operation("AdminGetUser").unwrap().auth, crate::Auth::SigV4);
    assert!(COGNITO_IDP.operation("adminGetUser").is_none());
    assert_eq!(
        IAM.operation("GetRole").unwrap().output.unwrap().result_wrapper,
        Some("GetRoleResult")
    );
}

#[test]
fn operations_and_errors_are_sorted() {
    for service in SERVICES {
        assert!(
            service.operations.is_sorted_by_key(|operation| operation.name),
            "{}",
            service.id
        );
        assert!(service.errors.is_sorted_by_key(|error| error.code), "{}", service.id);
    }
}
