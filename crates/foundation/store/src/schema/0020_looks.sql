-- How hosted login looks. `client` of a classic look is an app client's id, or ALL for the pool's own; a style of managed login is one
-- client's. Pictures lie beside their look (`part`: CLASSIC or STYLE): `bytes` as they were given, `served` what goes to browsers where that
-- is something else (an SVG that was cleaned), `digest` of what goes there, which is its address.

CREATE TABLE classic_looks (
    pool {key} NOT NULL,
    client {key} NOT NULL,
    css TEXT,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (pool, client)
);

CREATE TABLE login_styles (
    pool {key} NOT NULL,
    id {key} NOT NULL,
    client {key} NOT NULL,
    settings TEXT,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE UNIQUE INDEX login_styles_by_client ON login_styles (pool, client);

CREATE TABLE pictures (
    pool {key} NOT NULL,
    client {key} NOT NULL,
    part {key} NOT NULL,
    place {key} NOT NULL,
    format TEXT NOT NULL,
    digest {key} NOT NULL,
    bytes {blob} NOT NULL,
    served {blob},
    PRIMARY KEY (pool, client, part, place)
);
CREATE INDEX pictures_by_digest ON pictures (pool, digest);

-- Documents that people agree to by signing up. `links` is JSON: language to address.

CREATE TABLE terms (
    pool {key} NOT NULL,
    id {key} NOT NULL,
    client {key} NOT NULL,
    name {key} NOT NULL,
    links TEXT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE UNIQUE INDEX terms_by_client ON terms (pool, client, name);
