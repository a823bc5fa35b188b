-- What figures and incident bundles look for: a few rows in many, so the indexes hold those alone.
CREATE INDEX decision_at ON log (wall) WHERE type = 'nightlamp.decision.v1';

CREATE INDEX recall_at ON log (wall) WHERE type = 'nightlamp.recall.v1';
