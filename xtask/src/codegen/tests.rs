use super::*;

#[test]
fn what_is_checked_in_is_fresh() {
    assert_eq!(
        check(&crate::workspace()).as_deref(),
        Ok("codegen: everything is fresh")
    );
}

#[test]
fn a_changed_model_is_noticed() {
    let root = crate::workspace();
    let text = read(&root, "models/sts.json").unwrap();
    let before = model_file::generate(&source::load(&text).unwrap()).unwrap();
    let changed = text.replace("\"max\":43200", "\"max\":43201");
    let after = model_file::generate(&source::load(&changed).unwrap()).unwrap();
    assert_ne!(before.text, after.text);
    assert!(after.text.contains("max: Some(43_201)"));
}

#[test]
fn an_unknown_attribute_is_an_error() {
    let text = read(&crate::workspace(), "models/sts.json").unwrap();
    let changed = text.replacen("\"type\":\"string\"", "\"type\":\"string\",\"flattened\":true", 1);
    assert!(source::load(&changed).err().unwrap().contains("flattened"));
}

#[test]
fn an_overlay_for_a_lost_shape_is_an_error() {
    let overlays = overlay::load(r#"{"sts": {"Gone": {"secret": true, "why": "a test"}}}"#).unwrap();
    let mut model = source::load(&read(&crate::workspace(), "models/sts.json").unwrap()).unwrap();
    assert_eq!(
        overlay::apply(&overlays, &mut model).unwrap_err(),
        "models/overlay.json: sts has no shape Gone"
    );
}

#[test]
fn an_overlay_of_a_member_leaves_the_others_of_its_shape_alone() {
    let mut model = source::load(
        r#"{"service": "club", "source": "a test", "pagination": {},
        "metadata": {"apiVersion": "1", "endpointPrefix": "club", "protocol": "json"}, "operations": {},
        "shapes": {"Word": {"type": "string", "min": 1, "pattern": "a"},
                   "Join": {"type": "structure", "members": {"Name": "Word", "Motto": "Word"}}}}"#,
    )
    .unwrap();
    let overlay = |text: &str| overlay::load(text).unwrap();
    let lost = overlay(r#"{"club": {"Join.Gone": {"why": "a test"}}}"#);
    assert_eq!(
        overlay::apply(&lost, &mut model).unwrap_err(),
        "models/overlay.json: club has no shape Join.Gone"
    );
    let own = r#"{"club": {"Join.Motto": {"set": {"pattern": ""}, "why": "a test"},
        "Word": {"set": {"min": 2, "pattern": "b"}, "why": "a test"}}}"#;
    overlay::apply(&overlay(own), &mut model).unwrap();
    let members = &model.shape("Join").unwrap().members.0;
    let found: Vec<_> = members
        .iter()
        .map(|(_, reference)| model.shape(reference.shape()).unwrap())
        .map(|shape| (shape.min, shape.pattern.as_deref()))
        .collect();
    assert_eq!(found, [(Some(2), Some("b")), (Some(1), None)]);
}

#[test]
fn a_shape_that_contains_itself_is_an_error() {
    let text = r#"{"service": "loop", "source": "a test", "pagination": {},
        "metadata": {"apiVersion": "1", "endpointPrefix": "loop", "protocol": "json"},
        "operations": {"Turn": {"input": "Ring"}},
        "shapes": {"Ring": {"type": "structure", "members": {"Next": "Rings"}},
                   "Rings": {"type": "list", "member": "Ring"}}}"#;
    let error = model_file::generate(&source::load(text).unwrap()).err().unwrap();
    assert_eq!(error, "loop: Ring contains itself: box it in codegen");
}
