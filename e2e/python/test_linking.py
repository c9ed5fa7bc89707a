"""Who users are elsewhere. Reference: oauth-and-federation 10.6."""

import json

from aws import refused

SOCIAL = {"client_id": "app", "client_secret": "hush", "authorize_scopes": "profile"}


def of(provider, value, attribute="Cognito_Subject"):
    return {"ProviderName": provider, "ProviderAttributeName": attribute, "ProviderAttributeValue": value}


def test_a_user_is_linked_and_unlinked(pool):
    idp, named = pool.idp, {"UserPoolId": pool.id}
    idp.create_identity_provider(**named, ProviderName="Google", ProviderType="Google", ProviderDetails=SOCIAL)
    idp.admin_create_user(**named, Username="bea", MessageAction="SUPPRESS")

    def link(destination, source):
        return idp.admin_link_provider_for_user(**named, DestinationUser=destination, SourceUser=source)

    def disable(user):
        return idp.admin_disable_provider_for_user(**named, User=user)

    def shown():
        user = idp.admin_get_user(**named, Username="bea")
        attributes = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
        return user["UserStatus"], json.loads(attributes.get("identities", "[]"))

    assert shown() == ("FORCE_CHANGE_PASSWORD", [])
    link(of("Cognito", "bea"), of("Google", "G1"))
    status, (identity,) = shown()
    assert identity.pop("dateCreated") > 1_600_000_000_000
    assert (status, identity) == ("FORCE_CHANGE_PASSWORD", {
        "userId": "G1", "providerName": "Google", "providerType": "Google", "issuer": None, "primary": False,
    })
    with refused("InvalidParameterException", "SourceUser is already linked to DestinationUser"):
        link(of("Cognito", "bea"), of("Google", "G1"))
    with refused("UserNotFoundException", "User does not exist."):
        link(of("Cognito", "nobody"), of("Google", "G2"))
    with refused("ResourceNotFoundException", "Identity provider Facebook does not exist."):
        link(of("Cognito", "bea"), of("Facebook", "F1"))

    unlinked = "Account isn't linked to anyone else, verify that the account has been linked"
    with refused("InvalidParameterException", unlinked):
        disable(of("Google", "g1"))
    disable(of("Google", "G1"))
    assert shown() == ("FORCE_CHANGE_PASSWORD", [])
    disable(of("Cognito", "bea"))
    assert shown() == ("EXTERNAL_PROVIDER", [])
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        idp.admin_reset_user_password(**named, Username="bea")
    with refused("LimitExceededException", "A user cannot be linked with more than 5 users of identity providers."):
        for n in range(6):
            link(of("Cognito", "bea"), of("Google", f"L{n}"))
