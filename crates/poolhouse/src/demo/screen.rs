//! What `poolhouse demo` says when it is ready: one screen.

use super::{
    AUTHENTICATED_ROLE, Demo, GUEST_ROLE,
    login::{APPS, SCOPES},
};

/// `base_url` is where the server answers, without a slash at its end.
pub fn screen(demo: &Demo, base_url: &str) -> String {
    let Demo {
        region,
        pool,
        client,
        identity_pool,
        bucket,
        ..
    } = demo;
    let (authenticated, guest) = (demo.role_arn(AUTHENTICATED_ROLE), demo.role_arn(GUEST_ROLE));
    let (page, login, signpost) = (demo.page_path(), demo.login_path(), demo.signpost_path());
    let (host, apps) = (base_url.trim_start_matches("http://"), list(&APPS));
    let scopes = list(&SCOPES);
    format!(
        "
  Demo page      {base_url}{page}
  Hosted login   {base_url}{signpost}
  Inbox          {base_url}/_poolhouse/inbox

  User pool      {pool}
  App client     {client}
  Identity pool  {identity_pool}
  Roles          {authenticated}
                 {guest}
  Bucket         {bucket}

AWS CLI and SDKs: paste into a shell
  export AWS_ENDPOINT_URL={base_url} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  export AWS_REGION={region} AWS_DEFAULT_REGION={region}
  aws cognito-idp list-users --user-pool-id {pool}
  aws s3 ls s3://{bucket}

Amplify: paste into the app (it asks hosted login by https: `poolhouse trust`)
  Amplify.configure({{ Auth: {{ Cognito: {{
    userPoolId: '{pool}',
    userPoolClientId: '{client}',
    userPoolEndpoint: '{base_url}',
    identityPoolId: '{identity_pool}',
    identityPoolEndpoint: '{base_url}',
    allowGuestAccess: true,
    loginWith: {{ email: true, oauth: {{
      domain: '{host}{login}',
      scopes: {scopes},
      redirectSignIn: {apps},
      redirectSignOut: {apps},
      responseType: 'code',
    }} }},
  }} }} }})
"
    )
}

/// As JavaScript writes it.
fn list(items: &[&str]) -> String {
    format!("['{}']", items.join("', '"))
}
