"""Sign-up by boto3, with the code read from the inbox. Reference: user-pools 4.3, 4.4."""

import pytest

from aws import refused
from house import PASSWORD, make_pool


def test_the_code_from_the_mail_confirms_the_user_once(server, pool):
    answer = pool.sign_up("ana@example.com")
    assert answer["UserConfirmed"] is False
    assert answer["CodeDeliveryDetails"] == {
        "AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "a***@e***",
    }
    assert pool.status() == "UNCONFIRMED"

    message = server.inbox("ana@example.com")[0]
    assert (message["channel"], message["to"], message["pool_id"]) == ("email", "ana@example.com", pool.id)
    assert message["code"].isdigit() and len(message["code"]) == 6
    assert message["code"] in message["body"]
    assert message["subject"] == "Your verification code"

    pool.confirm(code=message["code"])
    assert pool.status() == "CONFIRMED"
    assert pool.attributes() == {"sub": answer["UserSub"], "email": "ana@example.com", "email_verified": "true"}
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        pool.confirm(code=message["code"])


def test_a_wrong_code_is_refused_and_the_right_one_still_counts(server, pool):
    pool.sign_up()
    code = server.code("ana@example.com")
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        pool.confirm(code=f"{(int(code) + 1) % 10**6:06}")
    pool.confirm(code=code)


def test_a_newer_code_replaces_the_older(server, pool):
    pool.sign_up()
    old = server.code("ana@example.com")
    answer = pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="ana@example.com")
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***"
    new = server.code("ana@example.com")
    if old != new:
        with refused("CodeMismatchException"):
            pool.confirm(code=old)
    pool.confirm(code=new)


def test_a_code_lives_a_day(own_server, own_pool):
    own_pool.sign_up()
    code = own_server.code("ana@example.com")
    own_server.advance(days=1, seconds=1)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        own_pool.confirm(code=code)


def test_a_name_is_taken_once(pool):
    pool.sign_up("ana", email="ana@example.com")
    with refused("UsernameExistsException", "User already exists"):
        pool.sign_up("ana", email="other@example.com")


def test_an_address_is_taken_once_where_it_is_the_name(server, aws):
    pool = make_pool(server, aws, UsernameAttributes=["email"], UsernameConfiguration={"CaseSensitive": False})
    sub = pool.user("ana@example.com")
    with refused("UsernameExistsException", "An account with the given email already exists."):
        pool.sign_up("ANA@example.com")
    with refused("InvalidParameterException", "Username should be an email."):
        pool.sign_up("ana")
    assert pool.admin("admin_get_user")["Username"] == sub


def test_an_alias_signs_in_once_it_is_verified(server, aws):
    pool = make_pool(server, aws, AliasAttributes=["email"])
    pool.sign_up("ana", email="ana@example.com")
    pool.idp.confirm_sign_up(ClientId=pool.client_id, Username="ana", ConfirmationCode=server.code("ana@example.com"))
    assert pool.claims(pool.tokens("ana@example.com")["IdToken"])["cognito:username"] == "ana"


@pytest.mark.parametrize(
    ("password", "what"),
    [
        ("Short-1", "not long enough"),
        ("correct-horse-9", "must have uppercase characters"),
        ("CORRECT-HORSE-9", "must have lowercase characters"),
        ("Correct-Horse", "must have numeric characters"),
        ("CorrectHorse9", "must have symbol characters"),
    ],
)
def test_a_password_against_the_policy_is_refused(pool, password, what):
    with refused("InvalidPasswordException", f"Password did not conform with policy: Password {what}"):
        pool.sign_up(password=password)
    with refused("UserNotFoundException", "User does not exist."):
        pool.status()


def test_all_violations_of_the_model_come_in_one_sentence(pool):
    with refused("InvalidParameterException") as caught:
        pool.idp.sign_up(ClientId="no such!", Username="", Password=PASSWORD)
    message = caught.value.response["Error"]["Message"]
    head, clauses = message.split(": ", 1)
    assert head == "3 validation errors detected"
    # Both members are marked sensitive, so their values are not repeated.
    assert sorted(clauses.split("; ")) == [
        "Value at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+",
        "Value at 'username' failed to satisfy constraint: Member must have length greater than or equal to 1",
        "Value at 'username' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
    ]


def test_attributes_must_fit_the_schema(server, aws):
    pool = make_pool(server, aws, Schema=[{"Name": "given_name", "AttributeDataType": "String", "Required": True}])
    missing = "Attributes did not conform to the schema: name.givenName: The attribute name.givenName is required"
    with refused("InvalidParameterException", missing):
        pool.sign_up()
    with refused("InvalidParameterException", "Invalid email address format."):
        pool.sign_up("ana", email="nobody", given_name="Ana")


def test_a_closed_pool_takes_no_sign_up(server, aws):
    pool = make_pool(server, aws, AdminCreateUserConfig={"AllowAdminCreateUserOnly": True})
    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        pool.sign_up()
