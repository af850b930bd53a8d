-- Who owns the portal, or owned it last: one process at a time, which alone changes it. Each ownership has the next epoch, so that an
-- epoch and the number of a commit within it order all commits. Who opens a portal to own it writes the row.
CREATE TABLE ownership (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    epoch     INTEGER NOT NULL,
    program   TEXT   NOT NULL,
    host      TEXT   NOT NULL,
    door      TEXT   NOT NULL,
    taken_at  INTEGER NOT NULL
);
