# How the classic hosted pages look: a pool's own look, and one client's.

variable "color" {
  type    = string
  default = "#112233"
}

resource "aws_cognito_user_pool" "main" {
  name = "terraform-looks"
}

resource "aws_cognito_user_pool_domain" "main" {
  domain       = "terraform-looks"
  user_pool_id = aws_cognito_user_pool.main.id
}

resource "aws_cognito_user_pool_client" "web" {
  name                                 = "web"
  user_pool_id                         = aws_cognito_user_pool.main.id
  callback_urls                        = ["https://app.example.com/in"]
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = ["openid"]
  supported_identity_providers         = ["COGNITO"]
}

# Where people sign in, on the server itself.
output "login" {
  value = join("", [
    "/_login/${aws_cognito_user_pool_domain.main.domain}/login?response_type=code&scope=openid&client_id=",
    aws_cognito_user_pool_client.web.id, "&redirect_uri=https%3A%2F%2Fapp.example.com%2Fin",
  ])
}

# Of the pool that has the domain.
resource "aws_cognito_user_pool_ui_customization" "all" {
  css          = ".label-customizable { color: ${var.color}; font-weight: 400; }"
  image_file   = "iVBORw0KGgoAAAANSUhEUg=="
  user_pool_id = aws_cognito_user_pool_domain.main.user_pool_id
}

resource "aws_cognito_user_pool_ui_customization" "web" {
  client_id    = aws_cognito_user_pool_client.web.id
  css          = ".submitButton-customizable:hover { background-color: ${var.color}; }"
  user_pool_id = aws_cognito_user_pool_domain.main.user_pool_id
}
