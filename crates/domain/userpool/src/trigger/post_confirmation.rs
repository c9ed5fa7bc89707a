//! Post confirmation: told after the write, so that its error comes although the user is confirmed. Reference: user-pools 16.3.

use kernel::ApiError;
use serde_json::json;

use super::{Functions, Scene, Source, event};

impl Functions {
    /// Errors: those of the function.
    pub async fn post_confirmation(&self, scene: Scene<'_>, source: Source) -> Result<(), ApiError> {
        let request = || {
            let request = json!({
                "userAttributes": event::attributes(scene),
                "clientMetadata": event::metadata(scene),
            });
            (request, json!({}))
        };
        self.run(source, scene, request).await?;
        Ok(())
    }
}
