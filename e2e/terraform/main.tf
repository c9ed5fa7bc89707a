# The set-up of the guides, by Terraform's AWS provider.

resource "aws_cognito_user_pool" "main" {
  name                     = "terraform"
  auto_verified_attributes = ["email"]
  username_attributes      = ["email"]

  username_configuration {
    case_sensitive = false
  }

  password_policy {
    minimum_length    = 10
    require_lowercase = true
    require_numbers   = true
  }

  schema {
    name                = "team"
    attribute_data_type = "String"
    mutable             = true

    string_attribute_constraints {
      min_length = "1"
      max_length = "64"
    }
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  tags = { team = "blue" }
}

resource "aws_cognito_user_pool_client" "web" {
  name                          = "web"
  user_pool_id                  = aws_cognito_user_pool.main.id
  explicit_auth_flows           = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  access_token_validity         = 30

  token_validity_units {
    access_token = "minutes"
  }
}

resource "aws_cognito_user_group" "editors" {
  name         = "editors"
  user_pool_id = aws_cognito_user_pool.main.id
  description  = "They edit."
  precedence   = 1
  role_arn     = aws_iam_role.visitor["authenticated"].arn
}

resource "aws_cognito_identity_pool" "main" {
  identity_pool_name               = "terraform"
  allow_unauthenticated_identities = true

  cognito_identity_providers {
    provider_name           = aws_cognito_user_pool.main.endpoint
    client_id               = aws_cognito_user_pool_client.web.id
    server_side_token_check = true
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["authenticated", "unauthenticated"])

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.main.id]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "cognito-identity.amazonaws.com:amr"
      values   = [each.key]
    }
  }
}

resource "aws_iam_role" "visitor" {
  for_each           = data.aws_iam_policy_document.trust
  name               = "terraform-${each.key}"
  assume_role_policy = each.value.json
}

data "aws_iam_policy_document" "own_prefix" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${aws_s3_bucket.main.arn}/$${cognito-identity.amazonaws.com:sub}/*"]
  }
}

resource "aws_iam_role_policy" "visitor" {
  name   = "own-prefix"
  role   = aws_iam_role.visitor["authenticated"].id
  policy = data.aws_iam_policy_document.own_prefix.json
}

resource "aws_iam_policy" "read" {
  name   = "terraform-read"
  policy = data.aws_iam_policy_document.public.json
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.visitor["unauthenticated"].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_cognito_identity_pool_roles_attachment" "main" {
  identity_pool_id = aws_cognito_identity_pool.main.id
  roles            = { for kind, role in aws_iam_role.visitor : kind => role.arn }

  role_mapping {
    identity_provider         = "${aws_cognito_user_pool.main.endpoint}:${aws_cognito_user_pool_client.web.id}"
    ambiguous_role_resolution = "AuthenticatedRole"
    type                      = "Token"
  }
}

resource "aws_s3_bucket" "main" {
  bucket = "terraform-walk"
  tags   = { team = "blue" }
}

resource "aws_s3_bucket_public_access_block" "main" {
  bucket                  = aws_s3_bucket.main.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = false
  restrict_public_buckets = false
}

data "aws_iam_policy_document" "public" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.main.arn}/*"]
  }
}

data "aws_iam_policy_document" "website" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.main.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

resource "aws_s3_bucket_policy" "main" {
  bucket     = aws_s3_bucket.main.id
  policy     = data.aws_iam_policy_document.website.json
  depends_on = [aws_s3_bucket_public_access_block.main]
}

resource "aws_s3_bucket_cors_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["https://app.example.com"]
    expose_headers  = ["ETag"]
    max_age_seconds = 600
  }
}

resource "aws_s3_bucket_website_configuration" "main" {
  bucket = aws_s3_bucket.main.id

  index_document {
    suffix = "index.html"
  }
}

resource "aws_s3_object" "index" {
  bucket       = aws_s3_bucket.main.id
  key          = "index.html"
  content      = "<p>terraform"
  content_type = "text/html"
}

output "user_pool" {
  value = aws_cognito_user_pool.main.id
}

output "identity_pool" {
  value = aws_cognito_identity_pool.main.id
}

output "bucket" {
  value = aws_s3_bucket.main.id
}
