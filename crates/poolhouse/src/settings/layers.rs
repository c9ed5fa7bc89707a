//! File, environment, flags: the later one wins.

use std::{collections::BTreeMap, path::Path};

use confique::{Config, Layer};
use serde::Deserialize;

use super::{
    Settings, all,
    text::{Leaf, Tree},
};
use crate::failure::Failure;

/// Where values come from, read already.
#[derive(Default)]
pub struct Sources<'a> {
    /// Name and text of the file, if there is one.
    pub file: Option<(&'a Path, &'a str)>,
    /// Environment variables by name.
    pub environment: BTreeMap<String, String>,
    /// Flags by name, without the dashes.
    pub flags: BTreeMap<String, String>,
}

type SettingsLayer = <Settings as Config>::Layer;

impl Sources<'_> {
    /// Fails with a sentence that names the source of a value that can't be read.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let layer = self
            .of_flags()?
            .with_fallback(self.of_environment()?)
            .with_fallback(self.of_file()?)
            .with_fallback(SettingsLayer::default_values());
        Settings::from_layer(layer).map_err(|error| Failure::new(format!("configuration: {error:#}")))
    }

    fn of_flags(&self) -> Result<SettingsLayer, Failure> {
        let mut tree = Tree::new();
        for setting in all() {
            let Some(flag) = setting.flag() else { continue };
            if let Some(text) = self.flags.get(&flag) {
                tree.put(
                    &setting.path,
                    Leaf {
                        source: format!("--{flag}"),
                        text: text.clone(),
                    },
                );
            }
        }
        SettingsLayer::deserialize(tree).map_err(|error| Failure::new(error.to_string()))
    }

    fn of_environment(&self) -> Result<SettingsLayer, Failure> {
        let mut tree = Tree::new();
        for setting in all() {
            if let Some(text) = self.environment.get(setting.env).filter(|text| !text.is_empty()) {
                tree.put(
                    &setting.path,
                    Leaf {
                        source: setting.env.to_owned(),
                        text: text.clone(),
                    },
                );
            }
        }
        SettingsLayer::deserialize(tree).map_err(|error| Failure::new(error.to_string()))
    }

    fn of_file(&self) -> Result<SettingsLayer, Failure> {
        let Some((path, text)) = self.file else {
            return Ok(SettingsLayer::empty());
        };
        // Without the library's excerpt of the line: a password may stand there.
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| before.matches('\n').count() + 1);
            let line = line.map_or_else(String::new, |line| format!(" line {line}"));
            Failure::new(format!("{}{line}: {}", path.display(), error.message()))
        })
    }
}
