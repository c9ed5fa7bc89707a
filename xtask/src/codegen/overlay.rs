//! models/overlay.json: where the live service differs from its model (`set`), and what we keep out of Debug output
//! although AWS doesn't call it sensitive (`secret`). Every entry says why.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::source::Model;

pub(crate) type Overlays = BTreeMap<String, BTreeMap<String, Change>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    #[serde(default)]
    set: Constraints,
    #[serde(default)]
    secret: bool,
    #[serde(rename = "why")]
    _why: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Constraints {
    min: Option<i64>,
    max: Option<i64>,
    pattern: Option<String>,
    #[serde(rename = "enum")]
    values: Option<Vec<String>>,
}

pub(crate) fn load(text: &str) -> Result<Overlays, String> {
    serde_json::from_str(text).map_err(|error| format!("models/overlay.json: {error}"))
}

/// An overlay for a shape that the model has lost is an error: the deviation has to be looked at again.
pub(crate) fn apply(overlays: &Overlays, model: &mut Model) -> Result<(), String> {
    let Some(changes) = overlays.get(&model.service) else {
        return Ok(());
    };
    for (name, change) in changes {
        let Some(shape) = model.shapes.get_mut(name) else {
            return Err(format!("models/overlay.json: {} has no shape {name}", model.service));
        };
        shape.min = change.set.min.or(shape.min);
        shape.max = change.set.max.or(shape.max);
        shape.pattern = change.set.pattern.clone().or_else(|| shape.pattern.take());
        if let Some(values) = &change.set.values {
            shape.values.clone_from(values);
        }
        shape.secret = change.secret;
    }
    Ok(())
}
