use std::collections::BTreeMap;

use model::{Kind, Service, Shape};
use serde_json::{Map, Value, json};

use crate::{Blob, Wire, WireError};

pub(crate) type RoundTrip = fn(Value) -> Result<Value, WireError>;

pub(crate) fn round_trip<T: Wire>(value: Value) -> Result<Value, WireError> {
    let read = T::from_json(value)?;
    let printed = String::from_utf8(crate::printed(&read)).unwrap();
    let tree = read.into_json();
    assert_eq!(printed, tree.to_string());
    Ok(tree)
}

#[test]
fn what_is_printed_is_the_trees_text() {
    fn same<T: Wire>(value: Value) {
        assert_eq!(round_trip::<T>(value.clone()), Ok(value));
    }
    same::<String>(json!("\u{0}\u{1f}\"\\/\n\u{7f}\u{2028}äöü\u{1f600}"));
    same::<BTreeMap<String, String>>(json!({"b\"": "1", "a": "", "é": "\n"}));
    same::<BTreeMap<String, Vec<bool>>>(json!({}));
    same::<Vec<Vec<i64>>>(json!([[], [i64::MIN, 0], [i64::MAX]]));
    same::<Value>(json!({"z": [1.5, null], "a": {"é": true}}));
    for time in [
        json!(0),
        json!(-1),
        json!(1_547_833_345),
        json!(1_547_833_345.7),
        json!(-0.001),
    ] {
        same::<kernel::Timestamp>(time);
    }
    assert_eq!(crate::printed(&()), b"");
    for millis in 0..1000 {
        let printed = crate::printed(&kernel::Timestamp::from_millis(1_547_833_345_000 + millis));
        let expected = format!("1547833345.{millis:03}");
        let expected = expected.trim_end_matches('0').trim_end_matches('.');
        assert_eq!(String::from_utf8(printed).unwrap(), expected);
    }
}

/// Every member set, so that a wrong name or type can't hide behind an absent value.
fn full(shape: &'static Shape) -> Value {
    match &shape.kind {
        Kind::Structure(members) => members
            .iter()
            .map(|member| (member.name.to_owned(), full(member.shape)))
            .collect::<Map<_, _>>()
            .into(),
        Kind::List(element) => json!([full(element), full(element)]),
        Kind::Map { value, .. } => json!({"one": full(value), "two": full(value)}),
        Kind::String { values } => values.last().copied().unwrap_or("hunter2").into(),
        Kind::Integer => i32::MAX.into(),
        Kind::Long => i64::MAX.into(),
        Kind::Float | Kind::Double | Kind::Timestamp => json!(1_547_833_345.777),
        Kind::Boolean => true.into(),
        Kind::Blob => "AAEC/w==".into(),
        Kind::Document => json!({"any": [1, null, {"thing": true}]}),
    }
}

fn shape(service: &'static Service, name: &str) -> Option<&'static Shape> {
    let mut open: Vec<&'static Shape> = Vec::new();
    for operation in service.operations {
        open.extend(operation.input);
        open.extend(operation.output.map(|output| output.shape));
    }
    while let Some(shape) = open.pop() {
        if shape.name == name {
            return Some(shape);
        }
        match &shape.kind {
            Kind::Structure(members) => open.extend(members.iter().map(|member| member.shape)),
            Kind::List(element) => open.push(element),
            Kind::Map { key, value } => open.extend([*key, *value]),
            _ => {}
        }
    }
    None
}

fn every_structure_survives(service: &'static Service, round_trips: &[(&str, RoundTrip)]) {
    assert!(round_trips.len() > 20);
    for (name, round_trip) in round_trips {
        let value = full(shape(service, name).unwrap_or_else(|| panic!("{name} is not in the model")));
        assert_eq!(round_trip(value.clone()).as_ref(), Ok(&value), "{name}");
    }
}

mod cognito_idp {
    use super::*;
    use crate::cognito_idp::{
        AdminGetUserResponse, AttributeType, AuthFlowType, DeviceSecretVerifierConfigType, InitiateAuthRequest,
        ROUND_TRIPS, SignUpRequest,
    };

    #[test]
    fn every_structure_survives_its_json() {
        every_structure_survives(&model::COGNITO_IDP, ROUND_TRIPS);
    }

    #[test]
    fn secrets_stay_out_of_debug_output() {
        let sign_up = SignUpRequest {
            password: Some("hunter2".to_owned()),
            user_attributes: Some(vec![AttributeType {
                name: "email".to_owned(),
                value: Some("ana@example.com".to_owned()),
            }]),
            ..SignUpRequest::default()
        };
        let shown = format!("{sign_up:?}");
        assert!(shown.contains("password: ***") && shown.contains("email"), "{shown}");
        assert!(
            !shown.contains("hunter2") && !shown.contains("ana@example.com"),
            "{shown}"
        );
    }

    #[test]
    fn a_secret_structure_hides_its_members_by_itself() {
        let verifier = DeviceSecretVerifierConfigType {
            password_verifier: Some("hunter2".to_owned()),
            ..DeviceSecretVerifierConfigType::default()
        };
        assert!(!format!("{verifier:?}").contains("hunter2"));
    }

    #[test]
    fn maps_of_secrets_stay_out_of_debug_output() {
        let value = full(shape(&model::COGNITO_IDP, "InitiateAuthRequest").unwrap());
        let input = InitiateAuthRequest::from_json(value).unwrap();
        assert!(input.auth_parameters.is_some());
        assert!(format!("{input:?}").contains("auth_parameters: ***"));
    }

    #[test]
    fn absent_members_are_left_out() {
        let answer = AdminGetUserResponse {
            username: "ana".to_owned(),
            ..AdminGetUserResponse::default()
        };
        assert_eq!(answer.into_json(), json!({"Username": "ana"}));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_without_its_value() {
        let missing = SignUpRequest::from_json(json!({"ClientId": "abc"})).unwrap_err();
        assert_eq!(missing.to_string(), "SignUpRequest.Username: expected a string");
        let wrong = SignUpRequest::from_json(
            json!({"ClientId": "abc", "Username": "ana", "UserAttributes": [{"Name": "email"}, {"Name": 7}]}),
        );
        assert_eq!(
            wrong.unwrap_err().to_string(),
            "SignUpRequest.UserAttributes.2.AttributeType.Name: expected a string"
        );
    }

    #[test]
    fn choices_are_spelt_as_aws_spells_them() {
        assert_eq!(AuthFlowType::UserSrpAuth.as_str(), "USER_SRP_AUTH");
        assert_eq!(
            AuthFlowType::parse("USER_PASSWORD_AUTH"),
            Some(AuthFlowType::UserPasswordAuth)
        );
        assert_eq!(AuthFlowType::parse("user_srp_auth"), None);
        for flow in AuthFlowType::ALL {
            assert_eq!(AuthFlowType::parse(flow.as_str()), Some(*flow));
        }
    }
}

#[test]
fn every_structure_of_cognito_identity_survives_its_json() {
    every_structure_survives(&model::COGNITO_IDENTITY, crate::cognito_identity::ROUND_TRIPS);
}

#[test]
fn every_structure_of_iam_survives_its_json() {
    every_structure_survives(&model::IAM, crate::iam::ROUND_TRIPS);
}

#[test]
fn every_structure_of_sts_survives_its_json() {
    every_structure_survives(&model::STS, crate::sts::ROUND_TRIPS);
}

#[test]
fn timestamps_are_seconds_with_a_fraction() {
    use kernel::Timestamp;
    for (millis, expected) in [
        (1_547_833_345_777, json!(1_547_833_345.777)),
        (5000, json!(5)),
        (-1, json!(-0.001)),
    ] {
        let time = Timestamp::from_millis(millis);
        assert_eq!(time.to_json(), expected);
        assert_eq!(Timestamp::from_json(expected), Ok(time));
    }
    assert_eq!(
        Timestamp::from_json(json!(1.7e9)),
        Ok(Timestamp::from_secs(1_700_000_000))
    );
}

#[test]
fn blobs_are_base64() {
    assert_eq!(Blob::from_json(json!("AAEC/w==")), Ok(Blob(vec![0, 1, 2, 255])));
    assert!(Blob::from_json(json!("not base64")).is_err());
    assert_eq!(format!("{:?}", Blob(vec![1, 2, 3])), "Blob(3 bytes)");
}

#[test]
fn integers_out_of_range_are_refused() {
    assert!(i32::from_json(json!(2_147_483_648_i64)).is_err());
    assert!(i32::from_json(json!(1.5)).is_err());
    assert_eq!(i64::from_json(json!(2_147_483_648_i64)), Ok(2_147_483_648));
}

#[test]
fn a_null_entry_of_a_map_is_dropped() {
    let map = BTreeMap::<String, String>::from_json(json!({"a": "1", "b": null})).unwrap();
    assert_eq!(map, BTreeMap::from([("a".to_owned(), "1".to_owned())]));
}
