"""What the guides set up: a pool and its client, users, an identity pool with two roles, a bucket."""

import base64
import hashlib
import hmac
import itertools
import json
from dataclasses import dataclass, field

import jwt

from aws import Aws
from poolhouse import Server, http

PASSWORD = "Correct-Horse-9"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"]

_count = itertools.count(1)


def fresh(name):
    """A name that no other test of this run uses."""
    return f"{name}-{next(_count)}"


def secret_hash(username, client_id, secret):
    return base64.b64encode(hmac.digest(secret.encode(), f"{username}{client_id}".encode(), "sha256")).decode()


@dataclass
class Pool:
    """A user pool with one app client, as its administrator and its users see it."""

    server: Server
    aws: Aws
    id: str
    arn: str
    client_id: str = ""
    secret: str | None = None

    @property
    def idp(self):
        return self.aws.idp

    @property
    def issuer(self):
        return f"{self.server.url}/{self.id}"

    @property
    def provider(self):
        """The pool's name as the guides write it into identity pools and `Logins`."""
        return f"cognito-idp.{self.aws.region}.amazonaws.com/{self.id}"

    def client(self, **settings):
        """Another app client; becomes the one that this object signs in by."""
        settings = {"ClientName": fresh("app"), "ExplicitAuthFlows": FLOWS} | settings
        made = self.idp.create_user_pool_client(UserPoolId=self.id, **settings)["UserPoolClient"]
        self.client_id, self.secret = made["ClientId"], made.get("ClientSecret")
        return made

    def sign_up(self, username="ana@example.com", password=PASSWORD, **attributes):
        attributes = {"email": username} | attributes if "@" in username else attributes
        return self.idp.sign_up(
            ClientId=self.client_id,
            Username=username,
            Password=password,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
        )

    def confirm(self, username="ana@example.com", code=None):
        code = code or self.server.code(username)
        return self.idp.confirm_sign_up(ClientId=self.client_id, Username=username, ConfirmationCode=code)

    def user(self, username="ana@example.com", password=PASSWORD, **attributes):
        """A confirmed user. Returns its sub."""
        sub = self.sign_up(username, password, **attributes)["UserSub"]
        self.confirm(username) if "email" in self._verified() and "@" in username else self.admin("admin_confirm_sign_up", username)
        return sub

    def _verified(self):
        return self.idp.describe_user_pool(UserPoolId=self.id)["UserPool"].get("AutoVerifiedAttributes", [])

    def admin(self, operation, username="ana@example.com", **members):
        return getattr(self.idp, operation)(UserPoolId=self.id, Username=username, **members)

    def status(self, username="ana@example.com"):
        return self.admin("admin_get_user", username)["UserStatus"]

    def attributes(self, username="ana@example.com"):
        return {a["Name"]: a["Value"] for a in self.admin("admin_get_user", username)["UserAttributes"]}

    def sign_in(self, username="ana@example.com", password=PASSWORD):
        """USER_PASSWORD_AUTH, the whole answer."""
        parameters = {"USERNAME": username, "PASSWORD": password}
        if self.secret:
            parameters["SECRET_HASH"] = secret_hash(username, self.client_id, self.secret)
        return self.idp.initiate_auth(ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)

    def tokens(self, username="ana@example.com", password=PASSWORD):
        return self.sign_in(username, password)["AuthenticationResult"]

    def refresh(self, refresh_token):
        return self.idp.initiate_auth(
            ClientId=self.client_id, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": refresh_token}
        )

    def keys(self):
        with http(f"{self.server.url}/{self.id}/.well-known/jwks.json") as answer:
            return json.load(answer)["keys"]

    def claims(self, token, **checks):
        """The claims of a token, by a stock JWT library against the pool's published keys."""
        kid = jwt.get_unverified_header(token)["kid"]
        [key] = [key for key in self.keys() if key["kid"] == kid]
        options = {"verify_aud": "audience" in checks, "verify_exp": checks.pop("verify_exp", True)}
        return jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], options=options, leeway=5, **checks)


def make_pool(server, aws, client=None, **settings):
    """A pool that sends a code by mail, with a public client for all flows; `client` are more settings of that."""
    settings.setdefault("PoolName", fresh("pool"))
    settings.setdefault("AutoVerifiedAttributes", ["email"])
    made = aws.idp.create_user_pool(**settings)["UserPool"]
    pool = Pool(server, aws, made["Id"], made["Arn"])
    pool.client(**(client or {}))
    return pool


def trust(identity_pool_id, amr):
    """The trust policy of the guides."""
    who = "cognito-identity.amazonaws.com"
    return policy({
        "Principal": {"Federated": who},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{who}:aud": identity_pool_id},
            "ForAnyValue:StringLike": {f"{who}:amr": amr},
        },
    })


def assumable_by(principal):
    """A trust policy for users, roles or a whole account."""
    return policy({"Principal": {"AWS": principal}, "Action": "sts:AssumeRole"})


def policy(*statements):
    """A policy document; a statement that names no effect allows."""
    statements = [{"Effect": "Allow"} | statement for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def own_prefix(bucket):
    """List, read, write and delete below one's identity id."""
    own = "${cognito-identity.amazonaws.com:sub}"
    return policy(
        {
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{bucket}",
            "Condition": {"StringLike": {"s3:prefix": [f"{own}/*"]}},
        },
        {"Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": f"arn:aws:s3:::{bucket}/{own}/*"},
    )


@dataclass
class Walk:
    """All of it: `pool` signs users in, `id` is the identity pool, `roles` its roles' ARNs by kind."""

    pool: Pool
    id: str
    bucket: str
    roles: dict = field(default_factory=dict)

    @property
    def aws(self):
        return self.pool.aws

    def logins(self, id_token):
        return {self.pool.provider: id_token}

    def identity(self, id_token=None):
        return self.aws.identity.get_id(IdentityPoolId=self.id, **self._logins(id_token))["IdentityId"]

    def credentials(self, identity_id, id_token=None):
        answer = self.aws.identity.get_credentials_for_identity(IdentityId=identity_id, **self._logins(id_token))
        return answer["Credentials"]

    def _logins(self, id_token):
        return {"Logins": self.logins(id_token)} if id_token else {}

    def enter(self, username="ana@example.com", password=PASSWORD):
        """Signs a user in and trades the ID token: (identity id, clients under the user's credentials)."""
        token = self.pool.tokens(username, password)["IdToken"]
        identity = self.identity(token)
        return identity, self.aws.as_(self.credentials(identity, token))

    def enter_as_guest(self):
        identity = self.identity()
        return identity, self.aws.as_(self.credentials(identity))


def make_walk(server, aws, guests=True, guest_policy=None, **settings):
    """The set-up of the guides, each part by its own call; `settings` go to CreateIdentityPool."""
    pool = make_pool(server, aws)
    bucket = fresh("walk-bucket")
    aws.s3.create_bucket(Bucket=bucket)
    made = aws.identity.create_identity_pool(
        IdentityPoolName=fresh("walk"),
        AllowUnauthenticatedIdentities=guests,
        CognitoIdentityProviders=[{"ProviderName": pool.provider, "ClientId": pool.client_id}],
        **settings,
    )
    walk = Walk(pool, made["IdentityPoolId"], bucket)
    guest_policy = guest_policy or policy({"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/public/*"})
    for kind, rights in {"authenticated": own_prefix(bucket), "unauthenticated": guest_policy}.items():
        name = fresh(f"walk-{kind}")
        role = aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(walk.id, kind))["Role"]
        aws.iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=rights)
        walk.roles[kind] = role["Arn"]
    aws.identity.set_identity_pool_roles(IdentityPoolId=walk.id, Roles=walk.roles)
    return walk


def digest(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
