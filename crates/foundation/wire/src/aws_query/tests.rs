use insta::assert_snapshot;
use kernel::RequestId;
use model::{IAM, Kind, Operation, Output, STS, Service, Shape};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{decode, encode};
use crate::Form;

mod round_trip;

fn decoded(service: &Service, operation: &str, form: &str) -> Result<Value, String> {
    let form = Form::parse(&[form.as_bytes()]).unwrap();
    decode(service.operation(operation).unwrap(), &form).map_err(|error| error.to_string())
}

fn encoded(service: &Service, operation: &str, output: Option<&Value>) -> String {
    encode(
        service,
        service.operation(operation).unwrap(),
        output.unwrap_or(&Value::Null),
        &RequestId::new("r-1"),
    )
}

/// The forms are botocore 1.43's own, of these trees.
#[test]
fn what_botocore_sends_is_understood() {
    let cases = [
        (
            &IAM,
            "SimulatePrincipalPolicy",
            "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa\
             &ActionNames.member.1=s3%3AGetObject&ActionNames.member.2=s3%3APut+Object\
             &ContextEntries.member.1.ContextKeyName=aws%3Ak&ContextEntries.member.1.ContextKeyValues.member.1=a\
             &ContextEntries.member.1.ContextKeyValues.member.2=b%26c\
             &ContextEntries.member.1.ContextKeyType=stringList",
            json!({
                "PolicySourceArn": "arn:aws:iam::123456789012:role/a",
                "ActionNames": ["s3:GetObject", "s3:Put Object"],
                "ContextEntries": [
                    {"ContextKeyName": "aws:k", "ContextKeyValues": ["a", "b&c"], "ContextKeyType": "stringList"},
                ],
            }),
        ),
        (
            &IAM,
            "CreateRole",
            "Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%22a%22%3A+%22%C3%A9%2B%22%7D\
             &MaxSessionDuration=3600&Tags.member.1.Key=a&Tags.member.1.Value=",
            json!({
                "RoleName": "r",
                "AssumeRolePolicyDocument": "{\"a\": \"é+\"}",
                "MaxSessionDuration": 3600,
                "Tags": [{"Key": "a", "Value": ""}],
            }),
        ),
        (
            &IAM,
            "CreateRole",
            "Action=CreateRole&Version=2010-05-08&RoleName=r&AssumeRolePolicyDocument=%7B%7D&Tags=",
            json!({"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": []}),
        ),
        (
            &IAM,
            "UpdateAccountPasswordPolicy",
            "Action=UpdateAccountPasswordPolicy&Version=2010-05-08&RequireSymbols=true&MaxPasswordAge=5",
            json!({"RequireSymbols": true, "MaxPasswordAge": 5}),
        ),
        (
            &STS,
            "AssumeRole",
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fabc\
             &RoleSessionName=ab&PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnly\
             &TransitiveTagKeys.member.1=x",
            json!({
                "RoleArn": "arn:aws:iam::123456789012:role/abc",
                "RoleSessionName": "ab",
                "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnly"}],
                "TransitiveTagKeys": ["x"],
            }),
        ),
    ];
    for (service, operation, form, tree) in cases {
        assert_eq!(decoded(service, operation, form), Ok(tree), "{form}");
    }
}

#[test]
fn the_corners_of_the_form() {
    let cases = [
        // Items come in the order of their numbers, not of their texts; gaps close up.
        (
            "ActionNames.member.10=c&ActionNames.member.9=b&ActionNames.member.2=a",
            json!({"ActionNames": ["a", "b", "c"]}),
        ),
        ("ActionNames=&ActionNames.member.1=a", json!({"ActionNames": ["a"]})),
        ("Nonsense=1&Nonsense.member.1=2&actionnames.member.1=x", json!({})),
        ("ContextEntries.member.1=", json!({"ContextEntries": [{}]})),
    ];
    for (form, tree) in cases {
        assert_eq!(decoded(&IAM, "SimulateCustomPolicy", form), Ok(tree), "{form}");
    }
    assert_eq!(decoded(&STS, "GetCallerIdentity", "X-Amz-Date=1"), Ok(json!({})));
    let map = "Properties.entry.1.key=a.b&Properties.entry.1.value=c&Properties.entry.2.key=&Properties.entry.2.value=";
    assert_eq!(
        decoded(&IAM, "PutAccountProperties", map),
        Ok(json!({"Properties": {"a.b": "c", "": ""}}))
    );
    assert_eq!(
        decoded(&IAM, "PutAccountProperties", "Properties="),
        Ok(json!({"Properties": {}}))
    );
}

#[test]
fn what_does_not_fit_is_malformed_input() {
    let deep = format!("Tags{}=x", ".member.1".repeat(30));
    let refusals = [
        ("CreateRole", "RoleName.member.1=x"),
        ("CreateRole", "RoleName=x&RoleName.y=z"),
        ("CreateRole", "MaxSessionDuration=1h"),
        ("CreateRole", "MaxSessionDuration="),
        ("CreateRole", "MaxSessionDuration=2147483648"),
        ("UpdateAccountPasswordPolicy", "RequireSymbols=yes"),
        ("CreateRole", "Tags=a"),
        ("CreateRole", "Tags.1.Key=a"),
        ("CreateRole", "Tags.member=a"),
        ("CreateRole", "Tags.member.0.Key=a"),
        ("CreateRole", "Tags.member.01.Key=a"),
        ("CreateRole", "Tags.member.99999999999.Key=a"),
        ("CreateRole", "Tags.member.x.Key=a"),
        ("CreateRole", "Tags.member.1=a"),
        ("CreateRole", &deep),
        ("PutAccountProperties", "Properties.entry.1.key=a"),
        ("PutAccountProperties", "Properties.a=b"),
        (
            "PutAccountProperties",
            "Properties.entry.1.key=a&Properties.entry.1.value=b&Properties.entry.2.key=a&Properties.entry.2.value=c",
        ),
    ]
    .map(|(operation, form)| decoded(&IAM, operation, form).unwrap_err())
    .join("\n");
    assert_snapshot!(refusals, @"
    MalformedInput: Start of structure or map found where not expected.
    MalformedInput: Start of structure or map found where not expected.
    MalformedInput: STRING_VALUE can not be converted to an Integer
    MalformedInput: STRING_VALUE can not be converted to an Integer
    MalformedInput: STRING_VALUE can not be converted to an Integer
    MalformedInput: STRING_VALUE can not be converted to a Boolean
    MalformedInput: Unrecognized collection type class java.lang.String
    MalformedInput: Unexpected field type
    MalformedInput: Unrecognized collection type class java.lang.String
    MalformedInput: A list index is not a positive integer
    MalformedInput: A list index is not a positive integer
    MalformedInput: A list index is not a positive integer
    MalformedInput: A list index is not a positive integer
    MalformedInput: Unrecognized collection type class java.lang.String
    MalformedInput: A parameter is nested too deeply
    MalformedInput: A map entry needs a key and a value
    MalformedInput: Unexpected field type
    MalformedInput: A map key is given twice
    ");
}

#[test]
fn an_answer_has_the_models_order_and_aws_envelope() {
    let role = json!({"Role": {
        "Arn": "arn:aws:iam::000000000000:role/guest",
        "AssumeRolePolicyDocument": "%7B%7D",
        "CreateDate": 1_768_478_400.25,
        "Path": "/",
        "RoleName": "guest",
        "Description": "a <b> & c\u{1}",
        "MaxSessionDuration": 3600,
        "PermissionsBoundary": null,
        "Tags": [{"Key": "k", "Value": ""}],
        "Unmodelled": 1,
    }});
    assert_snapshot!(encoded(&IAM, "GetRole", Some(&role)).replace("><", ">\n<"), @r#"
    <GetRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">
    <GetRoleResult>
    <Role>
    <Path>/</Path>
    <RoleName>guest</RoleName>
    <Arn>arn:aws:iam::000000000000:role/guest</Arn>
    <CreateDate>2026-01-15T12:00:00Z</CreateDate>
    <AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>
    <Description>a &lt;b&gt; &amp; c�</Description>
    <MaxSessionDuration>3600</MaxSessionDuration>
    <Tags>
    <member>
    <Key>k</Key>
    <Value>
    </Value>
    </member>
    </Tags>
    </Role>
    </GetRoleResult>
    <ResponseMetadata>
    <RequestId>r-1</RequestId>
    </ResponseMetadata>
    </GetRoleResponse>
    "#);
}

#[test]
fn the_corners_of_an_answer() {
    let all = [
        encoded(&IAM, "DeleteRole", None),
        encoded(&IAM, "ListRoles", Some(&json!({"Roles": [], "IsTruncated": false}))),
        encoded(&IAM, "GetAccountSummary", Some(&json!({"SummaryMap": {"Users": 2}}))),
        encoded(&STS, "GetCallerIdentity", None),
    ]
    .join("\n");
    assert_snapshot!(all, @r#"
    <DeleteRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></DeleteRoleResponse>
    <ListRolesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListRolesResult><Roles></Roles><IsTruncated>false</IsTruncated></ListRolesResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></ListRolesResponse>
    <GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult><SummaryMap><entry><key>Users</key><value>2</value></entry></SummaryMap></GetAccountSummaryResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetAccountSummaryResponse>
    <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult></GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>
    "#);
}

const fn scalar(name: &'static str, kind: Kind) -> Shape {
    Shape {
        name,
        kind,
        sensitive: false,
        min: None,
        max: None,
        pattern: None,
    }
}

/// IAM and STS take no such inputs, but their models may tomorrow.
#[test]
fn scalars_that_no_input_uses_yet() {
    static WHEN: Shape = scalar("When", Kind::Timestamp);
    static BLOB: Shape = scalar("Blob", Kind::Blob);
    static LONG: Shape = scalar("Long", Kind::Long);
    static SHARE: Shape = scalar("Share", Kind::Double);
    static MEMBERS: [model::Member; 4] = [
        model::Member {
            name: "When",
            required: false,
            shape: &WHEN,
        },
        model::Member {
            name: "Blob",
            required: false,
            shape: &BLOB,
        },
        model::Member {
            name: "Long",
            required: false,
            shape: &LONG,
        },
        model::Member {
            name: "Share",
            required: false,
            shape: &SHARE,
        },
    ];
    static INPUT: Shape = scalar("Input", Kind::Structure(&MEMBERS));
    let operation = Operation {
        name: "Try",
        input: Some(&INPUT),
        output: Some(Output {
            shape: &INPUT,
            result_wrapper: None,
        }),
        auth: model::Auth::None,
        errors: &[],
    };
    let read = |form: &str| decode(&operation, &Form::parse(&[form.as_bytes()]).unwrap()).map_err(|e| e.to_string());

    assert_eq!(
        read("When=2019-01-18T17%3A42%3A25Z"),
        Ok(json!({"When": 1_547_833_345}))
    );
    assert_eq!(
        read("When=2019-01-18T17:42:25.777Z"),
        Ok(json!({"When": 1_547_833_345.777}))
    );
    assert_eq!(read("When=1969-12-31T23:59:59.5Z"), Ok(json!({"When": -0.5})));
    assert_eq!(
        read("Blob=AAE%3D&Long=9007199254740993"),
        Ok(json!({"Blob": "AAE=", "Long": 9_007_199_254_740_993_i64}))
    );
    assert_eq!(read("Share=0.5"), Ok(json!({"Share": 0.5})));
    for form in [
        "When=yesterday",
        "When=1547833345",
        "Long=1.5",
        "Share=NaN",
        "Share=inf",
    ] {
        assert!(
            read(form)
                .unwrap_err()
                .starts_with("MalformedInput: STRING_VALUE can not be converted to a"),
            "{form}"
        );
    }

    let tree = json!({"When": 1_547_833_345.999, "Blob": "AAE=", "Long": 9_007_199_254_740_993_i64, "Share": 0.5});
    let xml = encode(&STS, &operation, &tree, &RequestId::new("r-1"));
    assert!(
        xml.contains(
            "<When>2019-01-18T17:42:25Z</When><Blob>AAE=</Blob><Long>9007199254740993</Long><Share>0.5</Share>"
        )
    );
}

proptest! {
    #[test]
    fn no_form_panics(form in "((Tags|PolicyArns|RoleName|DurationSeconds)(\\.(member|entry|[0-9]{1,3}|Key|arn)){0,5}=[^&]{0,5}&){0,8}") {
        if let Ok(form) = Form::parse(&[form.as_bytes()]) {
            let _ = decode(STS.operation("AssumeRole").unwrap(), &form);
        }
    }
}
