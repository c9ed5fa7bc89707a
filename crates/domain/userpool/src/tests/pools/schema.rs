//! The attributes of a pool: what they may be, how they are listed, what is refused. Reference: user-pools 2.3, 2.4.

use serde_json::{Value, json};

use super::refusals::INVALID;
use crate::tests::app::App;

#[tokio::test]
async fn standard_attributes_can_be_tightened() {
    let app = App::new().await;
    let schema = json!([
        {
            "Name": "email", "AttributeDataType": "String", "Required": true, "Mutable": false,
            "StringAttributeConstraints": {"MinLength": "6"},
        },
        {"Name": "updated_at", "NumberAttributeConstraints": {"MaxValue": "9"}},
        {"Name": "sub", "Required": false, "Mutable": true},
    ]);
    let id = app.pool(json!({"Schema": schema})).await;
    let pool = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    let attributes = pool["UserPool"]["SchemaAttributes"].as_array().unwrap();
    assert_eq!(attributes.len(), 20);
    let named = |name: &str| attributes.iter().find(|a| a["Name"] == name).unwrap();
    assert_eq!(
        named("email"),
        &json!({
            "Name": "email", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Required": true,
            "Mutable": false, "StringAttributeConstraints": {"MinLength": "6", "MaxLength": "2048"},
        })
    );
    assert_eq!(
        named("updated_at")["NumberAttributeConstraints"],
        json!({"MinValue": "0", "MaxValue": "9"})
    );
    assert_eq!(
        (&named("sub")["Required"], &named("sub")["Mutable"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn custom_attributes_are_listed_as_users_carry_them() {
    let app = App::new().await;
    let given = json!([
        {"Name": "tier", "AttributeDataType": "String"},
        {
            "Name": "level", "AttributeDataType": "Number", "Mutable": false,
            "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "5"},
        },
        {"Name": "score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": true},
        {"Name": "seen", "AttributeDataType": "DateTime", "StringAttributeConstraints": {"MaxLength": "5"}},
    ]);
    let listed = json!([
        {
            "Name": "custom:tier", "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false, "StringAttributeConstraints": {},
        },
        {
            "Name": "custom:level", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": false,
            "Required": false, "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "5"},
        },
        {
            "Name": "dev:custom:score", "AttributeDataType": "Number", "DeveloperOnlyAttribute": true, "Mutable": true,
            "Required": false, "NumberAttributeConstraints": {},
        },
        {
            "Name": "custom:seen", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false,
        },
    ]);
    let at_once = app
        .admin
        .call("CreateUserPool", json!({"PoolName": "staff", "Schema": given}))
        .await
        .ok();
    let custom = |pool: &Value| pool["UserPool"]["SchemaAttributes"].as_array().unwrap()[20..].to_vec();
    assert_eq!(json!(custom(&at_once)), listed);

    let id = app.pool(json!({})).await;
    let added = app
        .admin
        .call(
            "AddCustomAttributes",
            json!({"UserPoolId": id, "CustomAttributes": given}),
        )
        .await
        .ok();
    assert_eq!(added, json!({}));
    let later = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    assert_eq!(json!(custom(&later)), listed);
}

/// What no schema may hold, at creation or later.
fn refused_attributes() -> Vec<(Value, &'static str)> {
    let text = |constraints: Value| json!({"Name": "tier", "AttributeDataType": "String", "StringAttributeConstraints": constraints});
    let number = |constraints: Value| json!({"Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": constraints});
    vec![
        (
            json!({"Name": "tier"}),
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ),
        (
            json!({"AttributeDataType": "String"}),
            "Missing required parameter Name",
        ),
        (
            json!({"Name": "tier", "AttributeDataType": "String", "Required": true}),
            "Required custom attributes are not supported currently.",
        ),
        (
            json!({"Name": "a:b", "AttributeDataType": "DateTime", "DeveloperOnlyAttribute": true}),
            "Entity Type: USER, Message: AttributeName: Admin.custom:a:b, DataType: DATETIME, Error: Attribute names MUST \
             conform to the following rules: _|ALPHA *(nameChar) and nameChar is \"$\" / \"-\" / \"_\" /DIGIT / ALPHA",
        ),
        (
            text(json!({"MinLength": "x"})),
            "Invalid StringAttributeConstraints for schema attribute custom:tier",
        ),
        (
            text(json!({"MaxLength": "-1"})),
            "Invalid StringAttributeConstraints for schema attribute custom:tier",
        ),
        (
            text(json!({"MaxLength": "2049"})),
            "user.custom:tier: String attributes cannot have a length of more than 2048",
        ),
        (
            text(json!({"MinLength": "5", "MaxLength": "4"})),
            "Attribute custom:tier cannot have a max length shorter than it's min length",
        ),
        (
            number(json!({"MinValue": "one"})),
            "Invalid NumberAttributeConstraints for schema attribute custom:level",
        ),
        (
            number(json!({"MinValue": "5", "MaxValue": "4.5"})),
            "Attribute custom:level cannot have a max value smaller than it's min value",
        ),
    ]
}

#[tokio::test]
async fn attributes_that_cannot_be_are_refused() {
    let app = App::new().await;
    let taken = [
        json!({"Name": "taken", "AttributeDataType": "String"}),
        json!({"Name": "taken", "AttributeDataType": "String", "DeveloperOnlyAttribute": true}),
    ];
    let id = app.pool(json!({"Schema": taken})).await;
    for (attribute, sentence) in refused_attributes() {
        let schema = json!([taken[0], taken[1], attribute]);
        app.admin
            .call("CreateUserPool", json!({"PoolName": "x", "Schema": schema}))
            .await
            .refused(INVALID, sentence);
        let added = json!({"UserPoolId": id, "CustomAttributes": [attribute]});
        app.admin
            .call("AddCustomAttributes", added)
            .await
            .refused(INVALID, sentence);
    }
    for (developer_only, name) in [(false, "custom:taken"), (true, "dev:custom:taken")] {
        let again = json!({"Name": "taken", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": developer_only});
        let schema = json!([taken[0], taken[1], again]);
        let created = app
            .admin
            .call("CreateUserPool", json!({"PoolName": "x", "Schema": schema}));
        created.await.refused(
            INVALID,
            &format!("Duplicate custom attribute names {name} are not allowed in a user pool schema."),
        );
        let added = json!({"UserPoolId": id, "CustomAttributes": [again]});
        app.admin
            .call("AddCustomAttributes", added)
            .await
            .refused(INVALID, &format!("{name}: Existing attribute already has name {name}."));
    }
    let fixed =
        "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email";
    for (attribute, sentence) in [
        (json!({"Name": "email", "AttributeDataType": "Number"}), fixed),
        (json!({"Name": "email", "DeveloperOnlyAttribute": true}), fixed),
        (
            json!({"Name": "name", "StringAttributeConstraints": {"MaxLength": "2049"}}),
            "user.name: String attributes cannot have a length of more than 2048",
        ),
        (
            json!({"Name": "birthdate", "StringAttributeConstraints": {"MinLength": "11"}}),
            "Attribute birthdate cannot have a max length shorter than it's min length",
        ),
    ] {
        let input = json!({"PoolName": "x", "Schema": [attribute]});
        app.admin.call("CreateUserPool", input).await.refused(INVALID, sentence);
    }
    let twice = json!({"PoolName": "x", "Schema": [{"Name": "email"}, {"Name": "email"}]});
    let sentence = "email: Existing attribute already has name email.";
    app.admin.call("CreateUserPool", twice).await.refused(INVALID, sentence);
}

#[tokio::test]
async fn a_prefix_of_ones_own_is_part_of_the_name() {
    let app = App::new().await;
    let boat = json!([{"Name": "custom:boat", "AttributeDataType": "String"}]);
    let id = app.pool(json!({"Schema": boat})).await;
    let pool = app.admin.call("DescribeUserPool", json!({"UserPoolId": id})).await.ok();
    assert_eq!(pool["UserPool"]["SchemaAttributes"][20]["Name"], "custom:custom:boat");
    let long = json!({"PoolName": "x", "Schema": [{"Name": "phone_number_verified", "AttributeDataType": "Boolean"}]});
    app.admin.call("CreateUserPool", long).await.refused(
        INVALID,
        "1 validation error detected: Value 'phone_number_verified' at 'schema.1.member.name' failed to satisfy \
         constraint: Member must have length less than or equal to 20",
    );
}

#[tokio::test]
async fn there_are_at_most_fifty_custom_attributes() {
    let app = App::new().await;
    let id = app.pool(json!({})).await;
    let add = |from: usize, to: usize| {
        let attributes: Vec<Value> = (from..to)
            .map(|n| json!({"Name": format!("a{n}"), "AttributeDataType": "String"}))
            .collect();
        app.admin.call(
            "AddCustomAttributes",
            json!({"UserPoolId": id, "CustomAttributes": attributes}),
        )
    };
    add(0, 25).await.ok();
    add(25, 49).await.ok();
    add(49, 51)
        .await
        .refused(INVALID, "A user pool cannot have more than 50 custom attributes.");
    add(49, 50).await.ok();
}
