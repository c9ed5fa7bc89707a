"""Resource servers. Reference: user-pools 14.4."""

from aws import refused


def test_a_resource_server_lives(pool):
    idp = pool.idp
    scopes = [{"ScopeName": "read", "ScopeDescription": "to look"}, {"ScopeName": "write", "ScopeDescription": "to change"}]
    named = {"UserPoolId": pool.id, "Identifier": "https://api.example.com"}
    made = idp.create_resource_server(**named, Name="The API", Scopes=scopes)["ResourceServer"]
    assert made == named | {"Name": "The API", "Scopes": scopes}
    with refused("InvalidParameterException", f"https://api.example.com already exists in user pool {pool.id}."):
        idp.create_resource_server(**named, Name="The API")
    assert idp.describe_resource_server(**named)["ResourceServer"] == made

    changed = idp.update_resource_server(**named, Name="It", Scopes=scopes[:1])["ResourceServer"]
    assert changed == named | {"Name": "It", "Scopes": scopes[:1]}
    idp.create_resource_server(UserPoolId=pool.id, Identifier="another", Name="Another")
    pages = list(idp.get_paginator("list_resource_servers").paginate(UserPoolId=pool.id, PaginationConfig={"PageSize": 1}))
    listed = [server["Identifier"] for page in pages for server in page["ResourceServers"]]
    assert len(pages) >= 2 and listed == ["another", "https://api.example.com"]

    idp.delete_resource_server(**named)
    with refused("ResourceNotFoundException", "Resource server https://api.example.com does not exist."):
        idp.describe_resource_server(**named)
