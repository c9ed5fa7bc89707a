//! models/overlay.json: where the live service differs from its model (`set`), and what we keep out of Debug output
//! although AWS doesn't call it sensitive (`secret`). Every entry says why. Its name is a shape's, or `Structure.Member`: then
//! that member alone gets a shape of its own, which is what the model says of it with the changes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::source::{Model, Reference, Shape};

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
    /// Empty: none, whatever the model says.
    pattern: Option<String>,
    #[serde(rename = "enum")]
    values: Option<Vec<String>>,
}

pub(crate) fn load(text: &str) -> Result<Overlays, String> {
    serde_json::from_str(text).map_err(|error| format!("models/overlay.json: {error}"))
}

/// An overlay for a shape or member that the model has lost is an error: the deviation has to be looked at again.
pub(crate) fn apply(overlays: &Overlays, model: &mut Model) -> Result<(), String> {
    let Some(changes) = overlays.get(&model.service) else {
        return Ok(());
    };
    // Members first: their shapes are made from the model's, not from what an overlay makes of those.
    let (members, shapes): (Vec<_>, Vec<_>) = changes.iter().partition(|(name, _)| name.contains('.'));
    for (name, change) in members.into_iter().chain(shapes) {
        let found = match name.split_once('.') {
            Some((structure, member)) => own_shape(model, structure, member),
            None => model.shapes.get_mut(name),
        };
        let Some(shape) = found else {
            return Err(format!("models/overlay.json: {} has no shape {name}", model.service));
        };
        change.apply(shape);
    }
    Ok(())
}

/// A copy of the member's shape that is the member's own.
fn own_shape<'m>(model: &'m mut Model, structure: &str, member: &str) -> Option<&'m mut Shape> {
    let members = &mut model.shapes.get_mut(structure)?.members.0;
    let (_, reference) = members.iter_mut().find(|(name, _)| name == member)?;
    let name = format!("{structure}{member}");
    let common = std::mem::replace(reference, Reference::Plain(name.clone()));
    let copy = model.shapes.get(common.shape())?.clone();
    Some(model.shapes.entry(name).or_insert(copy))
}

impl Change {
    fn apply(&self, shape: &mut Shape) {
        shape.min = self.set.min.or(shape.min);
        shape.max = self.set.max.or(shape.max);
        if let Some(pattern) = &self.set.pattern {
            shape.pattern = Some(pattern.clone()).filter(|text| !text.is_empty());
        }
        if let Some(values) = &self.set.values {
            shape.values.clone_from(values);
        }
        shape.secret = self.secret;
    }
}
