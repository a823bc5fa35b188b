-- The alarm lane: what happened, what is open, who lives where, and what the consumers have.

-- One row an event, in the order of acceptance. Each row carries the hash of the row before it, so that a row changed
-- or taken out shows. `first` is the lowest number that the row settles: its own, unless it stands for a gap.
CREATE TABLE log (
    sequence INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    boot TEXT NOT NULL,
    monotonic REAL NOT NULL,
    wall REAL NOT NULL,
    quality TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    actor TEXT NOT NULL,
    alarm TEXT NOT NULL,
    open INTEGER NOT NULL,
    data TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER log_is_written_once BEFORE UPDATE ON log
BEGIN
    SELECT RAISE(ABORT, 'a row of the log is never changed');
END;

-- What a restart restores.
CREATE TABLE open_alarm (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    boot TEXT NOT NULL,
    wall REAL NOT NULL,
    sequence INTEGER NOT NULL
) STRICT;

-- Residents, beds, bindings: the document in force has no `valid_to`.
CREATE TABLE site_facts (
    number INTEGER PRIMARY KEY,
    valid_from REAL NOT NULL,
    valid_to REAL,
    author TEXT NOT NULL,
    document TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER site_facts_are_kept BEFORE DELETE ON site_facts
BEGIN
    SELECT RAISE(ABORT, 'site facts are only ever added');
END;

CREATE TRIGGER site_facts_are_written_once BEFORE UPDATE ON site_facts
WHEN OLD.valid_to IS NOT NULL OR NEW.document IS NOT OLD.document OR NEW.author IS NOT OLD.author
    OR NEW.valid_from IS NOT OLD.valid_from OR NEW.hash IS NOT OLD.hash
BEGIN
    SELECT RAISE(ABORT, 'site facts are only ever ended');
END;

-- Numbers that a consumer has: as few ranges as possible.
CREATE TABLE settled (
    consumer TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (consumer, first)
) STRICT, WITHOUT ROWID;

-- Events that a consumer refused: kept apart with its reason, never in the way of the others.
CREATE TABLE rejected (
    consumer TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    id TEXT NOT NULL,
    reason TEXT NOT NULL,
    wall REAL NOT NULL,
    PRIMARY KEY (consumer, sequence)
) STRICT, WITHOUT ROWID;
