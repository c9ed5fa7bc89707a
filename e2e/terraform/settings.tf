# Pools, clients, groups, identity pools and a bucket with many settings given: what comes back must be what was asked for.

# A change of one unrelated setting.
variable "protection" {
  type    = string
  default = "INACTIVE"
}

resource "aws_cognito_user_pool" "full" {
  name                     = "terraform-full"
  alias_attributes         = ["email", "phone_number", "preferred_username"]
  auto_verified_attributes = ["email", "phone_number"]
  deletion_protection      = var.protection
  mfa_configuration        = "OPTIONAL"
  user_pool_tier           = "PLUS"

  sms_authentication_message = "Sign in with {####}"

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_phone_number"
      priority = 1
    }

    recovery_mechanism {
      name     = "verified_email"
      priority = 2
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = true

    invite_message_template {
      email_message = "Welcome {username}, your password is {####}"
      email_subject = "Welcome"
      sms_message   = "{username}: {####}"
    }
  }

  device_configuration {
    challenge_required_on_new_device      = true
    device_only_remembered_on_user_prompt = true
  }

  email_configuration {
    email_sending_account  = "DEVELOPER"
    source_arn             = "arn:aws:ses:us-east-1:000000000000:identity/example.com"
    from_email_address     = "Harbour <no-reply@example.com>"
    reply_to_email_address = "help@example.com"
  }

  lambda_config {
    pre_sign_up       = "arn:aws:lambda:us-east-1:000000000000:function:check"
    post_confirmation = "arn:aws:lambda:us-east-1:000000000000:function:greet"
  }

  password_policy {
    minimum_length                   = 12
    password_history_size            = 3
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 3
  }

  schema {
    name                = "boat"
    attribute_data_type = "String"
    mutable             = true

    string_attribute_constraints {
      min_length = "1"
      max_length = "64"
    }
  }

  schema {
    name                = "berths"
    attribute_data_type = "Number"
    mutable             = false

    number_attribute_constraints {
      min_value = "1"
      max_value = "9"
    }
  }

  schema {
    name                     = "insured"
    attribute_data_type      = "Boolean"
    developer_only_attribute = true
    mutable                  = true
  }

  schema {
    name                = "email"
    attribute_data_type = "String"
    mutable             = true
    required            = true

    string_attribute_constraints {
      min_length = "6"
      max_length = "100"
    }
  }

  sign_in_policy {
    allowed_first_auth_factors = ["PASSWORD", "EMAIL_OTP"]
  }

  sms_configuration {
    external_id    = "harbour"
    sns_caller_arn = aws_iam_role.texts.arn
    sns_region     = "us-east-1"
  }

  software_token_mfa_configuration {
    enabled = true
  }

  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  user_pool_add_ons {
    advanced_security_mode = "AUDIT"
  }

  username_configuration {
    case_sensitive = false
  }

  verification_message_template {
    default_email_option  = "CONFIRM_WITH_LINK"
    email_message         = "It is {####}"
    email_subject         = "Code"
    email_message_by_link = "{##Go##}"
    email_subject_by_link = "Link"
    sms_message           = "Code {####}"
  }

  tags = { team = "blue" }
}

# What sends text messages on AWS. Its policy may come later than the pool asks for it: the provider tries again on AWS's sentence.
resource "aws_iam_role" "texts" {
  name = "terraform-texts"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "cognito-idp.amazonaws.com" }
      Condition = { StringEquals = { "sts:ExternalId" = "harbour" } }
    }]
  })
}

# Begins with the role, as the pool does.
resource "terraform_data" "later" {
  input = aws_iam_role.texts.id
  provisioner "local-exec" {
    command = "sleep 6"
  }
}

resource "aws_iam_role_policy" "texts" {
  depends_on = [terraform_data.later]
  name       = "publish"
  role       = aws_iam_role.texts.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sns:Publish", Resource = "*" }]
  })
}

# Nearly nothing is given.
resource "aws_cognito_user_pool" "bare" {
  name = "terraform-bare"
}

# Everybody needs an authenticator app.
resource "aws_cognito_user_pool" "secured" {
  name                = "terraform-secured"
  deletion_protection = var.protection
  mfa_configuration   = "ON"

  software_token_mfa_configuration {
    enabled = true
  }
}

resource "aws_cognito_user_pool" "lite" {
  name           = "terraform-lite"
  user_pool_tier = "LITE"
}

resource "aws_cognito_user_pool_client" "full" {
  name                                          = "full"
  user_pool_id                                  = aws_cognito_user_pool.full.id
  generate_secret                               = true
  access_token_validity                         = 30
  id_token_validity                             = 600
  refresh_token_validity                        = 12
  allowed_oauth_flows                           = ["code", "implicit"]
  allowed_oauth_flows_user_pool_client          = true
  allowed_oauth_scopes                          = ["openid", "email", "aws.cognito.signin.user.admin"]
  auth_session_validity                         = 5
  callback_urls                                 = ["https://app.example.com/z", "https://app.example.com/a", "myapp://in"]
  default_redirect_uri                          = "https://app.example.com/z"
  enable_propagate_additional_user_context_data = true
  enable_token_revocation                       = false
  explicit_auth_flows                           = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH"]
  logout_urls                                   = ["https://app.example.com/out"]
  prevent_user_existence_errors                 = "ENABLED"
  read_attributes                               = ["email", "email_verified", "custom:boat", "name"]
  supported_identity_providers                  = ["COGNITO"]
  write_attributes                              = ["name", "email"]

  analytics_configuration {
    application_arn  = "arn:aws:mobiletargeting:us-east-1:000000000000:apps/a1"
    user_data_shared = false
  }

  refresh_token_rotation {
    feature                    = "ENABLED"
    retry_grace_period_seconds = 20
  }

  token_validity_units {
    access_token  = "minutes"
    id_token      = "seconds"
    refresh_token = "hours"
  }
}

resource "aws_cognito_user_pool_client" "legacy" {
  name                = "legacy"
  user_pool_id        = aws_cognito_user_pool.bare.id
  explicit_auth_flows = ["USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"]

  refresh_token_rotation {
    feature                    = "DISABLED"
    retry_grace_period_seconds = 0
  }
}

resource "aws_cognito_user_pool_client" "bare" {
  name         = "bare"
  user_pool_id = aws_cognito_user_pool.bare.id
}

resource "aws_cognito_resource_server" "api" {
  identifier   = "https://api.example.com"
  name         = "The API"
  user_pool_id = aws_cognito_user_pool.full.id

  scope {
    scope_name        = "read"
    scope_description = "to look"
  }

  scope {
    scope_name        = "write"
    scope_description = "to change"
  }
}

resource "aws_cognito_identity_provider" "open" {
  user_pool_id      = aws_cognito_user_pool.full.id
  provider_name     = "Corporate"
  provider_type     = "OIDC"
  idp_identifiers   = ["corp", "example.com"]
  attribute_mapping = { email = "email", username = "sub", "custom:boat" = "boat" }

  provider_details = {
    client_id                     = "app"
    client_secret                 = "hush"
    authorize_scopes              = "openid email"
    oidc_issuer                   = "https://login.example.com"
    authorize_url                 = "https://login.example.com/authorize"
    token_url                     = "https://login.example.com/token"
    attributes_url                = "https://login.example.com/userinfo"
    jwks_uri                      = "https://login.example.com/keys"
    attributes_request_method     = "GET"
    attributes_url_add_attributes = "false"
  }
}

# The provider's resource takes what AWS adds to the details for changes, so all of it is written down.
resource "aws_cognito_identity_provider" "google" {
  user_pool_id      = aws_cognito_user_pool.full.id
  provider_name     = "Google"
  provider_type     = "Google"
  attribute_mapping = { email = "email", username = "sub" }

  provider_details = {
    client_id                     = "app.apps.googleusercontent.com"
    client_secret                 = "hush"
    authorize_scopes              = "email profile openid"
    attributes_url                = "https://people.googleapis.com/v1/people/me?personFields="
    attributes_url_add_attributes = "true"
    authorize_url                 = "https://accounts.google.com/o/oauth2/v2/auth"
    oidc_issuer                   = "https://accounts.google.com"
    token_request_method          = "POST"
    token_url                     = "https://www.googleapis.com/oauth2/v4/token"
  }
}

# Its key is never read back.
resource "aws_cognito_identity_provider" "apple" {
  user_pool_id  = aws_cognito_user_pool.full.id
  provider_name = "SignInWithApple"
  provider_type = "SignInWithApple"

  provider_details = {
    client_id        = "com.example.app"
    team_id          = "T1"
    key_id           = "K1"
    private_key      = "a key"
    authorize_scopes = "email name"
  }

  lifecycle {
    ignore_changes = [provider_details]
  }
}

resource "aws_cognito_user_pool_client" "federated" {
  name                         = "federated"
  user_pool_id                 = aws_cognito_user_pool.full.id
  supported_identity_providers = ["COGNITO", aws_cognito_identity_provider.open.provider_name, aws_cognito_identity_provider.google.provider_name]
}

resource "aws_cognito_user_pool_client" "machine" {
  name                                 = "machine"
  user_pool_id                         = aws_cognito_user_pool.full.id
  generate_secret                      = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = aws_cognito_resource_server.api.scope_identifiers
}

resource "aws_cognito_user_pool_domain" "prefix" {
  domain                = "terraform-full"
  user_pool_id          = aws_cognito_user_pool.full.id
  managed_login_version = 2
}

resource "aws_cognito_user_pool_domain" "custom" {
  domain          = "auth.terraform.example.com"
  user_pool_id    = aws_cognito_user_pool.full.id
  certificate_arn = "arn:aws:acm:us-east-1:000000000000:certificate/1b2c3d4e-0000-4000-8000-000000000000"
}

resource "aws_cognito_user_pool_domain" "lite" {
  domain       = "terraform-lite"
  user_pool_id = aws_cognito_user_pool.lite.id
}

resource "aws_cognito_user_group" "bare" {
  name         = "readers"
  user_pool_id = aws_cognito_user_pool.bare.id
}

resource "aws_cognito_user_group" "full" {
  name         = "editors"
  user_pool_id = aws_cognito_user_pool.full.id
  description  = "They edit."
  precedence   = 0
  role_arn     = aws_iam_role.visitor.arn
}

resource "aws_cognito_identity_pool" "full" {
  identity_pool_name               = "terraform full"
  allow_unauthenticated_identities = true
  allow_classic_flow               = true
  developer_provider_name          = "login.harbour"
  openid_connect_provider_arns     = ["arn:aws:iam::000000000000:oidc-provider/login.example.com"]
  saml_provider_arns               = ["arn:aws:iam::000000000000:saml-provider/Corp"]

  supported_login_providers = {
    "graph.facebook.com"  = "7346241598935552"
    "accounts.google.com" = "123456789012.apps.googleusercontent.com"
  }

  cognito_identity_providers {
    provider_name           = aws_cognito_user_pool.full.endpoint
    client_id               = aws_cognito_user_pool_client.full.id
    server_side_token_check = true
  }

  cognito_identity_providers {
    provider_name = aws_cognito_user_pool.bare.endpoint
    client_id     = aws_cognito_user_pool_client.bare.id
  }

  tags = { team = "blue" }
}

resource "aws_cognito_identity_pool" "bare" {
  identity_pool_name = "terraform bare"
}

resource "aws_cognito_identity_pool_provider_principal_tag" "full" {
  identity_pool_id       = aws_cognito_identity_pool.full.id
  identity_provider_name = aws_cognito_user_pool.full.endpoint
  use_defaults           = false
  principal_tags         = { team = "custom:boat" }
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.full.id]
    }
  }
}

resource "aws_iam_role" "visitor" {
  name               = "terraform-full"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_cognito_identity_pool_roles_attachment" "full" {
  identity_pool_id = aws_cognito_identity_pool.full.id

  roles = {
    authenticated   = aws_iam_role.visitor.arn
    unauthenticated = aws_iam_role.visitor.arn
  }

  role_mapping {
    identity_provider         = "${aws_cognito_user_pool.full.endpoint}:${aws_cognito_user_pool_client.full.id}"
    ambiguous_role_resolution = "Deny"
    type                      = "Rules"

    mapping_rule {
      claim      = "custom:boat"
      match_type = "StartsWith"
      role_arn   = aws_iam_role.visitor.arn
      value      = "ketch"
    }

    mapping_rule {
      claim      = "email"
      match_type = "Contains"
      role_arn   = aws_iam_role.visitor.arn
      value      = "@example.com"
    }
  }

  role_mapping {
    identity_provider         = "graph.facebook.com"
    ambiguous_role_resolution = "AuthenticatedRole"
    type                      = "Token"
  }
}

resource "aws_s3_bucket" "full" {
  bucket        = "terraform-full"
  force_destroy = true
  tags          = { team = "blue" }
}

resource "aws_s3_bucket_ownership_controls" "full" {
  bucket = aws_s3_bucket.full.id

  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_public_access_block" "full" {
  bucket             = aws_s3_bucket.full.id
  block_public_acls  = true
  ignore_public_acls = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "full" {
  bucket = aws_s3_bucket.full.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "full" {
  bucket = aws_s3_bucket.full.id

  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://app.example.com"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 300
  }
}

resource "aws_s3_bucket_website_configuration" "full" {
  bucket = aws_s3_bucket.full.id

  index_document {
    suffix = "index.html"
  }

  error_document {
    key = "missing.html"
  }

  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }

    redirect {
      replace_key_prefix_with = "new/"
    }
  }
}

resource "aws_s3_object" "full" {
  bucket                 = aws_s3_bucket.full.id
  key                    = "note.txt"
  content                = "tide"
  content_type           = "text/plain"
  server_side_encryption = "AES256"
  metadata               = { berth = "7" }
  tags                   = { team = "blue" }
}

# An account by its number, a role by its name, and an id.
data "aws_iam_policy_document" "bucket" {
  policy_id = "harbour"

  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.full.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["000000000000", aws_iam_role.visitor.arn]
    }
  }
}

resource "aws_s3_bucket_policy" "full" {
  bucket = aws_s3_bucket.full.id
  policy = data.aws_iam_policy_document.bucket.json
}

data "aws_iam_policy_document" "reader" {
  policy_id = "harbour"

  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.full.arn}/*"]
  }
}

resource "aws_iam_policy" "reader" {
  name   = "terraform-full"
  policy = data.aws_iam_policy_document.reader.json
}
