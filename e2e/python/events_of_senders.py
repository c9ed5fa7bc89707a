"""What custom senders are told, by each call that sends a code or an invitation. Reference: user-pools 16.2, 16.3."""

from house import PASSWORD
from told import MAIL, METADATA, NAME, NOT_APPLICABLE, PHONE, row

KINDS = {"Email": "customEmailSenderRequestV1", "SMS": "customSMSSenderRequestV1"}
NEW_MAIL = "new@example.com"


def told_of(told, kind, source, attributes, metadata=METADATA, **more):
    """`told` reads "encrypted" where the code is, once it has looked at it."""
    request = {"type": KINDS[kind], "code": "encrypted", "clientMetadata": metadata, "userAttributes": attributes}
    return told.event(f"Custom{kind}Sender_{source}", request, **more)


def list_of(attributes):
    return [{"Name": name, "Value": value} for name, value in attributes.items()]


def member(told, **attributes):
    """A confirmed user whom nothing was sent. Returns the attributes that functions are told of them."""
    attributes = {"email": MAIL, "email_verified": "true"} | attributes
    user = told.idp.admin_create_user(
        **told.of_pool, Username=NAME, UserAttributes=list_of(attributes), MessageAction="SUPPRESS")["User"]
    told.idp.admin_set_user_password(**told.of_pool, Username=NAME, Password=PASSWORD, Permanent=True)
    sub = next(one["Value"] for one in user["Attributes"] if one["Name"] == "sub")
    return attributes | {"sub": sub, "cognito:user_status": "CONFIRMED"}


@row(senders=True)
def a_sender_at_sign_up(told):
    sub = told.idp.sign_up(
        **told.client, Username=NAME, Password=PASSWORD, UserAttributes=list_of({"email": MAIL}), ClientMetadata=METADATA,
    )["UserSub"]
    stored = {"sub": sub, "cognito:user_status": "UNCONFIRMED", "email": MAIL, "email_verified": "false"}
    return [told_of(told, "Email", "SignUp", stored)]


@row(senders=True)
def a_sender_at_resend(told):
    sub = told.sign_up()
    told.heard(1)
    told.forget()
    told.idp.resend_confirmation_code(**told.client, Username=NAME, ClientMetadata=METADATA)
    stored = {"sub": sub, "cognito:user_status": "UNCONFIRMED", "email": MAIL, "email_verified": "false"}
    return [told_of(told, "Email", "ResendCode", stored)]


@row(senders=True)
def a_sender_at_forgot_password(told):
    user = member(told)
    told.idp.forgot_password(**told.client, Username=NAME, ClientMetadata=METADATA)
    return [told_of(told, "Email", "ForgotPassword", user)]


@row(senders=True)
def a_sender_at_admin_create_user(told):
    attributes = {"phone_number": PHONE}
    user = told.idp.admin_create_user(
        **told.of_pool, Username=NAME, UserAttributes=list_of(attributes), DesiredDeliveryMediums=["SMS"],
        ClientMetadata=METADATA)["User"]
    sub = next(one["Value"] for one in user["Attributes"] if one["Name"] == "sub")
    stored = attributes | {"sub": sub, "cognito:user_status": "FORCE_CHANGE_PASSWORD"}
    return [told_of(told, "SMS", "AdminCreateUser", stored, client=NOT_APPLICABLE)]


@row(senders=True)
def a_sender_at_update_user_attributes(told):
    user = member(told)
    token = told.pool.tokens(NAME)["AccessToken"]
    told.idp.update_user_attributes(
        AccessToken=token, UserAttributes=list_of({"email": NEW_MAIL}), ClientMetadata=METADATA)
    changed = user | {"email": NEW_MAIL, "email_verified": "false"}
    return [told_of(told, "Email", "UpdateUserAttribute", changed)]


@row(senders=True)
def a_sender_at_get_user_attribute_verification_code(told):
    user = member(told, email_verified="false")
    token = told.pool.tokens(NAME)["AccessToken"]
    told.idp.get_user_attribute_verification_code(AccessToken=token, AttributeName="email", ClientMetadata=METADATA)
    return [told_of(told, "Email", "VerifyUserAttribute", user)]


@row(senders=True, Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}})
def a_sender_at_a_sign_in(told):
    user = member(told)
    # What InitiateAuth says goes to those alone who decide before it. Reference: user-pools 16.1.
    told.begin("USER_AUTH", PASSWORD=None, PREFERRED_CHALLENGE="EMAIL_OTP")
    return [told_of(told, "Email", "Authentication", user, metadata=None)]
