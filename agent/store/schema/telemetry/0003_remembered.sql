-- What each rule remembers of each subject, the newest alone: taken up at the next start. Times in `data` are monotonic
-- seconds of `boot`, in which it was `monotonic` when it was `wall`.
CREATE TABLE remembered (
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    boot TEXT NOT NULL,
    monotonic REAL NOT NULL,
    wall REAL NOT NULL,
    PRIMARY KEY (rule, subject)
) STRICT, WITHOUT ROWID;
