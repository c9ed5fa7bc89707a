//! One `[[function]]` of the file, as it is written. What it means is `functions`' business.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Function {
    pub name: Option<String>,
    pub arn: Option<String>,
    pub command: Option<Vec<String>>,
    pub directory: Option<PathBuf>,
    pub environment: BTreeMap<String, String>,
    pub role: Option<String>,
    pub processes: Option<u16>,
    pub url: Option<String>,
    pub secret: Option<String>,
}
