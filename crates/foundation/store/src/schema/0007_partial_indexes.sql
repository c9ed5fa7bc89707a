-- Most users have one or two of the searchable attributes: an index holds those that have its own. Both engines use such an
-- index wherever a value is looked for, because no value equals or follows NULL.

DROP INDEX users_by_email;
CREATE INDEX users_by_email ON users (pool, email, sub) WHERE email IS NOT NULL;
DROP INDEX users_by_phone_number;
CREATE INDEX users_by_phone_number ON users (pool, phone_number, sub) WHERE phone_number IS NOT NULL;
DROP INDEX users_by_name;
CREATE INDEX users_by_name ON users (pool, name, sub) WHERE name IS NOT NULL;
DROP INDEX users_by_given_name;
CREATE INDEX users_by_given_name ON users (pool, given_name, sub) WHERE given_name IS NOT NULL;
DROP INDEX users_by_family_name;
CREATE INDEX users_by_family_name ON users (pool, family_name, sub) WHERE family_name IS NOT NULL;
DROP INDEX users_by_preferred_username;
CREATE INDEX users_by_preferred_username ON users (pool, preferred_username, sub) WHERE preferred_username IS NOT NULL;
