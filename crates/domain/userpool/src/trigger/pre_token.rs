//! Pre token generation: a function changes what tokens say. Reference: user-pools 16.3.

use kernel::ApiError;
use serde_json::{Map, Value, json};
use store::records::groups::Group;
use tokens::Scopes;

use super::{Functions, Scene, Source, answer::Response, event, lambdas::Version, source::Trigger};
use crate::{
    errors::triggers as errors,
    group::roles,
    session::overrides::{ClaimChanges, GroupsTold, Overrides, ScopeChanges},
};

/// Claims and scopes together.
const MOST_CHANGES: usize = 5000;

/// What the second and the third version answer in.
const LATER_DETAILS: &str = "claimsAndScopeOverrideDetails";

impl Functions {
    /// Whether there is one for the pool: who asks for groups to tell it of need not read them else.
    pub fn changes_tokens(scene: Scene<'_>) -> bool {
        scene.pool.lambdas.arn(Trigger::PreTokenGeneration).is_some()
    }

    /// Errors: those of the function.
    pub async fn pre_token_generation(
        &self,
        scene: Scene<'_>,
        source: Source,
        groups: &[Group],
        scopes: &Scopes,
    ) -> Result<Overrides, ApiError> {
        let version = scene.pool.lambdas.version(Trigger::PreTokenGeneration);
        let told = || told(scene, version, groups, scopes);
        match (self.run(source, scene, told).await?, version) {
            (None, _) => Ok(Overrides::default()),
            (Some(mut response), Version::V1) => match response.object("claimsOverrideDetails")? {
                Some(details) => first_version(details),
                None => Ok(Overrides::default()),
            },
            (Some(mut response), Version::V2 | Version::V3) => match response.object(LATER_DETAILS)? {
                Some(details) => later_version(details),
                None => Ok(Overrides::default()),
            },
        }
    }

    /// The same of a client that acts for itself, of which functions of the third version hear. The scene's user is nobody.
    pub async fn client_token_generation(&self, scene: Scene<'_>, scopes: &Scopes) -> Result<Overrides, ApiError> {
        if scene.pool.lambdas.version(Trigger::PreTokenGeneration) != Version::V3 {
            return Ok(Overrides::default());
        }
        let told = || {
            let request = json!({
                "userAttributes": {}, "groupConfiguration": null, "scopes": scopes.list(),
                "clientMetadata": event::metadata(scene),
            });
            (request, json!({ LATER_DETAILS: null }))
        };
        let response = self.run(Source::TokensOfClient, scene, told).await?;
        let details = response
            .map(|mut response| response.object(LATER_DETAILS))
            .transpose()?;
        let overrides = details.flatten().map(later_version).transpose()?.unwrap_or_default();
        // There is nobody who would be in a group.
        Ok(Overrides {
            groups: None,
            ..overrides
        })
    }
}

fn told(scene: Scene<'_>, version: Version, groups: &[Group], scopes: &Scopes) -> (Value, Value) {
    let mut request = json!({
        "userAttributes": event::attributes(scene),
        "groupConfiguration": {
            "groupsToOverride": roles::names(groups),
            "iamRolesToOverride": roles::roles(groups),
            "preferredRole": roles::preferred_role(groups),
        },
        "clientMetadata": event::metadata(scene),
    });
    let details = match version {
        Version::V1 => "claimsOverrideDetails",
        Version::V2 | Version::V3 => {
            if let Value::Object(request) = &mut request {
                request.insert("scopes".to_owned(), json!(scopes.list()));
            }
            LATER_DETAILS
        }
    };
    (request, json!({ details: null }))
}

/// The ID token alone, but for the groups; claims are texts. Errors: InvalidLambdaResponse.
fn first_version(mut details: Response) -> Result<Overrides, ApiError> {
    let texts = details.text_map("claimsToAddOrOverride")?;
    let add: Map<String, Value> = texts.into_iter().map(|(name, text)| (name, json!(text))).collect();
    let overrides = Overrides {
        id: ClaimChanges {
            add,
            suppress: details.texts("claimsToSuppress")?,
        },
        groups: groups(&mut details)?,
        ..Overrides::default()
    };
    within_limits(overrides)
}

/// Errors: InvalidLambdaResponse.
fn later_version(mut details: Response) -> Result<Overrides, ApiError> {
    let (id, _) = generation(&mut details, "idTokenGeneration")?;
    let (access, scopes) = generation(&mut details, "accessTokenGeneration")?;
    within_limits(Overrides {
        id,
        access,
        scopes,
        groups: groups(&mut details)?,
    })
}

fn generation(details: &mut Response, name: &str) -> Result<(ClaimChanges, ScopeChanges), ApiError> {
    let Some(mut generation) = details.object(name)? else {
        return Ok((ClaimChanges::default(), ScopeChanges::default()));
    };
    let add = generation.object("claimsToAddOrOverride")?;
    let claims = ClaimChanges {
        add: add.map(Response::members).unwrap_or_default(),
        suppress: generation.texts("claimsToSuppress")?,
    };
    let scopes = ScopeChanges {
        add: generation.texts("scopesToAdd")?,
        suppress: generation.texts("scopesToSuppress")?,
    };
    Ok((claims, scopes))
}

/// Null or an empty object suppresses the groups; without the member they stay.
fn groups(details: &mut Response) -> Result<Option<GroupsTold>, ApiError> {
    if !details.has("groupOverrideDetails") {
        return Ok(None);
    }
    let Some(told) = details.object("groupOverrideDetails")? else {
        return Ok(Some(GroupsTold::default()));
    };
    Ok(Some(GroupsTold {
        groups: told.texts("groupsToOverride")?,
        roles: told.texts("iamRolesToOverride")?,
        preferred_role: told.text("preferredRole")?,
    }))
}

fn within_limits(overrides: Overrides) -> Result<Overrides, ApiError> {
    let added = overrides.id.add.len() + overrides.access.add.len() + overrides.scopes.add.len();
    let is_scope = |scope: &String| !scope.is_empty() && !scope.contains(char::is_whitespace);
    if added <= MOST_CHANGES && overrides.scopes.add.iter().all(is_scope) {
        Ok(overrides)
    } else {
        Err(errors::unrecognizable_output())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(version: Version, details: &Value) -> Result<Overrides, ApiError> {
        let mut response = Response::of(json!({"response": {"details": details}}), "ana").unwrap();
        let details = response.object("details")?.unwrap();
        match version {
            Version::V1 => first_version(details),
            Version::V2 | Version::V3 => later_version(details),
        }
    }

    #[test]
    fn the_first_version_changes_the_id_token_and_groups() {
        let details = json!({
            "claimsToAddOrOverride": {"tenant": "t"}, "claimsToSuppress": ["email"],
            "groupOverrideDetails": {"groupsToOverride": ["a"], "iamRolesToOverride": [], "preferredRole": "r"},
        });
        let overrides = read(Version::V1, &details).unwrap();
        assert_eq!(overrides.id.add, *json!({"tenant": "t"}).as_object().unwrap());
        assert_eq!(overrides.id.suppress, ["email"]);
        let groups = overrides.groups.unwrap();
        assert_eq!(
            (groups.groups, groups.preferred_role),
            (vec!["a".to_owned()], Some("r".to_owned()))
        );
        assert_eq!((overrides.access, overrides.scopes), Default::default());
    }

    #[test]
    fn groups_are_suppressed_or_kept() {
        for (details, expected) in [
            (json!({}), None),
            (json!({"groupOverrideDetails": null}), Some(GroupsTold::default())),
            (json!({"groupOverrideDetails": {}}), Some(GroupsTold::default())),
        ] {
            assert_eq!(read(Version::V2, &details).unwrap().groups, expected);
        }
    }

    #[test]
    fn what_is_garbled_changes_nothing() {
        for (version, details) in [
            (Version::V1, json!({"claimsToAddOrOverride": {"n": 1}})),
            (Version::V1, json!({"claimsToAddOrOverride": []})),
            (Version::V1, json!({"claimsToSuppress": "email"})),
            (Version::V1, json!({"groupOverrideDetails": []})),
            (Version::V2, json!({"idTokenGeneration": []})),
            (Version::V2, json!({"accessTokenGeneration": {"scopesToAdd": ["a b"]}})),
            (Version::V2, json!({"accessTokenGeneration": {"scopesToAdd": [""]}})),
            (Version::V2, json!({"accessTokenGeneration": {"claimsToSuppress": [1]}})),
        ] {
            let refused = read(version, &details).unwrap_err();
            assert_eq!(refused.message(), "Unrecognizable lambda output", "{details}");
        }
        let many: Map<String, Value> = (0..5001).map(|n| (n.to_string(), json!(n))).collect();
        assert!(
            read(
                Version::V2,
                &json!({"idTokenGeneration": {"claimsToAddOrOverride": many}})
            )
            .is_err()
        );
    }
}
