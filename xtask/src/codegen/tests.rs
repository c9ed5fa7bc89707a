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
fn a_shape_that_contains_itself_is_an_error() {
    let text = r#"{"service": "loop", "source": "a test", "pagination": {},
        "metadata": {"apiVersion": "1", "endpointPrefix": "loop", "protocol": "json"},
        "operations": {"Turn": {"input": "Ring"}},
        "shapes": {"Ring": {"type": "structure", "members": {"Next": "Rings"}},
                   "Rings": {"type": "list", "member": "Ring"}}}"#;
    let error = model_file::generate(&source::load(text).unwrap()).err().unwrap();
    assert_eq!(error, "loop: Ring contains itself: box it in codegen");
}
