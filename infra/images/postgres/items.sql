CREATE USER app
CREATE TABLE item (id integer PRIMARY KEY, name text)
INSERT INTO item SELECT id, 'item ' || id FROM generate_series(1, 1000) AS id
GRANT SELECT ON item TO app
