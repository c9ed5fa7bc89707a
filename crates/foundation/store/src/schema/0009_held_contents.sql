-- A small content is held in its row: no file, and one sync with the row that names it. NULL: a file or a folder of parts.
ALTER TABLE contents ADD COLUMN bytes {blob};
