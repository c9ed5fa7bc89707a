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
  name         = "web"
  user_pool_id = aws_cognito_user_pool.main.id
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
