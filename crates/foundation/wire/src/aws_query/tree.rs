//! The dotted names of a query request as a tree: `Tags.member.1.Key=a` is `Tags` → `member` → `1` → `Key` = `a`.

use std::collections::BTreeMap;

use kernel::ApiError;

use super::malformed_input;
use crate::Form;

/// The deepest input of IAM and STS needs seven.
const DEEPEST_NAME: usize = 32;

#[derive(Default)]
pub(super) struct Node<'f> {
    pub value: Option<&'f str>,
    pub children: BTreeMap<&'f str, Node<'f>>,
}

impl<'f> Node<'f> {
    pub fn grow(form: &'f Form) -> Result<Self, ApiError> {
        let mut root = Self::default();
        for (name, value) in form.pairs() {
            if name.split('.').nth(DEEPEST_NAME).is_some() {
                return Err(malformed_input("A parameter is nested too deeply"));
            }
            let node = name
                .split('.')
                .fold(&mut root, |node, part| node.children.entry(part).or_default());
            node.value = Some(value);
        }
        Ok(root)
    }

    /// The children `1`, `2`, … in the order of their numbers. Gaps close up, as on AWS (unconfirmed).
    pub fn numbered(&self) -> Result<impl Iterator<Item = &Node<'f>>, ApiError> {
        let mut items = BTreeMap::new();
        for (index, node) in &self.children {
            let number = index
                .parse::<u32>()
                .ok()
                .filter(|number| *number > 0 && !index.starts_with(['0', '+']));
            let number = number.ok_or_else(|| malformed_input("A list index is not a positive integer"))?;
            items.insert(number, node);
        }
        Ok(items.into_values())
    }
}
