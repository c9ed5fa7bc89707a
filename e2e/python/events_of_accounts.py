"""Signing up, confirming, forgetting, changing attributes: what each call tells functions. Reference: user-pools 16.2, 16.3."""

from house import PASSWORD
from told import MAIL, METADATA, NAME, NOT_APPLICABLE, row

DATA = [{"Name": "age", "Value": "7"}]
NEW_MAIL = "new@example.com"


def attribute(name, value):
    return {"Name": name, "Value": value}


@row()
def sign_up(told):
    sub = told.idp.sign_up(
        **told.client, Username=NAME, Password=PASSWORD, UserAttributes=[attribute("email", MAIL)], ValidationData=DATA,
        ClientMetadata=METADATA,
    )["UserSub"]
    stored = told.confirmed(sub, email_verified="false") | {"cognito:user_status": "UNCONFIRMED"}
    return [
        told.pre_sign_up("PreSignUp_SignUp", {"email": MAIL}, {"age": "7"}),
        told.custom_message("CustomMessage_SignUp", stored),
    ]


@row()
def sign_up_that_says_nothing_beside(told):
    """Empty maps are told as null; who has no address is sent nothing."""
    told.idp.sign_up(**told.client, Username=NAME, Password=PASSWORD, ClientMetadata={}, ValidationData=[])
    event = told.pre_sign_up("PreSignUp_SignUp", {}, None)
    event["request"]["clientMetadata"] = None
    return [event]


@row(UsernameAttributes=["email"])
def sign_up_by_mail_address(told):
    """The user is called by the sub, and events say of which address that is."""
    sub = told.idp.sign_up(**told.client, Username=MAIL, Password=PASSWORD, ClientMetadata=METADATA)["UserSub"]
    stored = told.confirmed(sub, email_verified="false") | {"cognito:user_status": "UNCONFIRMED"}
    return [
        told.pre_sign_up("PreSignUp_SignUp", {"email": MAIL}, None, user=sub),
        told.custom_message("CustomMessage_SignUp", stored | {"cognito:email_alias": MAIL}, user=sub),
    ]


@row()
def resend_confirmation_code(told):
    sub = told.sign_up()
    told.forget()
    told.idp.resend_confirmation_code(**told.client, Username=NAME, ClientMetadata=METADATA)
    stored = told.confirmed(sub, email_verified="false") | {"cognito:user_status": "UNCONFIRMED"}
    return [told.custom_message("CustomMessage_ResendCode", stored)]


@row()
def confirm_sign_up(told):
    sub = told.sign_up()
    told.forget()
    code = told.server.code(MAIL)
    told.idp.confirm_sign_up(**told.client, Username=NAME, ConfirmationCode=code, ClientMetadata=METADATA)
    return [told.post_confirmation("PostConfirmation_ConfirmSignUp", told.confirmed(sub))]


@row()
def admin_confirm_sign_up(told):
    sub = told.sign_up()
    told.forget()
    told.idp.admin_confirm_sign_up(**told.of_pool, Username=NAME, ClientMetadata=METADATA)
    stored = told.confirmed(sub, email_verified="false")
    return [told.post_confirmation("PostConfirmation_ConfirmSignUp", stored, client=None)]


@row()
def admin_create_user(told):
    given = {"email": MAIL, "email_verified": "true"}
    user = told.idp.admin_create_user(
        **told.of_pool, Username=NAME, UserAttributes=[attribute(*one) for one in given.items()], ValidationData=DATA,
        ClientMetadata=METADATA,
    )["User"]
    sub = next(one["Value"] for one in user["Attributes"] if one["Name"] == "sub")
    stored = given | {"sub": sub, "cognito:user_status": "FORCE_CHANGE_PASSWORD"}
    return [
        told.pre_sign_up("PreSignUp_AdminCreateUser", given, {"age": "7"}, client=NOT_APPLICABLE),
        told.custom_message("CustomMessage_AdminCreateUser", stored, username="{username}", client=NOT_APPLICABLE),
    ]


@row()
def forgot_password(told):
    user = told.member()
    told.idp.forgot_password(**told.client, Username=NAME, ClientMetadata=METADATA)
    return [told.custom_message("CustomMessage_ForgotPassword", user)]


@row()
def migration_at_forgot_password(told):
    """Somebody is known elsewhere: a user from then on, sent a code, and nothing else although they might be greeted."""
    told.idp.forgot_password(**told.client, Username="old", ClientMetadata=METADATA)
    request = {"validationData": None, "clientMetadata": METADATA, "userAttributes": None}
    known = {"email": "old@example.com", "email_verified": "true"}
    stored = known | {"sub": told.pool.attributes("old")["sub"], "cognito:user_status": "RESET_REQUIRED"}
    return [
        told.migration("ForgotPassword", request, "old"),
        told.pre_sign_up("PreSignUp_AdminCreateUser", known, None, user="old"),
        told.custom_message("CustomMessage_ForgotPassword", stored, user="old"),
    ]


@row()
def admin_reset_user_password(told):
    user = told.member()
    told.idp.admin_reset_user_password(**told.of_pool, Username=NAME, ClientMetadata=METADATA)
    return [told.custom_message("CustomMessage_ForgotPassword", user, client=NOT_APPLICABLE)]


@row()
def confirm_forgot_password(told):
    user = told.member()
    told.idp.forgot_password(**told.client, Username=NAME)
    told.forget()
    told.idp.confirm_forgot_password(
        **told.client, Username=NAME, Password=PASSWORD, ConfirmationCode=told.server.code(MAIL), ClientMetadata=METADATA,
    )
    return [told.post_confirmation("PostConfirmation_ConfirmForgotPassword", user)]


@row()
def get_user_attribute_verification_code(told):
    user = told.member()
    token = told.begin()["AuthenticationResult"]["AccessToken"]
    told.forget()
    told.idp.get_user_attribute_verification_code(
        AccessToken=token, AttributeName="email", ClientMetadata=METADATA,
    )
    return [told.custom_message("CustomMessage_VerifyUserAttribute", user)]


@row()
def update_user_attributes(told):
    user = told.member()
    token = told.begin()["AuthenticationResult"]["AccessToken"]
    told.forget()
    told.idp.update_user_attributes(
        AccessToken=token, UserAttributes=[attribute("email", NEW_MAIL)], ClientMetadata=METADATA,
    )
    changed = user | {"email": NEW_MAIL, "email_verified": "false"}
    return [told.custom_message("CustomMessage_UpdateUserAttribute", changed)]


@row()
def admin_update_user_attributes(told):
    user = told.member()
    told.idp.admin_update_user_attributes(
        **told.of_pool, Username=NAME, UserAttributes=[attribute("email", NEW_MAIL)], ClientMetadata=METADATA,
    )
    changed = user | {"email": NEW_MAIL, "email_verified": "false"}
    return [told.custom_message("CustomMessage_UpdateUserAttribute", changed, client=NOT_APPLICABLE)]
