-- Who somebody is here whom a provider sends: whose `attribute` there is `value`, letter by letter. `attribute` is Cognito_Subject for
-- what the provider calls its user by, else the pool's attribute that an administrator linked by. `linked`: an administrator or a
-- function said so; else the user was made when they came.

CREATE TABLE external_users (
    pool {key} NOT NULL,
    provider {key} NOT NULL,
    attribute {key} NOT NULL,
    value {key} NOT NULL,
    sub {key} NOT NULL,
    linked BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (pool, provider, attribute, value)
);
CREATE INDEX external_users_by_sub ON external_users (pool, sub, provider, attribute, value);
