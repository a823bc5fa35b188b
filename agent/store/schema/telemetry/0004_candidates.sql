-- What cameras would have raised, and what people said of it: no event of the lane, it goes to no consumer.
CREATE TABLE fall_candidate (
    id TEXT PRIMARY KEY,
    camera TEXT NOT NULL,
    place TEXT NOT NULL,
    wall REAL NOT NULL,
    score REAL NOT NULL,
    kind TEXT NOT NULL,
    mode TEXT NOT NULL,
    reasons TEXT NOT NULL,
    label TEXT,
    by TEXT NOT NULL,
    labelled_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- For how many seconds of each hour (number since 1970, UTC) a camera could see.
CREATE TABLE camera_hour (
    camera TEXT NOT NULL,
    hour INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (camera, hour)
) STRICT, WITHOUT ROWID;
