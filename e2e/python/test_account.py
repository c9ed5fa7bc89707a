"""What users do with their own account. Reference: user-pools 4.6 to 4.8."""

import pytest

from aws import refused
from house import PASSWORD, make_pool

NEW = "Better-Horse-10"


@pytest.fixture
def tokens(pool):
    pool.user()
    return pool.tokens()


def test_a_changed_password_is_the_only_one(pool, tokens):
    change = {"AccessToken": tokens["AccessToken"], "ProposedPassword": NEW}
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.idp.change_password(PreviousPassword="Wrong-Horse-9", **change)
    pool.idp.change_password(PreviousPassword=PASSWORD, **change)
    with refused("NotAuthorizedException"):
        pool.tokens()
    pool.tokens(password=NEW)
    pool.idp.get_user(AccessToken=tokens["AccessToken"])


def test_a_forgotten_password_is_set_by_a_code(server, pool, tokens):
    answer = pool.idp.forgot_password(ClientId=pool.client_id, Username="ana@example.com")
    assert answer["CodeDeliveryDetails"] == {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
    }
    code = server.code("ana@example.com")
    reset = {"ClientId": pool.client_id, "Username": "ana@example.com", "Password": NEW}
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        pool.idp.confirm_forgot_password(ConfirmationCode=f"{(int(code) + 1) % 10**6:06}", **reset)
    pool.idp.confirm_forgot_password(ConfirmationCode=code, **reset)
    pool.tokens(password=NEW)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        pool.idp.confirm_forgot_password(ConfirmationCode=code, **reset)


def test_a_reset_by_the_administrator_shuts_the_old_password_out(server, pool, tokens):
    pool.admin("admin_reset_user_password")
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        pool.tokens()
    pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username="ana@example.com", Password=NEW,
        ConfirmationCode=server.code("ana@example.com"),
    )
    pool.tokens(password=NEW)


def test_passwords_of_the_past_stay_there(server, aws):
    pool = make_pool(server, aws, Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 2}})
    pool.user()
    change = lambda old, new: pool.idp.change_password(
        AccessToken=pool.tokens(password=old)["AccessToken"], PreviousPassword=old, ProposedPassword=new
    )
    change(PASSWORD, NEW)
    with refused("PasswordHistoryPolicyViolationException"):
        change(NEW, PASSWORD)
    change(NEW, "Third-Horse-11")
    change("Third-Horse-11", PASSWORD)


def test_a_new_address_is_verified_by_a_code(server, pool, tokens):
    access = tokens["AccessToken"]
    answer = pool.idp.update_user_attributes(
        AccessToken=access,
        UserAttributes=[{"Name": "email", "Value": "ana.new@example.com"}, {"Name": "nickname", "Value": "An"}],
    )
    assert [details["AttributeName"] for details in answer["CodeDeliveryDetailsList"]] == ["email"]
    assert pool.attributes().items() >= {
        "email": "ana.new@example.com", "email_verified": "false", "nickname": "An",
    }.items()

    pool.idp.get_user_attribute_verification_code(AccessToken=access, AttributeName="email")
    code = server.code("ana.new@example.com")
    pool.idp.verify_user_attribute(AccessToken=access, AttributeName="email", Code=code)
    assert pool.attributes()["email_verified"] == "true"

    pool.idp.delete_user_attributes(AccessToken=access, UserAttributeNames=["nickname"])
    assert "nickname" not in pool.attributes()


def test_a_client_reads_and_writes_what_it_may(pool):
    pool.user()
    pool.client(ReadAttributes=["email"], WriteAttributes=["email"])
    tokens = pool.tokens()
    with refused("NotAuthorizedException", "A client attempted to write unauthorized attribute"):
        pool.idp.update_user_attributes(
            AccessToken=tokens["AccessToken"], UserAttributes=[{"Name": "nickname", "Value": "An"}]
        )
    assert "email_verified" not in pool.claims(tokens["IdToken"])


def test_a_deleted_user_is_gone(pool, tokens):
    pool.idp.delete_user(AccessToken=tokens["AccessToken"])
    with refused("UserNotFoundException", "User does not exist."):
        pool.admin("admin_get_user")
    with refused("UserNotFoundException", "User does not exist."):
        pool.tokens()
    pool.user()  # The name is free again.


def test_a_pending_address_waits_for_its_code(server, aws):
    pool = make_pool(
        server, aws, UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]}
    )
    pool.user()
    access = pool.tokens()["AccessToken"]
    pool.idp.update_user_attributes(
        AccessToken=access, UserAttributes=[{"Name": "email", "Value": "ana.new@example.com"}]
    )
    assert pool.attributes()["email"] == "ana@example.com"
    pool.idp.verify_user_attribute(
        AccessToken=access, AttributeName="email", Code=server.code("ana.new@example.com")
    )
    assert pool.attributes().items() >= {"email": "ana.new@example.com", "email_verified": "true"}.items()
