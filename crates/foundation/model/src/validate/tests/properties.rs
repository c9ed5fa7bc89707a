use api::{Wire as _, sts::AssumeRoleRequest};
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::{SERVICES, STS};

/// Any JSON whose keys are often members of a shape.
fn any_json(names: Vec<&'static str>) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(Value::from("arn:aws:iam::123456789012:role/abc")),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        let key = prop_oneof![4 => proptest::sample::select(names.clone()).prop_map(str::to_owned), 1 => ".*"];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..8)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn names_of(members: &'static [crate::Member]) -> Vec<&'static str> {
    let names: Vec<_> = members.iter().map(|member| member.name).collect();
    if names.is_empty() { vec!["none"] } else { names }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_the_interpreter_panic(
        (service, operation, input) in (0..SERVICES.len(), any::<prop::sample::Index>()).prop_flat_map(|(at, index)| {
            let service = SERVICES[at];
            let operation = index.get(service.operations);
            let members = operation.input.map_or(&[][..], crate::Shape::members);
            (Just(service), Just(operation), any_json(names_of(members)))
        })
    ) {
        if let Err(error) = service.validate(operation, &input) {
            prop_assert!(!error.message().is_empty());
        }
    }

    #[test]
    fn what_is_valid_decodes(input in any_json(names_of(STS.operation("AssumeRole").unwrap().input.unwrap().members()))) {
        let operation = STS.operation("AssumeRole").unwrap();
        if STS.validate(operation, &input).is_ok() {
            prop_assert!(AssumeRoleRequest::from_json(input).is_ok());
        }
    }
}
