-- The telemetry lane: the reading log and what the consumers have. Columns as in the alarm lane's log, without its
-- chain of hashes and without an index on `id`: a random key would cost a page a row.
CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    id TEXT NOT NULL,
    boot TEXT NOT NULL,
    monotonic REAL NOT NULL,
    wall REAL NOT NULL,
    quality TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;

CREATE TABLE settled (
    consumer TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (consumer, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE rejected (
    consumer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    reason TEXT NOT NULL,
    wall REAL NOT NULL,
    PRIMARY KEY (consumer, sequence)
) STRICT, WITHOUT ROWID;
