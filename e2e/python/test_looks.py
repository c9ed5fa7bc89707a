"""How hosted login looks, and what it links to: settings, by boto3. Reference: user-pools 14.1, 14.2, 14.6."""

import re
import urllib.parse

import pytest

from aws import refused
from house import fresh
from poolhouse import http

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><path d='M0 0h9v9z'/></svg>"
CSS = ".logo-customizable { max-width: 60%; }"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@pytest.fixture
def at_home(pool):
    """A pool with a domain."""
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=fresh("looks"))
    return pool


BACK = "https://app.example.com/in"


def web_client(pool):
    """A client that people sign in to by the pages of the pool's domain."""
    pool.client(
        CallbackURLs=[BACK], AllowedOAuthFlows=["code"], AllowedOAuthScopes=["openid"], AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
    )


def login_page(pool, domain, **more):
    """The page that a browser gets, and how it fetches what the page names beneath a path."""
    query = {"client_id": pool.client_id, "response_type": "code", "scope": "openid", "redirect_uri": BACK} | more
    with http(f"{pool.server.url}/_login/{domain}/login?{urllib.parse.urlencode(query)}") as page:
        html = page.read().decode()
    return html, lambda part: http(pool.server.url + re.search(rf'"(/_login/{domain}/{part}/[^"]+)"', html)[1])


def test_managed_login_has_the_clients_colours(pool):
    domain = fresh("colours")
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain, ManagedLoginVersion=2)
    web_client(pool)
    settings = {"components": {
        "primaryButton": {"lightMode": {"defaults": {"backgroundColor": "aa0055ff"}}},
        "form": {"logo": {"enabled": True}},
    }}
    drawn = {"Category": "FORM_LOGO", "ColorMode": "DYNAMIC", "Extension": "SVG", "Bytes": SVG}
    pool.idp.create_managed_login_branding(UserPoolId=pool.id, ClientId=pool.client_id, Settings=settings, Assets=[drawn])
    for name, path in [("terms-of-use", "agb"), ("privacy-policy", "privacy")]:
        pool.idp.create_terms(
            UserPoolId=pool.id, ClientId=pool.client_id, TermsName=name, TermsSource="LINK", Enforcement="NONE",
            Links={"cognito:default": "https://example.com/", "cognito:german": f"https://example.com/{path}"},
        )
    html, fetched = login_page(pool, domain, lang="de")
    assert '<html lang="de"' in html and "https://example.com/agb" in html and "https://example.com/privacy" in html
    with fetched("styles") as sheet:
        assert "--primary:#aa0055;" in sheet.read().decode() and "immutable" in sheet.headers["Cache-Control"]
    with fetched("pictures") as logo:
        drawing = logo.read().decode()
        assert "M0 0h9v9z" in drawing and "alert" not in drawing and "sandbox" in logo.headers["Content-Security-Policy"]


def test_classic_pages_have_the_stylesheet_and_the_logo(pool):
    domain = fresh("classic")
    pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain=domain)
    web_client(pool)
    css = ".submitButton-customizable { background-color: #aa0055 }"
    url = pool.idp.set_ui_customization(UserPoolId=pool.id, CSS=css, ImageFile=PNG)["UICustomization"]["ImageUrl"]
    _, fetched = login_page(pool, domain)
    with fetched("styles") as sheet:
        assert sheet.read().decode() == ".submitButton-customizable{background-color:#aa0055}\n"
    with fetched("pictures") as logo, http(url) as same:
        assert logo.read() == same.read() == PNG and logo.headers["Content-Type"] == "image/png"


def test_a_stylesheet_and_a_logo(at_home):
    idp, at = at_home.idp, {"UserPoolId": at_home.id}
    made = idp.set_ui_customization(**at, CSS=CSS, ImageFile=PNG)["UICustomization"]
    assert (made["ClientId"], made["CSS"], made["UserPoolId"]) == ("ALL", CSS, at_home.id)
    assert re.fullmatch(r"\d{14}", made["CSSVersion"]) and "/_login/" in made["ImageUrl"]
    assert made["CreationDate"] == made["LastModifiedDate"]
    # A client without a look of its own has the pool's.
    own = at | {"ClientId": at_home.client_id}
    assert idp.get_ui_customization(**own)["UICustomization"] == made
    idp.set_ui_customization(**own, CSS=".label-customizable { color: red }")
    assert "ImageUrl" not in idp.get_ui_customization(**own)["UICustomization"]
    with refused("InvalidParameterException", 'The CSS is not valid: the selector "body" is not allowed.'):
        idp.set_ui_customization(**at, CSS="body { display: none }")
    for client in (own, at):
        idp.set_ui_customization(**client)
    assert idp.get_ui_customization(**own)["UICustomization"] == {}


def test_a_style_of_managed_login(pool):
    idp, at = pool.idp, {"UserPoolId": pool.id}
    settings = {"categories": {"global": {"colorSchemeMode": "DARK", "unknown": [1, None, {"a": 1.5}]}}}
    logo = {"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": PNG}
    drawn = {"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "SVG", "Bytes": SVG}
    made = idp.create_managed_login_branding(**at, ClientId=pool.client_id, Settings=settings, Assets=[logo])
    made = made["ManagedLoginBranding"]
    style = at | {"ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    assert UUID.fullmatch(style["ManagedLoginBrandingId"])
    assert (made["Settings"], made["Assets"], made["UseCognitoProvidedValues"]) == (settings, [logo], False)
    by_client = idp.describe_managed_login_branding_by_client(**at, ClientId=pool.client_id)["ManagedLoginBranding"]
    assert by_client == made == idp.describe_managed_login_branding(**style)["ManagedLoginBranding"]
    merged = idp.describe_managed_login_branding(**style, ReturnMergedResources=True)["ManagedLoginBranding"]["Settings"]
    assert merged["categories"]["global"]["colorSchemeMode"] == "DARK"
    assert re.fullmatch(r"[0-9a-f]{8}", merged["components"]["pageBackground"]["lightMode"]["color"])

    changed = idp.update_managed_login_branding(**style, Settings={"components": {"form": {"borderRadius": 3}}}, Assets=[drawn])
    changed = changed["ManagedLoginBranding"]
    assert changed["Settings"] == settings | {"components": {"form": {"borderRadius": 3}}}
    assert sorted(changed["Assets"], key=lambda asset: asset["ColorMode"]) == [drawn, logo]
    with refused("ManagedLoginBrandingExistsException"):
        idp.create_managed_login_branding(**at, ClientId=pool.client_id, UseCognitoProvidedValues=True)
    both = "useCognitoProvidedValues or settings should be specified (but not both)"
    with refused("InvalidParameterException", both):
        idp.update_managed_login_branding(**style, UseCognitoProvidedValues=True, Settings=settings)
    idp.delete_managed_login_branding(**style)
    with refused("ResourceNotFoundException"):
        idp.describe_managed_login_branding(**style)


def test_a_large_style_comes_in_several_calls(pool):
    idp, at = pool.idp, {"UserPoolId": pool.id}
    large = lambda mode: {"Category": "PAGE_BACKGROUND", "ColorMode": mode, "Extension": "PNG", "Bytes": PNG.ljust(1_000_000, b"x")}
    made = idp.create_managed_login_branding(
        **at, ClientId=pool.client_id, UseCognitoProvidedValues=True, Assets=[large("LIGHT")]
    )["ManagedLoginBranding"]
    style = at | {"ManagedLoginBrandingId": made["ManagedLoginBrandingId"]}
    idp.update_managed_login_branding(**style, Assets=[large("DARK")])
    assets = idp.describe_managed_login_branding(**style)["ManagedLoginBranding"]["Assets"]
    assert [len(asset["Bytes"]) for asset in assets] == [1_000_000, 1_000_000]


def test_terms(pool):
    idp, at = pool.idp, {"UserPoolId": pool.id}
    given = {
        "ClientId": pool.client_id, "TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": "https://example.com/terms", "cognito:german": "https://example.com/agb"},
    }
    made = idp.create_terms(**at, **given)["Terms"]
    terms = at | {"TermsId": made["TermsId"]}
    assert made.items() >= (given | at).items() and UUID.fullmatch(made["TermsId"])
    assert idp.describe_terms(**terms)["Terms"] == made
    named = {"ClientId": pool.client_id, "TermsName": "terms-of-use"}
    assert idp.describe_terms_by_client(**at, **named)["Terms"] == made
    [listed] = idp.list_terms(**at, MaxResults=1)["Terms"]
    assert listed.items() <= made.items()
    changed = idp.update_terms(**terms, Links={"cognito:default": "https://example.com/new"})["Terms"]
    assert changed["Links"] == {"cognito:default": "https://example.com/new"}
    with refused("TermsExistsException"):
        idp.create_terms(**at, **given)
    with refused("InvalidParameterException", "javascript:alert(1) is not an absolute https or http address."):
        idp.update_terms(**terms, Links={"cognito:default": "javascript:alert(1)"})
    idp.delete_terms(**terms)
    with refused("ResourceNotFoundException"):
        idp.describe_terms(**terms)
